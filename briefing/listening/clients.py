"""Whether a client is this machine or another one in the network."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

__all__ = ["is_this_machine"]


def is_this_machine(request: HTTPConnection) -> bool:
    """Return whether a request comes from this machine itself and not through a proxy on it.

    Other machines learn that a build failed, but not why. A proxy is recognised by a header that
    proxies add, by the host name in the request, or by HTTP 1.0, which no browser uses.
    """
    headers = request.headers
    if request.scope.get("http_version") == "1.0" or any(map(_is_added_by_a_proxy, headers)):
        return False
    client = request.client.host if request.client else ""
    return _is_loopback_address(client) and _is_loopback(headers.get("host", ""))


def _is_added_by_a_proxy(header: str) -> bool:
    return header in ("forwarded", "via", "x-real-ip") or header.startswith("x-forwarded")


def _is_loopback(host: str) -> bool:
    """Return whether a Host header names this machine.

    >>> [_is_loopback(host) for host in ("localhost:8642", "[::1]", "127.0.0.1:80", "example.org")]
    [True, True, True, False]
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback_address(name)


def _is_loopback_address(text: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(text).is_loopback
    return False
