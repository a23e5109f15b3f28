"""Clips, in order -> the files of an edition: the MP3, its sidecar, transcript and chapters.

They are written as streams, so memory does not grow with the length of the recording.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from briefing import __version__
from briefing.config import Config
from briefing.mastering.clip import Clip, Mastering
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.formats.tags import ChapterMark, SectionMark, Tags, id3_room
from briefing.mastering.recording import Recorder, RecordingFacts
from briefing.production.planning import Piece
from briefing.production.rundown import (
    OVERFLOW_CHAPTER,
    SECTION,
    overflow_paragraphs,
    spoken_paragraphs,
)
from briefing.publish.cover import COVER_PX, SMALL_COVER_PX
from briefing.publish.feed import cover
from briefing.publish.listening_page.article_html import ArticleHtml, ArticleWriter
from briefing.publish.player_chapters import OPENING_CHAPTER, PlayerChapters, player_chapters
from briefing.publish.read_along.writer import BookWriter, book_facts
from briefing.publish.sidecar_writer import (
    SCHEMA_VERSION,
    ParagraphSpool,
    left_out_row,
    paragraph_row,
    sentence_row,
    source_row,
    write_sidecar,
)
from briefing.publish.transcript import WebVtt, chapters_json
from briefing.selection import Lineup
from briefing.shelf.flushing import flush
from briefing.shelf.read_record import Story
from briefing.shelf.sidecar import (
    BuildFacts,
    Chapter,
    Contents,
    Head,
    Output,
    Section,
    Sentence,
    SoundMark,
)
from briefing.speech.voice import Voice

__all__ = ["Edition", "EditionWriter"]

_CHANNELS = 1
_BUFFER = 1 << 20
_BODY = ".body"
_CHUNK = 1 << 23
"""Bytes of a file that are digested at a time: many, because threads switch between two chunks."""
_TURN_S = 0.0005
"""How often threads switch: the one that waits for the disk needs few and short turns."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition that was written."""

    facts: RecordingFacts
    files: tuple[str, ...]
    """The names of its files, including the sidecar."""
    text: ArticleHtml
    """The text of its page."""


class EditionWriter(AbstractContextManager["EditionWriter"]):
    """Writes one edition into a folder. Leaving the context closes its temporary files."""

    def __init__(
        self,
        folder: Path,
        config: Config,
        lineup: Lineup,
        edition_date: str,
        mastering: Mastering,
        missed: Sequence[Story] = (),
    ) -> None:
        """missed: stories that will not be read any more, see `Selection.missed`."""
        self._folder = folder
        self._config = config
        self._lineup = lineup
        self._missed = missed
        self._edition_date = edition_date
        self._files = ExitStack()
        # in the edition's folder, because its disk must have room for everything anyway
        self._body = self._files.enter_context((folder / _BODY).open("w+b"))
        spool = self._files.enter_context(
            tempfile.TemporaryFile(dir=folder, prefix=".rows-", buffering=_BUFFER)
        )
        self._recorder = Recorder(
            self._body,
            mastering.quality,
            _room(config, lineup),
            mastering.room_tone_dbfs,
        )
        self._files.callback(self._recorder.close)
        self._spool = ParagraphSpool(cast(BinaryIO, spool))
        self._rows: list[Sentence] = []
        self._paragraph_start_s: float | None = None
        self._pause_s = 0.0
        self._sound_end_s = 0.0
        """The time at which the last sound ended."""
        self._chapter_times: dict[int, tuple[float, float]] = {}
        self._heading_times: dict[int, float] = {}
        """The time at which the heading of each section begins."""
        self._headings = 0
        """How many headings of sections have been added completely."""
        self._has_opening = False
        """Whether something has been spoken before the first article and its heading."""
        self._last_chapter: int | None = None
        """The article that was spoken last; None if it was the opening."""
        self._sounds: list[SoundMark] = []
        self._is_silent = True
        self._lyrics: list[str] = []
        """The text as written, one paragraph a line."""

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, piece: Piece, clip: Clip | None) -> None:
        """Append a piece. clip: None if it has nothing to speak."""
        rate, start = 1, 0
        if clip is not None:
            rate = clip.sample_rate_hz
            start = self._recorder.append(clip, self._pause_s)
            if self._is_silent and piece.chapter is None and piece.kind != SECTION:
                self._has_opening = True
            self._add_speech(piece.chapter, start / rate, (start + clip.samples) / rate)
            if piece.kind == SECTION:
                self._heading_times.setdefault(self._headings, start / rate)
        times = iter(clip.sentences if clip is not None else ())
        for part in piece.parts:
            spoken = next(times) if part.notation else None
            row = sentence_row(part, spoken, start, rate, self._sound_end_s)
            if part.continues and self._rows:
                self._rows[-1] = _join(self._rows[-1], row)
            else:
                self._rows.append(row)
        if clip is not None:
            self._pause_s = piece.pause_after_s
        else:
            self._pause_s = max(self._pause_s, piece.pause_after_s)
        if piece.last:
            start_s = (
                self._sound_end_s if self._paragraph_start_s is None else self._paragraph_start_s
            )
            paragraph = paragraph_row(
                piece.chapter, start_s, self._sound_end_s, self._rows, piece.kind
            )
            self._spool.add(paragraph)
            self._lyrics.append(" ".join(row["text"] for row in self._rows))
            self._rows = []
            self._paragraph_start_s = None
            self._headings += piece.kind == SECTION

    def sound_before(self, piece: Piece) -> str:
        """Return the kind of the sound before a piece that is spoken; "" if there is none."""
        if self._is_silent:
            return "opening"
        ends_article = self._last_chapter is not None and self._last_chapter != piece.chapter
        return "separator" if ends_article else ""

    def add_sound(self, kind: str, clip: Clip) -> None:
        """Append a sound that is no speech. It belongs to no chapter, because a chapter begins
        with its article's first word."""
        start = self._recorder.append(clip, self._pause_s)
        start_s = start / clip.sample_rate_hz
        self._sound_end_s = (start + clip.samples) / clip.sample_rate_hz
        self._sounds.append(
            {"kind": kind, "start_s": _round(start_s), "end_s": _round(self._sound_end_s)}
        )
        self._pause_s = self._config.pauses.sound_s

    def _add_speech(self, chapter: int | None, start_s: float, end_s: float) -> None:
        if self._paragraph_start_s is None:
            self._paragraph_start_s = start_s
        self._last_chapter = chapter
        self._is_silent = False
        if chapter is not None:
            first, _ = self._chapter_times.get(chapter, (start_s, end_s))
            self._chapter_times[chapter] = (first, end_s)
        self._sound_end_s = end_s

    @property
    def is_silent(self) -> bool:
        """Whether no article has been spoken yet."""
        return not self._chapter_times

    def _chapters(self, marks: Sequence[ChapterMark]) -> list[Chapter]:
        """Return the sidecar's chapters."""
        return [
            {
                "title": mark.title,
                "start_s": _round(mark.start_s),
                "end_s": _round(mark.end_s),
                "source": index if index < len(self._lineup.articles) else None,
            }
            for index, mark in enumerate(marks)
        ]

    def _chapter_marks(self) -> list[ChapterMark]:
        """Return one chapter for each article; if nothing of it is spoken, it has no length."""
        marks = []
        ended_s = min(start_s for start_s, _ in self._chapter_times.values())
        titles = [article.heading for article in self._lineup.articles]
        titles += [OVERFLOW_CHAPTER] if self._lineup.overflow else []
        for index, title in enumerate(titles):
            start_s, ended_s = self._chapter_times.get(index, (ended_s, ended_s))
            marks.append(ChapterMark(title, start_s, ended_s))
        return marks

    def _section_marks(self, chapters: Sequence[ChapterMark]) -> list[SectionMark]:
        """Return the sections with the times of their headings."""
        return [
            SectionMark(
                group.title,
                self._heading_times.get(number, chapters[group.places.start].start_s),
                chapters[group.places[-1]].end_s,
                group.places,
            )
            for number, group in enumerate(self._lineup.groups)
        ]

    def _contents(
        self, chapters: Sequence[ChapterMark], sections: Sequence[SectionMark]
    ) -> Contents:
        """Return the sources and chapters, and sections and articles left out if there are any."""
        contents: Contents = {
            "sources": [source_row(article) for article in self._lineup.articles],
            "chapters": self._chapters(chapters),
        }
        rows: list[Section] = [
            {
                "title": section.title,
                "start_s": _round(section.start_s),
                "end_s": _round(section.end_s),
                "chapters": list(section.chapters),
            }
            for section in sections
        ]
        left = [left_out_row(article, "time") for article in self._lineup.left]
        left += [left_out_row(story, "missed") for story in self._missed]
        if rows:
            contents["sections"] = rows
        if left:
            contents["left_out"] = left
        return contents

    def finish(self, voice: Voice, build: BuildFacts) -> Edition:
        """Write the files. build: facts that may differ between two builds of the same content.

        The sound, which needs the disk, and the texts, which need the processor, are written
        concurrently.
        """
        turn_s = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_S)
        try:
            with ThreadPoolExecutor(2, thread_name_prefix="sound") as executor:
                return self._finish(voice, build, executor)
        finally:
            sys.setswitchinterval(turn_s)

    def _finish(self, voice: Voice, build: BuildFacts, executor: Executor) -> Edition:
        name = self._config.output.name
        facts = self._recorder.finish()
        marks = self._chapter_marks()
        listed = self._contents(marks, self._section_marks(marks))
        for_players = player_chapters(listed, facts.duration_s, has_opening=self._has_opening)
        audio = self._folder / f"{name}{codec_of(self._config.output.format).ending}"
        sound = executor.submit(self._write_sound, audio, facts, self._tags(for_players), executor)
        transcript = self._folder / f"{name}.vtt"
        text = self._write_transcript(transcript, listed)
        chapters = self._folder / f"{name}.chapters.json"
        chapters.write_text(
            chapters_json(self._config.title, for_players.marks),
            encoding="utf-8",
            newline="\n",
        )
        texts = [_output_of(transcript), _output_of(chapters)]
        if self._config.output.epub:
            texts.append(self._write_book(audio, sound, listed, voice))
        outputs = [sound.result(), *texts]
        sidecar = self._folder / f"{name}.json"
        with sidecar.open("wb") as file:
            write_sidecar(file, self._head(facts, voice, outputs, listed, build), self._spool)
        names = (*(output["path"] for output in outputs), sidecar.name)
        return Edition(facts, names, text)

    def _tags(self, chapters: PlayerChapters) -> Tags:
        return Tags(
            title=self._config.title,
            language=self._config.language,
            edition_date=self._edition_date,
            publisher=self._config.publisher,
            software=f"briefing {__version__}",
            chapters=chapters.marks,
            cover=cover(self._config, SMALL_COVER_PX),
            lyrics="\n".join(self._lyrics),
            sections=chapters.sections,
        )

    def _write_transcript(self, path: Path, listed: Contents) -> ArticleHtml:
        """Write the transcript; return the page's text, made from the same paragraphs."""
        page, webvtt = ArticleWriter(listed), WebVtt(self._config.language)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(webvtt.head)
            for paragraph in self._spool.paragraphs():
                file.write(webvtt.cues(paragraph))
                page.add(paragraph)
        return page.finish()

    def _write_book(
        self, audio: Path, sound: Future[Output], listed: Contents, voice: Voice
    ) -> Output:
        """Write the read-along book, its texts while the sound is still being written."""
        path = self._folder / f"{self._config.output.name}.epub"
        picture = cover(self._config, COVER_PX)
        facts = book_facts(self._config, self._edition_date, voice, audio.suffix, picture)
        with BookWriter(path, facts, listed) as book:
            for paragraph in self._spool.paragraphs():
                book.add(paragraph)
            sound.result()
            book.finish(audio, picture)
        return _output_of(path)

    def _head(
        self,
        facts: RecordingFacts,
        voice: Voice,
        outputs: list[Output],
        listed: Contents,
        build: BuildFacts,
    ) -> Head:
        """Return the sidecar without its paragraphs. outputs: the sound is the first."""
        return {
            "schema_version": SCHEMA_VERSION,
            "title": self._config.title,
            "language": self._config.language,
            "edition_date": self._edition_date,
            "duration_s": round(facts.duration_s, 4),
            "outputs": outputs,
            "audio": {
                "file": outputs[0]["path"],
                "bytes": outputs[0]["bytes"],
                "sha256": outputs[0]["sha256"],
                "codec": facts.codec,
                "bitrate_bps": facts.bitrate_kbps * 1000,
                "sample_rate_hz": facts.sample_rate_hz,
                "channels": _CHANNELS,
                "loudness_lufs": facts.loudness_lufs,
                "true_peak_dbtp": facts.true_peak_dbtp,
            },
            "voice": {
                "engine": voice.name,
                "name": voice.speaker,
                "version": voice.version,
                "online": voice.online,
            },
            **listed,
            "sounds": self._sounds,
            "generator": {"name": "briefing", "version": __version__},
            "build": build,
        }

    def _write_sound(
        self, path: Path, facts: RecordingFacts, tags: Tags, executor: Executor
    ) -> Output:
        """Finish the recording and flush it to the disk; return its entry."""
        body = self._folder / _BODY
        if self._recorder.complete(facts, tags):
            self._body.close()
            body.rename(path)
        else:
            self._recorder.assemble(path, facts, tags)
            self._body.close()
            body.unlink()
        flushed = executor.submit(flush, path)
        entry = _output_of(path)
        flushed.result()
        return entry


def _room(config: Config, lineup: Lineup) -> int:
    """Return enough bytes for everything before the packets of the recording.

    So a long recording need not be copied again when the times of its chapters are known.
    """
    texts = [text for article in lineup.articles for text in spoken_paragraphs(article, config)]
    texts += overflow_paragraphs(lineup)
    text_bytes = sum(len(text.encode("utf-8", "replace")) + 1 for text in texts)
    headings = [OPENING_CHAPTER, *(article.heading for article in lineup.articles)]
    headings += [group.title for group in lineup.groups]
    # a section's title is in the text, and with the names of its chapters in its own frame
    headings += [f"{2 * group.title}{(group.count + 1) * 'chapter '}" for group in lineup.groups]
    cover_bytes = len(cover(config, SMALL_COVER_PX))
    return id3_room(headings, text_bytes, cover_bytes)


def _join(row: Sentence, more: Sentence) -> Sentence:
    """Return the entry of a sentence that was too long for one clip, joined from its parts."""
    return {
        **row,
        "spoken": f"{row['spoken']} {more['spoken']}".strip(),
        "end_s": more["end_s"],
        "words": row["words"] + more["words"],
        "timing": more["timing"] if row["timing"] == "exact" else row["timing"],
    }


def _round(seconds: float) -> float:
    return round(seconds, 4)


def _output_of(path: Path) -> Output:
    """Return the entry of a published file: name, size in bytes, digest."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        chunk = memoryview(bytearray(min(_CHUNK, path.stat().st_size)))
        while count := file.readinto(chunk):
            digest.update(chunk[:count])
    return {"path": path.name, "bytes": path.stat().st_size, "sha256": digest.hexdigest()}
