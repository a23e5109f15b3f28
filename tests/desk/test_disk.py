"""A disk that is full or read-only: told with the right status, and nothing is half written."""

from __future__ import annotations

import errno
import os

import pytest

from tests.conftest import Project
from tests.desk.desks import OpenDesk

TEXT = "قال المدير إن العمل انتهى.\n"


@pytest.fixture(params=[(errno.ENOSPC, 507), (errno.EROFS, 403)], ids=["full", "read-only"])
def status(request: pytest.FixtureRequest, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let every flush of a file fail; return the status that says so."""
    number, status = request.param

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    return int(status)


def test_an_article_that_cannot_be_added_leaves_nothing(
    status: int, desk: OpenDesk, desk_project: Project
) -> None:
    before = sorted((desk_project.folder / "seeds").iterdir())
    answer = desk.post("/api/articles", briefing=0, name="new.txt", text=TEXT)
    assert answer.status == status
    assert "new.txt" in answer.json["error"]
    assert sorted((desk_project.folder / "seeds").iterdir()) == before


def test_an_article_that_cannot_be_left_out_stays(status: int, desk: OpenDesk) -> None:
    answer = desk.post("/api/leave_out", **desk.article(), out=True)
    assert answer.status == status
    rows = desk.get("/api/desk").json["briefings"][0]["articles"]
    assert [row["left_out"] for row in rows] == [False, False]
