"""The guard before XML and HTML of a stranger."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml", reason="briefing[documents] is not installed; briefing[test] brings it")

from briefing.errors import SourceError
from briefing.sources.documents import trees
from briefing.sources.documents.trees import html_tree, refuse_entities, xml_tree

BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ضحك">]><a>&x;</a>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_declared_entities_are_refused_in_every_encoding(encoding: str) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        xml_tree(BOMB.encode(encoding))


def test_a_document_type_elsewhere_is_not_fetched() -> None:
    text = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>نص</a>'
    assert "".join(xml_tree(text.encode()).itertext()) == "نص"


def test_xml_that_is_damaged_is_told_by_its_line() -> None:
    with pytest.raises(SourceError, match="well-formed XML at line 2"):
        xml_tree(b"<a>\n<b></a>")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<div>" * 1000 + "نص", "too many nested elements"),
        ("<p>نص" * (trees.MOST_ELEMENTS + 1), "too many elements"),
    ],
)
def test_a_page_without_end_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        html_tree(text)


def test_long_attributes_and_programs_are_dropped() -> None:
    picture = "data:image/png;base64," + "A" * 10_000
    root = html_tree(
        f"<p class='a' data-x='{picture}'>نص</p><script>var x</script><style>p</style>"
    )
    paragraph = root.find(".//p")
    assert dict(paragraph.attrib) == {"class": "a"}
    assert "var x" not in "".join(root.itertext())


def test_white_space_without_end_takes_no_time_of_its_own() -> None:
    assert (
        html_tree("<p title='" + " " * 500_000 + "'>نص" + "\n" * 500_000).find(".//p").text.strip()
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_entities_are_found_before_any_parser_sees_them(encoding: str) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        refuse_entities(BOMB.encode(encoding))
