"""A server's voice with the settings of a test: the same behaviour at a hundredth of the waits."""

from __future__ import annotations

from briefing.clip_cache import FolderStore
from briefing.speech.openai.voice import OpenaiVoice
from tests.speech.openai.server import SpeechServer

__all__ = ["QUICK", "make_voice"]

QUICK = {"timeout_s": 30.0, "tries": 3, "backoff_s": 0.02}


def make_voice(server: SpeechServer | str, store: FolderStore, **settings: object) -> OpenaiVoice:
    url = server if isinstance(server, str) else server.url
    return OpenaiVoice({**QUICK, "url": url, **settings}, store)
