"""The tune and the pace of the espeak voice: what its library does not do by itself.

The library speaks each clause by the same tune, whatever its place, and lets every question rise.
Readers of news begin a paragraph higher and end it lower (Lehiste 1975; for Arabic, Yeou 2005),
let a question for a content fall like a statement from a high question word, and slow down before
a pause. All of it is written as the library's embedded commands (espeak-ng, docs/markup.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from briefing.text.script import Sentence

__all__ = [
    "PROSODY_VERSION",
    "Utterance",
    "mark_continuation",
    "with_question_tune",
    "with_tune_and_pace",
]

PROSODY_VERSION = 1
"""Part of the voice's version; incremented when the same notations would be spoken otherwise."""

_PARAGRAPH_STEPS = 9
"""Of the setting `pitch`, each about 0.9 Hz: how much higher than the middle of a paragraph its
first sentence is, and how much lower its last."""
_QUESTION_WORD_STEPS = 12
"""By how much the question word is higher than what follows it."""
_BEFORE_PAUSE = 0.93
"""The pace of the last word before a pause. Its sounds then take 6 to 10 percent longer: espeak-ng
shortens its vowels more than its consonants."""
_LOWEST_PITCH, _HIGHEST_PITCH = 0, 99
_SLOWEST_WPM = 80
"""espeak-ng's own limit, speak_lib.h."""

_RAISED, _CONTINUES, _GOES_ON = "^", "<", ">"
"""Signs of a notation: a high word; a sentence whose paragraph began in an earlier clip; one whose
paragraph goes on in a later clip."""
_COMMAND = "\x01"
_PAUSES = tuple(",;:.?!")
_SENTENCE_ENDS = frozenset(".?!")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence as the library is to speak it."""

    text: str
    pitch: int
    """The library's pitch parameter."""


class _Word(NamedTuple):
    """A word of a sentence, as the notation has it."""

    bare: str
    """Without vowels."""
    ipa: str
    """"" for a foreign word."""


def with_question_tune(notation: str, sentence: Sentence) -> str:
    """Return the notation of a sentence with the tune of a statement where it asks for a content.

    The word that asks gets the sign ^. A question for yes or no stays as it is: it rises.
    """
    if "?" not in notation:
        return notation
    written, words = notation.split(" "), _words(sentence)
    if len(written) != len(words):
        return notation
    start = 0
    for index, word in enumerate(written):
        if word[-1] not in _SENTENCE_ENDS:
            continue
        following = written[index + 1] if index + 1 < len(written) else ""
        # the library ends a sentence at "?", but not at a full stop before a small letter
        if word[-1] == "?" and not following[:1].islower():
            asking = _asking_word(words, written, start, index + 1)
            if asking is not None:
                written[index] = f"{word[:-1]}."
                written[asking] = _RAISED + written[asking]
        start = index + 1
    return " ".join(written)


def mark_continuation(notation: str, *, before: bool, after: bool) -> str:
    """Return the notation of a sentence at an end of a clip that is not its paragraph's end.

    before: the clip's first sentence, where the paragraph began earlier. after: the clip's last
    one, where the paragraph goes on.
    """
    return _CONTINUES * before + notation + _GOES_ON * after


def with_tune_and_pace(notations: Sequence[str], pitch: int, speed_wpm: int) -> list[Utterance]:
    """Return what the library is to speak for the sentences of one clip, in order.

    pitch, speed_wpm: the voice's settings.
    """
    begins = not notations[0].startswith(_CONTINUES) if notations else True
    ends = not notations[-1].endswith(_GOES_ON) if notations else True
    first, last = _PARAGRAPH_STEPS * begins, -_PARAGRAPH_STEPS * ends
    intervals = max(1, len(notations) - 1)
    utterances = []
    for index, notation in enumerate(notations):
        share = index / intervals if len(notations) > 1 else 0.5
        height = _within_limits(pitch + round(first + (last - first) * share))
        words = notation.removeprefix(_CONTINUES).removesuffix(_GOES_ON).split(" ")
        utterances.append(Utterance(_with_commands(words, height, speed_wpm), height))
    return utterances


def _with_commands(words: Sequence[str], pitch: int, speed_wpm: int) -> str:
    """Return words with the commands that raise one and slow down those before a pause."""
    slow = max(_SLOWEST_WPM, round(speed_wpm * _BEFORE_PAUSE))
    written = []
    pace_before, height_before = 0, pitch  # the library keeps a pace beyond the sentence's end
    for index, word in enumerate(words):
        is_before_pause = word.endswith(_PAUSES) or index == len(words) - 1
        pace = slow if is_before_pause else speed_wpm
        height = _high(pitch) if word.startswith(_RAISED) else pitch
        commands = f"{_COMMAND}{pace}S" * (pace != pace_before)
        commands += f"{_COMMAND}{height}P" * (height != height_before)
        written.append(commands + word.removeprefix(_RAISED))
        pace_before, height_before = pace, height
    return " ".join(written)


def _high(pitch: int) -> int:
    return _within_limits(pitch + _QUESTION_WORD_STEPS)


def _within_limits(pitch: int) -> int:
    return max(_LOWEST_PITCH, min(_HIGHEST_PITCH, pitch))


def _words(sentence: Sentence) -> list[_Word]:
    """Return the words of a sentence, in the order in which the notation has them."""
    from briefing.text.pronunciation.spelling import MARKS  # not for a build with nothing to do

    words = []
    for token in sentence.tokens:
        if token.language != "ar":
            words += [_Word(word, "") for word in token.spoken.split()]
            continue
        spellings = token.spoken.split()
        for index, ipa in enumerate(token.ipa.split()):
            spelling = spellings[index] if index < len(spellings) else ""
            words.append(_Word("".join(sign for sign in spelling if sign not in MARKS), ipa))
    return words


def _asking_word(
    words: Sequence[_Word], written: Sequence[str], start: int, end: int
) -> int | None:
    """Return the place of the word that asks for a content; None for a question for yes or no.

    The last clause that asks decides: "What happened, and has it ended?" rises.
    """
    asking: int | None = None
    asks = False
    begins = True
    for index in range(start, end):
        if begins:
            kind, place = _question_of(words, index, end)
            if kind == "yes-no":
                asking, asks = None, True
            elif kind == "content" or (kind == "ambiguous" and not asks):
                asking, asks = place, True
        begins = written[index].endswith(_PAUSES)
    return asking


def _question_of(words: Sequence[_Word], start: int, end: int) -> tuple[str, int]:
    """Return how a clause asks, "" if it does not, and the place of the word that asks."""
    may_be_opener = True
    for index in range(start, end):
        kind = _kind(words[index])
        if kind == "ambiguous" and _is_negated(words, index, end):
            return "yes-no", index
        if kind == "opener" and may_be_opener:
            continue
        if kind == "before":
            may_be_opener = False
            continue
        return (kind, index) if kind in {"content", "ambiguous", "yes-no"} else ("", index)
    return "", start


def _kind(word: _Word) -> str:
    """Return what the table says of a word, with or without a conjunction before it; "" if none."""
    for conjunction, sounds in _CONJUNCTIONS.items():
        if word.bare.startswith(conjunction) and word.ipa.startswith(sounds):
            for kind, first_sounds in _rows().get(word.bare[len(conjunction) :], ()):
                if word.ipa.startswith(sounds + first_sounds):
                    return kind
    return ""


_CONJUNCTIONS = {"": "", "و": "wa", "ف": "fa"}
_VERBS_OF_LASTING = ("زال", "يزال", "تزال", "دام", "برح", "انفك", "فتئ")


def _is_negated(words: Sequence[_Word], index: int, end: int) -> bool:
    """Return whether ما stands before a verb of lasting: مَا زَالَ هُنَاكَ؟ asks for yes or no."""
    if not words[index].bare.endswith("ما") or index + 1 >= end:
        return False
    return words[index + 1].bare.startswith(_VERBS_OF_LASTING)


@cache
def _rows() -> dict[str, list[tuple[str, str]]]:
    """Return the kinds of each word, each with the sounds that the word then begins with."""
    path = Path(__file__).parent / "data" / "question_words.tsv"
    rows: dict[str, list[tuple[str, str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, kind, *sounds = line.split("\t")
            rows.setdefault(word, []).append((kind, "".join(sounds)))
    return rows
