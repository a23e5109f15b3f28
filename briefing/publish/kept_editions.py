"""The current edition of a briefing -> one of the dated editions that the shelf keeps.

`editions/NAME-DATE-DIGEST.mp3` and its sidecar and transcript never change under their name;
a rebuild on the same edition date takes the place of the one before (DESIGN.md, promise 7).
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from briefing.publish.sidecar_reader import KEPT_FOLDER, read_edition

__all__ = ["keep", "kept_sidecars"]


def keep(folder: Path, name: str, keep: int) -> None:
    """Add the edition in `folder` to its `editions/` by hard link and prune what is too many.

    folder: an edition's folder before its commit, with NAME.json and all that it names.
    keep: how many edition dates of this briefing are kept, the newest; 0 keeps none, and the
    folder has no `editions/` then (unless other briefings keep theirs).
    Raises OSError. Does nothing where there is no readable sidecar.
    """
    edition = read_edition(folder / f"{name}.json")
    if edition is None:
        return
    kept = folder / KEPT_FOLDER
    if keep:
        kept.mkdir(exist_ok=True)
        for file in edition.endings():
            source, target = folder / file, kept / edition.kept_name(file)
            if not source.exists():
                continue
            if target.exists():
                target.unlink()  # the same bytes, or a sidecar that differs in `build` alone
            try:
                os.link(source, target)
            except OSError:  # FAT, or a folder of another file system
                shutil.copyfile(source, target)
    if not kept.is_dir():
        return
    dates = sorted({date for date, _ in kept_sidecars(kept, name)}, reverse=True)[:keep]
    for path in sorted(kept.iterdir()):
        found = _belongs(path.name, name)
        if not found:
            continue
        date, digest = found
        superseded = date == edition.date and digest not in (None, edition.digest)
        if date not in dates or superseded:
            path.unlink()
    if not any(kept.iterdir()):
        kept.rmdir()


def kept_sidecars(kept: Path, name: str | None = None) -> list[tuple[str, Path]]:
    """List (edition date, sidecar) of the kept editions, newest first.

    kept: the `editions/` folder, which need not exist. name: of one briefing; None lists all.
    """
    pattern = re.compile(r"(.+)-(\d{4}-\d\d-\d\d)-[0-9a-f]{12}\.json")
    found = []
    for path in sorted(kept.glob("*.json")):
        match = pattern.fullmatch(path.name)
        if match and name in (None, match[1]):
            found.append((match[2], path))
    return sorted(found, key=lambda one: one[0], reverse=True)


def _belongs(file: str, name: str) -> tuple[str, str | None] | None:
    """Give (date, digest) of a kept file of this briefing; its page has no digest in its name."""
    found = re.fullmatch(
        re.escape(name) + r"-(\d{4}-\d\d-\d\d)(?:-([0-9a-f]{12})\..+|\.html)", file
    )
    return (found[1], found[2]) if found else None
