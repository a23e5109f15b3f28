"""A mistake in the configuration is told with its line, and with what was probably meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.config import load, place
from briefing.errors import ConfigError
from briefing.text.cleaning import strip_marks
from briefing.text.normalisation.lexicon import configured_lexicon, load_lexicon
from tests.conftest import ROOT


def refusal(folder: Path, text: str) -> str:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as refused:
        load(path)
    return str(refused.value).removeprefix(str(folder))


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ("title = موجز", 1, 'put the text in straight quotes: title = "موجز"'),
        ("offline = false\ntitle = “موجز”", 2, 'not curly ones: title = "موجز"'),
        ("title = «موجز» # العنوان", 1, 'not curly ones: title = "موجز"'),
        ("“title” = “موجز”", 1, 'not curly ones: "title" = "موجز"'),
        ("offline = yes", 1, "write offline = true"),
        ('title = "a"\ntitle = "b"', 2, "there twice"),
        ("[text]\n[sources]\n[text]", 3, "the table [text] is there twice"),
        ('[sources]\nfolder = "C:\\media"', 2, "in single quotes"),
    ],
)
def test_a_line_that_is_no_toml_is_told_how_to_be_written(
    tmp_path: Path, text: str, line: int, advice: str
) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(f"/config.toml:{line}: is not valid TOML: ")
    assert advice in message


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ('[cache]\ntext.lexicon = "n"', 2, "text.lexicon is in the wrong place: write lexicon = … under [text]"),
        ('[cache]\nlexicon = "n"', 2, "text.lexicon is in the wrong place: write lexicon = … under [text]"),
        ('lexicon = "n"', 1, "write lexicon = … under [text]"),
        ('[feed]\ntitle = "x"', 2, "title is in the wrong place: write it above the first [table]"),
        ('folder = "x"', 1, "it is a key of [sources], [output], [cache]"),
        ("[output]\nspeed_wpm = 200", 2, "under [voices.espeak]"),
        ("[cache]\ntext.lexikon = 'n'", 2, "did you mean text.lexicon?"),
        ("[sources]\nfoldr = 'x'", 2, "did you mean folder?"),
        ("[briefing.a]\n[briefing.b]\nlexicon = 'n'", 3, "under [text]"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_told_with_the_setting_that_was_meant(
    tmp_path: Path, text: str, line: int, advice: str
) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(f"/config.toml:{line}: unknown key ")
    assert advice in message


def test_of_several_briefings_the_line_of_the_one_that_is_wrong_is_named(tmp_path: Path) -> None:
    text = "[briefing.a]\nsources.max_file_mb = 1\n[briefing.b]\nsources.max_file_mb = -1\n"
    assert refusal(tmp_path, text).startswith("/config.toml:4: ")
    path = tmp_path / "config.toml"
    path.write_text("[briefing.a.feed]\ncover = 'x'\n[briefing.b.feed]\ncover = 'y'\n", "utf-8")
    first, second = load(path)
    assert place(first, "feed", "cover") == f"{path}:2"
    assert place(second, "feed", "cover") == f"{path}:4"


def readme_examples() -> list[str]:
    readme = (ROOT / "README.md").read_text("utf-8")
    return re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)


def test_the_lexicon_works_as_the_shipped_comment_says_it_and_as_the_readme_does(
    tmp_path: Path,
) -> None:
    shipped = (ROOT / "config.toml").read_text("utf-8")
    path = tmp_path / "config.toml"
    uncommented = shipped.replace("# [text]", "[text]").replace("# lexicon", "lexicon")
    path.write_text(uncommented, "utf-8")
    assert load(path)[0].text.lexicon == "names.toml"
    path.write_text(shipped, "utf-8")  # names.toml beside it needs no setting
    (tmp_path / "names.toml").write_text(
        next(text for text in readme_examples() if "[words]" in text), "utf-8"
    )
    assert "NATO" in configured_lexicon(load(path)[0]).own


def test_the_lines_of_the_readmes_lexicon_are_readings_with_vowels(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text(next(text for text in readme_examples() if "[words]" in text), "utf-8")
    words = load_lexicon(path)
    assert {"NATO", "ويتكوف"} == words.own
    assert all(strip_marks(words.words[form]) != words.words[form] for form in words.own)


@pytest.mark.parametrize("target", ["missing.toml", "config.toml"])
def test_a_link_that_leads_nowhere_is_not_taken_for_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load()[0].path is None
    (tmp_path / "config.toml").symlink_to(target)
    with pytest.raises(ConfigError, match=r"config\.toml: (there is no such|cannot be read)"):
        load()
