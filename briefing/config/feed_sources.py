"""The settings of a feed that articles are gathered from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from briefing.config.setting import setting

__all__ = ["LIKE_A_WEB_ADDRESS", "WEB_ADDRESS", "FeedSource"]

WEB_ADDRESS = r"https?://[^\s/?#@\\]+([/?#][^\s\\]*)?"
"""A pattern: no user name or password, for it would be sent to whomever a redirect leads to."""
LIKE_A_WEB_ADDRESS = (
    "an address like https://example.org/rss.xml, with no user name or password in it"
)


@dataclass(frozen=True)
class FeedSource:
    """[[sources.feeds]]: a feed that articles are gathered from."""

    url: str = setting(
        "",
        "the feed's address: RSS, Atom or JSON Feed",
        pattern=WEB_ADDRESS,
        like=LIKE_A_WEB_ADDRESS,
        may_be_secret=True,
    )
    name: str = setting("", "what messages call it; default: its host")
    section: str = setting("", "the section of its articles; default: as the feed says")
    limit: int = setting(
        5, "at most so many articles in an edition, the newest; 0: all", at_least=0
    )
    max_age_h: float = setting(
        24.0,
        "hours before the edition's gathering; an older article is left out; 0: however old",
        at_least=0,
        at_most=24 * 60,
    )
    full_text: Literal["auto", "never", "always"] = setting(
        "auto",
        "fetch an article's page for its whole text; auto: where the feed has but a summary",
        allowed=("auto", "never", "always"),
    )
