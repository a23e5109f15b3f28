"""A name from a document's properties -> the author's, as far as it is one."""

from __future__ import annotations

import re

from briefing.sources.documents.blocks import tidy

__all__ = ["NAMED_BY", "author_of"]

NAMED_BY = re.compile(r"^(?:بقلم|بواسطة|[Bb]y)\s*[:：]?\s+")
"""What stands before the name of the author, and is no part of it."""
_MACHINES = re.compile(
    r"python-docx|microsoft.*|user\d*|users?|administrator|admin|author|owner|windows.*|pc|hp|dell"
    r"|lenovo|acer|asus|toshiba|libreoffice.*|openoffice.*|apache.*|unknown|un-named|guest|root"
    r"|المستخدم|مستخدم|مسؤول|المؤلف|الكاتب",
    re.IGNORECASE,
)
"""Names of machines and programs where the author's should stand."""


def author_of(name: str) -> str:
    """Return a document's author, "" where it is a machine's or a program's name.

    >>> author_of("ليلى حداد"), author_of("python-docx"), author_of("DELL")
    ('ليلى حداد', '', '')
    """
    name = tidy(name)
    if _MACHINES.fullmatch(name):
        return ""
    is_arabic = re.search("[\u0620-\u064a]", name) is not None
    return name if is_arabic or re.fullmatch(r"[A-Z]\S+( [A-Z]\S+)+", name) else ""
