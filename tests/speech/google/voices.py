"""Google's voice with the settings of a test: the same behaviour at a hundredth of the waits."""

from __future__ import annotations

from briefing.clip_cache import FolderStore as FolderOfPieces
from briefing.speech.google.voice import GoogleVoice

__all__ = ["QUICK", "FolderOfPieces", "make_voice"]

QUICK = {"timeout_s": 30.0, "tries": 3, "backoff_s": 0.02, "requests_at_once": 1}


def make_voice(store: FolderOfPieces, **settings: object) -> GoogleVoice:
    return GoogleVoice({**QUICK, **settings}, store)
