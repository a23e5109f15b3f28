"""A folder as target: of a web server on this machine, or of another one that is mounted."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from briefing.delivery.targets.target import DeliveryError, Parcel, Present
from briefing.shelf.flushing import flush
from briefing.shelf.private_shelves import is_key

__all__ = ["FolderTarget"]

_PART = ".briefing-part"
"""The ending of a file that is being written."""


class FolderTarget:
    """A folder; each file is written beside its place and renamed."""

    def __init__(self, folder: Path) -> None:
        """folder: absolute."""
        self.folder = folder
        self.label = str(folder)
        self.identity = str(folder.resolve())

    def listing(self, folders: Sequence[str]) -> dict[str, Present]:
        """Return what is there; a folder that does not exist yet is empty."""
        if not self.folder.parent.is_dir():
            raise DeliveryError(
                f"{self.folder}: {self.folder.parent} is no folder; mount or create it, or name"
                " another target"
            )
        with self._refusals():
            return {name: row for folder in folders for name, row in self._present(folder)}

    def _present(self, prefix: str) -> Iterator[tuple[str, Present]]:
        try:
            entries = list(os.scandir(self.folder / prefix))
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in entries:
            if entry.name.endswith(_PART):
                continue
            status = entry.stat(follow_symlinks=False)
            if not entry.is_dir(follow_symlinks=False):
                present = Present(status.st_size, str(status.st_mtime_ns))
                yield prefix + entry.name, present

    def has_content(self, parcel: Parcel, present: Present) -> bool:
        """Compare the bytes."""
        place = self.folder / parcel.item.address
        if present.bytes != parcel.item.bytes or place.is_symlink():
            return False
        with self._refusals():
            return filecmp.cmp(parcel.path, place, shallow=False)

    def send(self, parcels: Sequence[Parcel], on_sent: Callable[[Parcel, str], None]) -> None:
        """Write one file after the other."""
        for parcel in parcels:
            place = self.folder / parcel.item.address
            part = place.with_name(f".{place.name}{_PART}")
            with self._refusals():
                place.parent.mkdir(parents=True, exist_ok=True)
                try:
                    with suppress(FileNotFoundError):
                        part.unlink()  # never written through: it may be a link
                    shutil.copyfile(parcel.path, part)
                    flush(part)
                    part.replace(place)
                except OSError:
                    with suppress(OSError):
                        part.unlink()
                    raise
                tag = str(place.stat().st_mtime_ns)
            on_sent(parcel, tag)

    def mark(self, name: str, content: bytes) -> None:
        """Write a small file."""
        with self._refusals():
            self.folder.mkdir(exist_ok=True)
            (self.folder / name).write_bytes(content)

    def read_mark(self, name: str) -> str:
        """Return its text."""
        try:
            return (self.folder / name).read_bytes()[:200].decode("utf-8", "replace")
        except OSError:
            return ""

    def remove(self, addresses: Sequence[str]) -> None:
        """Remove files."""
        with self._refusals():
            for address in addresses:
                (self.folder / address).unlink(missing_ok=True)
            # a private briefing's folder goes when it is empty
            for folder in sorted({Path(address).parent for address in addresses}, reverse=True):
                if is_key(folder.parts[0] if folder.parts else ""):
                    with suppress(OSError):
                        (self.folder / folder).rmdir()
                        (self.folder / folder.parts[0]).rmdir()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if not str(error.filename or "").startswith(str(self.folder)):
                raise  # of the shelf
            raise self._refusal(error) from error
        except OSError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: OSError) -> DeliveryError:
        place = error.filename2 or error.filename or self.folder
        return DeliveryError(
            f"{place}: {error.strerror or error}; free space, mount it, or make it writable"
        )
