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

_CHUNK = 1 << 20
_COPIED_AT_ONCE = 1 << 26


@dataclass(frozen=True, slots=True)
class Stream:
    """The packets of a recording, joined."""

    body: BinaryIO
    """All packets, behind the room for a head."""
    room: int
    """Bytes free at the body's beginning."""
    encoding: Encoding
    count: int
    bytes: int
    sizes: Sequence[int]
    """Bytes of each packet; none where the packets say it themselves (MP3)."""
    samples: int
    """Of the sound, the codec's delay left out."""

    def copy_to(self, file: BinaryIO) -> None:
        """Append all packets to a file, by the system where it copies from file to file."""
        self.body.flush()
        file.flush()
        done = self.room
        if hasattr(os, "copy_file_range"):
            with suppress(OSError):  # not on every file system; what it copied stays
                while copied := os.copy_file_range(
                    self.body.fileno(), file.fileno(), _COPIED_AT_ONCE, done
                ):
                    done += copied
        self.body.seek(done)
        file.seek(0, os.SEEK_END)
        shutil.copyfileobj(self.body, file, _CHUNK)
