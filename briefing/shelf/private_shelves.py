"""Private briefings: each has a shelf of its own, at an address that only its listeners know.

audio/.private/NAME.NUMBER/        the shelf of the private briefing NAME
audio/.private/NAME.NUMBER/.key    its key: 128 random bits as 32 hexadecimal digits
audio/KEY -> .private/NAME.NUMBER  its public folder, where symbolic links work

`briefing listen` and `briefing publish` show such a shelf as the folder KEY with or without the
link. Everything in the folder has relative addresses, except the feed.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from briefing.config.private_folders import PRIVATE
from briefing.shelf.flushing import flush_folder

__all__ = [
    "PRIVATE",
    "drop_link",
    "hide_keys",
    "is_key",
    "key_of",
    "make_link",
    "private_shelves",
    "replace_key",
    "shelf_of_key",
]

_KEY_NAME = ".key"
_KEY_BYTES = 16
_KEY = re.compile(rf"[0-9a-f]{{{2 * _KEY_BYTES}}}")
_KEY_IN_TEXT = re.compile(rf"(?<![\w-]){_KEY.pattern}(?=/)")
_FOLDER_MODE = 0o711
"""Others, such as a web server's user, may follow the link, but not list the folder."""


def is_key(text: str) -> bool:
    """Return whether a text has the form of a key."""
    return _KEY.fullmatch(text) is not None


def key_of(shelf: Path) -> str:
    """Return the key of a private shelf; it gets one if it has none. Raises OSError."""
    return _read_key(shelf) or replace_key(shelf)


def replace_key(shelf: Path) -> str:
    """Replace the key of a private shelf, and return the new one. Raises OSError."""
    shelf.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        shelf.parent.chmod(_FOLDER_MODE)
    key = secrets.token_hex(_KEY_BYTES)
    new = shelf / f"{_KEY_NAME}.new"
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{key}\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(shelf / _KEY_NAME)
    flush_folder(shelf)
    return key


def make_link(shelf: Path) -> None:
    """Make the public folder of a private shelf; a folder of an earlier key is removed.

    Where links do not work there is none.
    """
    link = shelf.parent.parent / key_of(shelf)
    drop_link(shelf, but=link.name)
    with suppress(OSError, NotImplementedError):
        if not os.path.lexists(link):
            link.symlink_to(Path(PRIVATE) / shelf.name, target_is_directory=True)


def drop_link(shelf: Path, *, but: str = "") -> None:
    """Remove the public folders of a private shelf. but: the name of one to keep."""
    with suppress(OSError):
        for path in shelf.parent.parent.iterdir():
            leads_here = path.is_symlink() and path.readlink() == Path(PRIVATE) / shelf.name
            if is_key(path.name) and path.name != but and leads_here:
                path.unlink(missing_ok=True)


def private_shelves(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the key and the folder of each private shelf. folder: that of the public shelf."""
    try:
        shelves = sorted((folder / PRIVATE).iterdir())
    except OSError:
        return
    for shelf in shelves:
        if key := _read_key(shelf):
            yield key, shelf


def shelf_of_key(folder: Path, key: str) -> Path | None:
    """Return the private shelf of a key, or None. folder: that of the public shelf."""
    if not is_key(key):
        return None
    shelves = [
        shelf
        for own_key, shelf in private_shelves(folder)
        if hmac.compare_digest(own_key, key)  # takes the same time for every key
    ]
    return next(iter(shelves), None)


def hide_keys(text: str) -> str:
    """Return a message with the keys in its paths and addresses left out.

    >>> hide_keys("https://example.org/0123456789abcdef0123456789abcdef/feed.xml: refused")
    'https://example.org/(private)/feed.xml: refused'
    """
    return _KEY_IN_TEXT.sub("(private)", text)


def _read_key(shelf: Path) -> str:
    try:
        text = (shelf / _KEY_NAME).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
    return text if is_key(text) else ""
