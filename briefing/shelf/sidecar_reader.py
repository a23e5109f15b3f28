"""A sidecar on disk -> its head, and its paragraphs one at a time.

The top level is read key by key. The elements of `paragraphs` are decoded one after another,
wherever that key is among the others, so a sidecar of ten hours is never in memory as a whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from briefing.shelf.sidecar import Head, Paragraph

__all__ = ["DIGEST_LENGTH", "KEPT_FOLDER", "Edition", "paragraphs", "read_edition"]

KEPT_FOLDER = "editions"
"""The subfolder of the shelf in which dated editions are kept."""

DIGEST_LENGTH = 12  # hexadecimal digits in a file name: 48 bits are plenty for a shelf

_CHUNK = 1 << 16
_KNOWN_VERSIONS = (1, 2)
"""Kept editions may have version 1. Version 2 adds only keys that a reader can do without."""
_HEAD_KEYS = frozenset(
    [
        "schema_version",
        "title",
        "language",
        "edition_date",
        "duration_s",
        "outputs",
        "audio",
        "voice",
        "sources",
        "chapters",
        "generator",
        "build",
    ]
)
_KEPT_STEM = re.compile(r"(?P<name>.+)-(?P<date>\d{4}-\d\d-\d\d)-(?P<digest>[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Edition:
    """A sidecar on the shelf: its path and everything in it except the paragraphs."""

    sidecar: Path
    name: str
    """The briefing's name, with which the file names of its outputs begin."""
    head: Head
    """The sidecar without its paragraphs."""

    @property
    def date(self) -> str:
        """The edition date, YYYY-MM-DD."""
        return str(self.head["edition_date"])

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that depend on the bytes of all outputs."""
        lines = sorted(f"{file['path']} {file['sha256']}\n" for file in self.head["outputs"])
        return hashlib.sha256("".join(lines).encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def day(self) -> str:
        """The name of the day's edition: NAME-DATE."""
        return f"{self.name}-{self.date}"

    @property
    def stem(self) -> str:
        """The names of a kept edition's files without their endings: NAME-DATE-DIGEST."""
        return f"{self.day}-{self.digest}"

    def endings(self) -> dict[str, str]:
        """Return for each published file, including the sidecar, its name without the briefing's.

        {"briefing.mp3": ".mp3", "briefing.json": ".json", "briefing.chapters.json": …}
        """
        files = [output["path"] for output in self.head["outputs"]] + [f"{self.name}.json"]
        return {file: file[len(self.name) :] for file in files if file.startswith(f"{self.name}.")}

    def kept_name(self, file: str) -> str:
        """Return the name of an output among the kept editions.

        file: its name in the sidecar, such as "briefing.mp3".
        """
        return self.stem + file[len(self.name) :]


def read_edition(sidecar: Path) -> Edition | None:
    """Read the head of a sidecar. Return None if the file is no sidecar of a known version."""
    match = _KEPT_STEM.fullmatch(sidecar.stem)
    head: dict[str, Any] = {}
    try:
        with sidecar.open(encoding="utf-8") as file:
            for key, value in _top_level(file):
                if key != "paragraphs":
                    head[key] = value
                elif head.keys() >= _HEAD_KEYS:
                    break  # the program writes them last, so they need not be read
                if key == "schema_version" and value not in _KNOWN_VERSIONS:
                    return None
    except (OSError, ValueError, RecursionError):
        return None
    if not head.keys() >= _HEAD_KEYS:
        return None
    name = match["name"] if match and sidecar.parent.name == KEPT_FOLDER else sidecar.stem
    return Edition(sidecar, name, cast("Head", head))


def paragraphs(sidecar: Path) -> Iterator[Paragraph]:
    """Yield the paragraphs of a sidecar in order, each decoded when it is needed.

    Raises ValueError if the file is no JSON object, OSError if it cannot be read.
    """
    with sidecar.open(encoding="utf-8") as file:
        for key, value in _top_level(file):
            if key == "paragraphs":
                yield value


def _top_level(file: TextIO) -> Iterator[tuple[str, Any]]:
    """Yield the keys and values of a JSON object; "paragraphs" comes once for each element."""
    text = _Text(file)
    text.expect("{")
    if text.peek() == "}":
        return
    while True:
        key = text.value()
        text.expect(":")
        if key == "paragraphs" and text.peek() == "[":
            text.expect("[")
            if text.peek() == "]":
                text.expect("]")
            else:
                while True:
                    yield "paragraphs", text.value()
                    if text.expect(",]") == "]":
                        break
        else:
            yield str(key), text.value()
        if text.expect(",}") == "}":
            return


class _Text:
    """A JSON file's text. Only the part that is being decoded is in memory."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.buffer = ""
        self.at = 0
        self.decoder = json.JSONDecoder()

    def more(self) -> bool:
        chunk = self.file.read(max(_CHUNK, len(self.buffer) - self.at))
        self.buffer = self.buffer[self.at :] + chunk
        self.at = 0
        return bool(chunk)

    def peek(self) -> str:
        while True:
            while self.at < len(self.buffer):
                if self.buffer[self.at] not in " \t\r\n":
                    return self.buffer[self.at]
                self.at += 1
            if not self.more():
                raise ValueError("the JSON ends too early")

    def expect(self, allowed: str) -> str:
        character = self.peek()
        if character not in allowed:
            raise ValueError(f"{character!r} where one of {allowed!r} must be")
        self.at += 1
        return character

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except ValueError:
                if not self.more():
                    raise
                continue
            # A number may continue in the next chunk. It is complete when something follows it.
            if end == len(self.buffer) and self.more():
                continue
            self.at = end
            return value
