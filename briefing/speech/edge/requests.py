"""The text of one request to Microsoft's answer, by edge-tts; or why there is none.

edge-tts has no deadline for a whole answer: a connection that falls silent stays open for good, and
one that is cut ends as if the answer were whole. The deadline is kept here; whether the answer is
whole, the voice checks. HTTPS_PROXY does not hold for its wss addresses, so the proxy is handed
over. `stream_sync` hangs after an error, so `stream` is used.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from typing import Any

from briefing.speech.edge.answer import Answer, Boundary
from briefing.speech.online.connections import Address, proxy_url
from briefing.speech.online.failures import (
    NETWORK_ADVICE,
    PROXY_LOGIN_ADVICE,
    TOO_MANY,
    RequestError,
    Status,
    explain_status,
)

__all__ = ["ADDRESS", "Manner", "fetch_answer"]

ADDRESS = Address("speech.platform.bing.com")
_TICKS_PER_S = 10_000_000
"""Microsoft counts in units of 100 ns."""
_POLL_S = 0.05
"""How often a wait calls its `check`."""
_WRONG_PROXY = "the proxy's address cannot be used"
_UPGRADE = "pip install -U edge-tts"
_KEPT = "sentences already fetched are kept"
_STATUSES = {
    401: Status("Microsoft wants a login", f"upgrade: {_UPGRADE}"),
    403: Status(
        "Microsoft refuses the request's token",
        f"check this machine's clock, then upgrade: {_UPGRADE}",
        passes=True,
    ),
    404: Status("Microsoft does not speak at this address", f"upgrade: {_UPGRADE}"),
    407: Status("the proxy wants a login", PROXY_LOGIN_ADVICE),
    TOO_MANY: Status(
        "Microsoft takes no more requests from this network for now",
        f"build again in an hour: {_KEPT}",
    ),
}
_REFUSAL = Status("Microsoft refuses the request", f"upgrade: {_UPGRADE}")
_OUTAGE = Status("Microsoft's service fails", f"build again later: {_KEPT}")


@dataclass(frozen=True, slots=True)
class Manner:
    """Who speaks, and how."""

    speaker: str
    rate_percent: int
    pitch_hz: int


def fetch_answer(
    text: str,
    manner: Manner,
    *,
    timeout_s: float,
    largest_bytes: int,
    check: Callable[[], None] = lambda: None,
) -> Answer:
    """Request Microsoft's answer to a text; return it unchecked.

    timeout_s: for the whole answer. largest_bytes: more of the sound than that ends it.
    check: called often while waiting; an exception from it ends the wait. Raise RequestError if
    no sound comes.
    """
    try:
        proxy = proxy_url(ADDRESS)
    except ValueError:
        raise RequestError(_WRONG_PROXY, max_tries=1, advice="correct HTTPS_PROXY") from None
    loop = _loop_of(os.getpid())
    collecting = _collect_within(text, manner, proxy, timeout_s, largest_bytes)
    answer = asyncio.run_coroutine_threadsafe(collecting, loop)
    while True:
        try:
            concurrent.futures.wait([answer], timeout=_POLL_S)
            check()
        except BaseException:
            answer.cancel()
            raise
        if answer.done():
            break
    try:
        return answer.result()
    except TimeoutError:
        failure = RequestError(f"no whole answer within {timeout_s:g} s", advice=NETWORK_ADVICE)
    except Exception as error:
        failure = _explain_error(error, manner.speaker)
    raise failure


@cache
def _loop_of(process: int) -> asyncio.AbstractEventLoop:
    """Return the loop that all of a process's requests run on, in a thread of its own.

    It is never closed: ending a TLS connection takes longer than its answer does, when the other
    side is silent. process: its number, since a fork has no threads.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True, name=f"edge-{process}").start()
    return loop


async def _collect_within(
    text: str, manner: Manner, proxy: str | None, timeout_s: float, largest_bytes: int
) -> Answer:
    """Return an answer; raise TimeoutError, RequestError or what edge-tts and aiohttp raise."""
    async with asyncio.timeout(timeout_s):
        return await _collect(text, manner, proxy, timeout_s, largest_bytes)


async def _collect(
    text: str, manner: Manner, proxy: str | None, timeout_s: float, largest_bytes: int
) -> Answer:
    import edge_tts

    whole_s = max(1, round(timeout_s))
    communicate = edge_tts.Communicate(
        text,
        manner.speaker,
        rate=f"{manner.rate_percent:+d}%",
        pitch=f"{manner.pitch_hz:+d}Hz",
        boundary="WordBoundary",
        proxy=proxy,
        connect_timeout=whole_s,
        receive_timeout=whole_s,
    )
    mp3 = bytearray()
    boundaries: list[Boundary] = []
    async with aclosing(communicate.stream()) as chunks:
        async for chunk in chunks:
            if chunk["type"] == "audio":
                mp3 += chunk["data"]
            else:
                boundaries.append(_boundary(chunk))
            if len(mp3) > largest_bytes:
                raise RequestError(
                    f"the sound is too long: more than {len(mp3):,} bytes",
                    advice="build again later",
                )
    return Answer(bytes(mp3), tuple(boundaries))


def _boundary(chunk: Mapping[str, Any]) -> Boundary:
    start_s = chunk["offset"] / _TICKS_PER_S
    return Boundary(str(chunk["text"]), start_s, start_s + chunk["duration"] / _TICKS_PER_S)


def _explain_error(error: Exception, speaker: str) -> RequestError:
    """Return what an error of edge-tts means."""
    import aiohttp
    from edge_tts import exceptions

    if isinstance(error, RequestError):
        return error
    if isinstance(error.__cause__, aiohttp.ClientHttpProxyError):
        error = error.__cause__  # edge-tts takes a proxy's 403 for the service's
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return RequestError(
            f"the proxy does not let it through ({error.status})",
            max_tries=None if error.status >= 500 else 1,
            advice=PROXY_LOGIN_ADVICE if error.status == 407 else NETWORK_ADVICE,
        )
    if isinstance(error, exceptions.SkewAdjustmentError):  # a 403 that does not tell the time
        return explain_status(403, "", "", _STATUSES, refusal=_REFUSAL, outage=_OUTAGE)
    if isinstance(error, aiohttp.ClientResponseError) and error.status >= 400:
        retry_after = error.headers.get("Retry-After", "") if error.headers else ""
        return explain_status(
            error.status, "", retry_after, _STATUSES, refusal=_REFUSAL, outage=_OUTAGE
        )
    if isinstance(error, exceptions.NoAudioReceived):
        return RequestError("there is no sound in its answer", advice=_advice_about(speaker))
    return _explain_connection_error(error)


def _advice_about(speaker: str) -> str:
    from briefing.speech.edge.speakers import ARABIC, nearest

    if speaker in ARABIC:
        return f"build again later, or upgrade: {_UPGRADE}"
    near = nearest(speaker)
    hint = f"did you mean {near}?" if near else "the manual lists the Arabic ones"
    return f"perhaps there is no speaker {speaker}; {hint}"


def _explain_connection_error(error: Exception) -> RequestError:
    """Return what went wrong between this machine and the service."""
    import aiohttp

    if isinstance(error, aiohttp.InvalidURL) or "proxies are supported" in str(error):
        return RequestError(_WRONG_PROXY, max_tries=1, advice="correct HTTPS_PROXY")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return RequestError("the proxy cannot be reached", advice="check HTTPS_PROXY")
    if isinstance(error, aiohttp.ClientSSLError):
        return RequestError("no secure connection (TLS)", advice=NETWORK_ADVICE)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return RequestError("its name is not found (DNS)", advice=NETWORK_ADVICE)
    if isinstance(error, aiohttp.ClientError | OSError) and not isinstance(
        error, aiohttp.ClientResponseError
    ):
        return RequestError("the connection is dropped", advice=NETWORK_ADVICE)
    # a protocol or a client of another time: every kind of error comes out of its parsing
    return RequestError(
        f"its answer is not understood ({type(error).__name__})", advice=f"upgrade: {_UPGRADE}"
    )
