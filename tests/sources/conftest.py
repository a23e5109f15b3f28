from __future__ import annotations

from pathlib import Path

import pytest

from briefing.config import Config


@pytest.fixture
def project(tmp_path: Path) -> Config:
    """A project folder with an empty folder of articles."""
    (tmp_path / "seeds").mkdir()
    return Config(base=tmp_path)
