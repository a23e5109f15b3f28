"""The kinds of documents: which kind a file has, and whether the libraries for it are installed.

The ending of the name decides, before any library is imported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from briefing.versions import files_digest, version

__all__ = [
    "AUTO",
    "ENDINGS",
    "KINDS",
    "READ_ENDINGS",
    "Kind",
    "is_never_article",
    "kind_named",
    "kind_of",
    "missing_extra",
    "reader_version",
    "refusal",
]

AUTO = "auto"
"""The pattern that means every kind."""


_WITH_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document, and the requirements of its reader."""

    name: str
    endings: tuple[str, ...]
    modules: tuple[str, ...]
    """The modules that the reader imports."""
    packages: tuple[str, ...]
    """The packages whose versions affect the result."""
    extra: str
    """The extra of this program that installs them."""
    media_types: tuple[str, ...] = ()
    """The types that a server may declare."""

    @property
    def size_factor(self) -> int:
        """How many times sources.max_file_mb a file may have: pictures are not read."""
        return _WITH_PICTURES if self.name in ("docx", "odt", "epub") else 1


_PAGE_PACKAGES = (
    "lxml",
    "lxml-html-clean",
    "trafilatura",
    "readability-lxml",
    "justext",
    "courlan",
)
KINDS = (
    Kind(
        "markdown",
        (".md", ".markdown"),
        ("lxml", "markdown_it", "mdit_py_plugins", "yaml"),
        ("lxml", "markdown-it-py", "mdit-py-plugins", "pyyaml"),
        "documents",
        ("text/markdown",),
    ),
    Kind(
        "docx",
        (".docx",),
        ("lxml", "mammoth"),
        ("lxml", "mammoth"),
        "documents",
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    ),
    Kind(
        "odt",
        (".odt",),
        ("lxml",),
        ("lxml",),
        "documents",
        ("application/vnd.oasis.opendocument.text",),
    ),
    Kind("epub", (".epub",), ("lxml",), ("lxml",), "documents", ("application/epub+zip",)),
    Kind(
        "page",
        (".html", ".htm", ".xhtml"),
        ("lxml", "lxml_html_clean", "trafilatura", "readability"),
        _PAGE_PACKAGES,
        "web",
        ("text/html", "application/xhtml+xml"),
    ),
    Kind(
        "xml",
        (".xml", ".rss", ".atom", ".rdf", ".nitf"),
        ("lxml", "feedparser"),
        ("lxml", "feedparser"),
        "web",
        (
            "application/rss+xml",
            "application/atom+xml",
            "application/rdf+xml",
            "application/xml",
            "text/xml",
        ),
    ),
    Kind(
        "json",
        (".json",),
        ("lxml",),
        ("lxml",),
        "web",
        ("application/feed+json", "application/json", "application/ld+json"),
    ),
)
_BY_MEDIA_TYPE = {name: kind for kind in KINDS for name in kind.media_types}
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}

_IN_AN_OFFICE = "open it in Word or LibreOffice and save it as .docx"
_REFUSED = {
    ".pdf": f"is a PDF, which does not keep the order of Arabic words; {_IN_AN_OFFICE}",
    ".doc": f"is an old Word document; {_IN_AN_OFFICE}",
    ".rtf": f"is an RTF document; {_IN_AN_OFFICE}",
}
_TEXT_ENDING = ".txt"
ENDINGS = frozenset({_TEXT_ENDING, *_BY_ENDING, *_REFUSED})
"""The endings that "auto" looks at: all kinds that are read, and those that are refused."""

READ_ENDINGS = " ".join((_TEXT_ENDING, *_BY_ENDING))
"""The endings of the kinds that are read, for a message."""

_NEVER = re.compile(r"~\$.*|.*~|.*\.(?:part|crdownload)", re.IGNORECASE | re.DOTALL)
"""Names of lock files of office programs, backups of editors and unfinished downloads."""


def is_never_article(name: str) -> bool:
    """Return whether a program writes files with such a name next to a document.

    >>> is_never_article("~$fed.docx"), is_never_article("fed.docx")
    (True, False)
    """
    return _NEVER.fullmatch(name) is not None


def kind_of(name: str, media_type: str = "") -> Kind | None:
    """Return the kind of document by its file name or else its media type; None for plain text.

    >>> kind_of("a.DOCX").name, kind_of("latest", "application/rss+xml; charset=utf-8").name
    ('docx', 'xml')
    """
    kind = _BY_ENDING.get(PurePath(name).suffix.lower())
    return kind or _BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower())


def kind_named(name: str) -> Kind:
    """Return a kind by its own name, such as "page"."""
    return next(kind for kind in KINDS if kind.name == name)


def refusal(name: str) -> str:
    """Return why a file of this name is not read, and what to do; "" if it may be read."""
    return _REFUSED.get(PurePath(name).suffix.lower(), "")


@cache
def missing_extra(kind: Kind) -> str:
    """Return the extra to install for a kind of document; "" if everything is installed."""
    from importlib.util import find_spec

    return "" if all(find_spec(module) for module in kind.modules) else kind.extra


@cache
def reader_version(kind: Kind) -> str:
    """Return the versions that, together with its bytes, decide how a document is read."""
    libraries = " ".join(f"{package} {version(package)}" for package in kind.packages)
    return f"{files_digest('sources')} {libraries}"
