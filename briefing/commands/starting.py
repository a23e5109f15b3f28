"""`briefing init`: a folder in which the next command is `briefing build`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from briefing.config import CONFIG_NAME
from briefing.errors import EXIT_DONE, ShelfError, UsageError

__all__ = ["init"]

_CONFIG = """\
# Paths are relative to this file. Every key has a default; docs/configuration.md lists them all.

title = "موجز الأخبار"

[text]
lexicon = "names.toml"    # your readings of names and words

[sources]
folder = "seeds"          # the articles

[output]
folder = "audio"          # the shelf: what was built
name = "briefing"         # briefing.mp3, briefing.json
"""
_LEXICON_NAME = "names.toml"
_LEXICON = """\
# Your readings of names and words: as written = as read, with vowels.
# `briefing mend WORD READING` and `briefing desk` write here, too.

[words]
# "زيلنسكي" = "زِيلِنْسْكِي"
"""
_SOURCES = "seeds"
_NEXT = (
    "put articles into {folder}: text files, or web pages, Word and others"
    " (pip install 'briefing[documents,web]')",
    "briefing build{option}    # make the MP3 in {shelf}",
    "briefing listen{option}   # hear it in the browser",
    "briefing desk{option}     # proof-read, mend and hear names",
)


def init(config: Path | None, line: Callable[[str], None]) -> int:
    """Write a configuration, an empty lexicon and the folder of the articles; say what is next.

    config: the file to write; None: ./config.toml. What is there already is kept. Raise UsageError
    if the configuration is there, ShelfError if nothing can be written.
    """
    path = (config or Path(CONFIG_NAME)).absolute()
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path}: is there already, so nothing was written")
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _SOURCES).mkdir(exist_ok=True)
        for file, text in ((folder / _LEXICON_NAME, _LEXICON), (path, _CONFIG)):
            if _write(file, text):
                line(f"wrote {file}")
    except OSError as error:
        where = error.filename or folder
        is_file = isinstance(error, FileExistsError | NotADirectoryError)
        why = "a file stands where a folder is needed" if is_file else error.strerror
        raise ShelfError(f"{where}: cannot be written: {why}", errno=error.errno) from None
    option = "" if path == Path.cwd() / CONFIG_NAME else f" --config {shlex.quote(str(config))}"
    line("next:")
    for step in _NEXT:
        line("  " + step.format(folder=folder / _SOURCES, shelf=folder / "audio", option=option))
    return EXIT_DONE


def _write(path: Path, text: str) -> bool:
    """Write a new file; return False if there is one, which is kept."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True
