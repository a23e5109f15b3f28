"""A recording's packets to a file of its format: tags and headers first, then the packets.

The packets are copied as a stream, so that memory does not grow with the recording.
"""

from __future__ import annotations

from pathlib import Path

from briefing.mastering.formats.stream import Stream
from briefing.mastering.formats.tags import Tags, id3_tag, pad_tag

__all__ = ["write", "write_head"]


def write(path: Path, stream: Stream, tags: Tags | None) -> None:
    """Write the file. tags: None writes no tags."""
    if stream.encoding.format == "m4b":
        from briefing.mastering.formats.mp4 import write_mp4

        write_mp4(path, stream, tags)
    elif stream.encoding.format == "opus":
        from briefing.mastering.formats.ogg import write_ogg

        write_ogg(path, stream, tags)
    else:
        _write_mp3(path, stream, tags)


def _write_mp3(path: Path, stream: Stream, tags: Tags | None) -> None:
    with path.open("wb") as file:
        if tags is not None:
            file.write(id3_tag(tags))
        file.write(_info_frame(stream))
        stream.copy_to(file)


def write_head(stream: Stream, tags: Tags) -> bool:
    """Write tags and header into the room before the packets, which makes the body the recording.

    Return False, without writing, if they do not fit, or if the format does not keep its packets
    in one block at the end of the file.
    """
    if stream.encoding.format != "mp3":
        return False
    frame, tag = _info_frame(stream), id3_tag(tags)
    if len(tag) + len(frame) > stream.room:
        return False
    stream.body.seek(0)
    stream.body.write(pad_tag(tag, stream.room - len(frame)))
    stream.body.write(frame)
    stream.body.flush()
    return True


def _info_frame(stream: Stream) -> bytes:
    from briefing.mastering.formats.mp3 import info_frame

    return info_frame(stream.encoding, stream.count, stream.bytes, stream.samples)
