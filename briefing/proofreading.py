"""An article to what will be spoken, as text or JSON: for proof-reading and for tests."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from briefing.errors import EXIT_DONE, SourceError
from briefing.speech.cache import FolderStore, cache_folder
from briefing.text.script import Sentence

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.pipeline import Report

__all__ = ["write_script"]


def write_script(
    config: Config, file: str, *, as_json: bool, vowelled: bool, report: Report
) -> int:
    """Print the script of an article, or of standard input ("-"), to stdout.

    Of standard input each line is a paragraph, numbered by line; a line that is not blank gives at
    least one object. Raises SourceError where the file cannot be read.
    """
    from briefing.text.scripts import script_writer

    writer = script_writer(
        config, FolderStore(cache_folder(config.cache.folder, config.base)), vowelled=vowelled
    )
    paragraphs, title = _paragraphs(config, file)
    names = writer.names_of([text for _, text in paragraphs], title=title)
    report.begin(len(paragraphs))
    for number, (index, text) in enumerate(paragraphs):
        sentences = writer.write(text, names.of(number)).sentences or (
            Sentence(text, 0, len(text), ()),
        )
        for at, sentence in enumerate(sentences):
            if as_json:
                row = {"article": 0, "paragraph": index, "sentence": at, **sentence.as_json()}
                print(_line(row))
            else:
                _show(sentence)
        if not as_json:
            print()
        report.advance()
    return EXIT_DONE


def _paragraphs(config: Config, file: str) -> tuple[list[tuple[int, str]], bool]:
    """Give the numbered paragraphs, and whether the first of them is a title."""
    if file == "-":
        lines = _decoded(sys.stdin.buffer.read()).split("\n")
        numbered = ((index, line.rstrip("\r")) for index, line in enumerate(lines))
        return [(index, line) for index, line in numbered if line.strip()], False
    from pathlib import Path

    from briefing.rundown import spoken_paragraphs
    from briefing.sources import read_file

    article = read_file(Path(file), config)
    return list(enumerate(spoken_paragraphs(article, config))), bool(article.title)


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
