"""Files of a folder to articles: title, paragraphs, byline, and where they came from."""

from briefing.sources.article import Article
from briefing.sources.folder import (
    Skipped,
    digests,
    find,
    nearest_file,
    read,
    read_path,
    robbed_lines,
    unread_folders,
)

__all__ = [
    "Article",
    "Skipped",
    "digests",
    "find",
    "nearest_file",
    "read",
    "read_path",
    "robbed_lines",
    "unread_folders",
]
