"""An article or an edition to what will be spoken, as text or JSON: for proof-reading and tests."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import EXIT_DONE, SourceError
from briefing.text.script import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.config import Config
    from briefing.pipeline import Report
    from briefing.sources import Article
    from briefing.text.script_writer import ScriptWriter

__all__ = ["write_edition_script", "write_script"]


def write_script(
    config: Config, file: str, *, as_json: bool, vowelled: bool, report: Report
) -> int:
    """Print the script of an article, or of standard input ("-"), to stdout.

    Of standard input each line is a paragraph, numbered by line; a line that is not blank gives at
    least one object. Raises SourceError where the file cannot be read.
    """
    from briefing.text.script_writer import script_writer

    writer = script_writer(config, config.open_cache(), vowelled=vowelled)
    articles = _articles(config, file)
    report.begin(sum(len(paragraphs) for paragraphs, _ in articles))
    for number, (paragraphs, title) in enumerate(articles):
        _write_article(writer, number, paragraphs, title=title, as_json=as_json, report=report)
    return EXIT_DONE


def write_edition_script(config: Config, *, as_json: bool, report: Report) -> int:
    """Print the script of the next edition: its opening, its articles under their headings.

    As JSON an opening and a heading are of no article (null); under headings each object has its
    section. What there will be no time for is there, too: only a build knows. Raise SourceError.
    """
    import datetime

    from briefing.production.rundown import opening_paragraphs_of, spoken_paragraphs
    from briefing.selection import choose
    from briefing.shelf.shelf import Shelf
    from briefing.text.script_writer import script_writer

    today = datetime.date.today().isoformat()
    current = Shelf(config.shelf_folder).current(config.output.name)
    lineup = choose(config, current, today).selection.lineup
    writer = script_writer(config, config.open_cache())
    opening = opening_paragraphs_of(config, lineup.articles, today)
    parts: list[_Part] = [_Part(None, opening)]
    for place, article in enumerate(lineup.articles):
        section = lineup.sections[place] if lineup.sections else ""
        if heading := lineup.heading_before(place):
            parts.append(_Part(None, [heading], section))
        spoken = spoken_paragraphs(article, config)
        parts.append(_Part(place, spoken, section, title=bool(article.title)))
    report.begin(sum(len(part.paragraphs) for part in parts))
    for part in parts:
        _write_article(
            writer,
            part.article,
            list(enumerate(part.paragraphs)),
            title=part.title,
            as_json=as_json,
            report=report,
            section=part.section,
        )
    return EXIT_DONE


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an edition's script."""

    article: int | None
    """Its number; None for what is no article's."""
    paragraphs: Sequence[str]
    section: str = ""
    title: bool = False
    """The first paragraph is a title."""


def _write_article(
    writer: ScriptWriter,
    article: int | None,
    paragraphs: Sequence[tuple[int, str]],
    *,
    title: bool,
    as_json: bool,
    report: Report,
    section: str = "",
) -> None:
    """Print the script of one article. title: the first of its numbered paragraphs is its title."""
    of_section = {"section": section} if section else {}
    names = writer.names_of([text for _, text in paragraphs], title=title)
    for number, (index, text) in enumerate(paragraphs):
        sentences = writer.write(text, names.of(number)).sentences or (
            Sentence(text, 0, len(text), ()),
        )
        for at, sentence in enumerate(sentences):
            if as_json:
                place = {"article": article, "paragraph": index, "sentence": at}
                row = {**place, **of_section, **sentence.as_json()}
                print(_line(row))
            else:
                _show(sentence)
        if not as_json:
            print()
        report.advance()


def _articles(config: Config, file: str) -> list[tuple[list[tuple[int, str]], bool]]:
    """Return each article's numbered paragraphs, and whether the first of them is a title."""
    if file == "-":
        lines = _decoded(sys.stdin.buffer.read()).split("\n")
        numbered = ((index, line.rstrip("\r")) for index, line in enumerate(lines))
        return [([(index, line) for index, line in numbered if line.strip()], False)]
    from pathlib import Path

    from briefing.production.rundown import spoken_paragraphs

    return [
        (list(enumerate(spoken_paragraphs(article, config))), bool(article.title))
        for article in _read(Path(file), config)
    ]


def _read(path: Path, config: Config) -> list[Article]:
    """Return the file's articles. Raise SourceError with the file's name and its cause."""
    from briefing.sources import nearest_file, read_path

    try:
        if path.is_dir():
            near = next(_files(path), None)
            hint = f", such as {near}" if near else ""
            raise SourceError(f"{path}: is a folder; name an article in it{hint}")
        if path.is_fifo():
            raise SourceError(f"{path}: is a pipe; hand it to `briefing script -`")
        if not path.exists() and not path.is_symlink():
            near = nearest_file(path, config)
            hint = f"; did you mean {near}?" if near else ""
            raise SourceError(f"{path}: there is no such file{hint}")
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return read_path(path, config)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from None


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that are not hidden, by name."""
    yield from sorted(
        path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
    )


def _decoded(data: bytes) -> str:
    """Decode standard input: UTF-8, or what a source may be."""
    from briefing.sources.garbled import repair_lines

    try:
        return repair_lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        from briefing.sources.decoding import decode

        try:
            return decode(data)
        except SourceError as error:
            raise SourceError(f"standard input: {error}") from None


def _line(row: dict[str, object]) -> str:
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(row)  # lone surrogates: only escapes can carry them
    return text


def _show(sentence: Sentence) -> None:
    """Print a sentence as it is read: vowelled, phonemes, and what to look at."""
    print(sentence.diacritised)
    print(f"    /{sentence.ipa}/")
    unsure = [token.text for token in sentence.tokens if token.unsure]
    if unsure:
        print(f"    unsure: {' '.join(unsure)}")
