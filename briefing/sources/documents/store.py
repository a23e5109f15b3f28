"""Documents -> their articles, from the cache if they have been read before.

The articles are kept in the clip cache, under a key of the bytes, the kind, the hints and the
versions of the readers. The reason why a document cannot be read is kept, too.
"""

from __future__ import annotations

import hashlib
import json
from types import TracebackType
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import Store, key_of
from briefing.errors import SourceError
from briefing.sources.documents.document import Document, Hints, from_json, to_json
from briefing.sources.documents.kinds import Kind, reader_version

if TYPE_CHECKING:
    from briefing.sources.documents.child import Reader

__all__ = ["DocumentStore"]


class DocumentStore:
    """Reads each document once. Leaving the context ends the child process that reads."""

    def __init__(self, store: Store | None) -> None:
        """store: where the articles are kept; None: nowhere."""
        self._store = store
        self._reader: Reader | None = None

    def __enter__(self) -> DocumentStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._reader is not None:
            self._reader.__exit__(kind, error, trace)

    def read(self, data: bytes, name: str, kind: Kind, hints: Hints) -> list[Document]:
        """Return the articles of a document. Raise SourceError with what to do.

        name: its file name. kind: the result of `kind_of`.
        """
        digest = hashlib.sha256(data).hexdigest()
        parts = [digest, kind.name, hints.url, hints.media_type, reader_version(kind)]
        key = key_of("document", parts)
        if self._store is not None and (packed := self._store.get(key)) is not None:
            return _unpack(packed)
        from briefing.sources.documents.child import Interrupted, Reader

        if self._reader is None:
            self._reader = Reader()
        try:
            value: dict[str, Any] = {"documents": to_json(self._reader.read(data, name, hints))}
        except Interrupted:
            raise
        except SourceError as error:
            value = {"error": str(error)}
        packed = json.dumps(value).encode()
        if self._store is not None:
            self._store.put(key, packed)
        return _unpack(packed)


def _unpack(packed: bytes) -> list[Document]:
    value = json.loads(packed)
    if "error" in value:
        raise SourceError(value["error"])
    return from_json(value["documents"])
