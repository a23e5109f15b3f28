"""One digest of everything that an edition depends on; if it changed, the edition is out of date.

It is computed without importing a voice, a model or an audio library.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.clip_cache import key_of
from briefing.config import Config
from briefing.schedule.edition_hour import edition_hour
from briefing.versions import files_digest, version

if TYPE_CHECKING:
    from briefing.speech.voice import Voice

__all__ = ["fingerprint"]

_WITHOUT_EFFECT = {
    "schedule",
    "cache",
    "cluster",
    "listen",
    "models",
    "workers",
    "base",
    "path",
    "neighbours",
    "private_folder",
}
"""Settings that do not change an edition: they say when and where it is built. The digests of
models are part of their voices' versions."""
_LIBRARIES = (
    "av",
    "espeakng-loader",
    "gtts",
    "lameenc",
    "mutagen",
    "numpy",
    "onnxruntime",
    "pyarabic",
    "pydub",
    "python-bidi",
    "text2tashkeel",
    "uharfbuzz",
)


def fingerprint(
    config: Config, wanted_voice: str, voices: Sequence[Voice], sources: Sequence[tuple[str, str]]
) -> str:
    """Return a digest of what the edition depends on.

    wanted_voice: the setting `voice`. voices: those that may speak it. sources: (path, sha256) of
    each source, in order.
    """
    settings = {
        name: value
        for name, value in dataclasses.asdict(config).items()
        if name not in _WITHOUT_EFFECT
    }
    settings["voice"] = wanted_voice
    if config.feed.base_url:
        settings["hour"] = [edition_hour(config).isoformat(), config.schedule.timezone]
    return key_of(
        "briefing",
        {
            "sources": list(sources),
            "voices": [[voice.name, voice.version] for voice in voices],
            "settings": settings,
            "files": [_digest(path) for path in config.extra_files],
            "program": files_digest(""),
            "libraries": {name: version(name) for name in _LIBRARIES},
            "python": sys.version_info[:2],
        },
    )


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
