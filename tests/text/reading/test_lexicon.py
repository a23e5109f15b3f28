"""The user's lexicon."""

import pytest

from briefing.config import Text
from briefing.errors import ConfigError
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph


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


def entry(tmp_path, written, reading):
    path = tmp_path / "one.toml"
    path.write_text(f'[words]\n"{written}" = "{reading}"\n', encoding="utf-8")
    return load_lexicon(path)


@pytest.mark.parametrize(
    ("written", "reading", "text", "token", "vowelled"),
    [
        ("الزمالك", "الزَّمَالِك", "فوز للزمالك", "للزمالك", "لِلزَّمَالِك"),
        ("شي جين بينغ", "شِي جِين بِينْغ", "قال وشي جين  بينغ", "وشي جين  بينغ", "وَشِي جِين بِينْغ"),
        ("إف-16", "إِف سِتَّة عَشَر", "طائرة وإف-16", "وإف-16", "وَإِف سِتَّة عَشَر"),
        ("د. علي", "دُكْتُور عَلِي", "قال د. علي ذلك", "د. علي", "دُكْتُور عَلِي"),
        ("5G", "الجِيل الخَامِس", "شبكة 5G", "5G", "الجِيل الخَامِس"),
        ("COP", "كُوب", "قمة COP29", "COP29", "كُوب تِسْعَةٍ وَعِشْرِينَ"),
        ("NATO", "نَاتُو", "حلف Nato", "Nato", "نَاتُو"),
    ],
)
def test_an_entry_is_found_as_it_is_written(tmp_path, written, reading, text, token, vowelled):
    said = tokens(text, entry(tmp_path, written, reading))
    assert [one.vowelled for one in said if one.text == token] == [vowelled]


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes('[words]\n"قطر" = "'.encode() + b'\xff"\n')
    with pytest.raises(ConfigError, match=r"mine\.toml:2: is not UTF-8"):
        load_lexicon(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes('\ufeff[words]\n"قطر" = "قَطَر"\n'.encode())
    assert [one.vowelled for one in tokens("قطر", load_lexicon(path))] == ["قَطَر"]


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('[words]\n"أ" = 3\n', 2, "text in quotes"),
        ('[words]\n\n"بي" = "BB"\n', 3, "Arabic words"),
        ('[wrods]\n"أ" = "ب"\n', 1, "unknown key"),
        ('[words]\n"أ = "ب"\n', 2, "not valid TOML"),
        ('[words]\n"،" = "ب"\n', 2, "must begin"),
        ('[words]\n"قطر" = "قَطَر"\n"قطر" = "قِطْر"\n', 3, "there twice"),
        ("[words]\n“قطر” = “قَطَر”\n", 2, 'not curly ones: "قطر" = "قَطَر"'),
        ('[words]\n"قطر" = قَطَر\n', 2, 'put the text in straight quotes: "قطر" = "قَطَر"'),
        ('[words]\n"قطر" = "قَطَر"\n"قَطر" = "قِطْر"\n', 3, "there twice"),
        ('[words]\nقطر = "قَطَر"\n', 2, "in quotes"),
        ('[words]\n"قطر" = ""\n', 2, "Arabic words"),
        ('[words]\n"قطر" = "\u064e"\n', 2, "Arabic words"),
        ('[words]\n"قطر" = "قطر 5"\n', 2, "Arabic words"),
        ('[words]\n"قطر" = ["قَطَر"]\n', 2, "text in quotes"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, content, line, says):
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        load_lexicon(path)
    assert f"mine.toml:{line}:" in str(caught.value)
