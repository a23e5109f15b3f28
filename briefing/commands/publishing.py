"""The shelves of a configuration -> their targets: `briefing publish`, and the end of a build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.config import Config, place
from briefing.config.target_addresses import check_sources
from briefing.delivery.contents import current_editions
from briefing.delivery.delivery import Delivery, deliver, is_delivered
from briefing.delivery.targets.choice import open_target
from briefing.errors import BriefingError, ConfigError, UsageError
from briefing.shelf.private_shelves import hide_keys
from briefing.shelf.shelf import Shelf

if TYPE_CHECKING:
    from briefing.delivery.targets.target import Target

__all__ = ["publish", "publish_built"]


def publish(
    configs: Sequence[Config],
    address: str | None,
    *,
    dry_run: bool,
    line: Callable[[str], None],
    phase: Callable[[str], None],
) -> None:
    """Deliver the shelf, to the target of the command line or to that of the configuration.

    Raises UsageError, DeliveryError, ShelfError, Busy.
    """
    shelves = _shelves(configs)
    if len(shelves) > 1 and address is not None:
        raise UsageError(
            "the briefings are on several shelves; name one with --name, or set publish.target in"
            " each [briefing.NAME]"
        )
    chosen = [config for config in shelves if address or config.publish.target]
    if not chosen:
        raise UsageError(
            "no target; write `briefing publish TARGET`, or set publish.target: a folder,"
            " ssh://user@host/path or s3://bucket/prefix"
        )
    for config in chosen:
        target = _target(config, configs, address)
        delivery = deliver(
            Shelf(config.output_folder),
            target,
            grace_h=config.publish.grace_h,
            dry_run=dry_run,
            phase=phase,
        )
        for row in _describe(delivery, dry_run=dry_run):
            line(row)


def publish_built(
    builds: Sequence[Config], configs: Sequence[Config], phase: Callable[[str], None]
) -> Iterator[tuple[Config, str]]:
    """Deliver each shelf that has a target and is not there yet; yield those that failed, and why.

    A build that published nothing delivers what an earlier one could not. configs: those whose
    articles are not at a target.
    """
    for config in _shelves(builds):
        if not config.publish.target:
            continue
        shelf = Shelf(config.output_folder)
        if not any(current_editions(shelf).values()):
            continue
        try:
            target = _target(config, configs)
            with suppress(OSError):  # a build replaces an edition at this moment
                if is_delivered(shelf, target, config.publish.grace_h):
                    continue
            deliver(shelf, target, grace_h=config.publish.grace_h, phase=phase)
        except BriefingError as error:
            yield config, str(error)
        except OSError as error:
            place = hide_keys(str(error.filename or config.output_folder))
            yield config, f"{place}: {error.strerror or error}"


def _shelves(configs: Sequence[Config]) -> list[Config]:
    """Return a configuration for each shelf, one with a target where there is any."""
    shelves: dict[Path, Config] = {}
    for config in configs:
        folder = config.output_folder.resolve()
        if folder not in shelves or not shelves[folder].publish.target:
            shelves[folder] = config
    return list(shelves.values())


def _target(config: Config, configs: Iterable[Config], address: str | None = None) -> Target:
    """Return the target of a shelf: that of the command line, or that of the configuration.

    configs: those whose articles are not there. Raises UsageError, DeliveryError.
    """
    if address is not None:
        return _open_apart(config, configs, address, Path.cwd())
    try:
        return _open_apart(config, configs, config.publish.target, config.base)
    except UsageError as error:
        where = place(config, "publish", "target")
        raise ConfigError(f"{where}: publish.target: {error}") from error


def _open_apart(config: Config, configs: Iterable[Config], address: str, base: Path) -> Target:
    for other in configs:
        is_recursive = other.sources.recursive
        check_sources(address, base, other.sources_folder, is_recursive=is_recursive)
    return open_target(address, base, config.output_folder, offline=config.offline)


def _describe(delivery: Delivery, *, dry_run: bool) -> Iterator[str]:
    """Yield what was done, or for a dry run what would be done, file by file."""
    if dry_run:
        for item in delivery.sent:
            yield f"send    {hide_keys(item.address)}  {item.bytes:,} bytes"
        for address in delivery.removed:
            yield f"remove  {hide_keys(address)}"
    verb = "to send" if dry_run else "sent"
    waiting = f", {delivery.waiting} to remove later" if delivery.waiting else ""
    yield (
        f"{delivery.target}: {len(delivery.sent)} files {verb}"
        f" ({delivery.sent_bytes / 1e6:.1f} MB), {delivery.unchanged} there already,"
        f" {len(delivery.removed)} {'to remove' if dry_run else 'removed'}{waiting}"
    )
