"""What `check` reports of the shared store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.config import Config

__all__ = ["check_shared_stores"]

Line = Callable[[str], None]


def check_shared_stores(configs: Sequence[Config], line: Line, complain: Line) -> None:
    """Report how much each shared store has, or why it cannot be used: builds go on without it."""
    for address in dict.fromkeys(config.cache.shared for config in configs if config.cache.shared):
        from briefing.orders.order import folder_of
        from briefing.orders.shared_store import SharedStore

        try:
            store = SharedStore(address)
            objects = [
                present
                for config in configs
                if config.cache.shared == address
                for present in store.listing(folder_of(config)).values()
            ]
        except BriefingError as error:
            complain(f"{error}; builds go on without the shared store")
            continue
        size_mb = sum(present.bytes for present in objects) / 1e6
        count = "1 object" if len(objects) == 1 else f"{len(objects)} objects"
        line(f"shared store {store.label}: {count} of these briefings, {size_mb:.1f} MB")
