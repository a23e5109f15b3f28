"""The settings: one line of a table each, with its default, its meaning and what is allowed.

The reference in docs/ is made from these lines. A setting of a voice is in voice_settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from briefing.config.feed_sources import LIKE_A_WEB_ADDRESS, WEB_ADDRESS, FeedSource
from briefing.config.setting import setting

if TYPE_CHECKING:
    from briefing.clip_cache import FolderStore

__all__ = [
    "DEFAULT",
    "FORMATS",
    "Cache",
    "Cluster",
    "Config",
    "Edition",
    "Feed",
    "Format",
    "Listen",
    "Models",
    "Neighbour",
    "Opening",
    "Output",
    "Page",
    "Pauses",
    "Publish",
    "Schedule",
    "Sound",
    "Sources",
    "Text",
]

Format = Literal["mp3", "m4b", "opus"]
FORMATS: tuple[Format, ...] = get_args(Format)
"""Of the sound; each is also the ending of its files."""
DEFAULT = "default"
LEXICON_NAME = "names.toml"
"""The file of the user's readings where `text.lexicon` names none."""
"""The name of the sound that the project makes itself."""


@dataclass(frozen=True)
class Sources:
    """[sources]: where the articles are."""

    folder: str = setting("seeds", "the folder of the articles", is_path=True)
    patterns: tuple[str, ...] = setting(
        ("auto",), "which files in it, read in file-name order; auto: every kind that is installed"
    )
    recursive: bool = setting(False, "read the folders in the folder, too")
    max_file_mb: float = setting(
        5.0,
        "a larger file is skipped with a warning; four times as much where it holds pictures",
        at_least=0.001,
    )
    feeds: tuple[FeedSource, ...] = setting(
        (), "feeds to gather articles from, each a [[sources.feeds]] table", tables=FeedSource
    )
    pages: tuple[str, ...] = setting(
        (),
        "addresses of pages of the web, each an article",
        pattern=WEB_ADDRESS,
        like=LIKE_A_WEB_ADDRESS,
        may_be_secret=True,
    )
    inbox: str = setting(
        ".briefing/inbox", "where what was gathered from feeds and pages is kept", is_path=True
    )
    private_addresses: bool = setting(
        False, "true: feeds and pages may be servers of a private network"
    )


@dataclass(frozen=True)
class Text:
    """[text]: how the articles are read."""

    read_byline: bool = setting(False, "read the byline at the end of an article aloud")
    lexicon: str = setting(
        "",
        "a TOML file of your readings of names and words; without it, names.toml if there is one",
        is_path=True,
    )
    date_order: str = setting(
        "dmy", "how 3/4/2025 is read: day first or month first", allowed=("dmy", "mdy")
    )
    addresses: str = setting(
        "skip", "web and e-mail addresses: not said, or said by the host", allowed=("skip", "read")
    )
    hashtags: str = setting(
        "words", "hashtags and mentions: their words, or not said", allowed=("words", "skip")
    )
    read_asides: bool = setting(False, "read photo credits and lines such as اقرأ أيضا aloud")
    read_captions: bool = setting(False, "read the captions of pictures and tables aloud")
    read_alt: bool = setting(False, "read what describes a picture to who cannot see it aloud")
    read_notes: bool = setting(False, "read footnotes and endnotes aloud, after the text")
    read_code: bool = setting(False, "read blocks of program code aloud")
    case_endings: Literal["full", "sure", "pausal"] = setting(
        "sure",
        "full: speak all; sure: only those that the model is sure of; pausal: none",
        allowed=("full", "sure", "pausal"),
    )


@dataclass(frozen=True)
class Models:
    """[models]: the neural voices that `briefing voices --install` installs."""

    folder: str = setting(
        "",
        "default: $XDG_DATA_HOME/briefing/voices, ~/.local/share/briefing/voices",
        is_path=True,
    )
    mirror: str = setting("", "fetch models from this address instead of the catalogue's")
    default: str = setting("", 'the neural voice of voice = "auto"; default: the first by name')


@dataclass(frozen=True)
class Pauses:
    """[pauses]: silence in seconds, as heard."""

    breath_s: float = setting(
        0.2, "at a comma or a breath inside a sentence", at_least=0, at_most=10
    )
    sentence_s: float = setting(0.45, "after a sentence", at_least=0, at_most=10)
    paragraph_s: float = setting(0.75, "after a paragraph", at_least=0, at_most=10)
    title_s: float = setting(1.0, "after a title", at_least=0, at_most=10)
    heading_s: float = setting(0.9, "after a heading in an article", at_least=0, at_most=10)
    article_s: float = setting(1.5, "after an article", at_least=0, at_most=10)
    sound_s: float = setting(0.6, "after an opening sound or a separator", at_least=0, at_most=10)


@dataclass(frozen=True)
class Opening:
    """[opening]: what is said before the first article."""

    line: str = setting(
        "auto",
        "title, day and headlines; auto: for several articles; or a text with"
        " {title} {date} {headlines}",
    )
    headlines: int = setting(10, "how many headlines it has at most", at_least=0)


@dataclass(frozen=True)
class Sound:
    """[sound]: loudness, encoding, and the sounds that are no speech."""

    loudness_lufs: float = setting(
        -16.0, "integrated loudness as heard on two speakers", at_least=-31, at_most=-9
    )
    preset: Literal["voice", "podcast"] = setting(
        "voice",
        "voice: the voice's own sample rate, 64 kbit/s; podcast: 44.1 kHz, 96 kbit/s",
        allowed=("voice", "podcast"),
    )
    bitrate_kbps: int = setting(0, "of the recording; 0: the preset's", at_least=0, at_most=160)
    opening: str = setting(
        "default", 'a sound before everything: a file, "default", or "" for none', is_path=True
    )
    closing: str = setting(
        "default", 'a sound after everything: a file, "default", or "" for none', is_path=True
    )
    separator: str = setting(
        "", 'a sound between articles: a file, "default", or "" for none', is_path=True
    )


@dataclass(frozen=True)
class Edition:
    """[edition]: which articles an edition reads, and in which order."""

    order: Literal["file", "newest", "section"] = setting(
        "file",
        "file: as the sources list them; newest: newest first; section: by sections, in each the"
        " newest first",
        allowed=("file", "newest", "section"),
    )
    sections: tuple[str, ...] = setting(
        (), "the sections in their order, spoken as headings; others follow"
    )
    max_minutes: float = setting(
        0.0, "how long an edition is at most; 0: as long as its articles", at_least=0, at_most=1440
    )
    overflow: Literal["headlines", "drop"] = setting(
        "headlines",
        "what there is no time for: its headlines are read at the end, or nothing of it",
        allowed=("headlines", "drop"),
    )
    unread_only: Literal["gathered", "true", "false"] = setting(
        "gathered",
        "what only one edition reads: gathered: articles of feeds and pages; true: files of the"
        " folder, too; false: nothing",
        allowed=("gathered", "true", "false"),
    )


@dataclass(frozen=True)
class Output:
    """[output]: the shelf."""

    folder: str = setting("audio", "the shelf: where the briefing is published", is_path=True)
    name: str = setting("briefing", "file name of what is published, without its ending")
    format: Literal["mp3", "m4b", "opus"] = setting("mp3", "the sound's format", allowed=FORMATS)
    keep: int = setting(30, "how many dated editions are kept", at_least=0)
    epub: bool = setting(
        False, "true: also a read-along book, NAME.epub, in which each spoken word is highlighted"
    )


@dataclass(frozen=True)
class Schedule:
    """[schedule]: when `briefing schedule` rebuilds."""

    cron: str = setting("0 3 * * *", "minute hour day month weekday; Sunday is 0 or 7")
    timezone: str = setting("local", 'the clock that cron is read by: "local" or like Africa/Cairo')
    watch: bool = setting(True, "rebuild when a source file changes")
    settle_s: float = setting(
        1.5, "files must be unchanged for so long before they are read", at_least=0.1, at_most=600
    )
    rescan_s: float = setting(60.0, "look at the files this often, whatever is watched", at_least=1)
    polling: bool = setting(False, "true: look instead of being told, for network file systems")
    poll_s: float = setting(2.0, "how often polling looks", at_least=0.1, at_most=3600)
    retries: int = setting(8, "how often a failed build is tried again by itself", at_least=0)
    retry_s: float = setting(60.0, "the first wait after a failure; it doubles", at_least=0.1)
    wait_s: float = setting(
        3600.0, "how long a build waits for another one to end; 0: it says so at once", at_least=0
    )
    on_success: tuple[str, ...] = setting((), "a command to run after an edition is published")
    on_failure: tuple[str, ...] = setting((), "a command to run after a build failed")


@dataclass(frozen=True)
class Cache:
    """[cache]: the clips already spoken."""

    folder: str = setting("", "default: $XDG_CACHE_HOME/briefing, ~/.cache/briefing", is_path=True)
    shared: str = setting(
        "",
        "s3://bucket/prefix or file:///folder: clips shared by several machines, behind the folder",
        may_be_secret=True,
    )
    max_mb: float = setting(2000.0, "the least recently used clips go beyond this", at_least=1)


@dataclass(frozen=True)
class Cluster:
    """[cluster]: other machines that speak, by Dask."""

    address: str = setting(
        "",
        "of its scheduler, tls://host:port, or tcp:// on this machine; default: no cluster",
        may_be_secret=True,
    )
    wait_s: float = setting(
        60.0, "how long without a worker that matches, until clips are spoken here", at_least=0
    )


@dataclass(frozen=True)
class Listen:
    """[listen]: the page's server."""

    port: int = setting(
        8642, "of `briefing listen`; 0 takes any free one", at_least=0, at_most=65535
    )


@dataclass(frozen=True)
class Page:
    """[page]: the page to listen on."""

    interface: str = setting(
        "auto", "language of the buttons; auto: the browser's", allowed=("auto", "ar", "en")
    )


@dataclass(frozen=True)
class Feed:
    """[feed]: the podcast feed; there is none without base_url."""

    base_url: str = setting(
        "", "where the shelf stands on the web, such as https://example.org/audio/"
    )
    file: str = setting(
        "", "the feed's file name; default: feed.xml, for a second briefing NAME.xml"
    )
    description: str = setting(
        "", "what the podcast is about; default: its title, publisher and newest headlines"
    )
    hour: str = setting(
        "",
        'when an edition counts as published, such as "06:30", by schedule.timezone; default: the'
        " hour of schedule.cron, or 06:00",
        pattern="|([01]?[0-9]|2[0-3])(:[0-5][0-9])?",
        like='an hour such as "06:30"',
    )
    category: str = setting("News", "Apple's category, or category/subcategory: News/Daily News")
    explicit: bool = setting(False, "true: for adults only")
    email: str = setting("", "the owner's address, in the feed for directories to verify")
    guid: str = setting("", "the podcast:guid to keep when the feed moves; default: by its address")
    private: bool = setting(
        False, "true: feed and files at an address that only `briefing feed` shows"
    )
    cover: str = setting(
        "", "a square PNG or JPEG of 1400 to 3000 pixels; default: a drawn one", is_path=True
    )


@dataclass(frozen=True)
class Publish:
    """[publish]: where the shelf is delivered to after each build."""

    target: str = setting(
        "", "a folder, ssh://user@host/path or s3://bucket/prefix; default: the shelf stays here"
    )
    grace_h: float = setting(
        24.0, "hours for which a file stays there after the feeds ceased to name it", at_least=0
    )


@dataclass(frozen=True)
class Neighbour:
    """What the briefings of one configuration know of each other."""

    name: str
    shelf: Path
    has_feed: bool = False
    feed_file: str = ""
    """The feed's file name where one is set."""


@dataclass(frozen=True)
class Config:
    """Everything a briefing is built by. Paths in it are relative to `base`."""

    title: str = setting("موجز الأخبار", "the briefing's title, in its tags and on its page")
    language: str = setting("ar", "language tag of the sound")
    publisher: str = setting("", "artist in the tags")
    voice: str = setting(
        "espeak",
        "espeak (offline), edge or gtts (online), openai (a server of yours), an installed neural"
        " voice, or auto",
    )
    voice_fallback: tuple[str, ...] = setting(
        (), "voices that stand in, in this order, when the voice cannot speak"
    )
    offline: bool = setting(False, "true: never open a connection")
    workers: int = setting(0, "clips made at once; 0: as many as there are cores", at_least=0)
    sources: Sources = field(default_factory=Sources)
    text: Text = field(default_factory=Text)
    pauses: Pauses = field(default_factory=Pauses)
    opening: Opening = field(default_factory=Opening)
    sound: Sound = field(default_factory=Sound)
    edition: Edition = field(default_factory=Edition)
    output: Output = field(default_factory=Output)
    schedule: Schedule = field(default_factory=Schedule)
    cache: Cache = field(default_factory=Cache)
    cluster: Cluster = field(default_factory=Cluster)
    models: Models = field(default_factory=Models)
    listen: Listen = field(default_factory=Listen)
    page: Page = field(default_factory=Page)
    feed: Feed = field(default_factory=Feed)
    publish: Publish = field(default_factory=Publish)
    voices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """[voices.NAME]: the settings of each voice; an installed voice reads its own table."""
    base: Path = Path()
    """The folder of the configuration file, absolute."""
    path: Path | None = None
    """The configuration file, None when the defaults are used."""
    private_folder: Path | None = None
    """Where a private briefing is kept; None: it is not private."""
    neighbours: tuple[Neighbour, ...] = ()
    """The briefings of the configuration in its order, this one among them."""

    @property
    def on_this_shelf(self) -> tuple[Neighbour, ...]:
        """The briefings of the configuration that stand on this one's shelf, in its order."""
        neighbours = self.neighbours or (self.as_neighbour,)
        return tuple(other for other in neighbours if other.shelf == self.shelf_folder)

    @property
    def place(self) -> int:
        """The place of this briefing in the configuration, counted from 0."""
        names = [other.name for other in self.neighbours]
        return names.index(self.output.name) if self.output.name in names else 0

    @property
    def as_neighbour(self) -> Neighbour:
        """What the other briefings of the configuration know of this one."""
        return Neighbour(
            self.output.name, self.shelf_folder, bool(self.feed.base_url), self.feed.file
        )

    @property
    def sources_folder(self) -> Path:
        """The folder of the articles."""
        return self.base / self.sources.folder

    @property
    def inbox_folder(self) -> Path:
        """Where what was gathered is kept."""
        return self.base / self.sources.inbox

    @property
    def gathers(self) -> bool:
        """Whether articles come from feeds or pages, too."""
        return bool(self.sources.feeds or self.sources.pages)

    @property
    def extra_files(self) -> tuple[Path, ...]:
        """The files besides the articles that an edition is made of, there or not."""
        sounds = (self.sound.opening, self.sound.separator, self.sound.closing)
        files = (self.feed.cover, *(file for file in sounds if file != DEFAULT))
        return (self.lexicon_file, *(self.base / file for file in files if file))

    @property
    def lexicon_file(self) -> Path:
        """The user's readings: `text.lexicon`, else names.toml, which may not be there."""
        return self.base / (self.text.lexicon or LEXICON_NAME)

    @property
    def output_folder(self) -> Path:
        """The folder of all public briefings; it contains the shelves of the private ones."""
        return self.base / self.output.folder

    @property
    def shelf_folder(self) -> Path:
        """The shelf: that of all public briefings, or a private briefing's own."""
        return self.private_folder or self.output_folder

    def open_cache(self) -> FolderStore:
        """Return the clip cache. Its folder is created by the first entry."""
        from briefing.clip_cache import FolderStore, cache_folder

        return FolderStore(cache_folder(self.cache.folder, self.base))
