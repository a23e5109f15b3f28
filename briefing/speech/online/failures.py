"""Why a request brought no sound, and whether it is worth another try."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

__all__ = [
    "NETWORK_ADVICE",
    "PROXY_LOGIN_ADVICE",
    "TOO_MANY",
    "RequestError",
    "Status",
    "explain_status",
    "parse_retry_after",
]

TOO_MANY = 429
"""The HTTP status of a service that is asked too often (RFC 6585 4)."""
NETWORK_ADVICE = "check the network and HTTPS_PROXY"
PROXY_LOGIN_ADVICE = "put the proxy's login into HTTPS_PROXY"


class RequestError(Exception):
    """A request brought no sound. The message says why and can follow the voice's name."""

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

        slow_down: True if all requests should slow down. wait_s: how long the service asks us to
        wait, in seconds. advice: what the user can do about it.
        """
        super().__init__(reason)
        self.max_tries = max_tries
        self.slow_down = slow_down
        self.wait_s = wait_s
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Status:
    """What an HTTP status of a service means."""

    reason: str
    advice: str
    passes: bool = False
    """True if the same request may succeed later, although its status says that it will not."""


def explain_status(
    code: int,
    phrase: str,
    retry_after: str,
    statuses: Mapping[int, Status],
    *,
    refusal: Status,
    outage: Status,
) -> RequestError:
    """Return what an HTTP status of 400 or more means.

    phrase: the words that came with it; "" for none. retry_after: that header's value. statuses:
    those of the service. refusal, outage: any other status below 500, from 500 up.
    """
    status = statuses.get(code, outage if code >= 500 else refusal)
    is_overload = code == TOO_MANY
    return RequestError(
        f"{status.reason} ({code} {phrase}".rstrip() + ")",
        max_tries=None if is_overload or status.passes or code >= 500 else 1,
        slow_down=is_overload,
        wait_s=parse_retry_after(retry_after),
        advice=status.advice,
    )


def parse_retry_after(value: str) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110 10.2.3), a number or a date.

    Return None for anything else.

    >>> parse_retry_after("120"), parse_retry_after("soon")
    (120.0, None)
    """
    with suppress(ValueError, TypeError, OverflowError):
        if value.strip().isdecimal():
            return float(value)
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return None
