"""Versions of installed packages and digests of this program's own files.

What a briefing was made by is part of its fingerprint and of its clips' keys, so both are asked
for at every start. importlib.metadata reads a package's whole description to tell its version;
the name of its .dist-info folder tells it, too.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

__all__ = ["files_digest", "version"]

_PACKAGE = Path(__file__).parent
_DIST_INFO = re.compile(r"(.+?)-([^-]+)\.dist-info")
_SEPARATORS = re.compile(r"[-_.]+")


def version(package: str) -> str:
    """Give an installed package's version, "none" where it is not installed.

    package: its name in any spelling (PyPA, "Names and normalization").
    """
    name = _SEPARATORS.sub("-", package).lower()
    found = _versions().get(name)
    return found if found is not None else _declared_version(name)


@cache
def _versions() -> Mapping[str, str]:
    """Version by normalised name; where two are installed, the one that is imported."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - names alone, hundreds of them
        except OSError:
            continue
        for written in names:
            if parts := _DIST_INFO.fullmatch(written):
                found.setdefault(_SEPARATORS.sub("-", parts[1]).lower(), parts[2])
    return found


@cache
def _declared_version(name: str) -> str:
    """Ask importlib.metadata, which knows older forms of installing, too."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def files_digest(*folders: str) -> str:
    """Digest the files in some of this package's folders, "" for all of it.

    Any change of a module, a table or a page's part may change what is made.
    """
    digest = hashlib.sha256()
    for name, content in _files().items():
        if any(not folder or name.startswith(f"{folder}/") for folder in folders):
            digest.update(f"{name}\0".encode())
            digest.update(content)
    return digest.hexdigest()


@cache
def _files() -> Mapping[str, bytes]:
    """SHA-256 of each file of this package by its path in it, in order of the paths."""
    return dict(sorted(_digests(_PACKAGE, "")))


def _digests(folder: Path, inside: str) -> Iterator[tuple[str, bytes]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir():
                yield from _digests(Path(entry.path), f"{name}/")
            elif "." in entry.name and not entry.name.endswith(".pyc"):
                with open(entry.path, "rb") as file:  # noqa: PTH123 - of a hundred and more
                    yield name, hashlib.sha256(file.read()).digest()
