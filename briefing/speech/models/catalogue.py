"""The catalogue of voices that can be fetched by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["CatalogueEntry", "catalogue"]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A voice that can be fetched."""

    name: str
    base: str
    """The address that the paths begin with, at a fixed tag."""
    model: str
    config: str
    model_bytes: int
    """How large the model is, 0 where that is not known."""
    model_sha256: str
    """"" where none was known when the catalogue was written."""
    config_sha256: str
    about: str
    licence: str
    attribution: str


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """Return the entries by name."""
    text = (Path(__file__).parent / "data" / "catalogue.toml").read_text(encoding="utf-8")
    return {name: CatalogueEntry(name, **row) for name, row in tomllib.loads(text).items()}
