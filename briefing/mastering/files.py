"""A recording's packets to a file of its format: tags and headers first, then the packets.

The packets are copied as a stream, whatever the length.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from briefing.mastering.encoding import Encoding
from briefing.mastering.tags import Tags, write_id3

__all__ = ["Stream", "write"]

_CHUNK = 1 << 20


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
        """Append all packets to a file."""
        self.body.seek(0)
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
    with path.open("ab") as file:
        file.write(info_frame(stream.encoding, stream.count, stream.bytes, stream.samples))
        stream.copy_to(file)
