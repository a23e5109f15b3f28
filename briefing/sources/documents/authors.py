"""A name from a document's properties -> the author's name, if it is one."""

from __future__ import annotations

import re

from briefing.sources.documents.blocks import tidy

__all__ = ["NAMED_BY", "author_of"]

NAMED_BY = re.compile(r"^(?:بقلم|بواسطة|[Bb]y)\s*[:：]?\s+")
"""Words before the author's name that are no part of it."""
_MACHINES = re.compile(
    r"python-docx|microsoft.*|user\d*|users?|administrator|admin|author|owner|windows.*|pc|hp|dell"
    r"|lenovo|acer|asus|toshiba|libreoffice.*|openoffice.*|apache.*|unknown|un-named|guest|root"
    r"|المستخدم|مستخدم|مسؤول|المؤلف|الكاتب",
    re.IGNORECASE,
)
"""Names of machines and programs, which are often written instead of the author's."""


def author_of(name: str) -> str:
    """Return a document's author; "" if the name is a machine's or a program's.

    >>> author_of("ليلى حداد"), author_of("python-docx"), author_of("DELL")
    ('ليلى حداد', '', '')
    """
    name = tidy(name)
    if _MACHINES.fullmatch(name):
        return ""
    is_arabic = re.search("[\u0620-\u064a]", name) is not None
    return name if is_arabic or re.fullmatch(r"[A-Z]\S+( [A-Z]\S+)+", name) else ""
