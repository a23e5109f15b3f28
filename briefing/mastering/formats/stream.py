"""The joined packets of a recording, on their way into a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from briefing.mastering.formats.encoding import Encoding

__all__ = ["Stream"]

_CHUNK_BYTES = 1 << 20
_SYSTEM_CHUNK_BYTES = 1 << 26


@dataclass(frozen=True, slots=True)
class Stream:
    """The packets of a recording, joined."""

    body: BinaryIO
    """All packets, after the room for a head."""
    room: int
    """Free bytes at the beginning of the body."""
    encoding: Encoding
    count: int
    bytes: int
    sizes: Sequence[int]
    """Bytes of each packet; empty if the packets contain their sizes (MP3)."""
    samples: int
    """Of the sound, without the codec's delay."""

    def copy_to(self, file: BinaryIO) -> None:
        """Append all packets to a file, by the system's own copying if it can do so."""
        self.body.flush()
        file.flush()
        position = self.room
        if hasattr(os, "copy_file_range"):
            with suppress(OSError):  # not on every file system; continue after what it copied
                while copied := os.copy_file_range(
                    self.body.fileno(), file.fileno(), _SYSTEM_CHUNK_BYTES, position
                ):
                    position += copied
        self.body.seek(position)
        file.seek(0, os.SEEK_END)
        shutil.copyfileobj(self.body, file, _CHUNK_BYTES)
