from __future__ import annotations

import pytest

from tests.speech.google.voices import FolderOfPieces


@pytest.fixture
def store(tmp_path):
    return FolderOfPieces(tmp_path / "cache")
