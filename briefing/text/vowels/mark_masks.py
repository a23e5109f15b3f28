"""Which of the model's marks a letter may have, as rows of 0 and 1 over its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from briefing.text.characters import DAMMA, DAMMATAN, FATHA, FATHATAN, KASRA, KASRATAN, SUKUN
from briefing.text.vowels.marks import HAMZA_SEATS, fits

if TYPE_CHECKING:
    import numpy

    from briefing.text.vowels.tashkeel_model import Mark

__all__ = ["VOWEL", "MarkMasks"]

_TANWIN = {FATHA: FATHATAN, DAMMA: DAMMATAN, KASRA: KASRATAN}
VOWEL = {"a": FATHA, "i": KASRA, "u": DAMMA, "o": SUKUN, "": ""}
"""The mark of each vowel in the tables of verbs; "o" is no vowel, "" is open."""


class MarkMasks:
    """The masks of one model. Each is made once."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        """marks: the meaning of each column of the model's probabilities."""
        self._marks = marks
        self._rows: dict[tuple[str, bool | None, str, str], numpy.ndarray[Any, Any]] = {}
        self._sums: dict[str, numpy.ndarray[Any, Any]] = {}

    def row(
        self, hamza: str, shadda: bool | None, vowel: str, role: str
    ) -> numpy.ndarray[Any, Any]:
        """Return 1 for each mark that a letter may have, else 0.

        shadda: None if the letter has a vowel without a shadda and may still have one.
        """
        key = (hamza, shadda, vowel, role)
        if key not in self._rows:
            import numpy

            self._rows[key] = numpy.array(
                [
                    (mark.hamza == hamza or (hamza == "?" and mark.hamza in ("", *HAMZA_SEATS)))
                    and (shadda is None or mark.shadda == shadda)
                    and (mark.vowel == vowel if vowel else fits(mark, role))
                    for mark in self._marks
                ],
                dtype=numpy.float32,
            )
        return self._rows[key]

    def vowel_sums(self) -> numpy.ndarray[Any, Any]:
        """Return the matrix that sums the marks by a, i, u, no vowel, and shadda."""
        if "vowels" not in self._sums:
            import numpy

            self._sums["vowels"] = numpy.array(
                [
                    [mark.vowel == VOWEL[vowel] for vowel in ("a", "i", "u")]
                    + [mark.vowel in ("", SUKUN), mark.shadda]
                    for mark in self._marks
                ],
                dtype=numpy.float32,
            )
        return self._sums["vowels"]

    def case_sums(self) -> numpy.ndarray[Any, Any]:
        """Return the matrix that sums the marks by nominative, accusative and genitive."""
        if "cases" not in self._sums:
            import numpy

            self._sums["cases"] = numpy.array(
                [
                    [mark.vowel in (vowel, _TANWIN[vowel]) for vowel in (DAMMA, FATHA, KASRA)]
                    for mark in self._marks
                ],
                dtype=numpy.float32,
            )
        return self._sums["cases"]
