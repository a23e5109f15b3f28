"""A bucket of an object store that speaks Amazon's S3 as target.

An object appears whole or not at all. See briefing.buckets for its settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from briefing.buckets import BucketError, Patience, check_bucket, endpoint, open_bucket, refusals
from briefing.delivery.targets.target import DeliveryError, Parcel, Present

__all__ = ["BucketTarget"]

_AT_ONCE = 8
"""Requests at the same time."""
_CHUNK_BYTES = 1 << 20
_PATIENCE = Patience(
    retries=4,
    retry_s=60,
    request_s=300,  # a sound of an hour has 30 MB; a slow line takes minutes for it
)


class BucketTarget:
    """The objects of a bucket under a prefix."""

    def __init__(self, address: str) -> None:
        """address: s3://bucket or s3://bucket/prefix. Raises UsageError, DeliveryError."""
        bucket, prefix = check_bucket(address)
        self.label = f"s3://{bucket}/{prefix}".rstrip("/")
        self.identity = f"{self.label} {endpoint()}"
        try:
            self._store = open_bucket(address, _PATIENCE)
        except ImportError as error:
            raise DeliveryError(
                "a target in a bucket needs an extra: python3 -m pip install 'briefing[publish]'"
            ) from error
        except BucketError as error:
            raise DeliveryError(str(error)) from error

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
        try:
            with refusals(self.label):
                yield
        except BucketError as error:
            raise DeliveryError(str(error)) from error


def _cancel(running: dict[Future[str], Parcel]) -> None:
    for future in running:
        future.cancel()


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
