"""One piece of text -> Google's MP3 of it, by gTTS; or why not, and whether to ask again.

gTTS has no deadline for a whole answer and its waits cannot be broken off, so that each request
runs in a thread of its own, which is left to its socket's timeout when nobody waits any more.
"""

from __future__ import annotations

import email.utils
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

__all__ = ["LANGUAGE", "Refused", "ask", "bounded", "reach"]

LANGUAGE = "ar"
_LOOK_UP_S = 0.05
"""How often a wait looks whether it is still wanted."""
_PORT = 443


class Refused(Exception):
    """No sound came; str() says why, to be put after "Google's voice: "."""

    def __init__(
        self,
        why: str,
        *,
        tries: int | None = None,
        tired: bool = False,
        wait_s: float | None = None,
        advice: str = "",
    ) -> None:
        """tries: how often such a request is worth trying; None is as often as configured.

        tired: everyone should slow down. wait_s: what Google asks us to wait, in seconds.
        advice: what the user can do about it.
        """
        super().__init__(why)
        self.tries = tries
        self.tired = tired
        self.wait_s = wait_s
        self.advice = advice


@dataclass(frozen=True, slots=True)
class _Status:
    why: str
    advice: str


_TOO_MANY = 429
_STATUSES = {
    400: _Status("Google did not understand the request", "update gTTS: pip install -U gtts"),
    401: _Status("Google wants a login", "update gTTS: pip install -U gtts"),
    403: _Status("Google refuses this network's requests", "try again later or another network"),
    404: _Status(
        "Google does not speak at this address", "check voices.gtts.tld; com always works"
    ),
    407: _Status("the proxy wants a login", "put it into HTTPS_PROXY"),
    413: _Status("the piece of text is too long for Google", "update gTTS: pip install -U gtts"),
    _TOO_MANY: _Status(
        "Google takes no more requests from this network for now",
        "build again in an hour: what is already paid for is kept",
    ),
}
_OTHER_REFUSAL = _Status("Google refuses the request", "update gTTS: pip install -U gtts")
_OUTAGE = _Status("Google's service fails", "build again later: what is already paid for is kept")
_USELESS_ANSWER_TRIES = 2
"""An answer without sound may be a passing fault, but is more often final: unknown script,
a changed protocol, a hotel's login page."""


def ask(
    text: str, *, tld: str, timeout_s: float, check: Callable[[], None] = lambda: None
) -> bytes:
    """Have Google speak at most 100 characters; give the MP3 as it came, not looked at.

    timeout_s: for the whole answer, from the name's look-up to the last byte. check: called
    often while waiting; what it raises is raised at once. Raises Refused.
    """

    def request() -> bytes:
        import gtts

        # given as is: gTTS's own clean-up and cuts are for raw text
        speech = gtts.gTTS(
            text,
            lang=LANGUAGE,
            tld=tld,
            lang_check=False,
            pre_processor_funcs=[],
            tokenizer_func=lambda whole: [whole],
            timeout=timeout_s,
        )
        try:
            return b"".join(speech.stream())
        except gtts.gTTSError as error:
            raise _refusal(error) from None
        except (ValueError, AssertionError):  # not UTF-8, not base64
            raise _useless() from None

    mp3 = bounded(request, timeout_s, check)
    if mp3 is None:
        raise Refused(f"no whole answer within {timeout_s:g} s", advice=_NETWORK_ADVICE)
    if not mp3:
        raise _useless()
    return mp3


_NETWORK_ADVICE = "check the network and HTTPS_PROXY"


def _useless() -> Refused:
    return Refused(
        "there is no sound in its answer",
        tries=_USELESS_ANSWER_TRIES,
        advice="see whether the network wants a login in the browser, then update gTTS",
    )


def _refusal(error: Any) -> Refused:
    """Tell what a gTTSError means: its response's status, or the connection's fault."""
    response = error.rsp
    if response is None:
        return _no_connection(error.__context__)
    status = response.status_code
    if status < 400:
        return _useless()
    known = _STATUSES.get(status, _OUTAGE if status >= 500 else _OTHER_REFUSAL)
    tired = status == _TOO_MANY
    return Refused(
        f"{known.why} ({status} {response.reason})".replace(" )", ")"),
        tries=None if tired or status >= 500 else 1,
        tired=tired,
        wait_s=_retry_after(response.headers.get("Retry-After", "")),
        advice=known.advice,
    )


def _no_connection(cause: BaseException | None) -> Refused:
    from requests import exceptions

    if isinstance(cause, ValueError):  # requests' InvalidURL, InvalidProxyURL, InvalidSchema
        return Refused("the proxy's address cannot be used", tries=1, advice="correct HTTPS_PROXY")
    told = str(cause)
    if found := re.search(r"Tunnel connection failed: (\d+)", told):
        return Refused(
            f"the proxy does not let it through ({found[1]})",
            tries=None if found[1].startswith("5") else 1,
            advice=_STATUSES[407].advice if found[1] == "407" else _NETWORK_ADVICE,
        )
    if isinstance(cause, exceptions.SSLError):
        why = "no secure connection (TLS)"
    elif isinstance(cause, exceptions.Timeout):
        why = "no answer in time"
    elif "resolve" in told or "getaddrinfo" in told:
        why = "its name is not found (DNS)"
    elif isinstance(cause, exceptions.TooManyRedirects):
        return _useless()
    else:
        why = "the connection is dropped"
    return Refused(why, advice=_NETWORK_ADVICE)


def _retry_after(value: str) -> float | None:
    """Read a Retry-After header (RFC 9110 10.2.3): seconds or a date; None for anything else."""
    with suppress(ValueError, TypeError, OverflowError):
        if value.strip().isdecimal():
            return float(value)
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return None


def bounded(
    work: Callable[[], bytes], timeout_s: float, check: Callable[[], None] = lambda: None
) -> bytes | None:
    """Do the work in a thread and give its result, or None when it is not done in time.

    What the work or `check` (called often while waiting) raises is raised here.
    """
    results: list[bytes] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True, name="google-request").start()
    end = time.monotonic() + timeout_s
    while not done.wait(max(0.0, min(_LOOK_UP_S, end - time.monotonic()))):
        check()
        if time.monotonic() >= end:
            return None
    if errors:
        raise errors[0]
    return results[0]


def reach(tld: str, timeout_s: float) -> str | None:
    """Say why Google cannot be reached now, or None; no text is sent, it costs timeout_s at most.

    A connection to the server, or one that the environment's proxy opens to it.
    """
    host = f"translate.google.{tld}"

    def connect() -> bytes:
        import base64
        import http.client
        import urllib.parse
        import urllib.request

        proxies = urllib.request.getproxies()
        proxy = proxies.get("https") or proxies.get("all") or ""
        if not proxy:
            connection = http.client.HTTPConnection(host, _PORT, timeout=timeout_s)
        else:
            parts = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}")
            if not parts.hostname:
                raise ValueError(proxy)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            connection = http.client.HTTPConnection(parts.hostname, port, timeout=timeout_s)
            if parts.scheme in ("", "http"):
                login = urllib.parse.unquote(parts.netloc.rpartition("@")[0])
                basic = base64.b64encode(login.encode()).decode()
                headers = {"Proxy-Authorization": f"Basic {basic}"} if login else {}
                connection.set_tunnel(host, _PORT, headers)
        try:
            connection.connect()
        finally:
            connection.close()
        return b""

    try:
        if bounded(connect, timeout_s) is None:
            return f"{host} does not answer within {timeout_s:g} s; is there a network?"
    except ValueError:
        return "the proxy's address cannot be used; correct HTTPS_PROXY"
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"{host} cannot be reached ({reason}); is there a network?"
    return None
