"""Markdown, with front matter and what Obsidian, Pandoc and kramdown add -> an article."""

from __future__ import annotations

import re

from briefing.errors import SourceError
from briefing.sources.decoding import decode_markup
from briefing.sources.documents.assembling import assemble
from briefing.sources.documents.boilerplate import drop_hidden
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.front_matter import front_matter
from briefing.sources.documents.html_blocks import blocks_of
from briefing.sources.documents.trees import html_tree

__all__ = ["read_markdown"]

MOST_BYTES = 1_000_000
"""For some texts, the time grows with the square of their length."""
_MOST_NESTING = 30
_LINE_END = re.compile(r"\r\n?")
_ADDITIONS = (
    (re.compile(r"[ \t]*\{[#.:][^{}\n]{0,200}\}[ \t]*$", re.MULTILINE), ""),  # Pandoc, kramdown
    (re.compile(r"^:{3,}[^\n]*$", re.MULTILINE), ""),  # Pandoc's divisions
    # Obsidian
    (re.compile(r"%%.*?%%", re.DOTALL), ""),  # a comment
    (re.compile(r"!\[\[[^\[\]\n]*\]\]"), ""),  # an embedded file
    (re.compile(r"\[\[[^\[\]|\n]*\|([^\[\]\n]*)\]\]"), r"\1"),
    (re.compile(r"\[\[([^\[\]|#\n]*)(?:#[^\[\]\n]*)?\]\]"), r"\1"),
    (re.compile(r"==(?=[^\s=])([^=\n]{1,500}?)(?<=\S)=="), r"\1"),  # a highlight
    (
        re.compile(r"^((?:>[ \t]?){1,30})\[![\w-]{1,30}\][+-]?[ \t]?", re.MULTILINE),
        r"\1",
    ),  # a callout
    (
        re.compile(r"^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[[ xX/-]\][ \t]", re.MULTILINE),
        r"\1",
    ),  # a task
    (re.compile(r"(?<=\S)[ \t]+\^[\w-]{1,40}[ \t]*$", re.MULTILINE), ""),  # a block's name
)


def read_markdown(data: bytes, hints: Hints) -> list[Document]:
    """Return the article of a Markdown file. Raise SourceError."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    if len(data) > MOST_BYTES:
        raise SourceError("is larger than 1 MB, too large for Markdown; split it")
    text = _LINE_END.sub("\n", decode_markup(data))
    metadata, text = front_matter(text)
    if metadata.language and not metadata.language.lower().startswith("ar"):
        raise SourceError(f"is marked as lang: {metadata.language}; this program reads Arabic")
    for pattern, replacement in _ADDITIONS:
        text = pattern.sub(replacement, text)
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MOST_NESTING})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    root = html_tree(parser.render(text) or "<p></p>")
    drop_hidden(root)
    return [assemble(blocks_of(root), metadata)]
