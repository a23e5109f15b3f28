"""From the articles to the shelf: all stages of a build, in order.

sources -> articles -> rundown -> scripts -> clips -> recording -> shelf
"""

from __future__ import annotations

import datetime
import time
from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from briefing.clip_cache import FolderStore
from briefing.config import Config
from briefing.errors import EXIT_DONE, EXIT_PARTLY, SourceError, VoiceError
from briefing.preconditions import When, require
from briefing.production import rundown
from briefing.production.fingerprint import fingerprint
from briefing.publish import publication
from briefing.shelf.edition_record import EditionRecord, is_shelf, read_record, write_record
from briefing.shelf.lock import Busy, lock
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar import BuildFacts
from briefing.sources import Article, Skipped, digests, read, unread_folders
from briefing.speech.voices import settings_of, voices_of

if TYPE_CHECKING:
    from briefing.mastering.clip import Mastering
    from briefing.mastering.sounds import SoundSource
    from briefing.production.clips import ClipOrder, Pool, Production
    from briefing.production.planning import Piece
    from briefing.publish.edition_writer import EditionWriter
    from briefing.speech.voice import Voice

__all__ = [
    "NETWORK",
    "Briefing",
    "Report",
    "Request",
    "build",
    "excludes",
    "memory_mb",
    "up_to_date",
]

NETWORK = "network"

_BYTES_PER_MB = 1_000_000
_MANY_SENTENCES = 20
"""Of a paragraph: the progress counts them, since vowelling so many takes seconds."""


@dataclass(frozen=True, slots=True)
class Request:
    """The options of one build, in addition to the configuration."""

    edition_date: str
    """The day that the edition is for, YYYY-MM-DD."""
    voice: str | None = None
    """The voice of this build, instead of the configuration's."""
    ask_again: bool = False
    """Try the wanted voice again, even if an edition by another voice is up to date."""
    force: bool = False
    """Speak everything again."""
    wait_s: float | None = None
    """How long to wait for another build of this briefing; None: the configuration's time."""


class Report(Protocol):
    """Receives the progress and the messages of a build."""

    def say(self, message: str) -> None:
        """Show a message about the progress."""

    def warn(self, message: str) -> None:
        """Show a warning."""

    def phase(self, activity: str) -> None:
        """Show the current activity, such as "reading"."""

    def begin(self, pieces: int) -> None:
        """Start to count pieces: paragraphs, or parts of those that are too long for a clip."""

    def expect(self, pieces: int) -> None:
        """Change the number of pieces, of which more is known now than at the beginning."""

    def advance(self) -> None:
        """Count one piece as done."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """The published edition after a build."""

    audio: Path
    sidecar: Path
    edition_date: str
    voice: str
    fallback_reason: str | None
    skipped: tuple[Skipped, ...]
    built: bool
    """False if it was up to date and nothing was done."""
    duration_s: float = 0.0
    clips_spoken: int = 0
    clips_reused: int = 0
    seconds: float = 0.0

    @property
    def remarks(self) -> str:
        """What is not as asked for, in one line."""
        skipped = [f"{one.path}: skipped: {one.reason}" for one in self.skipped]
        return "; ".join([*([self.fallback_reason] if self.fallback_reason else []), *skipped])

    @property
    def exit_code(self) -> int:
        """EXIT_PARTLY if this build skipped something or another voice spoke."""
        partly = self.built and (self.skipped or self.fallback_reason)
        return EXIT_PARTLY if partly else EXIT_DONE


def build(config: Config, request: Request, report: Report, pool: Pool | None = None) -> Briefing:
    """Build the briefing if it is out of date, and publish it.

    pool: the workers that several builds share; None: start workers for this build. Raises
    BriefingError; then the last good edition is still published.
    """
    store = config.open_cache()
    wanted = request.voice or config.voice
    voices = voices_of(config, request.voice, store)
    with _shelf(config, request, report) as shelf:
        if notice := unread_folders(config):
            report.say(f"{config.sources_folder}: {notice}")
        print_of_it = fingerprint(config, wanted, voices, digests(config))
        if standing := _standing(shelf, config, request, print_of_it, voices):
            _warn_of_later_editions(shelf, config, report)
            return standing
        for warning in require(config, [When.SPEAKING]):
            report.warn(warning)
        report.phase("reading")
        articles, skipped = read(config)
        for one in skipped:
            report.warn(f"{one.path}: skipped: {one.reason}")
        if not articles:
            raise SourceError(f"nothing to read: {len(skipped)} sources, all skipped")
        reasons: list[str] = []
        for voice in voices:
            reason = voice.unavailable()
            if reason is None:
                work = _Work(
                    config,
                    request,
                    report,
                    store,
                    voice,
                    wanted,
                    tuple(reasons),
                    tuple(articles),
                    tuple(skipped),
                    print_of_it,
                    pool,
                )
                try:
                    return _publish(work, shelf)
                except VoiceError as error:
                    reason = str(error)
            reasons.append(reason if reason.startswith(voice.name) else f"{voice.name}: {reason}")
            report.warn(reasons[-1])
        outcome = (
            "the last edition is still published"
            if shelf.current(config.output.name)
            else "nothing was published"
        )
        raise VoiceError(f"no voice could speak, {outcome}: {'; '.join(reasons)}")


@dataclass(frozen=True, slots=True)
class _Work:
    """One attempt to build the briefing with one voice."""

    config: Config
    request: Request
    report: Report
    store: FolderStore
    voice: Voice
    wanted: str
    failed: tuple[str, ...]
    """Why the voices before this one did not speak."""
    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...]
    fingerprint: str
    pool: Pool | None


def up_to_date(config: Config, request: Request, report: Report) -> Briefing | None:
    """Return the published edition if it is up to date, or None.

    This does not wait: None is also returned while another process builds it. Raises BriefingError.
    """
    wanted = request.voice or config.voice
    store = config.open_cache()
    voices = voices_of(config, request.voice, store)
    try:
        with _shelf(config, replace(request, wait_s=0), report) as shelf:
            return _standing(
                shelf, config, request, fingerprint(config, wanted, voices, digests(config)), voices
            )
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
    if not is_shelf(config.shelf_folder):
        read(config)
    folder, name = _lock_of(config)
    wait_s = config.schedule.wait_s if request.wait_s is None else request.wait_s

    def tell(holder: str) -> None:
        report.say(
            f"another build of {config.output.name} is at work ({holder}); waiting for it to end"
        )

    with lock(folder, name, wait_s, tell):
        shelf = Shelf(config.shelf_folder)
        publication.recover(shelf, config)
        for notice in shelf.notices:
            report.warn(notice)
        yield shelf


def _standing(
    shelf: Shelf, config: Config, request: Request, print_of_it: str, voices: Sequence[Voice]
) -> Briefing | None:
    """Return the published edition if it is up to date, or None."""
    folder = shelf.current(config.output.name)
    built = read_record(folder, config.output.name) if folder else None
    if (
        request.force
        or folder is None
        or built is None
        or built.fingerprint != print_of_it
        or not built.matches(folder)
        or (built.speaks_date and built.edition_date != request.edition_date)
    ):
        return None
    if built.stand_in and request.ask_again and voices[0].unavailable() is None:
        return None  # the voice that was wanted may speak now
    return Briefing(
        audio=config.shelf_folder / _audio_name(config),
        sidecar=config.shelf_folder / f"{config.output.name}.json",
        edition_date=built.edition_date,
        voice=built.voice,
        fallback_reason=None,
        skipped=tuple(Skipped(path, reason) for path, reason in built.skipped),
        built=False,
    )


def _warn_of_later_editions(shelf: Shelf, config: Config, report: Report) -> None:
    """Warn of editions of future days, which remain the newest until those days."""
    name, today = config.output.name, datetime.date.today().isoformat()
    if dates := publication.later_dates(shelf, name, today):
        report.warn(
            f"{name} has an edition dated later than today, {today}: {', '.join(dates)};"
            f" if a clock was wrong: briefing editions --remove {name} {dates[0]}"
        )


def _publish(work: _Work, shelf: Shelf) -> Briefing:
    """Speak every article with one voice, and publish the complete edition."""
    from briefing.mastering.presets import mastering_of
    from briefing.mastering.sounds import load_sounds
    from briefing.production.clips import Production
    from briefing.publish.edition_writer import EditionWriter

    started = time.monotonic()
    config, voice = work.config, work.voice
    sounds = load_sounds(config)
    if voice.online:
        work.report.warn(f"{voice.name}: the text is sent over the network to be spoken")
    mastering = mastering_of(config, voice)
    with (
        shelf.edition(config.output.name, _audio_name(config)) as staged,
        Production(
            voice,
            settings_of(config, voice.name),
            mastering,
            work.store,
            workers=config.workers,
            force=work.request.force,
            pool=work.pool,
        ) as production,
        EditionWriter(
            staged.folder, config, work.articles, work.request.edition_date, mastering
        ) as writer,
        ThreadPoolExecutor(1, thread_name_prefix="background") as background,
    ):
        production.start()
        cleanup = background.submit(staged.remove_old_editions)
        clips = _produce(work, production, mastering, sounds, writer)
        work.report.phase("writing")
        seconds = round(time.monotonic() - started, 3)
        # all clips are read: the cache can be trimmed while the sound is written
        cache_bytes = round(config.cache.max_mb * _BYTES_PER_MB)
        trimming = background.submit(work.store.trim, cache_bytes, used_since=time.time() - seconds)
        edition = writer.finish(voice, _describe(work, clips, seconds))
        _write_record(work, staged.folder, edition.files)
        cleanup.result()
        trimming.result()
        publication.publish(staged, config, edition.text)
    _warn_of_later_editions(shelf, config, work.report)
    if work.store.put_error is not None:
        why = work.store.put_error.strerror or work.store.put_error
        work.report.warn(f"{work.store.folder}: clips cannot be kept: {why}")
    return Briefing(
        audio=config.shelf_folder / _audio_name(config),
        sidecar=config.shelf_folder / f"{config.output.name}.json",
        edition_date=work.request.edition_date,
        voice=voice.name,
        fallback_reason="; ".join(work.failed) or None,
        skipped=work.skipped,
        built=True,
        duration_s=edition.facts.duration_s,
        clips_spoken=clips.spoken,
        clips_reused=clips.reused,
        seconds=seconds,
    )


@dataclass(slots=True)
class _ClipCounts:
    """How many clips of an edition were spoken for it, and how many came from the cache."""

    spoken: int = 0
    reused: int = 0


def _produce(
    work: _Work,
    production: Production,
    mastering: Mastering,
    sounds: Mapping[str, SoundSource],
    writer: EditionWriter,
) -> _ClipCounts:
    """Have every clip and sound made, and hand them to the writer in order.

    sounds: by kind. Raises SourceError where nothing can be spoken.
    """
    from briefing.mastering.sounds import SoundJob

    counts, rate = _ClipCounts(), 0
    waiting: deque[Piece] = deque()
    for produced in production.clips(_orders(work, mastering, waiting)):
        piece = waiting.popleft()
        if produced.clip is not None:
            rate = produced.clip.sample_rate_hz
            counts.spoken += not produced.reused
            counts.reused += produced.reused
            if writer.is_silent:
                for sound in sounds.values():
                    production.begin_sound(SoundJob(sound, rate, mastering))
            if source := sounds.get(writer.sound_before(piece)):
                writer.add_sound(source.kind, production.sound(SoundJob(source, rate, mastering)))
        writer.add(piece, produced.clip)
        work.report.advance()
    if writer.is_silent:
        raise SourceError("nothing in the sources can be spoken")
    if closing := sounds.get("closing"):
        writer.add_sound(closing.kind, production.sound(SoundJob(closing, rate, mastering)))
    return counts


def _describe(work: _Work, clips: _ClipCounts, seconds: float) -> BuildFacts:
    """Return the sidecar's `build`: what may differ between two builds of the same articles."""
    return {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "wanted_voice": work.wanted,
        "fallback_reason": "; ".join(work.failed) or None,
        "clips_reused": clips.reused,
        "clips_spoken": clips.spoken,
        "seconds": seconds,
        "skipped": [{"path": source.path, "reason": source.reason} for source in work.skipped],
    }


def _write_record(work: _Work, folder: Path, files: Sequence[str]) -> None:
    """Write what the next build compares with, to see whether the edition is up to date."""
    from briefing.production.opening import speaks_date

    write_record(
        folder,
        work.config.output.name,
        EditionRecord(
            fingerprint=work.fingerprint,
            wanted_voice=work.wanted,
            voice=work.voice.name,
            edition_date=work.request.edition_date,
            stand_in=bool(work.failed),
            speaks_date=speaks_date(rundown.opening_template(work.config, work.articles)),
            files=dict.fromkeys(files, (0, 0)),
            skipped=tuple((source.path, source.reason) for source in work.skipped),
        ),
    )


def _orders(work: _Work, mastering: Mastering, waiting: deque[Piece]) -> Iterator[ClipOrder]:
    """Write the scripts, one paragraph after the other, and order the clips that they need.

    Each piece is put into `waiting` as its order is given.
    """
    from briefing.production.clips import ClipOrder, clip_key
    from briefing.production.planning import Planner
    from briefing.text.script_writer import script_writer

    config, articles, day = work.config, work.articles, work.request.edition_date
    expected = rundown.expected_pieces(config, articles, day)
    total = sum(expected)

    def vowelling(done: int, sentences: int) -> None:
        count = f" sentence {done} of {sentences}" if sentences > _MANY_SENTENCES else ""
        work.report.phase(f"vowelling{count}")

    work.report.phase("vowelling")
    work.report.begin(total)
    writer = script_writer(config, work.store, progress=vowelling)
    planner = Planner(writer, work.voice, work.store)
    paragraphs = iter(expected)
    begins = True
    for piece in rundown.pieces_of(config, articles, planner, day):
        if begins:
            total += piece.of - next(paragraphs)
            work.report.expect(total)
        begins = piece.last
        work.report.phase("speaking")
        waiting.append(piece)
        yield ClipOrder(clip_key(piece.notations, work.voice, mastering), piece.notations)


def _audio_name(config: Config) -> str:
    from briefing.mastering.formats.registry import codec_of

    return config.output.name + codec_of(config.output.format).ending
