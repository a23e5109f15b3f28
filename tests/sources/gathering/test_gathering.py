"""Feeds and pages to the inbox and on to articles: what is asked, what is kept, what is told."""

from __future__ import annotations

import datetime
import email.utils
import gzip
import json
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from briefing.config import Config, load
from briefing.sources import Article, read
from briefing.sources.gathering.fetching import Fetcher
from briefing.sources.gathering.gather import Finding, gather
from briefing.sources.gathering.hosts import Hosts
from briefing.sources.gathering.inbox import Inbox
from briefing.sources.gathering.request import Request
from briefing.sources.gathering.wire import Limits
from tests.sources.gathering.servers import LONG, Reply, Server, rss, serving

DAY = "2026-11-27"
NEXT_DAY = "2026-11-28"
START = datetime.datetime(2026, 11, 27, 3, 0, tzinfo=datetime.UTC)
TOKEN = "s3cretToken99"
PAGE = (
    "<!doctype html><html lang='ar'><head><title>فوز المنتخب</title></head><body><article>"
    "<h1>فوز المنتخب</h1><p>فاز المنتخب الوطني على ضيفه بهدفين نظيفين في المباراة التي أقيمت مساء"
    " أمس على الملعب الكبير في العاصمة أمام جمهور غفير.</p><p>وسجل الهدف الأول المهاجم في الدقيقة"
    " العشرين من الشوط الأول بعد تمريرة طويلة من وسط الملعب، ثم أضاف زميله الهدف الثاني.</p>"
    "<p>وقال المدرب بعد المباراة إن الفريق لعب بروح عالية.</p></article></body></html>"
).encode()


@pytest.fixture(autouse=True)
def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was read of answers is kept for all tests: each reader starts once."""
    return tmp_path_factory.mktemp("cache")


class Silence:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def say(self, message: str) -> None:
        self.messages.append(message)

    def phase(self, activity: str) -> None:
        pass


class Desk:
    """A project with feeds, and a clock that the test sets."""

    def __init__(self, folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._cache, self._monkeypatch = cache, monkeypatch
        self.report = Silence()
        self.at(START)

    def at(self, moment: datetime.datetime) -> None:
        epoch = str(int(moment.timestamp()))
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        self.moment = moment

    def later(self, hours: float) -> None:
        self.at(self.moment + datetime.timedelta(hours=hours))

    def configure(self, text: str) -> tuple[Config, ...]:
        path = self.folder / "config.toml"
        path.write_text(f"[cache]\nfolder = '{self._cache}'\n{text}", encoding="utf-8")
        return load(path)

    def gather(
        self, configs: tuple[Config, ...], date: str = DAY, *, force: bool = False, **more: object
    ) -> list[Finding]:
        limits = Limits(silence_s=20.0, total_s=60.0)
        fetcher = Fetcher("briefing/test", hosts=Hosts(0.0), limits=limits, **more)  # type: ignore[arg-type]
        return gather(configs, Request(date, force=force), self.report, fetcher)

    @property
    def inbox(self) -> Path:
        return self.folder / ".briefing" / "inbox"


@pytest.fixture
def desk(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, cache, monkeypatch)


@pytest.fixture(scope="module")
def _server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def server(_server: Server) -> Server:
    """One server for all tests: what was read of its answers is then read once, too."""
    _server.routes.clear()
    _server.requests.clear()
    return _server


def feeds(*urls: str, more: str = "") -> str:
    return "".join(f'[[sources.feeds]]\nurl = "{url}"\n{more}\n' for url in urls)


def hours_ago(hours: float, start: datetime.datetime = START) -> str:
    return email.utils.format_datetime(start - datetime.timedelta(hours=hours))


def titles(config: Config, date: str = DAY) -> list[str]:
    articles, skipped = read(config, date)
    assert skipped == []
    return [article.title for article in articles]


# -- what comes of a feed


def test_an_article_has_all_that_its_feed_says_and_its_settings(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss(("tag:a,1", "مطر في بيروت", hours_ago(2), LONG)))
    settings = 'name = "وكالة"\nsection = "محليات"\nlimit = 7\nmax_age_h = 30\n'
    (config,) = desk.configure(feeds(server.url("/rss"), more=settings))
    (finding,) = desk.gather((config,))
    assert (finding.problem, finding.new) == ("", 1)
    ((article,), _) = read(config, DAY)
    assert isinstance(article, Article)
    assert (article.title, article.section, article.feed) == ("مطر في بيروت", "محليات", "وكالة")
    assert (article.limit, article.max_age_h) == (7, 30)
    assert article.url == "https://news.example/tag:a,1"
    assert article.date == "2026-11-27T01:00:00+00:00"
    assert article.gathered == "2026-11-27T03:00:00Z"
    assert (config.base / article.path).read_bytes() == rss(
        ("tag:a,1", "مطر في بيروت", hours_ago(2), LONG)
    )


def test_the_id_of_an_article_stays_and_is_that_of_its_guid_in_any_feed(
    desk: Desk, server: Server
) -> None:
    server.routes["/a"] = Reply(rss(("tag:x,1", "خبر", hours_ago(2), LONG)))
    server.routes["/b"] = Reply(rss(("tag:x,1", "خبر آخر", hours_ago(1), LONG)))
    server.routes["/c"] = Reply(rss(("1", "خبر", hours_ago(2), LONG), link=" "))
    server.routes["/d"] = Reply(rss(("1", "خبر", hours_ago(2), LONG), link=" "))
    (config,) = desk.configure(feeds(*(server.url(f"/{name}") for name in "abcd")))
    desk.gather((config,))
    first, second, third, fourth = (article.key for article in read(config, DAY)[0])
    assert first == second  # a guid of the whole world
    assert len({first, third, fourth}) == 3  # "1" is another article in another feed


def test_rss_atom_and_json_feed_are_known_by_their_bytes_whatever_the_server_declares(
    desk: Desk, server: Server
) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>أ</title><entry><title>نفط</title>'
        f"<id>tag:b,1</id><published>2026-11-27T01:00:00Z</published><content>{LONG}</content>"
        "</entry></feed>"
    )
    item = {"id": "j", "title": "شطرنج", "content_text": LONG, "date_published": "2026-11-27"}
    server.routes["/rss"] = Reply(
        rss(("1", "مطر", hours_ago(2), LONG)), headers={"Content-Type": "text/html"}
    )
    server.routes["/atom"] = Reply(atom.encode(), headers={"Content-Type": "text/plain"})
    server.routes["/json"] = Reply(json.dumps({"items": [item]}).encode())
    urls = [server.url(path) for path in ("/rss", "/atom", "/json")]
    (config,) = desk.configure(feeds(*urls))
    assert [finding.problem for finding in desk.gather((config,))] == ["", "", ""]
    assert titles(config) == ["مطر", "نفط", "شطرنج"]


def test_old_articles_are_left_out_counted_from_the_editions_first_gathering(
    desk: Desk, server: Server
) -> None:
    server.routes["/rss"] = Reply(
        rss(
            ("1", "قديم", hours_ago(25), LONG),
            ("2", "أمس", hours_ago(23), LONG),
            ("3", "بلا تاريخ", "", LONG),
        )
    )
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    assert titles(config) == ["بلا تاريخ", "أمس"]
    desk.later(5)  # the edition of the same day is made again: what it had stays in it
    desk.gather((config,))
    assert titles(config) == ["بلا تاريخ", "أمس"]
    desk.later(20)
    desk.gather((config,), NEXT_DAY)
    assert titles(config, NEXT_DAY) == []  # what has no date is as old as our knowledge of it
    assert titles(config, DAY) == ["بلا تاريخ", "أمس"]


def test_an_edition_of_a_day_does_not_read_what_came_after_its_gathering(
    desk: Desk, server: Server
) -> None:
    first = ("1", "الأول", hours_ago(2), LONG)
    server.routes["/rss"] = Reply(rss(first))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    desk.later(24)
    server.routes["/rss"] = Reply(rss(("2", "الثاني", hours_ago(-3), LONG), first))
    desk.gather((config,), NEXT_DAY)
    assert titles(config, DAY) == ["الأول"]
    assert titles(config, NEXT_DAY) == ["الثاني"]


def test_a_day_without_an_hour_counts_to_its_end(desk: Desk, server: Server) -> None:
    item = {"id": "j", "title": "شطرنج", "content_text": LONG, "date_published": "2026-11-26"}
    server.routes["/json"] = Reply(json.dumps({"items": [item]}).encode())
    (config,) = desk.configure(feeds(server.url("/json")))
    desk.gather((config,))
    assert titles(config) == ["شطرنج"]


def test_an_edited_article_is_read_as_it_is_now_and_stays_the_same_article(
    desk: Desk, server: Server
) -> None:
    server.routes["/rss"] = Reply(rss(("1", "عنوان", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    ((before,), _) = read(config, DAY)
    desk.later(1)
    server.routes["/rss"] = Reply(rss(("1", "عنوان مصحح", hours_ago(2), LONG)))
    (finding,) = desk.gather((config,))
    ((after,), _) = read(config, DAY)
    assert (finding.new, after.title) == (0, "عنوان مصحح")
    assert (after.key, after.gathered) == (before.key, before.gathered)


def test_an_article_that_its_feed_dropped_is_there_as_long_as_its_age_lets_it(
    desk: Desk, server: Server
) -> None:
    server.routes["/rss"] = Reply(rss(("1", "الأول", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    desk.later(10)
    server.routes["/rss"] = Reply(rss(("2", "الثاني", hours_ago(-5), LONG)))
    desk.gather((config,))
    assert titles(config) == ["الثاني", "الأول"]


def test_what_no_edition_can_read_any_more_leaves_the_disk(desk: Desk, server: Server) -> None:
    (config,) = desk.configure(feeds(server.url("/rss")))
    for day in (0, 7, 9):
        desk.at(START + datetime.timedelta(days=day))
        published = hours_ago(1, desk.moment)
        server.routes["/rss"] = Reply(rss((str(day), f"خبر {day}", published, LONG)))
        desk.gather((config,), f"2026-12-{day + 1:02}")
        # an article of a day is kept for a week more, so that its edition can be built again
        expected = {0: 1, 7: 2, 9: 2}[day]
        assert len(list((desk.inbox / "bodies").iterdir())) == expected


def test_an_embargo_of_a_feed_holds(desk: Desk, server: Server) -> None:
    post = {
        "id": 7,
        "date": "2026-11-27T06:00:00+00:00",
        "status": "future",
        "link": "https://news.example/7",
        "title": {"rendered": "لم يحن وقته"},
        "content": {"rendered": f"<p>{LONG}</p>"},
    }
    server.routes["/posts"] = Reply(json.dumps([post]).encode())
    (config,) = desk.configure(feeds(server.url("/posts")))
    desk.gather((config,))
    assert titles(config) == []
    desk.later(4)
    desk.gather((config,))
    assert titles(config) == ["لم يحن وقته"]


# -- how servers are asked


def test_a_feed_of_two_briefings_is_asked_once(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    text = feeds(server.url("/rss")) + "[briefing.a]\n[briefing.b]\n"
    configs = desk.configure(text)
    assert len(desk.gather(configs)) == 1
    assert server.paths == ["/rss"]
    assert [titles(config) for config in configs] == [["مطر"], ["مطر"]]


def test_the_second_request_is_conditional_and_304_keeps_what_is_there(
    desk: Desk, server: Server
) -> None:
    dates: list[str] = []

    def route(headers: Mapping[str, str]) -> Reply:
        dates.append(headers.get("If-Modified-Since", ""))
        if headers.get("If-None-Match") == '"v1"':
            return Reply(status=304)
        body = rss(("1", "مطر", hours_ago(2), LONG))
        return Reply(body, headers={"ETag": '"v1"', "Last-Modified": hours_ago(3)})

    server.routes["/rss"] = route
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    desk.later(1)
    (finding,) = desk.gather((config,))
    assert (finding.problem, finding.record.status, titles(config)) == ("", 304, ["مطر"])
    assert dates == ["", hours_ago(3)]
    # without the body that the validators belong to, the whole is asked for
    for body in (desk.inbox / "bodies").iterdir():
        body.unlink()
    desk.later(1)
    desk.gather((config,))
    assert (dates[-1], titles(config)) == ("", ["مطر"])


@pytest.mark.parametrize(
    ("status", "headers", "minutes"),
    [
        (200, {}, 15),
        (200, {"Cache-Control": "max-age=60"}, 15),
        (200, {"Cache-Control": "public, max-age=3600"}, 60),
        (200, {"Cache-Control": "max-age=99999999"}, 12 * 60),
        (200, {"Cache-Control": "no-cache, max-age=3600"}, 15),
        (200, {"Expires": "Fri, 27 Nov 2026 05:00:00 GMT"}, 120),
        (429, {"Retry-After": "7200"}, 120),
        (503, {"Retry-After": "Fri, 27 Nov 2026 04:00:00 GMT"}, 60),
        (503, {"Retry-After": "nonsense"}, 15),
        (500, {}, 15),
        (404, {}, 15),
    ],
)
def test_a_server_is_left_alone_as_long_as_it_says(
    desk: Desk, server: Server, status: int, headers: dict[str, str], minutes: int
) -> None:
    server.routes["/rss"] = Reply(rss(("1", "مطر", "", LONG)), status, headers)
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    desk.later((minutes - 1) / 60)
    (finding,) = desk.gather((config,))
    assert (len(server.requests), finding.is_asked) == (1, False)
    assert bool(finding.problem) == (status != 200)  # told again: nothing has changed
    desk.later(2 / 60)
    desk.gather((config,))
    assert len(server.requests) == 2
    desk.gather((config,), force=True)
    assert len(server.requests) == 3


def test_410_means_to_stop_and_say(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    server.routes["/rss"] = Reply(status=410)
    for _ in range(3):
        desk.later(1)
        (finding,) = desk.gather((config,))
        assert "gone for good" in finding.problem
        assert "remove it" in finding.problem
    assert len(server.requests) == 2
    assert titles(config) == ["مطر"]


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address_and_it_is_told(
    desk: Desk, server: Server
) -> None:
    server.routes["/old"] = Reply(status=301, headers={"Location": f"/new?key={TOKEN}"})
    server.routes["/new"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/old")))
    (finding,) = desk.gather((config,))
    assert "moved for good, to 127.0.0.1" in finding.notices[0]
    assert TOKEN not in finding.notices[0]
    assert titles(config) == ["مطر"]
    desk.later(1)
    desk.gather((config,))
    assert server.paths == ["/old", f"/new?key={TOKEN}", f"/new?key={TOKEN}"]
    # and back, when the new address is there no more
    server.routes["/new"] = Reply(status=404)
    server.routes["/old"] = Reply(rss(("2", "ريح", hours_ago(-1), LONG)))
    desk.later(1)
    (finding,) = desk.gather((config,))
    assert (finding.problem, finding.notices) == ("", ())
    assert titles(config) == ["ريح", "مطر"]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503, 204, 206])
def test_a_feed_that_fails_is_told_and_the_rest_goes_on(
    desk: Desk, server: Server, status: int
) -> None:
    server.routes["/bad"] = Reply(rss(("1", "خطأ", hours_ago(2), LONG)), status)
    server.routes["/good"] = Reply(rss(("2", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/bad"), server.url("/good")))
    bad, good = desk.gather((config,))
    assert str(status) in bad.problem
    assert good.problem == ""
    assert titles(config) == ["مطر"]


def test_the_last_articles_of_a_feed_that_is_down_are_there_while_their_age_lasts(
    desk: Desk,
) -> None:
    with serving() as server:
        server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
        (config,) = desk.configure(feeds(server.url("/rss")))
        desk.gather((config,))
    desk.later(10)
    (finding,) = desk.gather((config,), NEXT_DAY)
    assert "cannot be reached" in finding.problem
    assert titles(config, NEXT_DAY) == ["مطر"]
    desk.later(14)
    desk.gather((config,), "2026-11-29")
    assert titles(config, "2026-11-29") == []


# -- what is no feed


NO_FEEDS = {
    "a page": (PAGE, "page"),
    "an error page": (
        "<html><body><h1>خطأ في الخادم</h1><p>حدث خطأ</p></body></html>".encode(),
        "page",
    ),
    "empty": (b"", "empty"),
    "JSON": (b'{"error": "quota"}', "JSON"),
    "binary": (b"\x00\x01\x02" * 100, "binary"),
    "cut in an article": (rss(("1", "مطر", hours_ago(2), LONG))[:-300], "cut"),
    "cut at the end": (rss(("1", "مطر", hours_ago(2), LONG))[:-8], "cut"),
    "entities": (
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><rss version="2.0"><channel>'
        b"<item><title>&d;</title></item></channel></rss>",
        "entit",
    ),
}


def test_what_is_no_feed_is_refused_and_what_was_there_stays(desk: Desk, server: Server) -> None:
    paths = [f"/{number}" for number in range(len(NO_FEEDS))]
    for number, path in enumerate(paths):
        server.routes[path] = Reply(rss((str(number), f"مطر {number}", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(*map(server.url, paths)))
    desk.gather((config,))
    desk.later(1)
    for path, (body, _) in zip(paths, NO_FEEDS.values(), strict=True):
        server.routes[path] = Reply(body)
    findings = desk.gather((config,))
    for finding, (name, (_, reason)) in zip(findings, NO_FEEDS.items(), strict=True):
        assert reason in finding.problem, name
    assert titles(config) == [f"مطر {number}" for number in range(len(NO_FEEDS))]


def test_a_feed_without_an_article_is_no_fault(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss())
    (config,) = desk.configure(feeds(server.url("/rss")))
    (finding,) = desk.gather((config,))
    assert finding.problem == ""
    assert titles(config) == []


def test_a_bomb_and_a_redirect_inwards_stop_no_other_feed(desk: Desk, server: Server) -> None:
    bomb = gzip.compress(bytes(100_000_000), 1)
    server.routes["/bomb"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    server.routes["/in"] = Reply(status=302, headers={"Location": "http://169.254.169.254/"})
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(*map(server.url, ("/bomb", "/in", "/rss"))))
    bomb_finding, inner_finding, _ = desk.gather((config,))
    assert "longer than 5 MB" in bomb_finding.problem
    assert "169.254.169.254" in inner_finding.problem
    assert titles(config) == ["مطر"]


# -- pages and whole texts


def test_the_whole_text_of_a_summary_is_fetched_and_read(desk: Desk, server: Server) -> None:
    server.routes["/story"] = Reply(PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
    item = ("1", "فوز المنتخب", hours_ago(2), "فاز المنتخب على ضيفه...")
    server.routes["/rss"] = Reply(rss(item, link=server.url("/story")))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    assert server.paths == ["/rss", "/robots.txt", "/story"]
    ((article,), _) = read(config, DAY)
    assert "وقال المدرب" in article.paragraphs[-1]
    assert article.url == server.url("/story")
    desk.later(1)
    desk.gather((config,))
    assert server.paths.count("/story") == 1


@pytest.mark.parametrize(("full_text", "count"), [("never", 0), ("auto", 0), ("always", 1)])
def test_whole_texts_are_fetched_as_the_setting_says(
    desk: Desk, server: Server, full_text: str, count: int
) -> None:
    server.routes["/story"] = Reply(PAGE, headers={"Content-Type": "text/html"})
    item = ("1", "فوز", hours_ago(2), LONG)
    server.routes["/rss"] = Reply(rss(item, link=server.url("/story")))
    (config,) = desk.configure(feeds(server.url("/rss"), more=f'full_text = "{full_text}"'))
    desk.gather((config,))
    assert server.paths.count("/story") == count
    assert titles(config) == ["فوز"]


def test_a_page_that_cannot_be_had_leaves_the_summary_and_is_told(
    desk: Desk, server: Server
) -> None:
    item = ("1", "فوز المنتخب", hours_ago(2), "فاز المنتخب على ضيفه...")
    server.routes["/rss"] = Reply(rss(item, link=server.url("/story")))
    server.routes["/story"] = Reply(status=403)
    (config,) = desk.configure(feeds(server.url("/rss")))
    for _ in range(5):
        (finding,) = desk.gather((config,))
        desk.later(1)
    assert server.paths.count("/story") == 3  # it is let be then
    assert titles(config) == ["فوز المنتخب"]
    assert finding.problem == ""


def test_an_article_of_which_there_is_but_a_title_is_told_and_not_read(
    desk: Desk, server: Server
) -> None:
    server.routes["/rss"] = Reply(
        rss(("1", "عنوان بلا نص", hours_ago(2), ""), link=server.url("/story"))
    )
    (config,) = desk.configure(feeds(server.url("/rss")))
    (finding,) = desk.gather((config,))
    assert "of 1 articles it has but the title" in finding.problem
    assert titles(config) == []
    server.routes["/story"] = Reply(PAGE, headers={"Content-Type": "text/html"})
    desk.later(1)
    (finding,) = desk.gather((config,))
    assert (finding.problem, titles(config)) == ("", ["عنوان بلا نص"])


def test_robots_txt_is_heeded_for_pages_and_not_for_feeds(desk: Desk, server: Server) -> None:
    server.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n")
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    server.routes["/page"] = Reply(PAGE, headers={"Content-Type": "text/html"})
    text = f'[sources]\npages = ["{server.url("/page")}"]\n' + feeds(server.url("/rss"))
    (config,) = desk.configure(text)
    feed, page = desk.gather((config,))
    assert feed.problem == ""
    assert "robots.txt" in page.problem
    assert "/page" not in server.paths
    assert titles(config) == ["مطر"]


def test_a_page_is_an_article_with_a_link_to_itself(desk: Desk, server: Server) -> None:
    server.routes["/page"] = Reply(PAGE, headers={"Content-Type": "text/html"})
    url = server.url("/page?id=1234567")
    (config,) = desk.configure(f'[sources]\npages = ["{url}"]\n')
    (finding,) = desk.gather((config,))
    assert finding.problem == ""
    ((article,), _) = read(config, DAY)
    assert (article.title, article.url) == ("فوز المنتخب", url)
    assert len(article.paragraphs) == 3


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "video/mp4"])
def test_a_page_that_is_no_page_is_refused(desk: Desk, server: Server, media_type: str) -> None:
    server.routes["/page"] = Reply(b"%PDF-1.7", headers={"Content-Type": media_type})
    (config,) = desk.configure(f'[sources]\npages = ["{server.url("/page")}"]\n')
    (finding,) = desk.gather((config,))
    assert media_type in finding.problem


# -- the inbox


def test_names_on_the_disk_are_digests_and_no_other_user_may_read_them(
    desk: Desk, server: Server
) -> None:
    server.routes["/../../evil"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url(f"/../../evil?token={TOKEN}")))
    desk.gather((config,))
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    names = {str(path.relative_to(desk.folder)) for path in files}
    assert not any(TOKEN in name or "evil" in name for name in names)
    for path in (desk.inbox, *desk.inbox.rglob("*")):
        if path.parent.name != ".state" and path.name != ".state":
            assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_a_token_of_a_feeds_address_reaches_no_message_and_no_article(
    desk: Desk, server: Server
) -> None:
    url = server.url(f"/{TOKEN * 2}/rss?token={TOKEN}")
    item = ("1", "مطر", hours_ago(2), LONG)
    ok = Reply(rss(item, link=f"https://news.example/1?id=5&amp;token={TOKEN}"))
    (config,) = desk.configure(feeds(url))
    replies: list[Reply] = [
        Reply(status=404),
        Reply(status=302, headers={"Location": f"http://10.0.0.1/?token={TOKEN}"}),
        Reply(status=302, headers={"Location": f"http://x:{TOKEN}@news.example/"}),
        Reply(PAGE),
        Reply(b"short", headers={"Content-Length": "99"}),
        Reply(write=lambda send: send(b"nonsense\r\n\r\n")),
        ok,
    ]
    for reply in replies:
        server.routes[f"/{TOKEN * 2}/rss"] = reply
        (finding,) = desk.gather((config,), force=True)
        assert TOKEN not in f"{finding.label} {finding.problem} {finding.notices}"
        desk.later(1)
    ((article,), _) = read(config, DAY)
    assert article.url == "https://news.example/1?id=5"
    assert TOKEN not in repr(article)


def test_a_damaged_record_counts_as_none_and_is_mended(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    for damage in (b"", b"{", b"[]", b'{"version": 1}', b"[" * 100_000, b"\xff"):
        desk.gather((config,), force=True)
        (path,) = (desk.inbox / "feeds").iterdir()
        path.write_bytes(damage)
        assert titles(config) == []
    desk.gather((config,), force=True)
    assert titles(config) == ["مطر"]


def test_a_damaged_body_is_noticed_and_told(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    (body,) = (desk.inbox / "bodies").iterdir()
    body.write_bytes(body.read_bytes().replace("مطر".encode(), "سطر".encode()))
    articles, (skipped,) = read(config, DAY)
    assert articles == []
    assert "briefing gather --force" in skipped.reason
    desk.gather((config,), force=True)
    assert titles(config) == ["مطر"]


def test_an_inbox_that_cannot_be_written_is_told_by_its_setting(desk: Desk, server: Server) -> None:
    from briefing.errors import ShelfError

    (desk.folder / "file").write_text("x")
    (config,) = desk.configure(f'[sources]\ninbox = "file/inbox"\n{feeds(server.url("/rss"))}')
    with pytest.raises(ShelfError, match=r"sources\.inbox"):
        desk.gather((config,))


def test_one_gathering_at_a_time(desk: Desk, server: Server) -> None:
    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    inside, waiting = threading.Event(), threading.Event()

    def hold(others: Callable[[str], None]) -> None:
        with Inbox(config.inbox_folder).hold(0, others):
            inside.set()
            assert waiting.wait(60)

    thread = threading.Thread(target=hold, args=(lambda holder: None,))
    thread.start()
    assert inside.wait(60)
    desk.report.say = lambda message: waiting.set()  # type: ignore[method-assign]
    (finding,) = desk.gather((config,))
    thread.join(60)
    assert waiting.is_set()
    assert finding.new == 1


def test_a_clock_that_was_set_back_by_source_date_epoch_gathers_nothing(
    desk: Desk, server: Server
) -> None:
    from briefing.errors import SourceError

    server.routes["/rss"] = Reply(rss(("1", "مطر", hours_ago(2), LONG)))
    (config,) = desk.configure(feeds(server.url("/rss")))
    desk.gather((config,))
    desk.later(-100)
    with pytest.raises(SourceError, match="SOURCE_DATE_EPOCH"):
        desk.gather((config,), force=True)
    assert len(server.requests) == 1
