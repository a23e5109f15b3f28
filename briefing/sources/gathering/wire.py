"""A request to one IP address -> the head of the answer and its blocks, bounded in time and size.

Each wait for bytes ends with the request's deadline, whatever the server sends meanwhile: a head
that drips, a body that drips, a handshake that never ends. No name is looked up here: who connects
decides before which address it is.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from briefing.errors import SourceError
from briefing.proxies import proxy_login
from briefing.sources.gathering.addresses import WebAddress
from briefing.sources.gathering.inflating import CUT

__all__ = ["Deadline", "Head", "Limits", "Route", "Unreachable", "exchange"]

_BLOCK_BYTES = 1 << 16
_HEAD_BYTES = 1 << 18
"""What the head of an answer and the frames of its chunks may take beside the body."""
_MOST_TRIES = 4
"""Addresses of a host that are tried."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a fetch may take, and how much it may bring."""

    silence_s: float = 10.0
    """For a connection, and between two bytes."""
    total_s: float = 30.0
    """For all hops together, from the first look for the address to the last byte."""
    body_bytes: int = 5_000_000
    """After inflating."""
    hops: int = 5
    """Redirects."""


class Unreachable(SourceError):
    """No answer came: the fault is the network's, the host's or its certificate's, and may pass."""


class Deadline:
    """The time that is left for a fetch; it does not run while the fetch waits for its turn."""

    def __init__(self, limits: Limits) -> None:
        self._silence_s = limits.silence_s
        self._left_s = limits.total_s
        self._since: float | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the time run."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._left_s = self._left()
            self._since = None

    def _left(self) -> float:
        return self._left_s - (time.monotonic() - self._since if self._since is not None else 0.0)

    def wait_s(self) -> float:
        """Return how long to wait for the next byte. Raise TimeoutError if no time is left."""
        left = self._left()
        if left <= 0:
            raise TimeoutError("it takes too long")
        return min(self._silence_s, left)


@dataclass(frozen=True, slots=True)
class Route:
    """How a server is reached: by one of its IP addresses, or by a proxy."""

    addresses: Sequence[str] = ()
    proxy: str = ""
    """The proxy's address, "" for none."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case; the first of each."""


class _BoundedReader(io.RawIOBase):
    """Bytes of a socket, until the deadline and up to a number."""

    def __init__(self, stream: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        self._stream, self._deadline, self._left = stream, deadline, most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._stream.settimeout(self._deadline.wait_s())
        count = self._stream.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise SourceError("the answer is longer than it may be")
        return count


class _BoundedSocket:
    """What `http.client` takes for a socket."""

    def __init__(self, stream: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        self.stream = stream
        self._deadline = deadline
        self._reader = _BoundedReader(stream, deadline, most_bytes)

    def sendall(self, data: bytes) -> None:
        self.stream.settimeout(self._deadline.wait_s())
        self.stream.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(self._reader)

    def close(self) -> None:
        """Leave it to `exchange` to close the connection."""


@contextmanager
def exchange(
    address: WebAddress,
    route: Route,
    headers: Mapping[str, str],
    deadline: Deadline,
    limits: Limits,
    context: ssl.SSLContext,
) -> Iterator[tuple[Head, Iterator[bytes]]]:
    """Send a request; yield the head of its answer, and what yields the blocks of its body.

    Raise SourceError, of which `Unreachable` where no answer came.
    """
    stream: socket.socket | None = None
    answer: http.client.HTTPResponse | None = None
    try:
        with _as_source_errors(address):
            stream = _connect(address, route, deadline)
            if address.scheme == "https":
                stream = _secure(stream, address, route, deadline, context)
            connection = http.client.HTTPConnection(address.host, address.port)
            bounded = _BoundedSocket(stream, deadline, limits.body_bytes + _HEAD_BYTES)
            connection.sock = bounded
            by_proxy = route.proxy and address.scheme == "http"
            more = proxy_login(route.proxy) if by_proxy else {}
            target = str(address) if by_proxy else address.target
            _send(connection, target, {"Host": address.authority, **headers, **more})
            answer = connection.getresponse()
            head = Head(answer.status, _headers(answer))
        yield head, _blocks(answer, address)
    finally:
        if answer is not None:
            answer.close()
        if stream is not None:
            stream.close()


def _send(connection: http.client.HTTPConnection, target: str, headers: Mapping[str, str]) -> None:
    connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("Connection", "close")
    connection.endheaders()


def _headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in answer.getheaders():
        headers.setdefault(name.lower(), value)
    return headers


def _blocks(answer: http.client.HTTPResponse, address: WebAddress) -> Iterator[bytes]:
    """Yield the body. Raise SourceError if it ends before all has come."""
    announced = answer.length
    count = 0
    with _as_source_errors(address):
        while block := answer.read(_BLOCK_BYTES):
            count += len(block)
            yield block
    if announced is not None and count < announced:
        raise Unreachable(CUT)


def _connect(address: WebAddress, route: Route, deadline: Deadline) -> socket.socket:
    """Open a connection to the server or the proxy. Raise OSError."""
    if route.proxy:
        parts = urlsplit(route.proxy)
        if parts.scheme != "http":
            raise Unreachable(f"a proxy of kind {parts.scheme}:// cannot be used; use http://")
        target = (parts.hostname or "", parts.port or 80)
        try:
            return socket.create_connection(target, deadline.wait_s())
        except OSError:
            raise Unreachable("the proxy does not answer; look at HTTPS_PROXY") from None
    failure: OSError | None = None
    for ip in route.addresses[:_MOST_TRIES]:
        try:
            return socket.create_connection((ip, address.port), deadline.wait_s())
        except OSError as error:
            failure = error
    raise failure or OSError("it has no address")


def _secure(
    stream: socket.socket,
    address: WebAddress,
    route: Route,
    deadline: Deadline,
    context: ssl.SSLContext,
) -> socket.socket:
    """Return the connection with TLS, through the proxy's tunnel if there is one."""
    try:
        if route.proxy:
            _open_tunnel(stream, address, route.proxy, deadline)
        stream.settimeout(deadline.wait_s())
        return context.wrap_socket(stream, server_hostname=address.host)
    except BaseException:
        stream.close()
        raise


def _open_tunnel(
    stream: socket.socket, address: WebAddress, proxy: str, deadline: Deadline
) -> None:
    """Ask a proxy for a tunnel (RFC 9110, 9.3.6)."""
    bounded = _BoundedSocket(stream, deadline, _HEAD_BYTES)
    host = f"[{address.host}]" if ":" in address.host else address.host
    name = f"{host}:{address.port}"
    lines = [f"CONNECT {name} HTTP/1.1", f"Host: {name}"]
    lines += [f"{header}: {value}" for header, value in proxy_login(proxy).items()]
    bounded.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    answer = http.client.HTTPResponse(bounded, method="CONNECT")  # type: ignore[arg-type]
    try:
        answer.begin()
        status = answer.status
    finally:
        answer.close()
    if status != http.HTTPStatus.OK:
        raise Unreachable(f"the proxy refuses (status {status})")


@contextmanager
def _as_source_errors(address: WebAddress) -> Iterator[None]:
    """Turn what the network raises into a reason for the user, without path or query."""
    try:
        yield
    except SourceError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            f"the certificate of {address.host} is not trusted: {error.verify_message}"
        ) from None
    except ssl.SSLError as error:
        raise Unreachable(f"no secure connection to {address.host}: {error.reason}") from None
    except TimeoutError:
        raise Unreachable(f"{address.host} does not answer in time") from None
    except http.client.IncompleteRead:
        raise Unreachable(CUT) from None
    except (http.client.HTTPException, ValueError):
        raise Unreachable(f"{address.host} does not answer as a web server does") from None
    except OSError as error:
        reason = error.strerror or "no connection"
        raise Unreachable(f"{address.host} cannot be reached: {reason}") from None
