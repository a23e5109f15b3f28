"""Publication where there are no symbolic links: a journal that the next command rolls forward.

Written before any published file is touched, it is the commit point: a process that dies after
it leaves a half-changed shelf, which the next command of this program completes. (The strict
promise, that a reader never sees such a shelf, is for systems with symbolic links.)
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from briefing.shelf.flushing import flush, flush_folder
from briefing.shelf.lock import STATE_FOLDER

__all__ = ["Journal", "move_aside"]

_JOURNAL = "publication.json"
_PUBLISHED = "published.json"


class Journal:
    """The journal of a shelf, in its .state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal = folder / STATE_FOLDER / _JOURNAL
        self._published = folder / STATE_FOLDER / _PUBLISHED

    def current(self) -> str | None:
        """Give the ID of the edition that a journal committed to last, or None."""
        for path in (self._journal, self._published):
            name = _read(path).get("edition")
            if isinstance(name, str):
                return name
        return None

    def publish(
        self, editions: Path, edition: str, files: Sequence[str]
    ) -> list[tuple[Path, Path]]:
        """Commit to an edition, and put its files on the shelf.

        files: their paths in the edition, with / between. Gives what was moved aside, as (from,
        to). Raises OSError; when the journal was written before it, the edition is committed all
        the same and the next command completes it (`current` tells).
        """
        self._journal.parent.mkdir(exist_ok=True)
        _write(self._journal, {"edition": edition, "files": list(files)})
        return self.roll_forward(editions)

    def roll_forward(self, editions: Path) -> list[tuple[Path, Path]]:
        """Complete the publication that was committed to, if one is not complete."""
        journal = _read(self._journal)
        if not journal:
            return []
        aside = self.put(editions, journal)
        _write(self._published, journal)
        self._journal.unlink()
        flush_folder(self._journal.parent)
        return aside

    def heal(self, editions: Path) -> list[tuple[Path, Path]]:
        """Put back the published files that somebody has removed or changed since."""
        published = _read(self._published)
        return self.put(editions, published) if published else []

    def put(self, editions: Path, wanted: dict[str, Any]) -> list[tuple[Path, Path]]:
        """Make the shelf's files those of an edition; done twice, it changes nothing more."""
        edition = editions / wanted["edition"]
        before = _read(self._published)
        old = editions / before["edition"] if before else None
        aside: list[tuple[Path, Path]] = []
        # sidecars last: until then each is at least that of the edition before
        for name in sorted(wanted["files"], key=lambda one: (one.endswith(".json"), one)):
            source, target = edition / name, self._folder / name
            if not source.exists() or _same(source, target):
                continue
            if os.path.lexists(target) and not (old and _same(old / name, target)):
                aside.append((target, move_aside(target)))
            target.parent.mkdir(parents=True, exist_ok=True)
            new = target.with_name(f".{target.name}.new")
            shutil.copy2(source, new)
            flush(new)
            new.replace(target)
        for name in set(before.get("files", ())) - set(wanted["files"]):
            target = self._folder / name
            if old and _same(old / name, target):
                target.unlink(missing_ok=True)
        flush_folder(self._folder)
        return aside


def move_aside(path: Path) -> Path:
    """Rename what is in the way to a free name beside it: a.mp3 to a.kept-1.mp3."""
    number = 1
    while os.path.lexists(free := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")):
        number += 1
    path.rename(free)
    return free


def _same(one: Path, other: Path) -> bool:
    if not one.is_file() or not other.is_file() or other.is_symlink():
        return False
    facts, others = one.stat(), other.stat()
    if (facts.st_size, facts.st_mtime_ns) == (others.st_size, others.st_mtime_ns):
        return True
    return facts.st_size == others.st_size and filecmp.cmp(one, other, shallow=False)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        values = {"edition": str(values["edition"]), "files": [str(one) for one in values["files"]]}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return values


def _write(path: Path, values: object) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    flush_folder(path.parent)
