"""Every sample document, through the child process that a build reads it by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from briefing.config import Config
from briefing.errors import SourceError
from briefing.sources import Article, read_path
from briefing.sources.documents.articles import read_articles
from briefing.sources.documents.document import NO_HINTS, to_json
from briefing.sources.documents.kinds import kind_of, missing_extra, refusal
from briefing.sources.documents.parsing import parse
from briefing.sources.documents.store import DocumentStore
from tests.sources.held_documents import HeldDocument, held_documents, misses

DOCUMENTS = [*held_documents("documents"), *held_documents("own_documents")]


def skip_unless_installed(document: HeldDocument) -> None:
    kind = kind_of(document.path.name)
    if kind is not None and (extra := missing_extra(kind)):
        pytest.skip(f"the extra briefing[{extra}] is not installed; the extra test brings it")


@pytest.fixture(scope="module")
def documents() -> Iterator[DocumentStore]:
    """One child process for all, which keeps nothing."""
    with DocumentStore(None) as documents:
        yield documents


def read(document: HeldDocument, documents: DocumentStore) -> list[Article]:
    if reason := refusal(document.path.name):
        raise SourceError(reason)
    if document.path.suffix == ".txt":
        return read_path(document.path, Config())
    kind = kind_of(document.path.name)
    assert kind is not None
    data = document.path.read_bytes()
    readings = read_articles(data, document.path.name, "0" * 64, kind, Config(), documents)
    return [reading.article for reading in readings]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.path.parent.name)
def test_what_is_read_of_a_document_is_what_its_reader_reads(
    document: HeldDocument, documents: DocumentStore
) -> None:
    skip_unless_installed(document)
    articles, problem = None, ""
    try:
        articles = read(document, documents)
    except SourceError as error:
        problem = str(error)
    assert misses(document, articles, problem) == []


@pytest.mark.parametrize(
    "document",
    [
        one
        for one in DOCUMENTS
        if one.path.suffix != ".txt" and not one.is_hostile and "error" not in one.expected
    ],
    ids=lambda one: one.path.parent.name,
)
def test_the_limits_of_the_child_process_change_nothing(
    document: HeldDocument, documents: DocumentStore
) -> None:
    """What is read without its limits of memory, time and files is the same."""
    skip_unless_installed(document)
    data, name = document.path.read_bytes(), document.path.name
    kind = kind_of(name)
    assert kind is not None
    assert to_json(parse(data, name)) == to_json(documents.read(data, name, kind, NO_HINTS))
