"""No function is so long that nobody dares to change it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "briefing"

MOST_LINES = 60


def test_no_function_is_longer_than_a_page() -> None:
    too_long = [
        f"{path.relative_to(PACKAGE).as_posix()}: {name} has {lines} lines"
        for path in sorted(PACKAGE.rglob("*.py"))
        for name, lines in functions_in(ast.parse(path.read_text("utf-8")))
        if lines > MOST_LINES
    ]
    assert too_long == []


def test_lines_are_counted_from_def_to_end() -> None:
    tree = ast.parse(
        "async def first():\n    pass\n\ndef second():\n    def inner():\n        pass\n"
    )
    assert dict(functions_in(tree)) == {"first": 2, "second": 3, "inner": 2}


def functions_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the name of each function, and its number of lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
