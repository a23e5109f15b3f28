"""The rows of a shelf -> the list in its pages, briefing by briefing.

The page's script marks in it what the listener has heard, and makes the same list in pages that are
not written again when an edition is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from briefing.publish.strings import count, day, duration, escape_text, say
from briefing.shelf.listing import Row

__all__ = ["book_link", "language_of", "shelf_list", "url"]


def shelf_list(rows: Sequence[Row], opened: str, interface: str) -> str:
    """Return the list of a shelf as HTML, one edition a line.

    The briefings are in the order of their first rows, each with its editions, newest date first.
    rows: the current editions, then the kept ones. opened: the address of the page with the list.
    """
    language = language_of(interface)
    current = {row.key for row in rows if not row.is_kept}
    listed = [row for row in rows if not row.is_kept or row.key not in current]
    names = list(dict.fromkeys(row.name for row in rows))
    parts = []
    for name in names:
        editions = [row for row in listed if row.name == name]
        editions.sort(key=lambda row: row.date, reverse=True)
        heading = _heading(editions[0]) if len(names) > 1 else ""
        items = "".join(_items(editions, opened, language))
        parts.append(f"{heading}<ul>\n{items}</ul>\n")
    return "".join(parts)


def language_of(interface: str) -> str:
    """Return the language of a page's interface; its script may switch to the other one."""
    return "en" if interface == "en" else "ar"


def url(file: str) -> str:
    """Return a file's relative URL."""
    return quote(file, safe="/~")


def book_link(row: Row, book: str, language: str) -> str:
    """Return a link to an edition's read-along book. book: its address; "" if there is none."""
    if not book:
        return ""
    label, file = say("book", language), escape_text(f"{row.name}-{row.date}.epub")
    return (
        f' <a class="book" href="{escape(url(book))}" download="{file}" data-i="book">{label}</a>'
    )


def _heading(row: Row) -> str:
    return f'<h3><bdi lang="{escape(row.language)}">{escape_text(row.title)}</bdi></h3>\n'


def _items(editions: Sequence[Row], opened: str, language: str) -> Iterator[str]:
    """Yield the lines of a briefing; an edition with a title of its own shows it."""
    usual = editions[0].title
    for row in editions:
        here = ' aria-current="page"' if row.page == opened else ""
        title = ""
        if row.title != usual:
            title = (
                f' <span><bdi lang="{escape(row.language)}">{escape_text(row.title)}</bdi></span>'
            )
        yield (
            f'<li data-key="{escape(row.name)} {row.date}" data-s="{row.duration_s:g}"'
            f"{'' if row.is_kept else ' data-latest'}>"
            f'<a href="{escape(url(row.page))}"{here}>'
            f'<span class="edition"><time datetime="{row.date}">{day(row.date, language)}</time>'
            "</span>"
            '<span class="details facts">'
            f"<span>{duration(row.duration_s, language)}</span>"
            f" <span>{count('articles', language, row.articles)}</span>{title}</span></a>"
            f"{book_link(row, row.book, language)}</li>\n"
        )
