"""Buckets of object stores that speak Amazon's S3, by obstore: the one place for their settings.

Credentials, the region and the address of another server than Amazon's come from the environment:
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL. obstore starts threads with
its first request, and never ends them: processes are started by `fork` before, or not at all (see
briefing.production.processes).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from briefing.errors import BriefingError, UsageError

__all__ = ["BucketError", "Patience", "check_bucket", "endpoint", "open_bucket", "refusals"]

_THREADS = "TOKIO_WORKER_THREADS"
"""How many threads obstore's library starts. By default it is one for each core, and they hand the
parts of an answer on to each other: receiving 4 MB takes 2.6 ms of processor time, with one 2.0."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CREDENTIALS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_REASONS = (
    ("NoSuchBucket", "there is no such bucket; create it, or correct the address"),
    ("169.254.169.254", f"there are no credentials; {_CREDENTIALS}"),
    ("401 Unauthorized", f"the credentials are refused; {_CREDENTIALS}"),
    ("InvalidAccessKeyId", f"the credentials are refused; {_CREDENTIALS}"),
    ("SignatureDoesNotMatch", f"the credentials are refused; {_CREDENTIALS}"),
    ("403 Forbidden", "the credentials do not allow this; they must allow to list, read, write and"
     " delete objects of this bucket"),
    ("Connection refused", "the connection is refused; see that the server runs, and"
     " AWS_ENDPOINT_URL"),
    ("dns error", "there is no server of this name; see AWS_ENDPOINT_URL and the network"),
    ("timed out", "the server does not answer in time; try again later"),
    ("404 Not Found", "there is no such bucket; create it, or correct the address"),
)  # fmt: skip
"""What a message of the library holds -> what the user is told; the first that fits. The library
has an exception of its own for some of these only (obstore 0.12: a list that is refused is
"Generic")."""
_STATUS = re.compile(r"status code: (\d{3}[\w ]*)")


class BucketError(BriefingError):
    """A store cannot be reached, or refuses; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a store may be slow or fail before it is given up."""

    retries: int
    retry_s: float
    """From the first try on."""
    request_s: float
    """Of one request."""
    connect_s: float = 20
    longest_pause_s: float = 15
    """Between two tries."""


def check_bucket(address: str) -> tuple[str, str]:
    """Return the bucket and the prefix of s3://bucket/prefix, or "" and the folder of file:///….

    Raise UsageError for any other address; it is not repeated if it may hold a password.
    """
    parts = urlsplit(address)
    if parts.scheme == "file":
        if parts.netloc or parts.query or parts.fragment or len(parts.path) < 2:
            raise UsageError("write file:/// and the whole path of a folder")
        return "", unquote(parts.path)
    if not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"s3://{parts.netloc.rpartition('@')[2]}: write s3://bucket/prefix; credentials"
            " come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"
        )
    return parts.netloc, parts.path.strip("/")


def endpoint() -> str:
    """Return the address of the server that the environment names; "" for Amazon's."""
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")


def open_bucket(address: str, patience: Patience) -> Any:
    """Return obstore's store of an address (see `check_bucket`). No connection is opened.

    Raise UsageError, BucketError; ImportError where obstore is not installed.
    """
    bucket, prefix = check_bucket(address)
    os.environ.setdefault(_THREADS, "1")  # before the library's first request
    from obstore.exceptions import BaseError
    from obstore.store import LocalStore, S3Store

    try:
        if not bucket:
            return LocalStore(prefix=Path(prefix), mkdir=True)
        return S3Store(
            bucket,
            prefix=prefix or None,
            config=_config(),
            client_options={
                "allow_http": urlsplit(endpoint()).hostname in _LOOPBACK,  # on this machine only
                "connect_timeout": timedelta(seconds=patience.connect_s),
                "timeout": timedelta(seconds=patience.request_s),
            },
            retry_config={
                "max_retries": patience.retries,
                "retry_timeout": timedelta(seconds=patience.retry_s),
                "backoff": {
                    "init_backoff": timedelta(seconds=0.1),
                    "max_backoff": timedelta(seconds=patience.longest_pause_s),
                    "base": 2,
                },
            },
        )
    except (BaseError, ValueError, OSError) as error:
        label = f"s3://{bucket}" if bucket else f"file://{prefix}"
        raise BucketError(f"{label}: {_reason(error)}") from error


@contextmanager
def refusals(label: str) -> Iterator[None]:
    """Raise what obstore raises as BucketError, in one line. label: the store's address."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        raise BucketError(f"{label}: {_reason(error)}") from error


def _config() -> Any:
    config: dict[str, Any] = {}
    if endpoint():
        config["endpoint"] = endpoint()
        config["virtual_hosted_style_request"] = False
    if not (os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")):
        config["region"] = "us-east-1"
    return config


def _reason(error: Exception) -> str:
    """Return what failed in one line, without addresses that may hold a signature."""
    text = " ".join(str(error).split())
    for mark, reason in _REASONS:
        if mark.lower() in text.lower():
            return reason
    if match := _STATUS.search(text):
        return f"the server answers {match[1].strip()}; try again later"
    return " ".join(word.split("?")[0] for word in text.split())[:300]
