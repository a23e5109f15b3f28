"""Readings of the lexicon for one article, and for one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.config import Text
from briefing.errors import ConfigError
from briefing.text.normalisation.lexicon import load_lexicon, sentence_digest
from briefing.text.normalisation.lexicon_places import count_places, ending_left_open
from briefing.text.normalisation.lexicon_review import review
from briefing.text.normalisation.paragraph import read_paragraph

SENTENCE = "قرأ سالم كتب التاريخ."
OTHER = "جمع سالم كتب الأدب."


def file_with(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "names.toml"
    path.write_text(text, encoding="utf-8")
    return path


def readings(path: Path, text: str, article: str = "") -> dict[str, str]:
    """Return the vowelled readings that the lexicon brings, by the written word."""
    lexicon = load_lexicon(path).of_article(article)
    return {
        token.text: token.vowelled
        for sentence in read_paragraph(text, Text(), lexicon)
        for token in sentence.tokens
        if token.source == "lexicon"
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = f"{sentence_digest(SENTENCE)} {SENTENCE.index('كتب')} كتب"
    return file_with(
        tmp_path,
        '[words]\n"التاريخ" = "التَّارِيخ"\n'
        '[article."seeds/a.txt".words]\n"سالم" = "سَالِم"\n"التاريخ" = "التَّأْرِيخ"\n'
        f'[article."seeds/a.txt".here]\n"{place}" = "كُتُبَ"\n',
    )


def test_a_reading_of_an_article_is_read_there_alone(path: Path) -> None:
    assert readings(path, SENTENCE, "seeds/a.txt")["سالم"] == "سَالِم"
    assert "سالم" not in readings(path, SENTENCE, "seeds/b.txt")


def test_an_article_comes_before_all(path: Path) -> None:
    assert readings(path, SENTENCE, "seeds/a.txt")["التاريخ"] == "التَّأْرِيخ"
    assert readings(path, SENTENCE)["التاريخ"] == "التَّارِيخ"


def test_a_reading_of_one_place_is_read_in_its_sentence_alone(path: Path) -> None:
    assert readings(path, f"{OTHER} {SENTENCE}", "seeds/a.txt")["كتب"] == "كُتُبَ"
    assert "كتب" not in readings(path, OTHER, "seeds/a.txt")
    assert "كتب" not in readings(path, SENTENCE.replace(".", "!"), "seeds/a.txt")
    assert "كتب" not in readings(path, SENTENCE, "seeds/b.txt")


def test_a_script_depends_on_the_lines_of_its_own_article(path: Path) -> None:
    lexicon = load_lexicon(path)
    assert lexicon.of_article("seeds/b.txt").matches(SENTENCE) == lexicon.matches(SENTENCE)
    assert lexicon.of_article("seeds/a.txt").matches(SENTENCE) != lexicon.matches(SENTENCE)


def test_check_names_a_place_whose_sentence_is_gone(path: Path) -> None:
    there = review(path, [SENTENCE], {"seeds/a.txt": [SENTENCE]})
    assert not [remark for remark in there if "place" in remark.text]
    changed = SENTENCE.replace("قرأ", "كتب")
    remarks = review(path, [changed], {"seeds/a.txt": [changed]})
    (remark,) = [remark for remark in remarks if "sentence is not there" in remark.text]
    assert remark.place.endswith("names.toml:7")
    assert "كتب" in remark.text


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ('[article."a.txt"]\nwords = 5\n', 2, "write [article"),
        ('[article."a.txt".word]\n"س" = "سَ"\n', 1, "alone"),
        ('article = "a.txt"\n', 1, "[article"),
        ('[article."a.txt".here]\n"كتب" = "كُتُب"\n', 2, "no place"),
        ('[article."a.txt".here]\n"0123456789abcdef 3 كتب" = 5\n', 2, "text in quotes"),
        ('[article."a.txt".words]\n"كتب" = "kutub"\n', 2, "Arabic words"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_lexicon(file_with(tmp_path, text))
    assert f"names.toml:{line}: " in str(caught.value)
    assert part in str(caught.value)


def test_places_are_counted_with_their_particles() -> None:
    texts = ["زار زيلنسكي باريس وزيلنسكي لا يتكلم.", "قال لزيلنسكي", "زيلنسكيات"]
    assert count_places("زيلنسكي", texts) == 3


def test_a_reading_for_many_places_leaves_the_ending_to_each() -> None:
    """محمدٌ here may be محمدٍ there (Ryding 2005, 5.3): the name's vowels are what was mended."""
    assert ending_left_open("مُحَمَّدٌ", "مَحْمَدٌ") == "مُحَمَّد"
    assert ending_left_open("كُتُبٌ", "كُتُبُ") == "كُتُبٌ"
    assert ending_left_open("عَلَى", "عَلِى") == "عَلَى"
