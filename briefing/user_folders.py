"""The user's own folders, as the XDG Base Directory Specification (version 0.8) names them."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["cache_home", "config_home", "data_home"]


def cache_home() -> Path:
    """Return $XDG_CACHE_HOME, by default ~/.cache."""
    return _home("XDG_CACHE_HOME", ".cache")


def config_home() -> Path:
    """Return $XDG_CONFIG_HOME, by default ~/.config."""
    return _home("XDG_CONFIG_HOME", ".config")


def data_home() -> Path:
    """Return $XDG_DATA_HOME, by default ~/.local/share."""
    return _home("XDG_DATA_HOME", ".local/share")


def _home(variable: str, default: str) -> Path:
    """Return the folder that a variable names.

    "If an implementation encounters a relative path in any of these variables it should consider
    the path invalid and ignore it."
    """
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else Path.home() / default
