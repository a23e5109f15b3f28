"""The sound formats by the names that `output.format` takes."""

from __future__ import annotations

from functools import cache

from briefing.mastering.formats.encoding import Codec

__all__ = ["codec_of"]


@cache
def codec_of(name: str) -> Codec:
    """Return the codec of a format: "mp3", "m4b" or "opus". Raise ValueError for another name."""
    if name == "mp3":
        from briefing.mastering.formats.mp3 import Mp3

        return Mp3()
    if name == "m4b":
        from briefing.mastering.formats.aac import Aac

        return Aac()
    if name == "opus":
        from briefing.mastering.formats.opus import Opus

        return Opus()
    raise ValueError(f"unknown sound format {name!r}")
