"""Text or bytes -> a complete file in an edition's folder.

A file in the folder may be a hard link to a file of the published edition. Writing into it would
change what is published, so each file is written under another name and then renamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["is_same", "write_anew"]

_CHUNK_BYTES = 1 << 20


def write_anew(path: Path, content: bytes | Iterable[str]) -> None:
    """Write a file, or leave it alone if it has this content already.

    content: bytes, or pieces of text, which are written as UTF-8.
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
    """Return whether a file exists and has this content."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _same(path: Path, other: Path) -> bool:
    try:
        if path.stat().st_size != other.stat().st_size:
            return False
        with path.open("rb") as first, other.open("rb") as second:
            while chunk := first.read(_CHUNK_BYTES):
                if chunk != second.read(_CHUNK_BYTES):
                    return False
    except FileNotFoundError:
        return False
    return True
