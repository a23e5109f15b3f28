"""The files that the project's pages are made of: the listening page's, and what the desk has too.

common.css and common.js hold what both have: colours, type, languages, short messages, keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["asset", "content_policy", "script_json"]

_ASSETS = Path(__file__).parent / "listening_page" / "assets"


@cache
def asset(name: str) -> str:
    """Return the text of one of the files, for example page.html, common.css, strings.json."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def _digest_source(text: str) -> str:
    """Return the source expression that allows an inline script or style (CSP 3, 2.3.1)."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def content_policy(scripts: Sequence[str], styles: Sequence[str], **sources: str) -> str:
    """Return the Content-Security-Policy of a page that runs and wears only its own text.

    scripts, styles: the page's inline ones. sources: what else it may load, by directive
    with _ for -, for example `connect_src="'self'"`; what is not named is forbidden.
    """
    more = [f"{directive.replace('_', '-')} {source}" for directive, source in sources.items()]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_digest_source, scripts))}",
            f"style-src {' '.join(map(_digest_source, styles))}",
            *more,
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def script_json(value: Any) -> str:
    """Return JSON that cannot end its script element, whatever texts are in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
