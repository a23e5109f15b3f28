"""The forms that the documents of a book share: XHTML pages, times, language tags."""

from __future__ import annotations

import re
from html import escape

from briefing.publish.strings import direction

__all__ = ["STYLE", "clock_value", "language_tag", "xhtml"]

STYLE = "style.css"
"""The file name of the style of all pages."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"\
 lang="{language}" xml:lang="{language}" dir="{direction}">
<head>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="{style}"/>
</head>
<body>
{body}</body>
</html>
"""


def xhtml(title: str, body: str, language: str) -> str:
    """Return an XHTML page. title: a text with something visible. body: XHTML."""
    return _PAGE.format(
        language=language,
        direction=direction(language),
        title=escape(title),
        style=STYLE,
        body=body,
    )


def clock_value(milliseconds: int) -> str:
    """Return a time as SMIL 3.0 writes it (5.4.3, Timecount-val).

    >>> clock_value(61_050)
    '61.050s'
    """
    return f"{milliseconds // 1000}.{milliseconds % 1000:03}s"


def language_tag(language: str) -> str:
    """Return a well-formed language tag (BCP 47); "und" for what is none.

    >>> language_tag("ar"), language_tag("ar_EG"), language_tag("?")
    ('ar', 'ar-EG', 'und')
    """
    tag = language.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else "und"
