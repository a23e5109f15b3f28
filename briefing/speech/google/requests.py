"""The text of one request to Google's MP3 of it, by gTTS; or why it failed and whether to retry.

gTTS has no deadline for a whole answer, and its waits cannot be interrupted. Each request therefore
runs in its own thread. If the caller stops waiting, the thread ends with its socket's timeout.
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

__all__ = ["LANGUAGE", "RequestError", "connection_problem", "fetch_mp3", "run_within"]

LANGUAGE = "ar"
_CHECK_INTERVAL_S = 0.05
"""How often a wait calls its `check`."""
_PORT = 443


class RequestError(Exception):
    """A request brought no sound. The message says why and can follow "gtts: "."""

    def __init__(
        self,
        reason: str,
        *,
        max_tries: int | None = None,
        slow_down: bool = False,
        wait_s: float | None = None,
        advice: str = "",
    ) -> None:
        """max_tries: how often such a request is worth trying; None means as often as configured.

        slow_down: True if all requests should slow down. wait_s: how long Google asks us to wait,
        in seconds. advice: what the user can do about it.
        """
        super().__init__(reason)
        self.max_tries = max_tries
        self.slow_down = slow_down
        self.wait_s = wait_s
        self.advice = advice


@dataclass(frozen=True, slots=True)
class _Status:
    reason: str
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
        "build again in an hour: sentences already fetched are kept",
    ),
}
_OTHER_REFUSAL = _Status("Google refuses the request", "update gTTS: pip install -U gtts")
_OUTAGE = _Status("Google's service fails", "build again later: sentences already fetched are kept")
_EMPTY_ANSWER_TRIES = 2
"""An answer without sound may be a temporary fault, but is more often final: an unknown script,
a changed protocol, the login page of a hotel's network."""
_NETWORK_ADVICE = "check the network and HTTPS_PROXY"


def fetch_mp3(
    text: str, *, tld: str, timeout_s: float, check: Callable[[], None] = lambda: None
) -> bytes:
    """Request Google's MP3 of at most 100 characters; return the bytes unchecked.

    timeout_s: for the whole answer, from the look-up of the name to the last byte. check: called
    often while waiting; an exception from it ends the wait. Raise RequestError if no sound comes.
    """

    def request() -> bytes:
        import gtts

        # without gTTS's own clean-up and cuts, which are for raw text
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
            raise _explain_error(error) from None
        except (ValueError, AssertionError):  # not UTF-8, not base64
            raise _explain_empty_answer() from None

    mp3 = run_within(request, timeout_s, check)
    if mp3 is None:
        raise RequestError(f"no whole answer within {timeout_s:g} s", advice=_NETWORK_ADVICE)
    if not mp3:
        raise _explain_empty_answer()
    return mp3


def _explain_empty_answer() -> RequestError:
    return RequestError(
        "there is no sound in its answer",
        max_tries=_EMPTY_ANSWER_TRIES,
        advice="see whether the network wants a login in the browser, then update gTTS",
    )


def _explain_error(error: Any) -> RequestError:
    """Return what a gTTSError means: an HTTP status or a failed connection."""
    response = error.rsp
    if response is None:
        return _explain_connection_error(error.__context__)
    code = response.status_code
    if code < 400:
        return _explain_empty_answer()
    status = _STATUSES.get(code, _OUTAGE if code >= 500 else _OTHER_REFUSAL)
    is_overload = code == _TOO_MANY
    return RequestError(
        f"{status.reason} ({code} {response.reason})".replace(" )", ")"),
        max_tries=None if is_overload or code >= 500 else 1,
        slow_down=is_overload,
        wait_s=_parse_retry_after(response.headers.get("Retry-After", "")),
        advice=status.advice,
    )


def _explain_connection_error(cause: BaseException | None) -> RequestError:
    from requests import exceptions

    if isinstance(cause, ValueError):  # requests' InvalidURL, InvalidProxyURL, InvalidSchema
        return RequestError(
            "the proxy's address cannot be used", max_tries=1, advice="correct HTTPS_PROXY"
        )
    message = str(cause)
    if match := re.search(r"Tunnel connection failed: (\d+)", message):
        return RequestError(
            f"the proxy does not let it through ({match[1]})",
            max_tries=None if match[1].startswith("5") else 1,
            advice=_STATUSES[407].advice if match[1] == "407" else _NETWORK_ADVICE,
        )
    if isinstance(cause, exceptions.SSLError):
        reason = "no secure connection (TLS)"
    elif isinstance(cause, exceptions.Timeout):
        reason = "no answer in time"
    elif "resolve" in message or "getaddrinfo" in message:
        reason = "its name is not found (DNS)"
    elif isinstance(cause, exceptions.TooManyRedirects):
        return _explain_empty_answer()
    else:
        reason = "the connection is dropped"
    return RequestError(reason, advice=_NETWORK_ADVICE)


def _parse_retry_after(value: str) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110 10.2.3), a number or a date.

    Return None for anything else.
    """
    with suppress(ValueError, TypeError, OverflowError):
        if value.strip().isdecimal():
            return float(value)
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return None


def run_within(
    work: Callable[[], bytes], timeout_s: float, check: Callable[[], None] = lambda: None
) -> bytes | None:
    """Run `work` in a thread; return its result, or None if it takes longer than timeout_s.

    check: called often while waiting. Exceptions from `work` and from `check` are raised here.
    """
    results: list[bytes] = []
    errors: list[BaseException] = []
    finished = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            finished.set()

    threading.Thread(target=run, daemon=True, name="google-request").start()
    end = time.monotonic() + timeout_s
    while not finished.wait(max(0.0, min(_CHECK_INTERVAL_S, end - time.monotonic()))):
        check()
        if time.monotonic() >= end:
            return None
    if errors:
        raise errors[0]
    return results[0]


def connection_problem(tld: str, timeout_s: float) -> str | None:
    """Return why Google cannot be reached now, or None if it can. This sends no text.

    It opens a connection to the server, through the environment's proxy if there is one, and
    takes at most timeout_s.
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
        if run_within(connect, timeout_s) is None:
            return f"{host} does not answer within {timeout_s:g} s; is there a network?"
    except ValueError:
        return "the proxy's address cannot be used; correct HTTPS_PROXY"
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"{host} cannot be reached ({reason}); is there a network?"
    return None
