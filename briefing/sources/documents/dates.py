"""Dates as documents write them -> ISO 8601, or "" if it is not clearly a Gregorian date.

Months may have their Arabic names of Egypt, the Levant or the Maghreb, also as Joomla's Arabic
writes them ("تشرين2/نوفمبر"), or English ones. A date of
the Hijri calendar alone results in "", because which day it is depends on the country.
"""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime
from typing import TypeVar

__all__ = ["is_date_line", "iso_date", "written_date"]

_MONTHS = (
    "يناير|كانون ?(?:الثاني|2)|جانفي|jan(?:uary)?",
    "فبراير|شباط|فيفري|feb(?:ruary)?",
    "مارس|آذار|اذار|mar(?:ch)?",
    "أبريل|ابريل|إبريل|نيسان|أفريل|افريل|apr(?:il)?",
    "مايو|أيار|ايار|ماي|may",
    "يونيو|يونيه|حزيران|جوان|june?",
    "يوليو|يوليه|تموز|جويلية|july?",
    "أغسطس|اغسطس|آب|أوت|اوت|aug(?:ust)?",
    "سبتمبر|أيلول|ايلول|شتنبر|sep(?:t(?:ember)?)?",
    "أكتوبر|اكتوبر|تشرين ?(?:الأول|الاول|1)|oct(?:ober)?",
    "نوفمبر|تشرين ?(?:الثاني|2)|نونبر|nov(?:ember)?",
    "ديسمبر|كانون ?(?:الأول|الاول|1)|دجنبر|dec(?:ember)?",
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
_HIJRI_MONTHS = (
    "محرم|المحرم|صفر|ربيع الأول|ربيع الآخر|ربيع الثاني|جمادى الأولى|جمادى الآخرة|جمادى الثانية"
    "|رجب|شعبان|رمضان|شوال|ذو القعدة|ذي القعدة|ذو الحجة|ذي الحجة"
)
_IN_DATE_LINE = re.compile(
    rf"\b(?:{'|'.join(_MONTHS)}|{_HIJRI_MONTHS}|\d{{1,4}}|(?:ال)?(?:سبت|أحد|اثنين|إثنين|ثلاثاء"
    r"|أربعاء|اربعاء|خميس|جمعة)|يوم|هـ|ه|م|مـ|من|الموافق|نشرت?|النشر|في|بتاريخ|التاريخ|تاريخ|آخر|تحديث|الساعة"
    r"|صباحا|مساء|ظهرا|ص|[ap]m|بتوقيت|غرينتش|جرينتش|gmt|published|posted|updated|on)\b",
    re.IGNORECASE,
)
"""The words of a line that only has a date."""
_DAY_AND_MONTH = re.compile(
    rf"\b\d{{1,2}}\s+(?:{'|'.join(_MONTHS)}|{_HIJRI_MONTHS})\b", re.IGNORECASE
)
_PLACE = re.compile(r"\s*\w+(?:\s\w+)?\s*[،,:/|–—-]\s*")
_LONGEST_DATE_LINE = 120
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


def is_date_line(text: str, *, with_place: bool = False) -> bool:
    """Return whether a line has only a date, of either calendar, and perhaps a time.

    with_place: it may begin with a place of one or two words and a comma or dash.

    >>> is_date_line("الثلاثاء 15 جمادى الآخرة 1448 هـ"), is_date_line("أخبار 24 نوفمبر 2026")
    (True, False)
    >>> is_date_line("بيروت، 24 تشرين الثاني 2026", with_place=True)
    True
    """
    if len(text) > _LONGEST_DATE_LINE:
        return False
    text = text.translate(_DIGITS)
    if not (_DAY_AND_MONTH.search(text) or written_date(text)):
        return False
    if with_place:
        text = _PLACE.sub("", text, count=1) if _PLACE.match(text) else text
    return not any(map(str.isalnum, _IN_DATE_LINE.sub("", text)))
