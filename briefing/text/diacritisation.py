"""Words to vowelled words: the author's marks, the tables' and, for the rest, a model's.

The model (briefing.text.tashkeel_model) gives the probability of each mark on each letter; here
the marks that the letters, their neighbours and the author rule out are struck, and the best
that remain are written. Each word keeps the author's letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import Any

from briefing.text.known_words import is_diptote, known_reading, reading_before_name
from briefing.text.passives import Chances, passive_of, verb_vowels
from briefing.text.script import Sentence, Token
from briefing.text.tashkeel_model import Mark, Predictions, TashkeelModel
from briefing.text.word_sounds import sounds_of

__all__ = ["Diacritiser", "from_vowelled"]

_LONGEST = 1500
"""Characters given to the model at once: its memory and time grow with them."""
_SURE_ENDING = 0.8
"""Probability below which a case ending is not sure: on hand-vowelled news 0.6% of the endings are
then wrong and 2.6% left out (1.1% and 0.2% at 0.5; 0.5% and 5.5% at 0.9)."""
_SURE_HAMZA = 0.8
"""Probability above which a hamza that the author did not write is read."""
_SURE_LETTER = 0.8
"""Probability below which another mark than an ending makes the word unsure: 4% of the words are
so marked, and half of the wrong ones are among them."""

_FATHA, _DAMMA, _KASRA, _SUKUN = "\u064e", "\u064f", "\u0650", "\u0652"
_TANWIN = "\u064b\u064c\u064d"
_VOWEL = {"a": _FATHA, "i": _KASRA, "u": _DAMMA, "o": _SUKUN, "": ""}
_SHADDA, _DAGGER = "\u0651", "\u0670"
_VOWELS = _FATHA + _DAMMA + _KASRA + _SUKUN + _TANWIN + _DAGGER
_MARKS = re.compile("[\u064b-\u0652\u0670\u06df\u06e1\u06e5\u06e6]")
# Shadda before its vowel, the order of most vowelled text
_VOWEL_BEFORE_SHADDA = re.compile(f"([{_VOWELS}]){_SHADDA}")
_HAMZA_OF = {"أ": "\u0654", "إ": "\u0655", "آ": "\u0653", "ؤ": "\u0654", "ئ": "\u0654"}
_HAMZA_ON = {("ا", "\u0654"): "أ", ("ا", "\u0655"): "إ", ("ا", "\u0653"): "آ"}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word on its way: its letters, and the marks already known on each."""

    letters: str
    shaddas: tuple[bool, ...]
    vowels: tuple[str, ...]
    exact: bool = False
    """A vowelled letter without shadda has none; of an author's it may still have one."""

    @property
    def known(self) -> bool:
        """Every letter before the last is marked, or can be a long vowel after the first."""
        return (
            bool(self.vowels[0] or self.letters[0] in "اآ")
            and any(self.vowels)
            and all(
                vowel or shadda or letter in "اويىآ"
                for letter, vowel, shadda in zip(
                    self.letters[:-1], self.vowels[:-1], self.shaddas[:-1], strict=True
                )
            )
        )

    @property
    def ends_long(self) -> bool:
        """The last letter is the long vowel of the vowel known before it."""
        return (self.vowels[-2:-1], self.letters[-1:]) in (((_KASRA,), "ي"), ((_DAMMA,), "و"))


class Diacritiser:
    """Adds the vowels to sentences, one by one; loads its model at the first."""

    def __init__(self, model: TashkeelModel | None = None) -> None:
        self._model = model or TashkeelModel()
        self.version = f"{self._model.version}; rules 1"
        """For cache keys: the model's name and version, and the version of the rules here."""
        self._masks: dict[tuple[str, bool | None, str, str], Any] = {}
        self._totals: Any = None

    def diacritise(self, sentence: Sentence) -> Sentence:
        """Fill each Arabic token's `diacritised`, `unsure` and `unsure_endings`.

        The author's, the lexicon's and the numbers' marks (`token.vowelled`) are kept; the model
        fills the rest, seeing the sentence with its punctuation.
        """
        tokens: list[Token] = []
        for piece in _pieces(sentence.tokens):
            tokens += self._vowel(piece)
        return replace(sentence, tokens=tuple(tokens))

    def _vowel(self, tokens: Sequence[Token]) -> list[Token]:
        words = [
            word
            for token, following in zip_longest(tokens, tokens[1:])
            for word in _given(token, following)
        ]
        if not words:
            return list(tokens)
        for index, (before, word) in enumerate(pairwise(words), 1):
            if word.letters == "الله" and not any(word.vowels) and _OWNED.search(before.letters):
                words[index] = _word("اللَّهِ")
        context = " ".join(
            token.spoken + (token.mark if token.mark != "-" else "")
            for token in tokens
            if token.spoken
        )
        if len(context) > 2 * _LONGEST:
            readings = [_unread(word) for word in words]
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
            endings = "".join("." if one.ending_sure else "?" for one in mine)
            done.append(
                replace(
                    token,
                    diacritised=" ".join(one.written for one in mine),
                    unsure=token.unsure or not all(one.sure for one in mine),
                    unsure_endings=endings if "?" in endings else "",
                )
            )
        return [
            replace(token, diacritised=written)
            for token, written in zip(done, _joined(done), strict=True)
        ]

    def _read(
        self, given: Sequence[_Word], pauses: Sequence[bool], predicted: Predictions
    ) -> list[_Reading]:
        """Choose the marks of each word's letters among those that its letters allow."""
        spans = [found.span() for found in re.finditer(r"\S+", predicted.letters)]
        words, doubtful = self._with_verbs(given, pauses, predicted, spans)
        careful = any(letter in "أإ" for word in words for letter in word.letters)
        masks = []
        rows: list[int] = []
        for word, (start, _) in zip(words, spans, strict=False):
            for index in range(len(word.letters)):
                masks.append(self._mask(*_constraint(word, index, careful)))
                rows.append(start + index)
        if len(words) != len(spans) or any(
            end - start < len(word.letters) for word, (start, end) in zip(words, spans, strict=True)
        ):
            # a character that the model sees as none or as several: read without it
            return [_unread(word) for word in words]
        import numpy

        chances = predicted.probabilities[rows] * numpy.array(masks)
        best = chances.argmax(1)
        sums = chances.sum(1)
        tops = chances.max(1)
        sure = numpy.divide(tops, sums, out=numpy.zeros_like(tops), where=sums > 0)
        readings = []
        at = 0
        for word in words:
            size = len(word.letters)
            if _FIRST_DAMMA.fullmatch(word.letters) and _says_passive(word):
                own = self._model.marks[int(predicted.probabilities[rows[at]].argmax())]
                if own.vowel != _DAMMA:
                    readings.append(_Reading(_passive(word.letters), sure=True, ending_sure=True))
                    at += size
                    continue
            marks = [self._model.marks[number] for number in best[at : at + size]]
            readings.append(_reading(word, marks, [float(one) for one in sure[at : at + size]]))
            at += size
        return [
            replace(one, sure=False) if index in doubtful else one
            for index, one in enumerate(readings)
        ]

    def _with_verbs(
        self,
        words: Sequence[_Word],
        pauses: Sequence[bool],
        predicted: Predictions,
        spans: Sequence[tuple[int, int]],
    ) -> tuple[list[_Word], set[int]]:
        """Vowel the verbs that are known, in the voice they have here; say which are not sure."""
        settled = list(words)
        doubtful: set[int] = set()
        if len(words) != len(spans):
            return settled, doubtful
        letters = [word.letters for word in words]
        for index, (word, (start, _)) in enumerate(zip(words, spans, strict=True)):
            passive = passive_of(word.letters)
            if passive is None or any(word.vowels) or any(word.shaddas):
                continue
            rows = predicted.probabilities[start : start + len(word.letters)] @ self._sums()
            chances = [Chances(*(float(one) for one in row)) for row in rows]
            found = verb_vowels(passive, chances, letters, index, pauses)
            if found is not None:
                vowels = tuple(_VOWEL[one] for one in found.vowels)
                settled[index] = _Word(word.letters, found.doubled, vowels, exact=True)
                if not found.sure:
                    doubtful.add(index)
        return settled, doubtful

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
                    (mark.hamza == hamza or (hamza == "?" and mark.hamza in ("", *_HAMZA_SEATS)))
                    and (shadda is None or mark.shadda == shadda)
                    and (mark.vowel == vowel if vowel else _fits(mark, role))
                    for mark in self._model.marks
                ],
                dtype=numpy.float32,
            )
        return self._masks[key]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A word vowelled, and how sure that is."""

    written: str
    sure: bool
    ending_sure: bool


_TWO_SUKUNS = f"{_SUKUN}ت{_SUKUN}"
_HAMZA_SEATS = ("\u0654", "\u0655", "\u0653")
_ENDS_ARTICLE = re.compile("[وف]?[بك]?ال")
_ARTICLE = re.compile("[وف]?[بك]?ال.|[وف]?لل.")


def _constraint(word: _Word, index: int, careful: bool) -> tuple[str, bool | None, str, str]:
    """Give what a letter's marks are bound by: hamza, shadda, vowel and the role of its place."""
    letters = word.letters
    letter, last = letters[index], len(letters) - 1
    following = letters[index + 1] if index < last else ""
    hamza = _HAMZA_OF.get(letter, "")
    if letter == "ا" and index == 0 and not careful and not word.vowels[index]:
        hamza = "?"  # the author may not write hamza at all
    shadda, vowel = word.shaddas[index], word.vowels[index]
    settled = not vowel and not shadda and word.known and (index < last or word.ends_long)
    if settled or not _is_letter(letter) or (letter in "اىآ" and (index > 0 or letter == "ا")):
        role = "bare"
    elif following == "ة":
        role = "a"
    elif following == "ا" and index + 1 == last:
        role = "any" if letter == "و" else "a or an"
    elif (
        following == "ا"
        and index > 1
        and letter != "و"
        and not _ENDS_ARTICLE.fullmatch(letters, 0, index + 1)
    ):
        role = "a"
    elif following == "ى" and index + 1 == last:
        role = "a or an or i"
    elif index == last and is_diptote(letters):
        role = "u or a"
    elif index < last or _ARTICLE.match(letters):
        role = "no tanwin"
    else:
        role = "any"
    return hamza, shadda or (False if word.exact and vowel else None), vowel, role


def _fits(mark: Mark, role: str) -> bool:
    match role:
        case "bare":
            return not mark.vowel and not mark.shadda
        case "a":
            return mark.vowel in (_FATHA, "")
        case "a or an":
            return mark.vowel in (_FATHA, _TANWIN[0], "")
        case "a or an or i":
            return mark.vowel in (_FATHA, _TANWIN[0], _KASRA, "")
        case "u or a":
            return mark.vowel in (_DAMMA, _FATHA)
        case "no tanwin":
            return not mark.vowel or mark.vowel not in _TANWIN
        case _:
            return True


def _reading(word: _Word, marks: Sequence[Mark], chances: Sequence[float]) -> _Reading:
    marks = _possible(word, marks, chances)
    written: list[str] = []
    last = len(word.letters) - 1
    sure = ending_sure = True
    seat = last - 1 if last > 0 and word.letters[last] in "اى" else last
    for index, (letter, mark, chance) in enumerate(zip(word.letters, marks, chances, strict=True)):
        if mark.hamza and letter == "ا":
            letter = _HAMZA_ON[letter, mark.hamza] if chance > _SURE_HAMZA else letter
        shadda = mark.shadda or word.shaddas[index]
        vowel = word.vowels[index] or mark.vowel
        if index == last and letter == "ه" and last > 1 and not word.vowels[index]:
            vowel = _harmony(written[-1], vowel)
        written.append(_written(letter, shadda, vowel))
        if word.vowels[index]:
            continue
        if index == last:
            ending_sure = vowel in ("", _SUKUN) or chance >= _SURE_ENDING
        elif index != seat and chance < _SURE_LETTER:
            sure = False
    text = "".join(written)
    if text.endswith(_TWO_SUKUNS) and not any(word.vowels[-2:]):
        text = text[:-3] + _FATHA + text[-2:]  # تَعَاقَدَتْ: no word ends in C°t°
    return _Reading(text, sure, ending_sure)


# A verb of three radicals or of form IV, alone or with the ت of "she"
_FIRST_DAMMA = re.compile("أ?[^اويأآىة]{3}ت?")


def _says_passive(word: _Word) -> bool:
    """Tell whether the one mark on the word is a damma on its first letter."""
    return word.vowels[0] == _DAMMA and not any(word.vowels[1:]) and not any(word.shaddas)


def _passive(letters: str) -> str:
    """Vowel a passive perfect (Ryding 2005, 38.2): سُجِنَ, أُعْلِنَ, نُقِلَتْ.

    A damma alone on the first letter, where the sentence would have another vowel for it, is an
    author's sign for the passive.
    """
    stem = letters.removesuffix("ت") if len(letters.removeprefix("أ")) == 4 else letters
    first, middle = stem[0] + _DAMMA, stem[1:-2]
    inner = "".join(letter + _SUKUN for letter in middle)
    end = stem[-1] + _FATHA + ("ت" + _SUKUN if stem != letters else "")
    return first + inner + stem[-2] + _KASRA + end


def _harmony(before: str, vowel: str) -> str:
    """Give the vowel of the pronoun ـه: i after i, else u (Wright I §185, remark b)."""
    if vowel == _DAMMA and before.endswith(_KASRA):
        return _KASRA
    if vowel == _KASRA and before.endswith((_DAMMA, _FATHA)):
        return _DAMMA
    return vowel


def _possible(word: _Word, marks: Sequence[Mark], chances: Sequence[float]) -> list[Mark]:
    """Mend what no Arabic word has: a letter without vowel before a double one (تُطْلِّقَ).

    Of the two the less probable gives way. Ryding 2005, 2.4.1: syllables CV, CVC, CVV.
    """
    mended = list(marks)
    for index in range(1, len(mended)):
        before, mark = mended[index - 1], mended[index]
        if before.vowel != _SUKUN or not mark.shadda or word.shaddas[index]:
            continue
        if word.letters[index - 1] in "ويل" or (word.vowels[index - 1] and word.vowels[index]):
            continue  # a diphthong, the article, or the author's own
        if chances[index - 1] >= chances[index] or word.vowels[index - 1]:
            mended[index] = mark._replace(shadda=False)
        else:
            mended[index - 1] = before._replace(vowel=_FATHA)
    return mended


def _written(letter: str, shadda: bool, vowel: str) -> str:
    return letter + (_SHADDA if shadda else "") + vowel


def _unread(word: _Word) -> _Reading:
    """Leave a word that the model cannot be asked for as it is, and unsure."""
    written = map(_written, word.letters, word.shaddas, word.vowels)
    return _Reading("".join(written), sure=False, ending_sure=True)


def _pauses(tokens: Sequence[Token]) -> list[bool]:
    """Say for each word of the tokens whether a mark follows it."""
    pauses: list[bool] = []
    for token in tokens:
        pauses += [False] * len(token.spoken.split())
        if token.mark and pauses:
            pauses[-1] = True
    return pauses


def _is_letter(char: str) -> bool:
    return "ء" <= char <= "ي" or char in "پچژڤگ"


def _given(token: Token, following: Token | None) -> list[_Word]:
    """Give a token's words with the marks already known on them."""
    spoken = token.spoken.split()
    known = token.vowelled.split()
    given = known if len(known) == len(spoken) else spoken
    if token.language != "ar":
        return [_word(one) for one in given]
    if following is not None and not token.vowelled and not token.mark:
        name = reading_before_name(token.spoken, following.spoken)
        if name:
            return [_word(name)]
    return [_word(one if _MARKS.search(one) else known_reading(one) or one) for one in given]


# What الله is always the genitive of
_OWNED = re.compile("^[وفبل]?(?:عبد|بسم|باسم|حزب|نصر|رام|سبيل|رسول|آية|إذن|جار|فضل|حمد|رحمة)$")
# Words that take another helping vowel than i before hamzat al-wasl (Wright I §20 d)
_HELPED_BY_U = re.compile(f"(?:[هكت]{_DAMMA}م|مذ){_SUKUN}$")


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


def _word(given: str) -> _Word:
    """Read the letters and marks of a word as given; tanwin goes before its silent alif."""
    letters: list[str] = []
    shaddas: list[bool] = []
    vowels: list[str] = []
    for char in given:
        if not _MARKS.match(char):
            letters.append(char)
            shaddas.append(False)
            vowels.append("")
        elif letters and char == _SHADDA:
            shaddas[-1] = True
        elif letters and char in _VOWELS:
            vowels[-1] = char
    if len(letters) > 1 and letters[-1] in "اى" and vowels[-1] == _TANWIN[0]:
        vowels[-2:] = [vowels[-1], ""]
    return _Word("".join(letters), tuple(shaddas), tuple(vowels))


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
