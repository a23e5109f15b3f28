"""What the next build will speak anew: the paragraphs that differ from the published edition."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.desk.library import Desk
from briefing.errors import ConfigError
from briefing.text.normalisation.lexicon import Lexicon, parse_lexicon

__all__ = ["changed_paragraphs"]


def changed_paragraphs(desk: Desk, lexicon: Lexicon) -> int | None:
    """Return how many paragraphs differ from the edition; None if there is no edition.

    Of a new or changed article all count; of another those in which a line of the lexicon applies
    that the edition was not spoken with. An article that is no longer read counts as one.
    """
    if desk.edition is None or desk.record is None:
        return None
    try:
        before = parse_lexicon(desk.record.lexicon, "")
    except ConfigError:
        before = Lexicon()
    count = desk.dropped_articles
    for place, article in desk.read:
        paragraphs = desk.paragraphs(article)
        if desk.rows[place].state != "in_edition":
            count += len(paragraphs)
        else:
            old, new = before.of_article(article.key), lexicon.of_article(article.key)
            count += _respoken(old, new, paragraphs)
    return count


def _respoken(old: Lexicon, new: Lexicon, paragraphs: Sequence[str]) -> int:
    """Return in how many paragraphs a line of the user applies that only one lexicon has."""
    if _own(old) == _own(new) and old.here == new.here:
        return 0
    rows = {*_own(old).items()} ^ {*_own(new).items()}
    lexicon = Lexicon.of_words({form: "ا" for form, _ in rows})
    places = {place for place, _ in {*old.here.items()} ^ {*new.here.items()}}
    count = 0
    for text in paragraphs:
        here = {place for place in places if place.written in " ".join(text.split())}
        places -= here
        count += bool(here) or bool(lexicon.matches(text))
    return count


def _own(lexicon: Lexicon) -> dict[str, str]:
    return {form: lexicon.words[form] for form in lexicon.own}
