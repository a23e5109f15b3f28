"""A bucket of an object store that speaks Amazon's S3 as target.

An object appears whole or not at all. Credentials, the region and the address of another server
than Amazon's come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,
AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from briefing.delivery.targets.target import DeliveryError, Parcel, Present
from briefing.errors import UsageError

__all__ = ["BucketTarget"]

_AT_ONCE = 8
"""Requests at the same time."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CHUNK_BYTES = 1 << 20
_RETRIES = 4
_RETRY_S = 60
_REQUEST_S = 300
"""A sound of an hour has 30 MB; a slow line takes minutes for it."""
_CREDENTIALS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_REASONS = (
    ("NoSuchBucket", "there is no such bucket; create it, or correct the address"),
    ("401 Unauthorized", f"the credentials are refused; {_CREDENTIALS}"),
    ("InvalidAccessKeyId", f"the credentials are refused; {_CREDENTIALS}"),
    ("SignatureDoesNotMatch", f"the credentials are refused; {_CREDENTIALS}"),
    ("403 Forbidden", "the credentials do not allow this; they must allow to list, read, write and"
     " delete objects of this bucket"),
    ("169.254.169.254", f"there are no credentials; {_CREDENTIALS}"),
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


class BucketTarget:
    """The objects of a bucket under a prefix."""

    def __init__(self, address: str) -> None:
        """address: s3://bucket or s3://bucket/prefix. Raises UsageError, DeliveryError."""
        parts = urlsplit(address)
        if not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment:
            raise UsageError(
                f"s3://{parts.netloc.rpartition('@')[2]}: write s3://bucket/prefix; credentials"
                " come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"
            )
        prefix = parts.path.strip("/")
        self.label = f"s3://{parts.netloc}/{prefix}".rstrip("/")
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
        self.identity = f"{self.label} {endpoint}"
        self._store = _store(parts.netloc, prefix, endpoint)

    def listing(self, folders: Sequence[str]) -> dict[str, Present]:
        """List the objects, a request for each 1,000."""
        import obstore

        present = {}
        with self._refusals():
            for objects in obstore.list(self._store, chunk_size=1000):
                for row in objects:
                    folder, _, name = row["path"].rpartition("/")
                    if name and (f"{folder}/" if folder else "") in folders:
                        tag = (row["e_tag"] or "").strip('"')
                        present[row["path"]] = Present(row["size"], tag)
        return present

    def has_content(self, parcel: Parcel, present: Present) -> bool:
        """Compare the MD5, which is the ETag of an object that was sent in one request."""
        return present.bytes == parcel.item.bytes and present.tag == _md5(parcel.path)

    def send(self, parcels: Sequence[Parcel], on_sent: Callable[[Parcel, str], None]) -> None:
        """Send several at a time; a second name of a sound is copied in the bucket."""
        with ThreadPoolExecutor(_AT_ONCE) as pool, self._refusals():
            running = {pool.submit(self._send, parcel): parcel for parcel in parcels}
            try:
                for future in as_completed(running):
                    on_sent(running[future], future.result())
            except BaseException:
                _cancel(running)
                raise

    def _send(self, parcel: Parcel) -> str:
        import obstore

        item = parcel.item
        if item.same_as and item.is_large:
            obstore.copy(self._store, item.same_as, item.address)
            return _md5(parcel.path)
        headers = {"Content-Type": item.media_type, "Cache-Control": item.cache_control}
        result = obstore.put(
            self._store, item.address, parcel.path, attributes=headers, use_multipart=False
        )
        return (result["e_tag"] or "").strip('"')

    def mark(self, name: str, content: bytes) -> None:
        """Put a small object."""
        import obstore

        with self._refusals():
            obstore.put(self._store, name, content, use_multipart=False)

    def read_mark(self, name: str) -> str:
        """Get its text."""
        import obstore

        try:
            data = bytes(obstore.get_range(self._store, name, start=0, length=200))
        except obstore.exceptions.BaseError:
            return ""
        return data.decode("utf-8", "replace")

    def remove(self, addresses: Sequence[str]) -> None:
        """Delete objects, up to 1,000 with one request."""
        import obstore

        with self._refusals():
            if addresses:
                obstore.delete(self._store, list(addresses))

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except BaseError as error:
            raise DeliveryError(f"{self.label}: {_reason(error)}") from error


def _store(bucket: str, prefix: str, endpoint: str) -> Any:
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError as error:
        raise DeliveryError(
            "a target in a bucket needs an extra: python3 -m pip install 'briefing[publish]'"
        ) from error
    config: dict[str, Any] = {}
    if endpoint:
        config["endpoint"] = endpoint
        config["virtual_hosted_style_request"] = False
    if not (os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")):
        config["region"] = "us-east-1"
    is_local = urlsplit(endpoint).hostname in _LOOPBACK
    try:
        return S3Store(
            bucket,
            prefix=prefix or None,
            config=config,  # type: ignore[arg-type]
            client_options={
                "allow_http": is_local,  # unencrypted on this machine only
                "connect_timeout": timedelta(seconds=20),
                "timeout": timedelta(seconds=_REQUEST_S),
            },
            retry_config={
                "max_retries": _RETRIES,
                "retry_timeout": timedelta(seconds=_RETRY_S),
            },
        )
    except (BaseError, ValueError) as error:
        raise DeliveryError(f"s3://{bucket}: {_reason(error)}") from error


def _cancel(running: dict[Future[str], Parcel]) -> None:
    for future in running:
        future.cancel()


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _reason(error: Exception) -> str:
    """Return what failed in one line, without addresses that may hold a signature."""
    text = " ".join(str(error).split())
    for mark, reason in _REASONS:
        if mark.lower() in text.lower():
            return reason
    if match := _STATUS.search(text):
        return f"the server answers {match[1].strip()}; try again later"
    return " ".join(word.split("?")[0] for word in text.split())[:300]
