"""Where a shelf may be delivered to, by the look of the address."""

from __future__ import annotations

import re
from pathlib import Path

from briefing.errors import UsageError

__all__ = ["check_sources", "check_target", "scheme_of"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SCHEMES = ("ssh", "s3")
_KINDS = "a folder, ssh://user@host/path or s3://bucket/prefix"
_SCP = re.compile(r"[^/\\:]{2,}:[^\\]")
"""host:path, as scp writes it; C:\\ is a folder."""


def scheme_of(address: str) -> str:
    """Return "ssh" or "s3", "" for a folder. Raise UsageError for what can be no target.

    >>> scheme_of("s3://bucket/news"), scheme_of("/srv/www/news")
    ('s3', '')
    """
    if match := _SCHEME.match(address):
        if match[1].lower() not in _SCHEMES:
            raise UsageError(f"{match[0]}… is no target; write {_KINDS}")
        return match[1].lower()
    if not address.strip() or "\0" in address:
        raise UsageError(f"the target is empty; write {_KINDS}")
    if _SCP.match(address):
        host, _, path = address.partition(":")
        home = "" if path.startswith("/") else "~/"
        raise UsageError(f"{address} is no target; write ssh://{host}/{home}{path.lstrip('/')}")
    return ""


def check_target(address: str, base: Path, shelf: Path, *, offline: bool = False) -> None:
    """Raise UsageError for an address that can be no target of a shelf.

    base: what a relative folder is relative to. offline: no connection may be opened.
    """
    scheme = scheme_of(address)
    if scheme and offline:
        raise UsageError(
            f"offline = true opens no connection to {scheme}://…; name a folder, or set"
            " offline = false"
        )
    if not scheme:
        folder, own = (base / Path(address).expanduser()).resolve(), shelf.resolve()
        if folder == own or own in folder.parents or folder in own.parents:
            raise UsageError(f"{address} holds the shelf {shelf} or is in it; name another folder")


def check_sources(address: str, base: Path, sources: Path, *, is_recursive: bool) -> None:
    """Raise UsageError for a target among the articles: the next build would read it aloud.

    base: what a relative folder is relative to. is_recursive: folders inside are read, too.
    """
    if scheme_of(address):
        return
    folder, own = (base / Path(address).expanduser()).resolve(), sources.resolve()
    if folder == own or (is_recursive and own in folder.parents):
        raise UsageError(
            f"{address} is in {sources}, from which articles are read; name another folder"
        )
