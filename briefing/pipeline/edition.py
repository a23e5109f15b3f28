"""Makes one edition with one voice: scripts -> clips -> recording -> shelf."""

from __future__ import annotations

import datetime
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from briefing.clip_cache import FolderStore
from briefing.cluster.carrier import carrier_of
from briefing.config import Config
from briefing.errors import SourceError
from briefing.mastering.clip import Clip, Mastering
from briefing.mastering.presets import mastering_of
from briefing.mastering.sounds import SoundJob, SoundSource, load_sounds
from briefing.orders.choice import choose_supply
from briefing.orders.order import groups_of
from briefing.orders.shared_supply import Carrier
from briefing.orders.supply import Supply
from briefing.pipeline.request import Report, Request
from briefing.pipeline.result import Briefing, audio_name
from briefing.production import rundown
from briefing.production.clips import ClipOrder, Pool, Production, clip_key
from briefing.production.opening import speaks_date
from briefing.production.planning import Piece
from briefing.production.time_limit import TimeLimit
from briefing.publish import feed, publication
from briefing.publish.cover import COVER_PX
from briefing.publish.edition_writer import EditionWriter
from briefing.selection import Choice, Lineup, remembers
from briefing.shelf.edition_record import EditionRecord, write_record
from briefing.shelf.read_record import save_record
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar import BuildFacts
from briefing.speech.voice import Voice
from briefing.speech.voices import settings_of
from briefing.text.script_writer import script_writer

__all__ = ["Attempt", "publish_edition"]

_BYTES_PER_MB = 1_000_000
_MOST_NAMED = 10
"""Articles, in a message about many."""
_MANY_SENTENCES = 20
"""If a paragraph has more, the progress counts its sentences: vowelling them takes seconds."""


@dataclass(frozen=True, slots=True)
class Attempt:
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


def publish_edition(attempt: Attempt, shelf: Shelf) -> Briefing:
    """Speak every article with one voice, and publish the complete edition."""
    started = time.monotonic()
    config, voice = attempt.config, attempt.voice
    sounds = load_sounds(config)
    if voice.online:
        attempt.report.warn(f"{voice.name}: the text is sent over the network to be spoken")
    mastering = mastering_of(config, voice)
    carrier = _carrier(attempt)
    supply = _supply(attempt, mastering, carrier)
    with (
        shelf.edition(config.output.name, audio_name(config)) as staged,
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
        # what the publication reads of the cache is there; all clips have been read, so the cache
        # can be trimmed while the sound is written
        feed.cover(config, COVER_PX)
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
    _warn_of_cache(attempt)
    return _report_of(attempt, edition.facts.duration_s, clips, seconds)


def _warn_of_cache(attempt: Attempt) -> None:
    """Warn of clips that could not be stored and will be spoken again."""
    if attempt.store.put_error is not None:
        why = attempt.store.put_error.strerror or attempt.store.put_error
        attempt.report.warn(f"{attempt.store.folder}: clips cannot be kept: {why}")


def _report_of(attempt: Attempt, duration_s: float, clips: _ClipCounts, seconds: float) -> Briefing:
    """Return what was published. duration_s: of its sound; seconds: that the build took."""
    config, voice = attempt.config, attempt.voice
    return Briefing(
        audio=config.shelf_folder / audio_name(config),
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
    attempt: Attempt,
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


def _describe(attempt: Attempt, shelf: Shelf, clips: _ClipCounts, seconds: float) -> BuildFacts:
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


def _write_record(attempt: Attempt, lineup: Lineup, folder: Path, files: Sequence[str]) -> None:
    """Write the record, from which the next build sees whether the edition is up to date."""
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


def _cut(
    attempt: Attempt,
    production: Production,
    supply: Supply,
    mastering: Mastering,
    sounds: Mapping[str, SoundSource],
    counts: _ClipCounts,
) -> Lineup:
    """Return the articles that there is time for.

    counts: clips that are spoken to find out are added to it.
    """
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


def _remember(attempt: Attempt, lineup: Lineup, folder: Path) -> None:
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


def _carrier(attempt: Attempt) -> Carrier | None:
    """Return what sends orders to other machines, None if all is spoken on this one."""
    if attempt.request.force or not attempt.config.cluster.address:
        return None
    return carrier_of(attempt.config, attempt.voice, attempt.report.warn)


def _supply(attempt: Attempt, mastering: Mastering, carrier: Carrier | None) -> Supply:
    """Return where the build's scripts and clips come from."""

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
        "" if carrier is None else _identity(),
    )


def _identity() -> str:
    """Return the digest of what other machines must have as this one has it."""
    from briefing.cluster.identity import identity_here

    return identity_here().digest


def _orders(
    attempt: Attempt,
    lineup: Lineup,
    supply: Supply,
    mastering: Mastering,
    waiting: deque[tuple[int, str, Piece]],
) -> Iterator[ClipOrder]:
    """Write the script of one paragraph after another, and yield the orders of its clips.

    Each piece is appended to `waiting` together with its article's place and its key.
    """
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
