"""An article's link -> what may be published of it: nothing that its feed's address keeps secret.

A feed of one's own often has a token in its address, and writes the token into the links of its
articles, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

__all__ = ["public_link", "public_page", "without_query"]

_SECRET_NAME = re.compile(r"token|key|auth|sig|pass|secret|session|hash", re.IGNORECASE)
_SHORTEST_VALUE = 6
"""Characters: a shorter value of a query, such as 2 or full, is no token."""
_SHORTEST_PART = 16
_TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.~-]+")
"""What a part of a path looks like that is a token: letters and digits, no words."""


def public_link(link: str, feed_url: str) -> str:
    """Return a link without the secrets of the feed's address; "" where no link is left.

    >>> public_link("https://a.example/1?token=s3cret99&p=2", "https://a.example/rss?token=s3cret99")
    'https://a.example/1?p=2'
    >>> public_link("https://a.example/1?id=24", "https://a.example/rss")
    'https://a.example/1?id=24'
    """
    secrets = set(_secrets(feed_url))
    if not link or not any(secret in unquote(link) for secret in secrets):
        return link
    parts = urlsplit(link)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    clean = [(name, value) for name, value in pairs if value not in secrets]
    shorter = urlunsplit(parts._replace(query=urlencode(clean), fragment=""))
    return "" if any(secret in unquote(shorter) for secret in secrets) else shorter


def public_page(url: str) -> str:
    """Return a page's address without the parts of its query that are called like secrets.

    >>> public_page("https://a.example/?id=1234567&access_token=s3cret99")
    'https://a.example/?id=1234567'
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    clean = [(name, value) for name, value in pairs if not _SECRET_NAME.search(name)]
    if len(clean) == len(pairs):
        return url
    return urlunsplit(parts._replace(query=urlencode(clean), fragment=""))


def without_query(url: str) -> str:
    """Return an address without query and fragment, for relative links to start from.

    >>> without_query("https://a.example/rss?token=s3cret99#x")
    'https://a.example/rss'
    """
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _secrets(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    for _, value in parse_qsl(parts.query):
        if len(value) >= _SHORTEST_VALUE:
            yield value
    for part in unquote(parts.path).split("/"):
        if len(part) >= _SHORTEST_PART and _TOKEN.fullmatch(part):
            yield part
