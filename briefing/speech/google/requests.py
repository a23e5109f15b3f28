"""The text of one request to Google's MP3 of it, by gTTS; or why it failed and whether to retry.

gTTS has no deadline for a whole answer, and its waits cannot be interrupted. Each request therefore
runs in its own thread. If the caller stops waiting, the thread ends with its socket's timeout.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from briefing.speech.online.connections import run_within
from briefing.speech.online.failures import (
    NETWORK_ADVICE,
    TOO_MANY,
    RequestError,
    Status,
    explain_status,
)

__all__ = ["LANGUAGE", "fetch_mp3"]

LANGUAGE = "ar"

_STATUSES = {
    400: Status("Google did not understand the request", "update gTTS: pip install -U gtts"),
    401: Status("Google wants a login", "update gTTS: pip install -U gtts"),
    403: Status("Google refuses this network's requests", "try again later or another network"),
    404: Status("Google does not speak at this address", "check voices.gtts.tld; com always works"),
    407: Status("the proxy wants a login", "put it into HTTPS_PROXY"),
    413: Status("the piece of text is too long for Google", "update gTTS: pip install -U gtts"),
    TOO_MANY: Status(
        "Google takes no more requests from this network for now",
        "build again in an hour: sentences already fetched are kept",
    ),
}
_OTHER_REFUSAL = Status("Google refuses the request", "update gTTS: pip install -U gtts")
_OUTAGE = Status("Google's service fails", "build again later: sentences already fetched are kept")
_EMPTY_ANSWER_TRIES = 2
"""An answer without sound may be a temporary fault, but is more often final: an unknown script,
a changed protocol, the login page of a hotel's network."""


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
        raise RequestError(f"no whole answer within {timeout_s:g} s", advice=NETWORK_ADVICE)
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
    return explain_status(
        code,
        response.reason or "",
        response.headers.get("Retry-After", ""),
        _STATUSES,
        refusal=_OTHER_REFUSAL,
        outage=_OUTAGE,
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
            advice=_STATUSES[407].advice if match[1] == "407" else NETWORK_ADVICE,
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
    return RequestError(reason, advice=NETWORK_ADVICE)
