"""Tables as files: each stands in the folder data/ beside the module that reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import rtoml

__all__ = ["table_rows", "toml_table"]


def _text(module_file: str, name: str) -> str:
    return (Path(module_file).parent / "data" / name).read_text(encoding="utf-8")


def table_rows(module_file: str, name: str) -> list[list[str]]:
    """Return the rows of a TSV table, without comments and empty lines; see `toml_table`."""
    lines = _text(module_file, name).splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


@cache
def toml_table(module_file: str, name: str) -> dict[str, Any]:
    """Return a TOML table as it is written, from the folder data/ beside a module.

    module_file: the module's `__file__`.
    """
    return rtoml.loads(_text(module_file, name))
