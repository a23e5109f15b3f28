"""The address of a feed -> the part of the page that subscribes to it."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

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


def subscribing(feed: str, link: str, language: str) -> str:
    """Return the part of a page that subscribes to a feed; "" if there is none.

    feed: its whole address. link: its address relative to the page.
    """
    if not feed:
        return ""
    bare = feed.partition("://")[2]
    programs = "".join(
        f'<a href="{escape(scheme.format(bare=bare, coded=quote(feed, safe="")))}">{name}</a>\n'
        for name, scheme in _PROGRAMS.items()
    )

    def text(key: str) -> str:
        return escape(say(key, language))

    return (
        '<details class="subscribe">\n'
        f'<summary data-i="subscribe">{text("subscribe")}</summary>\n<div class="drawer">\n'
        f'<p><label><span data-i="feed_address">{text("feed_address")}</span>\n'
        f'<input class="address" dir="ltr" readonly value="{escape(feed)}"></label>\n'
        f'<button type="button" class="copy-feed" data-i="copy_address">'
        f"{text('copy_address')}</button></p>\n"
        f'<p data-i="subscribe_in">{text("subscribe_in")}</p>\n'
        f'<p class="programs">\n{programs}'
        f'<a href="{escape(link)}" data-i="feed">{text("feed")}</a></p>\n</div>\n</details>\n'
    )
