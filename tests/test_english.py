"""The English of docstrings and names: a name is the thing, a function does something."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "briefing"

STILL_TO_DO = (
    "pipeline.py",
    "publish/edition_writer.py",
    "publish/listening_page/article_html.py",
    "publish/strings.py",
    "publish/transcript.py",
    "sources/article.py",
    "sources/folder.py",
    "text/vowels/case_agreement.py",
    "text/vowels/diacritiser.py",
    "text/vowels/marks.py",
    "text/vowels/sentence_verbs.py",
    "text/vowels/verb_evidence.py",
)
"""Folders and modules whose English was not revised yet; to be emptied."""

FIRST_WORDS = frozenset({"Give", "Gives", "Tell", "Tells", "Say", "Says", "Take", "Takes"})
"""A docstring begins with "Return …", "Return whether …", "Raise …" or another verb instead."""

PRONOUNS = frozenset(
    {
        *("one", "ones", "it", "this", "that", "these", "those", "what", "whom", "such"),
        *("some", "others", "theirs", "ours", "thing", "things", "stuff", "beside", "print_of_it"),
    }
)
PARTICIPLES = frozenset(
    {
        *("asked", "built", "done", "found", "given", "gone", "heard", "kept", "known", "made"),
        *("meant", "said", "seen", "shown", "taken", "told", "wanted", "made_way"),
    }
)
"""Of these a reader asks: which one, found what? The name is the thing: `row`, `match`."""

VERBS_IN_ED = frozenset({"embed", "feed", "need", "proceed", "seed", "speed", "succeed"})
"""Verbs and nouns that look like participles. (`stressed_vowel` is no participle: it names a vowel.)"""


def modules() -> list[Path]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return [path for path in paths if not inside(path).startswith(STILL_TO_DO)]


def inside(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", modules(), ids=inside)
def test_no_docstring_gives_tells_says_or_takes(path: Path) -> None:
    assert [*docstrings_beginning_with(ast.parse(path.read_text("utf-8")), FIRST_WORDS)] == []


@pytest.mark.parametrize("path", modules(), ids=inside)
def test_a_name_is_a_thing_not_a_pronoun_or_a_participle(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [
        f"line {line}: {name}"
        for name, line in names_in(tree)
        if name.strip("_") in PRONOUNS | PARTICIPLES
    ] == []


@pytest.mark.parametrize("path", modules(), ids=inside)
def test_a_function_is_a_verb_not_a_participle(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [
        f"line {line}: {name}"
        for name, line in functions_in(tree)
        if is_participle(name.strip("_"))
    ] == []


def test_what_is_still_to_do_is_there() -> None:
    assert [name for name in STILL_TO_DO if not (PACKAGE / name).exists()] == []


def test_the_rules_see_each_kind_of_name() -> None:
    tree = ast.parse(
        "import os as told\n"
        "class Kept:\n"
        "    seen: int\n"
        "    def found(self, one, *what, **ones):\n"
        '        """Give it."""\n'
        "        self.made = [this for this in one]\n"
        "        with one as (given, _): pass\n"
        "        if (taken := 1): pass\n"
    )
    names = {name for name, _ in names_in(tree)}
    assert {"told", "seen", "found", "one", "what", "ones", "made", "this", "given"} <= names
    assert "taken" in names
    assert "Kept" in names
    assert [*docstrings_beginning_with(tree, FIRST_WORDS)] == ["line 4: Give it."]
    assert [name for name, _ in functions_in(tree)] == ["found"]
    assert is_participle("evened")
    assert is_participle("made")
    assert not is_participle("seed")
    assert not is_participle("stressed_vowel")


def docstrings_beginning_with(tree: ast.Module, words: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node) or ""
            if text.split(" ", 1)[0] in words:
                yield f"line {getattr(node, 'lineno', 1)}: {text.splitlines()[0]}"


def names_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield each name that the module itself gives to something, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno
            case ast.ExceptHandler(name=str(name)):
                yield name, node.lineno
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno


def functions_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield each function that is called as one, with its line: a property is a thing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not any(
            isinstance(decorator, ast.Name) and decorator.id.endswith("property")
            for decorator in node.decorator_list
        ):
            yield node.name, node.lineno


def is_participle(word: str) -> bool:
    return word in PARTICIPLES or (
        word.endswith("ed") and "_" not in word and word not in VERBS_IN_ED
    )
