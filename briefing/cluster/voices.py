"""Which voices that are not the program's own a machine has, each with what tells its version.

The program's own voices are part of the identity. A neural voice is known by its model's digest, a
voice of another package by that package's version.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from briefing.cluster.connection import voice_resource
from briefing.config import Config
from briefing.speech.models.installed import installed_models, models_folder, read_stamp
from briefing.speech.voices import GROUP

__all__ = ["needs_of", "voices_here"]


def voices_here(folder: Path | None = None) -> dict[str, str]:
    """Return name -> stamp of the voices of other packages and of the installed models.

    folder: of the models; None: the user's own.
    """
    voices = {name: _version(entry) for name, entry in _entries().items()}
    models = installed_models(folder or models_folder(Config()))
    return {**voices, **{stamp.name: stamp.digest for stamp in models}}


def needs_of(name: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the resources that a voice's orders ask for, each with what a worker without it lacks.

    settings: those that the voice is made with, see `settings_of`. {} for the program's own voices.
    """
    if folder := settings.get("model_folder"):
        stamp = read_stamp(Path(folder))
        mend = f"briefing voices --install {name}"
        text = f"it lacks this model of the voice {name}; on that machine: {mend}"
        return {voice_resource(name, stamp.digest): text} if stamp else {}
    if entry := _entries().get(name):
        version = _version(entry)
        return {voice_resource(name, version): f"it lacks the voice {name} of {version}"}
    return {}


def _entries() -> dict[str, Any]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _version(entry: Any) -> str:
    return f"{entry.dist.name}-{entry.dist.version}" if entry.dist else "unknown"
