"""The free memory, and how many worker processes fit into it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["count_that_fit", "free_mb"]

_BYTES_PER_MB = 1_000_000
_FREE_FOR_OTHERS_MB = 300
"""Left for the build's own process and everything else that runs on the machine."""
_CONTROL_GROUP = Path("/sys/fs/cgroup")
"""The folder in which a container sees its own limits (Linux, cgroup v2)."""


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
