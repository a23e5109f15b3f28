"""The files beside a briefing's page: what a browser needs to install it and to work offline.

They belong to an edition and are committed with it. NAME.webmanifest describes the app,
NAME.worker.js is its service worker, NAME.woff2 an Arabic font for systems without one. The worker
is the same for all briefings of a shelf, which it serves together.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from briefing.publish.listening_page.shelf_list import url
from briefing.publish.page_assets import asset
from briefing.publish.strings import direction
from briefing.shelf.fresh_files import write_anew
from briefing.shelf.sidecar_reader import Edition

__all__ = ["font_face", "manifest_name", "worker_name", "write_app_files"]

_FONT = Path(__file__).parents[1] / "data" / "naskh.woff2"
_FACE = """
@font-face {{
  font-family: "Briefing Naskh"; font-display: swap;
  unicode-range: U+600-6FF, U+750-77F, U+FDF2-FDFC;
  src: local("Noto Naskh Arabic"), local("NotoNaskhArabic"), local("Noto Naskh Arabic UI"),
    local("NotoNaskhArabicUI"), url("{url}") format("woff2");
}}
"""
_PAPER = "#fbf9f4"
"""The colour of the page."""


def manifest_name(name: str) -> str:
    """Return the file of a briefing's manifest."""
    return f"{name}.webmanifest"


def worker_name(name: str) -> str:
    """Return the file of a briefing's service worker."""
    return f"{name}.worker.js"


def font_face(name: str, above: str) -> str:
    """Return the style that names the font of a briefing.

    Its file is only fetched if no font of the system fits. above: the path from the page to the
    shelf's folder.
    """
    return _FACE.format(url=f"{above}{url(f'{name}.woff2')}")


def write_app_files(folder: Path, edition: Edition, cover: str) -> None:
    """Write the files into an edition's folder. cover: its file; "" if there is none.

    Raises OSError.
    """
    write_anew(folder / manifest_name(edition.name), _manifest(edition, cover).encode())
    write_anew(folder / worker_name(edition.name), asset("worker.js").encode())
    write_anew(folder / f"{edition.name}.woff2", _font())


@cache
def _font() -> bytes:
    return _FONT.read_bytes()


def _manifest(edition: Edition, cover: str) -> str:
    """Return the manifest (W3C, Web Application Manifest). Its addresses are relative to it."""
    title, language = edition.head["title"], edition.head["language"]
    page = f"{url(edition.name)}.html"
    kind = "image/png" if cover.endswith(".png") else "image/jpeg"
    icons = [{"src": url(cover), "sizes": "any", "type": kind}] if cover else []
    values = {
        "id": page,
        "name": title,
        "short_name": title,
        "lang": language,
        "dir": direction(language),
        "start_url": page,
        "scope": "./",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "categories": ["news"],
        "icons": icons,
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"
