"""Whether two articles tell the same story: by their ids, their links, their words.

Two outlets print one agency's text under different headlines, cut and with a sentence of their
own. Their texts are compared by runs of five words: the same story where the shorter of the two
shares 60% of its runs with the longer one (containment; Broder, "On the resemblance and containment
of documents", 1997). Of a text the 256 runs with the lowest hashes are remembered: a sample that
is the same in every text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from briefing.shelf.read_record import Story
from briefing.sources import Article

__all__ = ["Stories", "canonical_link", "story_of"]

_RUN = 5
"""Words."""
_SAME = 0.6
"""Of the runs of the shorter text."""
_MOST_MARKS = 256
_FEWEST_MARKS = 4
"""That must be comparable: fewer are a shared quotation."""
_FEWEST_RUNS = 8
"""Of a text that is compared by its runs; a shorter one is the same if all its words are."""
_WORD = re.compile(r"\w+")
_TATWEEL = "\u0640"
_FOLDED = str.maketrans("أإآٱىة", "ااااية")
_TRACKING = re.compile(
    r"(?:utm_\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ref_src|at_\w+)", re.IGNORECASE
)
"""Parameters that tell where a reader came from, and nothing of the page."""
_WORLDWIDE = re.compile(
    r"[a-z][a-z0-9+.\-]*:.+|[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE
)
"""Ids that no other feed gives to something else: addresses, tags, UUIDs; not "1234"."""


def story_of(article: Article) -> Story:
    """Return what an article is compared and remembered by."""
    words = _words(article)
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    marks: list[int] = []
    if len(runs) >= _FEWEST_RUNS:
        marks = sorted({_hash(run) for run in runs})[:_MOST_MARKS]
    return Story(
        identity=_identity(article),
        link=canonical_link(article.url),
        digest=hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()[:32],
        marks=tuple(marks),
        feed=article.feed,
        title=_writable(article.heading),
        url=_writable(article.url),
        section=_writable(article.section),
        path=_writable(article.path),
    )


def canonical_link(url: str) -> str:
    """Return an address less what does not tell pages apart; "" for none, or a site's front page.

    >>> canonical_link("https://www.Example.org:443/a/?utm_source=x&id=7#top")
    'example.org/a?id=7'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    query = "&".join(
        pair
        for pair in parts.query.split("&")
        if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    path = parts.path.rstrip("/")
    if not path and not query:
        return ""  # some feeds link every entry to their site
    return _writable(f"{place}{path}?{query}" if query else f"{place}{path}")


class Stories:
    """Stories to look a story up in."""

    def __init__(self, stories: Iterable[Story] = ()) -> None:
        self._stories: list[Story] = []
        self._by_identity: dict[str, list[int]] = defaultdict(list)
        self._by_link: dict[str, list[int]] = defaultdict(list)
        self._by_digest: dict[str, list[int]] = defaultdict(list)
        self._by_mark: dict[int, list[int]] = defaultdict(list)
        for story in stories:
            self.add(story)

    def add(self, story: Story) -> None:
        """Add a story."""
        at = len(self._stories)
        self._stories.append(story)
        self._by_identity[story.identity].append(at)
        if story.link:
            self._by_link[story.link].append(at)
        self._by_digest[story.digest].append(at)
        for mark in story.marks:
            self._by_mark[mark].append(at)

    def match(self, story: Story, *, by_text: bool = True) -> Story | None:
        """Return a story here that is the same, None for none.

        Two files of the folder that differ by a few words are two articles: who put both there
        wants both. by_text: where all their words are the same, they are one.
        """
        alike = self._alike(story)
        for at in self._by_identity.get(story.identity, ()):
            if story.feed or at in alike:  # a file of the same name may have a new text
                return self._stories[at]
        for at in self._by_link.get(story.link, ()):
            # entries of one feed may be parts of one page
            if self._stories[at].feed != story.feed or at in alike:
                return self._stories[at]
        for at in sorted(alike):
            other = self._stories[at]
            if story.feed or other.feed or (by_text and story.digest == other.digest):
                return other
        return None

    def _alike(self, story: Story) -> set[int]:
        """Return the places of the stories with the same words, or mostly."""
        alike = set(self._by_digest.get(story.digest, ()))
        shared: Counter[int] = Counter()
        for mark in story.marks:
            shared.update(self._by_mark.get(mark, ()))
        alike.update(
            at
            for at, count in shared.items()
            if count >= _FEWEST_MARKS and _is_contained(story.marks, self._stories[at].marks)
        )
        return alike


def _is_contained(first: Sequence[int], second: Sequence[int]) -> bool:
    """Return whether the shorter of two texts is mostly in the longer one, by their marks."""
    # below the highest mark of a sampled text all its runs are remembered
    limits = [marks[-1] for marks in (first, second) if len(marks) == _MOST_MARKS]
    limit = min(limits, default=0xFFFFFFFF)
    sample = first[: bisect_right(first, limit)]
    other = second[: bisect_right(second, limit)]
    fewer = min(len(sample), len(other))
    shared = len(set(sample) & set(other))
    return fewer >= _FEWEST_MARKS and shared >= _SAME * fewer


def _identity(article: Article) -> str:
    key = article.key or article.path
    if article.feed and not _WORLDWIDE.fullmatch(key):
        key = f"{article.feed} {key}"
    return _writable(key)


def _words(article: Article) -> list[str]:
    """Return the words of an article as they are compared: without marks, in one spelling."""
    text = " ".join(article.paragraphs) or article.title
    letters = (
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold().translate(_FOLDED))
        if letter != _TATWEEL and not unicodedata.combining(letter)
    )
    return _WORD.findall("".join(letters))


def _hash(run: str) -> int:
    digest = hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def _writable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode()
