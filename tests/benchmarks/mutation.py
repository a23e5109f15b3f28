"""The mutants of a module: where one comparison, constant or call can change, and into what."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("comparison", "constant", "deleted call")

_OPPOSITE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
}
"""How an operator is written, and the nearest other one: for an order, the bound moves."""
_FACTOR = 1.25
"""By how much a fraction grows; a whole number grows by 1."""
_PROSE = re.compile(r"[A-Za-z].* |\A\W*\Z", re.DOTALL)
"""Texts whose change says nothing: messages in English, and no letters at all."""
_UNTESTED_KEYWORDS = frozenset({"help", "description", "metavar"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    module: str
    """Its path, from the folder of the package's folder."""
    line: int
    kind: str
    start: int
    """The offset of the change in the module, in bytes."""
    end: int
    text: str
    """What stands there instead."""

    def apply(self, source: bytes) -> bytes:
        """Return the module with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def shown(self, source: bytes) -> tuple[str, str]:
        """Return the changed line as it was and as it is."""
        changed = self.apply(source)
        first = source.rfind(b"\n", 0, self.start) + 1
        ends = [
            text.find(b"\n", max(first, end)) % (len(text) + 1)
            for text, end in ((source, self.end), (changed, self.start + len(self.text.encode())))
        ]
        before, after = source[first : ends[0]], changed[first : ends[1]]
        return " ".join(before.decode().split()), " ".join(after.decode().split())


def modules(package: Path) -> list[Path]:
    """Return the modules of a package, in the order of their paths."""
    return sorted(package.rglob("*.py"))


def mutants(package: Path, module: Path) -> list[Mutant]:
    """Return every mutant of a module, in the order of its text."""
    source = module.read_bytes()
    finder = _Finder(module.relative_to(package.parent).as_posix(), source)
    return sorted(set(finder.mutants), key=lambda mutant: (mutant.start, mutant.text))


def draw(package: Path, count: int, seed: int) -> list[Mutant]:
    """Return that many different mutants: modules by their lines, kinds and places evenly."""
    chance = random.Random(seed)
    places: dict[Path, dict[str, list[Mutant]]] = {}
    for module in modules(package):
        by_kind: dict[str, list[Mutant]] = {}
        for mutant in mutants(package, module):
            by_kind.setdefault(mutant.kind, []).append(mutant)
        if by_kind:
            places[module] = by_kind
    weights = [len(module.read_bytes().splitlines()) for module in places]
    total = sum(len(row) for by_kind in places.values() for row in by_kind.values())
    drawn: dict[Mutant, None] = {}
    while len(drawn) < min(count, total):
        (module,) = chance.choices(list(places), weights)
        by_kind = places[module]
        kind = chance.choice([kind for kind in KINDS if kind in by_kind])
        drawn[chance.choice(by_kind[kind])] = None
    return list(drawn)


class _Finder:
    """Walks through a module and collects its mutants."""

    def __init__(self, module: str, source: bytes) -> None:
        self.module = module
        self.source = source
        self.mutants: list[Mutant] = []
        self._starts = [0]
        for line in source.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._block(ast.parse(source).body)

    def _offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno, node.end_col_offset),
        )

    def _block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        if _untested(statement):
            return
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call | ast.Await):
            self._add("deleted call", *self._span(statement), "pass")
        for expression in _expressions(statement):
            self._expression(expression)
        for blocks in _blocks(statement):
            self._block(blocks)

    def _expression(self, node: ast.expr) -> None:
        if isinstance(node, ast.Compare):
            before = [node.left, *node.comparators]
            for left, operator, right in zip(before, node.ops, node.comparators, strict=False):
                written, other = _OPPOSITE[type(operator)]
                gap = self._span(left)[1], self._span(right)[0]
                match = re.search(
                    rf"(?<![=<>!\w])(?:{written})(?![=\w])".encode(), self.source[slice(*gap)]
                )
                if match:
                    start, end = (gap[0] + offset for offset in match.span())
                    self._add("comparison", start, end, other)
        elif isinstance(node, ast.Constant) and (text := _other_constant(node.value)):
            self._add("constant", *self._span(node), text)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.keyword):
                if child.arg not in _UNTESTED_KEYWORDS:
                    self._expression(child.value)
            elif isinstance(child, ast.comprehension):
                for part in (child.target, child.iter, *child.ifs):
                    self._expression(part)
            elif isinstance(child, ast.expr) and not isinstance(child, ast.JoinedStr):
                self._expression(child)

    def _add(self, kind: str, start: int, end: int, text: str) -> None:
        line = self.source.count(b"\n", 0, start) + 1
        self.mutants.append(Mutant(self.module, line, kind, start, end, text))


def _untested(statement: ast.stmt) -> bool:
    """Return whether nothing can depend on a statement but a message, a type or a name."""
    if isinstance(statement, ast.Raise | ast.Import | ast.ImportFrom | ast.Assert):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test) in {"TYPE_CHECKING", "__name__ == '__main__'"}
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """Return a statement's own expressions, without annotations."""
    for name, value in ast.iter_fields(statement):
        if name in {"annotation", "returns", "type_params"}:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.arguments):
                yield from (default for default in [*part.defaults, *part.kw_defaults] if default)
            elif isinstance(part, ast.withitem):
                yield part.context_expr
            elif isinstance(part, ast.match_case):
                yield from (node for node in ast.walk(part.pattern) if isinstance(node, ast.expr))
                if part.guard:
                    yield part.guard
            elif isinstance(part, ast.expr) and not isinstance(part, ast.JoinedStr):
                yield part


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Return the blocks of statements in a statement."""
    for _, value in ast.iter_fields(statement):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.stmt):
                yield [part]
            elif isinstance(part, ast.ExceptHandler | ast.match_case):
                yield part.body


def _other_constant(value: object) -> str | None:
    """Return another constant of the same type as Python writes it, None for what stays."""
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    if isinstance(value, float):
        return repr(value * _FACTOR or 1.0)
    if isinstance(value, str) and not _PROSE.search(value):
        return '""'
    return None
