"""Opus packets to an Ogg file (RFC 3533, RFC 7845), as a stream."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.mastering.formats.opus import PACKET_SAMPLES, PRE_SKIP, opus_head
from briefing.mastering.formats.tags import Tags, write_comments

if TYPE_CHECKING:
    from mutagen.ogg import OggPage

    from briefing.mastering.formats.stream import Stream

__all__ = ["write_ogg"]

_SERIAL = 1
"""Not a random number, so that the same sound results in the same file. A file has one stream."""
_PACKETS_PER_PAGE = 40
"""0.8 s, the least that a player reads to seek. A page has at most 255 lacing values, and the
largest packet takes 6 of them."""


def write_ogg(path: Path, stream: Stream, tags: Tags | None) -> None:
    """Write the file: head, comments, then pages of 0.8 s.

    The last page's position declares the exact length (RFC 7845, 4.5).
    """
    from mutagen.ogg import OggPage

    software = (tags.software if tags else "briefing").encode()
    comments = b"OpusTags" + len(software).to_bytes(4, "little") + software + bytes(4)
    head = _make_page([opus_head(stream.encoding.sample_rate_hz)], 0, 0)
    head.first = True
    path.write_bytes(head.write() + _make_page([comments], 1, 0).write())
    if tags is not None:
        write_comments(path, tags)
    with path.open("r+b") as file:
        sequence = 0
        while file.tell() < path.stat().st_size:
            OggPage(file)
            sequence += 1
        stream.body.seek(stream.room)
        for first in range(0, stream.count, _PACKETS_PER_PAGE):
            sizes = stream.sizes[first : first + _PACKETS_PER_PAGE]
            end = first + len(sizes)
            position = min(end * PACKET_SAMPLES, PRE_SKIP + stream.samples)
            page = _make_page([stream.body.read(size) for size in sizes], sequence, position)
            page.last = end == stream.count
            file.write(page.write())
            sequence += 1


def _make_page(packets: list[bytes], sequence: int, position: int) -> OggPage:
    from mutagen.ogg import OggPage

    page = OggPage()
    page.serial, page.sequence, page.position = _SERIAL, sequence, position
    page.packets = packets
    return page
