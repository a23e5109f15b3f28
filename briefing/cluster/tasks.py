"""What a worker does with an order. Dask imports this module by its name, so it starts light."""

from __future__ import annotations

import threading
from dataclasses import asdict

from briefing.cluster.identity import identity_here
from briefing.errors import explain

__all__ = ["OrderFailed", "carry_out_order", "warm_up"]

_one_at_a_time = threading.Lock()
"""libespeak-ng and its random numbers are one process's, however many threads a worker has."""


_RETRIES, _RETRY_S, _REQUEST_S = 4, 60.0, 120.0
"""What a worker has spoken took it a minute: that is worth a minute of trying to store it."""


_WARMING = (
    "نشرة الصباح",
    "قال الوزير إن 12 مدينة شهدت في 3 مايو 2026 أمطارا غزيرة، بنسبة 45%، وكلفت 7 ملايين دولار.",
)
"""A text with what most texts have: names of months, numbers, units."""


class OrderFailed(Exception):
    """An order that a worker could not carry out. Dask carries it to whoever sent the order."""

    def __init__(self, worker: str, reason: str) -> None:
        """worker: its address."""
        super().__init__(worker, reason)
        self.worker = worker
        self.reason = reason


def carry_out_order(content: str, shared: str) -> None:
    """Carry out an order and store its object. Raise OrderFailed.

    content: the order's JSON. shared: the address of the shared store. An order that asks for
    another identity than this worker has is refused, and nothing is stored. Nothing is returned:
    that it has ended is enough, and costs no message of its own.
    """
    from distributed import get_worker

    from briefing.orders.carrying_out import carry_out
    from briefing.orders.order import Order

    worker = get_worker().address
    try:
        order = Order.from_json(content.encode())
        with _one_at_a_time:
            packed = carry_out(order, identity=identity_here().digest)
        _put(shared, order.object_name, packed)
    except Exception as error:  # told where it is waited for; others may carry the order out
        raise OrderFailed(worker, explain(error)) from None


def warm_up() -> None:
    """Load the libraries and models that write scripts and make clips. Raise BriefingError.

    A small order is carried out, so that tables and rules are read before the first order comes.
    """
    from briefing.config import Config, Espeak
    from briefing.mastering.presets import mastering_of
    from briefing.orders.carrying_out import carry_out, load_models
    from briefing.orders.order import Group, recipe_of, split_into_orders
    from briefing.speech.voices import make_voice
    from briefing.text.normalisation.lexicon import load_lexicon

    load_models()
    config = Config()
    settings = asdict(Espeak())
    voice = make_voice("espeak", settings, config.open_cache())
    identity = identity_here().digest
    recipe = recipe_of(
        config, voice, settings, load_lexicon(None), mastering_of(config, voice), identity
    )
    group = Group(0, "0" * 64, _WARMING, has_title=True)
    for order in split_into_orders(group, recipe, lambda _: {}):
        carry_out(order, identity=identity)


def _put(shared: str, name: str, packed: bytes) -> None:
    import obstore

    from briefing.buckets import Patience, open_bucket, refusals

    patience = Patience(_RETRIES, _RETRY_S, _REQUEST_S)
    with refusals(shared):
        obstore.put(open_bucket(shared, patience), name, packed, use_multipart=False)
