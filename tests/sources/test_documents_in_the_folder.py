"""Documents beside texts in the folder of the articles: which are read, what of them, and when."""

from __future__ import annotations

import dataclasses
import datetime
import json
import random
import re
import sys
import zipfile
from pathlib import Path

import pytest

from briefing.config import Config, Text
from briefing.errors import SourceError
from briefing.sources import Article, digests, find, read, read_path
from tests.conftest import Project

DOCUMENTS = Path(__file__).parent / "documents"
LINES = "هطل المطر صباح اليوم على العاصمة.\n\nوأغلقت المدارس أبوابها حتى الظهر.\n"

pytest.importorskip("lxml", reason="briefing[documents] is not installed; briefing[test] brings it")
pytest.importorskip("markdown_it", reason="briefing[documents] is not installed")
pytest.importorskip("mdit_py_plugins", reason="briefing[documents] is not installed")


@pytest.fixture
def folder(project: Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.base / "cache"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return project.sources_folder


def with_text(config: Config, **settings: bool) -> Config:
    return dataclasses.replace(config, text=dataclasses.replace(Text(), **settings))


def only(config: Config) -> Article:
    (article,), skipped = read(config)
    assert not skipped
    return article


def test_every_kind_is_looked_for_and_leftovers_of_programs_are_not(
    project: Config, folder: Path
) -> None:
    kept = ["a.txt", "b.MD", "c.docx", "d.odt", "e.epub", "f.html", "g.xml", "h.json", "i.pdf"]
    left = ["~$c.docx", "a.txt~", "f.html.part", "e.epub.crdownload", ".g.xml", "photo.jpg"]
    for name in (*kept, *left):
        (folder / name).write_text(LINES, encoding="utf-8")
    assert [path.name for path in find(project)] == kept


def test_patterns_of_before_mean_what_they_meant(project: Config, folder: Path) -> None:
    for name in ("a.txt", "b.md", "c.html"):
        (folder / name).write_text(LINES, encoding="utf-8")
    sources = dataclasses.replace(project.sources, patterns=("*.txt",))
    config = dataclasses.replace(project, sources=sources)
    assert [path.name for path in find(config)] == ["a.txt"]


def test_folders_in_the_folder_are_read_where_that_is_asked_for(
    project: Config, folder: Path
) -> None:
    for name in ("a.md", "z.txt", "m/b.md", "m/n/c.md", "page_files/x.html", ".git/d.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(LINES, encoding="utf-8")
    assert [path.name for path in find(project)] == ["a.md", "z.txt"]
    sources = dataclasses.replace(project.sources, recursive=True)
    found = find(dataclasses.replace(project, sources=sources))
    assert [path.relative_to(folder).as_posix() for path in found] == [
        "a.md",
        "m/b.md",
        "m/n/c.md",
        "z.txt",
    ]


def test_front_matter_tells_what_it_tells(project: Config, folder: Path) -> None:
    head = "---\ntitle: مطر\nauthor: [سلمى, رامي]\ndate: 2026-11-26\nsection: طقس\nweight: 3\n---\n"
    (folder / "a.md").write_text(head + LINES, encoding="utf-8")
    article = only(project)
    assert (article.title, article.byline, article.date) == ("مطر", "سلمى، رامي", "2026-11-26")
    assert (article.section, article.order, article.key) == ("طقس", 3, "seeds/a.md")


@pytest.mark.parametrize("key", ["url", "link", "canonical", "canonical_url", "source", "Link"])
def test_front_matter_has_the_link_under_any_of_its_usual_names(
    project: Config, folder: Path, key: str
) -> None:
    head = f"---\n{key}: https://example.org/rain\n---\n"
    (folder / "a.md").write_text(head + LINES, encoding="utf-8")
    assert only(project).url == "https://example.org/rain"


@pytest.mark.parametrize(
    "line",
    [
        "draft: Yes",
        "draft: 1",
        "publish: No",
        'publish: "off"',
        "publishdate: false",
        "published: false",
    ],
)
def test_a_draft_is_marked_in_several_ways(project: Config, folder: Path, line: str) -> None:
    (folder / "a.txt").write_text(LINES, encoding="utf-8")
    (folder / "b.md").write_text(f"---\n{line}\n---\n{LINES}", encoding="utf-8")
    assert [article.path for article in read(project)[0]] == ["seeds/a.txt"]


def test_drafts_are_left_out_without_a_word(project: Config, folder: Path) -> None:
    (folder / "a.txt").write_text(LINES, encoding="utf-8")
    (folder / "b.md").write_text(f"---\ndraft: true\n---\n{LINES}", encoding="utf-8")
    (folder / "c.md").write_text(f"---\npublish: false\n---\n{LINES}", encoding="utf-8")
    articles, skipped = read(project)
    assert [article.path for article in articles] == ["seeds/a.txt"]
    assert skipped == []
    assert read_path(folder / "b.md", project)[0].paragraphs, "proof-reading shows a draft"


def test_an_embargo_is_not_read_earlier_and_its_end_makes_a_briefing_out_of_date(
    project: Config, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.datetime(2026, 11, 27, 6, tzinfo=datetime.UTC)
    (folder / "a.txt").write_text(LINES, encoding="utf-8")
    (folder / "b.md").write_text(
        f"---\npublish: {moment.isoformat()}\n---\n{LINES}", encoding="utf-8"
    )
    seen = []
    for second in (-1, 0):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp()) + second))
        seen.append(([article.path for article in read(project)[0]], digests(project)))
    assert seen[0][0] == ["seeds/a.txt"]
    assert seen[1][0] == ["seeds/a.txt", "seeds/b.md"]
    assert seen[0][1] != seen[1][1]


def test_an_embargo_without_a_zone_is_by_the_schedules_clock(
    project: Config, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = dataclasses.replace(project.schedule, timezone="Asia/Riyadh")
    config = dataclasses.replace(project, schedule=schedule)
    (folder / "b.md").write_text(f"---\npublish: 2026-11-27T06:00\n---\n{LINES}", encoding="utf-8")
    in_riyadh = datetime.datetime(2026, 11, 27, 3, tzinfo=datetime.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(in_riyadh.timestamp())))
    assert only(config).path == "seeds/b.md"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(in_riyadh.timestamp()) - 1))
    with pytest.raises(SourceError, match="a draft, or not to be read yet"):
        read(config)


def test_another_language_is_told(project: Config, folder: Path) -> None:
    (folder / "a.txt").write_text(LINES, encoding="utf-8")
    (folder / "b.md").write_text(f"---\nlang: fa\n---\n{LINES}", encoding="utf-8")
    assert [(one.path, "lang: fa" in one.reason) for one in read(project)[1]] == [
        ("seeds/b.md", True)
    ]


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("read_captions", "سيارات تسير في الغبار"),
        ("read_alt", "شارع مغبر"),
        ("read_notes", "1. القياس في محطة سيوة."),
        ("read_code", "print(1)"),
    ],
)
def test_what_is_beside_the_text_is_read_where_a_setting_asks_for_it(
    project: Config, folder: Path, setting: str, text: str
) -> None:
    (folder / "a.md").write_text(
        f"# مطر\n\n{LINES}\n<figure><img src='a.jpg' alt='شارع مغبر'><figcaption>سيارات تسير في الغبار"
        "</figcaption></figure>\n\n```\nprint(1)\n```\n\nوهبت الريح[^1].\n\n[^1]: القياس في محطة سيوة.\n",
        encoding="utf-8",
    )
    assert text not in only(project).paragraphs
    assert text in only(with_text(project, **{setting: True})).paragraphs


def test_a_long_table_is_told_by_its_rows(project: Config, folder: Path) -> None:
    rows = "\n".join(f"| مدينة {number} | {number} |" for number in range(13))
    (folder / "a.md").write_text(
        f"# مطر\n\n{LINES}\n| المدينة | ملم |\n|---|---|\n{rows}\n", encoding="utf-8"
    )
    article = only(project)
    assert article.paragraphs[-1] == "جدول، عدد صفوفه 13."
    assert article.kinds[-1] == "row"


def test_a_document_is_parsed_once(
    project: Config, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.md").write_text(LINES, encoding="utf-8")
    first = read(project)
    monkeypatch.setattr(sys, "executable", "/nothing/there")  # no child can start
    assert read(project) == first
    (folder / "b.md").write_text(LINES + "وعاد الهدوء.\n", encoding="utf-8")
    with pytest.raises(OSError, match="nothing"):
        read(project)


def test_why_a_document_cannot_be_read_is_kept_too(project: Config, folder: Path) -> None:
    (folder / "a.txt").write_text(LINES, encoding="utf-8")
    (folder / "b.xml").write_bytes((DOCUMENTS / "N2_rss_entity_bomb" / "bomb.xml").read_bytes())
    first = read(project)
    assert "declares entities" in first[1][0].reason
    assert read(project) == first


def test_a_word_file_may_be_large_for_its_pictures(project: Config, folder: Path) -> None:
    pytest.importorskip("mammoth", reason="briefing[documents] is not installed")
    document = folder / "a.docx"
    document.write_bytes((DOCUMENTS / "22_docx_word" / "fed.docx").read_bytes())
    with zipfile.ZipFile(document, "a") as archive:
        archive.writestr("word/media/image1.jpg", random.Random(1).randbytes(6_000_000))
    assert only(project).title.startswith("البنك المركزي")
    (folder / "b.txt").write_text(LINES * 60_000, encoding="utf-8")
    assert [one.reason[:22] for one in read(project)[1]] == ["is larger than 5 MB; s"]


def test_the_digests_of_texts_are_as_they_were(project: Config, folder: Path) -> None:
    (folder / "a.txt").write_text(LINES, encoding="utf-8")
    ((_, digest),) = digests(project)
    assert re.fullmatch("[0-9a-f]{64}", digest)


def test_a_kind_that_is_not_installed_is_told_once_and_the_rest_is_built(project_: Project) -> None:
    project_.write("a.txt", f"مطر\n\n{LINES}")
    for name in ("b.docx", "c.docx", "d.docx"):
        data = (DOCUMENTS / "22_docx_word" / "fed.docx").read_bytes()
        (project_.folder / "seeds" / name).write_bytes(data)
    without = project_.folder / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text(
        "from importlib import util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'mammoth' else find(name, *more)\n"
    )
    environment = project_.environment()
    environment["PYTHONPATH"] += f":{without}"
    for command in ("check", "build"):
        done = project_.run(command, environment=environment)
        said = done.stdout + done.stderr
        assert done.returncode == 3, said
        assert said.count("briefing[documents]") == 1
        assert "seeds/b.docx and 2 more" in said
        assert "python3 -m pip install" in said
    assert (project_.audio / "briefing.mp3").exists()


@pytest.fixture
def project_(tmp_path: Path) -> Project:
    (tmp_path / "seeds").mkdir()
    return Project(tmp_path)


def test_the_edition_of_documents_says_where_they_come_from(project_: Project) -> None:
    pytest.importorskip("feedparser", reason="briefing[web] is not installed")
    feed = (DOCUMENTS / "15_rss_full_content" / "feed.xml").read_bytes()
    (project_.folder / "seeds" / "feed.xml").write_bytes(feed)
    text = f"# مطر\n\n{LINES}\n## ماذا بعد؟\n\n1. تنظيف الشوارع.\n2. فتح المدارس.\n"
    project_.write("rain.md", text)
    project_.configure('[opening]\nline = ""\n[sound]\nopening = ""\nclosing = ""\n')
    done = project_.run("build")
    assert done.returncode == 0, done.stderr
    sidecar = json.loads((project_.audio / "briefing.json").read_text(encoding="utf-8"))
    assert sidecar["schema_version"] == 2
    storm = sidecar["sources"][1]
    assert storm["url"] == "https://news.example/storm"
    assert storm["date"].startswith("2026-11-27")
    assert storm["section"] == "طقس"
    kinds = [paragraph.get("kind", "p") for paragraph in sidecar["paragraphs"]]
    assert kinds[-3:] == ["heading", "item", "item"]
    assert sidecar["paragraphs"][-2]["sentences"][0]["spoken"].startswith("أولا")
    heading, item = sidecar["paragraphs"][-3], sidecar["paragraphs"][-2]
    assert item["start_s"] - heading["end_s"] == pytest.approx(0.9, abs=0.15)
    page = (project_.audio / "index.html").read_text(encoding="utf-8")
    assert '<a href="https://news.example/storm" rel="noopener noreferrer external"' in page
    assert re.search(r'<h3 id="p-\d+">', page)


def test_script_numbers_the_articles_of_a_document(project_: Project) -> None:
    pytest.importorskip("feedparser", reason="briefing[web] is not installed")
    done = project_.run("script", "--json", str(DOCUMENTS / "15_rss_full_content" / "feed.xml"))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["article"] for row in rows} == {0, 1}
    done = project_.run("script", str(DOCUMENTS / "30_pdf_libreoffice" / "k.pdf"))
    assert done.returncode == 1
    assert "k.pdf: is a PDF" in done.stderr
