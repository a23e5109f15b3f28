"""How much memory is free, and so how many worker processes fit into it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["free_mb", "that_fit"]

_BYTES_PER_MB = 1_000_000
_FREE_FOR_OTHERS_MB = 300
"""Left to the build's own process and to everything else that runs here."""
_CONTROL_GROUP = Path("/sys/fs/cgroup")
"""Where a container sees its own limits (Linux, cgroup v2)."""


def that_fit(workers: int, memory_mb: int) -> int:
    """Return how many of so many workers fit into the free memory; at least one.

    memory_mb: what each of them takes at most; 0 limits nothing.
    """
    free = free_mb() if memory_mb and workers > 1 else None
    if free is None:
        return workers
    return max(1, min(workers, int((free - _FREE_FOR_OTHERS_MB) // memory_mb)))


def free_mb() -> float | None:
    """Return the memory that new processes can take without swapping, in megabytes.

    None where the system does not say.
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
    with suppress(OSError, ValueError):  # "max" is no number: no limit
        limit = int((_CONTROL_GROUP / "memory.max").read_text(encoding="ascii"))
        return limit - int((_CONTROL_GROUP / "memory.current").read_text(encoding="ascii"))
    return None
