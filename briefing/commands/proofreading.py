"""Articles -> what will be spoken, as text or JSON, for proof-reading and for tests."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from briefing.errors import EXIT_DONE, SourceError
from briefing.text.script import Sentence, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.config import Config
    from briefing.pipeline import Report
    from briefing.sources import Article
    from briefing.text.script_writer import ScriptWriter

__all__ = ["Form", "write_edition_script", "write_script"]

Form = Literal["text", "why", "json"]
"""How a script is printed."""


def write_script(config: Config, file: str, *, form: Form, vowelled: bool, report: Report) -> int:
    """Print the script of an article, or of standard input ("-"), to stdout.

    form: "text" for reading, "why" with a row for each word that names what read it, "json" for
    programs.

    On standard input each line is a paragraph, numbered by line. A line that is not blank results
    in at least one JSON object. Raises SourceError if the file cannot be read.
    """
    from briefing.text.script_writer import script_writer

    writer = script_writer(config, config.open_cache(), vowelled=vowelled)
    articles = _articles(config, file, report)
    report.begin(sum(len(paragraphs) for paragraphs, _, _ in articles))
    for number, (paragraphs, title, key) in enumerate(articles):
        _write_article(writer, number, paragraphs, title=title, key=key, form=form, report=report)
    return EXIT_DONE


def write_edition_script(config: Config, *, form: Form, report: Report) -> int:
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
        parts.append(_Part(place, spoken, section, title=bool(article.title), key=article.key))
    report.begin(sum(len(part.paragraphs) for part in parts))
    for part in parts:
        _write_article(
            writer,
            part.article,
            list(enumerate(part.paragraphs)),
            title=part.title,
            key=part.key,
            form=form,
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
    key: str = ""
    """Of the article."""


def _write_article(
    writer: ScriptWriter,
    article: int | None,
    paragraphs: Sequence[tuple[int, str]],
    *,
    title: bool,
    key: str,
    form: Form,
    report: Report,
    section: str = "",
) -> None:
    """Print the script of one article. title: the first of its numbered paragraphs is its title."""
    of_section = {"section": section} if section else {}
    names = writer.names_of([text for _, text in paragraphs], title=title, article=key)
    for number, (index, text) in enumerate(paragraphs):
        sentences = writer.write(text, names.of(number)).sentences or (
            Sentence(text, 0, len(text), ()),
        )
        for at, sentence in enumerate(sentences):
            if form == "json":
                place = {"article": article, "paragraph": index, "sentence": at}
                row = {**place, **of_section, **sentence.as_json()}
                print(_line(row))
            else:
                _show(sentence)
                if form == "why":
                    _explain(sentence)
        if form != "json":
            print()
        report.advance()


def _articles(
    config: Config, file: str, report: Report
) -> list[tuple[list[tuple[int, str]], bool, str]]:
    """Return each article's numbered paragraphs, whether the first of them is a title, its key.

    A line that nobody can read is told; of standard input its paragraph is empty.
    """
    if file == "-":
        return [(list(_lines_of_input(report)), False, "")]
    from pathlib import Path

    from briefing.production.rundown import spoken_paragraphs
    from briefing.sources import robbed_lines

    articles = _read(Path(file), config)
    for line in robbed_lines(articles):
        report.warn(f"{line.path}: skipped: {line.reason}")
    return [
        (list(enumerate(spoken_paragraphs(article, config))), bool(article.title), article.key)
        for article in articles
    ]


def _lines_of_input(report: Report) -> Iterator[tuple[int, str]]:
    from briefing.sources.garbled import robbery

    for index, line in enumerate(_decode(sys.stdin.buffer.read()).split("\n")):
        if reason := robbery(line):
            report.warn(f"standard input:{index + 1}: skipped: {reason}")
            yield index, ""
        elif line.strip():
            yield index, line.rstrip("\r")


def _read(path: Path, config: Config) -> list[Article]:
    """Return the file's articles. Raise SourceError with the file's name and the reason."""
    from briefing.sources import nearest_file, read_path

    try:
        if path.is_dir():
            near = next(_files(path), None)
            hint = f", such as {near}" if near else ""
            raise SourceError(f"{path}: is a folder; name an article in it{hint}")
        if path.is_fifo():
            raise SourceError(f"{path}: is a pipe; pass it to `briefing script -`")
        if not path.exists() and not path.is_symlink():
            near = nearest_file(path, config)
            hint = f"; did you mean {near}?" if near else ""
            raise SourceError(f"{path}: there is no such file{hint}")
    except OSError as error:  # such as a name that is too long, or a folder without permission
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return read_path(path, config)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from None


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that are not hidden, sorted by name."""
    yield from sorted(
        path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
    )


def _decode(data: bytes) -> str:
    """Decode standard input: UTF-8, or any encoding that a source may have."""
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
        return json.dumps(row)  # lone surrogates can only be written as escapes
    return text


_STEERING = ("Cc", "Cf", "Cs")
"""Unicode's categories of control characters, direction marks and lone surrogates."""
_ISOLATED = "\u200e"
"""A left-to-right mark: columns stay in their order where a terminal turns Arabic around."""


def _explain(sentence: Sentence) -> None:
    """Print a row for each token: what read it, the token as written, and as it is spoken.

    Columns are padded by what a terminal shows: vowel marks take no place.
    """
    rows = [
        (_reader(token), _visible(token.text), token.diacritised or token.spoken)
        for token in sentence.tokens
    ]
    widths = [max(map(_width, column), default=0) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + _ISOLATED + " " * (width - _width(cell))
            for cell, width in zip(row, widths, strict=True)
        ]
        print("    " + "  ".join(cells).rstrip())
    if rows:
        print()


def _reader(token: Token) -> str:
    """Return what read a token: its source, the rule or table, and whether it is unsure."""
    source = (token.source or "author") if token.spoken else "not spoken"
    named = token.rule and token.rule != source
    reader = f"{source}: {token.rule}" if named else source
    return f"{reader}, unsure" if token.unsure else reader


def _visible(text: str) -> str:
    """Return a written text on one line, without characters that steer a terminal."""
    words = " ".join(text.split())
    return "".join(sign for sign in words if unicodedata.category(sign) not in _STEERING)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    letters = [letter for letter in text if unicodedata.category(letter) not in ("Mn", "Me", "Cf")]
    return len(letters) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in letters)


def _show(sentence: Sentence) -> None:
    """Print a sentence as it is read: with vowels, its phonemes, and its unsure words."""
    print(sentence.diacritised)
    print(f"    /{sentence.ipa}/")
    unsure = [_visible(token.text) for token in sentence.tokens if token.unsure]
    if unsure:
        print(f"    unsure: {' '.join(unsure)}")
