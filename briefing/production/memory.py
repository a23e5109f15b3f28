"""How many worker processes fit into the free memory, and what a process keeps of its own."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["count_that_fit", "free_mb", "keep_memory"]

_BYTES_PER_MB = 1_000_000
_FREE_FOR_OTHERS_MB = 300
"""Left for the build's own process and everything else that runs on the machine."""
_CONTROL_GROUP = Path("/sys/fs/cgroup")
"""The folder in which a container sees its own limits (Linux, cgroup v2)."""

# glibc's malloc.h, mallopt(3)
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
_LARGEST_ARRAY_BYTES = 64 << 20
_KEPT_BYTES = 128 << 20


def count_that_fit(workers: int, memory_mb: int) -> int:
    """Return how many workers fit into the free memory: at least one, at most `workers`.

    memory_mb: the most that each of them uses; 0: no limit.
    """
    free = free_mb() if memory_mb and workers > 1 else None
    if free is None:
        return workers
    return max(1, min(workers, int((free - _FREE_FOR_OTHERS_MB) // memory_mb)))


def free_mb() -> float | None:
    """Return the memory that new processes can use without swapping, in megabytes.

    Return None if the system does not report it.
    """
    free = [amount for amount in (_free_in_system(), _free_in_container()) if amount is not None]
    return min(free) / _BYTES_PER_MB if free else None


def _free_in_system() -> int | None:
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _free_in_container() -> int | None:
    with suppress(OSError, ValueError):  # no limit is written as "max"
        limit = int((_CONTROL_GROUP / "memory.max").read_text(encoding="ascii"))
        return limit - int((_CONTROL_GROUP / "memory.current").read_text(encoding="ascii"))
    return None


def keep_memory() -> None:
    """Make the C library keep the memory of a clip, or of an order's object, for the next one.

    Returning it to the system and requesting it again, page by page, takes 5 % of a worker's time,
    and a fifth of the time in which an article is received that other machines spoke.
    """
    import ctypes

    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_ARRAY_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_TOP_PAD, _LARGEST_ARRAY_BYTES // 8)
