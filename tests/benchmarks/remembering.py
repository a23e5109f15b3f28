"""The preload of a worker that speaks an order once, and gives it back when it is sent again.

With it a coordinator waits for nobody, as with many workers, and can be measured repeatedly: what it
does with an order is the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from briefing.clip_cache import MemoryStore, Store
from briefing.cluster.worker import dask_setup
from briefing.orders import carrying_out
from briefing.orders.bundle import write_bundle
from briefing.orders.order import Order
from briefing.orders.recorder import Row

__all__ = ["MEMORY", "dask_setup"]

MEMORY = "BRIEFING_BENCHMARK_MEMORY"
"""The variable with the folder in which the workers remember."""

_carry_out: Callable[..., bytes] = carrying_out.carry_out
_results: list[tuple[list[Row], dict[str, bytes]]] = []


def _keep(digest: str, rows: Iterable[Row], store: Store) -> bytes:
    """Write an object, and keep what it was made of."""
    kept = list(dict.fromkeys(rows))
    values = {row.key: store.get(row.key) or b"" for row in kept}
    _results[:] = [(kept, values)]
    return write_bundle(digest, kept, store)


def _remember(order: Order, **options: Any) -> bytes:
    """Return the object of an order, which was carried out before for whatever briefing."""
    texts = [[part.text, part.article, part.readings] for part in order.paragraphs]
    name = hashlib.sha256(json.dumps([texts, order.has_title]).encode()).hexdigest()
    path = Path(os.environ[MEMORY]) / name
    if not path.exists():
        packed = _carry_out(order, **options)
        path.with_suffix(f".{os.getpid()}").write_bytes(pickle.dumps(_results[0]))
        path.with_suffix(f".{os.getpid()}").replace(path)
        return packed
    rows, values = pickle.loads(path.read_bytes())
    store = MemoryStore()
    store.values = values
    return write_bundle(order.digest, rows, store)


carrying_out.write_bundle = _keep
carrying_out.carry_out = _remember
