"""`briefing check`: examines the configuration, the sources and the voices without building."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.clip_cache import FolderStore
from briefing.commands.cluster import check_cluster
from briefing.commands.gathering import check_feeds, feed_lines, offline_notice
from briefing.commands.shared_store import check_shared_stores
from briefing.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_PARTLY,
    EXIT_USAGE,
    BriefingError,
    SourceError,
)
from briefing.preconditions import examine
from briefing.publish.private_feed import without_table
from briefing.speech.voices import voices_of

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.selection import Choice, Lineup, Selection
    from briefing.sources import Article
    from briefing.sources.gathering.gather import Finding
    from briefing.speech.voice import Voice

__all__ = ["check"]

_EXACT_BELOW_LETTERS = 8_000
"""If all articles have fewer characters, the requests are counted, otherwise estimated."""
_SAMPLE_LETTERS = 3_000
"""Characters of the paragraphs that an estimate is made from: about a second's work."""
_MOST_REMARKS = 10
_MOST_TITLES = 30
_WORST_FIRST = (EXIT_USAGE, EXIT_FAILED, EXIT_PARTLY, EXIT_DONE)

Line = Callable[[str], None]


def check(configs: Sequence[Config], line: Line, complain: Line) -> int:
    """Examine everything that builds would use; return the worst exit code of the briefings.

    line: called with each line of the result. complain: called with each problem or remark.
    """
    line(f"configuration: {configs[0].path or 'defaults, there is no config.toml here'}")
    findings, problem = check_feeds(configs, _today())
    if problem:
        complain(problem)
    for left in without_table(configs):
        name = left.output.name
        complain(
            f"the private briefing {name} is in no table and still published; to end it:"
            f" briefing editions --remove {name} DATE"
        )
    codes = {EXIT_FAILED} if problem else set()
    read: list[tuple[Config, Sequence[Article]]] = []
    for config in configs:
        if len(configs) > 1:
            line(f"briefing {config.output.name}:")
        code, articles = _check_briefing(config, findings, line, complain)
        codes.add(code)
        read.append((config, articles))
    if EXIT_USAGE not in codes:
        codes.add(check_cluster(configs, line))
        for remark in _lexicon_remarks(read):
            complain(remark)
        _check_caches(configs, complain)
        check_shared_stores(configs, line, complain)
    return next(code for code in _WORST_FIRST if code in codes)


def _check_caches(configs: Sequence[Config], complain: Line) -> None:
    """Warn of each clip cache in which nothing can be written; none is made here."""
    for folder in dict.fromkeys(config.open_cache().folder for config in configs):
        nearest = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
        try:
            with tempfile.TemporaryFile(dir=nearest, prefix=".new-"):
                pass
        except OSError as error:
            complain(f"{folder}: clips cannot be kept: {error.strerror}; see cache.folder")


def _check_briefing(
    config: Config, gathered: Sequence[Finding], line: Line, complain: Line
) -> tuple[int, Sequence[Article]]:
    """Examine one briefing; return its exit code and its articles."""
    findings = examine(config)
    for message in (*findings.warnings, *map(str, findings.refusals)):
        complain(message)
    code = EXIT_DONE
    if findings.refusals:
        usage = any(refusal.exit_code == EXIT_USAGE for refusal in findings.refusals)
        code = EXIT_USAGE if usage else EXIT_FAILED
    feeds_code = _check_feeds(config, gathered, line)
    choice = _check_sources(config, line)
    if choice is None:
        return code or EXIT_FAILED, ()
    lineup = choice.selection.lineup
    skipped = EXIT_PARTLY if choice.skipped else feeds_code
    if code == EXIT_USAGE or not lineup.articles:
        return code or skipped, lineup.articles
    if not _check_voices(config, choice, line):
        code = EXIT_FAILED
    return code or skipped, lineup.articles


def _check_feeds(config: Config, findings: Sequence[Finding], line: Line) -> int:
    """Look at what feeds and pages have; return EXIT_PARTLY if any has nothing that can be read."""
    if not config.gathers:
        return EXIT_DONE
    if notice := offline_notice([config]):
        line(notice)
    code = EXIT_DONE
    for text, is_well in feed_lines(config, _today(), findings):
        line(text)
        code = code if is_well else EXIT_PARTLY
    return code


def _check_sources(config: Config, line: Line) -> Choice | None:
    """Look at the articles; return what the next edition may read, None where nothing can be."""
    from briefing.selection import choose, remembers
    from briefing.shelf.shelf import Shelf
    from briefing.sources import unread_folders

    try:
        current = Shelf(config.shelf_folder).current(config.output.name)
        choice = choose(config, current, _today())
        articles = choice.selection.lineup.articles
        if articles and not _can_be_spoken(config, articles):
            raise SourceError("nothing in the sources can be spoken")
    except BriefingError as error:
        line(f"sources: {error}")
        for text in _held_lines(config):
            line(text)
        return None
    for file in choice.skipped:
        line(f"sources: {file.path}: skipped: {file.reason}")
    if notice := unread_folders(config):
        line(f"sources: {config.sources_folder}: {notice}")
    if choice.notice:
        line(f"sources: {choice.notice}")
    words = sum(len(text.split()) for article in articles for text in article.paragraphs)
    count = _count_articles(len(articles), "unread " if remembers(config) else "")
    inbox = " and the inbox" if config.gathers else ""
    line(f"sources: {count}, {words} words, in {config.sources_folder}{inbox}")
    for text in (*_held_lines(config), *_left_out_lines(choice.selection)):
        line(text)
    if not choice.selection.is_news:
        line("edition: no news, so the next build makes no edition")
    return choice


def _today() -> str:
    return datetime.date.today().isoformat()


def _held_lines(config: Config) -> list[str]:
    """Return a line for each article of the folder that no edition reads yet."""
    from briefing.sources import held_back

    try:
        articles = held_back(config)
    except SourceError:
        return []
    return _shorten(
        [
            f"sources: {article.path}: not read before {article.until} (publish)"
            if article.until
            else f"sources: {article.path}: a draft, not read"
            for article in articles
        ]
    )


def _left_out_lines(selection: Selection) -> list[str]:
    """Return a line for each article that may not be read, and why."""
    kinds = (
        [
            f"left out: {double.article.heading}: the same story as {double.original}"
            for double in selection.doubles
            if not double.date
        ],
        [
            f"left out: {double.article.heading}: read in the edition of {double.date}"
            for double in selection.doubles
            if double.date
        ],
        [
            f"left out: {article.heading}: more than limit = {article.limit} of {article.feed}"
            for article in selection.over_limit
        ],
        [
            f"missed: {story.title}: there was no time for it, and now it is too late"
            for story in selection.missed
        ],
    )
    return [text for lines in kinds for text in _shorten(lines)]


def _shorten(lines: list[str]) -> list[str]:
    """Return the first of many lines of a kind, and how many more there are."""
    if len(lines) <= _MOST_REMARKS:
        return lines
    return [*lines[:_MOST_REMARKS], f"  and {len(lines) - _MOST_REMARKS} more like these"]


def _edition_lines(lineup: Lineup) -> Iterator[str]:
    """Yield what the next edition reads, in its order and under its headings."""
    for place, article in enumerate(lineup.articles[:_MOST_TITLES]):
        if heading := lineup.heading_before(place):
            yield f"  {heading}:"
        yield f"  {place + 1}. {article.heading} ({article.feed or article.path})"
    if len(lineup.articles) > _MOST_TITLES:
        yield f"  and {len(lineup.articles) - _MOST_TITLES} more"


def _can_be_spoken(config: Config, articles: Sequence[Article]) -> bool:
    """Return whether any paragraph has a word to speak; usually the first one has."""
    from briefing.production.rundown import spoken_paragraphs
    from briefing.text.normalisation.lexicon import load_lexicon
    from briefing.text.normalisation.paragraph import read_paragraph

    lexicon = load_lexicon(None)
    return any(
        sentence.spoken
        for article in articles
        for text in spoken_paragraphs(article, config)
        for sentence in read_paragraph(text, config.text, lexicon)
    )


def _check_voices(config: Config, choice: Choice, line: Line) -> bool:
    """Report on the voices up to the one that would speak; return whether one can speak."""
    from briefing.production.estimate import cut_by_estimate, length_s

    store = config.open_cache()
    today = _today()
    for voice in voices_of(config, None, store):
        reason = voice.unavailable()
        lineup = cut_by_estimate(config, choice.selection.lineup, today, voice.name)
        requests = _requests(config, lineup, voice, store, today)
        line(f"voice {voice.name}: {reason or 'can speak'}{requests}")
        if written := _without_ipa(voice, config):
            line(f"voice {voice.name}: cannot use IPA; it speaks {written} as written")
        if reason is None:
            line(f"edition: {today} reads {_count_articles(len(lineup.articles))}:")
            for text in _edition_lines(lineup):
                line(text)
            for text in _shorten([f"no time for: {article.heading}" for article in lineup.left]):
                line(text)
            if choice.selection.lineup.articles and not lineup.articles:
                limit = f"edition.max_minutes = {config.edition.max_minutes:g}"
                line(f"length: no article fits into {limit}; raise max_minutes")
                return False
            minutes, seconds = divmod(round(length_s(config, lineup, today, voice.name)), 60)
            line(f"length: about {minutes}:{seconds:02} minutes")
            return True
    return False


def _count_articles(articles: int, kind: str = "") -> str:
    return f"{articles} {kind}article{'' if articles == 1 else 's'}"


def _without_ipa(voice: Voice, config: Config) -> str:
    """Return the lexicon's words with IPA that a voice speaks by their letters; "" if none."""
    from briefing.text.normalisation.lexicon import configured_lexicon
    from briefing.text.script import Sentence, Token

    words = configured_lexicon(config).in_ipa
    if not words:
        return ""
    probe = Token("ويتكوف", 0, 6, "ويتكوف", diacritised="ويتكوف", ipa="witkuːf")
    notation = voice.notation(Sentence("ويتكوف", 0, 6, (probe,)))
    return "، ".join(words) if "ويتكوف" in notation else ""


def _requests(config: Config, lineup: Lineup, voice: Voice, store: FolderStore, today: str) -> str:
    """Return how many requests speaking would make, counted or estimated from a sample."""
    if voice.requests([]) is None:
        return ""
    kind = "online requests" if voice.online else "requests"
    from briefing.production.planning import Planner
    from briefing.production.rundown import pieces_of, spoken_paragraphs
    from briefing.text.script_writer import script_writer

    # a paragraph that occurs twice is requested once
    paragraphs = list(
        dict.fromkeys(
            text for article in lineup.articles for text in spoken_paragraphs(article, config)
        )
    )
    letters = sum(map(len, paragraphs))
    if letters <= _EXACT_BELOW_LETTERS:
        planner = Planner(script_writer(config, store), voice, store)
        pieces = pieces_of(config, lineup, planner, today)
        count = voice.requests([notation for piece in pieces for notation in piece.notations])
        return f"; {kind}: {count}"
    planner = Planner(script_writer(config, None), voice, None)
    sample = list(_sample(paragraphs))
    plans = [clip for text in sample for clip in planner.plan(text)]
    notations = [part.notation for clip in plans for part in clip if part.notation]
    count = voice.requests(notations) or 0
    return f"; {kind}: about {round(count * letters / sum(map(len, sample)))}"


def _sample(paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs from everywhere, about _SAMPLE_LETTERS characters, always the same ones."""
    letters = 0
    # steps of the golden section are spread evenly, however few there are
    for index in range(len(paragraphs)):
        text = paragraphs[int(index * 0.6180339887 % 1 * len(paragraphs))]
        yield text
        letters += len(text)
        if letters >= _SAMPLE_LETTERS:
            return


def _lexicon_remarks(read: Sequence[tuple[Config, Sequence[Article]]]) -> Iterator[str]:
    """Yield remarks on each lexicon. A line counts as used if any briefing with it uses it."""
    from briefing.production.rundown import spoken_paragraphs
    from briefing.text.normalisation.lexicon_review import review

    today = datetime.date.today().isoformat()
    users: dict[Path, list[tuple[Config, Sequence[Article]]]] = {}
    for config, articles in read:
        if (config.text.lexicon or config.lexicon_file.exists()) and articles:
            users.setdefault(config.lexicon_file, []).append((config, articles))
    for path, briefings in users.items():
        texts = (text for config, articles in briefings for text in _texts(config, articles, today))
        by_key = {
            article.key: spoken_paragraphs(article, config)
            for config, articles in briefings
            for article in articles
        }
        remarks = review(path, texts, by_key)
        for remark in remarks[:_MOST_REMARKS]:
            yield f"{remark.place}: {remark.text}"
        if len(remarks) > _MOST_REMARKS:
            yield f"{path}: and {len(remarks) - _MOST_REMARKS} more lines like these"


def _texts(config: Config, articles: Sequence[Article], today: str) -> Iterator[str]:
    """Yield everything that a briefing reads aloud, one article at a time."""
    from briefing.production.rundown import opening_paragraphs_of, spoken_paragraphs

    yield "\n\n".join(opening_paragraphs_of(config, articles, today))
    for article in articles:
        yield "\n\n".join(spoken_paragraphs(article, config))
