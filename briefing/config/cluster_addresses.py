"""Where a cluster's scheduler may be, by the look of its address."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from briefing.errors import UsageError

__all__ = ["check_address"]

_SHAPE = 'write "tls://host:8786", or "tcp://127.0.0.1:8786" for a scheduler on this machine'


def check_address(address: str, shared: str, *, offline: bool = False) -> None:
    """Raise UsageError for an address that can be no scheduler's, or that may not be used.

    shared: the setting cache.shared. offline: no connection may be opened. A scheduler and its
    workers run what they are sent, so that only TLS, which proves both ends, leaves this machine.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"an address holds no user or password; {_SHAPE}")
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("tls", "tcp") or not host or not port or not is_bare:
        raise UsageError(f"{address!r} is no address of a Dask scheduler; {_SHAPE}")
    if parts.scheme == "tcp" and not _is_loopback(host):
        raise UsageError(
            f"{address}: tcp is neither encrypted nor proves who is there, and workers run what"
            f" they are sent; write tls://{host}:{port} and set up TLS (docs/cluster.md)"
        )
    if offline:
        raise UsageError(
            "offline = true opens no connection to a cluster; leave cluster.address out, or set"
            " offline = false"
        )
    if not shared:
        raise UsageError(
            "workers give their clips back through cache.shared, which is not set; write under"
            ' [cache]: shared = "s3://bucket/prefix", or, where all workers run on this machine,'
            ' shared = "file:///folder"'
        )


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine by its name alone; nothing is looked up.

    >>> _is_loopback("127.0.0.1"), _is_loopback("::1"), _is_loopback("10.0.0.1")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
