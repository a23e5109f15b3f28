"""The page as a file: its text without script, what is escaped, what the list of the shelf says."""

import dataclasses
import gzip
import json
import re
import time
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from briefing.config import Config, Neighbour, Output, Page
from briefing.publish import strings, views
from briefing.publish.listening_page import page
from briefing.publish.listening_page.article_html import article_html
from briefing.shelf.listing import Listing, row_of
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar_reader import read_edition
from tests.publish.shelf_maker import publish, seed_articles, shelve

ASSETS = Path(page.__file__).parent / "assets"
PARTS = ("early.js", "common.js", "page.js", "common.css", "page.css")
SCHEMA = json.loads((ASSETS.parents[1] / "sidecar.schema.json").read_text("utf-8"))
VOID = {"meta", "link", "br", "hr", "img", "input"}


def words_of(line):
    """Return the words of a sentence from its line, which has a digit a character."""
    numbers, value = [], 0
    for code in line.encode("ascii"):
        value = 16 * value + code - 35 if code < 63 else 64 * value + code - 63
        if code >= 63:
            numbers.append(value)
            value = 0
    words = []
    while numbers:
        length, odd = divmod(numbers.pop(0), 2)
        words.append((numbers.pop(0) if odd else 1, length, numbers.pop(0)))
    return words


class Read(HTMLParser):
    """Reads a page as a browser does: the text that is seen, the elements, the data."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.sentences, self.seen, self.data = [], [], [], [], ""
        self.words = ""
        self.feed(text)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes))
        if attributes.get("class") == "s":
            self.sentences.append("")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if any(tag == "script" for tag, _ in self.open):
            if self.open[-1][1].get("id") == "data":
                self.data += data
            if self.open[-1][1].get("id") == "words":
                self.words += data
        elif not any(tag == "style" for tag, _ in self.open):
            self.seen.append(data)
            if any(attributes.get("class") == "s" for _, attributes in self.open):
                self.sentences[-1] += data

    @property
    def words_of_sentences(self):
        """Return [units before it, its own units, hundredths since the word before] of each word."""
        return [words_of(line) for line in self.words.split("\n")]

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def build(folder, config=None, **more):
    return shelve(folder, config, **more)


def read(path):
    return Read(path.read_text("utf-8"))


def sentences(sidecar):
    return [one for paragraph in sidecar["paragraphs"] for one in paragraph["sentences"]]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    return folder, build(folder)


def test_the_makers_sidecars_are_as_the_schema_says(sample):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(sample[1], SCHEMA, jsonschema.Draft202012Validator)


def test_without_script_there_is_an_audio_element_with_the_text_under_it(sample):
    folder, sidecar = sample
    html = read(folder / "index.html")
    (audio,) = html.all("audio")
    assert "controls" in audio
    assert (folder / audio["src"]).samefile(folder / "briefing.mp3")
    assert html.sentences == [one["text"] for one in sentences(sidecar)]
    assert html.all("html") == [{"lang": "ar", "dir": "rtl", "data-interface": "auto"}]
    text = " ".join(" ".join(html.seen).split())
    assert "الثلاثاء، 24 نوفمبر 2026" in text
    assert "Farnaz Fassihi و جوليان بارنز" in text


def test_the_times_in_the_page_are_those_of_the_sidecar(sample):
    folder, sidecar = sample
    data = json.loads(read(folder / "index.html").data)
    starts = [one["start_s"] for one in sentences(sidecar)]
    assert [ms / 1000 for ms in data["times"][::2]] == pytest.approx(starts, abs=0.0006)


def test_the_words_in_the_page_are_those_of_the_sidecar_at_their_times(tmp_path):
    article = ("عنوان", ["كلمة \U0001f600 كلمة كلمة، ثم   أخرى 😀 ثم."], None)
    sidecar = build(tmp_path, articles=[article])
    rows = read(tmp_path / "index.html").words_of_sentences
    for sentence, row in zip(sentences(sidecar), rows, strict=True):
        units = sentence["text"].encode("utf-16-le")
        place, start = 0, round(sentence["start_s"] * 100)
        for (gap, length, delay), word in zip(row, sentence["words"], strict=True):
            place, start = place + gap, start + delay
            assert units[2 * place : 2 * (place + length)].decode("utf-16-le") == word["text"]
            assert start == pytest.approx(word["start_s"] * 100, abs=1.01)
            place += length


def test_estimated_words_are_not_in_the_page(tmp_path):
    build(tmp_path, exact=False)
    assert not any(read(tmp_path / "index.html").words_of_sentences)


NASTY = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->",
    "]]><img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "$title $text ${script} <!--text--><!--data-->",
    "\u2028\u2029\x00\x1b\ufeff\u202eمعكوس",
    "javascript:alert(1)",
    "{{7*7}} `${1}` \\u003cscript\\u003e \\",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_what_comes_from_a_source_is_text_wherever_it_is_shown(tmp_path, nasty):
    article = (f"عنوان {nasty}", [f"نص {nasty} نص."], nasty)
    skipped = [{"path": nasty, "reason": nasty}]
    rows = sentences(build(tmp_path, articles=[article], title=nasty, skipped=skipped))
    plain = Path(tmp_path, "plain")
    build(plain, articles=[("عنوان", ["نص."], "كاتب")], skipped=[{"path": "p", "reason": "r"}])
    for name in ("index.html", "editions/briefing-2026-11-24.html"):
        html, harmless = read(tmp_path / name), read(plain / name)

        def shape(read):
            wanted = {"span", "p"}  # there may be more sentences
            return [tag for tag, _ in read.elements if tag not in wanted]

        assert shape(html) == shape(harmless)
        assert len(html.all("script")) == 4
        texts = [re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", one["text"]) for one in rows]
        assert html.sentences == texts
        assert json.loads(html.data)["title"] == nasty


def test_script_and_style_are_at_most_24_kb_by_gzip_and_name_no_other_place(sample):
    parts = re.findall(
        r"<(?:script|style)>(.*?)</(?:script|style)>",
        (sample[0] / "index.html").read_text("utf-8"),
        re.DOTALL,
    )
    assert len(parts) == 4
    assert len(gzip.compress("".join(parts).encode(), 9)) <= 24_000
    for asset in (*PARTS, "page.html", "worker.js"):
        assert not re.search(
            r"https?://(?!www\.w3\.org|wicg\.github\.io)|//cdn|@import",
            (ASSETS / asset).read_text(),
        )
    html = read(sample[0] / "index.html")
    for tag, attributes in html.elements:
        for name in ("src", "href"):
            assert not re.match(r"(https?:)?//", attributes.get(name) or ""), (tag, attributes)


def test_the_policy_allows_the_pages_own_script_and_style_by_digest_alone(sample):
    html = (sample[0] / "index.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert html.index("Content-Security-Policy") < html.index("<title>")


def test_each_string_of_the_interface_is_there_in_both_languages():
    strings = json.loads((ASSETS / "strings.json").read_text("utf-8"))
    for key, said in strings.items():
        assert said.keys() == {"ar", "en"}, key
        if isinstance(said["ar"], dict):
            assert {"one", "two", "few", "many", "other"} <= said["ar"].keys()
            assert {"one", "other"} <= said["en"].keys()
    used = set(re.findall(r'data-i(?:-label)?="(\w+)"', (ASSETS / "page.html").read_text()))
    for script in ("common.js", "page.js"):
        used |= set(re.findall(r'say\("(\w+)"', (ASSETS / script).read_text()))
        used |= set(re.findall(r'data-i(?:-label)?="(\w+)"', (ASSETS / script).read_text()))
    assert used <= strings.keys()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "مقال واحد"),
        (2, "مقالان"),
        (3, "3 مقالات"),
        (11, "11 مقالًا"),
        (100, "100 مقال"),
        (103, "103 مقالات"),
    ],
)
def test_arabic_counts_by_its_six_forms(number, said):
    assert strings.say("articles", "ar", number) == said


def test_the_page_may_be_in_english_by_setting(tmp_path):
    build(tmp_path, Config(page=Page(interface="en")))
    html = read(tmp_path / "index.html")
    assert html.all("html") == [{"lang": "en", "dir": "ltr", "data-interface": "en"}]
    assert html.all("article") == [{"lang": "ar", "dir": "rtl"}]
    assert "Tuesday, 24 November 2026" in " ".join(html.seen)


def test_every_kept_edition_has_a_page_that_stays_and_the_shelf_lists_all_newest_first(tmp_path):
    for day in (20, 22, 24):
        build(tmp_path, date=f"2026-11-{day}", articles=[(f"خبر {day}", ["نص."], None)])
    index = read(tmp_path / "index.html")
    links = [a["href"] for a in index.all("a") if "2026" in a["href"] and "html" in a["href"]]
    assert links == ["editions/briefing-2026-11-22.html", "editions/briefing-2026-11-20.html"]
    for link in links:
        kept = read(tmp_path / link)
        (audio,) = kept.all("audio")
        assert (tmp_path / "editions" / audio["src"]).is_file()
        assert {"href": "../briefing.html", "data-i": "back_to_shelf"} in kept.all("a")
    rows = json.loads((tmp_path / "shelf.json").read_text("utf-8"))["editions"]
    assert [row["date"][-2:] for row in rows if row["kept"]] == ["24", "22", "20"]
    assert all((tmp_path / row[key]).is_file() for row in rows for key in ("audio", "page"))


def test_every_address_in_every_page_leads_somewhere(tmp_path):
    for date in ("2026-11-23", "2026-11-24"):
        build(tmp_path, Config(output=Output(name="موجز اليوم #1?%20")), date=date)
    from urllib.parse import unquote

    pages = [*tmp_path.glob("*.html"), *(tmp_path / "editions").glob("*.html")]
    assert len(pages) == 4
    for path in pages:
        html = read(path)
        ids = {attributes["id"] for _, attributes in html.elements if "id" in attributes}
        for _, attributes in html.elements:
            for name in ("src", "href"):
                url = attributes.get(name, "data:")
                if url.startswith("#"):
                    assert url[1:] in ids or url.startswith("#t=")
                elif url != "data:,":
                    assert url == "data:" or (path.parent / unquote(url)).is_file(), url


def test_several_briefings_share_the_shelf_each_with_its_page(tmp_path):
    build(tmp_path, Config(output=Output(name="morning")), date="2026-11-23", title="الصباح")
    build(tmp_path, Config(output=Output(name="evening")), date="2026-11-24", title="المساء")
    index, morning = read(tmp_path / "index.html"), read(tmp_path / "morning.html")
    assert index.sentences == read(tmp_path / "evening.html").sentences, "the newest"
    links = [a["href"] for a in index.all("a") if a["href"].endswith(".html")]
    assert links == ["morning.html", "evening.html"], "in the order of the configuration"
    assert [a["href"] for a in index.all("a") if "aria-current" in a] == ["evening.html"]
    assert "الصباح" in " ".join(index.seen)
    assert {"href": "index.html", "data-i": "all_briefings"} in morning.all("a")
    assert "المساء" not in " ".join(morning.seen), "a page lists its own editions"


def test_from_a_kept_edition_the_way_back_is_to_the_same_briefing(tmp_path):
    build(tmp_path, Config(output=Output(name="morning")), date="2026-11-23", title="الصباح")
    build(tmp_path, Config(output=Output(name="evening")), date="2026-11-24", title="المساء")
    kept = read(tmp_path / "editions" / "morning-2026-11-23.html")
    back = [a["href"] for a in kept.all("a") if a.get("data-i") == "back_to_shelf"]
    assert set(back) == {"../morning.html"}
    assert json.loads(kept.data)["latest"] == "../morning.html"


def test_briefings_of_a_day_are_listed_in_the_configurations_order(tmp_path):
    names = ["zebra", "apple", "mango"]
    neighbours = tuple(Neighbour(name, tmp_path / "audio") for name in names)
    for name in sorted(names):
        config = Config(output=Output(name=name), base=tmp_path, neighbours=neighbours)
        build(tmp_path / "audio", config, title=name)
    rows = json.loads((tmp_path / "audio" / "shelf.json").read_text("utf-8"))["editions"]
    assert [row["name"] for row in rows if not row["kept"]] == names
    assert json.loads(read(tmp_path / "audio" / "index.html").data)["name"] == "zebra"


def test_the_same_edition_gives_the_same_bytes_whatever_the_build_cost(tmp_path):
    for name, seconds in (("one", 1.0), ("two", 99.0)):
        for date in ("2026-11-23", "2026-11-24"):
            build(tmp_path / name, date=date, seconds=seconds, created=f"{seconds}")
    files = sorted(
        path.relative_to(tmp_path / "one")
        for pattern in ("*.html", "editions/*.html")
        for path in (tmp_path / "one").glob(pattern)
    )
    assert len(files) == 4
    for file in [*files, "shelf.json"]:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_has_not_changed_is_not_written_again_and_links_are_not_written_into(tmp_path):
    folder = tmp_path / "edition"
    build(folder, date="2026-11-23", articles=[("أ", ["ب."], None)])
    kept, index = folder / "editions" / "briefing-2026-11-23.html", folder / "index.html"
    (tmp_path / "open.html").hardlink_to(index.resolve())
    before, shown = kept.stat(), index.read_bytes()
    build(folder, date="2026-11-24")
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (tmp_path / "open.html").read_bytes() == shown != index.read_bytes()


def test_a_rebuilt_day_has_its_lasting_page_written_again(tmp_path):
    build(tmp_path, articles=[("أ", ["ب."], None)])
    build(tmp_path, articles=[("أ", ["ت."], None)])
    assert read(tmp_path / "editions" / "briefing-2026-11-24.html").sentences[-1] == "ت."


def test_a_link_to_a_moment_leads_to_the_lasting_page_where_there_is_one(tmp_path):
    build(tmp_path / "kept")
    build(tmp_path / "none", Config(output=Output(keep=0)))
    pages = [
        json.loads(read(tmp_path / name / "index.html").data)["page"] for name in ("kept", "none")
    ]
    assert pages == ["editions/briefing-2026-11-24.html", ""]


def test_what_was_left_out_and_a_stand_in_voice_are_named(tmp_path):
    build(
        tmp_path,
        fallback_reason="no network",
        skipped=[{"path": "broken.txt", "reason": "not an article"}],
    )
    text = " ".join(read(tmp_path / "index.html").seen)
    assert "no network" in text
    assert "broken.txt: not an article" in text


def test_a_shelf_without_an_edition_has_no_page(tmp_path):
    views.refresh(Shelf(tmp_path))
    assert list(tmp_path.glob("[!.]*")) == []


def test_ten_hours_are_written_quickly_in_little_memory(tmp_path):
    title, texts, byline = seed_articles()[0]
    publish(tmp_path, articles=[(title, texts, byline)] * 80, sound=False)
    words = sum(
        len(one["words"]) for one in sentences(json.loads((tmp_path / "briefing.json").read_text()))
    )
    assert words > 60_000
    edition = read_edition(tmp_path / "briefing.json")
    listing = Listing(row_of(edition, is_kept=False))
    tracemalloc.start()
    page.write(tmp_path, edition, article_html(edition), listing, page.Extras())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    begun = time.process_time()
    (tmp_path / "briefing.html").unlink()
    page.write(tmp_path, edition, article_html(edition), listing, page.Extras())
    assert time.process_time() - begun < 5, "0.5 s on a quiet machine"
    assert peak < 30e6
    assert (tmp_path / "briefing.html").stat().st_size < 4e6


def test_the_head_of_a_sidecar_does_not_hold_its_paragraphs(tmp_path):
    publish(tmp_path, sound=False)
    edition = read_edition(tmp_path / "briefing.json")
    assert "paragraphs" not in edition.head
    assert dataclasses.is_dataclass(edition)
