"""Each rule of Apple, RSS and the podcast namespace holds for the feeds that are served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("uharfbuzz", reason="without briefing[cover] a cover has a palette of colours")

from briefing.config import Config, Feed, Neighbour, Output, Schedule
from briefing.shelf.private_shelves import key_of
from tests.publish.feed_rules import RULES, PodcastFeed, Reply, check, fetch_over_http, table
from tests.publish.serving import served
from tests.publish.shelf_maker import shelve

DAYS = ("2026-11-23", "2026-11-24")
TITLES = {"news": "موجز الأخبار 24", "sport": "رياضة"}


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Serve a public and a private briefing of two days; the addresses of their feeds by name."""
    folder = tmp_path_factory.mktemp("shelf")
    private = folder / ".private" / "sport.0123456789abcdef"
    key = key_of(private)
    with served(folder) as base:
        for day in DAYS:
            for name, shelf in {"news": folder, "sport": private}.items():
                config = Config(
                    title=TITLES[name],
                    publisher="دار الأخبار",
                    output=Output(name=name, folder=str(folder)),
                    feed=Feed(base, private=name == "sport", email="editor@example.org"),
                    schedule=Schedule(timezone="Africa/Cairo"),
                    private_folder=private if name == "sport" else None,
                    neighbours=(Neighbour(name, shelf, has_feed=True),),
                )
                articles = [(f"خبر {n}: {name} {day}", ["نص. وبقيته."], None) for n in range(3)]
                shelve(shelf, config, date=day, articles=articles, title=config.title)
        yield {"news": f"{base}feed.xml", "sport": f"{base}{key}/feed.xml"}


@pytest.mark.parametrize("name", ["news", "sport"])
def test_a_feed_follows_every_rule(feeds: dict[str, str], name: str) -> None:
    rows = list(check(feeds[name], fetch_over_http))
    assert len(rows) == len(RULES) > 25
    assert all(row[2] for row in rows), table(iter(rows))


def altered(old: str, new: str):
    """Return a server's answers with a text in them replaced."""

    def fetch(address: str, **headers: str) -> Reply:
        reply = fetch_over_http(address, **headers)
        body = (
            reply.body.replace(old.encode(), new.encode()) if ".mp3" not in address else reply.body
        )
        kind = reply.headers["content-type"].replace(old, new)
        return Reply(reply.status, {**reply.headers, "content-type": kind}, body)

    return fetch


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ('length="', 'length="9', "enclosures are unique"),
        ("json+chapters", "json", "application/json+chapters in tag"),
        ('"startTime":0.0', '"startTime":0.3', "version, startTime"),
        ("<itunes:explicit>false", "<itunes:explicit>clean", "itunes:explicit true"),
        ('text="News"', 'text="Newz"', "a category of"),
        ("<title>الثلاثاء", "<title>موجز الأخبار 24 الثلاثاء", "the show's name"),
        ("Tue, 24 Nov 2026", "Tue, 24 Nov 2020", "dates by RFC 822"),
        ('org">yes<', 'org">maybe<', "yes or no, once"),
    ],
)
def test_the_checker_sees_what_is_wrong(
    feeds: dict[str, str], old: str, new: str, broken: str
) -> None:
    (follows,) = (rule for (_, words), rule in RULES.items() if words.startswith(broken))
    assert not follows(PodcastFeed(feeds["news"], altered(old, new)))
