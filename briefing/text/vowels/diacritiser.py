"""Words to vowelled words: the author's marks, the tables' and, for the rest, a model's.

The model (tashkeel_model) gives the probability of each mark on each letter; here the marks that
the letters, their neighbours and the author rule out are struck, and the best that remain are
written. Each word keeps the author's letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from math import log
from typing import Any

from briefing.text.pronunciation.word_sounds import sounds_of
from briefing.text.script import Sentence, Token
from briefing.text.vowels.case_agreement import agreeing
from briefing.text.vowels.marks import (
    HAMZA_SEATS,
    Reading,
    Word,
    best_reading,
    completed,
    constraint,
    doubled_passive_of_author,
    fits,
    passive_of_author,
    unread,
    word_of,
)
from briefing.text.vowels.names import UNSURE, name_in
from briefing.text.vowels.tashkeel_model import Predictions, TashkeelModel
from briefing.text.vowels.verb_voice import Chances, verb_vowels
from briefing.text.words.conjugation import active_readings
from briefing.text.words.known_words import (
    front_vowelled,
    known_reading,
    reading_before_name,
    reading_in_context,
)
from briefing.text.words.passives import forms_in_both_voices, is_before_noun, passive_of
from briefing.text.words.verb_forms import Form, Vowels

__all__ = ["Diacritiser", "from_vowelled"]

_LONGEST = 1500
"""Characters given to the model at once: its memory and time grow with them."""

_NEARLY = 2.0
"""Nats that a verb of the tables may be less likely than the marks of no word, to be read."""
_FAR = 5.0
"""Nats beyond which a word is not the verb of the tables that its letters may be."""
_SURE_LETTER = 0.8
"""Probability below which a letter makes a verb unsure."""
_FLOOR = 1e-9

_FATHA, _DAMMA, _KASRA, _SUKUN = "\u064e", "\u064f", "\u0650", "\u0652"
_TANWIN = "\u064b\u064c\u064d"
_VOWEL = {"a": _FATHA, "i": _KASRA, "u": _DAMMA, "o": _SUKUN, "": ""}
_SHADDA, _DAGGER = "\u0651", "\u0670"
_VOWELS = _FATHA + _DAMMA + _KASRA + _SUKUN + _TANWIN + _DAGGER
_MARKS = re.compile("[\u064b-\u0652\u0670\u06df\u06e1\u06e5\u06e6]")
# Shadda before its vowel, the order of most vowelled text
_VOWEL_BEFORE_SHADDA = re.compile(f"([{_VOWELS}]){_SHADDA}")


class Diacritiser:
    """Adds the vowels to sentences, one by one; loads its model at the first."""

    def __init__(self, model: TashkeelModel | None = None) -> None:
        self._model = model or TashkeelModel()
        self.version = f"{self._model.version}; rules 3"
        """For cache keys: the model's name and version, and the version of the rules here."""
        self._masks: dict[tuple[str, bool | None, str, str], Any] = {}
        self._totals: Any = None

    def diacritise(self, sentence: Sentence, names: Mapping[str, str] | None = None) -> Sentence:
        """Fill each Arabic token's `diacritised`, `unsure` and `unsure_endings`.

        The author's, the lexicon's and the numbers' marks (`token.vowelled`) are kept; the model
        fills the rest, seeing the sentence with its punctuation. names: how names are read in
        this article, see briefing.text.vowels.names.
        """
        tokens: list[Token] = []
        for piece in _pieces(sentence.tokens):
            tokens += self._vowel(piece, names or {})
        return replace(sentence, tokens=tuple(tokens))

    def _vowel(self, tokens: Sequence[Token], names: Mapping[str, str]) -> list[Token]:
        words = [
            word
            for before, token, following in zip_longest((None, *tokens[:-1]), tokens, tokens[1:])
            for word in _named(token, names) or _given(before, token, following)
        ]
        if not words:
            return list(tokens)
        for index, (before, word) in enumerate(pairwise(words), 1):
            if word.letters == "الله" and not any(word.vowels) and _OWNED.search(before.letters):
                words[index] = word_of("اللَّهِ")
        context = " ".join(
            token.spoken + (token.mark if token.mark != "-" else "")
            for token in tokens
            if token.spoken
        )
        if len(context) > 2 * _LONGEST:
            readings = [unread(word) for word in words]
        else:
            if context[-1].isalnum():
                context += "."  # without it the model takes a title for a fragment
            readings = self._read(words, _pauses(tokens), self._model.predict(context))
        done = []
        at = 0
        for token in tokens:
            count = len(token.spoken.split())
            mine = readings[at : at + count]
            at += count
            if token.language != "ar" or not token.spoken:
                done.append(replace(token, diacritised=token.spoken))
                continue
            endings = "".join(
                "." if one.ending_sure or one.written in _HELPED_MIN else "?" for one in mine
            )
            done.append(
                replace(
                    token,
                    diacritised=" ".join(one.written for one in mine),
                    unsure=token.unsure
                    or not all(one.sure for one in mine)
                    or names.get(name_in(token.spoken, names), "").endswith(UNSURE),
                    unsure_endings=endings if "?" in endings else "",
                )
            )
        return [
            replace(token, diacritised=written)
            for token, written in zip(done, _joined(done), strict=True)
        ]

    def _read(
        self, given: Sequence[Word], pauses: Sequence[bool], predicted: Predictions
    ) -> list[Reading]:
        """Choose the marks of each word's letters among those that its letters allow."""
        spans = [found.span() for found in re.finditer(r"\S+", predicted.letters)]
        words, doubtful, passives = self._with_verbs(given, pauses, predicted, spans)
        careful = any(letter in "أإ" for word in words for letter in word.letters)
        masks = []
        rows: list[int] = []
        for word, (start, _) in zip(words, spans, strict=False):
            for index in range(len(word.letters)):
                masks.append(self._mask(*constraint(word, index, careful)))
                rows.append(start + index)
        if len(words) != len(spans) or any(
            end - start < len(word.letters) for word, (start, end) in zip(words, spans, strict=True)
        ):
            # a character that the model sees as none or as several: read without it
            return [unread(word) for word in words]
        import numpy

        chances = predicted.probabilities[rows] * numpy.array(masks)
        best = chances.argmax(1)
        sums = chances.sum(1)
        tops = chances.max(1)
        sure = numpy.divide(tops, sums, out=numpy.zeros_like(tops), where=sums > 0)
        readings = []
        at = 0
        for word, written in zip(words, given, strict=True):
            size = len(word.letters)
            doubled = "" if written.exact else doubled_passive_of_author(written)
            passive = doubled or passive_of_author(word)
            if passive:
                own = self._model.marks[int(predicted.probabilities[rows[at]].argmax())]
                if doubled or own.vowel != _DAMMA:
                    readings.append(Reading(passive, sure=True, ending_sure=True))
                    at += size
                    continue
            marks = [self._model.marks[number] for number in best[at : at + size]]
            readings.append(best_reading(word, marks, [float(one) for one in sure[at : at + size]]))
            at += size
        readings = [
            replace(one, sure=False) if index in doubtful else one
            for index, one in enumerate(readings)
        ]
        return agreeing(given, readings, pauses, passives)

    def _with_verbs(
        self,
        words: Sequence[Word],
        pauses: Sequence[bool],
        predicted: Predictions,
        spans: Sequence[tuple[int, int]],
    ) -> tuple[list[Word], set[int], set[int]]:
        """Vowel the verbs that are known, in the voice that they have here.

        Returns the words, the places where the voice is not sure, and those of passives.
        """
        settled = list(words)
        doubtful: set[int] = set()
        passives: set[int] = set()
        if len(words) != len(spans):
            return settled, doubtful, passives
        letters = [word.letters for word in words]

        def ending(place: int) -> str:
            last = spans[place][0] + len(letters[place]) - 1
            return self._model.marks[int(predicted.probabilities[last].argmax())].vowel

        for index, (word, (start, _)) in enumerate(zip(words, spans, strict=True)):
            form = None if word.exact else passive_of(word.letters)
            if form is None:
                settled[index], sure = self._as_verb(word, predicted, start, _before(words, index))
                doubtful |= set() if sure else {index}
                continue
            marked = any(word.vowels) or any(word.shaddas)
            if marked:
                passive, active = _voices_of_author(word, form)
                if passive is None or active is None:
                    settled[index] = passive or active or word
                    if passive is not None:
                        passives.add(index)
                    continue
            rows = predicted.probabilities[start : start + len(word.letters)] @ self._sums()
            chances = [Chances(*(float(one) for one in row)) for row in rows]
            found = verb_vowels(form, chances, letters, index, pauses, ending, marked=marked)
            if found is None:
                settled[index], sure = self._as_verb(word, predicted, start, _before(words, index))
                doubtful |= set() if sure else {index}
                opens = index == 0 and form.front and not form.imperfect
                if settled[index] is word and not opens:
                    continue  # but وَفُتِحَ تَحْقِيقٌ: a sentence seldom begins with "and" and a noun
                if form.imperfect and settled[index].vowels[form.first :][:2] == (_FATHA, _FATHA):
                    continue  # تَقَدَّمَ
                found = verb_vowels(form, chances, letters, index, pauses, ending, verb=True)
                if found is None or not found.passive:
                    continue
            readings: tuple[Vowels, ...] = ((found.vowels, found.doubled),)
            if not found.passive:
                readings = active_readings(word.letters) or readings
            loss, sure, reading = self._likeliest(word, readings, predicted, start)
            far = 2 * _FAR if word.letters[len(form.front)] == "ي" else _FAR  # few nouns begin so
            if not found.passive and not marked and loss > far:
                continue  # a verb that the tables have not
            settled[index] = completed(word, reading) or word
            if not found.sure or (not found.passive and not sure):
                doubtful.add(index)
            if found.passive:
                passives.add(index)
        return settled, doubtful, passives

    def _as_verb(
        self, word: Word, predicted: Predictions, start: int, before: str
    ) -> tuple[Word, bool]:
        """Vowel a word as the verb that it nearly is to the model: صَعِدَ, where that has صَعَدَ.

        Returns the word, as it was where it is no verb, and whether it is sure.
        """
        if word.exact or any(word.vowels) or any(word.shaddas) or is_before_noun(before):
            return word, True
        readings = active_readings(word.letters)
        if not readings:
            return word, True
        loss, sure, reading = self._likeliest(word, readings, predicted, start)
        best = predicted.probabilities[start : start + len(word.letters)].argmax(1)
        for number, vowel in zip(best[1:-1], reading.vowels[1:-1], strict=True):
            if self._model.marks[int(number)].vowel == _SUKUN and vowel not in ("", _SUKUN):
                return word, True  # فَجْرَ
        nearly = _NEARLY if reading.vowels[-1] == _FATHA else 2 * _NEARLY  # غَرِقَتْ is no noun
        return (reading, sure) if loss < nearly else (word, True)

    def _likeliest(
        self, word: Word, readings: Sequence[Vowels], predicted: Predictions, start: int
    ) -> tuple[float, bool, Word]:
        """Give the likeliest of a word's readings, how much less likely than the best marks it is
        (in nats, for all its letters together) and whether each letter is sure.
        """
        import numpy

        chances = predicted.probabilities[start : start + len(word.letters)]
        best = numpy.log(chances.max(1) + _FLOOR)
        least, surest, chosen = float("inf"), False, word
        for vowels, doubled in readings:
            marks = tuple(_VOWEL[one] for one in vowels)
            loss, sure = 0.0, True
            for index, vowel in enumerate(marks):
                if vowel:
                    allowed = chances[index] * self._mask("?", doubled[index], vowel, "")
                    chance = float(allowed.max())
                    loss += float(best[index]) - log(chance + _FLOOR)
                    sure = sure and chance > _SURE_LETTER
            if loss < least:
                least, surest = loss, sure
                chosen = Word(word.letters, doubled, marks, exact=True)
        return least, surest, chosen

    def _sums(self) -> Any:
        """Give the matrix that adds up the marks' probabilities to those of `Chances`."""
        if self._totals is None:
            import numpy

            self._totals = numpy.array(
                [
                    [mark.vowel == _VOWEL[one] for one in ("a", "i", "u")]
                    + [mark.vowel in ("", _SUKUN), mark.shadda]
                    for mark in self._model.marks
                ],
                dtype=numpy.float32,
            )
        return self._totals

    def _mask(self, hamza: str, shadda: bool | None, vowel: str, role: str) -> Any:
        """Give which of the model's marks a letter may have, as a row of 0 and 1.

        shadda: None where a vowel was given without one and it may still have one.
        """
        key = (hamza, shadda, vowel, role)
        if key not in self._masks:
            import numpy

            self._masks[key] = numpy.array(
                [
                    (mark.hamza == hamza or (hamza == "?" and mark.hamza in ("", *HAMZA_SEATS)))
                    and (shadda is None or mark.shadda == shadda)
                    and (mark.vowel == vowel if vowel else fits(mark, role))
                    for mark in self._model.marks
                ],
                dtype=numpy.float32,
            )
        return self._masks[key]


def _named(token: Token, names: Mapping[str, str]) -> list[Word]:
    """Give the word of a token that is a name as it is read in this article, else none."""
    if not names or token.vowelled or token.language != "ar":
        return []
    name = name_in(token.spoken, names)
    reading = names.get(name, "")
    if not reading:
        return []
    word = word_of(front_vowelled(token.spoken.removesuffix(name)) + reading.removesuffix(UNSURE))
    return [replace(word, exact=word.known)]


def _before(words: Sequence[Word], index: int) -> str:
    return words[index - 1].letters if index else ""


def _voices_of_author(word: Word, form: Form) -> tuple[Word | None, Word | None]:
    """Fill an author's marks up to the passive and to the active, where they agree with them."""
    readings = [
        completed(word, Word(word.letters, doubled, tuple(_VOWEL[one] for one in vowels)))
        for vowels, doubled in forms_in_both_voices(form)
    ]
    passive, active, other_passive, other_active = readings
    return passive or other_passive, active or other_active


def _pauses(tokens: Sequence[Token]) -> list[bool]:
    """Say for each word of the tokens whether a mark follows it."""
    pauses: list[bool] = []
    for token in tokens:
        pauses += [False] * len(token.spoken.split())
        if token.mark and pauses:
            pauses[-1] = True
    return pauses


def _given(before: Token | None, token: Token, following: Token | None) -> list[Word]:
    """Give a token's words with the marks already known on them."""
    spoken = token.spoken.split()
    known = token.vowelled.split()
    given = known if len(known) == len(spoken) else spoken
    if token.language != "ar":
        return [word_of(one) for one in given]
    if not token.vowelled and len(spoken) == 1:
        after = following.spoken if following is not None and not token.mark else ""
        name = reading_before_name(token.spoken, after) or reading_in_context(
            before.spoken if before is not None and not before.mark else "^", token.spoken, after
        )
        if name:
            return [replace(word_of(name), exact=True)]
    return [_known_word(word_of(one)) for one in given]


def _known_word(word: Word) -> Word:
    """Fill a word up from the tables, where an author's marks agree with them."""
    reading = known_reading(word.letters) if word.letters else ""
    return (completed(word, word_of(reading)) or word) if reading else word


# What الله is always the genitive of: nouns and prepositions
_OWNED = re.compile(
    "^[وفبل]?(?:عبد|بسم|باسم|حزب|نصر|رام|سبيل|رسول|آية|إذن|جار|فضل|حمد|رحمة"
    "|على|إلى|من|في|عن|عند|مع|لدى|غير|سوى|دون|أمام|بين|قبل|بعد|تجاه|نحو)$"
)
# Words that take another helping vowel than i before hamzat al-wasl (Wright I §20 d)
_HELPED_BY_U = re.compile(f"(?:[هكت]{_DAMMA}م|ه{_KASRA}م|مذ){_SUKUN}$")


def _joined(tokens: Sequence[Token]) -> list[str]:
    """Write the helping vowel on a final sukun before hamzat al-wasl, where no pause is between."""
    written = [token.diacritised for token in tokens]
    for index, (token, following) in enumerate(pairwise(tokens)):
        known = token.vowelled.split()
        if (
            token.mark
            or token.language != "ar"
            or not written[index].endswith(_SUKUN)
            or (known and known[-1].endswith(_SUKUN))
            or known_reading(token.spoken)
            or not sounds_of((following.diacritised.split() or [""])[0]).onset
        ):
            continue
        if _HELPED_BY_U.search(written[index]):
            helping = _DAMMA
        elif written[index] in _MIN and following.diacritised.startswith("ال"):
            helping = _FATHA
        else:
            helping = _KASRA
        written[index] = written[index][:-1] + helping
    return written


_MIN = ("مِنْ", "وَمِنْ", "فَمِنْ")
_HELPED_MIN = ("مِنَ", "وَمِنَ", "فَمِنَ")
"""Their last vowel helps the article and is no case ending."""


def from_vowelled(sentence: Sentence) -> Sentence:
    """Take a fully vowelled sentence as it is: each token's marks are its diacritised reading."""
    return replace(
        sentence,
        tokens=tuple(
            replace(token, diacritised=_ordered(token.vowelled or token.spoken))
            for token in sentence.tokens
        ),
    )


def _ordered(word: str) -> str:
    """Put shadda before its vowel."""
    return _VOWEL_BEFORE_SHADDA.sub(_SHADDA + r"\1", word)


def _pieces(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Cut a sentence that is too long for the model, at a mark where there is one."""
    piece: list[Token] = []
    size = 0
    for token in tokens:
        if piece and len(token.spoken) > _LONGEST:
            yield piece
            piece, size = [], 0
        piece.append(token)
        size += len(token.spoken) + 2
        if size > _LONGEST or (size > _LONGEST / 2 and token.mark):
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
