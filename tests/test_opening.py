"""The opening line: what a briefing of several articles says first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import briefing.publish
from tests.conftest import Project
from tests.sound import decode


def built(project: Project, day: str = "2026-11-25") -> dict[str, Any]:
    done = project.run("build", "--date", day)
    assert done.returncode == 0, done.stderr
    value: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return value


def opening(sidecar: dict[str, Any], field: str = "text") -> list[str]:
    return [
        " ".join(sentence[field] for sentence in one["sentences"])
        for one in sidecar["paragraphs"]
        if one["chapter"] is None
    ]


def test_several_articles_are_opened_by_title_day_and_headlines(project: Project) -> None:
    sidecar = built(project)
    assert opening(sidecar) == [
        "موجز الأخبار ليوم الأربعاء 25 نوفمبر 2026.",
        "أبرز العناوين:",
        "مطر في بيروت",
        "فوز المنتخب",
    ]
    # the day in words, in the genitive after ليوم
    assert opening(sidecar, "spoken")[0] == (
        "موجز الأخبار ليوم الأربعاء الخامس والعشرين من نوفمبر ألفين وستة وعشرين"
    )
    schema = Path(briefing.publish.__file__).with_name("sidecar.schema.json")
    jsonschema.validate(sidecar, json.loads(schema.read_text("utf-8")))


def test_it_is_heard_before_the_first_article_and_in_no_chapter(project: Project) -> None:
    sidecar = built(project)
    assert [one["title"] for one in sidecar["chapters"]] == ["مطر في بيروت", "فوز المنتخب"]
    assert [one["source"] for one in sidecar["chapters"]] == [0, 1]
    spoken = [one for one in sidecar["paragraphs"] if one["chapter"] is None]
    assert spoken == sidecar["paragraphs"][: len(spoken)]
    assert spoken[-1]["end_s"] < sidecar["chapters"][0]["start_s"]
    sound = decode(project.audio / "briefing.mp3")
    for one in spoken:
        assert sound.level_db(one["start_s"], one["end_s"]) > -40
    transcript = (project.audio / "briefing.vtt").read_text("utf-8")
    assert "ليوم الأربعاء 25 نوفمبر 2026" in transcript
    page = (project.audio / "index.html").read_text("utf-8")
    assert page.index("ليوم الأربعاء 25 نوفمبر 2026") < page.index("هطل المطر")


def test_one_article_has_no_opening_line(project: Project) -> None:
    (project.folder / "seeds" / "b.txt").unlink()
    assert opening(built(project)) == []


def test_it_can_be_switched_off(project: Project) -> None:
    project.configure('[opening]\nline = ""\n')
    assert opening(built(project)) == []


def test_a_template_of_ones_own_is_spoken_even_for_one_article(project: Project) -> None:
    (project.folder / "seeds" / "b.txt").unlink()
    project.configure('title = "نشرة الصباح"\n[opening]\nline = "هنا {title}: {headlines}"\n')
    assert opening(built(project)) == ["هنا نشرة الصباح:", "مطر في بيروت"]


def test_so_many_headlines_are_said_as_the_settings_allow(project: Project) -> None:
    project.configure("[opening]\nheadlines = 1\n")
    assert opening(built(project))[1:] == ["أبرز العناوين:", "مطر في بيروت"]
    project.configure("[opening]\nheadlines = 0\n")
    assert len(opening(built(project))) == 1


def test_a_new_order_changes_the_headlines_and_speaks_nothing_again(project: Project) -> None:
    built(project)
    (project.folder / "seeds" / "a.txt").rename(project.folder / "seeds" / "c.txt")
    sidecar = built(project)
    assert opening(sidecar)[2:] == ["فوز المنتخب", "مطر في بيروت"]
    assert sidecar["build"]["clips_spoken"] == 0


@pytest.mark.slow
def test_the_day_makes_an_edition_out_of_date_where_it_is_said(project: Project) -> None:
    built(project)
    assert "ليوم الخميس 26 نوفمبر 2026." in opening(built(project, "2026-11-26"))[0]
    project.configure('[opening]\nline = "{title}."\n')
    built(project, "2026-11-26")
    done = project.run("build", "--date", "2026-11-27")
    assert "nothing to do" in done.stderr


@pytest.mark.parametrize("line", ["{day}", "{title!r}", "{title", "{}", "{title.x}"])
def test_a_template_that_cannot_be_filled_is_told_with_its_place(
    project: Project, line: str
) -> None:
    project.configure(f'[opening]\nline = "{line}"\n')
    done = project.run("build")
    assert done.returncode == 2
    assert "config.toml:2: opening.line:" in done.stderr
    assert "{title}, {date}, {headlines}" in done.stderr
