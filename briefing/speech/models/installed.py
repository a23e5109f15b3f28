"""The folder of installed models: one folder a voice, with a stamp that says what is in it.

A stamp is read at each start and costs no import. It holds the digest of the model as published,
which is part of the voice's version, and a checksum of the file as it is stored, by which damage is
noticed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.user_folders import data_home

if TYPE_CHECKING:
    from briefing.config import Config

__all__ = [
    "CONFIG_NAME",
    "MODEL_NAME",
    "ModelStamp",
    "checksum_of",
    "damage",
    "how_to_mend",
    "installed_models",
    "models_folder",
    "read_stamp",
    "remove",
    "write_stamp",
]

MODEL_NAME, CONFIG_NAME, _STAMP_NAME = "model.onnx", "model.json", "stamp.json"
_LAYOUT = 1
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""Of a voice: what a folder can be called on any system, and a key of the configuration."""


@dataclass(frozen=True, slots=True)
class ModelStamp:
    """What is known of an installed model."""

    name: str
    digest: str
    """SHA-256 of the model and of its .json as published, in one."""
    checksum: str
    """XXH3 of the files as they are stored."""
    bytes: int
    """Of the stored model."""
    speaker: str
    language: str
    sample_rate_hz: int
    symbol_s: float
    """Seconds that a symbol takes on average, as measured at installation."""
    licence: str
    attribution: str = ""
    source: str = ""
    """The name in the catalogue, or "" for a model that came as a file."""
    lacks: dict[str, str] = field(default_factory=dict)
    """Symbols of Arabic that the model does not know, each with what is spoken instead."""
    layout: int = _LAYOUT


def models_folder(config: Config) -> Path:
    """Return the folder of installed models: the configured one, by default the user's own."""
    if config.models.folder:
        return config.base / Path(config.models.folder).expanduser()
    return data_home() / "briefing" / "voices"


def installed_models(folder: Path) -> Iterator[ModelStamp]:
    """Yield the stamps of the installed models, sorted by name."""
    with suppress(OSError):
        for place in sorted(folder.iterdir()):
            if NAME.fullmatch(place.name) and (stamp := read_stamp(place)):
                yield stamp


def read_stamp(place: Path) -> ModelStamp | None:
    """Return the stamp of a model's folder, None if there is none that can be read."""
    names = {item.name for item in fields(ModelStamp)}
    try:
        content = json.loads((place / _STAMP_NAME).read_bytes())
        stamp = ModelStamp(**{key: value for key, value in content.items() if key in names})
        is_ours = (stamp.name, stamp.layout) == (place.name, _LAYOUT)
        return stamp if is_ours and stamp.symbol_s > 0 and len(stamp.digest) == 64 else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def write_stamp(place: Path, stamp: ModelStamp) -> None:
    """Write a stamp into a model's folder. Raise OSError."""
    content = json.dumps(asdict(stamp), ensure_ascii=False, indent=1)
    (place / _STAMP_NAME).write_text(content, encoding="utf-8")


def checksum_of(place: Path) -> str:
    """Return the checksum of the stored model and its .json. Raise OSError."""
    import xxhash

    checksum = xxhash.xxh3_128()
    for name in (MODEL_NAME, CONFIG_NAME):
        with (place / name).open("rb") as file:
            while block := file.read(1 << 20):
                checksum.update(block)
    return checksum.hexdigest()


def damage(place: Path, stamp: ModelStamp) -> str | None:
    """Return what is wrong with a stored model, None if it is as it was installed."""
    try:
        stored_bytes = (place / MODEL_NAME).stat().st_size
        if stored_bytes != stamp.bytes or checksum_of(place) != stamp.checksum:
            return f"its model in {place} is damaged"
    except OSError as error:
        return f"its model in {place} cannot be read: {error.strerror}"
    return None


def how_to_mend(stamp: ModelStamp) -> str:
    """Return the command that installs a model again."""
    called = "" if stamp.source == stamp.name else f" --name {stamp.name}"
    return f"mend it with: briefing voices --install {stamp.source or 'FILE.onnx'}{called}"


def remove(place: Path) -> None:
    """Remove a model's folder: first its stamp, so that half of it is no voice. Raise OSError."""
    (place / _STAMP_NAME).unlink(missing_ok=True)
    shutil.rmtree(place)
