"""The page of a shelf without a briefing."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping, Sequence
from functools import cache

from briefing.publish.page_assets import asset, content_policy
from briefing.publish.strings import say

__all__ = ["empty_page", "empty_policy"]


def empty_page(troubles: Sequence[Mapping[str, str]]) -> str:
    """Return the page of a shelf without a briefing. troubles: the builds that failed."""
    heading = say("failed_first", "ar")
    notices = "".join(
        f'<div class="failed"><p><strong>{heading}</strong></p>'
        f'<p dir="auto">{html.escape(trouble["message"])}</p></div>'
        for trouble in troubles
    )
    state = hashlib.sha256(notices.encode()).hexdigest()[:12]  # the page compares it
    return asset("empty.html").replace("$trouble", notices).replace("$state", state, 1)


@cache
def empty_policy() -> str:
    """Return the page's Content-Security-Policy: only its own style, script and address."""
    page = asset("empty.html")
    style, script = (
        page.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0] for tag in ("style", "script")
    )
    return content_policy(
        [script], [style], connect_src="'self'", img_src="data:", frame_ancestors="'none'"
    )
