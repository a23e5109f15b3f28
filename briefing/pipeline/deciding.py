"""Whether a build has anything to do, and which voice speaks it."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.errors import SourceError, VoiceError
from briefing.pipeline.request import Report, Request
from briefing.pipeline.result import Briefing, audio_name
from briefing.preconditions import When, require
from briefing.production.fingerprint import fingerprint
from briefing.publish import publication
from briefing.selection import Choice, choose, remembers
from briefing.shelf.edition_record import is_shelf, read_record
from briefing.shelf.lock import Busy, lock
from briefing.shelf.shelf import Shelf
from briefing.sources import Skipped, digests, read, unread_folders
from briefing.speech.voices import voices_of

if TYPE_CHECKING:
    from briefing.production.clips import Pool
    from briefing.speech.voice import Voice

__all__ = ["NETWORK", "build", "excludes", "memory_mb", "up_to_date"]

NETWORK = "network"

_MOST_NAMED = 10
"""Articles, in a message about many."""


def build(config: Config, request: Request, report: Report, pool: Pool | None = None) -> Briefing:
    """Build the briefing if it is out of date, and publish it.

    pool: the workers that several builds share; None: start workers for this build. Raises
    BriefingError; then the last good edition is still published.
    """
    store = config.open_cache()
    wanted_voice = request.voice or config.voice
    voices = voices_of(config, request.voice, store)
    with _shelf(config, request, report) as shelf:
        if notice := unread_folders(config):
            report.say(f"{config.sources_folder}: {notice}")
        choice, inputs = _inputs(shelf, config, request)
        if choice and choice.notice:
            report.warn(choice.notice)
        lexicon = _text_of_lexicon(config)
        current_fingerprint = fingerprint(config, wanted_voice, voices, inputs)
        if briefing := _nothing_to_do(shelf, config, request, current_fingerprint, voices, choice):
            _warn_of_later_editions(shelf, config, report)
            return briefing
        from briefing.pipeline.edition import Attempt, publish_edition

        for warning in require(config, [When.SPEAKING]):
            report.warn(warning)
        report.phase("reading")
        choice = choice or choose(config, shelf.current(config.output.name), request.edition_date)
        _report_unread(choice, report)
        if not choice.selection.lineup.articles:
            raise SourceError(f"nothing to read: {len(choice.skipped)} sources, all skipped")
        reasons: list[str] = []
        for voice in voices:
            reason = voice.unavailable()
            if reason is None:
                attempt = Attempt(
                    config,
                    request,
                    report,
                    store,
                    voice,
                    wanted_voice,
                    tuple(reasons),
                    choice,
                    current_fingerprint,
                    lexicon,
                    pool,
                )
                try:
                    briefing = publish_edition(attempt, shelf)
                except VoiceError as error:
                    reason = str(error)
                else:
                    _warn_of_later_editions(shelf, config, report)
                    return briefing
            reasons.append(reason if reason.startswith(voice.name) else f"{voice.name}: {reason}")
            report.warn(reasons[-1])
        stands = shelf.current(config.output.name)
        outcome = "the last edition is still published" if stands else "nothing was published"
        raise VoiceError(f"no voice could speak, {outcome}: {'; '.join(reasons)}")


def up_to_date(config: Config, request: Request, report: Report) -> Briefing | None:
    """Return the published edition if it is up to date, or None.

    This does not wait: None is also returned while another process builds it. Raises BriefingError.
    """
    wanted_voice = request.voice or config.voice
    store = config.open_cache()
    voices = voices_of(config, request.voice, store)
    try:
        with _shelf(config, replace(request, wait_s=0), report) as shelf:
            choice, inputs = _inputs(shelf, config, request)
            current_fingerprint = fingerprint(config, wanted_voice, voices, inputs)
            return _nothing_to_do(shelf, config, request, current_fingerprint, voices, choice)
    except Busy:
        return None


def excludes(config: Config, request: Request) -> frozenset[Hashable]:
    """Return what a build needs exclusively: builds with a common entry do not run concurrently.

    This is its lock and, for a voice that is a service, the network, so that the service gets no
    more concurrent requests than from one build.
    """
    store = config.open_cache()
    voices = voices_of(config, request.voice, store)
    folder, name = _lock_of(config)
    own = frozenset([(folder.resolve(), name)])
    return own | {NETWORK for voice in voices if voice.online or voice.concurrency == "threads"}


def memory_mb(config: Config, request: Request) -> int:
    """Return the most memory that a worker of this build needs; 0 if no voice declares it."""
    store = config.open_cache()
    return max(voice.memory_mb for voice in voices_of(config, request.voice, store))


def _lock_of(config: Config) -> tuple[Path, str]:
    """Return the folder and the name of the lock that a build of this briefing holds."""
    return config.shelf_folder, f"build.{config.output.name}"


@contextmanager
def _shelf(config: Config, request: Request, report: Report) -> Iterator[Shelf]:
    """Hold the lock of a build; yield the shelf, repaired if necessary. Raises BriefingError.

    If there is no shelf yet and no article can be read, no folder is made.
    """
    require(config, [When.LOCKING])
    if not is_shelf(config.shelf_folder) and not config.gathers:
        read(config)
    folder, name = _lock_of(config)
    wait_s = config.schedule.wait_s if request.wait_s is None else request.wait_s

    def report_wait(holder: str) -> None:
        report.say(
            f"another build of {config.output.name} is at work ({holder}); waiting for it to end"
        )

    with lock(folder, name, wait_s, report_wait):
        shelf = Shelf(config.shelf_folder)
        publication.recover(shelf, config)
        for notice in shelf.notices:
            report.warn(notice)
        yield shelf


def _inputs(
    shelf: Shelf, config: Config, request: Request
) -> tuple[Choice | None, Sequence[tuple[str, str]]]:
    """Return the choice of articles, and their digests for the fingerprint.

    If no edition depends on earlier ones, nothing is read yet, and the choice is None.
    """
    if not remembers(config) and not config.gathers:
        return None, digests(config)
    choice = choose(config, shelf.current(config.output.name), request.edition_date)
    return choice, choice.digests()


def _nothing_to_do(
    shelf: Shelf,
    config: Config,
    request: Request,
    current_fingerprint: str,
    voices: Sequence[Voice],
    choice: Choice | None,
) -> Briefing | None:
    """Return the published edition if it is up to date or the sources have no news, or None."""
    if briefing := _current_edition(shelf, config, request, current_fingerprint, voices):
        return briefing
    if choice is None or choice.selection.is_news:
        return None
    folder = shelf.current(config.output.name)
    record = read_record(folder, config.output.name) if folder else None
    since = f" since the edition of {record.edition_date}" if record else ""
    return Briefing(
        audio=config.shelf_folder / audio_name(config),
        sidecar=config.shelf_folder / f"{config.output.name}.json",
        edition_date=record.edition_date if record else "",
        voice=record.voice if record else "",
        fallback_reason=None,
        skipped=choice.skipped,
        is_new=False,
        notice=f"no news{since}: no edition of {request.edition_date}",
    )


def _report_unread(choice: Choice, report: Report) -> None:
    """Report which files and stories are not read, and why."""
    for file in choice.skipped:
        report.warn(f"{file.path}: skipped: {file.reason}")
    doubles = [
        f"{double.article.heading}: the same story as {double.original}"
        for double in choice.selection.doubles
        if not double.date
    ]
    missed = [
        f"missed: {story.title}: there was no time for it, and now it is too late"
        for story in choice.selection.missed
    ]
    for messages in (doubles, missed):
        for message in messages[:_MOST_NAMED]:
            report.say(message)
        if len(messages) > _MOST_NAMED:
            report.say(f"and {len(messages) - _MOST_NAMED} more like these")


def _current_edition(
    shelf: Shelf,
    config: Config,
    request: Request,
    current_fingerprint: str,
    voices: Sequence[Voice],
) -> Briefing | None:
    """Return the published edition if it is up to date, or None."""
    folder = shelf.current(config.output.name)
    record = read_record(folder, config.output.name) if folder else None
    if (
        request.force
        or folder is None
        or record is None
        or record.fingerprint != current_fingerprint
        or not record.matches(folder)
        or (record.speaks_date and record.edition_date != request.edition_date)
    ):
        return None
    if record.stand_in and request.ask_again and voices[0].unavailable() is None:
        return None  # the wanted voice may be able to speak now
    return Briefing(
        audio=config.shelf_folder / audio_name(config),
        sidecar=config.shelf_folder / f"{config.output.name}.json",
        edition_date=record.edition_date,
        voice=record.voice,
        fallback_reason=None,
        skipped=tuple(Skipped(path, reason) for path, reason in record.skipped),
        is_new=False,
    )


def _warn_of_later_editions(shelf: Shelf, config: Config, report: Report) -> None:
    """Warn of editions of future days, which remain the newest until those days."""
    name, today = config.output.name, datetime.date.today().isoformat()
    if dates := publication.later_dates(shelf, name, today):
        report.warn(
            f"{name} has an edition dated later than today, {today}: {', '.join(dates)};"
            f" if a clock was wrong: briefing editions --remove {name} {dates[0]}"
        )


def _text_of_lexicon(config: Config) -> str:
    """Return the text of the user's lexicon, "" if there is none."""
    try:
        return config.lexicon_file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
