"""The preload of a Dask worker: `dask worker ADDRESS --preload briefing.cluster.worker`.

It loads what speaks before the worker registers, and tells the scheduler what the worker is. A
worker that cannot load it gets no orders.
"""

from __future__ import annotations

from typing import Any

import dask

from briefing.cluster.connection import IDENTITY_ROW, resource_of, voice_resource
from briefing.cluster.identity import identity_here
from briefing.cluster.tasks import warm_up
from briefing.cluster.voices import voices_here

__all__ = ["dask_setup"]

# samples of where the worker is, taken a hundred times a second, cost more than they tell here
dask.config.set({"distributed.worker.profile.enabled": False})


def dask_setup(worker: Any) -> None:
    """Load the models and register what this worker is. Called by Dask before it registers."""
    if not hasattr(worker, "startup_information"):
        return  # a scheduler or a nanny, which speak nothing
    identity = identity_here()
    warm_up()
    names = [resource_of(identity)]
    names += [voice_resource(name, stamp) for name, stamp in sorted(voices_here().items())]
    for name in names:
        worker.state.total_resources[name] = worker.state.nthreads
        worker.state.available_resources[name] = worker.state.nthreads
    worker.startup_information[IDENTITY_ROW] = lambda _: identity.as_row()
