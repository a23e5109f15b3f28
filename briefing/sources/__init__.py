"""Files of a folder to articles: title, paragraphs, byline, and where they came from."""

from briefing.sources.article import Article
from briefing.sources.folder import (
    HeldBack,
    NoArticles,
    Skipped,
    digests,
    find,
    held_back,
    is_source_name,
    nearest_file,
    read,
    read_path,
    robbed_lines,
    unread_folders,
)

__all__ = [
    "Article",
    "HeldBack",
    "NoArticles",
    "Skipped",
    "digests",
    "find",
    "held_back",
    "is_source_name",
    "nearest_file",
    "read",
    "read_path",
    "robbed_lines",
    "unread_folders",
]
