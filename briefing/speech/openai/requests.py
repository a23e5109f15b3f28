"""The text of one request to the server's answer, by HTTP; or why there is none.

http.client is enough here, and its answers hold no surprise: it follows no redirect, reads no
credentials file, asks no proxy by itself and unpacks nothing.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from briefing.speech.online.connections import connect, proxy_url, run_within
from briefing.speech.online.failures import (
    NETWORK_ADVICE,
    PROXY_LOGIN_ADVICE,
    TOO_MANY,
    RequestError,
    Status,
    explain_status,
)
from briefing.speech.openai.server import Server

__all__ = ["Order", "fetch_sound"]

_BLOCK_BYTES = 1 << 16
_LONGEST_COMPLAINT = 1 << 16
"""Bytes of an error's body that are read, to find its code."""
_CODE = re.compile(r"[a-z][a-z_]{2,40}")
_NO_CREDIT = "insufficient_quota"
_KEPT = "sentences already fetched are kept"
_SETTINGS = "check voices.openai.url, model and voice"
_STATUSES = {
    404: Status("the server has no such address, model or voice", _SETTINGS),
    405: Status("the server does not speak at this address", _SETTINGS),
    407: Status("the proxy wants a login", PROXY_LOGIN_ADVICE),
    413: Status("the text is too long for the server", "lower voices.openai.longest_request"),
    TOO_MANY: Status("the server takes no more requests for now", f"build again later: {_KEPT}"),
}
_REFUSAL = Status("the server does not accept the request", _SETTINGS)
_OUTAGE = Status("the server fails", f"see what it logs, then build again: {_KEPT}")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the server, beside the text. Its repr leaves out the key."""

    model: str
    voice: str
    speed: float
    key: str = ""
    key_variable: str = ""
    """The environment variable that the key is from, for messages."""

    def __repr__(self) -> str:
        return f"Order({self.model!r}, {self.voice!r}, {self.speed!r})"

    def headers(self) -> Mapping[str, str]:
        """Return the headers of a request."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "audio/wav",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "briefing",
        }
        return {**headers, "Authorization": f"Bearer {self.key}"} if self.key else headers

    def body(self, text: str) -> bytes:
        """Return a request's body."""
        fields: dict[str, Any] = {
            "model": self.model,
            "input": text,
            "voice": self.voice,
            "response_format": "wav",
        }
        if self.speed != 1.0:
            fields["speed"] = self.speed
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def fetch_sound(
    text: str,
    server: Server,
    order: Order,
    *,
    timeout_s: float,
    largest_bytes: int,
    check: Callable[[], None] = lambda: None,
) -> bytes:
    """Request the sound of a text; return the bytes unchecked.

    timeout_s: for the whole answer. largest_bytes: more than that ends it. check: called often
    while waiting; an exception from it ends the wait. Raise RequestError if no sound comes.
    """
    sockets: list[socket.socket] = []
    end = time.monotonic() + timeout_s

    def request() -> bytes:
        with closing(_open(server, timeout_s)) as connection:
            sockets.append(connection.sock)
            connection.request("POST", server.path, order.body(text), order.headers())
            with closing(connection.getresponse()) as response:
                if response.status != http.HTTPStatus.OK:
                    raise _explain_refusal(response, order, end)
                return _read(response, largest_bytes, end)

    try:
        sound = run_within(request, timeout_s, check)
    except TimeoutError:
        sound = None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _explain_connection_error(error) from None
    finally:
        for each in sockets:
            with suppress(OSError):  # if the thread still waits for it: let the server stop, too
                each.shutdown(socket.SHUT_RDWR)
    if sound is None:
        raise RequestError(
            f"no whole answer within {timeout_s:g} s",
            advice="raise voices.openai.timeout_s if the server is slow",
        )
    return sound


def _open(server: Server, timeout_s: float) -> http.client.HTTPConnection:
    proxy = proxy_url(server.address)
    if proxy and not proxy.startswith("http://"):
        raise ValueError("only http proxies make a tunnel here")
    connection = connect(server.address, timeout_s)
    if server.address.scheme == "https":
        try:
            connection.sock = _tls().wrap_socket(
                connection.sock, server_hostname=server.address.host
            )
        except BaseException:
            connection.close()
            raise
    return connection


def _tls() -> ssl.SSLContext:
    """Return what trusts the system's authorities, and Mozilla's where they are installed."""
    context = ssl.create_default_context()
    with suppress(ImportError, OSError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _read(response: http.client.HTTPResponse, largest_bytes: int, end: float) -> bytes:
    """Return the whole body. Raise TimeoutError at `end`, RequestError if it is too large or cut.

    end: on the monotonic clock, seconds.
    """
    body = bytearray()
    while block := response.read1(_BLOCK_BYTES):
        body += block
        if len(body) > largest_bytes:
            raise RequestError(
                f"the sound is too long: more than {len(body):,} bytes",
                advice="build again later",
            )
        if time.monotonic() > end:
            raise TimeoutError
    if response.length:  # bytes that were announced and did not come
        raise RequestError("the sound is cut short", advice=NETWORK_ADVICE)
    return bytes(body)


def _explain_refusal(response: http.client.HTTPResponse, order: Order, end: float) -> RequestError:
    """Return what a status other than 200 means."""
    code = response.status
    if code < 400:
        reason = "sends to another address" if code >= 300 else "answers without a sound"
        return RequestError(
            f"the server {reason} ({code})", max_tries=1, advice="correct voices.openai.url"
        )
    complaint = _error_code(response, order, end)
    if complaint == _NO_CREDIT:
        return RequestError(
            f"the account has no credit left ({code} {complaint})",
            max_tries=1,
            advice="look at the account of the server's provider",
        )
    variable = order.key_variable
    advice = (
        f"check the environment variable {variable}"
        if variable
        else "name the environment variable that holds the key in voices.openai.key_variable"
    )
    key_refusal = Status("the server refuses the key" if variable else "it wants a key", advice)
    return explain_status(
        code,
        complaint,
        response.getheader("Retry-After", ""),
        {**_STATUSES, 401: key_refusal, 403: key_refusal},
        refusal=_REFUSAL,
        outage=_OUTAGE,
    )


def _error_code(response: http.client.HTTPResponse, order: Order, end: float) -> str:
    """Return the code or the parameter that an error's body names, "" for none.

    Nothing else of the body is shown: a server may repeat the text or the key in it.
    """
    unreadable = (OSError, ValueError, TypeError, KeyError, AttributeError)
    with suppress(*unreadable, RequestError, http.client.HTTPException):
        error = json.loads(_read(response, _LONGEST_COMPLAINT, end))["error"]
        for name in ("code", "param", "type"):
            value = error.get(name)
            if isinstance(value, str) and _CODE.fullmatch(value) and value not in order.key:
                return value
    return ""


def _explain_connection_error(error: Exception) -> RequestError:
    """Return what went wrong between this machine and the server."""
    message = str(error)
    if match := re.search(r"Tunnel connection failed: (\d+)", message):
        return RequestError(
            f"the proxy does not let it through ({match[1]})",
            max_tries=None if match[1].startswith("5") else 1,
            advice=PROXY_LOGIN_ADVICE if match[1] == "407" else NETWORK_ADVICE,
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return RequestError(
            "the server's certificate is not trusted (TLS)",
            max_tries=1,
            advice="name its authority's file in SSL_CERT_FILE",
        )
    if isinstance(error, ssl.SSLError):
        return RequestError("no secure connection (TLS)", advice=NETWORK_ADVICE)
    if isinstance(error, socket.gaierror):
        return RequestError("its name is not found (DNS)", advice="check voices.openai.url")
    if isinstance(error, ConnectionRefusedError):
        return RequestError("nothing answers there", advice="is the server running?")
    if isinstance(error, http.client.IncompleteRead):
        return RequestError("the sound is cut short", advice=NETWORK_ADVICE)
    if isinstance(error, http.client.HTTPException) and not isinstance(
        error, http.client.RemoteDisconnected
    ):
        return RequestError("its answer is not HTTP", advice="check voices.openai.url")
    if isinstance(error, ValueError):
        return RequestError(
            "the proxy's address cannot be used", max_tries=1, advice="correct HTTPS_PROXY"
        )
    return RequestError("the connection is dropped", advice=NETWORK_ADVICE)
