"""Text or bytes -> a file of an edition's folder, whole.

A file may be a hard link to one of an edition that stands: writing into it would change what is
published. A file is therefore written under another name and moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["is_same", "write_anew"]

_COMPARED = 1 << 20


def write_anew(path: Path, content: bytes | Iterable[str]) -> None:
    """Write a file, UTF-8 where text is given in pieces; leave it alone where it is so already.

    Raises OSError.
    """
    fresh = path.with_name(f".{path.name}.new")
    if isinstance(content, bytes):
        fresh.write_bytes(content)
    else:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(content)
    if _same(path, fresh):
        fresh.unlink()
    else:
        fresh.replace(path)


def is_same(path: Path, content: bytes) -> bool:
    """Return whether a file has this content."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _same(path: Path, other: Path) -> bool:
    try:
        if path.stat().st_size != other.stat().st_size:
            return False
        with path.open("rb") as first, other.open("rb") as second:
            while chunk := first.read(_COMPARED):
                if chunk != second.read(_COMPARED):
                    return False
    except FileNotFoundError:
        return False
    return True
