"""A shelf -> its target, in an order in which nothing that a feed names is ever missing.

Dated files are sent first, then the newest edition's, then the pages, the feeds last. A process
may be killed between any two of these: the feed that is there names only what is there. What the
feeds name no more is removed, not before the time of grace has passed since, and only if this
shelf delivered it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from briefing.delivery.contents import Item, Stage, contents, current_editions
from briefing.delivery.ledger import Ledger, Row, ledger_path, read_ledger, shelf_number
from briefing.delivery.targets.target import MARKER, DeliveryError, Parcel, Present, Target
from briefing.errors import BriefingError, ShelfError
from briefing.shelf.addresses import KEPT_FOLDER
from briefing.shelf.lock import STATE_FOLDER, lock
from briefing.shelf.private_shelves import hide_keys, is_key, private_shelves
from briefing.shelf.shelf import Shelf

__all__ = ["Delivery", "deliver", "is_delivered"]

_TRIES = 3
"""As often the shelf is looked at anew when a build replaces what is to be sent."""
_MOST_NAMED = 3
"""Files in a message."""


@dataclass
class Delivery:
    """What was done, or would be done, at a target."""

    target: str
    """Its address as messages show it."""
    sent: list[Item] = field(default_factory=list)
    """In the order in which they were sent."""
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    waiting: int = 0
    """Files that will be removed when the time of grace has passed."""

    @property
    def sent_bytes(self) -> int:
        """The bytes that were sent; a copy of what the target has costs none."""
        return sum(item.bytes for item in self.sent if not item.same_as)


class _Replaced(Exception):
    """A build has replaced what was to be sent."""


def deliver(
    shelf: Shelf,
    target: Target,
    *,
    grace_h: float,
    now: datetime | None = None,
    dry_run: bool = False,
    phase: Callable[[str], None] = lambda _: None,
) -> Delivery:
    """Bring a target up to date with a shelf. Raises DeliveryError, ShelfError, Busy.

    grace_h: hours for which a file stays after the feeds ceased to name it. now: by default the
    clock's, with an offset. phase: told what is being done.
    """
    now = now or datetime.now(UTC)
    path = ledger_path(shelf.folder, target.identity)
    with lock(shelf.folder, f"delivery.{path.stem}", 0.0):
        ledger = read_ledger(path)
        ledger.target = target.label
        outgoing = shelf.folder / STATE_FOLDER / f"outgoing.{path.stem}"
        outgoing.mkdir(parents=True, exist_ok=True, mode=0o700)  # private addresses are in it
        run = _Run(shelf, target, ledger, outgoing, now, phase)
        try:
            delivery = run.whole(timedelta(hours=grace_h), dry_run=dry_run)
        except BriefingError as error:
            problem = hide_keys(str(error))
            if not dry_run:
                ledger.problem, ledger.at = problem, now.isoformat(timespec="seconds")
                ledger.write()
            raise type(error)(problem) from None
        finally:
            shutil.rmtree(outgoing, ignore_errors=True)
    return delivery


def is_delivered(shelf: Shelf, target: Target, grace_h: float, now: datetime | None = None) -> bool:
    """Return whether a target has all of the shelf by the record, and nothing is to be removed.

    The target is not asked. Raises OSError if a build replaces an edition meanwhile.
    """
    ledger = read_ledger(ledger_path(shelf.folder, target.identity))
    if ledger.problem or not ledger.shelf_state:
        return False
    now = now or datetime.now(UTC)
    if _due(ledger, shelf, now, timedelta(hours=grace_h)):
        return False
    return ledger.shelf_state == _state(contents(shelf).values())


@dataclass
class _Run:
    shelf: Shelf
    target: Target
    ledger: Ledger
    outgoing: Path
    """Hard links to what is sent: a build may replace the originals meanwhile."""
    now: datetime
    phase: Callable[[str], None]

    def whole(self, grace: timedelta, *, dry_run: bool) -> Delivery:
        if not any(current_editions(self.shelf).values()):
            raise ShelfError(f"{self.shelf.folder}: nothing is published yet; run `briefing build`")
        number = shelf_number(self.shelf.folder)
        self.phase("asking what is there")
        present = self.target.listing(_folders(self.shelf, self.ledger))
        self._refuse_other_shelf(present, number)
        for _ in range(_TRIES):
            try:
                items, parcels = self._to_send(present)
                break
            except (_Replaced, FileNotFoundError):
                continue
        else:
            raise ShelfError(f"{self.shelf.folder}: is being built; publish it again afterwards")
        delivery = Delivery(self.target.label, unchanged=len(items) - len(parcels))
        if dry_run:
            delivery.sent = [parcel.item for parcel in parcels]
        else:
            self._claim(present, number)
            self._send(parcels, delivery)
        self._remove(items, present, grace, delivery, dry_run=dry_run)
        if not dry_run:
            self.ledger.problem, self.ledger.at = "", self.now.isoformat(timespec="seconds")
            self.ledger.shelf_state = _state(items.values())
            self.ledger.write()
        return delivery

    def _refuse_other_shelf(self, present: dict[str, Present], number: str) -> None:
        marks = [name for name in present if name.startswith(MARKER)]
        other_marks = [name for name in marks if name != MARKER + number]
        if other_marks:
            note = (
                " ".join(self.target.read_mark(other_marks[0]).split()) or "it does not say which"
            )
            raise DeliveryError(
                f"{self.target.label}: is filled by another shelf ({note}); name a target of its"
                f" own for each, or remove {other_marks[0]} there if that shelf is given up"
            )

    def _claim(self, present: dict[str, Present], number: str) -> None:
        """Mark the target as this shelf's; of two that do so at once, both are told."""
        if MARKER + number in present:
            return
        note = (
            f"{self.shelf.folder.absolute()} on {socket.gethostname()}, since {self.now:%Y-%m-%d}"
        )
        self.target.mark(MARKER + number, note.encode("utf-8", "replace"))
        self._refuse_other_shelf(self.target.listing([""]), number)

    def _to_send(self, present: dict[str, Present]) -> tuple[dict[str, Item], list[Parcel]]:
        """Return all files by their addresses, and those that the target does not have."""
        editions = current_editions(self.shelf)
        items = contents(self.shelf)
        parcels, strangers = [], []
        for item in items.values():
            there, row = present.get(item.address), self.ledger.rows.get(item.address)
            local = (item.bytes, item.modified_ns)
            if there and row and (row.bytes, row.modified_ns, row.tag) == (*local, there.tag):
                continue
            parcel = Parcel(item, self._pin(item))
            if there and self.target.has_content(parcel, there):
                self.ledger.rows[item.address] = Row(*local, there.tag)
            elif there and row is None and item.address not in self.ledger.begun:
                strangers.append(item.address)
            else:
                parcels.append(parcel)
        if current_editions(self.shelf) != editions:
            raise _Replaced
        if strangers:
            raise DeliveryError(
                f"{self.target.label}: {_list_names(strangers)} there and was not published by this"
                " program; move it away, or name another target"
            )
        return items, parcels

    def _pin(self, item: Item) -> Path:
        """Link a file into the folder of what is sent; raise _Replaced if it is another by now."""
        path = self.outgoing / item.address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            os.link(item.path, path)
        except FileNotFoundError:
            raise
        except OSError:  # a file system without hard links
            shutil.copy2(item.path, path)
        status = path.stat()
        if (status.st_size, status.st_mtime_ns) != (item.bytes, item.modified_ns):
            raise _Replaced
        return path

    def _send(self, parcels: Sequence[Parcel], delivery: Delivery) -> None:
        def sent(parcel: Parcel, tag: str) -> None:
            item = parcel.item
            self.ledger.rows[item.address] = Row(item.bytes, item.modified_ns, tag)
            delivery.sent.append(item)

        if parcels:
            self.ledger.begun = [parcel.item.address for parcel in parcels]
            self.ledger.write()
        for stage in Stage:
            batch = [parcel for parcel in parcels if parcel.item.stage is stage]
            if batch:
                self.phase(f"sending, {len(delivery.sent)} of {len(parcels)} files")
                self.target.send(batch, sent)
        self.ledger.begun = []

    def _remove(
        self,
        items: dict[str, Item],
        present: dict[str, Present],
        grace: timedelta,
        delivery: Delivery,
        *,
        dry_run: bool,
    ) -> None:
        """Remove what has not been named for long enough. The feeds are there already."""
        ledger = self.ledger
        ledger.unnamed = {
            address: ledger.unnamed.get(address, self.now.isoformat())
            for address in ledger.rows
            if address not in items
        }
        delivery.removed = _due(ledger, self.shelf, self.now, grace)
        delivery.waiting = len(ledger.unnamed) - len(delivery.removed)
        if delivery.removed and not dry_run:
            self.phase("removing old editions")
            self.target.remove([address for address in delivery.removed if address in present])
            for address in delivery.removed:
                del ledger.rows[address], ledger.unnamed[address]


def _folders(shelf: Shelf, ledger: Ledger) -> list[str]:
    """Return the folders of a target in which files of this shelf are or will be."""
    keys = {key for key, _ in private_shelves(shelf.folder)}
    keys |= {address.partition("/")[0] for address in (*ledger.rows, *ledger.begun)}
    tops = ["", *(f"{key}/" for key in sorted(keys) if is_key(key))]
    return [folder for top in tops for folder in (top, f"{top}{KEPT_FOLDER}/")]


def _due(ledger: Ledger, shelf: Shelf, now: datetime, grace: timedelta) -> list[str]:
    """Return what may be removed: at once what is private, the rest after the time of grace."""
    shelves = dict(private_shelves(shelf.folder))
    names = [folder.name.rpartition(".")[0] for folder in shelves.values()]
    return [
        address
        for address, since in ledger.unnamed.items()
        if now - datetime.fromisoformat(since) >= grace
        or is_key(address.partition("/")[0])
        or any(_is_of(name, address) for name in names)
    ]


def _is_of(name: str, address: str) -> bool:
    """Return whether a public address was, or may have been, that of a private briefing."""
    own = re.escape(name)
    return bool(
        re.fullmatch(rf"{own}\..+|{KEPT_FOLDER}/{own}-\d{{4}}-\d\d-\d\d[-.].+", address)
        or (address.endswith(".xml") and "/" not in address)
    )


def _state(items: Iterable[Item]) -> str:
    digest = hashlib.sha256()
    for item in items:
        digest.update(f"{item.address}\0{item.bytes}\0{item.modified_ns}\0".encode())
    return digest.hexdigest()


def _list_names(addresses: Sequence[str]) -> str:
    more = len(addresses) - _MOST_NAMED
    names = ", ".join(addresses[:_MOST_NAMED])
    return f"{names} and {more} more are" if more > 0 else f"{names} is"
