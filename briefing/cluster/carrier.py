"""The orders of one build, sent to the workers of a cluster.

Whatever fails there is told once, and then spoken by the build itself: a cluster makes an edition
sooner, and never another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.cluster.connection import ClusterError, ClusterGone, Connection, Task, connect

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.orders.order import Order
    from briefing.speech.voice import Voice

__all__ = ["ClusterCarrier", "carrier_of"]


class ClusterCarrier:
    """Has orders carried out by a cluster. The connection is opened with the first order."""

    def __init__(
        self,
        address: str,
        wait_s: float,
        shared: str,
        needs: Mapping[str, str],
        warn: Callable[[str], None],
    ) -> None:
        """wait_s: for the scheduler and a worker that matches. shared: the shared store's address.

        needs: what workers need besides the identity, see `needs_of`. warn: receives what fails.
        """
        self._address = address
        self._wait_s = wait_s
        self._shared = shared
        self._needs = needs
        self._warn = warn
        self._connection: Connection | None = None
        self._warnings: set[str] = set()
        self._ended: list[Task] = []

    @property
    def workers(self) -> int:
        """How many workers have carried out orders of this build."""
        return self._connection.count_workers(self._ended) if self._connection else 0

    def send(self, order: Order) -> Sent:
        """Send an order; what fails is raised where its end is awaited."""
        try:
            if self._connection is None:
                self._connection = connect(self._address, self._wait_s)
                self._connection.wait_for_workers(self._needs)
            arguments = (order.packed.decode(), self._shared)
            return Sent(self, self._connection.submit(order.digest, arguments, self._needs))
        except ClusterGone as error:
            self.tell(error)
            return Sent(self, error)

    def count(self, task: Task) -> None:
        """Count a task that has ended well."""
        self._ended.append(task)

    def tell(self, error: ClusterError) -> None:
        """Warn of what failed, of each reason once."""
        if str(error) not in self._warnings:
            self._warnings.add(str(error))
            is_gone = isinstance(error, ClusterGone)
            outcome = "the build goes on" if is_gone else "its text is spoken"
            self._warn(f"cluster {error}; {outcome} on this machine")


@dataclass(frozen=True, slots=True)
class Sent:
    """An order that was sent, or why it was not."""

    carrier: ClusterCarrier
    outcome: Task | ClusterError

    def wait(self) -> None:
        """Wait until the order's object is in the shared store. Raise ClusterError."""
        if isinstance(self.outcome, ClusterError):
            raise self.outcome
        try:
            self.outcome.wait()
        except ClusterError as error:
            self.carrier.tell(error)
            raise
        self.carrier.count(self.outcome)


def carrier_of(config: Config, voice: Voice, warn: Callable[[str], None]) -> ClusterCarrier | None:
    """Return the carrier of a build, None without a cluster and for a voice that stays here.

    A voice that waits for a service is throttled in one process, so it speaks here.
    """
    if not config.cluster.address or voice.online or voice.concurrency != "processes":
        return None
    from briefing.cluster.voices import needs_of
    from briefing.speech.voices import settings_of

    needs = needs_of(voice.name, settings_of(config, voice.name))
    cluster = config.cluster
    return ClusterCarrier(cluster.address, cluster.wait_s, config.cache.shared, needs, warn)
