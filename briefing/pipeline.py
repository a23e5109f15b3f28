"""From the articles to the shelf: all stages of a build, in order.

sources -> articles -> rundown -> scripts -> clips -> recording -> shelf
"""

from __future__ import annotations

import datetime
import time
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
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
from briefing.selection import Choice, Lineup, choose, remembers
from briefing.shelf.edition_record import EditionRecord, is_shelf, read_record, write_record
from briefing.shelf.lock import Busy, lock
from briefing.shelf.read_record import save_record
from briefing.shelf.shelf import Shelf
from briefing.sources import Skipped, digests, read, unread_folders
from briefing.speech.voices import settings_of, voices_of

if TYPE_CHECKING:
    from briefing.mastering.clip import Clip, Mastering
    from briefing.mastering.sounds import SoundSource
    from briefing.orders.shared_supply import Carrier
    from briefing.orders.supply import Supply
    from briefing.production.clips import ClipOrder, Pool, Production
    from briefing.production.planning import Piece
    from briefing.publish.edition_writer import EditionWriter
    from briefing.shelf.sidecar import BuildFacts
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
_MOST_NAMED = 10
"""Articles, in a message about many."""
_MANY_SENTENCES = 20
"""If a paragraph has more, the progress counts its sentences: vowelling them takes seconds."""


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
    is_new: bool
    """False if it was up to date and nothing was done."""
    duration_s: float = 0.0
    clips_spoken: int = 0
    clips_reused: int = 0
    clips_elsewhere: int = 0
    """Those of the spoken ones that workers of a cluster spoke."""
    workers: int = 0
    """How many of these there were."""
    seconds: float = 0.0
    notice: str = ""
    """Why there is no new edition, if the sources have no news."""

    @property
    def remarks(self) -> str:
        """What was skipped, and why another voice spoke, in one line."""
        skipped = [f"{file.path}: skipped: {file.reason}" for file in self.skipped]
        notices = filter(None, (self.notice, self.fallback_reason))
        return "; ".join([*notices, *skipped])

    @property
    def exit_code(self) -> int:
        """EXIT_PARTLY if this build skipped something or another voice spoke."""
        partly = self.is_new and (self.skipped or self.fallback_reason)
        return EXIT_PARTLY if partly else EXIT_DONE


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
                attempt = _Attempt(
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
                    return _publish(attempt, shelf)
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
class _Attempt:
    """One attempt to build the briefing with one voice."""

    config: Config
    request: Request
    report: Report
    store: FolderStore
    voice: Voice
    wanted_voice: str
    failed: tuple[str, ...]
    """Why the voices before this one could not speak."""
    choice: Choice
    fingerprint: str
    lexicon: str
    """The text of the user's lexicon."""
    pool: Pool | None


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
        audio=config.shelf_folder / _audio_name(config),
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
        audio=config.shelf_folder / _audio_name(config),
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


def _publish(attempt: _Attempt, shelf: Shelf) -> Briefing:
    """Speak every article with one voice, and publish the complete edition."""
    from briefing.cluster.carrier import carrier_of
    from briefing.mastering.presets import mastering_of
    from briefing.mastering.sounds import load_sounds
    from briefing.production.clips import Production
    from briefing.publish.edition_writer import EditionWriter

    started = time.monotonic()
    config, voice = attempt.config, attempt.voice
    sounds = load_sounds(config)
    if voice.online:
        attempt.report.warn(f"{voice.name}: the text is sent over the network to be spoken")
    mastering = mastering_of(config, voice)
    carrier = None if attempt.request.force else carrier_of(config, voice, attempt.report.warn)
    supply = _supply(attempt, mastering, carrier)
    with (
        shelf.edition(config.output.name, _audio_name(config)) as staged,
        supply,
        Production(
            voice,
            settings_of(config, voice.name),
            mastering,
            attempt.store,
            workers=config.workers,
            force=attempt.request.force,
            pool=attempt.pool,
        ) as production,
        ThreadPoolExecutor(1, thread_name_prefix="background") as background,
        ExitStack() as files,
    ):
        if carrier is None:
            production.start()
        cleanup = background.submit(staged.remove_old_editions)
        clips = _ClipCounts()
        lineup = attempt.choice.selection.lineup
        if config.edition.max_minutes:
            lineup = _cut(attempt, production, supply, mastering, sounds, clips)
        missed = attempt.choice.selection.missed
        day = attempt.request.edition_date
        writer = files.enter_context(
            EditionWriter(staged.folder, config, lineup, day, mastering, missed)
        )
        _produce(attempt, lineup, supply, production, mastering, sounds, writer, clips)
        attempt.report.phase("writing")
        seconds = round(time.monotonic() - started, 3)
        # all clips have been read, so the cache can be trimmed while the sound is written
        cache_bytes = round(config.cache.max_mb * _BYTES_PER_MB)
        trimming = background.submit(
            attempt.store.trim, cache_bytes, used_since=time.time() - seconds
        )
        edition = writer.finish(voice, _describe(attempt, shelf, clips, seconds))
        _write_record(attempt, lineup, staged.folder, edition.files)
        _remember(attempt, lineup, staged.folder)
        cleanup.result()
        trimming.result()
        publication.publish(staged, config, edition.text)
        supply.finish()
    _report_left_out(lineup, config, attempt.report)
    _warn_after(attempt, shelf)
    return _report_of(attempt, edition.facts.duration_s, clips, seconds)


def _warn_after(attempt: _Attempt, shelf: Shelf) -> None:
    """Warn of later editions, and of clips that could not be stored and will be spoken again."""
    _warn_of_later_editions(shelf, attempt.config, attempt.report)
    if attempt.store.put_error is not None:
        why = attempt.store.put_error.strerror or attempt.store.put_error
        attempt.report.warn(f"{attempt.store.folder}: clips cannot be kept: {why}")


def _report_of(
    attempt: _Attempt, duration_s: float, clips: _ClipCounts, seconds: float
) -> Briefing:
    """Return what was published. duration_s: of its sound; seconds: that the build took."""
    config, voice = attempt.config, attempt.voice
    return Briefing(
        audio=config.shelf_folder / _audio_name(config),
        sidecar=config.shelf_folder / f"{config.output.name}.json",
        edition_date=attempt.request.edition_date,
        voice=voice.name,
        fallback_reason="; ".join(attempt.failed) or None,
        skipped=attempt.choice.skipped,
        is_new=True,
        duration_s=duration_s,
        clips_spoken=clips.spoken,
        clips_reused=clips.reused,
        clips_elsewhere=clips.elsewhere,
        workers=clips.workers,
        seconds=seconds,
    )


@dataclass(slots=True)
class _ClipCounts:
    """How many clips of an edition were spoken for it, and how many came from the cache."""

    spoken: int = 0
    reused: int = 0
    elsewhere: int = 0
    """Those of the spoken ones that workers of a cluster spoke."""
    workers: int = 0
    """How many of these there were."""


def _produce(
    attempt: _Attempt,
    lineup: Lineup,
    supply: Supply,
    production: Production,
    mastering: Mastering,
    sounds: Mapping[str, SoundSource],
    writer: EditionWriter,
    counts: _ClipCounts,
) -> None:
    """Make every clip and sound, and pass them to the writer in order.

    sounds: by kind. counts: already has the clips that were spoken before, which now come from the
    cache. Raises SourceError if there is nothing to speak.
    """
    from briefing.mastering.sounds import SoundJob

    rate = article = 0
    counts.reused -= counts.spoken
    waiting: deque[tuple[int, str, Piece]] = deque()
    for produced in production.clips(_orders(attempt, lineup, supply, mastering, waiting)):
        place, key, piece = waiting.popleft()
        if place != article:
            supply.keep(article)
            article = place
        if produced.clip is not None:
            rate = produced.clip.sample_rate_hz
            elsewhere = produced.reused and supply.was_spoken(key)
            counts.elsewhere += elsewhere
            counts.spoken += elsewhere or not produced.reused
            counts.reused += produced.reused and not elsewhere
            if writer.is_silent:
                for sound in sounds.values():
                    production.begin_sound(SoundJob(sound, rate, mastering))
            if source := sounds.get(writer.sound_before(piece)):
                writer.add_sound(source.kind, production.sound(SoundJob(source, rate, mastering)))
        writer.add(piece, produced.clip)
        attempt.report.advance()
    if writer.is_silent:
        raise SourceError("nothing in the sources can be spoken")
    supply.keep(article)
    if closing := sounds.get("closing"):
        writer.add_sound(closing.kind, production.sound(SoundJob(closing, rate, mastering)))
    counts.reused = max(0, counts.reused)
    counts.workers = supply.workers


def _describe(attempt: _Attempt, shelf: Shelf, clips: _ClipCounts, seconds: float) -> BuildFacts:
    """Return the sidecar's `build`: facts that may differ between builds of the same articles."""
    return {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "wanted_voice": attempt.wanted_voice,
        "fallback_reason": "; ".join(attempt.failed) or None,
        "clips_reused": clips.reused,
        "clips_spoken": clips.spoken,
        "seconds": seconds,
        "skipped": [
            {"path": source.path, "reason": source.reason} for source in attempt.choice.skipped
        ],
        "utc_offset": publication.offset_of_day(
            shelf, attempt.config, attempt.request.edition_date
        ),
    }


def _write_record(attempt: _Attempt, lineup: Lineup, folder: Path, files: Sequence[str]) -> None:
    """Write the record, from which the next build sees whether the edition is up to date."""
    from briefing.production.opening import speaks_date

    write_record(
        folder,
        attempt.config.output.name,
        EditionRecord(
            fingerprint=attempt.fingerprint,
            wanted_voice=attempt.wanted_voice,
            voice=attempt.voice.name,
            edition_date=attempt.request.edition_date,
            stand_in=bool(attempt.failed),
            speaks_date=speaks_date(rundown.opening_template(attempt.config, lineup.articles)),
            files=dict.fromkeys(files, (0, 0)),
            skipped=tuple((source.path, source.reason) for source in attempt.choice.skipped),
            lexicon=attempt.lexicon,
        ),
    )


def _text_of_lexicon(config: Config) -> str:
    """Return the text of the user's lexicon, "" if there is none."""
    try:
        return config.lexicon_file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def _cut(
    attempt: _Attempt,
    production: Production,
    supply: Supply,
    mastering: Mastering,
    sounds: Mapping[str, SoundSource],
    counts: _ClipCounts,
) -> Lineup:
    """Return the articles that there is time for.

    counts: clips that are spoken to find out are added to it.
    """
    from briefing.mastering.sounds import SoundJob
    from briefing.orders.order import groups_of
    from briefing.production.clips import ClipOrder, clip_key
    from briefing.production.time_limit import TimeLimit

    rate = 0

    def speak(pieces: Iterable[Piece]) -> Iterator[Clip | None]:
        nonlocal rate
        keys = ((clip_key(piece.notations, attempt.voice, mastering), piece) for piece in pieces)
        for produced in production.clips(ClipOrder(key, piece.notations) for key, piece in keys):
            if produced.clip is not None:
                rate = produced.clip.sample_rate_hz
                counts.spoken += not produced.reused
            yield produced.clip

    def sound_s(kind: str) -> float:
        if kind not in sounds or not rate:
            return 0.0
        return production.sound(SoundJob(sounds[kind], rate, mastering)).samples / rate

    attempt.report.phase("speaking")
    config, day, lineup = (
        attempt.config,
        attempt.request.edition_date,
        attempt.choice.selection.lineup,
    )
    supply.begin(groups_of(config, lineup, day), ahead=False)
    limit = TimeLimit(config, supply.planner, day, attempt.voice.name, speak, supply.bring, sound_s)
    return limit.cut(lineup)


def _remember(attempt: _Attempt, lineup: Lineup, folder: Path) -> None:
    """Write the record of what this edition and earlier ones read into its folder."""
    record, date = attempt.choice.record, attempt.request.edition_date
    if remembers(attempt.config):
        record = record.with_day(date, attempt.choice.selection.day(lineup))
    if record.days:
        save_record(folder, attempt.config.output.name, record)


def _report_left_out(lineup: Lineup, config: Config, report: Report) -> None:
    """Report the articles that there was no time for."""
    if not lineup.left:
        return
    count = len(lineup.left)
    titles = "; ".join(article.heading for article in lineup.left[:_MOST_NAMED])
    more = f"; and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
    report.say(
        f"edition.max_minutes = {config.edition.max_minutes:g}: no time for {count}"
        f" {'article' if count == 1 else 'articles'}: {titles}{more}"
    )


def _supply(attempt: _Attempt, mastering: Mastering, carrier: Carrier | None) -> Supply:
    """Return where the build's scripts and clips come from."""
    from briefing.cluster.identity import identity_here
    from briefing.orders.choice import choose_supply
    from briefing.text.script_writer import script_writer

    def vowelling(finished: int, sentences: int) -> None:
        count = f" sentence {finished} of {sentences}" if sentences > _MANY_SENTENCES else ""
        attempt.report.phase(f"vowelling{count}")

    writer = script_writer(attempt.config, attempt.store, progress=vowelling)
    return choose_supply(
        attempt.config,
        writer,
        attempt.voice,
        attempt.store,
        mastering,
        attempt.report.warn,
        carrier,
        identity_here().digest if carrier is not None else "",
    )


def _orders(
    attempt: _Attempt,
    lineup: Lineup,
    supply: Supply,
    mastering: Mastering,
    waiting: deque[tuple[int, str, Piece]],
) -> Iterator[ClipOrder]:
    """Write the script of one paragraph after another, and yield the orders of its clips.

    Each piece is appended to `waiting` together with its article's place and its key.
    """
    from briefing.orders.order import groups_of
    from briefing.production.clips import ClipOrder, clip_key

    config, day = attempt.config, attempt.request.edition_date
    expected = rundown.expected_pieces(config, lineup, day)
    total = sum(expected)
    attempt.report.phase("vowelling")
    attempt.report.begin(total)
    paragraphs = iter(expected)
    begins = True
    article = 0

    def before(place: int) -> None:
        nonlocal article
        article = place
        supply.bring(place)

    supply.begin(groups_of(config, lineup, day))
    for piece in rundown.pieces_of(config, lineup, supply.planner, day, before):
        if begins:
            total += piece.of - next(paragraphs)
            attempt.report.expect(total)
        begins = piece.last
        attempt.report.phase("speaking")
        key = clip_key(piece.notations, attempt.voice, mastering)
        waiting.append((article, key, piece))
        yield ClipOrder(key, piece.notations)


def _audio_name(config: Config) -> str:
    from briefing.mastering.formats.registry import codec_of

    return config.output.name + codec_of(config.output.format).ending
