"""Microsoft's voice with the settings of a test, and the service that it asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from briefing.clip_cache import FolderStore
from briefing.speech.edge.voice import EdgeVoice

__all__ = ["QUICK", "asking_the_loopback", "make_voice"]

QUICK = {"timeout_s": 30.0, "tries": 3, "backoff_s": 0.02, "requests_at_once": 1}


def make_voice(store: FolderStore, **settings: object) -> EdgeVoice:
    return EdgeVoice({**QUICK, **settings}, store)


@contextmanager
def asking_the_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """The service; this process's edge-tts is led to it and trusts its certificate."""
    edge_tts = pytest.importorskip("edge_tts", reason="edge-tts is not installed (extra edge)")
    from edge_tts.drm import DRM

    from tests.speech.edge.service import EdgeService, trusting_context

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(edge_tts.communicate, "_SSL_CTX", trusting_context())
    with EdgeService() as running:
        monkeypatch.setenv("HTTPS_PROXY", running.url)
        yield running
    DRM.clock_skew_seconds = 0.0  # it remembers what a service said of the time
