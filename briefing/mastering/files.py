"""A recording's packets to a file of its format: tags and headers first, then the packets.

The packets are copied as a stream, whatever the length.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from briefing.mastering.encoding import Encoding
from briefing.mastering.tags import Tags, write_id3

__all__ = ["Stream", "write"]

_CHUNK = 1 << 20
_COPIED_AT_ONCE = 1 << 26


@dataclass(frozen=True, slots=True)
class Stream:
    """The packets of a recording, joined."""

    body: BinaryIO
    """All packets, from the file's beginning."""
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
        done = 0
        if hasattr(os, "copy_file_range"):
            with suppress(OSError):  # not on every file system; what it copied stays
                while copied := os.copy_file_range(
                    self.body.fileno(), file.fileno(), _COPIED_AT_ONCE, done
                ):
                    done += copied
        self.body.seek(done)
        file.seek(0, os.SEEK_END)
        shutil.copyfileobj(self.body, file, _CHUNK)


def write(path: Path, stream: Stream, tags: Tags | None) -> None:
    """Write the file anew. tags: None writes none."""
    if stream.encoding.format == "m4b":
        from briefing.mastering.mp4 import write_mp4

        write_mp4(path, stream, tags)
    elif stream.encoding.format == "opus":
        from briefing.mastering.ogg import write_ogg

        write_ogg(path, stream, tags)
    else:
        _write_mp3(path, stream, tags)


def _write_mp3(path: Path, stream: Stream, tags: Tags | None) -> None:
    from briefing.mastering.mp3 import info_frame

    path.write_bytes(b"")
    if tags is not None:
        write_id3(path, tags)
    with path.open("r+b") as file:  # the system does not copy to a file that is appended to
        file.seek(0, os.SEEK_END)
        file.write(info_frame(stream.encoding, stream.count, stream.bytes, stream.samples))
        stream.copy_to(file)
