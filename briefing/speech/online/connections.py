"""Waits and connections that end in time: to a service directly, or through the user's proxy."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from briefing.proxies import proxy_for, proxy_login

if TYPE_CHECKING:
    import http.client

__all__ = ["Address", "connect", "connection_problem", "proxy_url", "run_within"]

_CHECK_INTERVAL_S = 0.05
"""How often a wait calls its `check`."""
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service answers."""

    host: str
    port: int = 443
    scheme: str = "https"

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, by its loopback address or the name localhost.

        >>> Address("127.0.0.1").is_loopback, Address("127.0.0.1.example.org").is_loopback
        (True, False)
        """
        import ipaddress

        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def run_within(
    work: Callable[[], _Result], timeout_s: float, check: Callable[[], None] = lambda: None
) -> _Result | None:
    """Run `work` in a thread; return its result, or None if it takes longer than timeout_s.

    check: called often while waiting. Exceptions from `work` and from `check` are raised here.
    """
    results: list[_Result] = []
    errors: list[BaseException] = []
    finished = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            finished.set()

    threading.Thread(target=run, daemon=True, name="online-request").start()
    end = time.monotonic() + timeout_s
    while not finished.wait(max(0.0, min(_CHECK_INTERVAL_S, end - time.monotonic()))):
        check()
        if time.monotonic() >= end:
            return None
    if errors:
        raise errors[0]
    return results[0]


def proxy_url(address: Address) -> str | None:
    """Return the proxy that the environment names for an address, None for a direct connection.

    This machine is never asked through a proxy, which would send the text away. NO_PROXY is
    honoured. Raise ValueError for what cannot be a proxy's address.
    """
    return None if address.is_loopback else proxy_for(address.scheme, address.host)


def connect(address: Address, timeout_s: float) -> http.client.HTTPConnection:
    """Return an open connection to an address, without TLS; a proxy's tunnel where one is named.

    Raise ValueError for a proxy that cannot be one, OSError or http.client.HTTPException if there
    is no connection within timeout_s.
    """
    import http.client
    import urllib.parse

    proxy = proxy_url(address)
    if proxy is None:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=timeout_s)
    else:
        parts = urllib.parse.urlsplit(proxy)
        assert parts.hostname  # proxy_url has looked
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=timeout_s)
        if parts.scheme == "http":
            connection.set_tunnel(address.host, address.port, proxy_login(proxy))
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


def connection_problem(address: Address, timeout_s: float) -> str | None:
    """Return why a service cannot be reached now, or None if it can. This sends no text.

    It opens a connection to the server, through the environment's proxy if there is one, and
    takes at most timeout_s.
    """

    def open_and_close() -> bool:
        connect(address, timeout_s).close()
        return True

    try:
        if not run_within(open_and_close, timeout_s):
            return f"{address.host} does not answer within {timeout_s:g} s{_hint(address)}"
    except ValueError:
        return "the proxy's address cannot be used; correct HTTPS_PROXY"
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"{address.host} cannot be reached ({reason}){_hint(address)}"
    return None


def _hint(address: Address) -> str:
    if address.is_loopback:
        return f"; is the server running on port {address.port}?"
    return "; is there a network?"
