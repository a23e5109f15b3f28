"""Who may ask the desk: each rule of the gate is attacked."""

from __future__ import annotations

import base64
import http.client
import io
import itertools
import json
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from briefing.config import load
from briefing.desk.server import link
from tests.conftest import Project
from tests.desk.desks import OpenDesk, open_desk

GETS = ("/api/desk", "/api/build", "/api/articles/0/0/text", "/api/articles/0/0/marks")
POSTS = (
    "candidates",
    "sound",
    "readings",
    "undo",
    "reviewed",
    "articles",
    "leave_out",
    "build",
    "edition_sound",
)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the user's files: not the state, nor what is kept of a run."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {".state", "cache"} & set(path.parts)
    }


def test_the_empty_page_needs_no_token_and_tells_nothing(gate: OpenDesk) -> None:
    answer = gate.get("/", {"X-Desk-Token": None})
    assert answer.status == 200
    assert "موجز" not in answer.body.decode()
    assert "seeds" not in answer.body.decode()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "[::1]:{port}"]
)
def test_a_foreign_host_is_refused_though_it_has_the_token(gate: OpenDesk, host: str) -> None:
    headers: dict[str, str | None] = {"Host": host.format(port=gate.port)}
    assert [gate.get(path, headers).status for path in ("/", *GETS)] == [403] * 5


def test_localhost_is_this_machine_too(gate: OpenDesk) -> None:
    assert gate.get("/api/build", {"Host": f"localhost:{gate.port}"}).status == 200


def test_two_hosts_are_refused(gate: OpenDesk) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=60)
    connection.putrequest("GET", "/api/desk", skip_host=True)
    for host in (f"127.0.0.1:{gate.port}", "evil.example"):
        connection.putheader("Host", host)
    connection.putheader("X-Desk-Token", gate.token)
    connection.endheaders()
    assert connection.getresponse().status in (400, 403)
    connection.close()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", None])
def test_a_post_of_a_foreign_origin_is_refused(
    gate: OpenDesk, gate_project: Project, origin: str | None
) -> None:
    before = tree(gate_project.folder)
    for name in POSTS:
        body = json.dumps({"briefing": 0, "name": "a.txt", "text": "نص"}).encode()
        assert gate.request("POST", f"/api/{name}", body, {"Origin": origin}).status == 403
    assert tree(gate_project.folder) == before


def test_a_foreign_page_cannot_read(gate: OpenDesk) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert gate.get("/api/desk", dict(headers)).status == 403
    answer = gate.get("/api/desk")
    assert answer.status == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "ا" * 3])
def test_nothing_is_answered_without_the_token(gate: OpenDesk, token: str | None) -> None:
    sent = {"X-Desk-Token": token.encode().decode("latin-1") if token else token}
    for path in (*GETS, "/favicon.ico", "/api/nothing"):
        answer = gate.get(path, dict(sent))
        assert answer.status == 401
        assert set(answer.json) == {"error"}
    for name in POSTS:
        assert gate.request("POST", f"/api/{name}", b"{}", dict(sent)).status == 401


def test_a_token_in_the_address_or_in_a_cookie_is_none(gate: OpenDesk) -> None:
    headers: dict[str, str | None] = {"X-Desk-Token": None, "Cookie": f"token={gate.token}"}
    assert gate.get(f"/api/desk?token={gate.token}", headers).status == 401


def test_a_token_of_an_earlier_run_is_none(desk_project: Project) -> None:
    config = desk_project.folder / "config.toml"
    with open_desk(config) as first:
        shared = link(load(config)[0], first.port).partition("#token=")[2]
        assert first.get("/api/build", {"X-Desk-Token": shared}).status == 200
    with open_desk(config) as second:
        for token in (first.token, shared):
            assert second.get("/api/build", {"X-Desk-Token": token}).status == 401


def test_the_disk_has_no_token(gate: OpenDesk, gate_project: Project) -> None:
    shared = link(load(gate_project.folder / "config.toml")[0], gate.port)
    token = shared.partition("#token=")[2]
    assert len(token) == 64
    files = b"".join(path.read_bytes() for path in gate_project.audio.rglob("*") if path.is_file())
    assert gate.token.encode() not in files
    assert token.encode() not in files


def test_another_server_of_this_machine_gets_nothing(gate: OpenDesk) -> None:
    """What a browser would send to another port of this host: cookies. There are none to send."""
    answers = [gate.get("/"), gate.get("/api/desk"), gate.post("/api/undo", undo="x")]
    assert all("set-cookie" not in answer.headers for answer in answers)
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers)
    assert all(answer.headers["referrer-policy"] == "no-referrer" for answer in answers)


@pytest.mark.parametrize("name", POSTS)
def test_no_get_writes(gate: OpenDesk, gate_project: Project, name: str) -> None:
    before = tree(gate_project.folder)
    query = "?briefing=0&name=a.txt&text=x&out=true"
    answer = gate.get(f"/api/{name}{query}")
    if name == "build":
        assert answer.json["state"] == "idle"
    else:
        assert answer.status == 404
    assert tree(gate_project.folder) == before
    assert not (gate_project.audio / "briefing.mp3").exists()


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/plain; application/json",
        None,
    ],
)
def test_a_form_is_refused(gate: OpenDesk, gate_project: Project, kind: str | None) -> None:
    before = tree(gate_project.folder)
    body = json.dumps({"briefing": 0, "name": "form.txt", "text": "نص المقال."}).encode()
    answer = gate.request("POST", "/api/articles", body, {"Content-Type": kind})
    assert answer.status == 400
    assert tree(gate_project.folder) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(gate: OpenDesk, method: str) -> None:
    answer = gate.request(method, "/api/articles", b"", {"Origin": gate.origin})
    assert answer.status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/articles/..%2f..%2fconfig.toml/0/text",
        "/api/articles/0/..%2f..%2f..%2fetc%2fpasswd/text",
        "/api/articles/0/-1/text",
        "/api/articles/0/99/text",
        "/api/articles/7/0/text",
        "/api/articles/0/seeds/text",
        "/config.toml",
        "/seeds/a.txt",
        "/../config.toml",
    ],
)
def test_an_index_is_no_path(gate: OpenDesk, path: str) -> None:
    answer = gate.get(path)
    assert answer.status == 404
    assert "root:" not in answer.body.decode()


@pytest.mark.parametrize("place", ["../config.toml", -1, 1.5, True, None, [0], 10**9])
def test_an_index_in_a_body_is_a_small_number(gate: OpenDesk, place: object) -> None:
    article = {**gate.article(), "article": place, "out": True}
    assert gate.post("/api/leave_out", **article).status == 400


def test_a_text_of_ten_megabytes_is_refused_before_it_is_read(gate: OpenDesk) -> None:
    large = b'{"undo": "' + b"a" * 10_000_000 + b'"}'
    with suppress(ConnectionError):  # the answer may come, and the end, before all was sent
        assert gate.request("POST", "/api/undo", large).status == 413
    assert gate.get("/api/build").status == 200


def test_a_length_that_lies_does_not_help(gate: OpenDesk) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=60)
    connection.putrequest("POST", "/api/undo", skip_host=True)
    for name, value in (
        ("Host", f"127.0.0.1:{gate.port}"),
        ("Origin", gate.origin),
        ("X-Desk-Token", gate.token),
        ("Content-Type", "application/json"),
        ("Transfer-Encoding", "chunked"),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    with suppress(ConnectionError):
        for _ in range(20):
            connection.send(chunk)
        connection.send(b"0\r\n\r\n")
        assert connection.getresponse().status == 413
    connection.close()
    assert gate.get("/api/build").status == 200


def test_a_text_to_speak_has_at_most_500_characters(gate: OpenDesk) -> None:
    spot = {"paragraph": 0, "sentence": 0, "from_token": 0, "to_token": 0, "agreed": True}
    reading = {"token": 0, "reading": "ا" * 501}
    assert gate.post("/api/sound", **gate.article(), **spot, reading=reading).status == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 30_000, b'{"a":NaN', b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(gate: OpenDesk, body: bytes) -> None:
    assert gate.request("POST", "/api/leave_out", body).status == 400


def archive_bomb(small: dict[str, str], large: str) -> bytes:
    """An archive of 200 MB in 200 KB: the small members, and a large one of spaces."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in small.items():
            archive.writestr(name, text, compress_type=zipfile.ZIP_STORED)
        with archive.open(large, "w", force_zip64=True) as file:
            for _ in range(200):
                file.write(b" " * 1_000_000)
    return data.getvalue()


def entity_bomb() -> bytes:
    """A feed of a few hundred bytes whose entities are a billion words ("billion laughs")."""
    names = "abcdefghij"
    entities = '<!ENTITY a "ضحك">' + "".join(
        f'<!ENTITY {name} "{f"&{earlier};" * 10}">' for earlier, name in itertools.pairwise(names)
    )
    item = "<item><title>&j;</title><description>&j;</description></item>"
    return f'<!DOCTYPE rss [{entities}]><rss version="2.0"><channel>{item}</channel></rss>'.encode()


def page_bomb() -> bytes:
    """A PDF whose only page is a stream of 200 MB in 200 KB."""
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    objects = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(parts, 1))
    return b"%PDF-1.4\n" + objects + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF\n"


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
BOMBS = {
    "bomb.docx": lambda: archive_bomb({"[Content_Types].xml": "<Types/>"}, "word/document.xml"),
    "bomb.odt": lambda: archive_bomb(
        {"mimetype": "application/vnd.oasis.opendocument.text"}, "content.xml"
    ),
    "bomb.epub": lambda: archive_bomb(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}, "book.opf"
    ),
    "bomb.rss": entity_bomb,
    "bomb.pdf": page_bomb,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_as_in_the_folder(
    desk: OpenDesk, desk_project: Project, name: str
) -> None:
    before = tree(desk_project.folder)
    packed = base64.b64encode(BOMBS[name]()).decode()
    answer = desk.post("/api/articles", briefing=0, name=name, base64=packed)
    assert answer.status == 400
    assert name in answer.json["error"]
    assert tree(desk_project.folder) == before
    assert desk.get("/api/desk").status == 200


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../evil.txt", "evil.txt"),
        ("..\\..\\evil.txt", "evil.txt"),
        ("/etc/cron.d/evil", "evil.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a<b>|c.txt", "a b c.txt"),
        ("خبر\u202etxt.exe", "خبرtxt.exe.txt"),
        ("خبر.txt\x00.png", None),
        ("...", None),
        ("con.txt", None),
        ("photo.png", None),
    ],
)
def test_an_added_article_gets_a_safe_name(
    desk: OpenDesk, desk_project: Project, name: str, file: str | None
) -> None:
    before = tree(desk_project.folder)
    answer = desk.post("/api/articles", briefing=0, name=name, text="قال المدير إن العمل انتهى.")
    if file is None and answer.status == 200:
        file = answer.json["file"]
        assert "/" not in file
        assert file.endswith(".txt")
    added = tree(desk_project.folder).keys() - before.keys()
    assert added == ({f"seeds/{file}"} if file else set())
    assert answer.status == (200 if file else 400)


def test_an_added_article_never_replaces_another(desk: OpenDesk, desk_project: Project) -> None:
    before = tree(desk_project.folder)
    answer = desk.post("/api/articles", briefing=0, name="a.txt", text="قال المدير إن العمل انتهى.")
    assert answer.json["file"] == "a (2).txt"
    after = tree(desk_project.folder)
    assert {name: after[name] for name in before} == before


def test_markup_in_an_article_stays_text(desk: OpenDesk, desk_project: Project) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    desk_project.write("a.txt", f"{script}\n\n{script} قال الوزير إن الاجتماع انتهى.\n")
    answer = desk.get("/api/articles/0/0/text")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    texts = [row["sentences"][0]["text"] for row in answer.json["paragraphs"]]
    assert script in texts[0]
    page = desk.get("/").body.decode()
    assert "alert(1)" not in page


def test_every_answer_has_the_safe_headers(gate: OpenDesk) -> None:
    answers = [gate.get("/"), gate.get("/api/desk"), gate.get("/nothing"), gate.post("/api/undo")]
    answers.append(gate.get("/api/desk", {"X-Desk-Token": None}))
    for answer in answers:
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in answer.headers
