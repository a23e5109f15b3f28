"""Words without vowels -> the probability of each mark on each letter, by text2tashkeel's models.

Two of the networks in its wheel are used, rawi-v2 and rawi-v3. (Its "rawi-ensemble" has both in one
graph, which returns no probabilities.)
"""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.text.characters import DAGGER_ALIF, SHADDA, SHORT_VOWELS, SUKUN, TANWIN
from briefing.versions import version

if TYPE_CHECKING:
    import numpy

__all__ = ["Mark", "Predictions", "TashkeelModel"]

_VOWELS = SHORT_VOWELS + SUKUN + TANWIN
_HAMZAS = {"\u0653": "آ", "\u0654": "أ", "\u0655": "إ"}


_SECOND = 0.3
"""rawi-v2's weight in the geometric mean with rawi-v3: the best of 0, 0.2, 0.3, 0.4, 0.5 and 1 on
hand-vowelled news. 3.5% of words are wrong, but 3.8% with rawi-v3 alone and 5.9% with rawi-v2."""
_FLOOR = 1e-9


class Mark(NamedTuple):
    """The marks that a class of the model puts on a letter."""

    hamza: str
    """"" or one of U+0653 (madda), U+0654, U+0655."""
    shadda: bool
    vowel: str
    """"" or one vowel mark, tanwin, sukun, or the dagger alif."""


class Predictions(NamedTuple):
    """The probabilities for a text."""

    letters: str
    """The decomposed text without marks; `probabilities` has a row for each of its characters."""
    probabilities: numpy.ndarray[Any, Any]
    """characters × marks; each row sums to 1."""


class TashkeelModel:
    """text2tashkeel's rawi-v2 and rawi-v3, which are loaded when the first text arrives."""

    def __init__(self) -> None:
        self.version = f"text2tashkeel {version('text2tashkeel')} rawi-v2+v3"
        self.marks: tuple[Mark, ...] = ()
        """The meaning of each column of the probabilities."""
        self._sessions: tuple[Any, ...] = ()
        self._index: dict[str, int] = {}
        self._fold: Any = None

    def load(self) -> None:
        """Load the networks, with one thread each, unless they are loaded already."""
        if self._sessions:
            return
        for variable in ("TT_ORT_THREADS", "OPENBLAS_NUM_THREADS"):  # its threads would only wait
            os.environ.setdefault(variable, "1")
        # ONNX Runtime's wheels report to Microsoft and store a device identifier, unless these are
        # set before the import (its pull requests 27379 and 29843)
        for variable in ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"):
            os.environ[variable] = "1"
        import numpy
        from text2tashkeel import Diacritizer

        second = Diacritizer("rawi-v2-int8").backend
        third = Diacritizer("rawi-v3-int8").backend
        self._index = second.c2i
        self._unknown = second.unk
        columns: dict[Mark, int] = {}
        places = [
            columns.setdefault(_mark(second.i2d[number]), len(columns))
            for number in range(len(second.i2d))
        ]
        self.marks = tuple(columns)
        fold = numpy.zeros((len(places), len(columns)), dtype=numpy.float32)
        fold[numpy.arange(len(places)), places] = 1
        self._fold = fold
        self._sessions = (second.sess, third.sess)

    def predict(self, text: str) -> Predictions:
        """Return the probability of each mark on each letter.

        text: at most about 2,000 characters.
        """
        import numpy

        self.load()
        letters = "".join(
            char
            for char in unicodedata.normalize("NFD", text)
            if unicodedata.category(char) not in ("Mn", "So")
        )
        if not letters:
            return Predictions("", numpy.zeros((0, len(self.marks)), dtype=numpy.float32))
        row = [self._index.get(char, self._unknown) for char in letters]
        ids = numpy.array([row], dtype=numpy.int64)
        second, third = self._sessions
        second_says = _softmax(second.run(["output"], {"input": ids})[0][0])
        presence, value = third.run(["presence", "value"], {"input": ids})
        present = 1 / (1 + numpy.exp(-presence[0][:, None]))
        chosen = _softmax(value[0])
        third_says = chosen * present
        third_says[:, 0] += 1 - present[:, 0]
        logarithms = _SECOND * numpy.log(second_says + _FLOOR)
        logarithms += (1 - _SECOND) * numpy.log(third_says + _FLOOR)
        mixed = numpy.exp(logarithms) @ self._fold
        return Predictions(letters, mixed / mixed.sum(1, keepdims=True))


def _softmax(values: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    import numpy

    powers = numpy.exp(values - values.max(-1, keepdims=True))
    result: numpy.ndarray[Any, Any] = powers / powers.sum(-1, keepdims=True)
    return result


def _mark(written: str) -> Mark:
    """Return the marks of a class of the model; a second vowel on one letter is ignored."""
    hamza = next((char for char in written if char in _HAMZAS), "")
    vowel = next((char for char in written.replace("\u06e1", "\u0652") if char in _VOWELS), "")
    if not vowel and DAGGER_ALIF in written:
        vowel = DAGGER_ALIF
    return Mark(hamza, SHADDA in written, vowel)
