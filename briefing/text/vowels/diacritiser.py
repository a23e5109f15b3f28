"""Words -> vowelled words: with the author's marks, those of the tables, and a model for the rest.

The model (tashkeel_model) returns the probability of each mark on each letter. Marks that the
letters, their neighbours or the author rule out are removed here, and the best of the others are
written. Each word keeps the author's letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from briefing.text.pronunciation.word_sounds import sounds_of
from briefing.text.script import Sentence, Token
from briefing.text.vowels.case_agreement import agreeing
from briefing.text.vowels.impossible import PATTERNS_OF_ENDINGS, impossible, is_native
from briefing.text.vowels.mark_masks import MarkMasks
from briefing.text.vowels.marks import (
    NO_CASE,
    Cases,
    Reading,
    Word,
    best_reading,
    complete,
    constraint,
    doubled_passive_of_author,
    passive_of_author,
    unread,
    word_of,
)
from briefing.text.vowels.moods import with_moods
from briefing.text.vowels.names import UNSURE, is_guess, name_in, press_readings, with_silent_heh
from briefing.text.vowels.persons import third_persons
from briefing.text.vowels.second_choice import readings_by_chance
from briefing.text.vowels.sentence_marks import add_sentence_marks
from briefing.text.vowels.sentence_verbs import SentenceVerbs, SettledWord
from briefing.text.vowels.tashkeel_model import Predictions, TashkeelModel
from briefing.text.words.known_words import (
    front_vowelled,
    known_reading,
    reading_before_name,
    reading_in_context,
)
from briefing.text.words.verb_endings import mend_ending

if TYPE_CHECKING:
    import numpy

__all__ = ["Diacritiser", "from_vowelled"]

_LONGEST = 1500
"""Characters that the model reads in one call: its memory and time grow with them."""

_KNOWN = 0.95
"""Probability of a reading from which the model knows the word: it is no guess (هواتف, خصوصا)."""
_AGREED = 0.8
"""Probability that the model gives a table's reading, below which an editor should look at it."""
_TRIED = 24
"""How many readings of a word are tried to find alternatives."""
_HALF_MARKED = re.compile("\u0651\u0652|[بتثجحخدذرزسشصضطظعغفقكلمنه](?=[ء-ي])")
"""A doubled letter without a vowel, or a letter without marks: not shown to an editor."""

_FATHA, _DAMMA, _KASRA, _SUKUN = "\u064e", "\u064f", "\u0650", "\u0652"
_TANWIN = "\u064b\u064c\u064d"
_SHADDA, _DAGGER = "\u0651", "\u0670"
_VOWELS = _FATHA + _DAMMA + _KASRA + _SUKUN + _TANWIN + _DAGGER
_MARKS = re.compile("[\u064b-\u0652\u0670\u06df\u06e1\u06e5\u06e6]")
# shadda is written before its vowel, as in most vowelled text
_VOWEL_BEFORE_SHADDA = re.compile(f"([{_VOWELS}]){_SHADDA}")


class Diacritiser:
    """Adds vowels to sentences. The model is loaded when the first sentence arrives."""

    def __init__(self, model: TashkeelModel | None = None) -> None:
        self._model = model or TashkeelModel()
        self.version = f"{self._model.version}; rules 5"
        """For cache keys: the model's name and version, and the version of the rules."""
        self._mark_masks: MarkMasks | None = None

    def load(self) -> None:
        """Load the model now."""
        self._model.load()

    def diacritise(self, sentence: Sentence, names: Mapping[str, str] | None = None) -> Sentence:
        """Return the sentence with `diacritised`, `unsure` and `unsure_endings` of Arabic tokens.

        Marks by the author, the lexicon and the rules for numbers (`token.vowelled`) are kept. The
        model, which sees the sentence with its punctuation, adds the others. names: how names are
        read in this article, see briefing.text.vowels.names.
        """
        tokens: list[Token] = []
        for piece in _pieces(sentence.tokens):
            tokens += self._vowel(piece, names or {})
        return replace(sentence, tokens=tuple(tokens))

    def candidates(self, sentence: Sentence, place: int, most: int = 6) -> tuple[str, ...]:
        """Return other readings of the token at a place of a sentence, the most probable first.

        These are the model's next best readings, and for a name or foreign word also the ways in
        which newsreaders read its letters. A token with several words, or in another language, has
        none.
        """
        token = sentence.tokens[place]
        if token.language != "ar" or len(token.spoken.split()) != 1:
            return ()
        words = _words(sentence.tokens, {})
        predicted = self._model.predict(_context(sentence.tokens)[: 2 * _LONGEST])
        at = sum(len(before.spoken.split()) for before in sentence.tokens[:place])
        spans = [match.span() for match in re.finditer(r"\S+", predicted.letters)]
        readings: list[str] = []
        if len(spans) == len(words):
            word = replace(words[at], exact=False)
            rows = range(spans[at][0], spans[at][0] + len(word.letters))
            allowed = [
                self._masks().row(*constraint(word, index, True))
                for index in range(len(word.letters))
            ]
            chances = predicted.probabilities[list(rows)] * allowed
            before = words[at - 1].letters if at else ""
            readings += [
                reading.written
                for reading in readings_by_chance(word, chances, self._model.marks, before, _TRIED)
            ]
        if token.source in ("guess", "model") or token.unsure:
            readings += press_readings(token.spoken)
        by_sound = {sounds_of(token.diacritised or token.spoken).pausal: ""}
        for reading in readings:
            if not _HALF_MARKED.search(reading):
                by_sound.setdefault(sounds_of(reading).pausal, reading)
        return tuple(filter(None, by_sound.values()))[:most]

    def _vowel(self, tokens: Sequence[Token], names: Mapping[str, str]) -> list[Token]:
        words = _words(tokens, names)
        if not words:
            return list(tokens)
        context = _context(tokens)
        if len(context) > 2 * _LONGEST:
            readings = [unread(word) for word in words]
        else:
            readings = self._read(words, _pauses(tokens), self._model.predict(context))
        filled = []
        at = 0
        for token in tokens:
            count = len(token.spoken.split())
            filled.append(_fill(token, readings[at : at + count], names))
            at += count
        return [
            replace(token, diacritised=written)
            for token, written in zip(filled, _join(filled), strict=True)
        ]

    def _read(
        self, originals: Sequence[Word], pauses: Sequence[bool], predicted: Predictions
    ) -> list[Reading]:
        """Return the readings of the words, with marks that their letters allow."""
        spans = [match.span() for match in re.finditer(r"\S+", predicted.letters)]
        if len(originals) != len(spans) or any(
            end - start < len(word.letters)
            for word, (start, end) in zip(originals, spans, strict=True)
        ):
            # the model reads a character as none or as several, so it cannot be used
            return [unread(word) for word in originals]
        starts = [start for start, _ in spans]
        verbs = SentenceVerbs(
            originals, pauses, predicted, starts, self._model.marks, self._masks()
        )
        settled = [verbs.settle(index) for index in range(len(originals))]
        readings = self._best([verb.word for verb in settled], originals, starts, predicted, pauses)
        readings = third_persons(originals, readings, pauses)
        readings = with_moods(originals, readings, pauses)
        letters = [word.letters for word in originals]
        for index, (reading, verb) in enumerate(zip(readings, settled, strict=True)):
            source = _source(originals, letters, pauses, index, verb)
            if source == "guess" and reading.chance >= _KNOWN:
                source = "model"
            if source == "guess" and not is_native(originals[index].letters):
                reading = replace(reading, written=with_silent_heh(reading.written))
            takes_case = originals[index].vowels[-1:] != (_SUKUN,)  # no model knows foreign names
            disputed = source == "built_in" and reading.agreed < _AGREED and takes_case
            readings[index] = replace(
                reading,
                sure=reading.sure and verb.sure and not disputed,
                source=source,
                rule="known_words" if source == "built_in" else verb.rule,
            )
        passives = {
            index
            for index, (verb, reading) in enumerate(zip(settled, readings, strict=True))
            if verb.passive or _PASSIVE_OF_TABLE.fullmatch(reading.written)
        }
        agreed = agreeing(originals, readings, pauses, passives)
        return [
            reading
            if impossible(agreement.written, word.letters)
            else _name_rule(agreement, reading)
            for word, reading, agreement in zip(originals, readings, agreed, strict=True)
        ]

    def _best(
        self,
        words: Sequence[Word],
        originals: Sequence[Word],
        starts: Sequence[int],
        predicted: Predictions,
        pauses: Sequence[bool],
    ) -> list[Reading]:
        """Return each word with the most probable marks that its letters and known marks allow."""
        import numpy

        careful = any(letter in "أإ" for word in words for letter in word.letters)
        masks = self._masks()
        allowed = []
        rows: list[int] = []
        for word, start in zip(words, starts, strict=True):
            for index in range(len(word.letters)):
                allowed.append(masks.row(*constraint(word, index, careful)))
                rows.append(start + index)
        chances = predicted.probabilities[rows] * numpy.array(allowed)
        best = chances.argmax(1)
        cases = chances @ masks.case_sums()
        sums = chances.sum(1)
        tops = chances.max(1)
        sure = numpy.divide(tops, sums, out=numpy.zeros_like(tops), where=sums > 0)
        readings = []
        at = 0
        for index, (word, written) in enumerate(zip(words, originals, strict=True)):
            size = len(word.letters)
            doubled = "" if written.exact else doubled_passive_of_author(written)
            passive = doubled or passive_of_author(word)
            own = self._model.marks[int(predicted.probabilities[rows[at]].argmax())]
            if passive and (doubled or own.vowel != _DAMMA):
                readings.append(Reading(passive, sure=True, ending_sure=True))
            else:
                marks = [self._model.marks[number] for number in best[at : at + size]]
                chosen = [float(chance) for chance in sure[at : at + size]]
                reading = best_reading(word, marks, chosen, _cases(word, cases[at : at + size]))
                before = words[index - 1].letters if index and not pauses[index - 1] else ""
                if _is_blocked(word, reading.written, before):
                    rows_of_word = chances[at : at + size]
                    alternatives = readings_by_chance(word, rows_of_word, self._model.marks, before)
                    reading = replace(
                        alternatives[0] if alternatives else reading, cases=reading.cases
                    )
                    reading = reading if alternatives else replace(reading, sure=False)
                if not word.is_known:
                    ending = mend_ending(reading.written, word.letters, starts=not before)
                    reading = replace(reading, written=ending)
                readings.append(replace(reading, agreed=float(sums[at : at + size - 1].prod())))
            at += size
        return readings

    def _masks(self) -> MarkMasks:
        if self._mark_masks is None:
            self._mark_masks = MarkMasks(self._model.marks)
        return self._mark_masks


_PASSIVE_OF_TABLE = re.compile(
    "(?:و\u064e)?(?:ت\u064f)?[^\\W]\u064f[^\\W]\u064e?(?:\u0651\u0650|\u0650\u0651?)[^\\W]\u064e(?:ت[\u0652\u0650])?"
)
"""A perfect passive that a table has: جُرِحَ, تُوُفِّيَ."""


def _is_blocked(word: Word, written: str, before: str) -> bool:
    """Return whether no native word is read so; of a known word, whether its open ending is not."""
    if word.is_known and word.vowels[-1]:
        return False
    pattern = impossible(written, word.letters, before)
    return pattern in PATTERNS_OF_ENDINGS or (bool(pattern) and not word.is_known)


def _cases(word: Word, chances: numpy.ndarray[Any, Any]) -> Cases:
    """Return how likely a word has each case, of those that its ending may show."""
    seat = -2 if len(word.letters) > 1 and word.letters[-1] in "اى" else -1
    nominative, accusative, genitive = (float(chance) for chance in chances[seat])
    total = nominative + accusative + genitive
    return (nominative / total, accusative / total, genitive / total) if total else NO_CASE


def _name_rule(agreement: Reading, reading: Reading) -> Reading:
    """Return a reading that agrees, which bears the rule's name where that changed it."""
    if agreement.written == reading.written or agreement.rule != reading.rule:
        return agreement
    return replace(agreement, rule="case_agreement")


def _words(tokens: Sequence[Token], names: Mapping[str, str]) -> list[Word]:
    """Return the words of tokens with the marks already known on them."""
    words = [
        word
        for before, token, following in zip_longest((None, *tokens[:-1]), tokens, tokens[1:])
        for word in _name_words(token, names) or _words_of(before, token, following)
    ]
    for index, (first, word) in enumerate(pairwise(words), 1):
        if word.letters == "الله" and not any(word.vowels) and _OWNED.search(first.letters):
            words[index] = word_of("اللَّهِ")
    return add_sentence_marks([_servant(word) for word in words], _pauses(tokens))


_SERVANT = re.compile("([وفبل]?عبد)(ال[^\\W]+[^\\Wاويى])")


def _servant(word: Word) -> Word:
    """Return عبدالعزيز, written together, with the genitive that its second part is.

    What is joined so is عَبْد and a noun with the article (Ryding 2005, 8.1): the first part has
    the case, and the second is read as it is alone.
    """
    parts = _SERVANT.fullmatch(word.letters)
    if not parts or (word.exact and word.vowels[-1]):
        return word
    reading = reading_in_context("عبد", parts[2], "") or known_reading(parts[2])
    rest = word_of("اللَّهِ" if parts[2] == "الله" else reading or parts[2])
    size = len(parts[1])
    vowels = [own or due for own, due in zip(word.vowels[size:], rest.vowels, strict=True)]
    shaddas = [own or due for own, due in zip(word.shaddas[size:], rest.shaddas, strict=True)]
    if parts[2][2] in _SUN_LETTERS:
        shaddas[2] = True
    return replace(
        word,
        vowels=(*word.vowels[:size], *vowels[:-1], vowels[-1] or _KASRA),
        shaddas=(*word.shaddas[:size], *shaddas),
    )


_SUN_LETTERS = frozenset("تثدذرزسشصضطظلن")


def _context(tokens: Sequence[Token]) -> str:
    """Return the text that the model sees: the words and marks of the tokens."""
    context = " ".join(
        token.spoken + (token.mark if token.mark != "-" else "") for token in tokens if token.spoken
    )
    # without a full stop, the model treats a title as a fragment
    return context + "." if context[-1:].isalnum() else context


def _fill(token: Token, readings: Sequence[Reading], names: Mapping[str, str]) -> Token:
    """Return a token with the readings of its words."""
    if token.language != "ar" or not token.spoken:
        return replace(token, diacritised=token.spoken)
    endings = "".join(
        "." if reading.ending_sure or reading.written in _HELPED_MIN else "?"
        for reading in readings
    )
    named = names.get(name_in(token.spoken, names), "") if not token.vowelled else ""
    source = token.source
    if not source:
        sources = {reading.source for reading in readings}
        source = next((name for name in _SOURCES if name in sources), "model")
        source = "guess" if named.endswith(UNSURE) else source
    rule = "name_in_article" if named else ""
    rule = token.rule or rule or next((word.rule for word in readings if word.rule), "")
    return replace(
        token,
        diacritised=" ".join(reading.written for reading in readings),
        unsure=token.unsure
        or source == "guess"
        or (not token.ipa and not all(reading.sure for reading in readings))
        or named.endswith(UNSURE),
        unsure_endings=endings if "?" in endings else "",
        source=source,
        rule=rule if rule != "author" else "",
    )


_SOURCES = ("guess", "model", "rule", "built_in", "author")
"""The least certain source first: it is the source of a token with several words."""


def _name_words(token: Token, names: Mapping[str, str]) -> list[Word]:
    """Return the word of a token that is a name of this article, as it is read there, or []."""
    if not names or token.vowelled or token.language != "ar":
        return []
    name = name_in(token.spoken, names)
    reading = names.get(name, "")
    if not reading:
        return []
    word = word_of(front_vowelled(token.spoken.removesuffix(name)) + reading.removesuffix(UNSURE))
    return [replace(word, exact=word.is_known)]


def _source(
    words: Sequence[Word],
    letters: Sequence[str],
    pauses: Sequence[bool],
    index: int,
    verb: SettledWord,
) -> str:
    """Return what read a word: "author", "built_in", "rule", "model" or "guess"."""
    word = words[index]
    if word.by_user:
        return "author"
    if word.exact:
        return "built_in"
    if verb.rule:
        return verb.rule if verb.rule == "author" else "rule"
    if word.is_known:
        return "author"
    return "guess" if is_guess(letters, index, pauses) else "model"


def _pauses(tokens: Sequence[Token]) -> list[bool]:
    """Return for each word of the tokens whether a mark follows it."""
    pauses: list[bool] = []
    for token in tokens:
        pauses += [False] * len(token.spoken.split())
        if token.mark and pauses:
            pauses[-1] = True
    return pauses


def _words_of(before: Token | None, token: Token, following: Token | None) -> list[Word]:
    """Return a token's words with the marks already known on them."""
    spoken = token.spoken.split()
    marked = token.vowelled.split()
    originals = marked if len(marked) == len(spoken) else spoken
    if token.language != "ar":
        return [word_of(text) for text in originals]
    is_bare = not token.vowelled or token.rule == "particle_apart"  # only the particle is vowelled
    if is_bare and len(spoken) == 1:
        after = following.spoken if following is not None and not token.mark else ""
        name = reading_before_name(token.spoken, after) or reading_in_context(
            before.spoken if before is not None and not before.mark else "^", token.spoken, after
        )
        if name:
            return [replace(word_of(name), exact=True)]
    words = [_known_word(word_of(text)) for text in originals]
    if token.source == "lexicon":  # سُوق is no passive of سَوَّقَ there, as it may be of an author's
        words = [
            replace(word, exact=True, by_user=True) if word.is_known else word for word in words
        ]
    return words


def _known_word(word: Word) -> Word:
    """Return a word completed from the tables if an author's marks agree with them."""
    reading = known_reading(word.letters) if word.letters else ""
    return (complete(word, word_of(reading)) or word) if reading else word


# nouns and prepositions after which الله is always in the genitive
_OWNED = re.compile(
    "^[وفبل]?(?:عبد|أنصار|بسم|باسم|حزب|نصر|رام|سبيل|رسول|آية|إذن|جار|فضل|حمد|رحمة"
    "|على|إلى|من|في|عن|عند|مع|لدى|غير|سوى|دون|أمام|بين|قبل|بعد|تجاه|نحو)$"
)
# words that have another helping vowel than i before hamzat al-wasl (Wright I §20 d)
_HELPED_BY_U = re.compile(f"(?:[هكت]{_DAMMA}م|ه{_KASRA}م|مذ){_SUKUN}$")


_OF_HER = re.compile(f"{_FATHA}ت{_SUKUN}$")
"""A perfect, third person feminine; other known words in sukun are foreign names."""


def _join(tokens: Sequence[Token]) -> list[str]:
    """Return the readings with helping vowels on a final sukun before hamzat al-wasl.

    There is none before a pause.
    """
    written = [token.diacritised for token in tokens]
    for index, (token, following) in enumerate(pairwise(tokens)):
        marked = token.vowelled.split()
        if (
            token.mark
            or token.language != "ar"
            or not written[index].endswith(_SUKUN)
            or (marked and marked[-1].endswith(_SUKUN))
            or (known_reading(token.spoken) and not _OF_HER.search(written[index]))
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
"""Their last vowel is a helping vowel before the article, and no case ending."""


def from_vowelled(sentence: Sentence) -> Sentence:
    """Return a fully vowelled sentence as diacritised: its own marks are the reading."""
    return replace(
        sentence,
        tokens=tuple(
            replace(token, diacritised=_order_marks(token.vowelled or token.spoken))
            for token in sentence.tokens
        ),
    )


def _order_marks(word: str) -> str:
    """Return a word with each shadda before its vowel."""
    return _VOWEL_BEFORE_SHADDA.sub(_SHADDA + r"\1", word)


def _pieces(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield a sentence, or parts of one that is too long for the model, divided at marks."""
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
