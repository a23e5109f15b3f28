"""A name from a document's properties -> the author's name, if it is one."""

from __future__ import annotations

import re

from briefing.sources.documents.blocks import tidy

__all__ = ["NAMED_BY", "author_of", "names_position"]

NAMED_BY = re.compile(
    r"^(?:بقلم|(?:(?:مرسلة|نشرت?|كتبت?|أضيفت?)\s+)?بواسطة|(?:[Pp]osted )?[Bb]y)\s*[:：]?\s+"
)
"""Words before the author's name that are no part of it."""
_MACHINES = re.compile(
    r"python-docx|microsoft.*|user\d*|users?|administrator|admin|author|owner|windows.*|pc|hp|dell"
    r"|lenovo|acer|asus|toshiba|libreoffice.*|openoffice.*|apache.*|unknown(?: author)?|un-named"
    r"|guest|root"
    r"|المستخدم|مستخدم|مسؤول|المؤلف|الكاتب",
    re.IGNORECASE,
)
"""Names of machines and programs, which are often written instead of the author's."""

_POSITION = re.compile(
    r"(?:مراسلة?|محررة?|صحفية?|صحافية?|كاتبة?|باحثة?|محللة?|مذيعة?|معدة?|رئيسة?|نائبة?|مديرة?"
    r"|مقدمة?|مصورة?|الصفة|المنصب|الوظيفة)\b.*"
)
"""What an author is, which some pages list after the name."""


def names_position(text: str) -> bool:
    """Return whether a short text is an author's position and not a name.

    >>> names_position("مراسل العلوم"), names_position("نادر خليفة")
    (True, False)
    """
    return _POSITION.fullmatch(tidy(text)) is not None


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
