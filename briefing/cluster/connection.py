"""One connection to a cluster's scheduler, and orders to those of its workers that match.

A worker that matches has registered this process's identity as a Dask resource, and every order
asks for it: the scheduler itself gives an order to no other worker, also to none that comes later.
What is sent is the order's JSON and the name of one function; what comes back is that it has ended,
or why it failed.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from briefing.cluster.identity import Identity, identity_here
from briefing.cluster.tasks import OrderFailed, carry_out_order
from briefing.errors import BriefingError

__all__ = [
    "IDENTITY_ROW",
    "ClusterError",
    "ClusterGone",
    "Connection",
    "Task",
    "WorkerState",
    "connect",
    "load_client",
    "resource_of",
    "voice_resource",
]

IDENTITY_ROW = "briefing"
"""Under this name a worker tells the scheduler what it is, when it registers."""
_LOOK_EVERY_S = 5.0
"""So often a build that waits for a clip sees whether workers are left."""
_ANSWER_S = 30.0
"""A scheduler that answers nothing for so long is gone: it is asked for small facts only."""
_SHORTEST_CONNECT_S = 5.0
_POLL_S = 0.2
_MOST_TRIES = 2
"""Of an order that fails on a worker: another may have what it lacks, such as room on its disk."""
_NO_TLS_FILES = "there are no TLS files; name them in Dask's settings (docs/cluster.md)"
_NOISY_LOGGERS = ("distributed", "asyncio", "tornado")


class ClusterError(BriefingError):
    """The cluster cannot be used, or one order was not carried out there."""


class ClusterGone(ClusterError):
    """The scheduler or the last worker that matches is gone: nothing more comes from there."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker as the scheduler lists it."""

    address: str
    differences: Sequence[str]
    """What it has otherwise than this machine; () if it matches."""

    @property
    def matches(self) -> bool:
        """Whether it gets orders."""
        return not self.differences


def resource_of(identity: Identity) -> str:
    """Return the name of the Dask resource that a worker of this identity has."""
    return f"briefing-{identity.digest}"


def voice_resource(name: str, stamp: str) -> str:
    """Return the name of the resource of a worker with a voice that is not ours, in one version.

    stamp: the digest of a neural voice's model, or the version of the package that has the voice.
    """
    return f"briefing-voice-{name}-{stamp}"


@dataclass(slots=True)
class Task:
    """An order that was sent."""

    connection: Connection
    name: str
    arguments: Sequence[str]
    needs: Mapping[str, str]
    future: Any
    tries: int = 1

    def wait(self) -> None:
        """Wait until a worker has carried the order out.

        Raise ClusterError where it failed there, ClusterGone where nothing more will come.
        """
        while True:
            try:
                return self.connection.wait_for(self.future)
            except OrderFailed as error:
                self.connection.leave_out(error.worker, error.reason)
                if self.tries == _MOST_TRIES:
                    raise ClusterError(f"{error.worker}: {error.reason}") from None
            self.tries += 1
            name = f"{self.name}-{self.tries}"
            self.future = self.connection.submit(name, self.arguments, self.needs).future

    def cancel(self) -> None:
        """Withdraw the order, if nobody else waits for it."""
        with suppress(Exception):
            self.future.release()


class Connection:
    """A client of the scheduler. Once it has ended, every later order fails at once."""

    def __init__(self, address: str, wait_s: float) -> None:
        """wait_s: for the scheduler, and for a worker that matches. Raise ClusterGone."""
        self._address = address
        self._wait_s = wait_s
        self._end_reason = ""
        """Why nothing more comes from there."""
        self._left_out: dict[str, str] = {}
        """Workers on which an order failed, and why: who fails fast would be given most orders."""
        self._client = _client(address, max(wait_s, _SHORTEST_CONNECT_S))

    def workers(self, needs: Mapping[str, str] | None = None) -> list[WorkerState]:
        """Return the state of each worker. Raise ClusterGone.

        needs: the resources that an order's voice asks for, each with what to say of a worker
        without it.
        """
        info = self._ask()
        identity = identity_here()
        states = []
        for address, row in sorted(info.get("workers", {}).items()):
            resources = row.get("resources") or {}
            differences = []
            if resource_of(identity) not in resources:
                row_differences = identity.differences(row.get(IDENTITY_ROW))
                differences = row_differences or ["it did not load its models; see its log"]
            differences += [
                text for resource, text in (needs or {}).items() if resource not in resources
            ]
            states.append(WorkerState(address, tuple(differences)))
        return states

    def wait_for_workers(self, needs: Mapping[str, str] | None = None) -> int:
        """Wait until a worker matches; return how many do. Raise ClusterGone after wait_s."""
        deadline = time.monotonic() + self._wait_s
        while True:
            states = self.workers(needs)
            if matching := sum(state.matches for state in states):
                return matching
            if time.monotonic() >= deadline:
                raise self._end(_no_match(self._address, states))
            time.sleep(_POLL_S)

    def submit(self, name: str, arguments: Sequence[str], needs: Mapping[str, str]) -> Task:
        """Send an order to the workers that match. Raise ClusterGone.

        name: the digest of the order. arguments: of `carry_out_order`. needs: see `workers`.
        """
        if self._end_reason:
            raise ClusterGone(self._end_reason)
        resources = {resource_of(identity_here()): 1, **dict.fromkeys(needs, 1)}
        allowed = None
        if self._left_out:
            matching = [state.address for state in self.workers(needs) if state.matches]
            allowed = [address for address in matching if address not in self._left_out]
            if not allowed:
                why = next(reversed(self._left_out.values()))
                raise self._end(
                    f"{self._address}: orders failed on every worker that matches: {why}"
                )
        try:
            future = self._client.submit(
                carry_out_order,
                *arguments,
                key=f"briefing-{name}",
                resources=resources,
                workers=allowed,
                pure=False,
            )
        except Exception as error:  # Dask raises what its libraries raise
            raise self._end(f"{self._address}: {_reason(error)}") from error
        return Task(self, name, arguments, needs, future)

    def leave_out(self, worker: str, why: str) -> None:
        """Send a worker no more orders of this process. why: what failed there."""
        self._left_out[worker] = why

    def wait_for(self, future: Any) -> None:
        """Wait until an order has ended. Raise OrderFailed, ClusterError or ClusterGone."""
        from concurrent.futures import CancelledError

        import distributed

        wait: Any = distributed.wait
        since: float | None = None
        while not self._end_reason:
            try:
                # the scheduler has told that it has ended: nothing is fetched from the worker
                if future.status != "finished":
                    with self._client.as_current():
                        wait(future, timeout=_LOOK_EVERY_S)
                if future.status == "finished":
                    return
                if future.status == "error":
                    raise future.exception(timeout=_ANSWER_S)
            except TimeoutError:
                since = self._look(since)
            except CancelledError:
                raise self._end(f"{self._address}: the scheduler is gone") from None
            except OrderFailed:
                raise
            except Exception as error:
                raise ClusterError(f"{self._address}: {_reason(error)}") from error
        raise ClusterGone(self._end_reason)

    def count_workers(self, tasks: Sequence[Task]) -> int:
        """Return how many workers have carried out tasks that have ended."""
        if not tasks:
            return 0
        workers: set[str] = set()
        with suppress(Exception):  # it is gone: nobody knows any more
            holders: Mapping[str, Sequence[str]] = self._client.sync(
                self._client.scheduler.who_has,
                keys=[task.future.key for task in tasks],
                callback_timeout=_ANSWER_S,
            )
            workers.update(*holders.values())
        return max(1, len(workers))

    def close(self) -> None:
        """End the connection; what was sent and is not done yet is given up."""
        self._end_reason = self._end_reason or f"{self._address}: the connection is closed"
        with suppress(Exception):
            self._client.close(timeout=2)

    def _look(self, since: float | None) -> float | None:
        """See whether workers are left; return since when there is none, None if there is one.

        Raise ClusterGone if there was none for wait_s.
        """
        states = self.workers()
        if any(state.matches for state in states):
            return None
        now = time.monotonic()
        since = now if since is None else since
        if now - since >= self._wait_s:
            raise self._end(_no_match(self._address, states))
        return since

    def _ask(self) -> Mapping[str, Any]:
        """Return what the scheduler says of itself and its workers. Raise ClusterGone."""
        if self._end_reason:
            raise ClusterGone(self._end_reason)
        client = self._client
        try:
            info: Mapping[str, Any] = client.sync(
                client.scheduler.identity, n_workers=-1, callback_timeout=_ANSWER_S
            )
        except Exception as error:
            raise self._end(f"{self._address}: the scheduler is gone: {_reason(error)}") from error
        return info

    def _end(self, reason: str) -> ClusterGone:
        self._end_reason = self._end_reason or reason
        return ClusterGone(self._end_reason)


_failures: dict[str, str] = {}
"""Schedulers that could not be reached by this process: it does not wait for each build again."""


@cache
def _connection(address: str, wait_s: float, process: int) -> Connection:
    return Connection(address, wait_s)


def connect(address: str, wait_s: float) -> Connection:
    """Return this process's connection to a scheduler. Raise ClusterGone if there is none."""
    if address in _failures:
        raise ClusterGone(_failures[address])
    try:
        return _connection(address, wait_s, os.getpid())
    except ClusterGone as error:
        _failures[address] = str(error)
        raise


def load_client() -> None:
    """Import Dask, if it is installed, for all processes that are forked after this.

    It is 0.35 s of work in each process that does it by itself, and starts no thread.
    """
    with suppress(ImportError):
        import dask
        import distributed

        _ = (dask, distributed)
        _quieten()


def _client(address: str, timeout_s: float) -> Any:
    """Return a client. Its TLS files are those of Dask's own settings. Raise ClusterGone."""
    try:
        import dask
        import distributed
    except ImportError:
        raise ClusterGone(
            f"{address}: a cluster needs an extra: python3 -m pip install 'briefing[cluster]'"
        ) from None
    _quieten()
    quiet = {"distributed.client.scheduler-info-interval": "60s"}
    try:
        library: Any = distributed
        security = library.Security()
        if address.startswith("tls:") and not security.get_connection_args("client")["ssl_context"]:
            raise ClusterGone(f"{address}: {_NO_TLS_FILES}")
        with dask.config.set(quiet), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: the identities tell, and refuse
            return library.Client(
                address,
                timeout=timeout_s,
                security=security,
                set_as_default=False,
                name="briefing",
            )
    except ClusterGone:
        raise
    except Exception as error:  # Dask raises what its libraries raise
        raise ClusterGone(f"{address}: {_reason(error)}") from error


def _quieten() -> None:
    """Keep Dask's log of this process off the terminal: what matters is told by the build."""
    for name in [*logging.root.manager.loggerDict, *_NOISY_LOGGERS]:
        if name.partition(".")[0] in _NOISY_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _no_match(address: str, states: Sequence[WorkerState]) -> str:
    if not states:
        return f"{address}: the scheduler has no workers"
    first = states[0]
    more = f", and {len(states) - 1} more" if len(states) > 1 else ""
    return f"{address}: no worker matches: {first.address}: {'; '.join(first.differences)}{more}"


def _reason(error: BaseException) -> str:
    """Return what failed in one line."""
    text = " ".join(str(error).split())
    if isinstance(error, FileNotFoundError):
        return f"a file of Dask's TLS settings is missing: {error.filename or text}"
    if "certificate" in text.lower() or "ssl" in text.lower():
        return f"TLS: {text[:200]}"
    if isinstance(error, OSError | TimeoutError):
        return "the scheduler does not answer; see that it runs"
    return f"{type(error).__name__}: {text[:200]}"
