"""A configuration -> the reasons why it cannot be built, found before anything is built.

`build`, `check` and the start of the schedule share one list, so they refuse the same things with
the same messages. Each precondition is a small function that raises an error if a build is
impossible, and yields warnings.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from briefing.config import Config, place
from briefing.config.cluster_addresses import check_address
from briefing.config.target_addresses import check_sources, check_target
from briefing.errors import BriefingError, ConfigError, Findings, ShelfError, UsageError
from briefing.shelf.lock import STATE_FOLDER

__all__ = ["PRECONDITIONS", "Precondition", "When", "examine", "require"]


class When(Enum):
    """When a precondition is checked."""

    LOCKING = "before anything is written on the shelf; cheap, so every build checks it"
    SPEAKING = "before anything is spoken; a build that has nothing to do does not check it"
    SERVING = "before the schedule starts; a build finds out by itself or does not need it"


@dataclass(frozen=True)
class Precondition:
    """An entry of the list."""

    examine: Callable[[Config], Iterable[str]]
    """Yields warnings; raises BriefingError if no build is possible."""
    when: When


def examine(config: Config, moments: Collection[When] = tuple(When)) -> Findings:
    """Return all refusals and warnings, in the order of the list."""
    refusals: list[BriefingError] = []
    warnings: list[str] = []
    for precondition in PRECONDITIONS:
        if precondition.when in moments:
            try:
                warnings += precondition.examine(config)
            except BriefingError as refusal:
                refusals.append(refusal)
    return Findings(tuple(refusals), tuple(warnings))


def require(config: Config, moments: Collection[When] = tuple(When)) -> tuple[str, ...]:
    """Return the warnings. Raise the first refusal (BriefingError)."""
    warnings: list[str] = []
    for precondition in PRECONDITIONS:
        if precondition.when in moments:
            warnings += precondition.examine(config)
    return tuple(warnings)


# -- the shelf's folder

_PUBLISHED_ENDINGS = frozenset(
    {".mp3", ".m4b", ".opus", ".json", ".vtt", ".html", ".xml", ".png", ".jpg", ".epub"}
)
"""The endings of the files that are published at the top of a shelf."""
_EDITIONS = ".editions"
"""A folder that contains this is a shelf, this briefing's or another's."""


def _shelf_is_apart_from_sources(config: Config) -> Iterator[str]:
    """Refuse a folder of articles that a build publishes into: it would read its own output."""
    sources, shelf = config.sources_folder, config.output_folder
    inner = _path_inside(sources, shelf)
    problem = ""
    if inner is not None and inner.parts and _is_of_the_shelf(inner.parts[0]):
        problem = f"{sources} contains the shelf's own files, not articles"
    elif inner == Path() or os.path.isdir(sources / _EDITIONS):  # noqa: PTH112 - is_dir may raise
        pattern = next(filter(_may_match_published, config.sources.patterns), None)
        if pattern is not None:
            problem = (
                f"articles are read from {sources}, and {pattern!r} in sources.patterns would also"
                " match the files that are published there"
            )
    if problem:
        raise ConfigError(
            f"{place(config, 'output', 'folder')}: output.folder = {config.output.folder!r},"
            f" sources.folder = {config.sources.folder!r}: {problem};"
            " use different folders for the shelf and the articles"
        )
    yield from ()


def _target_is_possible(config: Config) -> Iterator[str]:
    """Refuse an address to which no shelf can be delivered."""
    if config.publish.target:
        try:
            check_target(
                config.publish.target, config.base, config.output_folder, offline=config.offline
            )
            check_sources(
                config.publish.target,
                config.base,
                config.sources_folder,
                is_recursive=config.sources.recursive,
            )
        except UsageError as error:
            where = place(config, "publish", "target")
            raise ConfigError(f"{where}: publish.target: {error}") from error
    yield from ()


def _cluster_is_possible(config: Config) -> Iterator[str]:
    """Refuse an address of a cluster that cannot be one, is not safe, or lacks the shared store."""
    if config.cluster.address:
        try:
            check_address(config.cluster.address, config.cache.shared, offline=config.offline)
        except UsageError as error:
            where = place(config, "cluster", "address")
            raise ConfigError(f"{where}: cluster.address: {error}") from error
    yield from ()


def _may_match_published(pattern: str) -> bool:
    """Return whether a pattern may match a published file: only another ending is safe.

    >>> list(map(_may_match_published, ("*", "*.txt", "a*", "*.MP3", "*.[jt]*")))
    [True, False, True, True, True]
    """
    ending = os.path.splitext(pattern)[1].lower()  # noqa: PTH122 - a pattern, no path
    return not ending or bool(set(ending) & set("*?[")) or ending in _PUBLISHED_ENDINGS


def _path_inside(path: Path, folder: Path) -> Path | None:
    """Return a path relative to a folder that contains it, whatever links and case it has.

    Return None if the folder does not contain it.
    """
    real, real_folder = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    for parent in (real, *real.parents):
        same = parent == real_folder
        with suppress(OSError):
            same = same or parent.samefile(real_folder)
        if same:
            return real.relative_to(parent)
    return None


def _is_of_the_shelf(folder: str) -> bool:
    from briefing.shelf.sidecar_reader import KEPT_FOLDER

    return folder.startswith(".") or folder.casefold() == KEPT_FOLDER


def _shelf_can_be_written(config: Config) -> Iterator[str]:
    """Refuse a shelf that cannot be made or written to.

    Only making a nameless file shows this with certainty. If the shelf does not exist, the nearest
    folder above it must be writable. No folder is made, because another build may be making the
    shelf at this moment.
    """
    shelf = config.shelf_folder
    nearest = next(folder for folder in (shelf, *shelf.parents) if os.path.lexists(folder))
    state = shelf / STATE_FOLDER
    # an existing lock can be used even if the folder cannot be written to
    has_lock = (state / f"build.{config.output.name}.lock").is_file()
    needed = (nearest, shelf / _EDITIONS, *(() if has_lock else (state,)))
    for folder in needed:
        try:
            if os.path.lexists(folder):
                with tempfile.TemporaryFile(dir=folder, prefix=".new-"):
                    pass
        except OSError as error:
            raise ShelfError(
                f"{place(config, 'output', 'folder')}: output.folder = {config.output.folder!r}:"
                f" {folder} cannot be written: {error.strerror}; make the folder writable, or"
                " change output.folder"
            ) from None
    yield from ()


def _no_foreign_file_is_in_the_way(config: Config) -> Iterator[str]:
    """Refuse if a file that this program did not publish would be overwritten."""
    from briefing.mastering.formats.registry import codec_of
    from briefing.shelf.addresses import PAGE_NAME, SHELF_NAME
    from briefing.shelf.register import Register, claim, read_register
    from briefing.shelf.shelf import Shelf
    from briefing.shelf.sidecar_reader import KEPT_FOLDER

    endings = [codec_of(config.output.format).ending, ".json", ".vtt", ".chapters.json"]
    endings += [".epub"] if config.output.epub else []
    names = [f"{config.output.name}{ending}" for ending in endings]
    names += [PAGE_NAME, SHELF_NAME, KEPT_FOLDER]
    if config.feed.base_url:
        register = claim(read_register(config.shelf_folder) or Register(), config)
        names.append(register.feeds[config.output.name])
        ending = Path(config.feed.cover).suffix or ".png"
        names.append(register.covers[config.output.name] + ending)
    Shelf(config.shelf_folder).refuse_strangers(names)
    yield from ()


# -- the parts of an edition


def _book_can_hold_the_sound(config: Config) -> Iterator[str]:
    """Refuse a read-along book with Opus, which many reading systems do not play."""
    if config.output.epub and config.output.format == "opus":
        raise ConfigError(
            f"{place(config, 'output', 'epub')}: output.epub = true, output.format = 'opus': many"
            " reading systems play no Opus sound; use output.format = 'mp3' or 'm4b', or"
            " output.epub = false"
        )
    yield from ()


def _feed_can_be_written(config: Config) -> Iterator[str]:
    from briefing.publish import feed

    yield from feed.check(config)


def _sounds_can_be_played(config: Config) -> Iterator[str]:
    from briefing.mastering.sounds import load_sounds

    load_sounds(config)
    yield from ()


def _lexicon_can_be_read(config: Config) -> Iterator[str]:
    if config.text.lexicon:
        from briefing.text.normalisation.lexicon import configured_lexicon

        configured_lexicon(config)
    yield from ()


# -- what only the schedule needs to know beforehand


def _voice_can_be_chosen(config: Config) -> Iterator[str]:
    from briefing.speech.voices import voices_of

    voices_of(config, None, config.open_cache())
    yield from ()


def _timetable_can_be_read(config: Config) -> Iterator[str]:
    from briefing.schedule.cron import timetable

    timetable(config)
    yield from ()


PRECONDITIONS = (
    Precondition(_shelf_is_apart_from_sources, When.LOCKING),
    Precondition(_target_is_possible, When.LOCKING),
    Precondition(_cluster_is_possible, When.LOCKING),
    Precondition(_book_can_hold_the_sound, When.LOCKING),
    Precondition(_shelf_can_be_written, When.LOCKING),
    Precondition(_no_foreign_file_is_in_the_way, When.SPEAKING),
    Precondition(_feed_can_be_written, When.SPEAKING),
    Precondition(_sounds_can_be_played, When.SPEAKING),
    Precondition(_lexicon_can_be_read, When.SPEAKING),
    Precondition(_voice_can_be_chosen, When.SERVING),
    Precondition(_timetable_can_be_read, When.SERVING),
)
