"""Lines that nobody can read any more are left out of an article and told with file and line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.config import Config
from briefing.errors import SourceError
from briefing.sources import read_path
from briefing.sources.garbled import repair_line, repair_lines, robbery, without_robbed_lines
from briefing.text.cleaning import strip_marks

ROOT = Path(__file__).parents[2]
OTHERS = ROOT.parent / "shared" / "gold" / "catt_dev.txt"
SENTENCES = [
    "قال الوزير إن الأزمة انتهت في المدينة",
    "أعلنت الشركة عن خطة جديدة بعد اجتماع طويل",
    "وصل الوفد إلى العاصمة مع عدد من الخبراء",
    "عاد اللاعب من الإصابة قبل المباراة الأخيرة",
]
ROBBED = [
    "Ø§Ù Ø³Ù Ø§Ù Ø¹Ù Ù Ù",  # the second bytes are lost
    "Ø§Ù„Ø³Ù„Ø§Ù� Ø¹Ù„Ù�Ù�Ù�",
    "ظ‚ط§ظ„ ط§ظ„ظˆط²ظٹط± ط§ظ† ط§ظ„ط§ط²ظ…ط© ط§ظ†طھظ‡طھ ط .",
    "وصل ا�وفد إ�ى القا�رة",
    "?????? ??? ????? ??? ?????????",
    "ا ل ح ك و م ة ا ل ج د ي د ة",
    "قال الوزير ةمزألا نإ ةنيدملا يف تهتنا",
    "þþþÿÿÿ ÿþÿþ ÿÿþþ",
]
WHOLE = [
    *SENTENCES,
    "الملاحظ أن الظروف ظلت تضغط على ظهر النظام",
    "ماذا؟؟؟ لا أعرف ??",
    "مثلا أولا قليلا فضلا إجمالا",
    "أ ف ب - وصل الوفد",
    "ق م: قبل الميلاد",
    "Café Zürich: Ørsted, Ångström, Malmö",
    "Où êtes-vous allé après l'été à Sète?",
    "ÀÉÎÕÜ",
    "ى",
]


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859_6"])
@pytest.mark.parametrize("text", SENTENCES)
def test_arabic_of_eight_bits_that_was_read_as_western_is_arabic_again(text, encoding):
    assert repair_line(text.encode(encoding).decode("latin-1")) == text


@pytest.mark.parametrize("text", SENTENCES)
def test_plain_letters_from_left_to_right_are_turned_by_the_commonest_words(text):
    assert repair_line(text[::-1]) == text


@pytest.mark.parametrize("line", ROBBED)
def test_what_cannot_be_mended_is_told(line):
    reason = robbery(repair_line(line))
    assert reason.endswith("copy the line again from its original and save it as UTF-8")


@pytest.mark.parametrize("line", WHOLE)
def test_what_is_whole_is_read(line):
    assert repair_line(line) == line
    assert robbery(line) == ""


def test_the_other_lines_keep_their_numbers():
    text = f"{SENTENCES[0]}\n{ROBBED[4]}\n\n{SENTENCES[1]}\n{ROBBED[5]}"
    whole, robbed = without_robbed_lines(text)
    assert whole.split("\n") == [SENTENCES[0], "", "", SENTENCES[1], ""]
    assert [number for number, _ in robbed] == [2, 5]


def own_lines():
    """Return the lines of Arabic of all our tables and texts."""
    files = [*ROOT.glob("tests/**/*.txt"), *ROOT.glob("tests/**/*.tsv"), *ROOT.glob("docs/*.md")]
    for file in files:
        encoding = "cp1256" if "1256" in file.parent.name else "utf-8"
        for line in file.read_text(encoding=encoding).splitlines():
            if re.search("[\u0621-\u064a]{2}", line) and not re.search(
                "visual-order|mojibake", line
            ):
                yield line


def assert_whole(lines):
    seen = 0
    for line in lines:
        for text in (line, strip_marks(line)):
            seen += 1
            assert repair_lines(text) == text
            assert robbery(text) == "", text
    assert seen > 700


def test_no_line_of_our_own_texts_is_taken_for_a_robbed_one():
    assert_whole(own_lines())


def test_no_line_by_others_is_taken_for_a_robbed_one():
    if not OTHERS.is_file():
        pytest.skip(f"{OTHERS} is no part of the project")
    assert_whole(OTHERS.read_text(encoding="utf-8").splitlines())


def test_a_build_reads_the_rest_of_the_article_and_says_which_line_is_missing(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "01.txt").write_text(
        f"الأزمة انتهت\n\n{SENTENCES[0]}.\n\n{ROBBED[4]}\n\n{SENTENCES[1]}.\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "check"], cwd=tmp_path, capture_output=True, text=True
    )
    assert "seeds/01.txt:5: skipped: its letters became question marks" in done.stdout
    script = subprocess.run(
        [sys.executable, "-m", "briefing", "script", "seeds/01.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "seeds/01.txt:5: skipped" in script.stderr
    assert "الْمَدِينَة" in script.stdout
    assert "xutˤtˤatin" in script.stdout


def test_a_paragraph_of_a_document_is_left_out_alike(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "01.md").write_text(
        f"# الأزمة\n\n{SENTENCES[0]}.\n\n{ROBBED[5]}\n\n{SENTENCES[1][::-1]}\n", encoding="utf-8"
    )
    articles = read_path(folder / "01.md", Config(base=tmp_path))
    assert [place for place, _ in articles[0].robbed] == ["paragraph 2"]
    assert articles[0].paragraphs[-1] == SENTENCES[1]


def test_a_file_of_robbed_lines_alone_is_refused_with_its_reason(tmp_path):
    file = tmp_path / "01.txt"
    file.write_text(f"{ROBBED[5]}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"line 1.*stand apart.*copy the line again"):
        read_path(file, Config(base=tmp_path))


@pytest.mark.parametrize("piece", ["Ø§", "ة ", "?? ", "ط§", "ÇáÓ", "ﺔﻣ", "ا ", "\ufffd"])
def test_a_long_line_of_robbed_letters_is_judged_in_linear_time(piece):
    assert isinstance(robbery(repair_line(piece * 100_000)), str)  # a slow pattern never ends
