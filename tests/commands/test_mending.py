"""`briefing mend`, `names` and `init`, as their users call them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from briefing.commands.starting import init
from briefing.config import load
from briefing.errors import ShelfError
from briefing.text.normalisation.lexicon import load_lexicon
from tests.conftest import Project, make_project


@pytest.fixture
def newsroom(tmp_path: Path) -> Project:
    return make_project(
        tmp_path / "newsroom",
        {
            "a.txt": "قال الوزير سرغيني إن الاجتماع انتهى. ووصل سرغيني أمس.\n",
            "b.txt": "زار باريس سرغيني أمس.\n",
        },
    )


def test_mend_writes_a_line_and_counts_the_places(newsroom: Project) -> None:
    done = newsroom.run("mend", "سرغيني", "سِرْغِينِي")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "names.toml: سرغيني = سِرْغِينِي; 3 places in 2 articles\n"
    assert load_lexicon(newsroom.folder / "names.toml").words["سرغيني"] == "سِرْغِينِي"


@pytest.mark.slow
def test_mend_for_one_article(newsroom: Project) -> None:
    done = newsroom.run("mend", "سرغيني", "سِرْغِينِي", "--article", "seeds/a.txt")
    assert done.stdout == "names.toml: سرغيني = سِرْغِينِي; 2 places in 1 article\n"
    lexicon = load_lexicon(newsroom.folder / "names.toml")
    assert lexicon.articles["seeds/a.txt"].words == {"سرغيني": "سِرْغِينِي"}
    assert "lexicon" in newsroom.run("script", "seeds/a.txt", "--json").stdout
    assert '"lexicon"' not in newsroom.run("script", "seeds/b.txt", "--json").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("سرغيني", "Sarghini"), "must be Arabic words: 'Sarghini'"),
        (("سرغيني", "سِرْغِينِي", "--article", "seeds/aa.txt"), "did you mean seeds/a.txt?"),
        (("سرغيني",), "READING"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(
    newsroom: Project, arguments: tuple[str, ...], message: str
) -> None:
    done = newsroom.run("mend", *arguments)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (newsroom.folder / "names.toml").exists()


def test_a_word_of_no_article_is_doubted(newsroom: Project) -> None:
    done = newsroom.run("mend", "زيلنسكي", "زِيلِنْسْكِي")
    assert done.returncode == 0
    assert "is in no article" in done.stderr


def test_a_wrong_lexicon_is_told_with_its_line(newsroom: Project) -> None:
    path = newsroom.folder / "names.toml"
    path.write_text('[words]\n"س" = \n', "utf-8")
    done = newsroom.run("mend", "سرغيني", "سِرْغِينِي")
    assert done.returncode == 2
    assert "names.toml:2" in done.stderr
    assert path.read_text("utf-8") == '[words]\n"س" = \n'


@pytest.mark.slow
def test_names_counts_the_guessed_names(newsroom: Project) -> None:
    newsroom.write("c.txt", "قال الوزير تشابوفيتش إن الاجتماع انتهى.\n")
    newsroom.write("b.txt", "قال الوزير سرغيني ذلك، ثم عاد إلى بلاده.\n")
    rows = [line.split() for line in newsroom.run("names").stdout.splitlines()]
    counts = {row[1]: int(row[0]) for row in rows}
    assert counts["سرغيني"] >= 2
    assert counts["تشابوفيتش"] == 1
    assert [int(row[0]) for row in rows] == sorted(counts.values(), reverse=True)
    newsroom.run("mend", "تشابوفيتش", "تْشَابُوفِيتْش")
    assert "تشابوفيتش" not in newsroom.run("names").stdout


@pytest.mark.slow
def test_init_makes_a_folder_that_builds(tmp_path: Path) -> None:
    project = Project(tmp_path / "new")
    project.folder.mkdir()
    done = project.run("init")
    assert done.returncode == 0, done.stderr
    assert "briefing build" in done.stdout
    project.write("a.txt", "قال المدير إن العمل انتهى.\n")
    check = project.run("check")
    assert check.returncode == 0, check.stderr
    assert project.run("mend", "المدير", "الْمُدِير").returncode == 0
    assert "المدير" in (project.folder / "names.toml").read_text("utf-8")


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "names.toml").write_text('[words]\n"س" = "سَ"\n', "utf-8")
    assert project.run("init").returncode == 0
    assert (tmp_path / "names.toml").read_text("utf-8") == '[words]\n"س" = "سَ"\n'
    config = (tmp_path / "config.toml").read_bytes()
    again = project.run("init")
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert (tmp_path / "config.toml").read_bytes() == config


def test_the_next_commands_of_init_name_a_configuration_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines: list[str] = []
    init(Path("my news/own.toml"), lines.append)
    (build,) = [line for line in lines if "briefing build" in line]
    arguments = shlex.split(build, comments=True)
    assert arguments == ["briefing", "build", "--config", "my news/own.toml"]
    assert load(Path(arguments[-1]))[0].sources_folder.is_dir()
    lines.clear()
    init(None, lines.append)
    assert not [line for line in lines if "--config" in line]


def test_init_names_a_file_that_stands_where_a_folder_is_needed(tmp_path: Path) -> None:
    (tmp_path / "seeds").touch()
    with pytest.raises(ShelfError, match="seeds: cannot be written: a file stands where"):
        init(tmp_path / "config.toml", str)
