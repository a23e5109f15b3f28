"""An article to what will be spoken, as text or JSON: for proof-reading and for tests."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.clip_cache import FolderStore, cache_folder
from briefing.errors import EXIT_DONE, SourceError
from briefing.text.script import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.config import Config
    from briefing.pipeline import Report
    from briefing.sources import Article
    from briefing.text.script_writer import ScriptWriter

__all__ = ["write_script"]


def write_script(
    config: Config, file: str, *, as_json: bool, vowelled: bool, report: Report
) -> int:
    """Print the script of an article, or of standard input ("-"), to stdout.

    Of standard input each line is a paragraph, numbered by line; a line that is not blank gives at
    least one object. Raises SourceError where the file cannot be read.
    """
    from briefing.text.script_writer import script_writer

    writer = script_writer(
        config, FolderStore(cache_folder(config.cache.folder, config.base)), vowelled=vowelled
    )
    articles = _articles(config, file, report)
    report.begin(sum(len(paragraphs) for paragraphs, _ in articles))
    for number, (paragraphs, title) in enumerate(articles):
        _write_article(writer, number, paragraphs, title=title, as_json=as_json, report=report)
    return EXIT_DONE


def _write_article(
    writer: ScriptWriter,
    article: int,
    paragraphs: Sequence[tuple[int, str]],
    *,
    title: bool,
    as_json: bool,
    report: Report,
) -> None:
    """Print the script of one article. title: the first of its numbered paragraphs is its title."""
    names = writer.names_of([text for _, text in paragraphs], title=title)
    for number, (index, text) in enumerate(paragraphs):
        sentences = writer.write(text, names.of(number)).sentences or (
            Sentence(text, 0, len(text), ()),
        )
        for at, sentence in enumerate(sentences):
            if as_json:
                row = {"article": article, "paragraph": index, "sentence": at, **sentence.as_json()}
                print(_line(row))
            else:
                _show(sentence)
        if not as_json:
            print()
        report.advance()


def _articles(
    config: Config, file: str, report: Report
) -> list[tuple[list[tuple[int, str]], bool]]:
    """Return each article's numbered paragraphs, and whether the first of them is a title.

    A line that nobody can read is told; of standard input its paragraph is empty.
    """
    if file == "-":
        return [(list(_lines_of_input(report)), False)]
    from pathlib import Path

    from briefing.production.rundown import spoken_paragraphs
    from briefing.sources import robbed_lines

    articles = _read(Path(file), config)
    for line in robbed_lines(articles):
        report.warn(f"{line.path}: skipped: {line.reason}")
    return [
        (list(enumerate(spoken_paragraphs(article, config))), bool(article.title))
        for article in articles
    ]


def _lines_of_input(report: Report) -> Iterator[tuple[int, str]]:
    from briefing.sources.garbled import robbery

    for index, line in enumerate(_decoded(sys.stdin.buffer.read()).split("\n")):
        if reason := robbery(line):
            report.warn(f"standard input:{index + 1}: skipped: {reason}")
            yield index, ""
        elif line.strip():
            yield index, line.rstrip("\r")


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
    from briefing.sources.garbled import mended_lines

    try:
        return mended_lines(data.decode("utf-8-sig"))
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
