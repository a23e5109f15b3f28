"""The shared store: objects of orders and their indexes in a bucket or a folder for many machines.

    BRIEFING/DIGEST            what came of an order
    BRIEFING/index-ARTICLE     which paragraphs of the article are in which object, and where

What exists is known by listing a briefing's folder, 1,000 objects a request, and not by asking for
each. Every fault of the store is raised as BucketError, once its retries are spent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.buckets import BucketError, Patience, check_bucket, endpoint, open_bucket, refusals
from briefing.orders.bundle import LARGEST_OBJECT

__all__ = ["Present", "SharedStore"]

_PATIENCE = Patience(
    retries=8,  # of a store that refuses three requests in ten, one in 50,000 fails for good
    retry_s=30,
    request_s=120,  # 15 MB on a slow line
    connect_s=5,
    longest_pause_s=1,
)
_PAGE = 1000
_MOST_PAGES = 100
"""Of a listing. A briefing of 33 articles, kept for a month, has two."""


@dataclass(frozen=True, slots=True)
class Present:
    """An object as the store lists it."""

    bytes: int
    tag: str
    """Its ETag, which changes with the content."""


class SharedStore:
    """Objects by their names. A name is what `Order.object_name` or `index_name` returns."""

    def __init__(self, address: str) -> None:
        """address: s3://bucket/prefix or file:///folder. Raise UsageError, BucketError."""
        bucket, prefix = check_bucket(address)
        self.label = f"s3://{bucket}/{prefix}".rstrip("/") if bucket else f"file://{prefix}"
        self.identity = f"{self.label} {endpoint() if bucket else ''}"
        """The address and its server: the same address elsewhere is another store."""
        try:
            self._store = open_bucket(address, _PATIENCE)
        except ImportError:
            raise BucketError(
                f"{self.label}: cache.shared needs an extra: python3 -m pip install"
                " 'briefing[publish]'"
            ) from None

    def listing(self, folder: str) -> Mapping[str, Present]:
        """Return the objects of a folder by their names; the first 100,000 if there are more."""
        import obstore

        present: dict[str, Present] = {}
        with refusals(self.label):
            for page, objects in enumerate(obstore.list(self._store, folder, chunk_size=_PAGE), 1):
                for row in objects:
                    present[row["path"]] = Present(row["size"], (row["e_tag"] or "").strip('"'))
                if page == _MOST_PAGES:
                    break
        return present

    def get(self, name: str) -> memoryview | None:
        """Return an object whole, None if it was removed since it was listed, or is too large."""
        import obstore
        from obstore.exceptions import NotFoundError

        with refusals(self.label):
            try:
                answer = obstore.get(self._store, name)
            except NotFoundError:
                return None
            return memoryview(answer.bytes()) if answer.meta["size"] <= LARGEST_OBJECT else None

    def get_parts(self, name: str, places: Sequence[tuple[int, int]]) -> Sequence[memoryview]:
        """Return parts of an object: (offset, bytes) each; [] if it was removed.

        Parts less than 1 MB apart are one request.
        """
        import obstore
        from obstore.exceptions import NotFoundError

        starts = [offset for offset, _ in places]
        lengths = [length for _, length in places]
        with refusals(self.label):
            try:
                parts = obstore.get_ranges(self._store, name, starts=starts, lengths=lengths)
            except NotFoundError:
                return []
            return [memoryview(part) for part in parts]

    def put(self, name: str, content: bytes) -> Present:
        """Put an object, with one request; it appears whole or not at all."""
        import obstore

        with refusals(self.label):
            result = obstore.put(self._store, name, content, use_multipart=False)
        return Present(len(content), (result["e_tag"] or "").strip('"'))
