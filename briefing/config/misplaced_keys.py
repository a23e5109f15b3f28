"""An unknown key of the configuration -> the setting that was probably meant, and its place."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["Key", "Tree", "explain", "tree_of", "written_path"]

Key = tuple[str, ...]
"""A dotted key, name by name; of a table, its name."""
Tree = Mapping[str, "Tree | None"]
"""The names of a table: None for a setting, a tree for a table in it."""


def tree_of(table: type) -> Tree:
    """Return the names of a table's settings, and of the tables in it."""
    return {
        item.name: tree_of(item.default_factory)
        if dataclasses.is_dataclass(item.default_factory)
        else None
        for item in dataclasses.fields(table)
        if "meaning" in item.metadata or dataclasses.is_dataclass(item.default_factory)
    }


def written_path(name: str, value: Any) -> Key:
    """Return a key as far as it was surely written on one line: text.lexicon, not text alone.

    >>> written_path("text", {"lexicon": "names.toml"})
    ('text', 'lexicon')
    """
    path = [name]
    while isinstance(value, Mapping) and len(value) == 1:
        ((inner, value),) = value.items()
        path.append(inner)
    return tuple(path)


def explain(tree: Tree, table: Key, key: Key) -> str:
    """Return what is probably meant by a key that its table does not have.

    tree: all settings; table: where the key stands; key: as `written_path` returns it.

    >>> settings = {"title": None, "text": {"lexicon": None}, "cache": {"folder": None}}
    >>> explain(settings, ("cache",), ("text", "lexicon"))
    'text.lexicon is in the wrong place: write lexicon = … under [text], not under [cache]'
    >>> explain(settings, ("cache",), ("title",))
    'title is in the wrong place: write it above the first [table], not under [cache]'
    >>> explain(settings, ("cache",), ("foldr",))
    'did you mean folder?'
    """
    paths = list(_paths(tree))
    if key in paths:
        return _elsewhere([key], table)
    if len(key) == 1 and (same := [path for path in paths if path[-1] == key[0]]):
        return _elsewhere(same, table)
    here = [path[-1] for path in paths if path[:-1] == table]
    here += [path[len(table)] for path in paths if path[: len(table)] == table]
    if near := difflib.get_close_matches(key[0], here, 1):
        return f"did you mean {near[0]}?"
    dotted = [".".join(path) for path in paths]
    if near := difflib.get_close_matches(".".join(key), dotted, 1):
        return f"did you mean {near[0]}?"
    return f"known here: {', '.join(dict.fromkeys(here))}"


def _paths(tree: Tree, table: Key = ()) -> Iterator[Key]:
    for name, inner in tree.items():
        if inner is None:
            yield (*table, name)
        else:
            yield from _paths(inner, (*table, name))


def _elsewhere(paths: Sequence[Key], table: Key) -> str:
    """Return where a setting is to be written; of several with one name, all of their places."""
    there = f", not under [{'.'.join(table)}]" if table else ""
    if len(paths) > 1:
        places = ", ".join("the top" if len(path) == 1 else f"[{_table(path)}]" for path in paths)
        return f"{paths[0][-1]} is in the wrong place: it is a key of {places}"
    (path,) = paths
    if len(path) == 1:
        return f"{path[0]} is in the wrong place: write it above the first [table]{there}"
    return (
        f"{'.'.join(path)} is in the wrong place: write {path[-1]} = …"
        f" under [{_table(path)}]{there}"
    )


def _table(path: Key) -> str:
    return ".".join(path[:-1])
