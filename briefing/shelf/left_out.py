"""Articles that an editor left out of a briefing: their keys, in audio/.state/desk."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from briefing.shelf.state_files import read_state, state_folder, write_state

__all__ = ["DESK_FOLDER", "left_out_keys", "write_left_out"]

DESK_FOLDER = "desk"
"""The folder in the state folder that has what an editor decided."""


def left_out_keys(shelf: Path, name: str) -> frozenset[str]:
    """Return the keys of the articles that are left out of a briefing. shelf: its folder."""
    keys = read_state(_file(shelf, name)).get("keys", [])
    return frozenset(key for key in keys if isinstance(key, str)) if keys else frozenset()


def write_left_out(shelf: Path, name: str, keys: Collection[str]) -> None:
    """Write down which articles are left out of a briefing. Raise ShelfError."""
    write_state(_file(shelf, name), {"keys": sorted(keys)})


def _file(shelf: Path, name: str) -> Path:
    return state_folder(shelf) / DESK_FOLDER / f"left-out.{name}.json"
