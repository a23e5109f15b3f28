"""No number and no word of a sentence is lost: whatever is written is said once, and as it is worth."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from tests.text.reading.number_reader import Noun, clock, values

LEXICON = load_lexicon(None)
BOOK, MONTH = Noun("كتاب", "كتب"), Noun("شهر", "أشهر")
SOLDIER, SHIP = Noun("جندي", "جنود"), Noun("سفينة", "سفن")
DOLLAR, EURO, CENT = Noun("دولار", "دولارات"), Noun("يورو", "يورو"), Noun("سنت", "سنتات", 100)
KILOMETRE, KILO = Noun("كيلومتر", "كيلومترات"), Noun("كيلوغرام", "كيلوغرامات")
DEGREE = Noun("درجة", "درجات")
NOUNS = (DEGREE, BOOK, MONTH, SOLDIER, SHIP, DOLLAR, EURO, CENT, KILOMETRE, KILO)
UNITS = {"كم": KILOMETRE, "كغ": KILO, "km": KILOMETRE, "دولار": DOLLAR, "يورو": EURO}
MONTHS = [
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
]  # fmt: skip
EMOTICONS = ("<3", ":)", ":-(", ";)", ":D")
BEFORE = [
    "أعلن", "الوزير", "بلغ", "المؤشر", "أضاف", "صدر", "تراجع", "السعر", "وصلت", "عند", "نحو", "المكتب", "رقم", "إن", "خلال",
]  # fmt: skip
LABELS = [
    "القرار", "الرحلة", "المسار", "المبنى", "الحافلة", "رقم", "القناة", "العربة", "الزورق",
]  # fmt: skip
AFTER = [
    "لحماية", "بدقة", "بصورة", "في", "من", "بالقاهرة", "لدى", "المدنيين", "أمس", "وقال", "أعلن", "ثم", "على", "حتى", "لأن",
]  # fmt: skip
BEHIND_A_LABEL = [*AFTER, "قادمة", "متأخرة", "مرتفعا", "كاملة", "غادرت"]
INDIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")


@dataclass(frozen=True)
class Written:
    """A number as it is written, with what belongs to it, and what must be heard."""

    text: str
    heard: tuple[Fraction, ...]
    word: str = ""
    """A word that must be heard with it: the month's name."""
    minutes: int | None = None
    """The time of day, in minutes since twelve."""
    label: bool = False
    """It names the noun in front of it."""


def shown(number: int, style: str) -> str:
    """Return a number as it is written: 1701, 1,701, ١٧٠١."""
    text = f"{number:,}" if style == "grouped" else str(number)
    return text.translate(INDIC) if style == "indic" else text


STYLES = st.sampled_from(["plain", "grouped", "indic"])
WHOLE = st.one_of(
    st.integers(0, 30),
    st.integers(31, 130),
    st.builds(
        lambda hundred, last: hundred * 100 + last, st.integers(1, 90), st.sampled_from([1, 2])
    ),
    st.integers(0, 3_000_000),
)
POINTED = st.tuples(st.integers(0, 999), st.from_regex(r"[0-9]{0,4}[1-9]", fullmatch=True))


@st.composite
def whole_numbers(draw):
    number = draw(WHOLE)
    particle = draw(st.sampled_from(["", "", "", "بـ", "لـ", "و"]))
    return Written(particle + shown(number, draw(STYLES)), (Fraction(number),))


@st.composite
def labelled_numbers(draw):
    number = draw(WHOLE)
    return Written(shown(number, draw(STYLES)), (Fraction(number),), label=True)


@st.composite
def decimals(draw):
    whole, part = draw(POINTED)
    text = f"{whole}.{part}"
    suffix = draw(st.sampled_from(["", "%", " في المئة", " بالمئة", " مليون", " ألف"]))
    size = {" مليون": 10**6, " ألف": 1000}.get(suffix, 1)
    return Written(
        draw(st.sampled_from([text, text.translate(INDIC)])) + suffix, (Fraction(text) * size,)
    )


@st.composite
def shares(draw):
    number = draw(st.integers(0, 300))
    return Written(
        shown(number, draw(STYLES)) + draw(st.sampled_from(["%", " في المئة", " بالمائة"])),
        (Fraction(number),),
    )


@st.composite
def ranges(draw):
    largest = draw(st.sampled_from([20, 20, 900]))  # small numbers could be a game's result
    first, last = draw(st.tuples(st.integers(0, largest), st.integers(0, largest)))
    dash = draw(st.sampled_from(["-", "–", " - "]))
    suffix = draw(st.sampled_from(["", "%", " في المئة", " بالمئة", " كم"]))
    if suffix and draw(st.booleans()):
        parts = draw(
            st.tuples(st.sampled_from(["", ".5", ",5", ".25"]), st.sampled_from(["", ".5", ".75"]))
        )
        written = [f"{number}{part}" for number, part in zip((first, last), parts, strict=True)]
    else:
        written = [str(first), str(last)]
    heard = tuple(Fraction(text.replace(",", ".")) for text in written)
    return Written(dash.join(written) + suffix, heard)


@st.composite
def fractions(draw):
    text, value = draw(
        st.sampled_from(
            [("½", "1/2"), ("⅓", "1/3"), ("⅔", "2/3"), ("¼", "1/4"), ("¾", "3/4"), ("⅗", "3/5")]
        )
    )
    whole = draw(st.sampled_from([0, 0, 1, 2, 3, 7, 12]))
    if draw(st.booleans()):
        text = f" {value}" if whole else value
    suffix = draw(st.sampled_from(["", " كم"]))
    return Written((str(whole) if whole else "") + text + suffix, (whole + Fraction(value),))


@st.composite
def amounts(draw):
    number = draw(
        st.one_of(st.sampled_from([1, 2, 102]), st.integers(1, 30), st.integers(31, 5_000))
    )
    unit = draw(st.sampled_from(list(UNITS)))
    part = draw(st.sampled_from(["", "", ".5", ".25", ".75"]))
    return Written(f"{number}{part} {unit}", (Fraction(f"{number}{part}"),))


@st.composite
def prices(draw):
    number = draw(st.one_of(st.integers(1, 30), st.integers(31, 5_000)))
    part = draw(st.sampled_from(["", "", ".50", ".05", ".99"]))
    return Written(draw(st.sampled_from("$€")) + f"{number}{part}", (Fraction(f"{number}{part}"),))


@st.composite
def counted_nouns(draw):
    number = draw(
        st.one_of(
            st.integers(1, 30), st.integers(31, 5_000), st.sampled_from([101, 102, 1001, 2002])
        )
    )
    noun = draw(st.sampled_from([BOOK, MONTH, SOLDIER, SHIP]))
    tail = number % 100
    written = noun.many if 3 <= tail <= 10 else noun.one
    if tail > 10 and not noun.one.endswith("ة"):
        written += "ا"
    return Written(f"{shown(number, draw(STYLES))} {written}", (Fraction(number),))


@st.composite
def times(draw):
    hour, minute = draw(st.integers(0, 23)), draw(st.integers(0, 59))
    return Written(f"{hour}:{minute:02}", (), minutes=hour * 60 + minute)


@st.composite
def days(draw):
    day, month, year = (
        draw(st.integers(1, 28)),
        draw(st.integers(1, 12)),
        draw(st.integers(1600, 2090)),
    )
    name = MONTHS[month - 1]
    text = draw(
        st.sampled_from(
            [f"{day} {name} {year}", f"{day}/{month}/{year}", f"{year}-{month:02}-{day:02}"]
        )
    )
    return Written(text, (Fraction(day), Fraction(year)), word=name)


@st.composite
def signed_numbers(draw):
    number = draw(st.integers(1, 500))
    sign = draw(st.sampled_from(["-", "+", "~", ">", "≈"]))
    return Written(f"{sign}{number}", (Fraction(-number if sign == "-" else number),))


@st.composite
def scaled_numbers(draw):
    number = draw(
        st.one_of(st.integers(1, 30), st.sampled_from([100, 101, 102, 111, 202, 350, 999]))
    )
    scale, size = draw(st.sampled_from([("ألف", 10**3), ("مليون", 10**6), ("مليار", 10**9)]))
    before = draw(st.sampled_from(["", "", "$"]))
    behind = "" if before else draw(st.sampled_from(["", " دولار", " يورو"]))
    return Written(f"{before}{number} {scale}{behind}", (Fraction(number * size),))


@st.composite
def joined_numbers(draw):
    first, last = draw(st.tuples(st.integers(3, 900), st.integers(3, 900)))
    between = draw(st.sampled_from([" و", " إلى ", " أو ", "×"]))
    noun = draw(st.sampled_from(["", " كم", "%", " دولارا"])) if between != "×" else ""
    return Written(f"{first}{between}{last}{noun}", (Fraction(first), Fraction(last)))


@st.composite
def ordinals(draw):
    number = draw(st.integers(1, 99))
    noun = draw(st.sampled_from(["القرن ", "المادة ", "القمة الـ", "الدورة الـ"]))
    return Written(f"{noun}{number}", (Fraction(number),))


@st.composite
def temperatures(draw):
    number = draw(st.integers(-20, 50))
    return Written(f"{number} درجة مئوية", (Fraction(number),))


NUMBERS = st.one_of(
    scaled_numbers(), joined_numbers(), ordinals(), temperatures(),
    whole_numbers(), labelled_numbers(), labelled_numbers(), decimals(), shares(), ranges(), fractions(),
    amounts(), prices(), counted_nouns(), times(), days(), signed_numbers(),
    st.sampled_from(EMOTICONS).map(lambda text: Written(text, ())),
)  # fmt: skip


@st.composite
def sentences(draw):
    """Numbers with words between them: the parts in order, words as strings."""
    parts: list[str | Written] = [draw(st.sampled_from(BEFORE))]
    for number in draw(st.lists(NUMBERS, min_size=1, max_size=4)):
        if number.label:
            parts.append(draw(st.sampled_from(LABELS)))
        if number.minutes is not None:
            parts.append("الساعة")
        if not (number.heard or number.minutes):
            parts.extend(["شكرا", "جزيلا"])
        parts.append(number)
        parts.extend(
            draw(
                st.lists(
                    st.sampled_from(BEHIND_A_LABEL if number.label else AFTER),
                    min_size=1,
                    max_size=2,
                )
            )
        )
        parts.append("المكتب")
    return parts


def read(text):
    sentences = read_paragraph(text, Text(), LEXICON)
    return [token for sentence in sentences for token in sentence.tokens]


def assert_said(parts):
    text = " ".join(part if isinstance(part, str) else part.text for part in parts)
    tokens, at = read(text), 0
    for part in parts:
        written = part if isinstance(part, str) else part.text
        start, end = at, at + len(written)
        own = [token for token in tokens if token.start < end and token.end > start]
        at = end + 1
        outside = [token.text for token in own if token.start < start or token.end > end]
        assert not outside, f"{text}: {written} shares the token {outside}"
        said = said_by_number(own)
        if isinstance(part, str):
            assert [token.spoken for token in own] == [part], f"{text}: {part} is read {said[0]}"
        else:
            assert_heard(part, said, text)


def said_by_number(tokens):
    """Return what is said of each written number, its noun with it."""
    said = [""]
    for token in tokens:
        if any(letter.isdigit() for letter in token.text) and said[-1]:
            said.append("")
        said[-1] = f"{said[-1]} {token.vowelled or token.spoken}".strip()
    return said


def assert_heard(part: Written, said: list[str], text: str) -> None:
    if part.minutes is not None:
        heard = [clock(words) % 720 for words in said]
        assert heard == [part.minutes % 720], f"{text}: {part.text} is read {said}"
        return
    heard = [number for words in said for number in values(words, NOUNS)]
    assert heard == list(part.heard), f"{text}: {part.text} is read {said}: {heard}"
    if part.word:
        assert part.word in strip(" ".join(said))


def strip(words: str) -> str:
    return "".join(letter for letter in words if not "\u064b" <= letter <= "\u0652")


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("كِتَابَيْنِ", [2]),
        ("كِتَابًا وَاحِدًا", [1]),
        ("أَلْفُ كِتَابٍ وَكِتَابٌ", [1001]),
        ("أَلْفَيْنِ وَخَمْسَ عَشْرَةَ سفينة", [2015]),
        ("سَبْعَةُ دُولَارَاتٍ وَخَمْسُونَ سِنْتًا", ["7.5"]),
        ("كِيلُومِتْرَانِ وَنِصْفٌ", ["2.5"]),
        ("ثَلَاثَةُ أَرْبَاعٍ", ["3/4"]),
        ("وَاحِدٍ فَاصِلَةْ صِفْر صِفْر سَبْعَةْ مليون", [1_007_000]),
        ("ثَلَاثَةٌ إِلَى خَمْسَةِ كتب", [3, 5]),
        ("الْحَادِيَةِ وَالْعِشْرِينَ", [21]),
        ("القرار لحمايتان المدنيين", []),
    ],
)
def test_the_reader_of_these_tests_hears_numbers(words, numbers):
    assert values(words, NOUNS) == [Fraction(number) for number in numbers]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("السَّابِعَةِ وَالنِّصْفِ", 450), ("الثَّامِنَةَ إِلَّا رُبْعًا", 465), ("الْحَادِيَةَ عَشْرَةَ وَخَمْسَ دَقَائِقَ", 665)],
)
def test_the_reader_of_these_tests_hears_the_clock(words, minutes):
    assert clock(words) == minutes


def of(text, *numbers, label=False):
    return Written(text, tuple(map(Fraction, numbers)), label=label)


@given(sentences())
@example(["صدر", "القرار", of("1701", 1701, label=True), "لحماية", "المدنيين"])
@example(["الرحلة", of("302", 302, label=True), "قادمة", "من"])
@example([of("2.5-3.5 في المئة", "2.5", "3.5"), "من"])
@example(["أضاف", of("2 يورو", 2), "إلى", "السعر"])
@example(["دفع", of("102 يورو", 102), "بالقاهرة"])
@example(["أعلن", "العربة", of("1", 1, label=True), "غادرت", "المكتب"])
@settings(max_examples=600)
def test_every_number_is_said_by_its_own_token_and_every_word_once(parts):
    assert_said(parts)


@pytest.mark.slow
@given(sentences())
@settings(max_examples=10_000)
def test_every_number_of_many_more_sentences_is_said(parts):
    assert_said(parts)
