"""`briefing publish` and publish.target, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import BUILT_DATE, Project

DAY = ("--date", BUILT_DATE)


def add(project: Project, text: str) -> None:
    path = project.folder / "config.toml"
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(f"{text}\n{before}", "utf-8")


def test_the_shelf_is_published_and_then_is_up_to_date(built_project: Project) -> None:
    project = built_project
    planned = project.run("publish", "web", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "send    briefing.mp3" in planned.stdout
    assert not (project.folder / "web").exists()
    done = project.run("publish", "web")
    assert (done.returncode, done.stderr) == (0, "")
    assert (project.folder / "web" / "briefing.mp3").read_bytes() == (
        project.audio / "briefing.mp3"
    ).read_bytes()
    again = project.run("publish", "web")
    assert "0 files sent (0.0 MB)" in again.stdout


def test_without_a_target_the_user_is_told_what_to_write(built_project: Project) -> None:
    done = built_project.run("publish")
    assert done.returncode == 2
    assert "no target; write `briefing publish TARGET`" in done.stderr


def test_each_build_publishes_and_a_failure_is_told_recorded_and_tried_again(
    built_project: Project,
) -> None:
    project = built_project
    add(project, 'publish.target = "nas/web"')
    done = project.run("build", *DAY)
    assert done.returncode == 3, done.stderr
    assert "not delivered; the next build tries again" in done.stderr
    assert "mount or create it" in done.stderr
    status = project.run("status", "--json")
    (row,) = json.loads(status.stdout)["briefings"]
    assert row["state"] == "partly"
    assert "not delivered" in row["last_build"]["message"]
    assert (project.audio / "briefing.mp3").exists()

    (project.folder / "nas").mkdir()
    done = project.run("build", *DAY)
    assert done.returncode == 0, done.stderr
    assert (project.folder / "nas" / "web" / "briefing.mp3").exists()
    (row,) = json.loads(project.run("status", "--json").stdout)["briefings"]
    assert row["state"] == "ok"


def test_what_is_published_already_asks_the_target_nothing(built_project: Project) -> None:
    project = built_project
    add(project, 'publish.target = "web"')
    assert project.run("build", *DAY).returncode == 0
    (project.folder / "web").rename(project.folder / "gone")
    done = project.run("build", *DAY)
    assert done.returncode == 0, done.stderr
    assert not (project.folder / "web").exists()
    project.write("c.txt", "عنوان ثالث\n\nنص ثالث.\n")
    assert project.run("build", *DAY).returncode == 0
    assert len(list((project.folder / "web").glob("*.mp3"))) == 1


def test_two_shelves_need_a_name(built_project: Project, tmp_path: Path) -> None:
    project = built_project
    project.configure(
        '[briefing.one]\noutput.folder = "audio-one"\n[briefing.two]\noutput.folder = "audio-two"\n'
    )
    done = project.run("publish", "web")
    assert done.returncode == 2
    assert "name one with --name" in done.stderr


def test_a_target_among_the_articles_is_refused(built_project: Project) -> None:
    project = built_project
    before = sorted(project.folder.joinpath("seeds").rglob("*"))
    done = project.run("publish", "seeds")
    assert done.returncode == 2
    assert "from which articles are read; name another folder" in done.stderr
    add(project, 'publish.target = "seeds"')
    for command in ("check", "build", "publish"):
        done = project.run(command)
        assert done.returncode == 2, command
        assert ":1: publish.target: seeds is in" in done.stderr, command
    add(project, "sources.recursive = true")
    done = project.run("publish", "seeds/web")
    assert done.returncode == 2
    assert sorted(project.folder.joinpath("seeds").rglob("*")) == before


def test_a_build_of_another_briefing_sends_nothing_among_the_articles(
    built_project: Project,
) -> None:
    project = built_project
    other = '[briefing.other]\nsources.folder = "none"\n[briefing.briefing]\n'
    add(project, f'publish.target = "none"\n{other}')
    done = project.run("build", *DAY)
    assert done.returncode == 2
    assert "from which articles are read" in done.stderr
    assert not (project.folder / "none").exists()
