"""Dates as documents write them -> ISO 8601, or "" if it is not clearly a Gregorian date.

Months may have their Arabic names of Egypt, the Levant or the Maghreb, or English ones. A date of
the Hijri calendar alone results in "", because which day it is depends on the country.
"""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime
from typing import TypeVar

__all__ = ["iso_date", "written_date"]

_MONTHS = (
    "يناير|كانون الثاني|جانفي|jan(?:uary)?",
    "فبراير|شباط|فيفري|feb(?:ruary)?",
    "مارس|آذار|اذار|mar(?:ch)?",
    "أبريل|ابريل|إبريل|نيسان|أفريل|افريل|apr(?:il)?",
    "مايو|أيار|ايار|ماي|may",
    "يونيو|يونيه|حزيران|جوان|june?",
    "يوليو|يوليه|تموز|جويلية|july?",
    "أغسطس|اغسطس|آب|أوت|اوت|aug(?:ust)?",
    "سبتمبر|أيلول|ايلول|شتنبر|sep(?:t(?:ember)?)?",
    "أكتوبر|اكتوبر|تشرين الأول|تشرين الاول|oct(?:ober)?",
    "نوفمبر|تشرين الثاني|نونبر|nov(?:ember)?",
    "ديسمبر|كانون الأول|كانون الاول|دجنبر|dec(?:ember)?",
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ANY_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_APART = r"[\s/،,.\-–]{1,4}"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}}){_APART}(?:من\s)?(?:{_ANY_MONTH})"
    rf"(?:\s?/\s?(?:{'|'.join(_MONTHS)}))?{_APART}(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?:{_ANY_MONTH}){_APART}(?P<day>\d{{1,2}}){_APART}(?P<year>\d{{4}})(?!\d)", re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?")
_Day = TypeVar("_Day", bound=datetime.date)
_LONGEST = 500
"""A date is looked for in so many characters."""
_EARLIEST, _LATEST = 1900, 2200
"""Gregorian years that an article can be from; Hijri years are lower."""


def iso_date(text: str) -> str:
    """Return a date in ISO 8601, RFC 822 or NITF form as ISO 8601; for others see `written_date`.

    >>> iso_date("Thu, 26 Nov 2026 05:15:00 GMT"), iso_date("20261126T081500Z")
    ('2026-11-26T05:15:00+00:00', '2026-11-26T08:15:00+00:00')
    """
    text = " ".join(text[:_LONGEST].translate(_DIGITS).split())
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = compact.groups()
        zone = {None: "", "Z": "+00:00"}.get(zone) or (f"{zone[:3]}:{zone[3:]}" if zone else "")
        time = f"T{hour}:{minute}:{second or '00'}{zone}" if hour else ""
        text = f"{year}-{month}-{day}{time}"
    try:
        if len(text) == 10:
            return _check_year(datetime.date.fromisoformat(text)).isoformat()
        return _check_year(datetime.datetime.fromisoformat(text)).isoformat()
    except ValueError:
        pass
    try:
        return _check_year(parsedate_to_datetime(text)).isoformat()
    except (ValueError, TypeError, IndexError):
        return written_date(text)


def _check_year(day: _Day) -> _Day:
    if not _EARLIEST <= day.year <= _LATEST:
        raise ValueError("no article is from this year")
    return day


def written_date(text: str) -> str:
    """Return the first Gregorian date in a line of text; "" if there is none.

    >>> written_date("الخميس 16 جمادى الآخرة 1448 هـ - 26 تشرين الثاني/نوفمبر 2026 م")
    '2026-11-26'
    >>> written_date("16 جمادى الآخرة 1448")
    ''
    """
    text = text[:_LONGEST].translate(_DIGITS)
    for pattern in (_DAY_MONTH, _MONTH_DAY, _YEAR_FIRST, _DAY_FIRST):
        for match in pattern.finditer(text):
            values = match.groupdict()
            month = values.get("month") or next(
                number for number in range(1, 13) if values.get(f"m{number}")
            )
            try:
                day = datetime.date(int(values["year"]), int(month), int(values["day"]))
                return _check_year(day).isoformat()
            except ValueError:
                continue
    return ""
