"""What the service must remember over a restart, in audio/.state/schedule/NAME.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from briefing.shelf.state_files import read_moment, read_state, write_state

__all__ = ["Memory", "read_memory", "remember"]


@dataclass(frozen=True)
class Memory:
    """What the service remembers of a briefing."""

    nightly: datetime | None = None
    """Start of the last nightly build that ended, whatever its result."""
    inputs: str = ""
    """Digest of sources and configuration at the start of the last build that ended."""
    failures: int = 0
    """Failed builds in a row."""
    retry_at: datetime | None = None
    """When the failed build will be tried again."""


def remember(folder: Path, name: str, memory: Memory) -> None:
    """Write down what the service must know after a restart. Raises ShelfError."""
    write_state(folder / "schedule" / f"{name}.json", asdict(memory))


def read_memory(folder: Path, name: str) -> Memory | None:
    """Read what remember() wrote; None if no service has ever built this briefing."""
    table = read_state(folder / "schedule" / f"{name}.json")
    if not table:
        return None
    inputs, failures = table.get("inputs"), table.get("failures")
    return Memory(
        nightly=read_moment(table.get("nightly")),
        inputs=inputs if isinstance(inputs, str) else "",
        failures=max(0, failures) if isinstance(failures, int) else 0,
        retry_at=read_moment(table.get("retry_at")),
    )
