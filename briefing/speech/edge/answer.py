"""Microsoft's answer to a request: its MP3 and where each word is in it, as one stored value."""

from __future__ import annotations

import json
from dataclasses import dataclass

from briefing.speech.online.mp3_decoding import DamagedSound

__all__ = ["Answer", "Boundary"]


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where Microsoft's voice speaks a word."""

    text: str
    """The word as the service writes it, which need not be as it was sent."""
    start_s: float
    end_s: float
    """Seconds of the sound before it was encoded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one request."""

    mp3: bytes
    boundaries: tuple[Boundary, ...]

    def to_bytes(self) -> bytes:
        """Pack the answer to be stored: a line of JSON, then the MP3."""
        rows = [(each.text, each.start_s, each.end_s) for each in self.boundaries]
        return json.dumps(rows).encode() + b"\n" + self.mp3

    @classmethod
    def from_bytes(cls, packed: bytes) -> Answer:
        """Unpack an answer. Raise DamagedSound if these are other bytes.

        >>> Answer.from_bytes(Answer(b"mp3", (Boundary("نعم", 0.1, 0.4),)).to_bytes()).boundaries
        (Boundary(text='نعم', start_s=0.1, end_s=0.4),)
        """
        head, _, mp3 = packed.partition(b"\n")
        try:
            rows = [(str(text), float(start), float(end)) for text, start, end in json.loads(head)]
        except (ValueError, TypeError):
            raise DamagedSound("the stored answer is damaged") from None
        return cls(mp3, tuple(Boundary(*row) for row in rows))
