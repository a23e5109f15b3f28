"""Marks of a word that other words of the sentence tell: أَيّ behind a negation, دَخْلًا behind أَقَلّ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.text.characters import FATHA, FATHATAN, KASRA, SUKUN
from briefing.text.tables import context
from briefing.text.vowels.dual_marks import OF_DUAL, are_two_of, is_beside_dual, tells_of_two
from briefing.text.vowels.imperatives import imperative
from briefing.text.vowels.marks import Word, word_of
from briefing.text.vowels.verbs_in_view import NOT_FEMININE
from briefing.text.words.conjugation import active_readings
from briefing.text.words.known_words import known_reading
from briefing.text.words.noun_signs import is_broken_plural, is_feminine
from briefing.text.words.passives import (
    MASDAR,
    is_agent_with_genitive,
    is_listed,
    noun_kind,
    preposition_of,
)

__all__ = ["add_sentence_marks"]


def add_sentence_marks(words: Sequence[Word], pauses: Sequence[bool]) -> list[Word]:
    """Return the words of a sentence with what these rules know of them.

    pauses: whether one follows each word. Marks that were given stay.
    """
    letters = [word.letters for word in words]
    marked = list(words)
    for index, word in enumerate(words):
        ended = _with_known_end(marked, letters, pauses, index)
        if ended is not None:
            marked[index] = ended
        elif not any(word.vowels) and not any(word.shaddas):
            marked[index] = _with_known_vowels(word, letters, pauses, index)
    return marked


def _with_known_end(
    words: Sequence[Word], letters: Sequence[str], pauses: Sequence[bool], index: int
) -> Word | None:
    """Return the word with the end that its neighbours tell, or None; its stem may be known."""
    word = words[index]
    if is_beside_dual(words, pauses, index) or tells_of_two(words, pauses, index):
        return replace(word, vowels=(*word.vowels[:-3], *OF_DUAL))
    if not word.by_user and _is_answer(letters, index):
        return replace(word, vowels=(FATHA, *word.vowels[1:]))
    if _is_subjunctive(word, letters, pauses, index):
        return replace(word, vowels=(*word.vowels[:-1], FATHA))
    if adverb := _ADVERB_WITH_PRONOUN.fullmatch(word.letters):
        return _with_ending(word, adverb.end(1) - 1, letters, pauses, index)
    return None


def _with_known_vowels(
    word: Word, letters: Sequence[str], pauses: Sequence[bool], index: int
) -> Word:
    """Return a word without any mark, vowelled as far as its neighbours tell it."""
    if command := imperative(letters, pauses, index):
        return replace(word_of(command), exact=True)
    if _is_verb_like_elative(letters, pauses, index):
        return replace(word_of(_form_iv(word.letters)), exact=True)
    if verb := _holds_responsible(letters, pauses, index):
        return replace(word_of(verb), exact=True)
    if directly := _directly(letters, pauses, index):
        return replace(word_of(directly), exact=True)
    if _is_who(letters, pauses, index):
        return replace(word_of("مَنْ"), exact=True)
    if are_two_of(letters, pauses, index):
        return replace(word, vowels=(*word.vowels[:-2], FATHA, SUKUN))
    if _is_any(letters, pauses, index):
        return replace(word_of("أَيّ"), exact=True)
    if _is_specification(letters, pauses, index):
        return replace(word, vowels=(*word.vowels[:-2], FATHATAN, ""))
    if _is_joined_masdar(letters, pauses, index):
        return replace(word, vowels=(FATHA, FATHA, SUKUN, KASRA))
    if _is_state_of_agent(letters, pauses, index):
        return replace(word, vowels=(*word.vowels[:-3], KASRA, FATHATAN, ""))
    if _is_state_of_her(letters, pauses, index):
        return replace(word, vowels=(*word.vowels[:-3], KASRA, "", ""))
    return word


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


def _is_verb_like_elative(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """أَشْهَرَ الْحَكَمُ الْبِطَاقَةَ: "the most" has a plural behind it, or a noun without article (10.5).

    So before a singular with the article a first word is a verb of form IV.
    """
    word = letters[index].removeprefix("و")
    if word not in context()["like_elatives"] or index + 1 == len(letters) or pauses[index]:
        return False
    first = index == 0 or pauses[index - 1] or letters[index - 1] in ("كما", "قد", "وقد", "حيث")
    noun = letters[index + 1]
    stem = noun[2:]
    is_plural = is_broken_plural(stem) or stem.endswith(("ات", "ين", "ون", "اء"))
    is_plural = is_plural or stem in NOT_FEMININE  # أَبْرَزُ الْقَادَةِ
    return first and noun.startswith("ال") and not is_plural and noun_kind(noun) != "unknown"


def _form_iv(word: str) -> str:
    """Return a perfect of form IV, vowelled, with its "and": وَأَشْهَرَ."""
    front, verb = word[:-4], word[-4:]
    marked = f"{verb[0]}{FATHA}{verb[1]}{SUKUN}{verb[2]}{FATHA}{verb[3]}{FATHA}"
    return (front and front + FATHA) + marked


def _holds_responsible(letters: Sequence[str], pauses: Sequence[bool], index: int) -> str:
    """Return حَمَّلَ where somebody is held responsible: حَمَّلَ الرَّئِيسُ الْمُعَارَضَةَ مَسْؤُولِيَّةَ الْعُنْفِ; else "".

    Form II has two objects (Ryding 2005, 23.3), so a noun stands before the responsibility.
    """
    verb = _HOLDS.get(letters[index].removeprefix("و"), "")
    if not verb or index + 2 >= len(letters) or pauses[index]:
        return ""
    rest = letters[index + 2 : index + 2 + _SIGHT]
    agent, behind = letters[index + 1 : index + 3]
    is_agent = agent.startswith("ال") or agent in _STATES or is_agent_with_genitive(agent, behind)
    if not is_agent:
        return ""
    responsible = any(word in ("مسؤولية", "المسؤولية") for word in rest)
    front = f"و{FATHA}" if letters[index][0] == "و" else ""
    return front + verb if responsible and not any(pauses[index : index + 2]) else ""


_HOLDS = {
    "حمل": "حَمَّلَ",
    "حملت": "حَمَّلَتْ",
    "يحمل": "يُحَمِّلُ",
    "تحمل": "تُحَمِّلُ",
}
_STATES = frozenset(("إسرائيل", "إيران", "واشنطن", "موسكو", "روسيا", "مصر", "سوريا", "حماس"))
_SIGHT = 5


def _directly(letters: Sequence[str], pauses: Sequence[bool], index: int) -> str:
    """Return the marks of "directly", which behind a feminine or a plural is an adjective; else "".

    عَادَ مُبَاشَرَةً, but مُحَادَثَاتٌ مُبَاشِرَةٌ.

    Hasan III, the verbal noun as an adverb.
    """
    before = letters[index - 1] if index and not pauses[index - 1] else ""
    if letters[index] != "مباشرة" or not before or before.startswith(("ال", "لل", "بال")):
        return "مُبَاشَرَةً" if letters[index] == "مباشرة" and index else ""
    described = is_feminine(before) or is_broken_plural(before) or before.endswith("ات")
    return "مُبَاشِرَة" if described or before in ("غير", "وغير") else "مُبَاشَرَةً"


def _is_who(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """مَنْ يُرِيدُونَ: before a verb in ون it is "who"; behind "of" a plural has ين (14.5)."""
    if letters[index] != "من" or index + 1 == len(letters) or pauses[index]:
        return False
    following = letters[index + 1]
    stem = following.removesuffix("هم").removesuffix("ها").removesuffix("ه")
    return _VERB_OF_MANY.fullmatch(stem) is not None and stem not in context()["ends_in_n"]


_VERB_OF_MANY = re.compile("(?:س?[يت])[^\\W]{2,}ون")


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


def _is_joined_masdar(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """يَسْعَى إِلَى كَسْرِ الْعُقْدَةِ وَخَطْفِ الْبِطَاقَةِ: joined to a verbal noun behind a verb of the present.

    A verb joined to that one would be of its tense (Ryding 2005, 8.1.7, 21.1).
    """
    if letters[index][:1] != "و" or letters[index][1:] not in context()["plain_masdars"]:
        return False
    if index + 1 == len(letters) or pauses[index] or preposition_of(letters[index + 1]):
        return False
    start = index
    while start and not pauses[start - 1]:
        start -= 1
    if not _PRESENT.fullmatch(letters[start]) or noun_kind(letters[start]) != "unknown":
        return False
    before = letters[start + 1 : index]
    if any(word in _OTHER_CLAUSE or is_listed(word, "relatives") for word in before):
        return False
    nouns = [noun for word, noun in pairwise(before) if word == "إلى"]
    return any(noun in context()["plain_masdars"] or MASDAR.fullmatch(noun) for noun in nouns)


_PRESENT = re.compile("[وف]?س?[يت][^\\W]{2,}")
_OTHER_CLAUSE = frozenset("أن إن الذي التي بعدما عندما حين لكن".split())


def _is_answer(letters: Sequence[str], index: int) -> bool:
    """لَوْلَا تَدَخُّلُهُمْ لَالْتَهَمَتِ النِّيرَانُ الْحَيَّ: the answer of لو has la before a perfect (39.2)."""
    word = letters[index]
    if letters[0].removeprefix("و") not in ("لو", "لولا") or not index:
        return False
    if word[:2] != "لا" or len(word) <= _SHORT_ANSWER:
        return False
    verb = word[1:]
    return bool(active_readings(verb)) or known_reading(verb).endswith(f"{FATHA}ت{SUKUN}")


_SHORT_ANSWER = 5


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
