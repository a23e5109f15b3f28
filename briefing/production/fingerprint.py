"""Whether a briefing is out of date: one digest of everything that its edition depends on.

Taken without importing a voice, a model or an audio library.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from briefing.clip_cache import key_of
from briefing.config import Config
from briefing.versions import files_digest, version

__all__ = ["fingerprint"]

_WITHOUT_EFFECT = {"schedule", "cache", "listen", "workers", "base", "path", "neighbours"}
"""Settings that say when and where a briefing is built, not what it is."""
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
    "text2tashkeel",
)


def fingerprint(config: Config, wanted_voice: str, sources: Sequence[tuple[str, str]]) -> str:
    """Digest what the edition depends on. sources: (path, sha256) of each, in order."""
    settings = {
        name: value
        for name, value in dataclasses.asdict(config).items()
        if name not in _WITHOUT_EFFECT
    }
    settings["voice"] = wanted_voice
    return key_of(
        "briefing",
        {
            "sources": list(sources),
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
