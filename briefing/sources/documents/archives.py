"""An untrusted ZIP file -> its members' bytes, within limits of size and number.

A member's size is checked in the archive's directory. If the directory lies, no more than the size
in the directory is inflated, and the wrong checksum is reported.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from briefing.errors import SourceError

__all__ = ["Archive"]

MOST_BYTES = 20_000_000
"""The largest unpacked size of all members that are read, in total. A book's text has 2 MB."""
MOST_MEMBERS = 5_000
_TOO_LARGE = "is too large when unpacked; split it, or save it without pictures"
_DAMAGED = "is damaged or not complete; copy or save it again"
_OLE = b"\xd0\xcf\x11\xe0"


class Archive:
    """The members of a ZIP file in memory."""

    def __init__(self, data: bytes) -> None:
        """Open an archive. Raise SourceError if it is no archive or too large."""
        if data.startswith(_OLE):
            raise SourceError(
                "is an old Office document under another name, or locked by a password; open it in"
                " Word or LibreOffice and save it as .docx"
            )
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
            members = self._file.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            raise SourceError(_DAMAGED) from None
        if len(members) > MOST_MEMBERS:
            raise SourceError(_TOO_LARGE)
        self._members = {member.filename: member for member in members}
        self._left = MOST_BYTES

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self) -> list[str]:
        """Return the members' names."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raise SourceError if it is missing, damaged or too large."""
        member = self._members.get(name)
        if member is None:
            raise SourceError(f"is damaged: it contains no {name}; save it again")
        if member.flag_bits & 1:
            raise SourceError("is locked by a password; save it without one")
        if member.file_size > self._left:
            raise SourceError(_TOO_LARGE)
        try:
            with self._file.open(member) as file:
                content = file.read()  # at most its size in the directory
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
            raise SourceError(_DAMAGED) from None
        self._left -= len(content)
        return content

    def resolve(self, base: str, reference: str) -> str:
        """Return the member that a reference leads to; "" if it leads out of the archive.

        base: the member that contains the reference.
        """
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(reference)
        if parts.scheme or parts.netloc:
            return ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
        return path if path in self._members else ""
