"""An address -> the answer of its server, however hostile the server, the names and the redirects.

Each hop's host is looked up once, its addresses are checked, and the connection goes to the address
that was checked: a name that means another machine a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar
from urllib.parse import urljoin

from briefing.errors import SourceError
from briefing.proxies import proxy_for
from briefing.sources.gathering import addresses
from briefing.sources.gathering.addresses import Resolver, Scope, WebAddress, parse, scope_of
from briefing.sources.gathering.hosts import Hosts
from briefing.sources.gathering.inflating import ACCEPTED_ENCODINGS, inflate
from briefing.sources.gathering.wire import (
    Deadline,
    Head,
    Limits,
    Route,
    Unreachable,
    exchange,
)

__all__ = ["Answer", "Fetcher", "Source"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_OK = 200
_LONGEST_HEADER = 1_000
"""Characters of a header that is kept, such as an ETag."""
_LOOK_UP_BESIDE_PROXY_S = 3.0
"""A network that has a proxy often knows no names of the world, and says so late."""
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Source:
    """An address that the user wrote into the configuration, which decides what may be reached."""

    url: str
    private_addresses: bool = False
    """Whether the user lets it be a server of a private network: `sources.private_addresses`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    address: WebAddress
    """Of the last hop."""
    moved: bool = False
    """Every hop to it said that the move is for good (301, 308)."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""
    body: bytes = b""
    """Inflated; only where the status is 200."""

    @property
    def media_type(self) -> str:
        """Return what the server says it is, such as "text/html"."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches addresses when `hosts` gives it a turn. Safe to use from several threads."""

    def __init__(
        self,
        user_agent: str,
        *,
        hosts: Hosts | None = None,
        limits: Limits | None = None,
        resolver: Resolver | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """resolver, context: who looks up names and whose certificates are trusted, for tests."""
        self._user_agent = user_agent
        self.hosts = hosts or Hosts()
        self._limits = limits or Limits()
        self._resolver = resolver or addresses.resolve
        self._given_context = context
        self._scopes: dict[str, Scope] = {}

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given_context or _default_context()

    def fetch(
        self,
        url: str,
        source: Source,
        *,
        accept: str = "*/*",
        validators: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer of a server. Raise SourceError, with a reason that names no path.

        url: the source's own, or what the source links to. validators: If-None-Match and
        If-Modified-Since, which let the server answer 304.
        """
        address = parse(url)
        deadline = Deadline(self._limits)
        headers = {
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": ACCEPTED_ENCODINGS,
            **(validators or {}),
        }
        moved = True
        for hop in range(self._limits.hops + 1):
            answer = self._hop(address, source, headers, deadline)
            if answer.status not in _REDIRECTS:
                return Answer(
                    answer.status, address, moved and hop > 0, answer.headers, answer.body
                )
            moved = moved and answer.status in _PERMANENT
            address = _next_hop(address, answer.headers.get("location", ""))
        raise SourceError(f"it leads on more than {self._limits.hops} times")

    def _hop(
        self, address: WebAddress, source: Source, headers: Mapping[str, str], deadline: Deadline
    ) -> Answer:
        with self.hosts.turn(address.host), deadline.running():
            route = self._route(address, source, deadline)
            with exchange(address, route, headers, deadline, self._limits, self._context) as (
                head,
                blocks,
            ):
                body = b""
                if head.status == _OK:
                    _check_length(head, self._limits)
                    encoding = head.headers.get("content-encoding", "")
                    body = inflate(blocks, encoding, self._limits.body_bytes)
                short = {
                    name: value
                    for name, value in head.headers.items()
                    if len(value) <= _LONGEST_HEADER or name == "location"
                }
                return Answer(head.status, address, headers=short, body=body)

    def _route(self, address: WebAddress, source: Source, deadline: Deadline) -> Route:
        """Return how a host is reached. Raise SourceError if it may not be."""
        configured = parse(source.url)
        is_own = address.origin == configured.origin
        if not (is_own or address.has_usual_port):
            raise SourceError(f"it leads to port {address.port}, which is none of web servers")
        proxy = self._proxy(address)
        most_s = _LOOK_UP_BESIDE_PROXY_S if proxy else self._limits.silence_s
        try:
            ips = self._look_up(address, min(most_s, deadline.wait_s()))
        except Unreachable:
            if not proxy:
                raise
            return Route(proxy=proxy)  # whose network knows names that this one does not
        scope = max(map(scope_of, ips))
        if not self._may_reach(scope, address, source, configured, deadline):
            raise SourceError(_refusal(address, scope, is_own=is_own))
        return Route(ips, proxy)

    def _may_reach(
        self,
        scope: Scope,
        address: WebAddress,
        source: Source,
        configured: WebAddress,
        deadline: Deadline,
    ) -> bool:
        if scope in (Scope.PUBLIC, Scope.NEVER):
            return scope == Scope.PUBLIC
        is_own = address.origin == configured.origin
        if scope == Scope.LOOPBACK and is_own and configured.names_this_machine:
            return True
        # a public server does not lead into a private network
        return source.private_addresses and (
            is_own or self._scope(configured, deadline) in (Scope.PRIVATE, Scope.LOOPBACK)
        )

    def _scope(self, configured: WebAddress, deadline: Deadline) -> Scope:
        if configured.host not in self._scopes:
            ips = self._look_up(configured, deadline.wait_s())
            self._scopes[configured.host] = max(map(scope_of, ips))
        return self._scopes[configured.host]

    def _look_up(self, address: WebAddress, timeout_s: float) -> Sequence[str]:
        """Return the IP addresses of a host, at least one. Raise Unreachable."""

        def look_up() -> Sequence[str]:
            return self._resolver(address.host, address.port)

        try:
            ips = _run_within(look_up, timeout_s)
        except (OSError, UnicodeError):
            raise Unreachable(f"there is no host {address.host}, or no network") from None
        if not ips:
            raise Unreachable(f"there is no host {address.host}, or no network")
        return ips

    def _proxy(self, address: WebAddress) -> str:
        if address.names_this_machine:
            return ""
        try:
            return proxy_for(address.scheme, address.host) or ""
        except ValueError:
            raise Unreachable("the proxy's address cannot be used; correct HTTPS_PROXY") from None


def _next_hop(address: WebAddress, location: str) -> WebAddress:
    """Return where a redirect leads. Raise SourceError."""
    if not location:
        raise SourceError("it leads on without saying where")
    with suppress(UnicodeError):
        # header bytes are read as Latin-1, and many servers write UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        target = parse(urljoin(str(address), location.strip()))
    except ValueError:
        raise SourceError("it leads to an address that cannot be read") from None
    except SourceError as error:
        raise SourceError(f"it leads elsewhere, and {error}") from None
    if address.scheme == "https" and target.scheme == "http":
        raise SourceError(f"it leads from https to http://{target.host}, which is not protected")
    return target


def _refusal(address: WebAddress, scope: Scope, *, is_own: bool) -> str:
    where = {
        Scope.PRIVATE: "a private network",
        Scope.LOOPBACK: "this machine",
        Scope.NEVER: "an address that no web server has",
    }[scope]
    if not is_own:
        return f"it leads to {address.host}, which is {where}"
    if scope == Scope.NEVER:
        return f"{address.host} is {where}"
    return f"{address.host} is {where}; if it is yours, set sources.private_addresses = true"


def _check_length(head: Head, limits: Limits) -> None:
    """Raise SourceError at once if more is announced than may come."""
    length = head.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limits.body_bytes:
        raise SourceError(f"the answer is longer than {limits.body_bytes / 1e6:g} MB")


def _default_context() -> ssl.SSLContext:
    """Return whose certificates are trusted: the system's; where it has none, those of requests."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None and paths.capath is None and not context.get_ca_certs():
        import requests

        context.load_verify_locations(requests.certs.where())
    return context


def _run_within(work: Callable[[], _Result], timeout_s: float) -> _Result:
    """Return what `work` returns. Raise TimeoutError if it takes longer: it cannot be ended."""
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="look-up")
    thread.start()
    thread.join(timeout_s)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("no answer in time")
    return results[0]
