"""The guard before a ZIP file of a stranger."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from briefing.errors import SourceError
from briefing.sources.documents import archives
from briefing.sources.documents.archives import Archive


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_member_is_read_as_it_is() -> None:
    assert Archive(packed(a=b"text")).read("a") == b"text"


def test_a_size_that_the_directory_admits_is_refused_before_it_is_inflated() -> None:
    with pytest.raises(SourceError, match="too large when unpacked"):
        Archive(packed(a=bytes(archives.MOST_BYTES + 1))).read("a")


def test_all_members_together_have_one_limit() -> None:
    archive = Archive(
        packed(a=bytes(archives.MOST_BYTES // 2 + 1), b=bytes(archives.MOST_BYTES // 2))
    )
    archive.read("a")
    with pytest.raises(SourceError, match="too large when unpacked"):
        archive.read("b")


def test_a_size_that_the_directory_denies_is_refused_while_it_is_inflated() -> None:
    data = bytearray(packed(a=bytes(archives.MOST_BYTES + 1)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)  # the uncompressed size, a lie
    with pytest.raises(SourceError, match="damaged"):
        Archive(bytes(data)).read("a")


def test_too_many_members_are_refused() -> None:
    members = {f"m{number}": b"" for number in range(archives.MOST_MEMBERS + 1)}
    with pytest.raises(SourceError, match="too large when unpacked"):
        Archive(packed(**members))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(100), b"text"])
def test_what_is_no_archive_is_damaged(data: bytes) -> None:
    with pytest.raises(SourceError, match="damaged"):
        Archive(data)


def test_a_locked_archive_says_so() -> None:
    data = bytearray(packed(a=b"text"))
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1  # the flag of encryption
    with pytest.raises(SourceError, match="password"):
        Archive(bytes(data)).read("a")


@pytest.mark.parametrize(
    ("reference", "member"),
    [
        ("b.xhtml#note", "text/b.xhtml"),
        ("../c.xhtml", "c.xhtml"),
        ("b%2Exhtml", "text/b.xhtml"),
        ("../../etc/passwd", ""),
        ("/etc/passwd", ""),
        ("file:///etc/passwd", ""),
        ("//host/b.xhtml", ""),
        ("missing.xhtml", ""),
    ],
)
def test_a_reference_names_a_member_or_nothing(reference: str, member: str) -> None:
    archive = Archive(packed(**{"text/a.xhtml": b"", "text/b.xhtml": b"", "c.xhtml": b""}))
    assert archive.resolve("text/a.xhtml", reference) == member
