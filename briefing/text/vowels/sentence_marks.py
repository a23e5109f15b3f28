"""Marks of a word that other words of the sentence tell: أَيّ behind a negation, دَخْلًا behind أَقَلّ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.text.characters import FATHA, FATHATAN, KASRA, SUKUN
from briefing.text.tables import context, kinds
from briefing.text.vowels.marks import Word, word_of
from briefing.text.words.noun_signs import is_dual_of_thing, is_like_adjective
from briefing.text.words.passives import is_listed, is_name, noun_kind, preposition_of
from briefing.text.words.verb_signs import is_verb

__all__ = ["add_sentence_marks"]


def add_sentence_marks(words: Sequence[Word], pauses: Sequence[bool]) -> list[Word]:
    """Return the words of a sentence with what these rules know of them.

    pauses: whether one follows each word. Marks that were given stay.
    """
    letters = [word.letters for word in words]
    marked = list(words)
    for index, word in enumerate(words):
        if _is_beside_dual(marked, pauses, index) or _is_two(words, pauses, index):
            marked[index] = replace(word, vowels=(*word.vowels[:-3], *_OF_DUAL))
        elif _is_subjunctive(word, letters, pauses, index):
            marked[index] = replace(word, vowels=(*word.vowels[:-1], FATHA))
        elif adverb := _ADVERB_WITH_PRONOUN.fullmatch(word.letters):
            marked[index] = _with_ending(word, adverb.end(1) - 1, letters, pauses, index)
        elif any(word.vowels) or any(word.shaddas):
            continue
        if _are_two_of(letters, pauses, index):
            marked[index] = replace(word, vowels=(*word.vowels[:-2], FATHA, SUKUN))
        elif _is_any(letters, pauses, index):
            marked[index] = replace(word_of("أَيّ"), exact=True)
        elif _is_specification(letters, pauses, index):
            marked[index] = replace(word, vowels=(*word.vowels[:-2], FATHATAN, ""))
        elif _is_state_of_agent(letters, pauses, index):
            marked[index] = replace(word, vowels=(*word.vowels[:-3], KASRA, FATHATAN, ""))
        elif _is_state_of_her(letters, pauses, index):
            marked[index] = replace(word, vowels=(*word.vowels[:-3], KASRA, "", ""))
    return marked


def _is_beside_dual(words: Sequence[Word], pauses: Sequence[bool], index: int) -> bool:
    """هَدَفَيْنِ نَظِيفَيْنِ: what follows a dual of a thing, and has an article as it has, describes it.

    Ryding 2005, 5.1, 7.1. زَارَ قَبْلَ يَوْمَيْنِ لَاجِئِينَ: after a dual of time it may be another's object.
    """
    letters = words[index].letters
    if not index or pauses[index - 1] or not _MAY_DESCRIBE_TWO.fullmatch(letters):
        return False
    if letters[0] == "و" and letters.removesuffix("ين") not in context()["own_waw"]:
        return False
    before = words[index - 1]
    if letters.startswith("ال") and before.letters.startswith("وال") and index > 2:
        before = words[index - 3]  # الْقَرْنَيْنِ الثَّالِثِ وَالسَّادِسِ الْمِيلَادِيَّيْنِ
    same = letters.startswith("ال") == (_WITH_ARTICLE.match(before.letters) is not None)
    if not same or any(words[index].vowels[-3:]) or letters in context()["ends_in_n"]:
        return False
    if before.vowels[-3:] != _OF_DUAL and not is_dual_of_thing(before.letters):
        return False
    of_time = before.letters.removesuffix("ين").removeprefix("و").removeprefix("ب")
    return of_time not in kinds()["time"] or letters in _OF_TWO_TIMES


_OF_DUAL = (FATHA, SUKUN, KASRA)
_MAY_DESCRIBE_TWO = re.compile("(?:ال)?[^\\W]{3,}ين")
_WITH_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)")
_OF_TWO_TIMES = frozenset("كاملين متتاليين متواصلين متتابعين إضافيين آخرين ماليين دراسيين".split())


def _is_two(words: Sequence[Word], pauses: Sequence[bool], index: int) -> bool:
    """الْعَسْكَرِيَّيْنِ اللَّذَيْنِ, مُسْتَثْمِرَيْنِ سُورِيٌّ وَسُعُودِيٌّ: what follows tells that they are two.

    A relative pronoun or a verb of two, or an adjective for each (Ryding 2005, 5.1, 14.2, 21.1).
    """
    letters = words[index].letters
    if not _MAY_DESCRIBE_TWO.fullmatch(letters) or any(words[index].vowels[-3:]) or pauses[index]:
        return False
    if letters.removeprefix("ال") in context()["ends_in_n"]:
        return False
    if index and letters[:2] != "ال" and words[index - 1].letters in ("كانا", "كانتا"):
        return not pauses[index - 1]
    first, second = ([word.letters for word in words[index + 1 : index + 3]] + ["", ""])[:2]
    if _tells_of_two(first) or _is_one_of_each(first, second):
        return True
    has_adjective = _MAY_DESCRIBE_TWO.fullmatch(first) and not pauses[index + 1]
    return bool(has_adjective) and _tells_of_two(second)  # الْعَسْكَرِيَّيْنِ الْيُونَانِيَّيْنِ اللَّذَيْنِ


def _tells_of_two(word: str) -> bool:
    if word in ("اللذين", "اللتين"):
        return True
    of_now = _DUAL_IMPERFECT.fullmatch(word)
    return word in context()["verbs_of_two"] or (of_now is not None and is_verb(of_now[1]))


_DUAL_IMPERFECT = re.compile("((?:س?[يت])[^\\W]{3,})ان")


def _is_one_of_each(first: str, second: str) -> bool:
    """Return whether two words are adjectives of one person each: سوري وسعودي."""
    both = _ONE.fullmatch(first) and _ONE.fullmatch(second.removeprefix("و"))
    return bool(both) and second.startswith("و")


_ONE = re.compile("(?:ال)?[^\\W]{3,}ية?")


def _with_ending(
    word: Word, place: int, letters: Sequence[str], pauses: Sequence[bool], index: int
) -> Word:
    """Return an adverb with a pronoun, أَمَامَهَا: it ends in a, behind a preposition in i.

    Ryding 2005, 16.3. place: of the last letter before the pronoun.
    """
    if word.vowels[place]:
        return word  # the author's
    governed = index and not pauses[index - 1] and letters[index - 1] in _GOVERN_ADVERBS
    vowels = [*word.vowels]
    vowels[place] = KASRA if governed else FATHA
    if governed and word.letters[place + 1 :] in ("ه", "هم", "هما"):
        vowels[place + 1] = KASRA  # مِنْ بَعْدِهِمْ
    return replace(word, vowels=tuple(vowels))


_GOVERN_ADVERBS = frozenset("من ومن فمن إلى وإلى في وفي على وعلى عن لمن".split())
_ADVERB_WITH_PRONOUN = re.compile(
    "([وف]?(?:خلال|أمام|خلف|تحت|فوق|بعد|بين|عند|داخل|خارج|إثر|دون|تجاه|حيال|ضمن|قبيل|بعيد))"
    "(?:ه|ها|هم|هما|نا|كم)"
)


def _is_subjunctive(word: Word, letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """أَنْ تَجْرِيَ الِانْتِخَابَاتُ: a verb of the tables in ي or و has a behind أن (Ryding 2005, 34.2.1)."""
    ends_long = word.exact and word.ends_long and not word.shaddas[-1]
    if not ends_long or word.letters[0] not in "يتن" or SUKUN not in word.vowels[1:2]:
        return False
    return index > 0 and not pauses[index - 1] and letters[index - 1] in _BEFORE_SUBJUNCTIVE


_BEFORE_SUBJUNCTIVE = frozenset("أن وأن لن ولن كي لكي".split())


def _are_two_of(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """سَفِيرَيْ مِصْرَ وَالْأُرْدُنِّ: before its genitive a dual loses its n (Ryding 2005, 5.1, 8.1).

    Only of nouns that have no other plural in ـين and no nisba that is often said.
    """
    stem = letters[index].removesuffix("ي")
    if stem == letters[index] or index + 1 == len(letters) or pauses[index]:
        return False
    joined = stem[1:] if stem[:1] in ("و", "ف", "ب", "ل", "ك") else stem
    governed = index > 0 and not pauses[index - 1] and preposition_of(letters[index - 1])
    is_nisba = {stem, joined} & context()["duals_behind_prepositions"] and not governed
    if is_nisba or not {stem, joined} & context()["duals_in_construct"]:
        return False
    following = letters[index + 1]
    if is_listed(following, "times") or preposition_of(following):
        return False
    if following in ("الأول", "الأولى"):
        return False
    if following.startswith("ال") and is_like_adjective(following[2:]):
        return noun_kind(following) != "unknown"  # مَشْرُوعِي الْجَدِيدُ
    if following.startswith("ال") or is_name(following) or noun_kind(following) != "unknown":
        return True
    return letters[index + 2 : index + 3] != [] and letters[index + 2][0] == "و"  # نَهْرَيْ بِيَا وَكَاتُونَ


def _is_any(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """لَمْ يَتَّضِحْ حَتَّى الْآنَ أَيُّ سَبَبٍ: "any" needs a denial or a question; else أَيْ is "that is".

    Ryding 2005, 15.3. What it is of has no article; أَيْ explains, so it does not begin a sentence.
    """
    if letters[index] != "أي" or index + 1 == len(letters) or pauses[index]:
        return False
    following = letters[index + 1]
    if following.startswith(("ال", "أن", "إن")) or preposition_of(following) not in ("", "من"):
        return False
    if index == 0:
        return True
    start = index
    while start and not pauses[start - 1]:
        start -= 1
    denials = context()["denials"] | context()["negations"]
    return any(word.removeprefix("و").removeprefix("ف") in denials for word in letters[start:index])


def _is_specification(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """الْأَقَلِّ دَخْلًا: an indefinite accusative says in what something is more or less.

    Ryding 2005, 7.6.
    """
    word = letters[index]
    if not index or pauses[index - 1] or not _is_elative(letters[index - 1]):
        return False
    return (
        _WITH_ALIF.fullmatch(word) is not None
        and not preposition_of(word)
        and word not in context()["keeps_alif"]
    )


def _is_elative(word: str) -> bool:
    return _JOINED.sub("", word) in context()["elatives"]


_JOINED = re.compile("^[وف]?(?:ب?ال)?")
_WITH_ALIF = re.compile(
    "(?!ال|هذا|إذا|مما|كما|بما|لما|فيما|كلما|عندما|حينما|ربما|إنما|.*ها$|.{4,}نا$)"
    "[^\\W]{2,}[^\\Wاوىيةءؤئ]ا"
)


def _is_state_of_agent(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """مُلَخِّصًا قِصَّتَهَا: a participle that begins a clause and has an object is active.

    Ryding 2005, 5.2.
    """
    begins = index == 0 or pauses[index - 1]
    if not begins or index + 1 == len(letters) or pauses[index]:
        return False
    following = letters[index + 1]
    has_object = following.startswith("ال") or following in _CLAUSES or _OWN.fullmatch(following)
    return bool(has_object) and _STATE_OF_AGENT.fullmatch(letters[index]) is not None


_STATE_OF_AGENT = re.compile("[وف]?م[^\\Wاوىي][^\\Wاىي][^\\Wاوىيءؤئ]ا")
_OWN = re.compile("[^\\W]{3,}(?:ه|ها|هم)")
_CLAUSES = ("أن", "أنه", "أنها", "أنهم", "إنه", "إنها", "حتى", "أكثر", "نحو", "كل", "جميع")


def _is_state_of_her(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """مُشَدِّدَةً عَلَى أَنَّ: so is a feminine one before what was said (Ryding 2005, 5.2)."""
    begins = index == 0 or pauses[index - 1]
    rest = letters[index + 1 : index + 3]
    reports = rest[:1] and (
        rest[0] in _CLAUSES[:6] or (rest[0] in _PREPOSITIONS and rest[-1] in _CLAUSES)
    )
    return bool(begins and reports) and _STATE_OF_HER.fullmatch(letters[index]) is not None


_STATE_OF_HER = re.compile("م[^\\Wاوىي][^\\Wاىي][^\\Wاوىيءؤئ]ة")
_PREPOSITIONS = ("على", "إلى", "من", "عن")
