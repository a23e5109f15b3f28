"""The parts of a sidecar, typed as publish/sidecar.schema.json describes them.

A test compares each of these with the schema: the same keys, the same ones required.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

__all__ = [
    "AudioFacts",
    "BuildFacts",
    "Chapter",
    "Contents",
    "Generator",
    "Head",
    "LeftOut",
    "Output",
    "Paragraph",
    "Section",
    "Sentence",
    "SkippedSource",
    "SoundMark",
    "Source",
    "VoiceFacts",
    "Word",
]


class Word(TypedDict):
    """A written word of a sentence that is spoken."""

    text: str
    start_s: float
    end_s: float


class Sentence(TypedDict):
    """A sentence: as written, as spoken, and when."""

    text: str
    spoken: str
    start_s: float
    end_s: float
    words: list[Word]
    timing: Literal["exact", "estimated"]


class Paragraph(TypedDict):
    """A paragraph. chapter: an index into the chapters, None outside every chapter."""

    chapter: int | None
    kind: NotRequired[str]
    start_s: float
    end_s: float
    sentences: list[Sentence]


class Output(TypedDict):
    """A published file."""

    path: str
    bytes: int
    sha256: str


class AudioFacts(TypedDict):
    """The recording. Loudness and peak are None for silence."""

    file: str
    bytes: int
    sha256: str
    codec: str
    bitrate_bps: int
    sample_rate_hz: int
    channels: int
    loudness_lufs: float | None
    true_peak_dbtp: float | None


class VoiceFacts(TypedDict):
    """The voice that spoke."""

    engine: str
    name: str
    version: str
    online: bool


class Source(TypedDict):
    """An article."""

    path: str
    sha256: str
    title: str | None
    byline: str | None
    url: NotRequired[str]
    date: NotRequired[str]
    section: NotRequired[str]


class Chapter(TypedDict):
    """A chapter. source: an index into the sources, None for what comes from no source."""

    title: str
    start_s: float
    end_s: float
    source: int | None


class Section(TypedDict):
    """A heading that chapters stand under. chapters: indices into the chapters."""

    title: str
    start_s: float
    end_s: float
    chapters: list[int]


class LeftOut(TypedDict):
    """An article that is not read. missed: no later edition will read it."""

    title: str
    path: NotRequired[str]
    url: NotRequired[str]
    section: NotRequired[str]
    reason: Literal["time", "missed"]


class Contents(TypedDict):
    """What an edition is made of, a part of `Head`."""

    sources: list[Source]
    chapters: list[Chapter]
    sections: NotRequired[list[Section]]
    left_out: NotRequired[list[LeftOut]]


class SoundMark(TypedDict):
    """A sound that is no speech."""

    kind: str
    start_s: float
    end_s: float


class Generator(TypedDict):
    """The program that wrote the sidecar."""

    name: str
    version: str


class SkippedSource(TypedDict):
    """An article that could not be read."""

    path: str
    reason: str


class BuildFacts(TypedDict):
    """What may differ between two builds of the same articles."""

    created: str
    wanted_voice: str
    fallback_reason: str | None
    clips_reused: int
    clips_spoken: int
    seconds: float
    skipped: list[SkippedSource]
    utc_offset: NotRequired[str]


class Head(TypedDict):
    """A sidecar without its paragraphs."""

    schema_version: int
    title: str
    language: str
    edition_date: str
    duration_s: float
    outputs: list[Output]
    audio: AudioFacts
    voice: VoiceFacts
    sources: list[Source]
    chapters: list[Chapter]
    sections: NotRequired[list[Section]]
    left_out: NotRequired[list[LeftOut]]
    sounds: NotRequired[list[SoundMark]]
    generator: Generator
    build: BuildFacts
