"""Addresses on the web -> whether they may be asked: scheme, port, host and what it resolves to.

A feed is written by a stranger: its links and redirects must not reach what only this machine or
its network can reach (server-side request forgery; OWASP, "SSRF Prevention Cheat Sheet").
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from urllib.parse import quote, urlsplit

from briefing.errors import SourceError

__all__ = ["Resolver", "Scope", "WebAddress", "parse", "resolve", "scope_of"]

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port -> the IP addresses, as texts. Raises OSError."""

_PORTS = frozenset({80, 443, 8000, 8008, 8080, 8443})
"""Of web servers. A redirect or a link to another port may be meant for another kind of server."""
_LONGEST = 2_000
"""Characters of an address, as browsers and sitemaps have it."""
_NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?\.?")


class Scope(IntEnum):
    """Who can reach an IP address."""

    PUBLIC = 0
    PRIVATE = 1
    """A network of one's own: RFC 1918, RFC 4193, carriers' RFC 6598, and what is reserved."""
    LOOPBACK = 2
    """This machine."""
    NEVER = 3
    """No web server of anybody: link-local (where clouds keep their secrets), multicast,
    unspecified; and IPv6 addresses that hide an IPv4 address."""


_HIDING_NETWORKS = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "::/96",  # IPv4-compatible
            "::ffff:0:0/96",  # IPv4-mapped
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",  # NAT64 of a network of one's own
            "2001::/32",  # Teredo
            "2002::/16",  # 6to4
        ),
    )
)
_UNSPECIFIED_NETWORK = ipaddress.IPv4Network("0.0.0.0/8")
_CARRIER_NETWORK = ipaddress.IPv4Network("100.64.0.0/10")


def scope_of(address: str) -> Scope:
    """Return who can reach an IP address.

    >>> [scope_of(text).name for text in ("8.8.8.8", "10.0.0.1", "127.0.0.1", "169.254.169.254")]
    ['PUBLIC', 'PRIVATE', 'LOOPBACK', 'NEVER']
    >>> [scope_of(text).name for text in ("::1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "fe80::1%1")]
    ['LOOPBACK', 'NEVER', 'NEVER', 'NEVER']
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return Scope.NEVER
    if parsed.is_loopback:
        return Scope.LOOPBACK
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.is_site_local or any(parsed in network for network in _HIDING_NETWORKS):
            return Scope.NEVER
    elif parsed in _UNSPECIFIED_NETWORK:
        return Scope.NEVER
    if parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified:
        return Scope.NEVER
    is_public = parsed.is_global and not parsed.is_reserved
    return Scope.PUBLIC if is_public and parsed not in _CARRIER_NETWORK else Scope.PRIVATE


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, in the system's order. Raise OSError."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


@dataclass(frozen=True)
class WebAddress:
    """An address that has the form of one that may be asked."""

    scheme: str
    host: str
    """In ASCII, lower case; an IPv6 address without brackets."""
    port: int
    target: str
    """Path and query, as a request has them."""

    @property
    def origin(self) -> tuple[str, int]:
        """Its host and port."""
        return self.host, self.port

    @cached_property
    def authority(self) -> str:
        """Return host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def names_this_machine(self) -> bool:
        """Whether it is plainly written that this machine is meant.

        >>> parse("http://localhost:8000/").names_this_machine
        True
        >>> parse("http://127.0.0.1.example.org/").names_this_machine
        False
        """
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def has_usual_port(self) -> bool:
        """Whether its port is one of web servers."""
        return self.port in _PORTS


def parse(url: str) -> WebAddress:
    """Return an address by its parts. Raise SourceError with the reason, without the address.

    >>> str(parse("HTTPS://Example.org/أخبار?x=1#y"))
    'https://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?x=1'
    """
    if len(url) > _LONGEST:
        raise SourceError(f"the address is longer than {_LONGEST} characters")
    if _NOT_IN_AN_ADDRESS.search(url):
        raise SourceError("the address has a character in it that an address cannot have")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SourceError("the address is none that can be read") from None
    if parts.scheme not in ("http", "https"):
        raise SourceError("the address must begin with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise SourceError("a user name or password in an address is not sent; leave it out")
    if port == 0:
        raise SourceError("the address has no port that can be asked")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    usual = 443 if parts.scheme == "https" else 80
    return WebAddress(parts.scheme, _ascii_host(host), port or usual, target)


def _ascii_host(host: str) -> str:
    """Return a host name in ASCII, an Arabic one too. Raise SourceError."""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise SourceError("the address has a host that cannot be read") from None
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    name = name.lower()
    if not _HOST.fullmatch(name) or ".." in name:
        raise SourceError("the address has a host that cannot be read")
    return name
