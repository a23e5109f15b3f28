from __future__ import annotations

import pytest

from tests.speech.google.voices import FolderOfPieces, make_voice


@pytest.fixture
def proxy(monkeypatch):
    """Google on the loopback; this process's HTTPS_PROXY leads to it."""
    from tests.speech.google.proxy import GoogleProxy

    with GoogleProxy() as running:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", running.url)
        yield running


@pytest.fixture
def store(tmp_path):
    return FolderOfPieces(tmp_path / "cache")


@pytest.fixture
def voice(store):
    return make_voice(store)
