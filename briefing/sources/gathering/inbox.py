"""The inbox: what was gathered, as files of one folder.

    feeds/DIGEST.json    a feed's or page's record: when it was asked, and its articles
    bodies/SHA256        what servers answered, byte by byte

Names are digests: of an address (which may hold a token) and of bytes. A file is written under
another name, flushed and renamed; a damaged record counts as none, and the next gathering writes it
anew. The folder is for its user alone.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.errors import BriefingError, ShelfError
from briefing.shelf.flushing import flush
from briefing.shelf.lock import Busy, lock
from briefing.sources.gathering.moments import moment_of

__all__ = ["Entry", "Gathering", "Inbox", "Record", "digest_of"]

_VERSION = 1
_LARGEST_RECORD = 50_000_000
"""Bytes: a thousand articles take some 400 kB."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LOCK = "gather"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a feed or page, as far as a selection must know it without reading it."""

    id: str
    """Digest of its guid, else of its link, else of its words."""
    first_seen: str
    """The start of the gathering that found it."""
    last_seen: str
    """The start of the last gathering whose answer had it."""
    date: str
    """ISO 8601, when it was published, "" where the feed does not say."""
    publish: str
    """ISO 8601, "" for at once: it may not be read earlier."""
    content: str
    """Digest of all that the feed says of it."""
    body: str
    """SHA-256 of the answer that said so first."""
    media_type: str
    """Of the body: which reader reads it."""
    place: int
    """Among the articles of its feed, the first is 0."""
    link: str = ""
    """Where its whole text is, if the feed has but a summary."""
    is_summary: bool = False
    has_text: bool = True
    """False where the feed has but the title."""
    page: str = ""
    """SHA-256 of the answer with its whole text, "" where there is none."""
    page_type: str = ""
    page_tries: int = 0


@dataclass(frozen=True, slots=True)
class Gathering:
    """When an edition's articles were gathered."""

    first: str
    """The start of the first gathering for that edition date: ages are counted back from it."""
    last: str
    """The start of the last one: what was first seen later belongs to later editions."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a feed or page."""

    host: str = ""
    """For who looks into the folder; never the address itself."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """The headers of a conditional request (RFC 9110, 13.1)."""
    validators_of: str = ""
    """Digest of the address that they belong to."""
    moved_to: str = ""
    """Where it has moved for good."""
    body: str = ""
    """SHA-256 of the last answer that could be read."""
    fetched: str = ""
    """When that came, or was last confirmed by 304."""
    answered: str = ""
    """When the server last answered anything; no poll is due soon after."""
    next_poll: str = ""
    """No request before this moment."""
    status: int = 0
    """Of the last answer, 0 where none came."""
    problem: str = ""
    """Why the last poll brought nothing that can be read; "" where it did."""
    gatherings: Mapping[str, Gathering] = field(default_factory=dict)
    """By edition date."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By id."""

    @property
    def is_gone(self) -> bool:
        """Whether the server said that it is gone for good."""
        return self.status == 410

    def for_edition(self, edition_date: str) -> Gathering | None:
        """Return the gathering of an edition: of its date, else the last one before it."""
        dates = [date for date in self.gatherings if date <= edition_date]
        return self.gatherings[max(dates)] if dates else None


def digest_of(text: str) -> str:
    """Return the digest that stands for an address or an article's name."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


class Inbox:
    """The folder. Reading takes no lock: files are replaced whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._feeds, self._bodies = folder / "feeds", folder / "bodies"

    @contextmanager
    def hold(self, wait_s: float, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold the one lock of those who gather. Raise Busy, or ShelfError if it is not writable.

        waiting: called once, with who holds the lock, before the first wait.
        """
        try:
            for folder in (self.folder, self._feeds, self._bodies):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_writable(error) from None
        try:
            holding = lock(self.folder, _LOCK, wait_s, waiting)
            with holding:
                yield
        except Busy:
            raise
        except ShelfError as error:
            raise ShelfError(str(error).replace("output.folder", "sources.inbox")) from None

    def read_record(self, url: str) -> Record:
        """Return what is known of a feed or page; an empty record where nothing is."""
        try:
            with self._record_path(url).open("rb") as file:
                text = file.read(_LARGEST_RECORD)
            return _record_of(json.loads(text))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Record()

    def write_record(self, url: str, record: Record) -> None:
        """Write what is known of a feed or page. Raise ShelfError."""
        values = {"version": _VERSION, **dataclasses.asdict(record)}
        text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
        self._write(self._record_path(url), text.encode("utf-8", "backslashreplace"))

    def read_body(self, sha256: str) -> bytes | None:
        """Return an answer's bytes, None where they are missing or damaged."""
        try:
            data = self.body_path(sha256).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def write_body(self, data: bytes) -> str:
        """Keep an answer's bytes; return their SHA-256. Raise ShelfError."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.read_body(sha256) is None:
            self._write(self.body_path(sha256), data)
        return sha256

    def body_path(self, sha256: str) -> Path:
        """Return the file of an answer's bytes."""
        return self._bodies / sha256

    def remove_bodies(self, in_use: Collection[str]) -> None:
        """Remove the answers that no record names, and files left by a process that died."""
        for path in self._bodies.iterdir():
            if path.name not in in_use:
                with suppress(OSError):
                    path.unlink()

    def records(self) -> Iterator[tuple[str, Record]]:
        """Yield (digest of its name, record), also of feeds that are no longer configured."""
        for path in sorted(self._feeds.glob("*.json")):
            try:
                yield path.stem, _record_of(json.loads(path.read_bytes()))
            except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
                continue

    def _record_path(self, url: str) -> Path:
        return self._feeds / f"{digest_of(url)}.json"

    def _write(self, path: Path, data: bytes) -> None:
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
            fresh = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                flush(fresh)
                fresh.replace(path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise self._not_writable(error) from None

    def _not_writable(self, error: OSError) -> BriefingError:
        return ShelfError(
            f"{self.folder}: cannot be written: {error.strerror or error}; make the folder"
            " writable, or change sources.inbox"
        )


def _record_of(values: dict[str, Any]) -> Record:
    """Return a record from its JSON. Raise ValueError, TypeError or KeyError for a damaged one."""
    if values.pop("version") != _VERSION:
        raise ValueError("another version")
    gatherings = {date: Gathering(**row) for date, row in values.pop("gatherings").items()}
    entries = {name: Entry(**row) for name, row in values.pop("entries").items()}
    record = Record(gatherings=gatherings, entries=entries, **values)
    for entry in entries.values():
        shas = [sha for sha in (entry.body, entry.page) if sha]
        if not all(map(_SHA256.fullmatch, shas)) or moment_of(entry.first_seen) is None:
            raise ValueError("an entry is damaged")
    if record.body and not _SHA256.fullmatch(record.body):
        raise ValueError("the body's digest is damaged")
    if any(moment_of(gathering.first) is None for gathering in gatherings.values()):
        raise ValueError("a gathering is damaged")
    return record
