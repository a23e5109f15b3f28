"""What a hostile server, name or redirect can make a fetch do: nothing but fail, and soon."""

from __future__ import annotations

import gzip
import itertools
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence

import pytest
import trustme

from briefing.errors import SourceError
from briefing.sources.gathering.addresses import Resolver, Scope, parse, scope_of
from briefing.sources.gathering.fetching import Answer, Fetcher, Source
from briefing.sources.gathering.hosts import Hosts
from briefing.sources.gathering.robots import Robots
from briefing.sources.gathering.secrets import public_link, public_page
from briefing.sources.gathering.wire import Limits
from tests.sources.gathering.servers import Reply, Server, serving

QUICK = Limits(silence_s=5.0, total_s=20.0, body_bytes=1_000_000)
SHORT = Limits(silence_s=0.6, total_s=1.5, body_bytes=1_000_000)
"""For servers that never end: the test waits that long."""


@pytest.fixture(autouse=True)
def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def inner() -> Iterator[Server]:
    """A server that only this machine may reach; no feed may lead to it."""
    with serving("127.0.0.2") as running:
        running.routes["/"] = Reply(b"secret")
        yield running


def fetcher(limits: Limits = QUICK, resolver: Resolver | None = None, **more: object) -> Fetcher:
    return Fetcher("briefing/test", hosts=Hosts(0.0), limits=limits, resolver=resolver, **more)  # type: ignore[arg-type]


def fetch(url: str, *, source: str = "", private: bool = False, **more: object) -> Answer:
    return fetcher(**more).fetch(url, Source(source or url, private))  # type: ignore[arg-type]


# -- where it leads


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://192.168.1.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://localhost/",
        "http://2130706433/",
        "http://127.1/",
        "//10.0.0.1/",
    ],
)
def test_a_redirect_to_an_address_that_is_not_public_is_refused(
    server: Server, target: str
) -> None:
    server.routes["/feed"] = Reply(status=302, headers={"Location": target})
    with pytest.raises(SourceError, match=r"leads (to|elsewhere)"):
        fetch(server.url("/feed"))


@pytest.mark.parametrize("target", ["/", "/?token=1"])
def test_a_server_of_this_machine_that_the_user_named_leads_to_no_other(
    server: Server, inner: Server, target: str
) -> None:
    server.routes["/feed"] = Reply(status=302, headers={"Location": inner.url(target)})
    with pytest.raises(SourceError):
        fetch(server.url("/feed"))
    assert inner.requests == []


def test_a_port_that_is_none_of_web_servers_is_refused(server: Server) -> None:
    server.routes["/feed"] = Reply(status=302, headers={"Location": "http://news.example:6379/"})
    with pytest.raises(SourceError, match="port 6379"):
        fetch(server.url("/feed"), resolver=lambda host, port: ["127.0.0.1"])


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "must begin with https"),
        ("ftp://news.example/", "must begin with https"),
        ("http://user:word@news.example/", "user name or password"),
        ("http://news.example/a b", "character"),
        ("http://[::1", "cannot be read"),
        ("http://news..example/", "host"),
        ("http://news.example/" + "a" * 3000, "longer"),
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(
    server: Server, target: str, reason: str
) -> None:
    server.routes["/feed"] = Reply(status=301, headers={"Location": target})
    with pytest.raises(SourceError, match=reason) as caught:
        fetch(server.url("/feed"))
    assert "word" not in str(caught.value).replace("password", "")


def test_a_circle_of_redirects_ends(server: Server) -> None:
    server.routes["/feed"] = Reply(status=302, headers={"Location": "/feed"})
    with pytest.raises(SourceError, match="more than 5 times"):
        fetch(server.url("/feed"))
    assert len(server.requests) == 6


def test_redirects_on_one_server_are_followed_and_a_permanent_move_is_known(
    server: Server,
) -> None:
    server.routes["/old"] = Reply(status=301, headers={"Location": "/new"})
    server.routes["/new"] = Reply(b"text")
    answer = fetch(server.url("/old"))
    assert (answer.body, answer.moved, str(answer.address)) == (b"text", True, server.url("/new"))
    server.routes["/old"] = Reply(status=302, headers={"Location": "/new"})
    assert not fetch(server.url("/old")).moved


# -- names


@pytest.mark.parametrize(
    "answers", [["10.1.1.1"], ["8.8.8.8", "127.0.0.1"], ["fe80::1"], ["::ffff:8.8.8.8"]]
)
def test_a_name_any_of_whose_addresses_is_not_public_is_refused(answers: list[str]) -> None:
    with pytest.raises(SourceError, match=r"news\.example is"):
        fetch("http://news.example/", resolver=lambda host, port: answers)


def test_a_name_that_means_another_machine_a_moment_later_gains_nothing(inner: Server) -> None:
    # both are loopback, so that the test needs no public server: what counts is which one is asked
    answers = [["127.0.0.3"], ["127.0.0.2"], ["127.0.0.2"]]
    count: list[str] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        count.append(host)
        return answers[len(count) - 1]

    with pytest.raises(SourceError, match="cannot be reached"):  # nobody listens on 127.0.0.3
        fetch(inner.url("/", "news.example"), private=True, resolver=resolver)
    assert inner.requests == []
    assert count == ["news.example"]


def test_a_name_is_looked_up_and_checked_again_at_each_hop(server: Server, inner: Server) -> None:
    def resolver(host: str, port: int) -> Sequence[str]:
        return {"127.0.0.1": ["127.0.0.1"], "news.example": ["127.0.0.2"]}[host]

    away = inner.url("/", "news.example").replace(f":{inner.port}", "")
    server.routes["/feed"] = Reply(status=302, headers={"Location": away})
    with pytest.raises(SourceError, match=r"news\.example, which is this machine"):
        fetch(server.url("/feed"), resolver=resolver)


def test_a_private_network_is_reached_where_the_user_says_so(inner: Server) -> None:
    def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.2"]

    url = inner.url("/", "intranet.example")
    assert fetch(url, private=True, resolver=resolver).body == b"secret"
    with pytest.raises(SourceError, match="private_addresses = true"):
        fetch(url, resolver=resolver)


def test_a_public_server_does_not_lead_into_the_private_network_even_then() -> None:
    names = {"news.example": ["8.8.8.8"], "intranet.example": ["10.0.0.1"]}
    with pytest.raises(SourceError, match="private network"):
        fetch(
            "http://intranet.example/1",
            source="http://news.example/feed",
            private=True,
            resolver=lambda host, port: names[host],
        )


def test_a_name_that_is_never_found_ends_in_time() -> None:
    release = threading.Event()

    def resolver(host: str, port: int) -> Sequence[str]:
        release.wait(60)
        return []

    try:
        with pytest.raises(SourceError, match="no host"):
            fetch("http://news.example/", resolver=resolver, limits=SHORT)
    finally:
        release.set()


def test_who_can_reach_an_address() -> None:
    public = ("1.1.1.1", "2606:4700::1111")
    private = ("10.0.0.1", "172.16.0.1", "192.168.0.1", "100.127.255.254", "fc00::1", "240.0.0.1")
    never = ("169.254.1.1", "224.0.0.1", "0.0.0.0", "::", "::7f00:1", "2002:7f00:1::", "x")
    assert {scope_of(each) for each in public} == {Scope.PUBLIC}
    assert {scope_of(each) for each in private} == {Scope.PRIVATE}
    assert {scope_of(each) for each in never} == {Scope.NEVER}


# -- bodies


def _body(write: Callable[[Callable[[bytes], None]], None]) -> Reply:
    def whole(send: Callable[[bytes], None]) -> None:
        send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        write(send)

    return Reply(write=whole)


def _endlessly(data: bytes, pause_s: float) -> Callable[[Callable[[bytes], None]], None]:
    def write(send: Callable[[bytes], None]) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            send(data)
            time.sleep(pause_s)

    return write


def _chunks(send: Callable[[bytes], None]) -> None:
    send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    _endlessly(b"10000\r\n" + b"a" * 0x10000 + b"\r\n", 0)(send)


def test_a_bomb_of_gzip_is_never_unpacked(server: Server) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    server.routes["/feed"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="longer than 1 MB"):
            fetch(server.url("/feed"))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "reply",
    [_body(_endlessly(b"a" * 65536, 0)), Reply(write=_chunks)],
    ids=["without a length", "chunked"],
)
def test_an_endless_body_is_cut_at_the_limit(server: Server, reply: Reply) -> None:
    server.routes["/feed"] = reply
    with pytest.raises(SourceError, match="longer than"):
        fetch(server.url("/feed"))


@pytest.mark.parametrize(
    "reply",
    [
        _body(_endlessly(b"a", 0.1)),
        Reply(write=_endlessly(b"H", 0.1)),
        Reply(
            write=lambda send: (
                send(b"HTTP/1.1 200 OK\r\nX-A: "),
                _endlessly(b"a", 0.1)(send),
            )[0]
        ),
        Reply(write=lambda send: time.sleep(5)),
        Reply(write=_endlessly(b"HTTP/1.1 100 Continue\r\n\r\n", 0.05)),
    ],
    ids=["body", "status line", "header", "silence", "100 Continue for ever"],
)
def test_a_dripping_answer_ends_with_the_time_for_all(server: Server, reply: Reply) -> None:
    server.routes["/feed"] = reply
    with pytest.raises(SourceError, match="in time"):
        fetch(server.url("/feed"), limits=SHORT)


def test_the_time_for_all_is_for_all_hops_together(server: Server) -> None:
    def slow(headers: object) -> Reply:
        time.sleep(0.5)
        return Reply(status=302, headers={"Location": "/feed"})

    server.routes["/feed"] = slow
    with pytest.raises(SourceError, match="in time"):
        fetch(server.url("/feed"), limits=Limits(silence_s=5, total_s=1.2, hops=20))


def test_endless_headers_end(server: Server) -> None:
    server.routes["/feed"] = Reply(write=_endlessly(b"HTTP/1.1 200 OK\r\n" + b"a" * 70_000, 0))
    with pytest.raises(SourceError):
        fetch(server.url("/feed"))


@pytest.mark.parametrize(
    ("length", "reason"),
    [("500", "was cut"), ("5000000000", "longer than 1 MB"), ("9" * 400, "longer than 1 MB")],
)
def test_a_length_that_is_more_than_comes_is_noticed(
    server: Server, length: str, reason: str
) -> None:
    server.routes["/feed"] = Reply(b"short", headers={"Content-Length": length})
    with pytest.raises(SourceError, match=reason):
        fetch(server.url("/feed"))


def test_a_chunked_body_that_ends_early_is_noticed(server: Server) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"
    server.routes["/feed"] = Reply(write=lambda send: send(head))
    with pytest.raises(SourceError, match="was cut"):
        fetch(server.url("/feed"))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
def test_packed_answers_are_read(server: Server, encoding: str) -> None:
    text = "أخبار".encode() * 1000
    raw = zlib.compressobj(wbits=-15)
    body = {
        "gzip": gzip.compress(text[:100]) + gzip.compress(text[100:]),
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
    }[encoding]
    headers = {"Content-Encoding": encoding.removeprefix("raw ")}
    server.routes["/feed"] = Reply(body, headers=headers)
    assert fetch(server.url("/feed")).body == text


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(b"text" * 100, mtime=0)[:-12], "gzip", "was cut"),
        (b"\x1f\x8b\x08 nonsense", "gzip", "damaged"),
        (b"text", "br", "not asked for"),
        (gzip.compress(b"text", mtime=0), "gzip, gzip", "not asked for"),
    ],
    ids=["cut", "damaged", "brotli", "packed twice"],
)
def test_a_packed_answer_that_is_damaged_is_refused(
    server: Server, body: bytes, encoding: str, reason: str
) -> None:
    server.routes["/feed"] = Reply(body, headers={"Content-Encoding": encoding})
    with pytest.raises(SourceError, match=reason):
        fetch(server.url("/feed"))


def test_what_is_no_web_server_is_told(server: Server) -> None:
    server.routes["/feed"] = Reply(write=lambda send: send(b"220 mail ready\r\n" * 10))
    with pytest.raises(SourceError, match="does not answer as a web server"):
        fetch(server.url("/feed"))


# -- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def _trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_trusted_certificate_of_the_name_is_needed(authority: trustme.CA) -> None:
    with serving(context=_context(authority, "127.0.0.1")) as server:
        server.routes["/feed"] = Reply(b"text")
        url = server.url("/feed")
        assert fetch(url, context=_trusting(authority)).body == b"text"
        with pytest.raises(SourceError, match=r"certificate of 127\.0\.0\.1 is not trusted"):
            fetch(url)
        assert len(server.requests) == 1


def test_a_certificate_of_another_name_is_not_trusted(authority: trustme.CA) -> None:
    with (
        serving(context=_context(authority, "other.example")) as server,
        pytest.raises(SourceError, match="not trusted"),
    ):
        fetch(server.url("/feed"), context=_trusting(authority))


def test_a_handshake_that_never_ends_is_given_up() -> None:
    with serving() as server:  # it waits for a request and says nothing
        url = server.url("/feed").replace("http:", "https:")
        with pytest.raises(SourceError, match=r"in time|secure"):
            fetch(url, limits=SHORT)


def test_https_does_not_lead_to_http(authority: trustme.CA, server: Server) -> None:
    server.routes["/"] = Reply(b"text")
    with serving(context=_context(authority, "127.0.0.1")) as secure:
        secure.routes["/feed"] = Reply(status=301, headers={"Location": server.url("/")})
        with pytest.raises(SourceError, match="not protected"):
            fetch(secure.url("/feed"), context=_trusting(authority))
    assert server.requests == []


# -- proxies


def _unknown(host: str, port: int) -> Sequence[str]:
    raise OSError("there are no names here")


def test_the_users_proxy_is_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.routes["http://news.example/feed"] = Reply(b"text")
    monkeypatch.setenv("HTTP_PROXY", f"http://user:word@127.0.0.1:{server.port}")
    monkeypatch.setenv("http_proxy", f"http://user:word@127.0.0.1:{server.port}")
    assert fetch("http://news.example/feed", resolver=_unknown).body == b"text"
    assert server.requests[0].headers["Proxy-Authorization"].startswith("Basic ")
    assert server.requests[0].headers["Host"] == "news.example"


def test_a_proxy_that_refuses_is_told_without_its_password(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["news.example:443"] = Reply(status=407)
    monkeypatch.setenv("https_proxy", f"http://user:word@127.0.0.1:{server.port}")
    with pytest.raises(SourceError, match="proxy refuses") as caught:
        fetch("https://news.example/feed", resolver=_unknown)
    assert "word" not in str(caught.value)
    assert server.paths == ["news.example:443"]


def test_a_private_address_is_not_asked_through_the_proxy_either(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    with pytest.raises(SourceError, match="private network"):
        fetch("http://10.0.0.1/feed")
    assert server.requests == []


# -- manners


def test_one_connection_a_host_with_a_pause_and_many_hosts_at_the_same_time() -> None:
    with serving("127.0.0.1") as first, serving("127.0.0.2") as second:
        both = threading.Barrier(2, timeout=30)

        def slow(headers: object) -> Reply:
            both.wait()  # passes only while the other host is asked, too
            return Reply(b"text")

        first.routes["/1"] = second.routes["/1"] = slow
        first.routes["/2"] = first.routes["/3"] = Reply(b"text")
        own = Fetcher("briefing/test", hosts=Hosts(0.3))
        urls = [server.url("/1") for server in (first, second)]
        urls += [first.url("/2"), first.url("/3")]
        threads = [threading.Thread(target=own.fetch, args=(url, Source(url))) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        spans = sorted((asked.began, asked.ended) for asked in first.requests)
        assert len(spans) == 3
        for (_, ended), (began, _) in itertools.pairwise(spans):
            assert began >= ended + 0.25  # the server notes its end before the client has all


def test_a_server_that_asks_for_longer_pauses_gets_them(server: Server) -> None:
    server.routes["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 1\n")
    server.routes["/1"] = server.routes["/2"] = Reply(b"text")
    own = Fetcher("briefing/test", hosts=Hosts(0.0))
    robots = Robots(own)
    for path in ("/1", "/2"):
        url = server.url(path)
        robots.require(url, Source(url))
        own.fetch(url, Source(url))
    assert server.paths == ["/robots.txt", "/1", "/2"]
    _, first, second = server.requests
    assert second.began >= first.ended + 0.9  # the server notes its end before the client has all


def test_the_user_agent_is_honest(server: Server) -> None:
    server.routes["/feed"] = Reply(b"text")
    fetch(server.url("/feed"))
    assert server.requests[0].headers["User-Agent"] == "briefing/test"


def test_an_arabic_address_is_asked_as_a_browser_does() -> None:
    address = parse("https://موقع.example/أخبار?قسم=1")
    assert address.host.startswith("xn--")
    assert address.target == "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?%D9%82%D8%B3%D9%85=1"


# -- secrets of an address


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("https://a.example/1?u=s3cret99&p=2", "https://a.example/1?p=2"),
        ("https://a.example/1?p=2&u=s3cret99#s3cret99", "https://a.example/1?p=2"),
        ("https://a.example/s3cret99/1", ""),
        ("https://a.example/0a1b2c3d4e5f6a7b8c9d/1", ""),
        ("https://a.example/1?x=%30a1b2c3d4e5f6a7b8c9d", "https://a.example/1"),
        ("https://a.example/أخبار?page=2", "https://a.example/أخبار?page=2"),
    ],
)
def test_a_link_loses_what_its_feeds_address_keeps_secret(link: str, expected: str) -> None:
    feed = "https://a.example/feeds/0a1b2c3d4e5f6a7b8c9d/rss.xml?u=s3cret99&page=2"
    assert public_link(link, feed) == expected


def test_a_page_keeps_its_number_and_loses_its_token() -> None:
    assert public_page("https://a.example/?id=1234567&Token=x") == "https://a.example/?id=1234567"
