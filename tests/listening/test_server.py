"""The server: what a browser and a player rely on, and what must not get out."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.config import Config
from briefing.errors import BriefingError, UsageError
from briefing.listening import published_files, server
from briefing.shelf.build_history import failed_builds
from briefing.shelf.shelf import Shelf
from tests.publish.old_shelf import make_old_shelf
from tests.publish.serving import ask, served
from tests.publish.shelf_maker import ENDED, record_last_build, shelve

ROOT = Path(__file__).parents[2]
SECRET = b"not for the network"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A shelf as a build leaves it, and beside it what was never published."""
    shelf = tmp_path_factory.mktemp("served") / "audio"
    shelve(shelf, sound=True)
    edition = Shelf(shelf).current("briefing")
    (shelf / ".state" / "built.json").write_bytes(SECRET)
    (shelf / "notes.py").write_bytes(SECRET)
    (shelf / ".hidden.json").write_bytes(SECRET)
    (shelf / "folder").mkdir()
    (shelf / "folder" / "inner.json").write_bytes(SECRET)
    (shelf.parent / "outside.json").write_bytes(SECRET)
    (shelf / "link.json").symlink_to(shelf.parent / "outside.json")
    (shelf / "state.json").symlink_to(Path(".state", "built.json"))
    (shelf / "inner.json").symlink_to(Path("folder"))
    for name in ("mine.json", "mine.txt", "mine.mp3", "mine.html", "feed.xml"):
        (shelf / name).write_bytes(SECRET)
    (shelf / "editions" / "mine-2026-11-24-0123456789ab.mp3").write_bytes(SECRET)
    for ending in (".m4b", ".opus", ".ogg", ".xml", ".png", ".epub"):
        (edition / f"a%20b{ending}").write_bytes(b"some sound or picture")
    return shelf


@pytest.fixture(scope="module")
def address(shelf):
    with served(shelf) as address:
        yield address


@pytest.fixture(scope="module")
def sound(shelf):
    return (shelf / "briefing.mp3").read_bytes()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/briefing.mp3", "audio/mpeg"),
        ("/briefing.vtt", "text/vtt; charset=utf-8"),
        ("/briefing.json", "application/json; charset=utf-8"),
        ("/briefing.chapters.json", "application/json+chapters"),
        ("/a%2520b.m4b", "audio/mp4"),
        ("/a%2520b.opus", "audio/ogg; codecs=opus"),
        ("/a%2520b.ogg", "audio/ogg"),
        ("/a%2520b.xml", "application/rss+xml; charset=utf-8"),
        ("/a%2520b.png", "image/png"),
        ("/a%2520b.epub", "application/epub+zip"),
    ],
)
def test_every_public_file_has_its_content_type(address, path, content_type):
    answer = ask(address, path)
    assert (answer.status, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["briefing.mp3", "briefing.vtt", "briefing.chapters.json", "a%2520b.xml", "a%2520b.opus"],
)
def test_players_on_other_sites_may_read_the_feed_and_what_it_names(address, path):
    for headers in ({}, {"Origin": "https://player.example", "Range": "bytes=0-9"}):
        answer = ask(address, f"/{path}", **headers)
        assert answer.status in (200, 206)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "Content-Range" in answer.headers["access-control-expose-headers"]
    question = {"Origin": "https://player.example", "Access_Control_Request_Method": "GET"}
    permission = ask(address, f"/{path}", "OPTIONS", **question)
    assert permission.status == 204
    assert permission.headers["access-control-allow-origin"] == "*"
    assert "Range" in permission.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["", "shelf.json", "briefing.json", "briefing.html", "none.mp3"])
def test_and_no_other_site_may_read_anything_else(address, path):
    question = {"Origin": "https://player.example", "Access_Control_Request_Method": "GET"}
    for method in ("GET", "OPTIONS"):
        answer = ask(address, f"/{path}", method, **question)
        assert answer.headers["access-control-allow-origin"] is None
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100000-200000", 100000, 200001),
        ("bytes=1000-", 1000, None),
        ("bytes=-500", -500, None),
        ("bytes=0-99999999999", 0, None),
        ("bytes=-99999999999", 0, None),
    ],
)
def test_a_range_is_answered_by_206_and_just_those_bytes(address, sound, asked, first, end):
    answer = ask(address, "/briefing.mp3", Range=asked)
    part = sound[first:end]
    start = first if first >= 0 else len(sound) + first
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(part) - 1}/{len(sound)}"
    assert answer.body == part


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=-0"])
def test_a_range_outside_the_file_is_416_with_its_size(address, sound, asked):
    answer = ask(address, "/briefing.mp3", Range=asked)
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{len(sound)}"


@pytest.mark.parametrize(
    "asked",
    [
        *("bytes=9-3", "lines=0-1", "bytes=x-", "bytes=0-1,5-6", "bytes=-"),
        "bytes=0-" + "9" * 5000,
        "bytes=" + "0-0," * 5000,
    ],
)
def test_a_range_that_cannot_be_read_is_passed_over(address, sound, asked):
    answer = ask(address, "/briefing.mp3", Range=asked)
    assert (answer.status, answer.body) == (200, sound)


@given(
    size=st.integers(1, 50),
    first=st.integers(0, 60) | st.just(None),
    last=st.integers(0, 60) | st.just(None),
)
@settings(max_examples=60, deadline=None)
def test_any_range_is_a_part_of_the_file_or_refused(tmp_path_factory, size, first, last):
    shelf = tmp_path_factory.mktemp("ranges")
    edition = shelf / ".current"  # as in a shelf of an earlier version
    edition.mkdir()
    content = bytes(range(size))
    (edition / "a.mp3").write_bytes(content)
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    answer = asked_from("127.0.0.1", shelf, "/a.mp3", Range=header)
    if (first is None and last is None) or (None not in (first, last) and last < first):
        assert (answer.status, answer.body) == (200, content)
    elif (first is not None and first >= size) or (first is None and last == 0):
        assert answer.status == 416
    elif first is None:
        assert (answer.status, answer.body) == (206, content[-last:])
    else:
        assert (answer.status, answer.body) == (
            206,
            content[first : None if last is None else last + 1],
        )


def test_if_range_gives_the_part_of_the_same_edition_and_else_the_whole(address, sound):
    tag = ask(address, "/briefing.mp3", "HEAD").headers["etag"]
    date = ask(address, "/briefing.mp3", "HEAD").headers["last-modified"]
    for validator, status in ((tag, 206), (date, 206), ('"other"', 200), (f"W/{tag}", 200)):
        answer = ask(address, "/briefing.mp3", Range="bytes=5-9", If_Range=validator)
        assert answer.status == status, validator
        assert answer.body == (sound[5:10] if status == 206 else sound)


def test_head_says_what_get_would_and_sends_nothing(address, sound):
    head, get = ask(address, "/briefing.mp3", "HEAD"), ask(address, "/briefing.mp3")
    assert head.body == b""
    assert head.headers["content-length"] == str(len(sound)) == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]
    assert ask(address, "/briefing.mp3", "HEAD", Range="bytes=0-1").status == 200


def test_what_the_browser_has_is_304(address):
    first = ask(address, "/")
    assert ask(address, "/", If_None_Match=first.headers["etag"]).status == 304
    assert ask(address, "/", If_None_Match=f'"x", W/{first.headers["etag"]}').status == 304
    assert ask(address, "/", If_None_Match='"x"').status == 200
    since = first.headers["last-modified"]
    assert ask(address, "/", If_Modified_Since=since).status == 304
    assert ask(address, "/", If_Modified_Since="nonsense").status == 200


def test_text_is_compressed_for_those_who_accept_it_and_sound_never(address):
    plain, packed = ask(address, "/"), ask(address, "/", Accept_Encoding="br, gzip;q=0.8")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < 0.5 * len(plain.body)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"
    assert ask(address, "/", Accept_Encoding="gzip;q=0").headers["content-encoding"] is None
    assert ask(address, "/briefing.mp3", Accept_Encoding="gzip").headers["content-encoding"] is None


def test_a_kept_sound_may_be_cached_for_good_and_the_rest_is_asked_for_again(address, shelf):
    kept = next((shelf / "editions").glob("briefing-*.mp3")).name
    assert "immutable" in ask(address, f"/editions/{kept}").headers["cache-control"]
    for path in ("/", "/briefing.mp3", "/editions/briefing-2026-11-24.html"):
        assert ask(address, path).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/.state/built.json",
        "/.editions/0001/briefing.json",
        "/.current/briefing.json",
        "/.hidden.json",
        "/notes.py",
        "/link.json",
        "/mine.json",
        "/mine.txt",
        "/mine.mp3",
        "/mine.html",
        "/feed.xml",
        "/editions/mine-2026-11-24-0123456789ab.mp3",
        "/.briefings.json",
        "/.views/index.html",
        "/.kept/briefing-2026-11-24.html",
        "/state.json",
        "/inner.json",
        "/%2estate/built.json",
        "/%252e%252e/outside.json",
        "/editions/%2e%2e/%2e%2e/outside.json",
        "/editions%2f..%2f..%2foutside.json",
        "/./.state/built.json",
        "/folder/inner.json",
        "/../outside.json",
        "/editions/../../outside.json",
        "/%2e%2e/outside.json",
        "/..%2foutside.json",
        "/editions/..%2f..%2foutside.json",
        "/..%5coutside.json",
        "//etc/passwd",
        "/editions/",
        "/editions",
        "/.editions/",
        "/briefing.json%00.html",
        "/nothing.json",
        "/%ff.json",
        "/" + "a" * 5000 + ".json",
    ],
)
def test_nothing_but_the_public_files_is_there(address, path):
    answer = ask(address, path)
    assert answer.status == 404
    assert SECRET not in answer.body


def test_only_get_and_head_are_understood(address):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = ask(address, "/", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_the_policy_is_the_pages_own_and_allows_no_other_place(address):
    answer = ask(address, "/")
    policy = answer.headers["content-security-policy"]
    own = re.search(rb'Content-Security-Policy" content="([^"]+)"', answer.body)[1].decode()
    assert policy.startswith(own)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_page_that_still_plays_the_replaced_edition_gets_its_sound(tmp_path):
    shelf = tmp_path / "audio"
    shelve(shelf, articles=[("أ", ["ب."], None)])
    (old,) = (shelf / "editions").glob("*.mp3")
    sound = old.read_bytes()
    shelve(shelf, articles=[("أ", ["ت."], None)])
    assert not old.exists()
    with served(shelf) as address:
        answer = ask(address, f"/editions/{old.name}", Range="bytes=10-")
        assert (answer.status, answer.body) == (206, sound[10:])


def test_an_answer_under_way_is_not_mixed_with_a_new_edition(tmp_path):
    shelf = tmp_path / "audio"
    old, new = b"o" * 30_000_000, b"n" * 31_000_000
    shelve(shelf)
    sound = (shelf / "briefing.mp3").resolve()
    sound.write_bytes(old)
    with served(shelf) as address:
        import urllib.request

        with urllib.request.urlopen(f"{address}briefing.mp3") as response:
            start = response.read(1000)
            (shelf / "fresh").write_bytes(new)
            (shelf / "fresh").replace(sound)
            assert start + response.read() == old


@pytest.mark.parametrize("links", [True, False], ids=["links", "journal"])
def test_a_shelf_of_an_earlier_version_is_served_before_the_next_build(tmp_path, links):
    make_old_shelf(tmp_path, ["news"], [22, 23], links=links)
    (tmp_path / "mine.json").write_bytes(SECRET)
    kept = next((tmp_path / "editions").glob("news-2026-11-22-????????????.json")).name
    with served(tmp_path) as address:
        for name in ("", "news.json", "shelf.json", "feed.xml", f"editions/{kept}"):
            assert ask(address, f"/{name}").status == 200, name
        assert ask(address, "/mine.json").status == 404


@pytest.mark.parametrize("copied", ["as it is", "without links", "by the journal"])
def test_a_copy_of_a_shelf_is_served(tmp_path, copied):
    shelve(tmp_path / "audio", links=copied != "by the journal")
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "audio", copy, symlinks=copied != "without links")
    kept = next((copy / "editions").glob("*.mp3")).name
    with served(copy) as address:
        for name in ("", "briefing.json", "shelf.json", f"editions/{kept}"):
            assert ask(address, f"/{name}").status == 200, name


def test_a_shelf_without_a_briefing_says_so_in_a_page(tmp_path):
    with served(tmp_path) as address:
        answer = ask(address, "/")
        assert answer.status == 200
        assert "briefing build" in answer.body.decode()
        assert ask(address, "/briefing.mp3").status == 404


def test_a_failed_build_is_told_to_this_machine_alone(tmp_path):
    shelve(tmp_path)
    record_last_build(tmp_path, "لا صوت")
    with served(tmp_path) as address:
        told = json.loads(ask(address, "/shelf.json").headers["briefing-trouble"])
        assert told == [{"name": "briefing", "when": ENDED.isoformat(), "message": "لا صوت"}]
        record_last_build(tmp_path, "a.txt: skipped", exit_code=3)
        assert ask(address, "/shelf.json").headers["briefing-trouble"] is None


def told_of_troubles(client, shelf, version="1.1", **headers):
    """What an asker is told of the failed builds."""
    answer = asked_from(client, shelf, "/shelf.json", version, **headers)
    return json.loads(answer.headers["briefing-trouble"])


WITHOUT_REASON = [{"name": "briefing", "when": ENDED.isoformat(), "message": ""}]


def test_others_of_the_network_learn_that_a_build_failed_and_not_why(tmp_path):
    shelve(tmp_path)
    record_last_build(tmp_path, "/home/me/a.txt")
    assert told_of_troubles("192.168.1.7", tmp_path) == WITHOUT_REASON
    for client in ("127.0.0.1", "::1"):
        assert told_of_troubles(client, tmp_path)[0]["message"] == "/home/me/a.txt"
    for own in ("localhost:8642", "127.0.0.1", "[::1]:8642"):
        told = told_of_troubles("127.0.0.1", tmp_path, Host=own)
        assert told[0]["message"] == "/home/me/a.txt", own


@pytest.mark.parametrize(
    ("version", "headers"),
    [
        ("1.1", {"Host": "radio.example.org"}),
        ("1.1", {"Host": "192.168.1.2:8642"}),
        ("1.1", {"Host": ""}),
        ("1.1", {"Host": "[::1"}),
        ("1.1", {"Forwarded": "for=192.0.2.60"}),
        ("1.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("1.1", {"X-Forwarded-Host": "radio.example.org"}),
        ("1.1", {"X-Forwarded-Proto": "https"}),
        ("1.1", {"Via": "1.1 proxy"}),
        ("1.1", {"X-Real-IP": "192.0.2.60"}),
        ("1.0", {}),
    ],
)
def test_nor_do_those_who_ask_through_a_proxy_on_this_machine(tmp_path, version, headers):
    shelve(tmp_path)
    record_last_build(tmp_path, "/home/me/a.txt")
    assert told_of_troubles("127.0.0.1", tmp_path, version, **headers) == WITHOUT_REASON


@dataclass
class Asked:
    """What the application itself has answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def asked_from(client: str, shelf: Path, path: str, version: str = "1.1", **headers: str) -> Asked:
    """Ask the application itself as a browser at another address would."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "http_version": version,
        "headers": [
            (name.lower().replace("_", "-").encode(), value.encode())
            for name, value in {"Host": "127.0.0.1:8642", **headers}.items()
        ],
        "client": (client, 50000),
    }
    # a thread of its own: Playwright keeps a loop in this one
    with ThreadPoolExecutor() as pool:
        pool.submit(anyio.run, published_files.app(shelf), scope, receive, send).result()
    return Asked(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )


def test_an_unreadable_state_is_no_trouble(tmp_path):
    (tmp_path / ".state").mkdir()
    for number, content in enumerate((b"", b"[]", b"\xff", b'{"last": null}', b'{"last": 5}')):
        (tmp_path / ".state" / f"{number}.json").write_bytes(content)
    assert failed_builds(tmp_path) == []


def command(shelf: Path, port: int) -> subprocess.Popen[str]:
    code = (
        "import dataclasses, sys; from pathlib import Path;"
        "from briefing.config import Config, Output; from briefing.listening import server;"
        f"config = dataclasses.replace(Config(), output=Output(folder={str(shelf)!r}));"
        f"sys.exit(server.run(config, '127.0.0.1', {port}, False))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_stops_with_exit_code_0(shelf, stop):
    process = command(shelf, 0)
    try:
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        assert ask(address, "/").status == 200
        process.send_signal(stop)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, errors.strip()) == (0, "")


def listening(project, *options, **environment):
    """Start the real command; give the process and its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "briefing", "listen", "--port", "0", *options],
        cwd=project.folder,
        env={**project.environment(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    return process, process.stdout.readline()


@pytest.mark.skipif(os.name != "posix", reason="a browser that is a shell script")
def test_the_command_opens_the_browser_at_the_address_it_prints_and_ctrl_c_ends_it(project):
    browser, opened = project.folder / "browser", project.folder / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n')
    browser.chmod(0o755)
    process, line = listening(project, BROWSER=f"{browser} %s")
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        wait_for(opened)
        assert opened.read_text().strip() == address
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, errors.strip()) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_shelf_in_the_projects_own_folder_gives_away_nothing_of_the_project(project):
    project.configure('[output]\nfolder = "."\n[cache]\nfolder = "cache"\n')
    (project.folder / "editions").mkdir()
    mine = ["names.json", "notes.txt", "interview.mp3", "draft.html", "editions/draft.html"]
    for name in mine:
        (project.folder / name).write_bytes(SECRET)
    assert "editions: is in the way" in project.run("build").stderr
    shutil.rmtree(project.folder / "editions")
    assert project.run("build").returncode == 0
    (project.folder / "editions" / "draft.html").write_bytes(SECRET)
    process, line = listening(project, "--no-browser")
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        for name in ("", "briefing.mp3", "briefing.json", "shelf.json", "cover.png"):
            assert ask(address, f"/{name}").status == 200, name
        for name in [*mine, "config.toml", "seeds/a.txt", "a.txt", "cache/x.json"]:
            assert ask(address, f"/{name}").status == 404, name
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_it_stops_at_once_though_a_listener_is_still_being_answered(project):
    shelve(project.audio)
    (project.audio / "briefing.mp3").write_bytes(b"\0" * 60_000_000)
    process, line = listening(project, "--no-browser")
    try:
        port = int(re.search(r":(\d+)/", line)[1])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(b"GET /briefing.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert slow.recv(1000).startswith(b"HTTP/1.1 200")
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "Traceback" not in errors


def wait_for(path: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path} has not come"
        time.sleep(0.02)


def test_the_command_on_a_taken_port_says_so_in_one_line_and_fails(project):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = project.run("listen", "--port", str(port), "--no-browser")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"port {port} is in use" in done.stderr
    assert done.stdout == ""


def test_a_taken_port_is_one_clear_message():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BriefingError, match=f"port {port} is in use.*--port"):
            server.run(Config(), "127.0.0.1", port, False)


def test_a_host_that_is_no_address_is_wrong_usage():
    with pytest.raises(UsageError, match="--host no such host"):
        server.run(Config(), "no such host", 0, False)


def test_for_the_local_network_the_address_to_type_is_named():
    assert server._addresses("0.0.0.0", 80)[0] == "http://127.0.0.1:80/"
    assert server._addresses("192.168.7.9", 80) == ["http://192.168.7.9:80/"]
    assert server._addresses("::1", 80) == ["http://[::1]:80/"]
