"""The ZIP file of a book, the same bytes each time: W3C, EPUB 3.3, 4.3 (OCF ZIP container)."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from contextlib import AbstractContextManager
from pathlib import Path

__all__ = ["Archive"]

_MIMETYPE = "application/epub+zip"
_MODE = 0o644 << 16
_UNIX = 3
_COMPRESSION = 6
_CHUNK = 1 << 20
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
"""A ZIP file cannot hold other times."""


class Archive(AbstractContextManager["Archive"]):
    """Writes the members of a book. The first is the media type, as a reading system expects."""

    def __init__(self, path: Path, day: datetime.date) -> None:
        """Create the file. day: the time of each member is its beginning. Raises OSError."""
        year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR)
        self._time = (year, day.month, day.day, 0, 0, 0)
        self._file = zipfile.ZipFile(path, "w")
        self._file.writestr(self._member("mimetype", zipfile.ZIP_STORED), _MIMETYPE)

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add_text(self, name: str, text: str) -> None:
        """Add a text, compressed. Raises OSError."""
        member = self._member(name, zipfile.ZIP_DEFLATED)
        self._file.writestr(member, text.encode(), compresslevel=_COMPRESSION)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add what is compressed already, such as a picture. Raises OSError."""
        self._file.writestr(self._member(name, zipfile.ZIP_STORED), content)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file as a stream, stored, so that a player can seek in it. Raises OSError."""
        member = self._member(name, zipfile.ZIP_STORED)
        member.file_size = path.stat().st_size
        with path.open("rb") as source, self._file.open(member, "w") as target:
            shutil.copyfileobj(source, target, _CHUNK)

    def _member(self, name: str, compression: int) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, self._time)
        member.compress_type = compression
        member.create_system = _UNIX  # whatever system writes it
        member.external_attr = _MODE
        return member
