"""What stands beside the page: manifest, service worker, font; what other sites show of a link."""

import json
import re
from pathlib import Path

import pytest

from briefing.config import Config, Feed, Output
from briefing.delivery.contents import contents
from briefing.publish import kept_editions
from briefing.shelf.shelf import Shelf, building
from tests.publish.serving import ask, served
from tests.publish.shelf_maker import shelve
from tests.publish.test_page import read

BASE = "https://news.example.org/podcast/"
FONT = Path(kept_editions.__file__).parent / "data" / "naskh.woff2"
FILES = ("briefing.webmanifest", "briefing.worker.js", "briefing.woff2")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    for day in (23, 24):
        shelve(folder, Config(feed=Feed(base_url=BASE)), date=f"2026-11-{day}")
    return folder


def test_the_files_of_the_app_belong_to_the_edition_and_are_delivered(shelf):
    edition = (shelf / "briefing.json").resolve().parent
    items = contents(Shelf(shelf))
    for file in FILES:
        assert (shelf / file).resolve().parent == edition
        assert items[file].path == edition / file
        assert items[file].stage < items["briefing.html"].stage, "no page names what is not there"
    assert items["briefing.webmanifest"].media_type == "application/manifest+json"


def test_they_are_served_with_their_types_and_asked_for_again(shelf):
    with served(shelf) as address:
        types = [ask(address, f"/{file}").headers for file in FILES]
        assert [row["Content-Type"].split(";")[0] for row in types] == [
            "application/manifest+json",
            "text/javascript",
            "font/woff2",
        ]
        assert {row["Cache-Control"] for row in types} == {"no-cache"}


def test_the_manifest_opens_the_briefings_own_page(shelf):
    manifest = json.loads((shelf / "briefing.webmanifest").read_text("utf-8"))
    assert manifest["name"] == "موجز الأخبار"
    assert (manifest["lang"], manifest["dir"]) == ("ar", "rtl")
    assert manifest["display"] == "standalone"
    for file in (manifest["start_url"], manifest["icons"][0]["src"]):
        assert (shelf / file).is_file()


@pytest.mark.parametrize("page", ["briefing.html", "editions/briefing-2026-11-23.html"])
def test_each_page_names_the_files_and_its_policy_allows_them_alone(shelf, page):
    text = (shelf / page).read_text("utf-8")
    above = "../" if "/" in page else ""
    assert f'<link rel="manifest" href="{above}briefing.webmanifest">' in text
    assert f'url("{above}briefing.woff2")' in text
    assert json.loads(read(shelf / page).data)["worker"] == f"{above}briefing.worker.js"
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1].split("; ")
    rest = [rule for rule in policy if not rule.startswith(("script-src", "style-src"))]
    assert rest == [
        "default-src 'none'",
        "img-src 'self' data: file:",
        "media-src 'self' file: blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_other_sites_show_title_headlines_and_cover_of_a_link(shelf):
    cards = {
        row["property"]: row["content"]
        for row in read(shelf / "briefing.html").all("meta")
        if "property" in row
    }
    assert cards["og:title"] == "موجز الأخبار · الثلاثاء، 24 نوفمبر 2026"
    assert cards["og:url"] == f"{BASE}editions/briefing-2026-11-24.html"
    assert cards["og:image"] == f"{BASE}cover.png"
    assert cards["og:description"]
    assert len(cards["og:description"]) <= 301


def test_without_an_address_on_the_web_no_picture_is_promised(tmp_path):
    shelve(tmp_path)
    keys = [row.get("property") for row in read(tmp_path / "briefing.html").all("meta")]
    assert "og:title" in keys
    assert "og:image" not in keys
    assert "og:url" not in keys


def test_after_an_edition_is_removed_the_other_still_has_its_files_and_addresses(tmp_path):
    config = Config(feed=Feed(base_url=BASE))
    for day in (23, 24):
        shelve(tmp_path, config, date=f"2026-11-{day}")
    with building(tmp_path, "briefing", 0):
        kept_editions.remove(Shelf(tmp_path), "briefing", "2026-11-24")
    assert all((tmp_path / file).is_file() for file in FILES)
    text = (tmp_path / "briefing.html").read_text("utf-8")
    assert f"{BASE}editions/briefing-2026-11-23.html" in text
    assert f'value="{BASE}feed.xml"' in text


def test_beyond_the_first_screens_the_text_of_a_chapter_is_deferred(tmp_path):
    texts = [f"فقرة {n}. " + "كلام كثير. " * 40 for n in range(12)]
    shelve(tmp_path, articles=[(f"خبر {n}", texts, None) for n in range(3)])
    text = (tmp_path / "briefing.html").read_text("utf-8")
    article = text[text.index("<article") : text.index("</article>")]
    deferred = "".join(re.findall(r"<noscript data-s=\"\d+\">(.*?)</noscript>", article, re.DOTALL))
    plain = re.sub(r"<noscript.*?</noscript>", "", article, flags=re.DOTALL)
    assert "فقرة 0" in plain
    assert plain.count("<h2") == 3, "headings are there from the beginning"
    assert len(deferred) > 2 * len(plain)
    short = tmp_path / "short"
    shelve(short, articles=[("خبر", ["نص."], None)])
    assert "<noscript" not in (short / "briefing.html").read_text("utf-8")


def test_an_address_with_signs_of_html_stays_text(tmp_path):
    url = 'https://example.org/a"><script>/'
    config = Config(output=Output(name="x"), feed=Feed(base_url=url.replace(" ", "")))
    shelve(tmp_path, config)
    text = (tmp_path / "x.html").read_text("utf-8")
    assert '"><script>/' not in text
    assert "podcast://example.org/a%22%3E%3Cscript%3E/feed.xml" in text


def test_the_font_has_the_letters_of_arabic_and_joins_them():
    ttlib = pytest.importorskip("fontTools.ttLib", reason="no fontTools: pip install it")
    pytest.importorskip("brotli", reason="no brotli: pip install fonttools[woff]")
    assert FONT.stat().st_size <= 60_000
    font = ttlib.TTFont(FONT)
    letters = font.getBestCmap()
    text = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةًٌٍَُِّْٰٓ،؛؟٠١٢٣٤٥٦٧٨٩پچژگ"
    assert [letter for letter in text if ord(letter) not in letters] == []
    features = {row.FeatureTag for row in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {"init", "medi", "fina", "rlig"} <= features
    assert "OFL" in font["name"].getDebugName(13) or "Open Font" in font["name"].getDebugName(13)
