"""The verbs of a sentence, vowelled in the voice and form that they have in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log
from typing import TYPE_CHECKING, Any

from briefing.text.characters import DAMMATAN
from briefing.text.tables import context, people
from briefing.text.vowels.forms_in_t import agreeing_perfect, noun_in_t
from briefing.text.vowels.mark_masks import VOWEL, MarkMasks
from briefing.text.vowels.marks import Word, complete, word_of
from briefing.text.vowels.names import first_names
from briefing.text.vowels.verb_surroundings import Cases
from briefing.text.vowels.verb_voice import FORM_VI, Chances, VerbReading, verb_vowels
from briefing.text.words.clauses import is_governed, is_shown, new_agent, opens_as_verb, word_at
from briefing.text.words.conjugation import active_readings
from briefing.text.words.noun_signs import (
    is_broken_plural,
    is_feminine,
    is_like_adjective,
    is_masculine,
    is_plural_subject,
    is_sound_plural,
)
from briefing.text.words.passives import (
    forms_in_both_voices,
    has_jussive_twin,
    is_before_noun,
    noun_kind,
    passive_of,
    preposition_of,
)
from briefing.text.words.verb_forms import Form, Vowels

if TYPE_CHECKING:
    import numpy

    from briefing.text.vowels.tashkeel_model import Mark, Predictions

__all__ = ["SentenceVerbs", "SettledWord"]

_NEARLY = 2.0
"""A verb of the tables is read if it is at most so many nats less probable than the best marks."""
_FAR = 5.0
"""If a verb of the tables is more nats less probable than the best marks, the word is not it."""
_PASSIVE_YET = 1.2
"""The least log-odds of a passive imperfect that the model reads as no verb."""
_CERTAINLY = 3.3
"""The least log-odds of a passive perfect that the model reads as no verb: it may be a noun."""
_LIKE_A_VERB = 2.0
"""The same where the best marks are nearly those of the active: شَيَّدَ."""
_PLAIN_VERB = 3
"""Letters of a perfect of form I, which are those of a noun, as are those of form III."""
_MORE_THAN_NOT, _HARDLY = 0.6, 0.3
_NATION = re.compile("(?!صحا?في|مدني|جندي|شرطي|إعلامي|قيادي)[^\\W]{3,}ي")
_SURE_LETTER = 0.8
"""A verb is unsure if the probability of a letter is below this."""
_FLOOR = 1e-9
# a verbal noun after a preposition: بِاسْتِخْدَامِ أَحْدَثِ
_TAKES_NOUN = re.compile("[بل](?:است[^\\W]{2}ا|ا[^\\W]ت[^\\W]ا|إ[^\\W]{2}ا|ت[^\\W]{2}ي)[^\\W]")
_FATHA, _SUKUN = "\u064e", "\u0652"


@dataclass(frozen=True, slots=True)
class SettledWord:
    """A word with the marks that the tables of verbs put on it, or unchanged."""

    word: Word
    sure: bool = True
    passive: bool = False
    rule: str = ""
    """The rule that decided its reading; "" if none did."""


class SentenceVerbs:
    """Settles the verbs of one sentence."""

    def __init__(
        self,
        words: Sequence[Word],
        pauses: Sequence[bool],
        predicted: Predictions,
        starts: Sequence[int],
        marks: Sequence[Mark],
        masks: MarkMasks,
    ) -> None:
        """starts: the row of each word's first letter in `predicted`. marks: the model's marks."""
        self._words = words
        self._letters = [word.letters for word in words]
        self._pauses = pauses
        self._probabilities = predicted.probabilities
        self._starts = starts
        self._marks = marks
        self._masks = masks

    def _genitive(self, index: int) -> str:
        """Return the genitive of a noun, with tanwin where no genitive follows it."""
        following = word_at(self._letters, index + 1)
        ends = self._pauses[index] or not following or bool(preposition_of(following))
        return "\u064d" if ends else "\u0650"

    def settle(self, index: int) -> SettledWord:
        """Return the word at a place, vowelled if it is a verb of the tables."""
        word = self._words[index]
        place = (self._letters, index, self._pauses)
        if not word.exact and (is_shown(*place) or is_governed(*place)):
            vowels, doubled = noun_in_t(word.letters)
            case = self._genitive(index) if is_governed(*place) else _FATHA
            noun = complete(word, Word(word.letters, doubled, (*vowels[:-1], case)))
            return SettledWord(noun or word, rule="verbal_noun")
        if not word.exact and (agreeing := agreeing_perfect(*place, self._letter_vowels)):
            perfect = complete(word, Word(word.letters, agreeing[1], agreeing[0]))
            return SettledWord(perfect or word, rule="agreement_of_verb")
        if not word.exact and (described := self._described_noun(index)):
            return SettledWord(complete(word, described) or word, rule="described_noun")
        form = None if word.exact else passive_of(word.letters)
        if form is not None and index and not self._pauses[index - 1]:
            form = None if _TAKES_NOUN.fullmatch(self._letters[index - 1]) else form
        if form is None:
            return self._as_verb(index)
        marked = any(word.vowels) or any(word.shaddas)
        if marked:
            passive, active = _voices_of_author(word, form)
            if passive is None or active is None:
                rule = "author" if passive or active else ""
                return SettledWord(passive or active or word, True, passive is not None, rule)
        reading = self._voice(index, form, marked=marked)
        if reading is None and opens_as_verb(*place):
            opening = self._voice(index, form, verb=True)
            if opening is not None and not opening.passive:
                settled = self._with_vowels(index, form, opening, marked=True)
                return replace(settled, rule="opens_as_verb")
        if reading is None:
            settled = self._as_verb(index)
            reading = self._second_look(index, form, settled)
            if reading is None:
                return settled
            verb = self._with_vowels(index, form, reading, marked=marked)
            return replace(verb, sure=verb.sure and settled.sure)
        return self._with_vowels(index, form, reading, marked=marked)

    def _letter_vowels(self, index: int, letter: int) -> Chances:
        """Return the model's probabilities of the vowels of one letter of a word."""
        row = (self._rows(index) @ self._masks.vowel_sums())[letter]
        return Chances(*(float(chance) for chance in row))

    def _voice(
        self, index: int, form: Form, *, marked: bool = False, verb: bool = False
    ) -> VerbReading | None:
        rows = self._rows(index) @ self._masks.vowel_sums()
        chances = [Chances(*(float(chance) for chance in row)) for row in rows]
        return verb_vowels(
            form,
            chances,
            self._letters,
            index,
            self._pauses,
            self,
            marked=marked,
            verb=verb,
        )

    def _second_look(self, index: int, form: Form, settled: SettledWord) -> VerbReading | None:
        """Return the passive of a word that the model reads as no verb, if it may be a verb.

        وَفُتِحَ تَحْقِيقٌ: a sentence seldom begins with "and" and a noun.
        """
        opens = index == 0 and form.front and not form.imperfect
        if settled.word is self._words[index] and not opens:
            return None
        if form.imperfect and settled.word.vowels[form.first :][:2] == (_FATHA, _FATHA):
            return None  # تَقَدَّمَ
        reading = self._voice(index, form, verb=True)
        least = _PASSIVE_YET if form.imperfect else _CERTAINLY
        if not form.imperfect and settled.rule in ("nearest_verb", "verb_before_subject"):
            least = _LIKE_A_VERB
        return reading if reading is not None and reading.odds > least else None

    def _with_vowels(
        self, index: int, form: Form, reading: VerbReading, *, marked: bool
    ) -> SettledWord:
        word = self._words[index]
        readings: tuple[Vowels, ...] = ((reading.vowels, reading.doubled),)
        of_her = new_agent(self._letters, index, self._pauses).endswith("ة")
        if not reading.passive:
            readings = active_readings(word.letters) or readings
            if of_her:  # شَرِكَةٌ نَاشِئَةٌ تُطَوِّرُ, not تَطَوَّرَ
                readings = _of_her(readings, word.letters)
        loss, sure, chosen = self._likeliest(index, readings)
        far = 2 * _FAR if word.letters[len(form.front)] == "ي" else _FAR  # few nouns begin so
        if not reading.passive and not (marked or of_her) and loss > far:
            return SettledWord(word)  # a verb that is not in the tables
        certain = reading.sure and (reading.passive or sure)
        return SettledWord(complete(word, chosen) or word, certain, reading.passive, reading.rule)

    def _as_verb(self, index: int) -> SettledWord:
        """Return a word as the verb that is nearest to the model's marks: صَعِدَ instead of صَعَدَ.

        If it is no verb, it is unchanged.
        """
        word = self._words[index]
        before = self._letters[index - 1] if index else ""
        if word.exact or any(word.vowels) or any(word.shaddas) or is_before_noun(before):
            return SettledWord(word)
        if _TAKES_NOUN.fullmatch(before) or has_jussive_twin(before, word.letters):
            return SettledWord(word)
        readings = active_readings(word.letters)
        behind = word_at(self._letters, index + 1) if not self._pauses[index] else ""
        opens = index == 0 and word.letters[0] == "ت"
        is_hers = is_feminine(behind[2:]) or is_broken_plural(behind[2:])
        if opens and behind[:2] == "ال" and is_hers:
            readings = _of_her(readings, word.letters)  # تُرَاهِنُ الْجَامِعَةُ, not تَرَاهَنَ
        if not readings:
            return SettledWord(word)
        loss, sure, reading = self._likeliest(index, readings)
        if loss < _FAR and self._has_subject_behind(index):
            return SettledWord(reading, sure, rule="verb_before_subject")
        if loss < 2 * _FAR and opens_as_verb(self._letters, index, self._pauses):
            return SettledWord(reading, sure, rule="opens_as_verb")  # رَاجَعَ الْمَرِيضُ الطَّبِيبَ
        best = self._rows(index).argmax(1)
        for number, vowel in zip(best[1:-1], reading.vowels[1:-1], strict=True):
            if self._marks[int(number)].vowel == _SUKUN and vowel not in ("", _SUKUN):
                return SettledWord(word)  # فَجْرَ
        nearly = _NEARLY if reading.vowels[-1] == _FATHA else 2 * _NEARLY  # غَرِقَتْ is no noun
        if loss >= nearly:
            return SettledWord(word)
        return SettledWord(reading, sure, rule="nearest_verb")

    def _described_noun(self, index: int) -> Word | None:
        """Return a verbal noun that begins a clause before its adjective: طَلَبٌ مُتَزَايِدٌ.

        As a verb it would have a subject that is no noun.
        """
        following = word_at(self._letters, index + 1)
        opens = (index == 0 or self._pauses[index - 1]) and not self._pauses[index]
        noun = _described_nouns().get(self._letters[index]) if opens else None
        if noun is None or not is_like_adjective(following) or preposition_of(following):
            return None
        if following.startswith("ال"):  # حَكَمَ الْقَاضِي
            return None
        is_somebody = following in people() or noun_kind(following) != "unknown"
        if is_somebody and _NATION.fullmatch(following) and following not in first_names():
            # رَفْضٌ سُعُودِيٌّ لِلْقَرَارِ, but رَفَضَ سُعُودِيٌّ الْعَرْضَ
            behind = word_at(self._letters, index + 2)
            is_somebody = not (
                preposition_of(behind) or behind.startswith(("لل", "لإ", "لأ", "بال"))
            )
        is_name = following in first_names()
        if is_somebody or is_name or following[0] in "وف" or following.endswith(("ون", "ين")):
            return None
        return noun

    def _has_subject_behind(self, index: int) -> bool:
        """Return whether a word that begins a clause stands before a nominative: طَرَحَ تَطْبِيقٌ مِيزَةً.

        A noun there would have its genitive or its adjective behind it (Ryding 2005, 4.2.1, 8.1).
        """
        following = word_at(self._letters, index + 1)
        opens = index == 0 or self._pauses[index - 1]
        word = self._letters[index]
        if word.endswith(("ه", "ها", "هم")) and not self._pauses[index]:
            return is_plural_subject(following)  # لَوْحَاتٍ رَسَمَهَا فَنَّانُونَ
        form_vi = FORM_VI.fullmatch(word) and is_masculine(following)
        like_noun = len(word) == _PLAIN_VERB or word[1:2] == "ا" or form_vi
        if not opens or self._pauses[index] or not like_noun or word[0] == "و":
            return False
        if not following or preposition_of(following) or following[0] in "وف":
            return False
        if word[1:2] == "ا" and noun_kind(following) == "thing":
            return False  # عَامِلُ الْمَصْنَعِ
        may_describe = not following.startswith("ال") and not following.endswith("ون")
        if may_describe and is_like_adjective(following):
            return False
        cases = self.cases(index + 1)
        return cases.nominative > _MORE_THAN_NOT and cases.genitive < _HARDLY

    def _likeliest(self, index: int, readings: Sequence[Vowels]) -> tuple[float, bool, Word]:
        """Return the most probable of a word's readings, with its loss and certainty.

        The values are: the loss against the best marks, in nats for all letters together; whether
        all letters are sure; the reading.
        """
        import numpy

        chances = self._rows(index)
        best = numpy.log(chances.max(1) + _FLOOR)
        word = self._words[index]
        least, surest, chosen = float("inf"), False, word
        for vowels, doubled in readings:
            marks = tuple(VOWEL[vowel] for vowel in vowels)
            loss, sure = 0.0, True
            for place, vowel in enumerate(marks):
                if vowel:
                    allowed = chances[place] * self._masks.row("?", doubled[place], vowel, "")
                    chance = float(allowed.max())
                    loss += float(best[place]) - log(chance + _FLOOR)
                    sure = sure and chance > _SURE_LETTER
            if loss < least:
                least, surest = loss, sure
                chosen = Word(word.letters, doubled, marks, exact=True)
        return least, surest, chosen

    def _rows(self, index: int) -> numpy.ndarray[Any, Any]:
        start = self._starts[index]
        return self._probabilities[start : start + len(self._letters[index])]

    def ending(self, place: int) -> str:
        """Return the mark that the model puts on the last letter of the word at a place."""
        last = self._starts[place] + len(self._letters[place]) - 1
        return self._marks[int(self._probabilities[last].argmax())].vowel

    def cases(self, place: int) -> Cases:
        """Return the model's probabilities of the cases of the word at a place."""
        letters = self._letters[place]
        if is_sound_plural(letters):
            return Cases(1.0, 0.0, 0.0)  # the a of الْمُصَابُونَ is no case
        last = len(letters) - 1
        if last and letters[-1] in "اى":  # a tanwin goes before its alif
            last -= 1
        row = self._probabilities[self._starts[place] + last] @ self._masks.case_sums()
        return Cases(*(float(chance) for chance in row))

    def begins_with_i(self, place: int) -> float:
        """Return the model's probability of an i on the first letter of the word at a place."""
        return float((self._probabilities[self._starts[place]] @ self._masks.vowel_sums())[1])

    def begins_with_a(self, place: int) -> float:
        """Return the model's probability of an a on the first letter of the word at a place."""
        return float((self._probabilities[self._starts[place]] @ self._masks.vowel_sums())[0])


@cache
def _described_nouns() -> dict[str, Word]:
    nouns = (word_of(noun + DAMMATAN) for noun in context()["described_nouns"])
    return {noun.letters: noun for noun in nouns}


def _of_her(readings: tuple[Vowels, ...], letters: str) -> tuple[Vowels, ...]:
    """Return the indicatives without the masculine perfects of forms V and VI, if any are left."""
    of_her = tuple(way for way in readings if way[0][:2] != ("a", "a"))
    if letters[-1] in "اوىي":
        return of_her or readings
    return tuple(((*vowels[:-1], "u"), doubled) for vowels, doubled in of_her) or readings


def _voices_of_author(word: Word, form: Form) -> tuple[Word | None, Word | None]:
    """Return the passive and the active that agree with an author's marks; None if it does not."""
    passive, active, other_passive, other_active = (
        complete(word, Word(word.letters, doubled, tuple(VOWEL[vowel] for vowel in vowels)))
        for vowels, doubled in forms_in_both_voices(form)
    )
    return passive or other_passive, active or other_active
