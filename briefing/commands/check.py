"""`briefing check`: examines the configuration, the sources and the voices without building."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.clip_cache import FolderStore
from briefing.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_PARTLY,
    EXIT_USAGE,
    BriefingError,
    SourceError,
)
from briefing.preconditions import examine
from briefing.speech.voices import voices_of

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.sources import Article
    from briefing.speech.voice import Voice

__all__ = ["check"]

_EXACT_BELOW_LETTERS = 8_000
"""If all articles have fewer characters, the requests are counted, otherwise estimated."""
_SAMPLE_LETTERS = 3_000
"""Characters of the paragraphs that an estimate is made from: about a second's work."""
_MOST_REMARKS = 10
_WORST_FIRST = (EXIT_USAGE, EXIT_FAILED, EXIT_PARTLY, EXIT_DONE)

Line = Callable[[str], None]


def check(configs: Sequence[Config], line: Line, complain: Line) -> int:
    """Examine everything that builds would use; return the worst exit code of the briefings.

    line: called with each line of the result. complain: called with each problem or remark.
    """
    line(f"configuration: {configs[0].path or 'defaults, there is no config.toml here'}")
    codes = set()
    read: list[tuple[Config, Sequence[Article]]] = []
    for config in configs:
        if len(configs) > 1:
            line(f"briefing {config.output.name}:")
        code, articles = _check_briefing(config, line, complain)
        codes.add(code)
        read.append((config, articles))
    if EXIT_USAGE not in codes:
        for remark in _lexicon_remarks(read):
            complain(remark)
    return next(code for code in _WORST_FIRST if code in codes)


def _check_briefing(config: Config, line: Line, complain: Line) -> tuple[int, Sequence[Article]]:
    """Examine one briefing; return its exit code and its articles."""
    findings = examine(config)
    for message in (*findings.warnings, *map(str, findings.refusals)):
        complain(message)
    code = EXIT_DONE
    if findings.refusals:
        usage = any(refusal.exit_code == EXIT_USAGE for refusal in findings.refusals)
        code = EXIT_USAGE if usage else EXIT_FAILED
    articles, skipped = _check_sources(config, line)
    if not articles:
        return code or EXIT_FAILED, articles
    if code == EXIT_USAGE:
        return code, articles
    if not _check_voices(config, articles, line):
        code = EXIT_FAILED
    return code or (EXIT_PARTLY if skipped else EXIT_DONE), articles


def _check_sources(config: Config, line: Line) -> tuple[Sequence[Article], bool]:
    """Read the articles; return those that can be read, and whether a file is skipped."""
    from briefing.sources import read, unread_folders

    try:
        articles, skipped = read(config)
        if not _can_be_spoken(config, articles):
            raise SourceError("nothing in the sources can be spoken")
    except BriefingError as error:
        line(f"sources: {error}")
        return (), False
    for file in skipped:
        line(f"sources: {file.path}: skipped: {file.reason}")
    if notice := unread_folders(config):
        line(f"sources: {config.sources_folder}: {notice}")
    words = sum(len(text.split()) for article in articles for text in article.paragraphs)
    line(f"sources: {len(articles)} articles, {words} words, in {config.sources_folder}")
    return articles, bool(skipped)


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


def _check_voices(config: Config, articles: Sequence[Article], line: Line) -> bool:
    """Report on the voices up to the one that would speak; return whether one can speak."""
    from briefing.production.estimate import length_s

    store = config.open_cache()
    today = datetime.date.today().isoformat()
    for voice in voices_of(config, None, store):
        reason = voice.unavailable()
        requests = _requests(config, articles, voice, store, today)
        line(f"voice {voice.name}: {reason or 'can speak'}{requests}")
        if written := _without_ipa(voice, config):
            line(f"voice {voice.name}: cannot use IPA; it speaks {written} as written")
        if reason is None:
            minutes, seconds = divmod(round(length_s(config, articles, today, voice.name)), 60)
            line(f"length: about {minutes}:{seconds:02} minutes")
            return True
    return False


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


def _requests(
    config: Config, articles: Sequence[Article], voice: Voice, store: FolderStore, today: str
) -> str:
    """Return how many requests speaking would make, counted or estimated from a sample."""
    if voice.requests([]) is None:
        return ""
    kind = "online requests" if voice.online else "requests"
    from briefing.production.planning import Planner
    from briefing.production.rundown import pieces_of, spoken_paragraphs
    from briefing.text.script_writer import script_writer

    # a paragraph that occurs twice is requested once
    paragraphs = list(
        dict.fromkeys(text for article in articles for text in spoken_paragraphs(article, config))
    )
    letters = sum(map(len, paragraphs))
    if letters <= _EXACT_BELOW_LETTERS:
        planner = Planner(script_writer(config, store), voice, store)
        pieces = pieces_of(config, articles, planner, today)
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
    from briefing.text.normalisation.lexicon_review import review

    today = datetime.date.today().isoformat()
    users: dict[Path, list[tuple[Config, Sequence[Article]]]] = {}
    for config, articles in read:
        if config.text.lexicon and articles:
            users.setdefault(config.base / config.text.lexicon, []).append((config, articles))
    for path, briefings in users.items():
        texts = (text for config, articles in briefings for text in _texts(config, articles, today))
        remarks = review(path, texts)
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
