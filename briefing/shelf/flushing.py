"""Write files and folders through to the disk, so that they survive a power cut."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["flush", "flush_folder", "flush_tree"]


def flush(path: Path) -> None:
    """Flush a file's bytes to the disk. Raises OSError."""
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        if sys.platform == "darwin":
            # fsync(2) on macOS leaves the bytes in the drive's own cache
            import fcntl

            try:
                fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            except OSError:
                os.fsync(handle)
        else:
            os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(path: Path) -> None:
    """Flush the names in a folder. Windows has no such call and needs none. Raises OSError."""
    if sys.platform != "win32":
        flush(path)


def flush_tree(folder: Path) -> None:
    """Flush all files in a folder and its subfolders, innermost first. Raises OSError."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in sorted(names):
            flush(Path(root) / name)
        flush_folder(Path(root))
