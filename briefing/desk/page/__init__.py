"""The desk's page; this is a place holder until the page is there."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.publish.strings import digest_source

__all__ = ["Page", "assemble_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """The page, and the policy that allows its own style and script alone."""

    html: bytes
    csp: str


def assemble_page(language: str) -> Page:
    """Return the page without any content. language: "ar", "en" or "auto"."""
    script = "document.body.textContent = 'briefing'"
    html = f'<!doctype html><html lang="{language}"><body><script>{script}</script></body></html>'
    csp = (
        f"default-src 'none'; script-src {digest_source(script)}; connect-src 'self';"
        " media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(html.encode(), csp)
