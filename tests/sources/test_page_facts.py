"""What a page says of its article, and which of its addresses are taken."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml", reason="briefing[web] is not installed; briefing[test] brings it")

from briefing.sources.documents.dates import iso_date, written_date
from briefing.sources.documents.page_facts import web_address


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://user:password@example.org/",
        "https://user@example.org/",
        "https:///nothing",
        "http://exa\nmple.org/\x00",
        "http://[::1",
        "",
    ],
)
def test_an_address_that_is_none_is_left_out(url: str) -> None:
    assert web_address(url) == ""


def test_a_relative_address_is_resolved() -> None:
    assert web_address("karnak/", "https://blog.example/a/") == "https://blog.example/a/karnak/"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("الخميس 26/نوفمبر/2026 - 10:05 ص", "2026-11-26"),
        ("26 تشرين الثاني 2026", "2026-11-26"),
        ("٢٦ نونبر ٢٠٢٦", "2026-11-26"),
        ("الخميس 16 جمادى الآخرة 1448هـ الموافق 26 نوفمبر/تشرين الثاني 2026م", "2026-11-26"),
        ("26-11-2026", "2026-11-26"),
        ("2026/11/26 21:10", "2026-11-26"),
        ("November 26, 2026", "2026-11-26"),
        ("1 آب 2026", "2026-08-01"),
        ("16 جمادى الآخرة 1448", ""),
        ("16/06/1448", ""),
        ("31/02/2026", ""),
        ("منذ يومين", ""),
    ],
)
def test_a_written_day_is_read_or_left(text: str, day: str) -> None:
    assert written_date(text) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-26T08:15:00+03:00", "2026-11-26T08:15:00+03:00"),
        ("2026-11-26T08:15:00Z", "2026-11-26T08:15:00+00:00"),
        ("2026-11-27 21:10", "2026-11-27T21:10:00"),
        ("20261126T081500Z", "2026-11-26T08:15:00+00:00"),
        ("20261126", "2026-11-26"),
        ("Thu, 26 Nov 2026 05:15:00 +0300", "2026-11-26T05:15:00+03:00"),
        ("غدا", ""),
        ("", ""),
    ],
)
def test_a_machines_moment_is_read(text: str, moment: str) -> None:
    assert iso_date(text) == moment
