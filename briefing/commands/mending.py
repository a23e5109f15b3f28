"""`briefing mend` writes a reading into the lexicon; `briefing names` lists guessed names."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import EXIT_DONE, BriefingError, ConfigError, SourceError, UsageError
from briefing.text.script import Sentence, Token

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.pipeline import Report
    from briefing.sources import Article

__all__ = ["mend", "names"]

_FRONT = "وفبلك"
_SHORTEST_NAME = 3


def mend(
    config: Config,
    written: str,
    reading: str,
    file: str | None,
    line: Callable[[str], None],
    warn: Callable[[str], None],
) -> int:
    """Write how a word is read: everywhere, or in one article alone.

    file: the article; None for all. line: called with the result; warn: with a doubt about it.
    Raise UsageError for an impossible reading, SourceError for a file that cannot be read,
    ConfigError or ShelfError where the lexicon cannot be read or written.
    """
    from briefing.text.normalisation.lexicon import load_lexicon
    from briefing.text.normalisation.lexicon_places import count_places
    from briefing.text.normalisation.lexicon_writing import ANY, Line, write_reading

    path = config.lexicon_file
    if path.exists():
        load_lexicon(path)  # a wrong file is told with its line, and not touched
    articles = list(_articles_of(config, file)) if file is not None else _all_articles(config, warn)
    keys = dict.fromkeys(article.key for article in articles) if file is not None else {"": None}
    for key in keys:
        write_reading(path, Line(written, key), reading, ANY, locks=config.output_folder)
    counts = [count_places(written, _paragraphs(config, article)) for article in articles]
    places, count = sum(counts), sum(1 for number in counts if number)
    name = _name_of(path, config)
    where = f"{_count(places, 'place')} in {_count(count, 'article')}"
    line(f"{name}: {' '.join(written.split())} = {' '.join(reading.split())}; {where}")
    if not places:
        warn(f"{written!r} is in no article that the next edition reads")
    return EXIT_DONE


def names(config: Config, line: Callable[[str], None], report: Report) -> int:
    """Print the guessed names of the next edition: how often, as written, as read.

    The most frequent name comes first. Raise SourceError if there is nothing to read.
    """
    rows = _guessed_names(config, report)
    width = max((len(str(row.count)) for row in rows), default=1)
    for row in rows:
        line(f"{row.count:>{width}}  {row.written}  {row.reading}")
    if not rows:
        report.say("no name is guessed")
    return EXIT_DONE


@dataclass(frozen=True, slots=True)
class _Name:
    count: int
    written: str
    reading: str


def _guessed_names(config: Config, report: Report) -> list[_Name]:
    from briefing.text.script_writer import script_writer

    articles = _choose(config)
    writer = script_writer(config, config.open_cache())
    counts: Counter[str] = Counter()
    readings: dict[str, str] = {}
    texts = [_paragraphs(config, article) for article in articles]
    report.begin(sum(map(len, texts)))
    for article, paragraphs in zip(articles, texts, strict=True):
        of_article = writer.names_of(paragraphs, title=bool(article.title), article=article.key)
        for index, text in enumerate(paragraphs):
            report.phase("vowelling")
            for token in _guesses(writer.write(text, of_article.of(index)).sentences):
                written = " ".join(token.text.split())
                counts[written] += 1
                readings.setdefault(written, token.diacritised)
            report.advance()
    _join_particles(counts)
    return [_Name(count, written, readings[written]) for written, count in counts.most_common()]


def _guesses(sentences: Sequence[Sentence]) -> Iterator[Token]:
    for sentence in sentences:
        yield from (token for token in sentence.tokens if token.source == "guess")


def _join_particles(counts: Counter[str]) -> None:
    """Count a name with a letter joined before it among those without, if there are any."""
    for written in list(counts):
        stem = written[1:]
        if written[0] in _FRONT and len(stem) >= _SHORTEST_NAME and stem in counts:
            counts[stem] += counts.pop(written)


def _articles_of(config: Config, file: str) -> Iterator[Article]:
    """Yield the articles of a file. Raise SourceError with its name and the reason."""
    from briefing.sources import nearest_file, read_path

    path = Path(file)
    if not path.is_file():
        near = nearest_file(path, config)
        hint = f"; did you mean {near}?" if near else ""
        raise SourceError(f"{path}: there is no such file{hint}")
    try:
        yield from read_path(path, config)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from None


def _all_articles(config: Config, warn: Callable[[str], None]) -> Sequence[Article]:
    """Return the articles of the next edition; where none can be read, the word is written."""
    try:
        return _choose(config)
    except (ConfigError, UsageError):
        raise
    except BriefingError as error:
        warn(str(error))
        return ()


def _choose(config: Config) -> Sequence[Article]:
    from briefing.selection import choose
    from briefing.shelf.shelf import Shelf

    today = datetime.date.today().isoformat()
    current = Shelf(config.shelf_folder).current(config.output.name)
    return choose(config, current, today).selection.lineup.articles


def _paragraphs(config: Config, article: Article) -> list[str]:
    from briefing.production.rundown import spoken_paragraphs

    return spoken_paragraphs(article, config)


def _name_of(path: Path, config: Config) -> str:
    try:
        return str(path.relative_to(config.base))
    except ValueError:
        return str(path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
