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
_MOST_MARKS = {"[": 20_000, "\n": 30_000, "*": 100_000, "_": 100_000, "`": 100_000, "<": 100_000}
"""A megabyte of text has a tenth of them, and a megabyte of them takes 25 s to parse."""
_NAMES_OF_MARKS = {"\n": "lines"}
_LINE_END = re.compile(r"\r\n?")
_ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?|===[+!]?)[ \t]+(?:[\w-]+[ \t]*){0,4}(?:\"([^\"]{0,200})\")?[ \t]*"
)
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_INDENT = re.compile(r"(?: {4}|\t)")
_FACT_LINE = re.compile(
    r"^(?:\*\*|__)(بقلم|الكاتبة?|المؤلفة?|كتبت?|تاريخ النشر|التاريخ|القسم|التصنيف)"
    r"[ \t]*(?:[:：](?:\*\*|__)|(?:\*\*|__)[ \t]*[:：])[ \t]*([^\n]{1,200})$",
    re.MULTILINE,
)
"""A line such as "**بقلم:** أحمد علي", which is none of a paragraph."""
_HIGHLIGHT = re.compile(r"(\{%-?[ ]*(?:end)?highlight\b[^{}\n]{0,200}%\})")
_ADDITIONS = (
    # static sites: Hugo's and Jekyll's commands, MDX, MkDocs
    (re.compile(r"\{\{[<%][^{}]{0,1000}[>%]\}\}"), ""),
    (re.compile(r"\{%[^{}]{0,1000}%\}|\{\{[^{}\n]{0,500}\}\}"), ""),
    (re.compile(r"^(?:import|export) [^\n]{1,500}[;'\"}][ \t]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\[(?:\[_?toc_?\]|toc)\][ \t]*$", re.MULTILINE | re.IGNORECASE), ""),
    (re.compile(r"^\*\[[^\[\]\n]{1,80}\]:[^\n]*$", re.MULTILINE), ""),  # an abbreviation
    (
        re.compile(
            r"\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\)\{[^{}\n]{0,200}\b(?:button|btn)\b[^{}\n]{0,99}\}"
        ),
        "",
    ),
    (re.compile(r"(?<![\w:]):[a-z][a-z\d_+-]{1,60}:(?![\w:])"), ""),  # an emoji or icon
    (
        re.compile(r"[ \t]{0,9}\{[ \t]{0,9}[#.:][^{}\n]{0,200}\}[ \t]*$", re.MULTILINE),
        "",
    ),  # attributes
    (re.compile(r"^:{3,}[^\n]*$", re.MULTILINE), ""),  # Pandoc's divisions
    (re.compile(r"^#{1,6}[ \t]+tags:[^\n]*$", re.MULTILINE | re.IGNORECASE), ""),  # HackMD
    (_FACT_LINE, r"\n\1: \2\n"),
    # Obsidian
    (re.compile(r"%%.*?%%", re.DOTALL), ""),  # a comment
    (re.compile(r"!\[\[[^\[\]\n]*\]\]"), ""),  # an embedded file
    (re.compile(r"\[\[[^\[\]|\n]*\|([^\[\]\n]*)\]\]"), r"\1"),
    (re.compile(r"\[\[([^\[\]|#\n]*)(?:#[^\[\]\n]*)?\]\]"), r"\1"),
    (re.compile(r"==(?=[^\s=])([^=\n]{1,500}?)(?<=\S)=="), r"\1"),  # a highlight
    (
        re.compile(r"^((?:>[ \t]?){1,30})\[![\w-]{1,30}\][+-]?[ \t]?([^\n]*)$", re.MULTILINE),
        r"\1\2\n\1",
    ),  # a callout, whose title is a line of its own
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
    for mark, most in _MOST_MARKS.items():
        if text.count(mark) > most:
            name = _NAMES_OF_MARKS.get(mark, f"times {mark}")
            raise SourceError(f"has more than {most:,} {name}; split it, or save it as .txt")
    metadata, text = front_matter(text)
    if metadata.language and not metadata.language.lower().startswith("ar"):
        raise SourceError(f"is marked as lang: {metadata.language}; this program reads Arabic")
    text = _without_admonitions(_without_highlights(text))
    for pattern, replacement in _ADDITIONS:
        text = pattern.sub(replacement, text)
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MOST_NESTING})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    root = html_tree(parser.render(text) or "<p></p>")
    drop_hidden(root)
    return [assemble(blocks_of(root), metadata)]


def _without_highlights(text: str) -> str:
    """Return a text without the code between Jekyll's commands for it."""
    parts = _HIGHLIGHT.split(text)
    ends = {place for place in range(1, len(parts), 2) if "endhighlight" in parts[place]}
    last_end = max(ends, default=0)
    lines, is_code = [], False
    for place, part in enumerate(parts):
        if place % 2:
            is_code = place not in ends and place < last_end
        elif not is_code:
            lines.append(part)
    return "".join(lines)


def _without_admonitions(text: str) -> str:
    """Return a text with the boxes and tabs of MkDocs as plain text.

    Their text is indented under a line such as `!!! note "title"`; the title becomes a bold line.
    """
    lines: list[str] = []
    is_inside = is_code = False
    for line in text.split("\n"):
        is_code ^= _FENCE.match(line) is not None
        begin = None if is_code else _ADMONITION.fullmatch(line)
        if begin is not None:
            lines += ["", f"**{begin[1]}**" if begin[1] else "", ""]
            is_inside = True
        elif is_inside and (not line.strip() or _INDENT.match(line)):
            lines.append(_INDENT.sub("", line, count=1))
        else:
            lines += ["", line] if is_inside else [line]
            is_inside = False
    return "\n".join(lines)
