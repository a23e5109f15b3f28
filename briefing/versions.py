"""Versions of installed packages and digests of this program's own files.

Both are part of a briefing's fingerprint and of its clips' keys, so every start needs them.
importlib.metadata would read a package's whole description to find its version; here it is read
from the name of the package's .dist-info folder.
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
    """Return an installed package's version, or "none" if it is not installed.

    package: its name in any spelling (PyPA, "Names and normalization").
    """
    name = _SEPARATORS.sub("-", package).lower()
    by_folder = _versions().get(name)
    return by_folder if by_folder is not None else _declared_version(name)


@cache
def _versions() -> Mapping[str, str]:
    """Return versions by normalised name; of a package installed twice, the one Python imports."""
    versions: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - faster than Path.iterdir
        except OSError:
            continue
        for name in names:
            if match := _DIST_INFO.fullmatch(name):
                versions.setdefault(_SEPARATORS.sub("-", match[1]).lower(), match[2])
    return versions


@cache
def _declared_version(name: str) -> str:
    """Return the version by importlib.metadata, which knows older ways of installing as well."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def files_digest(*folders: str) -> str:
    """Return a digest of the files in some of this package's folders; "" means all of it.

    Any change to a module, a table or a page template may change the result of a build.
    """
    digest = hashlib.sha256()
    for name, content in _files().items():
        if any(not folder or name.startswith(f"{folder}/") for folder in folders):
            digest.update(f"{name}\0".encode())
            digest.update(content)
    return digest.hexdigest()


@cache
def _files() -> Mapping[str, bytes]:
    """Return the SHA-256 of each file of this package by its path in it, sorted by path."""
    return dict(sorted(_digests(_PACKAGE, "")))


def _digests(folder: Path, inside: str) -> Iterator[tuple[str, bytes]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir():
                yield from _digests(Path(entry.path), f"{name}/")
            elif "." in entry.name and not entry.name.endswith(".pyc"):
                with open(entry.path, "rb") as file:  # noqa: PTH123 - faster than Path.open
                    yield name, hashlib.sha256(file.read()).digest()
