"""Articles -> the rundown: what is spoken in which order, and the pauses between.

The opening comes first, then each article: its title, its paragraphs, its byline; before the first
of a section its heading. Headlines of what there is no time for come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.selection import Lineup
from briefing.sources import Article

if TYPE_CHECKING:
    from briefing.production.planning import Piece, Planner
    from briefing.text.script_writer import ArticleNames

__all__ = [
    "OVERFLOW_CHAPTER",
    "OVERFLOW_LINE",
    "SECTION",
    "article_pieces",
    "expected_pieces",
    "headline_keys",
    "opening_paragraphs_of",
    "opening_pieces",
    "opening_template",
    "overflow_paragraphs",
    "overflow_pieces",
    "pieces_of",
    "spoken_paragraphs",
]


SECTION = "section"
"""The kind of a paragraph that is a section's heading."""
OVERFLOW_LINE = "وهذه عناوين أخبار لم يتسع لها الوقت:"
OVERFLOW_CHAPTER = "عناوين أخرى"
"""The title of the chapter that those headlines are."""


def pieces_of(
    config: Config,
    lineup: Lineup,
    planner: Planner,
    edition_date: str,
    before: Callable[[int], None] = lambda place: None,
) -> Iterator[Piece]:
    """Yield what each clip of the briefing says, in order.

    before: called with the place of each article before anything of it is planned; of the first
    one, before the opening.
    """
    before(0)
    yield from opening_pieces(config, lineup.articles, planner, edition_date)
    for place in range(len(lineup.articles)):
        if place:
            before(place)
        yield from article_pieces(config, lineup, place, planner)
    yield from overflow_pieces(config, lineup, planner)


def opening_pieces(
    config: Config, articles: Sequence[Article], planner: Planner, edition_date: str
) -> Iterator[Piece]:
    """Yield what is said before the first article."""
    from briefing.production.planning import pieces
    from briefing.text.script_writer import Names

    opening = opening_paragraphs_of(config, articles, edition_date)
    keys = headline_keys(articles)
    for index, text in enumerate(opening, 1):
        after = config.pauses.article_s if index == len(opening) else config.pauses.paragraph_s
        # a headline is read as its article reads it
        names = Names({}, keys[text]) if text in keys else None
        yield from pieces(None, planner.plan(text, names), config.pauses, after)


def headline_keys(articles: Sequence[Article]) -> dict[str, str]:
    """Return the keys of the articles that the headlines of the opening are read by."""
    return {article.title: article.key for article in reversed(articles)}


def article_pieces(config: Config, lineup: Lineup, place: int, planner: Planner) -> Iterator[Piece]:
    """Yield what is said of an article, by its place: first the heading that begins with it."""
    from briefing.production.planning import pieces

    if heading := lineup.heading_before(place):
        plan = planner.plan(heading)
        yield from pieces(None, plan, config.pauses, config.pauses.title_s, SECTION)
    article = lineup.articles[place]
    paragraphs = spoken_paragraphs(article, config)
    names: ArticleNames = planner.names_of(
        paragraphs, title=bool(article.title), article=article.key
    )
    above = 1 if article.title else 0
    for index, text in enumerate(paragraphs):
        kind = article.kind_of(index - above) if index >= above else "p"
        if index == len(paragraphs) - 1:
            pause_s = config.pauses.article_s
        elif index < above:
            pause_s = config.pauses.title_s
        elif kind == "heading":
            pause_s = config.pauses.heading_s
        else:
            pause_s = config.pauses.paragraph_s
        plan = planner.plan(text, names.of(index))
        yield from pieces(place, plan, config.pauses, pause_s, kind)


def overflow_pieces(config: Config, lineup: Lineup, planner: Planner) -> Iterator[Piece]:
    """Yield the headlines that close the edition, a chapter of their own."""
    from briefing.production.planning import pieces

    for text in overflow_paragraphs(lineup):
        plan = planner.plan(text)
        yield from pieces(len(lineup.articles), plan, config.pauses, config.pauses.paragraph_s)


def overflow_paragraphs(lineup: Lineup) -> list[str]:
    """Return the paragraphs of the headlines that close the edition."""
    return [OVERFLOW_LINE, *lineup.overflow] if lineup.overflow else []


def opening_paragraphs_of(
    config: Config, articles: Sequence[Article], edition_date: str
) -> list[str]:
    """Return the paragraphs that are spoken before the first article."""
    from briefing.production.opening import opening_paragraphs

    titles = [article.title for article in articles if article.title]
    headlines = titles[: config.opening.headlines]
    template = opening_template(config, articles)
    return opening_paragraphs(template, config.title, edition_date, headlines)


def opening_template(config: Config, articles: Sequence[Article]) -> str:
    """Return the template of the opening; "" if there is none."""
    from briefing.production.opening import AUTO

    if config.opening.line != "auto":
        return config.opening.line
    return AUTO if len(articles) > 1 else ""


def spoken_paragraphs(article: Article, config: Config) -> list[str]:
    """Return the paragraphs of an article that are spoken, including its title and byline."""
    byline = [article.byline] if article.byline and config.text.read_byline else []
    title = [article.title] if article.title else []
    return [*title, *article.paragraphs, *byline]


def expected_pieces(config: Config, lineup: Lineup, edition_date: str) -> list[int]:
    """Return for each paragraph about how many clips it will have, estimated from its length.

    This is for the display of progress. The exact number is known when the paragraph has been
    planned.
    """
    from briefing.production.planning import LONGEST_CLIP

    texts = opening_paragraphs_of(config, lineup.articles, edition_date)
    for place, article in enumerate(lineup.articles):
        heading = lineup.heading_before(place)
        texts += [heading] if heading else []
        texts += spoken_paragraphs(article, config)
    texts += overflow_paragraphs(lineup)
    return [max(1, -(-len(text) // LONGEST_CLIP)) for text in texts]
