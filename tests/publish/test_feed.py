"""The feed by Apple's rules and the Podcasting 2.0 namespace, read back with a real parser."""

import dataclasses
import json
import re
import struct
import uuid
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

import feedparser
import pytest

from briefing.config import Config, Feed, Output, Schedule
from briefing.errors import ConfigError
from briefing.publish import feed
from briefing.shelf.sidecar_reader import read_edition
from tests.publish.cover_drawing import cover_png
from tests.publish.shelf_maker import publish, shelve

CONFIG = Config(
    feed=Feed(base_url="https://example.org/news/", email="editor@example.org"),
    schedule=Schedule(timezone="UTC"),
)
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
ARTICLES = [("خبر أول", ["نص الخبر. وبقيته."], None), ("خبر ثانٍ", ["نص آخر."], "كاتب")]


def build(folder, config=CONFIG, dates=("2026-11-23", "2026-11-24"), articles=ARTICLES, **more):
    for date in dates:
        shelve(folder, config, date=date, articles=articles, **more)
    return folder / "feed.xml"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feed")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def channel(shelf):
    return ET.parse(shelf / "feed.xml").getroot().find("channel")


def local(shelf, url):
    """The file that a URL of the feed names."""
    assert url.startswith(CONFIG.feed.base_url)
    assert url.isascii()
    return shelf / unquote(url.removeprefix(CONFIG.feed.base_url))


def test_the_channel_has_all_that_apple_requires(channel, shelf):
    assert channel.findtext("title") == "موجز الأخبار"
    assert channel.findtext("description")
    assert len(channel.findtext("description").encode()) <= 4000
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]+)?", channel.findtext("language"))
    assert channel.find(f"{ITUNES}category").get("text") == "News"
    assert channel.findtext(f"{ITUNES}explicit") in ("true", "false")
    assert channel.findtext(f"{ITUNES}author")
    assert channel.findtext("link") == CONFIG.feed.base_url
    assert channel.findtext(f"{ITUNES}owner/{ITUNES}email") == "editor@example.org"
    image = local(shelf, channel.find(f"{ITUNES}image").get("href"))
    width, height = struct.unpack(">II", image.read_bytes()[16:24])
    assert width == height
    assert 1400 <= width <= 3000


def test_the_channel_has_what_the_podcasting_namespace_asks_for(channel):
    own = channel.find(f"{ATOM}link")
    assert (own.get("rel"), own.get("href")) == ("self", "https://example.org/news/feed.xml")
    guid = channel.findtext(f"{PODCAST}guid")
    namespace = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    assert guid == str(uuid.uuid5(namespace, "example.org/news/feed.xml"))
    locked = channel.find(f"{PODCAST}locked")
    assert (locked.text, locked.get("owner")) == ("yes", "editor@example.org")


def test_the_namespaces_are_declared_in_the_second_line_as_apple_asks(shelf):
    lines = (shelf / "feed.xml").read_text("utf-8").splitlines()
    assert lines[0] == '<?xml version="1.0" encoding="UTF-8"?>'
    assert lines[1].startswith("<rss ")
    assert 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"' in lines[1]
    assert 'xmlns:podcast="https://podcastindex.org/namespace/1.0"' in lines[1]


# Of each tag here a feed or an episode has one (Apple's guide for podcasters; the tags' pages in
# the Podcasting 2.0 namespace), and none may be empty.
ONCE = {
    "channel": """title link description language itunes:image itunes:category itunes:explicit
        itunes:author itunes:owner itunes:type podcast:guid podcast:locked podcast:medium
        atom:link""",
    "item": """title link guid pubDate description enclosure itunes:duration itunes:title
        itunes:explicit itunes:episodeType podcast:transcript podcast:chapters""",
}
NAMES = {"itunes": ITUNES[1:-1], "podcast": PODCAST[1:-1], "atom": ATOM[1:-1]}


@pytest.mark.parametrize("parent", ONCE)
def test_each_tag_is_there_once_and_says_something(channel, parent):
    for one in [channel] if parent == "channel" else channel.findall("item"):
        for tag in ONCE[parent].split():
            (found,) = one.findall(tag, NAMES)
            said = [found.text or "", *found.attrib.values(), *(part.text or "" for part in found)]
            assert any(part.strip() for part in said), tag
            assert len(found) or (found.text or "") == (found.text or "").strip(), tag


def test_an_episode_is_called_by_its_day_and_first_article_and_not_by_the_show(channel):
    titles = [item.findtext("title") for item in channel.findall("item")]
    assert titles == ["الثلاثاء، 24 نوفمبر 2026: خبر أول", "الاثنين، 23 نوفمبر 2026: خبر أول"]
    assert not any(channel.findtext("title") in title for title in titles)


def test_no_title_is_longer_than_apple_takes(tmp_path):
    path = build(tmp_path, articles=[("كلمة " * 200, ["نص."], None)])
    for item in ET.parse(path).getroot().findall("channel/item"):
        assert 100 < len(item.findtext("title")) <= 255
        assert len(item.findtext("description").encode()) <= 4000


@pytest.mark.parametrize(
    ("ending", "kind"),
    [(".mp3", "audio/mpeg"), (".m4b", "audio/x-m4a"), (".opus", "audio/ogg")],
)
def test_the_type_is_that_of_the_sound(tmp_path, ending, kind):
    sidecar = publish(tmp_path, sound=False)
    sidecar["audio"]["file"] = f"briefing{ending}"
    (tmp_path / "briefing.json").write_text(json.dumps(sidecar), encoding="utf-8")
    episode = feed.current_episode(read_edition(tmp_path / "briefing.json"))
    feed.write(tmp_path, CONFIG, [episode], "feed.xml", "cover.png")
    enclosure = ET.parse(tmp_path / "feed.xml").getroot().find("channel/item/enclosure")
    assert enclosure.get("type") == kind
    assert enclosure.get("url").endswith(ending)


def test_a_feed_that_moves_may_keep_its_guid(tmp_path):
    guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    moved = dataclasses.replace(CONFIG.feed, base_url="https://new.example/", guid=guid)
    config = dataclasses.replace(CONFIG, feed=moved)
    assert feed.check(config) == []
    channel = ET.parse(build(tmp_path, config)).getroot().find("channel")
    assert channel.findtext(f"{PODCAST}guid") == guid
    wrong = dataclasses.replace(CONFIG, feed=dataclasses.replace(moved, guid="mine"))
    with pytest.raises(ConfigError, match=r"feed\.guid = 'mine'"):
        feed.check(wrong)


def test_addresses_are_ascii_whatever_the_base_url(tmp_path):
    own = dataclasses.replace(CONFIG.feed, base_url="https://مثال.example:8443/أخبار اليوم")
    path = build(tmp_path, dataclasses.replace(CONFIG, feed=own))
    item = ET.parse(path).getroot().find("channel/item")
    url = item.find("enclosure").get("url")
    assert url.isascii()
    assert " " not in url
    assert url.startswith("https://xn--")
    assert ":8443/" in url
    assert unquote(urlsplit(url).path).startswith("/أخبار اليوم/editions/briefing-2026-11-24-")


def test_each_edition_date_is_an_episode_newest_first(channel):
    items = channel.findall("item")
    assert [item.findtext("guid") for item in items] == [
        "briefing-2026-11-24",
        "briefing-2026-11-23",
    ]
    assert {item.find("guid").get("isPermaLink") for item in items} == {"false"}
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items]
    assert [date.isoformat() for date in dates] == [
        "2026-11-24T03:00:00+00:00",
        "2026-11-23T03:00:00+00:00",
    ]


def test_every_address_names_a_file_of_the_shelf_with_its_right_size_and_length(channel, shelf):
    for item in channel.findall("item"):
        enclosure = item.find("enclosure")
        sound = local(shelf, enclosure.get("url"))
        assert re.fullmatch(r"briefing-\d{4}-\d\d-\d\d-[0-9a-f]{12}\.mp3", sound.name)
        assert int(enclosure.get("length")) == sound.stat().st_size
        assert enclosure.get("type") == "audio/mpeg"
        assert local(shelf, item.find(f"{PODCAST}transcript").get("url")).suffix == ".vtt"
        assert item.find(f"{PODCAST}transcript").get("type") == "text/vtt"
        chapters = item.find(f"{PODCAST}chapters")
        assert chapters.get("type") == "application/json+chapters"
        assert local(shelf, chapters.get("url")).is_file()
        assert int(item.findtext(f"{ITUNES}duration")) >= 1
        assert item.findtext("title")


def test_the_duration_is_that_of_the_sidecar(tmp_path):
    sidecar = shelve(tmp_path, CONFIG)
    item = ET.parse(tmp_path / "feed.xml").getroot().find("channel/item")
    assert int(item.findtext(f"{ITUNES}duration")) == round(sidecar["duration_s"])


def test_a_rebuild_of_the_day_keeps_the_guid_and_changes_the_sounds_address(tmp_path):
    path = build(tmp_path, dates=["2026-11-24"])
    before = ET.parse(path).getroot().find("channel/item")
    build(tmp_path, dates=["2026-11-24"], articles=[("خبر", ["غير ذلك."], None)])
    (after,) = ET.parse(path).getroot().findall("channel/item")
    assert after.findtext("guid") == before.findtext("guid")
    assert after.findtext("pubDate") == before.findtext("pubDate")
    assert after.find("enclosure").get("url") != before.find("enclosure").get("url")


def test_a_real_parser_reads_it_without_complaint(shelf):
    read = feedparser.parse((shelf / "feed.xml").read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "rss20"
    assert read.feed.title == "موجز الأخبار"
    assert read.feed.language == "ar"
    assert read.feed.image.href == "https://example.org/news/cover.png"
    assert [entry.id for entry in read.entries] == ["briefing-2026-11-24", "briefing-2026-11-23"]
    for entry in read.entries:
        (enclosure,) = entry.enclosures
        assert enclosure.type == "audio/mpeg"
        assert urlsplit(enclosure.href).scheme == "https"


def test_titles_with_markup_and_forbidden_characters_come_out_as_text(tmp_path):
    nasty = "<script>alert(1)</script> & ]]> \"'\x0b\x00\ufffe\U0001f600"
    path = build(tmp_path, articles=[(nasty, ["نص."], nasty)], title=nasty)
    root = ET.parse(path).getroot()
    shown = "<script>alert(1)</script> & ]]> \"'\U0001f600"
    assert root.findtext("channel/item/description") == shown
    assert "<script>alert(1)</script> & ]]>" in root.findtext("channel/item/title")
    assert not feedparser.parse(path.read_bytes()).bozo


def test_the_same_shelf_gives_the_same_bytes(tmp_path):
    one, two = build(tmp_path / "one"), build(tmp_path / "two", seconds=99.0)
    assert one.read_bytes() == two.read_bytes()


def test_without_base_url_there_is_no_feed_and_an_old_one_goes(tmp_path):
    build(tmp_path)
    assert (tmp_path / "feed.xml").exists()
    build(tmp_path, Config())
    assert not (tmp_path / "feed.xml").is_symlink()


def test_no_kept_editions_leave_the_current_one_as_the_only_episode(tmp_path):
    config = dataclasses.replace(CONFIG, output=Output(keep=0))
    path = build(tmp_path, config)
    (item,) = ET.parse(path).getroot().findall("channel/item")
    assert item.find("enclosure").get("url") == "https://example.org/news/briefing.mp3"


@pytest.mark.parametrize(
    ("hour", "cron", "zone", "published"),
    [
        ("", "0 3 * * *", "Africa/Cairo", "Tue, 24 Nov 2026 03:00:00 +0200"),
        ("", "30 4 * * 1-5", "America/St_Johns", "Tue, 24 Nov 2026 04:30:00 -0330"),
        ("", "0 */4 * * *", "Africa/Cairo", "Tue, 24 Nov 2026 06:00:00 +0200"),
        ("", "no cron", "Africa/Cairo", "Tue, 24 Nov 2026 06:00:00 +0200"),
        ("7", "0 3 * * *", "Africa/Cairo", "Tue, 24 Nov 2026 07:00:00 +0200"),
        ("18:45", "0 3 * * *", "America/Los_Angeles", "Tue, 24 Nov 2026 18:45:00 -0800"),
        ("06:00", "0 3 * * *", "No/Where", "Tue, 24 Nov 2026 06:00:00 +0000"),
    ],
)
def test_an_edition_is_published_at_the_feeds_hour_by_the_clock_of_the_schedule(
    tmp_path, hour, cron, zone, published
):
    config = dataclasses.replace(
        CONFIG,
        feed=dataclasses.replace(CONFIG.feed, hour=hour),
        schedule=Schedule(cron=cron, timezone=zone),
    )
    path = build(tmp_path, config, dates=["2026-11-24"])
    channel = ET.parse(path).getroot().find("channel")
    assert channel.findtext("item/pubDate") == channel.findtext("pubDate") == published


def test_a_summer_time_is_that_of_the_day(tmp_path):
    config = dataclasses.replace(CONFIG, schedule=Schedule(timezone="Asia/Beirut"))
    path = build(tmp_path, config, dates=["2026-03-28", "2026-03-30"])
    items = ET.parse(path).getroot().findall("channel/item")
    assert [item.findtext("pubDate")[-14:] for item in items] == [
        "03:00:00 +0300",
        "03:00:00 +0200",
    ]


def test_the_offset_of_the_sidecar_counts_wherever_the_feed_is_written(tmp_path):
    config = dataclasses.replace(CONFIG, schedule=Schedule(timezone="Asia/Tokyo"))
    path = build(tmp_path, config, dates=["2026-11-23"], utc_offset="-08:00")
    build(tmp_path, config, dates=["2026-11-24"])
    items = ET.parse(path).getroot().findall("channel/item")
    assert [item.findtext("pubDate")[-14:] for item in items] == [
        "03:00:00 +0900",
        "03:00:00 -0800",
    ]


def test_without_a_description_the_newest_headlines_are_the_channels(tmp_path):
    path = build(tmp_path, dataclasses.replace(CONFIG, publisher="دار الأخبار"))
    description = ET.parse(path).getroot().findtext("channel/description")
    assert description == "موجز الأخبار — دار الأخبار\nخبر أول\nخبر ثانٍ"


def test_the_headlines_as_html_are_whole_and_fit_into_apples_4000_bytes(tmp_path):
    articles = [(f"{number} & " + "عنوان طويل " * 8, ["نص."], None) for number in range(40)]
    path = build(tmp_path, articles=articles, dates=["2026-11-24"])
    item = ET.parse(path).getroot().find("channel/item")
    text = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert 3600 < len(text.encode()) <= 4000
    rows = ET.fromstring(f"<body>{text}</body>")
    shown = [row.text for row in rows.findall("ol/li")]
    assert shown == [" ".join(title.split()) for title, _, _ in articles[: len(shown)]]
    assert rows.findtext("p") == "…"


def test_a_category_may_have_a_subcategory(tmp_path):
    config = dataclasses.replace(
        CONFIG, feed=dataclasses.replace(CONFIG.feed, category="News/Daily News")
    )
    category = ET.parse(build(tmp_path, config)).getroot().find(f"channel/{ITUNES}category")
    assert category.get("text") == "News"
    assert category.find(f"{ITUNES}category").get("text") == "Daily News"


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "https://", "https://a/?b=c"])
def test_a_base_url_that_is_no_web_address_is_named(tmp_path, url):
    with pytest.raises(ConfigError, match="base_url"):
        build(tmp_path, Config(feed=Feed(base_url=url)))


def test_the_users_own_cover_is_used_and_a_wrong_one_named(tmp_path):
    (tmp_path / "large.png").write_bytes(cover_png(1500))
    (tmp_path / "small.png").write_bytes(cover_png(300))
    own = dataclasses.replace(CONFIG.feed, cover="large.png")
    build(tmp_path / "shelf", dataclasses.replace(CONFIG, feed=own, base=tmp_path))
    assert (tmp_path / "shelf" / "cover.png").read_bytes() == cover_png(1500)
    for wrong, said in (("small.png", "300 by 300"), ("none.png", "No such file")):
        bad = dataclasses.replace(CONFIG.feed, cover=wrong)
        with pytest.raises(ConfigError, match=said):
            feed.check(dataclasses.replace(CONFIG, feed=bad, base=tmp_path))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 4000, "a" * 4000),
        ("a" * 4001, "a" * 3997 + "…"),
        ("ب" * 2000, "ب" * 2000),
        ("ب" * 2000 + "a", "ب" * 1998 + "…"),
        ("a" * 3990 + " " + "b" * 9, "a" * 3990 + " " + "b" * 9),
        ("a" * 3990 + " " + "b" * 10, "a" * 3990 + "…"),
    ],
    ids=["4000", "4001", "4000 in Arabic", "4001 in Arabic", "4000 with a space", "between words"],
)
def test_a_description_has_apples_4000_bytes_and_not_one_more(tmp_path, text, shown):
    config = dataclasses.replace(CONFIG, feed=dataclasses.replace(CONFIG.feed, description=text))
    path = build(tmp_path, config, dates=["2026-11-24"])
    description = ET.parse(path).getroot().findtext("channel/description")
    assert description == shown
    assert len(description.encode()) <= 4000


def test_an_episode_is_taken_out_of_a_feed_and_nothing_else(tmp_path):
    nasty = '</item> <item>\n<guid isPermaLink="false">briefing-2026-11-23</guid> & ]]>'
    articles = [(nasty, ["نص."], None)]
    path = build(tmp_path / "two", dates=["2026-11-23", "2026-11-24"], articles=articles)
    one = build(tmp_path / "one", dates=["2026-11-23"], articles=articles)
    assert feed.without_episode(path.read_text("utf-8"), "briefing-2026-11-24") == one.read_text(
        "utf-8"
    )
    assert feed.without_episode(one.read_text("utf-8"), "briefing-2026-11-23") == ""
    assert feed.without_episode(one.read_text("utf-8"), "briefing-2026-11") == one.read_text(
        "utf-8"
    )
