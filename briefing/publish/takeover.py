"""A shelf of an earlier version, with one edition for all briefings -> one edition for each.

In earlier versions audio/.current led to a folder with the files of all briefings, and there was
one journal for all. During the takeover, readers see the same bytes at the same addresses at every
step. If the process dies, .current (or the one journal) is still there, and the next command
continues the takeover.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from briefing.config import Config
from briefing.publish import views
from briefing.publish.feed import owner_of
from briefing.publish.kept_editions import share
from briefing.publish.listening_page.article_html import article_html
from briefing.publish.listening_page.page import Extras, write
from briefing.shelf.addresses import CURRENT, EDITIONS, KEPT_FOLDER, VIEW_NAMES, VIEWS, in_order
from briefing.shelf.edition_record import record_name
from briefing.shelf.flushing import flush_folder, flush_tree
from briefing.shelf.journal import CopiedNames, Publication, read_old
from briefing.shelf.links import LinkedNames
from briefing.shelf.listing import (
    LASTING_PAGE,
    KeptEdition,
    Listing,
    kept_edition,
    row_of,
    write_listing,
)
from briefing.shelf.lock import STATE_FOLDER
from briefing.shelf.register import FIRST_COVER, FIRST_FEED, Register, read_register, write_register
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar_reader import DIGEST_LENGTH, read_edition

__all__ = ["is_needed", "take_over"]

_JOURNAL, _RECORD = "publication.json", "published.json"
_OLD_EDITION = re.compile(r"[0-9a-f]+-\d+")
_OLD_TEMPORARY = (".current.new", ".link.new")
_KEPT_STEM = re.compile(
    rf"(?P<name>.+)-(?P<date>\d{{4}}-\d\d-\d\d)-(?P<digest>[0-9a-f]{{{DIGEST_LENGTH}}})\.json"
)


@dataclass(frozen=True, slots=True)
class _Briefing:
    """A briefing of the old shelf."""

    name: str
    files: Mapping[str, Path]
    """For each file that it publishes its path."""
    kept_sidecars: Mapping[str, Path]
    """The sidecars of its kept editions, by date and digest."""


def is_needed(folder: Path) -> bool:
    """Return whether a shelf is one of an earlier version, or its takeover was interrupted."""
    return os.path.lexists(folder / CURRENT) or any(
        read_old(folder / STATE_FOLDER / file) for file in (_JOURNAL, _RECORD)
    )


def take_over(shelf: Shelf, config: Config) -> None:
    """Convert a shelf of an earlier version. Raises Busy, OSError.

    config: the configuration of one of its briefings. Its first table gets the feed.xml that the
    briefings of the old shelf shared.
    """
    with shelf.shared_lock():
        if not is_needed(shelf.folder):
            return
        front = shelf.front
        before = _finish_journal(shelf.folder, front) if isinstance(front, CopiedNames) else None
        old = _old_edition(shelf.folder, before)
        if old is not None:
            briefings = _briefings(old)
            register = _register(shelf, old, briefings, config)
            for briefing in briefings:
                if shelf.current(briefing.name) is None:
                    edition = _copy(shelf.folder, old, briefing, register, config)
                    _adopt(front, briefing.name, edition, before)
            for briefing in briefings:
                front.heal(briefing.name)
            _show_views(shelf, old)
    views.refresh(shelf, config)
    with shelf.shared_lock():
        _clear(shelf.folder, shelf.names())


def _finish_journal(folder: Path, front: CopiedNames) -> Publication | None:
    """Complete the publication of an old journal; return what is published."""
    state = folder / STATE_FOLDER
    journal, record = read_old(state / _JOURNAL), read_old(state / _RECORD)
    if journal is not None and (folder / EDITIONS / journal.edition).is_dir():
        front.put(journal, record or Publication(""))
        return journal
    return record


def _old_edition(folder: Path, before: Publication | None) -> Path | None:
    """Return the old edition of all briefings; None if an interrupted takeover removed it."""
    place = folder / EDITIONS / before.edition if before is not None else folder / CURRENT
    return place.resolve() if place.is_dir() else None


def _briefings(old: Path) -> list[_Briefing]:
    """Return the briefings of an old edition. A damaged sidecar is replaced by a kept edition's."""
    sidecars: dict[str, dict[str, Path]] = {}
    for path in sorted((old / KEPT_FOLDER).glob("*.json")):
        if match := _KEPT_STEM.fullmatch(path.name):
            sidecars.setdefault(match["name"], {})[f"{match['date']}-{match['digest']}"] = path
    briefings = []
    names = {path.stem for path in old.glob("[!.]*.json")} | sidecars.keys()
    for name in sorted(names):
        files = _files(old, name)
        if not files and name in sidecars:
            newest = max(sidecars[name])
            files = _kept_files(sidecars[name][newest], name, newest)
        if files:
            briefings.append(_Briefing(name, files, sidecars.get(name, {})))
    return briefings


def _files(old: Path, name: str) -> dict[str, Path]:
    """Return the files of a briefing; {} if its sidecar does not list them."""
    sidecar = old / f"{name}.json"
    try:
        outputs = [str(entry["path"]) for entry in json.loads(sidecar.read_bytes())["outputs"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    names = [sidecar.name, record_name(name), *(file for file in outputs if "/" not in file)]
    return {file: old / file for file in names if (old / file).is_file()}


def _kept_files(sidecar: Path, name: str, day: str) -> dict[str, Path]:
    stem = f"{name}-{day}"
    files = {path.name: path for path in sidecar.parent.iterdir()}
    return {
        f"{name}{file.removeprefix(stem)}": path
        for file, path in files.items()
        if file.startswith(f"{stem}.")
    }


def _register(shelf: Shelf, old: Path, briefings: Iterable[_Briefing], config: Config) -> Register:
    """Return a register with the old addresses. A shared feed.xml goes to the first table."""
    if register := read_register(shelf.folder):
        return register  # an interrupted takeover wrote it
    published = [briefing.name for briefing in briefings]
    tables = config.on_this_shelf
    configured = _names(config)
    order = [*configured, *(name for name in published if name not in configured)]
    feeds = {}
    for path in sorted(old.glob("*.xml")):
        owner = owner_of(path)
        first = tables[0]
        mixed = path.name == FIRST_FEED and first.has_feed
        if mixed and (owner in configured or first.name in published):
            owner = first.name
        feeds[owner] = path.name
    holders = [name for name in order if name in published]
    covers = {holders[0]: FIRST_COVER} if holders else {}
    register = Register(in_order((), order), feeds, covers)
    write_register(shelf.folder, register)
    return register


def _names(config: Config) -> list[str]:
    return [table.name for table in config.on_this_shelf]


def _copy(folder: Path, old: Path, briefing: _Briefing, register: Register, config: Config) -> Path:
    """Make a briefing's own editions from its part of the old one; return the current one."""
    name = briefing.name
    place = folder / EDITIONS / name
    shutil.rmtree(place, ignore_errors=True)
    edition = place / old.name
    edition.mkdir(parents=True)
    files = dict(briefing.files)
    if file := register.feeds.get(name):
        files[file] = old / file
    if stem := register.covers.get(name):
        files |= {path.name: path for path in old.glob(f"{stem}.*")}
    for file, path in files.items():
        if path.is_file():
            share(path, edition / file)
    entries = [
        entry
        for day, sidecar in sorted(briefing.kept_sidecars.items(), reverse=True)
        if (entry := _copy_kept(sidecar, name, day, place))
    ]
    cover = next((file for file in files if file.endswith((".png", ".jpg"))), "")
    _write_listing(edition, name, entries, Extras(register.feeds.get(name, ""), cover), config)
    flush_tree(place)
    flush_folder(place.parent)
    return edition


def _copy_kept(sidecar: Path, name: str, day: str, place: Path) -> KeptEdition | None:
    """Make a folder for a kept edition; return its entry, or None if its sidecar is damaged."""
    folder = place / day
    folder.mkdir()
    for file, path in _kept_files(sidecar, name, day).items():
        share(path, folder / file)
    page = sidecar.with_name(f"{name}-{day[:10]}.html")
    if page.is_file():
        share(page, folder / LASTING_PAGE)
    edition = read_edition(folder / f"{name}.json")
    if edition is None:
        return None
    entry = kept_edition(edition, day)
    write_listing(folder, Listing(row_of(edition, is_kept=False), (entry,)))
    return entry


def _write_listing(
    folder: Path, name: str, entries: list[KeptEdition], extras: Extras, config: Config
) -> None:
    edition = read_edition(folder / f"{name}.json")
    if edition is None:
        return
    # without a generator, so that the next build writes the kept pages again
    listing = Listing(row_of(edition, is_kept=False), tuple(entries), config.page.interface)
    with suppress(ValueError):
        write(folder, edition, article_html(edition), listing, extras)
    write_listing(folder, listing)


def _adopt(front: object, name: str, edition: Path, before: Publication | None) -> None:
    if isinstance(front, LinkedNames):
        front.adopt(name, edition)
    elif isinstance(front, CopiedNames):
        front.adopt(name, edition, before or Publication(""))


def _show_views(shelf: Shelf, old: Path) -> None:
    """Publish the old page from the folder of views."""
    for file in VIEW_NAMES:
        view = shelf.folder / VIEWS / file
        if (old / file).is_file():
            view.parent.mkdir(exist_ok=True)
            if not view.exists():
                share(old / file, view)
            shelf.front.show(file)


def _clear(folder: Path, names: Iterable[str]) -> None:
    """Remove what only the old shelf needed. .current, which marks an old shelf, is the last."""
    for path in folder.iterdir():
        if path.is_symlink() and path.readlink().parts[:1] == (CURRENT,):
            path.unlink(missing_ok=True)
    for temporary in _OLD_TEMPORARY:
        path = folder / temporary
        if path.is_symlink() and len(path.readlink().parts) <= 2:
            path.unlink(missing_ok=True)
    for path in (folder / EDITIONS).glob("*"):
        if _OLD_EDITION.fullmatch(path.name) and path.name not in names:
            shutil.rmtree(path, ignore_errors=True)
    for file in (_JOURNAL, _RECORD):
        path = folder / STATE_FOLDER / file
        if read_old(path) is not None:
            path.unlink()
    current = folder / CURRENT
    if current.is_symlink():
        current.unlink()
    elif current.is_dir():
        shutil.rmtree(current)
