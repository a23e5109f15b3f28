"""The folder of the articles: which files are read, in which order, and why others are skipped.

Pipes, devices and huge files are never opened.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.errors import SourceError
from briefing.shelf.left_out import left_out_keys
from briefing.sources.article import Article, article
from briefing.sources.decoding import decode
from briefing.sources.documents.embargo import due_stamp
from briefing.sources.documents.kinds import (
    AUTO,
    ENDINGS,
    READ_ENDINGS,
    is_never_article,
    kind_of,
    reader_version,
    refusal,
)
from briefing.sources.garbled import without_robbed_lines

if TYPE_CHECKING:
    from briefing.sources.documents.articles import Reading
    from briefing.sources.documents.store import DocumentStore

__all__ = [
    "HeldBack",
    "NoArticles",
    "Skipped",
    "digests",
    "find",
    "held_back",
    "is_source_name",
    "nearest_file",
    "read",
    "read_path",
    "robbed_lines",
    "unread_folders",
]

LATEST = "9999-12-31"
"""The edition date that everything in the inbox was gathered for."""
_BYTES_PER_MB = 1_000_000
_NOT_A_FILE = "is not a file but a folder, pipe or device; remove it, or change sources.patterns"
_SAVED_WITH_A_PAGE = re.compile(r".*(?:_files|\.files)", re.IGNORECASE)
"""Folders in which browsers keep a saved page's pictures and programs."""
_MOST_LEVELS = 16
"""The most levels of nested folders."""
_UNPRINTABLE = frozenset({"Cc", "Zl", "Zp"})
_MOST_FOLDERS_NAMED = 5
_MOST_FOLDERS_LOOKED_AT = 1_000
"""If there are more, the folder is probably a whole disk, and these are enough for a notice."""
_NUMBER = re.compile(r"(\d+)")


class NoArticles(SourceError):
    """No file is there to be read: none at all, or none whose time has come."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be read as an article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An article that is not read yet."""

    path: str
    title: str
    until: str
    """ISO 8601, "" for a draft."""


def find(config: Config) -> list[Path]:
    """Return the files that match the patterns, in file-name order.

    The order is the same on every system: by the letters of the names, and by the value of the
    numbers in them (2.txt before 10.txt). Patterns ignore the case of letters. Hidden files and
    folders are left out. Raises SourceError if the folder does not exist or cannot be read.
    """
    folder = config.sources_folder
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        if config.gathers:
            return []  # who has feeds needs no folder
        raise SourceError(
            f"{folder}: there is no such folder; make it and put the articles in it, or change"
            " sources.folder"
        ) from None
    except OSError as error:
        raise SourceError(
            f"{folder}: the folder of the articles cannot be read: {error.strerror};"
            " repair it, or change sources.folder"
        ) from None
    patterns = [pattern.lower() for pattern in config.sources.patterns]
    levels = _MOST_LEVELS if config.sources.recursive else 0
    inbox = os.path.realpath(config.inbox_folder)
    return [
        path
        for path in _in_folder(folder, names, patterns, levels)
        if not (levels and os.path.realpath(path).startswith(inbox + os.sep))
    ]


def _in_folder(
    folder: Path, names: Sequence[str], patterns: Sequence[str], levels: int
) -> Iterator[Path]:
    """Return the files that the patterns name. levels: of folders below that are looked into."""
    for name in sorted(names, key=_order):
        path = folder / name
        if name.startswith("."):
            continue
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on some
            if levels and not _SAVED_WITH_A_PAGE.fullmatch(name):
                try:
                    inside = os.listdir(path)  # noqa: PTH208 - names alone
                except OSError:
                    continue
                yield from _in_folder(path, inside, patterns, levels - 1)
        elif _is_named(name, patterns):
            yield path


def is_source_name(name: str, config: Config) -> bool:
    """Return whether a file of this name is an article by `sources.patterns`."""
    return _is_named(name, [pattern.lower() for pattern in config.sources.patterns])


def _is_named(name: str, patterns: Sequence[str]) -> bool:
    """Return whether the name of a file matches the patterns, which are in lower case."""
    return (
        not name.startswith(".")
        and not is_never_article(name)
        and any(_matches(name, pattern) for pattern in patterns)
    )


def _matches(name: str, pattern: str) -> bool:
    """Return whether the name of a file matches a pattern, which is in lower case."""
    if pattern == AUTO:
        return os.path.splitext(name)[1].lower() in ENDINGS  # noqa: PTH122 - a name, thousands
    return fnmatchcase(name.lower(), pattern)


def unread_folders(config: Config) -> str:
    """Return a notice about folders with articles inside the articles' folder, or ""."""
    if config.sources.recursive:
        return ""
    root = config.sources_folder
    try:
        folders = sorted(
            entry.path
            for entry in os.scandir(root)
            if entry.is_dir() and not entry.name.startswith(".")
        )
    except OSError:
        return ""  # `find` reports it
    own = {os.path.realpath(root), os.path.realpath(config.output_folder)}
    counts = {
        os.path.basename(folder): count  # noqa: PTH119 - strings, as os.walk wants them
        for folder in folders
        if not _SAVED_WITH_A_PAGE.fullmatch(os.path.basename(folder))  # noqa: PTH119
        and not any(path.startswith(os.path.realpath(folder)) for path in own)
        and (count := _count_articles(folder, config))
    }
    if not counts:
        return ""
    named = ", ".join(f"{_printable(name)}/" for name in list(counts)[:_MOST_FOLDERS_NAMED])
    more = " and others" if len(counts) > _MOST_FOLDERS_NAMED else ""
    total = sum(counts.values())
    files = "1 file is" if total == 1 else f"{total} files are"
    return (
        f"{files} not read, in {named}{more}: folders inside sources.folder are left out;"
        " move the articles up, set sources.recursive = true, or make a briefing of that folder"
    )


def _count_articles(folder: str, config: Config) -> int:
    """Return how many files in a folder and its subfolders match the patterns."""
    count = 0
    patterns = [pattern.lower() for pattern in config.sources.patterns]
    for looked_at, (_, inner, files) in enumerate(os.walk(folder)):
        if looked_at >= _MOST_FOLDERS_LOOKED_AT:
            break
        inner[:] = [name for name in inner if not name.startswith(".")]
        count += sum(_is_named(name, patterns) for name in files)
    return count


def nearest_file(path: Path, config: Config) -> Path | None:
    """Return the file that was probably meant by a path that does not exist, or None.

    The same name in the folder of the articles has priority over similar names in the path's
    folder and there.
    """
    import difflib

    articles = config.sources_folder
    with suppress(ValueError):
        articles = articles.relative_to(Path.cwd())
    for folder in dict.fromkeys((path.parent, articles)):
        try:
            names = [entry.name for entry in os.scandir(folder) if entry.is_file()]
        except OSError:
            continue
        endings = {name.casefold(): name for name in names}
        stems = {os.path.splitext(name)[0].casefold(): name for name in names}  # noqa: PTH122
        wanted_name = path.name.casefold()
        if same := endings.get(wanted_name) or stems.get(wanted_name):
            return folder / same
        if near := difflib.get_close_matches(wanted_name, endings, 1):
            return folder / endings[near[0]]
    return None


def _order(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return the sort key of a file name: alternately text and numbers, then the name itself."""
    parts = _NUMBER.split(unicodedata.normalize("NFC", name).casefold())
    key = [(int(part), "") if index % 2 else (-1, part) for index, part in enumerate(parts)]
    return key, name


def digests(config: Config) -> list[tuple[str, str]]:
    """Return (path, digest) of each file, in order, or (path, reason) if it cannot be read.

    The digest covers its bytes and, for a document, everything that decides how it is read.
    """
    rows = []
    for path in find(config):
        try:
            data = _bytes(path, config)
        except SourceError as error:
            rows.append((_name(path, config), str(error)))
            continue
        digest = hashlib.sha256(data).hexdigest()
        if (kind := kind_of(path.name)) is not None:
            digest += f" {reader_version(kind)}{due_stamp(data, kind.name, config)}"
        rows.append((_name(path, config), digest))
    rows += [(key, "left out") for key in sorted(_left_out(config))]
    return rows


def _left_out(config: Config) -> frozenset[str]:
    """Return the keys of the articles that an editor left out."""
    return left_out_keys(config.shelf_folder, config.output.name)


def read(
    config: Config, edition_date: str = LATEST, *, with_left_out: bool = False
) -> tuple[list[Article], list[Skipped]]:
    """Return every article, and which files are skipped and why.

    edition_date: YYYY-MM-DD, which decides what of the inbox is read; that follows the folder's.
    with_left_out: also what an editor left out. A draft, and an article before its moment, is left
    out without a word. Raise SourceError where there is not one article to read; but a feed or page
    may have none.
    """
    articles: list[Article] = []
    paths = find(config)
    problems: dict[Path, SourceError] = {}
    skipped: list[Skipped] = []
    with _documents(config) as documents:
        for path in paths:
            try:
                readings = _readings(path, config, documents)
                articles.extend(reading.article for reading in readings if reading.is_due)
            except SourceError as error:
                problems[path] = error
        if config.gathers:
            from briefing.sources.gathering.reading import gathered_articles

            more, missing = gathered_articles(config, edition_date, documents)
            articles += more
            skipped = [Skipped(label, str(error)) for label, error in missing]
    keys = frozenset() if with_left_out else _left_out(config)
    all_articles, articles = articles, [item for item in articles if item.key not in keys]
    skipped = [*_skipped_files(problems, config), *robbed_lines(articles), *skipped]
    if all_articles and not articles and not config.gathers:
        raise NoArticles(
            f"{config.sources_folder}: every article is left out; take one back at the desk"
            " (briefing desk)"
        )
    if not articles and not config.gathers:
        folder = config.sources_folder
        if not paths:
            patterns = ", ".join(
                READ_ENDINGS if name == AUTO else name for name in config.sources.patterns
            )
            notice = unread_folders(config)
            raise NoArticles(
                f"{folder}: there is no article ({patterns}) in the folder; put one in"
                + (f"; {notice}" if notice else "")
            )
        if not skipped:
            raise NoArticles(f"{folder}: every article is a draft, or not to be read yet")
        reasons = "; ".join(f"{file.path}: {file.reason}" for file in skipped)
        raise SourceError(f"{folder}: no file can be read as an article: {reasons}")
    return articles, skipped


def held_back(config: Config) -> list[HeldBack]:
    """Return the articles that the folder has and no edition reads yet: drafts, embargoes."""
    held: list[HeldBack] = []
    with _documents(config) as documents:
        for path in find(config):
            if kind_of(path.name) is None:
                continue  # a plain text has no way to be a draft
            with suppress(SourceError):
                held += [
                    HeldBack(reading.article.path, reading.article.title, reading.embargo)
                    for reading in _readings(path, config, documents)
                    if not reading.is_due
                ]
    return held


def robbed_lines(articles: Sequence[Article]) -> list[Skipped]:
    """Return the lines of articles that were left out because nobody can read them, and why."""
    return [
        Skipped(f"{article.path}:{place}", reason)
        for article in articles
        for place, reason in article.robbed
    ]


def _skipped_files(problems: Mapping[Path, SourceError], config: Config) -> list[Skipped]:
    """Return the skipped files. What is wrong with all files of a kind is reported once."""
    from briefing.sources.documents.articles import KindError

    skipped: list[Skipped] = []
    alike: dict[str, list[str]] = {}
    for path, error in problems.items():
        if isinstance(error, KindError):
            alike.setdefault(str(error), []).append(_name(path, config))
        else:
            skipped.append(Skipped(_name(path, config), str(error)))
    for reason, names in alike.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        skipped.append(Skipped(f"{names[0]}{more}", reason))
    return skipped


def read_path(path: Path, config: Config) -> list[Article]:
    """Return the articles of one file, including drafts. Raise SourceError with the reason."""
    with _documents(config) as documents:
        return [reading.article for reading in _readings(path, config, documents)]


def _documents(config: Config) -> DocumentStore:
    from briefing.sources.documents.store import DocumentStore

    return DocumentStore(config.open_cache())


def _readings(path: Path, config: Config, documents: DocumentStore) -> list[Reading]:
    from briefing.sources.documents.articles import KindError, Reading, read_articles

    if reason := refusal(path.name):
        raise KindError(reason)
    data = _bytes(path, config)
    name, digest = _name(path, config), hashlib.sha256(data).hexdigest()
    kind = kind_of(path.name)
    if kind is None:
        return [Reading(_text_article(decode(data), name, digest))]
    return read_articles(data, name, digest, kind, config, documents)


def _text_article(text: str, name: str, digest: str) -> Article:
    """Return the article of a text file, without the lines that nobody can read."""
    whole, lines = without_robbed_lines(text)
    if lines and not whole.strip():
        raise SourceError(f"cannot be read, in line {lines[0][0]} as in all: {lines[0][1]}")
    return article(whole, name, digest, tuple((str(number), reason) for number, reason in lines))


def _bytes(path: Path, config: Config) -> bytes:
    kind = kind_of(path.name)
    limit_mb = config.sources.max_file_mb * (kind.size_factor if kind is not None else 1)
    limit = round(limit_mb * _BYTES_PER_MB)
    too_large = SourceError(
        f"is larger than {limit_mb:g} MB; split it, or raise sources.max_file_mb"
    )
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise SourceError(_NOT_A_FILE)
        if facts.st_size > limit:
            raise too_large
        # non-blocking: it may have become a pipe since the stat
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a handle, not a path
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SourceError(_NOT_A_FILE)
            data = file.read(limit + 1)
    except FileNotFoundError:
        reason = "is a link that leads nowhere" if path.is_symlink() else "was removed meanwhile"
        raise SourceError(f"{reason}; put the file back or remove the link") from None
    except PermissionError:
        raise SourceError("cannot be read: permission denied; make it readable") from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}; repair or remove it") from None
    if len(data) > limit:
        raise too_large
    return data


def _name(path: Path, config: Config) -> str:
    """Return the path of a source in messages and the sidecar: relative to the configuration.

    It is one line that can be printed and saved as UTF-8, whatever the name on the disk is.
    """
    try:
        relative: Path = path.absolute().relative_to(config.base)
    except ValueError:
        relative = path
    return _printable(relative.as_posix())


def _printable(name: str) -> str:
    return "".join(
        letter if unicodedata.category(letter) not in _UNPRINTABLE else ascii(letter)[1:-1]
        for letter in name.encode("utf-8", "backslashreplace").decode()
    )
