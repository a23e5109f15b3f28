"""The user's lexicon."""

import pytest

from briefing.config import Text
from briefing.errors import ConfigError
from briefing.text.lexicon import load_lexicon
from briefing.text.reading import read_paragraph


@pytest.fixture
def lexicon(tmp_path):
    path = tmp_path / "lexicon.toml"
    path.write_text(
        '[words]\n"قطر" = "قَطَر"\n"قطر الخيرية" = "قَطَر الخَيْرِيَّة"\n"XYZ" = "إِكْس واي"\n',
        encoding="utf-8",
    )
    return load_lexicon(path)


def tokens(text, lexicon):
    return [token for one in read_paragraph(text, Text(), lexicon) for token in one.tokens]


def test_a_reading_brings_its_vowels(lexicon):
    assert [one.vowelled for one in tokens("زار قطر", lexicon)] == ["", "قَطَر"]


def test_attached_particles_keep_with_the_word(lexicon):
    assert [one.vowelled for one in tokens("وقطر بقطر", lexicon)] == ["وَقَطَر", "بِقَطَر"]


def test_the_longest_entry_wins(lexicon):
    assert tokens("قطر الخيرية", lexicon)[0].text == "قطر الخيرية"


def test_a_part_of_a_word_is_no_match(lexicon):
    assert tokens("قطرات", lexicon)[0].vowelled == ""


def test_matches_are_the_lines_that_were_used(lexicon):
    assert lexicon.matches("في قطر و XYZ") == ("XYZ = إِكْس واي", "قطر = قَطَر")
    assert lexicon.matches("لا شيء") == ()


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('[words]\n"أ" = 3\n', 2, "text in quotes"),
        ('[words]\n\n"بي" = "BB"\n', 3, "Arabic words"),
        ('[wrods]\n"أ" = "ب"\n', 1, "unknown key"),
        ('[words]\n"أ = "ب"\n', 2, "not valid TOML"),
        ('[words]\n"،" = "ب"\n', 2, "must begin"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, content, line, says):
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        load_lexicon(path)
    assert f"mine.toml:{line}:" in str(caught.value)
