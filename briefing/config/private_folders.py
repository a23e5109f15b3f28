"""Where a private briefing is kept: a folder of the shelf's folder that no address leads to.

It has a name that cannot be guessed, for servers that send whatever is in a folder. It is not the
secret of the feed's address: messages may show it.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

__all__ = ["PRIVATE", "private_folder"]

PRIVATE = ".private"
"""In the shelf's folder: a folder NAME.NUMBER for each private briefing."""
_NUMBER_BYTES = 8


def private_folder(shelf: Path, name: str) -> Path:
    """Return the folder of a private briefing: the one that is there, or the name of a new one."""
    own = re.compile(re.escape(name) + rf"\.[0-9a-f]{{{2 * _NUMBER_BYTES}}}")
    try:
        names = sorted(path.name for path in (shelf / PRIVATE).iterdir())
    except OSError:
        names = []
    there = next(filter(own.fullmatch, names), "")
    return shelf / PRIVATE / (there or f"{name}.{secrets.token_hex(_NUMBER_BYTES)}")
