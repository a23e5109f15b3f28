"""Whether a briefing is out of date: one digest of everything that its edition depends on.

Taken without importing a voice, a model or an audio library.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from briefing.config import Config
from briefing.speech.cache import key_of

__all__ = ["fingerprint"]

_WITHOUT_EFFECT = {"schedule", "cache", "listen", "workers", "base", "path"}
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
            "program": _program(),
            "libraries": {name: _version(name) for name in _LIBRARIES},
            "python": sys.version_info[:2],
        },
    )


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _program() -> str:
    """Digest this program's own files: an update of it may change what is said."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".pyc", ""}:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
