"""Google's voice: sentences to speech, by the gTTS library. It sends the text to Google.

No text is requested twice: the MP3 of every request is stored as soon as it proves to be complete.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from briefing.config import Gtts
from briefing.errors import ConfigError
from briefing.speech.google.requests import LANGUAGE, fetch_mp3
from briefing.speech.online.connections import Address, connection_problem
from briefing.speech.online.fetching import SAMPLE_RATE_HZ, Fetcher, PieceSound, Service
from briefing.speech.online.mp3_decoding import decode_mp3
from briefing.speech.online.plausibility import check_length
from briefing.speech.online.spelling import spell
from briefing.speech.online.throttle import Throttle
from briefing.speech.online.trimming import TRIMMING_VERSION, trim
from briefing.speech.voice import Concurrency, Speech, Store, Voice
from briefing.text.script import Sentence
from briefing.versions import version

__all__ = ["LONGEST_REQUEST", "GoogleVoice"]

LONGEST_REQUEST = 100
"""Characters that Google accepts in one request (gTTS's GOOGLE_TTS_MAX_CHARS)."""
_CONNECT_TIMEOUT_S = 1.5
"""For `unavailable`: a handshake takes 0.3 s over a mobile network."""
_DAMAGED_TRIES = 2
_TLD = re.compile(r"[a-z]{2,6}(\.[a-z]{2,3})?")

_THROTTLE = Throttle()
"""Shared by the whole process: Google counts all requests from an address, whoever makes them."""


class GoogleVoice(Voice):
    """Google Translate's Arabic voice. Safe to call from several threads.

    If one clip fails, all fail until `unavailable` is called: see `Fetcher`.
    """

    name = "gtts"
    online = True
    concurrency: Concurrency = "threads"
    memory_mb = 0
    room_tone_dbfs = None
    speaker = LANGUAGE

    def __init__(self, settings: Mapping[str, Any], store: Store) -> None:
        """settings: [voices.gtts], see `briefing.config.Gtts`. store: keeps what was fetched.

        Raise ConfigError for an impossible tld.
        """
        self._settings = Gtts(**settings)
        if not _TLD.fullmatch(self._settings.tld):
            raise ConfigError(
                f"voices.gtts.tld = {self._settings.tld!r} must be like com or com.eg"
            )
        self._gtts_version = version("gTTS")
        self.version = (
            f"gTTS {self._gtts_version}, av {version('av')}, numpy {version('numpy')},"
            f" trimming {TRIMMING_VERSION}, {self._settings.tld},"
            f" gap {self._settings.clause_gap_s:g} s"
        )
        service = Service(
            voice=self.name,
            longest_request=LONGEST_REQUEST,
            key=self._key,
            fetch=self._fetch,
            decode=_decode,
            throttle=_THROTTLE,
            damaged_tries=_DAMAGED_TRIES,
        )
        self._fetcher = Fetcher(service, self._settings, store)

    def unavailable(self) -> str | None:
        """Return why the voice cannot speak now, or None if it can. This sends no text.

        Either gTTS is missing or Google cannot be reached.
        """
        if importlib.util.find_spec("gtts") is None:
            return "the package gTTS is not installed; pip install gtts"
        self._fetcher.revive()
        address = Address(f"translate.google.{self._settings.tld}")
        return connection_problem(address, _CONNECT_TIMEOUT_S)

    def notation(self, sentence: Sentence) -> str:
        """Return the sentence's words and marks as text, with the vowels that are certain."""
        return spell(sentence)

    def requests(self, notations: Sequence[str]) -> int:
        """Return how many online requests these sentences would take now."""
        return self._fetcher.requests(notations)

    def stop(self) -> None:
        """End every wait now. All clips being spoken fail, until `unavailable` is called."""
        self._fetcher.stop()

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences, each at 24 kHz without silence at its ends.

        Raise VoiceError if Google cannot be asked; what was fetched by then is kept.
        """
        return self._fetcher.speak(notations)

    def _key(self, text: str) -> str:
        parts = ["google piece", 1, self._gtts_version, LANGUAGE, self._settings.tld, text]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _fetch(self, text: str, check: Callable[[], None]) -> bytes:
        settings = self._settings
        return fetch_mp3(text, tld=settings.tld, timeout_s=settings.timeout_s, check=check)


def _decode(mp3: bytes, text: str) -> PieceSound:
    """Decode and trim an answer. Raise DamagedSound if it is too short for the text."""
    sound = trim(decode_mp3(mp3, sample_rate_hz=SAMPLE_RATE_HZ))
    check_length(sound, text)
    return PieceSound(sound)
