"""Reads a read-along book as a reading system does: its parts by the package document."""

from __future__ import annotations

import json
import posixpath
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

OPF, DC = "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}"
HTML, SMIL = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/ns/SMIL}"
OPS = "{http://www.idpf.org/2007/ops}"
HALF_A_MILLISECOND = 0.0005 + 1e-9
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


@dataclass(frozen=True)
class Par:
    """A piece of text with its sound."""

    document: str
    id: str
    text: str
    begin_s: float
    end_s: float
    audio: str


@dataclass
class Book:
    path: Path
    parts: dict[str, bytes] = field(init=False)
    root: str = field(init=False)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(self.path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        container = ET.fromstring(self.parts["META-INF/container.xml"])
        file = container.find(f".//{CONTAINER}rootfile")
        self.root = file.get("full-path")

    @property
    def package(self) -> ET.Element:
        return ET.fromstring(self.parts[self.root])

    def part(self, href: str, base: str | None = None) -> bytes:
        folder = posixpath.dirname(base or self.root)
        return self.parts[posixpath.normpath(posixpath.join(folder, href))]

    def items(self) -> dict[str, ET.Element]:
        return {item.get("id"): item for item in self.package.iter(f"{OPF}item")}

    def metas(self, name: str) -> list[str]:
        metas = self.package.iter(f"{OPF}meta")
        return [meta.text for meta in metas if meta.get("property") == name]

    def spine(self) -> list[ET.Element]:
        """The items of the documents in reading order."""
        items = self.items()
        return [items[row.get("idref")] for row in self.package.iter(f"{OPF}itemref")]

    def documents(self) -> list[ET.Element]:
        return [ET.fromstring(self.part(item.get("href"))) for item in self.spine()]

    def pars(self) -> list[Par]:
        return [par for item in self.spine() for par in self._pars(item)]

    def _pars(self, item: ET.Element) -> Iterator[Par]:
        if not item.get("media-overlay"):
            return
        href = self.items()[item.get("media-overlay")].get("href")
        overlay = ET.fromstring(self.part(href))
        by_id = {
            element.get("id"): element
            for element in ET.fromstring(self.part(item.get("href"))).iter()
        }
        for sequence in overlay.iter(f"{SMIL}seq"):
            file, name = sequence.get(f"{OPS}textref").split("#")
            assert file == item.get("href")
            assert name in by_id
        for par in overlay.iter(f"{SMIL}par"):
            file, name = par.find(f"{SMIL}text").get("src").split("#")
            assert file == item.get("href")
            audio = par.find(f"{SMIL}audio")
            yield Par(
                file,
                name,
                "".join(by_id[name].itertext()),
                seconds(audio.get("clipBegin")),
                seconds(audio.get("clipEnd")),
                audio.get("src"),
            )

    def contents(self) -> list[tuple[int, str, str]]:
        """The table of contents: level, title, address of each entry."""
        item = next(item for item in self.items().values() if item.get("properties") == "nav")
        page = ET.fromstring(self.part(item.get("href")))
        nav = next(page.iter(f"{HTML}nav"))
        assert nav.get(f"{OPS}type") == "toc"
        return list(entries(nav.find(f"{HTML}ol"), 0))


def entries(rows: ET.Element, level: int) -> Iterator[tuple[int, str, str]]:
    for row in rows:
        link = row.find(f"{HTML}a")
        yield level, "".join(link.itertext()), link.get("href")
        below = row.find(f"{HTML}ol")
        if below is not None:
            yield from entries(below, level + 1)


def seconds(clock: str) -> float:
    assert clock.endswith("s"), clock
    return float(clock[:-1])


def heard_words(sidecar: Path) -> list[dict]:
    """Each word of the sidecar that takes a millisecond or more."""
    values = json.loads(sidecar.read_text(encoding="utf-8"))
    return [
        word
        for paragraph in values["paragraphs"]
        for sentence in paragraph["sentences"]
        for word in sentence["words"]
        if round(word["start_s"] * 1000) < round(word["end_s"] * 1000)
    ]
