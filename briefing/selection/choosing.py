"""The sources, and what earlier editions read of them -> what the edition of a day may read."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from pathlib import Path

from briefing.clip_cache import key_of
from briefing.config import Config
from briefing.selection.candidates import Selection, select
from briefing.selection.lineup import Lineup
from briefing.shelf.read_record import NOTHING_READ, ReadRecord, load_record
from briefing.sources import Article, NoArticles, Skipped, read

__all__ = ["Choice", "choose", "remembers"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the edition of a day may read, and what is known of earlier ones."""

    selection: Selection
    skipped: tuple[Skipped, ...] = ()
    record: ReadRecord = NOTHING_READ
    notice: str = ""
    """What is wrong with the record, "" for nothing."""

    def digests(self) -> list[tuple[str, str]]:
        """Return (path, digest) of all that decides what the edition says, for its fingerprint."""
        lineup = self.selection.lineup
        sections = lineup.sections or ("",) * len(lineup.articles)
        rows = [
            (article.path, key_of("article", [*_content(article), section]))
            for article, section in zip(lineup.articles, sections, strict=True)
        ]
        rows += [(story.path, f"missed {story.identity}") for story in self.selection.missed]
        return rows + [(file.path, file.reason) for file in self.skipped]


def remembers(config: Config) -> bool:
    """Return whether a briefing has articles that are read only once and must be remembered."""
    settings = config.edition.unread_only
    return settings == "true" or (settings == "gathered" and config.gathers)


def choose(
    config: Config, current: Path | None, edition_date: str, *, with_left_out: bool = False
) -> Choice:
    """Return what the edition of a day may read.

    current: the folder of the edition that stands, None before the first. with_left_out: also what
    an editor left out. Raise SourceError where there is no article at all, and nothing was ever
    read.
    """
    record = load_record(current, config.output.name)
    notice = ""
    if record is None:
        notice = (
            f"{config.output.name}: what earlier editions read cannot be read back; articles that"
            " they read may be read again"
        )
        record = NOTHING_READ
    try:
        articles, skipped = read(config, edition_date, with_left_out=with_left_out)
    except NoArticles:
        if current is None or not remembers(config):
            raise
        return Choice(Selection(Lineup(()), is_news=False), (), record, notice)
    past = record if remembers(config) else NOTHING_READ
    selection = select(articles, config.edition, past, edition_date)
    if not remembers(config):
        selection = replace(selection, is_news=bool(selection.lineup.articles))
    return Choice(selection, tuple(skipped), record, notice)


def _content(article: Article) -> list[object]:
    """Return what an edition says of an article; not when it was gathered."""
    return list(astuple(replace(article, gathered="", limit=0, max_age_h=0)))
