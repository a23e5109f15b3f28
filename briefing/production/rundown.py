"""Articles -> the rundown: what is spoken in which order, and the pauses between.

The opening comes first, then each article: its title, its paragraphs, its byline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.sources import Article

if TYPE_CHECKING:
    from briefing.production.planning import Piece, Planner

__all__ = [
    "expected_pieces",
    "opening_paragraphs_of",
    "opening_template",
    "pieces_of",
    "spoken_paragraphs",
]


def pieces_of(
    config: Config, articles: Sequence[Article], planner: Planner, edition_date: str
) -> Iterator[Piece]:
    """Yield the text of each clip of the briefing, in order."""
    from briefing.production.planning import pieces

    opening = opening_paragraphs_of(config, articles, edition_date)
    for index, text in enumerate(opening, 1):
        after = config.pauses.article_s if index == len(opening) else config.pauses.paragraph_s
        yield from pieces(None, planner.plan(text), config.pauses, after)
    for chapter, article in enumerate(articles):
        paragraphs = spoken_paragraphs(article, config)
        names = planner.names_of(paragraphs, title=bool(article.title))
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
            yield from pieces(chapter, plan, config.pauses, pause_s, kind)


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


def expected_pieces(config: Config, articles: Sequence[Article], edition_date: str) -> list[int]:
    """Return for each paragraph about how many clips it will have, estimated from its length.

    This is for the display of progress. The exact number is known when the paragraph has been
    planned.
    """
    from briefing.production.planning import LONGEST_CLIP

    texts = opening_paragraphs_of(config, articles, edition_date)
    for article in articles:
        texts += spoken_paragraphs(article, config)
    return [max(1, -(-len(text) // LONGEST_CLIP)) for text in texts]
