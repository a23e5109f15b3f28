"""Lines that were decoded wrongly or hold Arabic from left to right are mended where it is certain."""

import unicodedata

import pytest

from briefing.sources.garbled import repair_line, repair_lines

SENTENCES = [
    "قال الوزير إن الأزمة انتهت.",
    "السلام عليكم",
    "وصل الوفد إلى القاهرة صباح اليوم",
    "بلغ عدد القتلى 25 شخصا على الأقل",
    "أعلنت وزارة الصحة عن 3 إصابات جديدة",
    "ارتفع سعر النفط إلى 85.5 دولارا للبرميل",
    "انتهت المباراة بالتعادل (1-1) في الدوحة",
    "لا يزال البحث جاريا عن المفقودين",
    "قالت الشركة إنها ستطلق iPhone 16 غدا",
    "هل تعود العلاقات بين البلدين؟",
    "«لن نتراجع»، قال رئيس الحكومة",
    "أكد المتحدث باسم الأمم المتحدة ذلك",
    "زار الملك مدينة الرباط يوم الجمعة",
    "الحكومة اللبنانية الجديدة تنال الثقة",
    "توفي الشاعر الكبير عن 90 عاما",
    "المحكمة الدولية تصدر حكمها النهائي",
]
APART = "اأإآدذرزوؤةىء"
"""Letters that are not joined to the next."""


def as_read_wrongly(text: str, encoding: str) -> str:
    """Return UTF-8 as a program with another encoding shows it; undefined bytes as Latin-1's."""
    return "".join(
        bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode("utf-8")
    )


def shaped(text: str) -> str:
    """Return Arabic letters in their presentation forms."""
    forms = {}
    for code in range(0xFE80, 0xFEF5):
        kind, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        forms[kind, chr(int(base, 16))] = chr(code)
    out = []
    for at, letter in enumerate(text):
        if not "ء" <= letter <= "ي":
            out.append(letter)
            continue
        before = at > 0 and "ء" <= text[at - 1] <= "ي" and text[at - 1] not in APART
        behind = at + 1 < len(text) and "ء" < text[at + 1] <= "ي" and letter not in APART
        kind = {(0, 0): "<isolated>", (0, 1): "<initial>", (1, 0): "<final>", (1, 1): "<medial>"}
        out.append(forms.get((kind[before, behind], letter), letter))
    return "".join(out)


def visual(text: str) -> str:
    """Return a line from left to right: numbers and Latin words keep their order."""
    import re

    mirrored = text[::-1].translate(str.maketrans("()«»", ")(»«"))
    return re.sub(r"[0-9A-Za-z][0-9A-Za-z.-]*", lambda found: found[0][::-1], mirrored)


@pytest.mark.parametrize("text", SENTENCES)
def test_utf8_that_was_read_as_western_is_arabic_again(text):
    assert repair_line(as_read_wrongly(text, "cp1252")) == text


@pytest.mark.parametrize("text", SENTENCES)
def test_utf8_that_was_read_as_arabic_of_windows_is_arabic_again(text):
    assert repair_line(text.encode("utf-8").decode("cp1256")) == text


@pytest.mark.parametrize("text", SENTENCES)
def test_shaped_letters_from_left_to_right_are_turned(text):
    assert repair_line(visual(shaped(text))) == text


@pytest.mark.parametrize("text", SENTENCES)
def test_shaped_letters_in_their_order_are_left_so(text):
    assert repair_line(shaped(text)) == shaped(text)


@pytest.mark.parametrize(
    "text",
    [
        "انتهت الأزمة السياسية في المدينة",
        "الحكومة اللبنانية الجديدة تنال الثقة",
        "عادت السفينة المحتجزة إلى الميناء",
    ],
)
def test_plain_letters_from_left_to_right_are_turned_where_words_begin_as_no_word_does(text):
    assert repair_line(text[::-1]) == text


@pytest.mark.parametrize(
    "text", [*SENTENCES, "Café à la crème: £5, naïve", "ظط", "ÀÉ Ø5", "لا لا هلا فلا"]
)
def test_what_is_whole_is_left_as_it_is(text):
    assert repair_line(text) == text


def test_only_the_line_that_was_robbed_is_mended():
    whole, robbed = "وصل الوفد.", as_read_wrongly("غادر الوفد.", "cp1252")
    assert repair_lines(f"{whole}\n{robbed}\n{whole}") == f"{whole}\nغادر الوفد.\n{whole}"
