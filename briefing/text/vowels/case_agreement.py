"""Case endings that must agree: those of adjectives, and of نفس and كل, with the noun's.

Ryding 2005, 10.1 (adjectives), 11.2 (appositives); Wright II §136, §139. The model only sees
letters, and often puts such a word into the case of its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from briefing.text.characters import FATHATAN
from briefing.text.tables import context, institutions, verbs
from briefing.text.vowels.case_rules import RULES
from briefing.text.vowels.case_view import GENITIVE, NOMINATIVE, TANWIN, CaseView, owned_in_case
from briefing.text.vowels.marks import Reading, Word
from briefing.text.words.clauses import follow_noun
from briefing.text.words.passives import is_accusative, preposition_of

__all__ = ["agreeing"]

_SHORT = "\u064e\u064f\u0650"
_LIKELIER = 1.5
"""An ending is copied to the other word only if it is so many times more probable."""
_POSSIBLE = 0.02
"""Least probability of a nominative that a passive verb makes certain."""
# نفسه, ذاتها, كلهم, جميعها after a noun: the case comes before the pronoun
_SELF = re.compile(f"((?:نَفْس|ذَات|كُلّ|جَمِيع|أَنْفُس))([{_SHORT}])(ه.*)")
_BEFORE_PRONOUN = re.compile("(?:نفس|ذات|كل|جميع|أنفس)(?:ه|ها|هم|هما|هن)")
# masculine adjectives after وزير الخارجية …: the nisba, and those that news has there
_ADJECTIVE = re.compile(
    "ال(?:[^\\W]{3,}ي|سابق|أسبق|جديد|حالي|مستقيل|راحل|مقبل|قادم|أول|دائم|عام|خاص|مؤقت|أعلى|أكبر"
    "|منتخب|مكلف|مقال|معزول|عرب|جدد)"
)
_MASCULINE_IN_TA = re.compile("ال(?:خليفة|علامة|قادة|طلبة|قضاة|دعاة|ولاة|حماة|أئمة)")


def agreeing(
    words: Sequence[Word],
    readings: Sequence[Reading],
    pauses: Sequence[bool],
    passives: Container[int] = (),
) -> list[Reading]:
    """Return the readings with endings that agree; an author's marks are not changed.

    words: the words with the author's marks. pauses: for each word whether a pause follows it.
    passives: the places of passive verbs, after which a noun is their subject (Ryding 2005, 38.4).
    """
    settled = list(readings)
    for index in range(len(words) - 1):
        if not pauses[index] and _is_foreign_name(words[index + 1]):
            settled[index] = _first_name(words[index], settled[index])
    for index in range(len(words) - 1):
        if not pauses[index] and _IN_MAKSURA.fullmatch(words[index].letters):
            settled[index] = _with_tanwin(words[index], settled[index], words[index + 1])
    for index in range(len(words)):
        if index in passives and not pauses[index]:
            _late_subject(words, settled, index, pauses)
    for index in range(1, len(words)):
        if not pauses[index - 1] and not words[index].vowels[-1]:
            _agree(words, settled, index, pauses, passives)
    view = CaseView(words, settled, pauses, passives)
    for rule in RULES:
        view.rule = rule.__name__.strip("_")
        for index in range(len(words)):
            rule(view, index)
    _emphasise(words, view)
    return view.readings


def _emphasise(words: Sequence[Word], view: CaseView) -> None:
    """Put كل and نفس with a pronoun into the case that a rule asked for: يَلْتَهِمَ الْمَصْنَعَ كُلَّهُ."""
    for index in range(1, len(words)):
        is_open = view.follows(index) and not words[index].vowels[-1] and index - 1 in view.decided
        is_object = view.readings[index].rule == "finds_himself"
        if is_open and not is_object and _BEFORE_PRONOUN.fullmatch(words[index].letters):
            view.readings[index] = _self(view.readings[index], view.readings[index - 1])


def _agree(
    words: Sequence[Word],
    settled: list[Reading],
    index: int,
    pauses: Sequence[bool],
    passives: Container[int],
) -> None:
    """Change the ending of the word at a place, or of the word before it, so that they agree."""
    letters = words[index].letters
    before = words[index - 1].letters
    if _BEFORE_PRONOUN.fullmatch(letters) and before.startswith("ال"):
        settled[index] = _self(settled[index], settled[index - 1])
    elif index - 1 in passives and _may_be_subject(words, index, pauses):
        settled[index] = _subject(settled[index])
    elif _MASDAR.fullmatch(before) and settled[index - 1].written[-1:] in "\u064c\u064d":
        owner = _owner(settled[index], letters)
        if owner is not None:  # نِسْبَةُ إِشْغَالِ فَنَادِقِهِ
            settled[index] = owner
            settled[index - 1] = _first_part(settled[index - 1])
    elif index - 1 in passives or _has_no_object(before, settled[index - 1].written):
        settled[index] = _owned_subject(settled[index], words[index])
    elif index > 1 and not pauses[index - 2] and _is_adjective_of_head(words, index):
        settled[index] = _with_case_of(settled[index], settled[_head(words, index)])


# nouns in ى that have tanwin (Ryding 2005, 7.5.4.3): مستشفى, مبنى, قرى; not كبرى, قتلى
_IN_MAKSURA = re.compile("[وفبلك]?(?:م[^\\W]{2,4}ى|قرى|رؤى|قوى|خطى|دمى|فتى|هدى|أذى|ضحى|صدى|مدى)")
_NOT_IN_TANWIN = ("موسى", "مصطفى", "مرضى", "موتى", "متى", "وموسى", "لموسى", "ومصطفى")
# adjectives without an article and without a genitive: the nisba, فعيل, participles
_INDEFINITE = re.compile("[^\\W]{3,}ي(?:ة|ين|ون)?|[^\\W]{2}ي[^\\W]ة?|م[^\\W]{3,}[^\\Wة]")


def _with_tanwin(word: Word, reading: Reading, following: Word) -> Reading:
    """Return a noun in ى with tanwin if no genitive follows it: مَبْنًى سَكَنِيٍّ."""
    letters = following.letters
    if word.letters in _NOT_IN_TANWIN or not reading.written.endswith("\u064eى"):
        return reading
    indefinite = not letters.startswith("ال") and not _is_foreign_name(following)
    describes = _INDEFINITE.fullmatch(letters) is not None or is_accusative(letters)
    if (indefinite and describes) or letters in ("الذي", "التي"):
        return replace(reading, written=reading.written[:-2] + "\u064bى")
    if preposition_of(letters) and letters not in ("في", "من"):
        return replace(reading, written=reading.written[:-2] + "\u064bى")
    return reading


def _is_foreign_name(word: Word) -> bool:
    """Return whether a reading is that of a name without cases; not يَوْمِيًّا and أَنَّنِي."""
    long_end = word.letters[-1] in "اوي" and not word.shaddas[-1] and not word.vowels[-1]
    if FATHATAN in word.vowels or _OF_SPEAKER.fullmatch(word.letters):
        return False
    return word.exact and (word.vowels[-1] == "\u0652" or long_end)


_OF_SPEAKER = re.compile("[وفبل]?(?:[أإ]ن|لكن|كأن|ليت|لعل)ن?(?:ي|ا)")


def _first_name(word: Word, reading: Reading) -> Reading:
    """Return a name before a foreign surname without tanwin: عَبَّاس عِرَاقْجِي."""
    tanwin = {"\u064b": "\u064e", "\u064c": "\u064f", "\u064d": "\u0650"}
    last = reading.written[-1]
    if word.vowels[-1] or last not in tanwin or word.letters[-1] in "ةاى":
        return reading
    return replace(reading, written=reading.written[:-1] + tanwin[last])


def _self(reading: Reading, noun: Reading) -> Reading:
    """Return نفسه in the case of the noun that it emphasises: الْقَضِيَّةِ نَفْسِهَا."""
    match = _SELF.fullmatch(reading.written)
    case = _case(noun)
    if not match or not case:
        return reading
    pronoun = match[3]
    if pronoun[0] == "ه" and not pronoun.startswith("هَا"):  # نَفْسِهِ, نَفْسُهُ
        pronoun = "ه" + ("\u0650" if case == "\u0650" else "\u064f") + pronoun[2:]
    return replace(
        reading, written=match[1] + case + pronoun, sure=reading.sure and noun.ending_sure
    )


def _may_be_subject(words: Sequence[Word], index: int, pauses: Sequence[bool]) -> bool:
    """Return whether a word is a noun that has the article, or whose genitive has it."""
    letters = words[index].letters
    if letters.startswith("ال"):
        return not letters.endswith(("ون", "ين", "ان")) and letters not in ("الآن", "اليوم", "الذي")
    following = words[index + 1].letters if index + 1 < len(words) and not pauses[index] else ""
    if letters.endswith(("ات", "ة")) and not preposition_of(letters):
        return True
    return following.startswith("ال") and len(letters) > 3 and not preposition_of(letters)


def _late_subject(
    words: Sequence[Word], settled: list[Reading], index: int, pauses: Sequence[bool]
) -> None:
    """Put an indefinite noun after a passive and its preposition into the nominative.

    صُودِرَتْ مِنْ أَفْرَادِهَا أَسْلِحَةٌ.
    """
    letters = [word.letters for word in words]
    place = index + 1
    if place >= len(words) or not preposition_of(letters[place]):
        return
    start = place + 1 if preposition_of(letters[place]) == letters[place] else place
    if start >= len(words) or pauses[place]:
        return
    end, _ = follow_noun(letters, start, pauses)
    if (
        end >= len(words)
        or pauses[end - 1]
        or words[end].vowels[-1]
        or preposition_of(letters[end])
    ):
        return
    if settled[end].written[-1] in "\u064b\u064d" and not letters[end].startswith("ال"):
        settled[end] = replace(settled[end], written=settled[end].written[:-1] + "\u064c")


def _subject(reading: Reading) -> Reading:
    """Return a noun directly after a passive verb with u: قُطِعَتِ الطُّرُقُ, سُرِّحَ مِئَاتُ الْعُمَّالِ."""
    if reading.cases[0] < _POSSIBLE:
        return reading  # a verb only by its letters: أَنْ يَصْنَعَ عَيِّنَاتِ الْبُولُونْيُومِ
    if reading.written[-1] in "\u064b\u064d":
        return replace(reading, written=reading.written[:-1] + "\u064c")
    if reading.written[-1] not in "\u064e\u0650":
        return reading
    return replace(reading, written=reading.written[:-1] + "\u064f")


def _has_no_object(letters: str, written: str) -> bool:
    """Return whether a word is read as a verb that has no object: تَأَخَّرَ, not تَأَخُّر or يُؤَخِّر.

    The imperfect has u first in forms II to IV, most of which have an object (Ryding 2005, 22).
    """
    verb = _without_and(letters)
    if verb not in verbs("no_object"):
        return False
    if verb in context()["no_object_in_t"]:
        return written.endswith("\u064e")
    if _IMPERFECT_IN_U.match(written):
        return "ا" in verb or f"أ{verb[1:]}" in context()["no_object"]
    return written[-1:] not in _OF_NOUNS


_IMPERFECT_IN_U = re.compile("(?:[وف]\u064e)?(?:س\u064e)?[يت]\u064f")
_OF_NOUNS = ("\u0650", *TANWIN)


def _owned_subject(reading: Reading, word: Word) -> Reading:
    """Return a noun with a pronoun, after a verb that has no object, with u: غَرِقَ قَارِبُهُمْ."""
    letters = word.letters
    written = owned_in_case(reading.written, NOMINATIVE)
    if not written or len(letters) < 4 or preposition_of(letters):
        return reading
    pronoun = _PRONOUN.search(letters)
    if pronoun and word.vowels[pronoun.start() - 1]:
        return reading  # وَقَفَ أَمَامَهَا
    return replace(reading, written=written)


_PRONOUN = re.compile("ه(?:ا|م|ما)?$")


# verbal nouns that begin an idafa before a noun with a pronoun
_MASDAR = re.compile("(?:إ[^\\W]{2}ا|ا[^\\W]ت[^\\W]ا|ان[^\\W]{2}ا|است[^\\W]{2}ا|ت[^\\W]{2}ي)[^\\W]")


def _owner(reading: Reading, letters: str) -> Reading | None:
    """Return a noun with a pronoun in the genitive, or None if it is no such noun."""
    written = owned_in_case(reading.written, GENITIVE)
    if not written or len(letters) < 5 or preposition_of(letters):
        return None
    return replace(reading, written=written)


def _first_part(reading: Reading) -> Reading:
    """Return the first part of an idafa without tanwin."""
    ending = "\u064f" if reading.written[-1] == "\u064c" else "\u0650"
    return replace(reading, written=reading.written[:-1] + ending)


def _without_and(word: str) -> str:
    return word[1:] if word[0] in "وف" and len(word) > 4 else word


def _is_adjective_of_head(words: Sequence[Word], index: int) -> bool:
    """Return whether a word is an adjective not of the genitive before it, but of its head noun.

    وَزِيرُ الْخَارِجِيَّةِ الْمِصْرِيُّ: the gender shows it. مَجْلِسُ الْأَمْنِ الدَّوْلِيُّ: the meaning does.
    """
    letters, before = words[index].letters, words[index - 1].letters
    if words[index - 2].letters.removeprefix("و") in institutions().get(before, ()):
        feminine = words[index - 2].letters.endswith("ة")
        return letters.startswith("ال") and letters.endswith("ية" if feminine else "ي")
    return (
        _ADJECTIVE.fullmatch(letters) is not None
        and before.startswith("ال")
        and before.endswith("ة")
        and not _MASCULINE_IN_TA.fullmatch(before)
        and _head(words, index) >= 0
    )


def _head(words: Sequence[Word], index: int) -> int:
    """Return the place of the noun before the genitive, or -1 if it has the article or ة."""
    letters = words[index - 2].letters
    if letters.removeprefix("و") in institutions().get(words[index - 1].letters, ()):
        return index - 2
    if letters.startswith(("ال", "لل", "بال", "كال", "وال")) or len(letters) < 4:
        return -1
    return -1 if letters[-1] in "ةىاويتن" else index - 2


def _with_case_of(reading: Reading, head: Reading) -> Reading:
    case = _case(head)
    if not case or reading.written[-1] not in _SHORT or reading.written[-1] == case:
        return reading
    if head.ending_chance * _LIKELIER < reading.ending_chance and not head.ending_sure:
        return reading
    return replace(
        reading,
        written=reading.written[:-1] + case,
        ending_sure=head.ending_sure,
        ending_chance=head.ending_chance,
    )


def _case(reading: Reading) -> str:
    """Return the short vowel at the end of a word, or ""."""
    last = reading.written[-1:]
    return last if last and last in _SHORT else ""
