"""The address of a feed -> the part of the page that subscribes to it."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from briefing.publish.listening_page.shelf_list import url
from briefing.publish.strings import say

__all__ = ["subscribing"]

_PROGRAMS = {
    "Apple Podcasts": "podcast://{bare}",
    "Pocket Casts": "pktc://subscribe/{bare}",
    "Overcast": "overcast://x-callback-url/add?url={coded}",
    "Castro": "castros://subscribe/{bare}",
    "AntennaPod": "antennapod-subscribe://{bare}",
    "Podcast Addict": "podcastaddict://{bare}",
    "gPodder": "gpodder://{bare}",
}
"""How the usual programs are asked to subscribe, by the schemes that they register. bare: the
feed's address without https://; coded: the whole, as a value in a query."""


def subscribing(base: str, file: str, above: str, language: str) -> str:
    """Return the part of a page that subscribes to a feed; "" if there is none.

    base: the shelf's address on the web; "" if the page may not contain it, as that of a private
    briefing: then the page's script finds it in the page's own address. file: the feed. above: the
    path from the page to the shelf's folder.
    """
    if not file:
        return ""
    link = escape(above + url(file))

    def text(key: str) -> str:
        return escape(say(key, language))

    return (
        '<details class="subscribe">\n'
        f'<summary data-i="subscribe">{text("subscribe")}</summary>\n<div class="drawer">\n'
        f'<p><label><span data-i="feed_address">{text("feed_address")}</span>\n'
        f'<input class="address" dir="ltr" readonly data-feed="{link}"'
        f' value="{escape(base + url(file)) if base else link}"></label>\n'
        f'<button type="button" class="copy-feed" data-i="copy_address">'
        f"{text('copy_address')}</button></p>\n"
        f'<p data-i="subscribe_in">{text("subscribe_in")}</p>\n'
        f'<p class="programs">\n{_program_links(base + url(file)) if base else ""}'
        f'<a href="{link}" data-i="feed">{text("feed")}</a></p>\n</div>\n</details>\n'
    )


def _program_links(feed: str) -> str:
    bare, coded = feed.partition("://")[2], quote(feed, safe="")
    return "".join(
        f'<a href="{escape(scheme.format(bare=bare, coded=coded))}">{name}</a>\n'
        for name, scheme in _PROGRAMS.items()
    )
