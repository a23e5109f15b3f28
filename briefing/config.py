"""config.toml -> one `Config` a briefing. A wrong key or value is named with its line.

Each setting is one line of a table below: its default, what it means, what is allowed. The
README's reference and config.toml's comments are checked against these lines.
"""

from __future__ import annotations

import dataclasses
import math
import os
import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from briefing.errors import ConfigError, UsageError

__all__ = [
    "CONFIG_NAME",
    "DEFAULT",
    "FORMATS",
    "Config",
    "Edge",
    "Espeak",
    "Feed",
    "FeedSource",
    "Format",
    "Gtts",
    "Listen",
    "Models",
    "Neighbour",
    "Neural",
    "Openai",
    "Opening",
    "Output",
    "Page",
    "Pauses",
    "Schedule",
    "Sound",
    "Sources",
    "Text",
    "load",
    "place",
    "setting_help",
    "settings_of_voice",
]

CONFIG_NAME = "config.toml"
Format = Literal["mp3", "m4b", "opus"]
FORMATS: tuple[Format, ...] = get_args(Format)
"""Of the sound; each is also the ending of its files."""
OPENING_FIELDS = ("title", "date", "headlines")
DEFAULT = "default"
"""The name of the sound that the project makes itself."""


def setting(
    default: Any,
    meaning: str,
    *,
    allowed: Sequence[str] | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    is_path: bool = False,
    pattern: str = "",
    like: str = "",
    may_be_secret: bool = False,
    tables: type | None = None,
) -> Any:
    """Declare one setting: a dataclass field that knows its meaning and its limits.

    is_path: it names a file or folder, inside the project's folder unless it is absolute. pattern:
    a regular expression that the whole text must match; like: what it must be, for the message.
    may_be_secret: a wrong value is not repeated in the message. tables: the dataclass of each table
    of a list of tables. A pattern holds for each text of a list.
    """
    metadata = {
        "meaning": meaning,
        "allowed": allowed,
        "at_least": at_least,
        "at_most": at_most,
        "is_path": is_path,
        "pattern": pattern,
        "like": like,
        "may_be_secret": may_be_secret,
        "tables": tables,
    }
    return field(default=default, metadata=metadata)


_WEB_ADDRESS = r"https?://[^\s/?#@\\]+([/?#][^\s\\]*)?"
_LIKE_A_WEB_ADDRESS = (
    "an address like https://example.org/rss.xml, with no user name or password in it"
)


@dataclass(frozen=True)
class FeedSource:
    """[[sources.feeds]]: a feed that articles are gathered from."""

    url: str = setting(
        "",
        "the feed's address: RSS, Atom or JSON Feed",
        pattern=_WEB_ADDRESS,
        like=_LIKE_A_WEB_ADDRESS,
        may_be_secret=True,
    )
    name: str = setting("", "what messages call it; default: its host")
    section: str = setting("", "the section of its articles; default: as the feed says")
    limit: int = setting(
        5, "at most so many articles in an edition, the newest; 0: all", at_least=0
    )
    max_age_h: float = setting(
        24.0,
        "hours before the edition's gathering; an older article is left out; 0: however old",
        at_least=0,
        at_most=24 * 60,
    )
    full_text: Literal["auto", "never", "always"] = setting(
        "auto",
        "fetch an article's page for its whole text; auto: where the feed has but a summary",
        allowed=("auto", "never", "always"),
    )


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
        pattern=_WEB_ADDRESS,
        like=_LIKE_A_WEB_ADDRESS,
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
    lexicon: str = setting("", "a TOML file of your readings of names and words", is_path=True)
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
class Espeak:
    """[voices.espeak]: the offline voice, a formant synthesiser."""

    variant: str = setting("", "an espeak-ng voice variant, such as m3 or f2; none by default")
    speed_wpm: int = setting(160, "words a minute", at_least=80, at_most=450)
    pitch: int = setting(50, "base pitch", at_least=0, at_most=99)
    pitch_range: int = setting(65, "liveliness of the intonation", at_least=0, at_most=99)
    word_gap_10ms: int = setting(0, "extra pause between words", at_least=0, at_most=50)


@dataclass(frozen=True)
class _Online:
    """How a voice asks its service; the settings that all such voices have."""

    timeout_s: float = setting(10.0, "how long to wait for an answer", at_least=0.1, at_most=300)
    tries: int = setting(4, "how often a request is tried before giving up", at_least=1, at_most=20)
    backoff_s: float = setting(
        1.0, "the first wait after a failure; it doubles each time", at_least=0
    )
    requests_at_once: int = setting(
        2, "requests under way at the same time", at_least=1, at_most=16
    )
    longest_wait_s: float = setting(
        30.0, "a longer wait that the service asks for is not waited for", at_least=0, at_most=3600
    )
    clause_gap_s: float = setting(
        0.2, "silence between two requests' sounds at a comma", at_least=0, at_most=2
    )


@dataclass(frozen=True)
class Neural:
    """[voices.NAME]: a neural voice, by the name that it was installed under."""

    speed: float = setting(
        1.0, "1: as its model was made; 1.2: a fifth faster", at_least=0.5, at_most=2
    )
    noise: float = setting(
        -1.0, "how freely it sounds; -1: as its model says", at_least=-1, at_most=2
    )
    rhythm_noise: float = setting(
        -1.0, "how freely its rhythm goes; -1: as its model says", at_least=-1, at_most=2
    )
    speaker: int = setting(0, "of a model with several speakers; 0 is the first", at_least=0)


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
class Gtts(_Online):
    """[voices.gtts]: Google's voice; it sends the text to Google."""

    tld: str = setting("com", "the Google domain that is asked, such as com or com.eg")


@dataclass(frozen=True)
class Edge(_Online):
    """[voices.edge]: the voices of Microsoft's Edge browser; they send the text to Microsoft."""

    speaker: str = setting(
        "ar-SA-HamedNeural",
        "who speaks, one of the Arabic voices that the manual lists",
        pattern=r"[a-z]{2,3}-[A-Z]{2}-[A-Za-z]+Neural",
        like="like ar-SA-HamedNeural; the manual lists the Arabic voices",
    )
    rate_percent: int = setting(
        0, "how much faster (or, below 0, slower) than usual", at_least=-50, at_most=100
    )
    pitch_hz: int = setting(0, "how much higher (or lower) than usual", at_least=-50, at_most=50)
    timeout_s: float = setting(30.0, "how long to wait for an answer", at_least=0.1, at_most=300)


@dataclass(frozen=True)
class Openai(_Online):
    """[voices.openai]: a server that speaks as OpenAI's does (/v1/audio/speech)."""

    url: str = setting(
        "",
        "the server, such as http://127.0.0.1:8000/v1; on this machine it is no online voice",
        pattern=r"(https?://([\w.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?(/[\w./~-]*)?)?",
        like="like http://127.0.0.1:8000/v1 or https://example.org/v1, with nothing before the host"
        " or after the path",
        may_be_secret=True,
    )
    model: str = setting("tts-1", "the server's name of its model")
    voice: str = setting("alloy", "who speaks, by the server's name")
    key_variable: str = setting(
        "",
        "the environment variable that holds the server's key, such as OPENAI_API_KEY",
        pattern=r"([A-Z_][A-Z0-9_]*)?",
        like="the name of an environment variable, such as OPENAI_API_KEY; the key itself does not"
        " belong into this file",
        may_be_secret=True,
    )
    speed: float = setting(1.0, "how many times as fast as usual", at_least=0.25, at_most=4)
    longest_request: int = setting(
        300,
        "letters in one request; a longer sentence is cut at its clauses",
        at_least=40,
        at_most=4000,
    )
    timeout_s: float = setting(120.0, "how long to wait for an answer", at_least=0.1, at_most=1800)
    requests_at_once: int = setting(
        1, "requests under way at the same time", at_least=1, at_most=16
    )


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
class Output:
    """[output]: the shelf."""

    folder: str = setting("audio", "the shelf: where the briefing is published", is_path=True)
    name: str = setting("briefing", "file name of what is published, without its ending")
    format: Literal["mp3", "m4b", "opus"] = setting("mp3", "the sound's format", allowed=FORMATS)
    keep: int = setting(30, "how many dated editions are kept", at_least=0)


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
    max_mb: float = setting(2000.0, "the least recently used clips go beyond this", at_least=1)


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
    description: str = setting("", "what the podcast is about; default: its title and publisher")
    category: str = setting("News", "Apple's category, or category/subcategory: News/Daily News")
    explicit: bool = setting(False, "true: for adults only")
    email: str = setting("", "the owner's address, in the feed for directories to verify")
    guid: str = setting("", "the podcast:guid to keep when the feed moves; default: by its address")
    cover: str = setting(
        "", "a square PNG or JPEG of 1400 to 3000 pixels; default: a drawn one", is_path=True
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
    output: Output = field(default_factory=Output)
    schedule: Schedule = field(default_factory=Schedule)
    cache: Cache = field(default_factory=Cache)
    models: Models = field(default_factory=Models)
    listen: Listen = field(default_factory=Listen)
    page: Page = field(default_factory=Page)
    feed: Feed = field(default_factory=Feed)
    voices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """[voices.NAME]: the settings of each voice; an installed voice reads its own table."""
    base: Path = Path()
    """The folder of the configuration file, absolute."""
    path: Path | None = None
    """The configuration file, None when the defaults are used."""
    neighbours: tuple[Neighbour, ...] = ()
    """The briefings of the configuration in its order, this one among them."""

    @property
    def on_this_shelf(self) -> tuple[Neighbour, ...]:
        """The briefings of the configuration that stand on this one's shelf, in its order."""
        neighbours = self.neighbours or (_as_neighbour(self),)
        return tuple(one for one in neighbours if one.shelf == self.shelf_folder)

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
        named = (self.text.lexicon, self.feed.cover, *(one for one in sounds if one != DEFAULT))
        return tuple(self.base / one for one in named if one)

    @property
    def shelf_folder(self) -> Path:
        """The shelf."""
        return self.base / self.output.folder


_VOICE_TABLES = {"espeak": Espeak, "gtts": Gtts, "edge": Edge, "openai": Openai}
_PER_MACHINE = {"base", "path", "neighbours"}
_NAME = re.compile(r"[^\W.][^/\\\x00-\x1f]{0,99}")
_LOWEST_KBPS = 16
"""Below it no format keeps speech whole."""
_LONGEST_NAME_BYTES = 150
"""A file system's 255 less the longest of what is added, as in NAME-2026-11-24-….chapters.json."""
_OTHERS_NAMES = frozenset({"index", "shelf"})
"""The page and the list of the shelf: NAME.html and NAME.json would take their places."""
_TYPE_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
}


def load(path: Path | None = None) -> tuple[Config, ...]:
    """Read the configuration: one Config, or one for each [briefing.NAME] table.

    path: the file; None reads config.toml of the working folder, or takes the defaults where
    there is none. Raises ConfigError.
    """
    if path is None:
        path = Path.cwd() / CONFIG_NAME
        if not path.exists():
            return (_config({}, _Places("", path), base=Path.cwd(), path=None),)
    path = path.absolute()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such configuration file") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from briefing import toml_mistakes

        where = f"{path}:{toml_mistakes.line_number(error, text)}"
        what = toml_mistakes.explain(error, text)
        raise ConfigError(f"{where}: is not valid TOML: {what}") from None
    places = _Places(text, path)
    several = table.pop("briefing", {})
    if not isinstance(several, dict) or not all(isinstance(one, dict) for one in several.values()):
        raise ConfigError(f"{places('briefing')}: write [briefing.NAME] tables")
    if not several:
        return (_config(table, places, base=path.parent, path=path),)
    configs: list[Config] = []
    for name, overrides in several.items():
        merged = _merge(table, overrides)
        output = merged.setdefault("output", {})
        if isinstance(output, dict) and "name" not in overrides.get("output", {}):
            output["name"] = name
        config = _config(merged, places.of(name), base=path.parent, path=path)
        # some file systems do not tell capital letters from small ones
        if config.output.name.casefold() in (one.output.name.casefold() for one in configs):
            where = places("briefing", name, "output", "name")
            raise ConfigError(
                f"{where}: two briefings are called {config.output.name!r};"
                " give each its own output.name"
            )
        configs.append(config)
    return _as_neighbours(configs, places)


def _as_neighbour(config: Config) -> Neighbour:
    return Neighbour(
        config.output.name, config.shelf_folder, bool(config.feed.base_url), config.feed.file
    )


def _as_neighbours(configs: Sequence[Config], places: _Places) -> tuple[Config, ...]:
    """Let the briefings of a configuration know each other; no two may have one feed's address."""
    neighbours = tuple(map(_as_neighbour, configs))
    owners: dict[tuple[Path, str], str] = {}
    for one in neighbours:
        if not one.has_feed or not one.feed_file:
            continue
        owner = owners.setdefault((one.shelf, one.feed_file.casefold()), one.name)
        if owner != one.name:
            raise ConfigError(
                f"{places.of(one.name)('feed', 'file')}: feed.file = {one.feed_file!r} is"
                f" the feed of two briefings, {owner!r} and {one.name!r}; give each its own in its"
                " [briefing.NAME] table, or leave it out: each then has one of its own"
            )
    return tuple(dataclasses.replace(config, neighbours=neighbours) for config in configs)


def place(config: Config, *keys: str) -> str:
    """Return "file:line" of a setting of a loaded configuration, for a message about its value."""
    return _places_of(config)(*keys)


def settings_of_voice(config: Config, name: str, table: type[Any]) -> dict[str, Any]:
    """Return the settings of a voice that has such a table, each checked. Raise ConfigError.

    For voices whose kind is not known from their names when the configuration is read.
    """
    settings = config.voices.get(name, {})
    return dataclasses.asdict(_table(table, settings, _places_of(config), ("voices", name)))


def _places_of(config: Config) -> _Places:
    """Return the places of the keys in a loaded configuration's file, as it is now."""
    path, text = config.path or Path(CONFIG_NAME), ""
    if config.path is not None:
        with suppress(OSError, UnicodeDecodeError):
            text = config.path.read_text("utf-8-sig")
    return _Places(text, path, config.output.name)


def check_setting(table: type, name: str, value: Any) -> None:
    """Raise UsageError where a value from the command line is none that the setting may have."""
    (item,) = (item for item in dataclasses.fields(table) if item.name == name)
    if problem := _problem(item, value):
        raise UsageError(f"--{name} {value}: must be {problem}")


def setting_help(cls: type) -> list[tuple[str, Any, str]]:
    """List (name, default, meaning) of a table's settings, for the reference and its tests."""
    return [
        (item.name, item.default, item.metadata["meaning"])
        for item in dataclasses.fields(cls)
        if "meaning" in item.metadata
    ]


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        old = merged.get(name)
        merged[name] = (
            _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
        )
    return merged


class _Places:
    """Finds the line of a key in the text, for messages."""

    def __init__(self, text: str, path: Path, briefing: str = "") -> None:
        """briefing: the table [briefing.NAME] whose own keys come before those of the top."""
        self.text = text
        self.path = path
        self.briefing = briefing

    def of(self, briefing: str) -> _Places:
        """Return the places of the keys of one of several briefings."""
        return _Places(self.text, self.path, briefing)

    def __call__(self, *keys: str) -> str:
        """Return "file:line" of a dotted key; the file alone where it is written another way."""
        lines: dict[tuple[str, ...], int] = {}
        for written, number in self._written():
            lines.setdefault(written, number)
            if written[:1] == ("briefing",):
                lines.setdefault(("any briefing", *written[2:]), number)
        for place in (("briefing", self.briefing, *keys), keys, ("any briefing", *keys)):
            if place in lines:
                return f"{self.path}:{lines[place]}"
        return str(self.path)

    def nearest(self, *keys: str) -> str:
        """Return "file:line" of a key; of the table that it is written in, if it is on its line."""
        alone = str(self.path)
        places = (self(*keys[:count]) for count in range(len(keys), 0, -1))
        return next((place for place in places if place != alone), alone)

    def _written(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield every key and table header, and the number of its line."""
        header: tuple[str, ...] = ()
        tables: dict[tuple[str, ...], int] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if match := re.match(r"\[\[([^\[\]]+)\]\]", stripped):
                names = _names(match[1])
                index = tables[names] = tables.get(names, -1) + 1
                header = (*names, str(index))
                yield names, number
                yield header, number
            elif match := re.match(r"\[([^\[\]]+)\]", stripped):
                header = _names(match[1])
                yield header, number
            elif match := re.match(r"([\w.\-\"' ]+?)\s*=", stripped):
                yield header + _names(match[1]), number


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in dotted.split("."))


def _config(table: Mapping[str, Any], places: _Places, *, base: Path, path: Path | None) -> Config:
    table = dict(table)
    voices = table.pop("voices", {})
    if not isinstance(voices, dict):
        raise ConfigError(f"{places('voices')}: voices is a table: write [voices.NAME]")
    made: dict[str, Mapping[str, Any]] = {}
    for name, settings in {**{name: {} for name in _VOICE_TABLES}, **voices}.items():
        if not isinstance(settings, dict):
            raise ConfigError(
                f"{places('voices', name)}: write [voices.{name}] and its keys under it"
            )
        known = _VOICE_TABLES.get(name)
        made[name] = (
            dataclasses.asdict(_table(known, settings, places, ("voices", name)))
            if known
            else settings
        )
    config = _table(Config, table, places, ())
    _check_name(config.output.name, places)
    for pattern in config.sources.patterns:
        if "/" in pattern or not pattern:
            raise ConfigError(
                f"{places('sources', 'patterns')}: sources.patterns: {pattern!r} matches no file"
                " name; write one like *.txt (folders in sources.folder are not read)"
            )
    _check_opening(config.opening.line, places)
    if 0 < config.sound.bitrate_kbps < _LOWEST_KBPS:
        raise ConfigError(
            f"{places('sound', 'bitrate_kbps')}: sound.bitrate_kbps = {config.sound.bitrate_kbps}"
            f" must be 0 (the preset's) or at least {_LOWEST_KBPS}"
        )
    if config.feed.file and not re.fullmatch(_NAME.pattern + r"\.xml", config.feed.file):
        raise ConfigError(
            f"{places('feed', 'file')}: feed.file = {config.feed.file!r} must be a file name that"
            " ends in .xml; it stands on the shelf"
        )
    made_config: Config = dataclasses.replace(config, voices=made, base=base.absolute(), path=path)
    return made_config


def _check_opening(line: str, places: _Places) -> None:
    """See that a template has no other fields than those that are filled in."""
    try:
        parsed = list(string.Formatter().parse(line))
        wrong = [
            field
            for _, field, form, conversion in parsed
            if field is not None and (field not in OPENING_FIELDS or form or conversion)
        ]
    except ValueError as error:
        wrong = [str(error)]
    if wrong:
        raise ConfigError(
            f"{places('opening', 'line')}: opening.line: {wrong[0]!r} is none of"
            f" {', '.join(f'{{{one}}}' for one in OPENING_FIELDS)}; a brace itself is written twice"
        )


def _check_name(name: str, places: _Places) -> None:
    if not _NAME.fullmatch(name):
        problem = "cannot be a file name; use letters, digits, - and _"
    elif len(name.encode("utf-8", "replace")) > _LONGEST_NAME_BYTES:
        problem = f"is too long for a file name; use at most {_LONGEST_NAME_BYTES // 2} letters"
    elif name.casefold() in _OTHERS_NAMES or name.endswith(".chapters"):
        problem = "is the name of another file of the shelf; choose another"
    else:
        return
    raise ConfigError(f"{places('output', 'name')}: {name!r} {problem}")


def _table(cls: type[Any], table: Mapping[str, Any], places: _Places, keys: tuple[str, ...]) -> Any:
    """Make the dataclass of one table, each value checked."""
    fields = {
        item.name: item
        for item in dataclasses.fields(cls)
        if item.name not in _PER_MACHINE and item.name != "voices"
    }
    values = {}
    for name, value in table.items():
        here = (*keys, name)
        if name not in fields:
            raise _unknown_key(cls, keys, name, value, places)
        values[name] = _value(fields[name], value, places, here)
    return cls(**values)


def _unknown_key(
    cls: type[Any], table: tuple[str, ...], name: str, value: Any, places: _Places
) -> ConfigError:
    """Return the error about a key that its table does not have; table: the names of the table."""
    from briefing import misplaced_keys

    tree = {
        **misplaced_keys.tree_of(Config),
        "sources": {
            **misplaced_keys.tree_of(Sources),
            "feeds": misplaced_keys.tree_of(FeedSource),
        },
        "voices": {
            **{voice: misplaced_keys.tree_of(its) for voice, its in _VOICE_TABLES.items()},
            **({table[1]: misplaced_keys.tree_of(cls)} if table[:1] == ("voices",) else {}),
        },
    }
    key = misplaced_keys.written_path(name, value)
    named_table = tuple(part for part in table if not part.isdecimal())
    hint = misplaced_keys.explain(tree, named_table, key)
    if name == "feeds":
        hint = "write [[sources.feeds]] and its keys under it, for each feed"
    place = places.nearest(*table, *key)
    return ConfigError(f"{place}: unknown key {_label((*table, *key))}; {hint}")


def _tables(cls: type[Any], value: Any, places: _Places, here: tuple[str, ...]) -> tuple[Any, ...]:
    """Make the dataclasses of a list of tables; the names of a place are followed by its index."""
    label = _label(here)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ConfigError(
            f"{places(*here)}: {label} is a list of tables: write [[{label}]] and its keys under it"
        )
    rows = []
    for index, row in enumerate(value):
        table = (*here, str(index))
        if "url" not in row:
            raise ConfigError(
                f"{places.nearest(*table)}: [[{label}]] number {index + 1} has no url"
            )
        rows.append(_table(cls, row, places, table))
    urls = [row.url for row in rows]
    for index, url in enumerate(urls):
        if url in urls[:index]:
            where = places.nearest(*here, str(index), "url")
            raise ConfigError(f"{where}: {label} has this address twice; leave one out")
    return tuple(rows)


def _label(here: tuple[str, ...]) -> str:
    """Return the dotted name of a setting, without the indexes of tables."""
    return ".".join(name for name in here if not name.isdecimal())


def _value(item: dataclasses.Field[Any], value: Any, places: _Places, here: tuple[str, ...]) -> Any:
    """Check one value against its setting's type and limits."""
    label = _label(here)

    def wrong(expected: str) -> ConfigError:
        shown = "" if item.metadata.get("may_be_secret") else f" = {value!r}"
        return ConfigError(f"{places.nearest(*here)}: {label}{shown} must be {expected}")

    if "meaning" not in item.metadata:
        if not isinstance(value, dict):
            raise ConfigError(
                f"{places(*here)}: {label} is a table: write [{label}] and its keys under it"
            )
        return _table(item.default_factory, value, places, here)  # type: ignore[arg-type]
    if item.metadata["tables"]:
        return _tables(item.metadata["tables"], value, places, here)
    if isinstance(item.default, tuple):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise wrong('a list of texts, such as ["one", "two"]')
        if item.metadata["pattern"] and (problems := [_problem(item, text) for text in value]):
            for problem in filter(None, problems):
                raise wrong(f"a list in which each is {problem}")
        return tuple(value)
    kind = type(item.default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        raise wrong(_TYPE_NAMES[kind])
    if problem := _problem(item, value):
        raise wrong(problem)
    return _path(str(value), wrong) if item.metadata["is_path"] else value


def _problem(item: dataclasses.Field[Any], value: Any) -> str:
    """Return what a value of the right type must be and is not, "" where it is within limits."""
    allowed, low, high = (item.metadata[name] for name in ("allowed", "at_least", "at_most"))
    if allowed and value not in allowed:
        return "one of " + ", ".join(allowed)
    if isinstance(value, float) and not math.isfinite(value):
        return "a finite number"
    if low is not None and value < low:
        return f"at least {low}"
    if high is not None and value > high:
        return f"at most {high}"
    pattern = item.metadata["pattern"]
    if pattern and not re.fullmatch(pattern, value, re.ASCII):
        like: str = item.metadata["like"]
        return like
    return ""


def _path(value: str, wrong: Callable[[str], ConfigError]) -> str:
    """Check a setting that names a file or folder; ~ is the user's home."""
    if any(ord(character) < 32 for character in value):
        raise wrong("a path without control characters")
    if value.startswith("~"):
        try:
            return str(Path(value).expanduser())
        except RuntimeError:
            raise wrong("a path; there is no such user's home") from None
    path = Path(value)
    if not path.is_absolute() and ".." in Path(os.path.normpath(path)).parts:
        raise wrong("inside the configuration's folder; write an absolute path for another place")
    return value
