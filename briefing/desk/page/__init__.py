"""The desk's page: one file of markup, style and script, which holds no content of its own.

The texts come from the desk's server, and only with its token. The script is made of the files in
SCRIPTS, in this order, after what the listening page has too.
"""

from __future__ import annotations

import json
import string
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from briefing.publish.page_assets import asset, content_policy, script_json
from briefing.publish.strings import direction, strings

__all__ = ["Page", "assemble_page"]

SCRIPTS = ("requests.js", "sound.js", "articles.js", "text.js", "word.js", "building.js", "keys.js")
SHARED_STRINGS = ("language", "play")
"""What the desk says in the listening page's words: the languages' names."""

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Page:
    """The desk's page as the server sends it."""

    html: bytes
    csp: str
    """The Content-Security-Policy to send with it: its own script, style and server only."""


@cache
def assemble_page(language: str) -> Page:
    """Return the desk's page. language: of its interface, "ar", "en", or "auto" for the browser's.

    The page's own button changes the language.
    """
    first = "en" if language == "en" else "ar"
    texts = desk_strings()
    script = asset("common.js") + _script()
    style = asset("common.css") + _file("desk.css")
    plain = {f"s_{key}": escape(text[first]) for key, text in texts.items() if _is_plain(text)}
    html = string.Template(_file("desk.html")).substitute(
        plain,
        interface=first,
        direction=direction(first),
        style=style,
        script=script,
        data=script_json(
            {"interface": language if language in ("ar", "en") else "auto", "strings": texts}
        ),
    )
    policy = content_policy(
        [script],
        [style],
        img_src="data:",
        media_src="blob:",
        connect_src="'self'",
        frame_ancestors="'none'",
        require_trusted_types_for="'script'",  # text becomes no markup, even by mistake
        trusted_types="'none'",
    )
    return Page(html.encode(), policy)


@cache
def desk_strings() -> dict[str, dict[str, Any]]:
    """Return the desk's strings by key and language: a text, or its plural forms."""
    shared = {key: strings()[key] for key in SHARED_STRINGS}
    own: dict[str, dict[str, Any]] = json.loads(_file("desk_strings.json"))
    return shared | own


def _script() -> str:
    files = "".join(f"// {name}\n{_file(name)}\n" for name in SCRIPTS)
    return f"(() => {{\n{files}}})();\n"


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _is_plain(text: dict[str, Any]) -> bool:
    return all(isinstance(form, str) for form in text.values())
