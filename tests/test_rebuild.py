"""Building again: what changed is spoken, the rest is not, and the bytes do not depend on it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, SHORT_ARTICLES, Project, make_project


def built(project: Project, *arguments: str, **environment: str) -> dict[str, Any]:
    done = project.run("build", "--date", "2026-11-24", *arguments, environment=environment)
    assert done.returncode == 0, done.stderr
    value: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return value


SPOKEN = 5 + 2
"""Clips of the two short articles, and the two of the opening line that are no headlines."""
HEADLINES = 2


def digest(project: Project, name: str) -> str:
    return hashlib.sha256((project.audio / name).read_bytes()).hexdigest()


def test_a_second_build_does_nothing_and_says_so(built_project: Project) -> None:
    before = os.readlink(built_project.audio / ".current.briefing")
    done = built_project.run("build", "--date", "2026-11-24")
    assert done.returncode == 0
    assert "up to date, nothing to do" in done.stderr
    assert os.readlink(built_project.audio / ".current.briefing") == before


def test_a_build_that_does_nothing_imports_no_voice_model_or_audio_library(
    built_project: Project,
) -> None:
    done = built_project.run(
        "build", "--date", "2026-11-24", environment={"PYTHONPROFILEIMPORTTIME": "1"}
    )
    assert "up to date" in done.stderr
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert loaded >= {"briefing.pipeline"}
    assert not loaded & {
        "numpy",
        "onnxruntime",
        "av",
        "lameenc",
        "pydub",
        "gtts",
        "requests",
        "rich",
    }


def test_a_changed_paragraph_is_the_only_one_spoken_again(project: Project) -> None:
    assert built(project)["build"]["clips_spoken"] == SPOKEN
    project.write("a.txt", SHORT_ARTICLES["a.txt"].replace("سالكة", "مغلقة"))
    build = built(project)["build"]
    assert (build["clips_spoken"], build["clips_reused"]) == (1, SPOKEN - 1 + HEADLINES)


def test_a_line_of_the_lexicon_speaks_again_only_the_paragraphs_it_touches(
    project: Project,
) -> None:
    project.configure('[text]\nlexicon = "names.toml"\n')
    lexicon = project.folder / "names.toml"
    lexicon.write_text('[words]\n"كلمة" = "كَلِمَة"\n', "utf-8")
    built(project)
    lexicon.write_text('[words]\n"كلمة" = "كَلِمَة"\n"المنتخب" = "الْمُنْتَخِب"\n', "utf-8")
    sidecar = built(project)
    assert sidecar["build"]["clips_spoken"] == 2  # the title and the paragraph about the team
    assert sidecar["build"]["clips_reused"] == SPOKEN - 2 + HEADLINES


def test_reordering_articles_speaks_nothing_again(built_project: Project) -> None:
    (built_project.folder / "seeds" / "a.txt").rename(built_project.folder / "seeds" / "c.txt")
    sidecar = built(built_project)
    assert sidecar["build"]["clips_spoken"] == 0
    assert [one["title"] for one in sidecar["chapters"]] == ["فوز المنتخب", "مطر في بيروت"]


def test_a_setting_of_the_sound_speaks_everything_again(built_project: Project) -> None:
    built_project.configure("[voices.espeak]\npitch = 60\n")
    assert built(built_project)["build"]["clips_spoken"] == SPOKEN


def test_a_pause_between_paragraphs_speaks_nothing_again(built_project: Project) -> None:
    before = built(built_project)
    built_project.configure("[pauses]\nparagraph_s = 2.0\n")
    after = built(built_project)
    assert after["build"]["clips_spoken"] == 0
    assert after["duration_s"] > before["duration_s"] + 1


def test_two_identical_files_are_two_chapters_spoken_once(project: Project) -> None:
    project.write("c.txt", SHORT_ARTICLES["a.txt"])
    sidecar = built(project)
    assert [one["source"] for one in sidecar["chapters"]] == [0, 1, 2]
    assert sidecar["build"]["clips_spoken"] == SPOKEN


def test_force_speaks_everything_again_and_gives_the_same_bytes(built_project: Project) -> None:
    before = digest(built_project, "briefing.mp3")
    assert built(built_project, "--force")["build"]["clips_spoken"] == SPOKEN
    assert digest(built_project, "briefing.mp3") == before


def test_bytes_do_not_depend_on_cache_workers_or_folder(
    project: Project, tmp_path_factory: Any
) -> None:
    project.configure("workers = 4\n")
    first = built(project)
    other = make_project(tmp_path_factory.mktemp("elsewhere") / "project")
    other.configure("workers = 1\n")
    other.write("a.txt", "عنوان\n\nكلام آخر لا علاقة له.\n")
    built(other)  # so that other clips are spoken first, and some are in the cache
    other.write("a.txt", SHORT_ARTICLES["a.txt"])
    second = built(other)
    for sidecar in (first, second):
        del sidecar["build"]
    assert first == second
    assert digest(project, "briefing.mp3") == digest(other, "briefing.mp3")


def test_a_new_day_alone_does_not_make_a_briefing_out_of_date(project: Project) -> None:
    (project.folder / "seeds" / "b.txt").unlink()
    built(project)
    done = project.run("build", "--date", "2026-11-25")
    assert "nothing to do" in done.stderr


def test_a_new_day_is_spoken_alone_where_the_opening_line_says_it(built_project: Project) -> None:
    done = built_project.run("build", "--date", "2026-11-25")
    assert "clips spoken: 1," in done.stderr


def test_the_edition_date_comes_from_source_date_epoch_when_it_is_set(project: Project) -> None:
    done = project.run("build", environment={"SOURCE_DATE_EPOCH": "86400"})
    assert done.returncode == 0, done.stderr
    assert json.loads((project.audio / "briefing.json").read_text("utf-8"))["edition_date"] == (
        "1970-01-02"
    )


def test_a_file_that_somebody_changed_on_the_shelf_is_published_again(
    built_project: Project,
) -> None:
    sidecar = built_project.audio / "briefing.json"
    sidecar.write_text(sidecar.read_text("utf-8").replace("مطر", "ثلج"), "utf-8")
    assert built(built_project)["chapters"][0]["title"] == "مطر في بيروت"


def test_a_damaged_cache_is_spoken_again(built_project: Project) -> None:
    before = digest(built_project, "briefing.mp3")
    entries = [one for one in (built_project.folder / "cache").rglob("*") if one.is_file()]
    assert entries
    for number, entry in enumerate(entries):
        data = bytearray(entry.read_bytes())
        if number % 2:
            data[len(data) // 2] ^= 1
            entry.write_bytes(data)
        else:
            entry.write_bytes(data[: len(data) // 2])
    (built_project.audio / "briefing.mp3").resolve().unlink()
    assert built(built_project)["build"]["clips_spoken"] == SPOKEN
    assert digest(built_project, "briefing.mp3") == before


def test_the_cache_is_shown_and_cleared_by_a_command(built_project: Project) -> None:
    kept = re.search(r": (\d+) entries kept, ([\d.]+) MB", built_project.run("cache").stdout)
    assert int(kept[1]) >= 5
    assert float(kept[2]) > 0
    assert f": {kept[1]} entries dropped" in built_project.run("cache", "--clear").stdout
    assert " 0 entries kept, 0.0 MB" in built_project.run("cache").stdout


@pytest.mark.slow
def test_beyond_its_limit_the_cache_drops_what_was_not_used_for_longest(project: Project) -> None:
    project.configure("[cache]\nmax_mb = 1\n")
    long = "\n".join(f"هذه فقرة رقم {'واحد ' * number} من المقال." for number in range(1, 30))
    project.write("long.txt", f"عنوان\n\n{long}\n")
    built(project)
    for entry in (project.folder / "cache").rglob("*"):
        os.utime(entry, (0, 0))
    project.write("long.txt", "عنوان\n\nلم يبق غير هذا.\n")
    built(project)
    entries = [one for one in (project.folder / "cache").rglob("*") if one.is_file()]
    assert sum(one.stat().st_size for one in entries) <= 1_000_000
    project.write("b.txt", SHORT_ARTICLES["b.txt"] + "\n")
    assert built(project)["build"]["clips_spoken"] == 0  # what was used last is there


def test_two_builds_at_once_both_succeed(project: Project) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: project.run("build", "--force"), range(2)))
    assert [one.returncode for one in both] == [0, 0], [one.stderr for one in both]


def test_a_build_shows_no_warning_of_a_library(project: Project) -> None:
    done = project.run("build")
    assert done.returncode == 0
    assert "Warning" not in done.stderr


def test_a_relative_cache_folder_of_the_user_is_ignored_as_its_standard_says(
    project: Project,
) -> None:
    home = project.folder / "home"
    home.mkdir()
    done = project.run("build", environment={"XDG_CACHE_HOME": "here", "HOME": str(home)})
    assert done.returncode == 0, done.stderr
    assert not (project.folder / "here").exists()
    assert (home / ".cache" / "briefing").is_dir()


def test_a_change_of_the_program_makes_what_it_built_out_of_date(tmp_path: Path) -> None:
    copy = tmp_path / "briefing"
    (copy / "text").mkdir(parents=True)
    for name in ("__init__.py", "versions.py"):
        shutil.copy(ROOT / "briefing" / name, copy)
    table = copy / "text" / "units.tsv"

    def version_of(folder: str) -> str:
        code = f"from briefing.versions import files_digest; print(files_digest({folder!r}))"
        done = subprocess.run(
            [sys.executable, "-B", "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    table.write_text("a", "utf-8")
    before = version_of(""), version_of("text"), version_of("speech")
    table.write_text("b", "utf-8")
    after = version_of(""), version_of("text"), version_of("speech")
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]
