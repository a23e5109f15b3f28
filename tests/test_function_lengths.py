"""No function is so long that nobody dares to change it, no name of a module is given away twice."""

from __future__ import annotations

import ast
from collections import Counter
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


def test_no_module_gives_a_name_to_two_values() -> None:
    """The second would be the first one's, too: a pattern changes under the function above it."""
    twice = {
        path.relative_to(PACKAGE).as_posix(): names
        for path in sorted(PACKAGE.rglob("*.py"))
        if (names := names_given_twice(ast.parse(path.read_text("utf-8"))))
    }
    assert twice == {}


def test_a_name_is_given_twice_at_the_top_of_a_module_only() -> None:
    tree = ast.parse("A = 1\nB = 2\nA: int = 3\n\ndef one():\n    B = 1\n    B = 2\n")
    assert names_given_twice(tree) == ["A"]


def names_given_twice(tree: ast.Module) -> list[str]:
    """Return the names to which a module's own statements give a value more than once."""
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    names = Counter(target.id for target in targets if isinstance(target, ast.Name))
    return [name for name, times in names.items() if times > 1]


def functions_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the name of each function, and its number of lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
