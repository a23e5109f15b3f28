"""The voice of a server that answers as OpenAI's /v1/audio/speech does.

Such a server may run on this machine: then nothing leaves it, and `offline = true` allows it.
No text is requested twice: the sound of every answer is stored as soon as it proves to be speech.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from briefing.clip_cache import key_of
from briefing.config import Openai
from briefing.errors import ConfigError, VoiceError
from briefing.speech.online.connections import connection_problem
from briefing.speech.online.fetching import SAMPLE_RATE_HZ, Fetcher, PieceSound, Service
from briefing.speech.online.mp3_decoding import DamagedSound, Sound
from briefing.speech.online.plausibility import check_length, check_liveliness, longest_s
from briefing.speech.online.spelling import spell
from briefing.speech.online.throttle import Throttle
from briefing.speech.online.trimming import TRIMMING_VERSION, trim
from briefing.speech.openai.requests import Order, fetch_sound
from briefing.speech.openai.server import server_of
from briefing.speech.openai.waves import decode_sound
from briefing.speech.voice import Concurrency, Speech, Store, Voice
from briefing.text.script import Sentence
from briefing.versions import version

__all__ = ["OpenaiVoice"]

_CONNECT_TIMEOUT_S = 1.5
"""For `unavailable`: a handshake takes 0.3 s over a mobile network."""
_DAMAGED_TRIES = 2
_MOST_BYTES_PER_S = 48_000 * 2 * 4
"""Of an answer: two channels of 32-bit samples at 48 kHz."""
_HEADER_BYTES = 1 << 16
_PACKED = b"s16le 24 kHz\n"
"""What a stored sound begins with."""


class OpenaiVoice(Voice):
    """A server's voice. Safe to call from several threads.

    If one clip fails, all fail until `unavailable` is called: see `Fetcher`.
    """

    name = "openai"
    concurrency: Concurrency = "threads"
    memory_mb = 0
    room_tone_dbfs = None

    def __init__(self, settings: Mapping[str, Any], store: Store) -> None:
        """settings: [voices.openai], see `briefing.config.Openai`. store: keeps what was fetched.

        Raise ConfigError for an address that cannot be one, and where the key would be sent
        unencrypted to another machine.
        """
        self._settings = Openai(**settings)
        self._server = server_of(self._settings.url) if self._settings.url else None
        if self._server and self._settings.key_variable and not self._server.is_private:
            raise ConfigError(
                "voices.openai.key_variable: a key is not sent to another machine over http://;"
                " write https:// in voices.openai.url, or leave the key out"
            )
        self.online = self._server is not None and not self._server.address.is_loopback
        self.speaker = self._settings.voice
        self.version = (
            f"{self._settings.model}, {self._settings.voice}, speed {self._settings.speed:g},"
            f" server {hashlib.sha256(self._settings.url.encode()).hexdigest()[:8]},"
            f" av {version('av')}, numpy {version('numpy')}, trimming {TRIMMING_VERSION},"
            f" requests of {self._settings.longest_request},"
            f" gap {self._settings.clause_gap_s:g} s"
        )
        service = Service(
            voice=self.name,
            longest_request=self._settings.longest_request,
            key=self._key,
            fetch=self._fetch,
            decode=self._decode,
            throttle=_throttle_of(self._settings.url),
            damaged_tries=_DAMAGED_TRIES,
        )
        self._fetcher = Fetcher(service, self._settings, store)

    def unavailable(self) -> str | None:
        """Return why the voice cannot speak now, or None if it can. No text and no key is sent.

        Either its address or its key is missing, or the server cannot be reached.
        """
        if self._server is None:
            return "voices.openai.url is not set; write your server's address there"
        try:
            self._secret()
        except VoiceError as error:
            return str(error)
        self._fetcher.revive()
        return connection_problem(self._server.address, _CONNECT_TIMEOUT_S)

    def notation(self, sentence: Sentence) -> str:
        """Return the sentence's words and marks as text, with the vowels that are certain."""
        return spell(sentence)

    def requests(self, notations: Sequence[str]) -> int:
        """Return how many requests these sentences would take now."""
        return self._fetcher.requests(notations)

    def stop(self) -> None:
        """End every wait now. All clips being spoken fail, until `unavailable` is called."""
        self._fetcher.stop()

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences, each at 24 kHz without silence at its ends.

        Raise VoiceError if the server cannot be asked; what was fetched by then is kept.
        """
        return self._fetcher.speak(notations)

    def _key(self, text: str) -> str:
        settings = self._settings
        parts = [1, settings.url, settings.model, settings.voice, settings.speed, text]
        return key_of("openai piece", parts)

    def _secret(self) -> str:
        """Return the server's key, "" where none is wanted. Raise VoiceError if it is missing."""
        variable = self._settings.key_variable
        if not variable:
            return ""
        key = os.environ.get(variable, "").strip()
        if not key:
            raise VoiceError(
                f"the environment variable {variable}, which is to hold the server's key, is not"
                " set (voices.openai.key_variable)"
            )
        if not (key.isascii() and key.isprintable()):
            raise VoiceError(
                f"the environment variable {variable} holds characters that no key has"
                " (voices.openai.key_variable)"
            )
        return key

    def _fetch(self, text: str, check: Callable[[], None]) -> bytes:
        """Return the sound of a text, packed to be stored; whatever the server's format."""
        settings, server = self._settings, self._server
        if server is None:
            raise VoiceError(f"openai: {self.unavailable()}")
        order = Order(
            settings.model, settings.voice, settings.speed, self._secret(), settings.key_variable
        )
        largest = _HEADER_BYTES + round(longest_s(text, pace=settings.speed) * _MOST_BYTES_PER_S)
        answer = fetch_sound(
            text,
            server,
            order,
            timeout_s=settings.timeout_s,
            largest_bytes=largest,
            check=check,
        )
        return _PACKED + decode_sound(answer, sample_rate_hz=SAMPLE_RATE_HZ).samples

    def _decode(self, packed: bytes, text: str) -> PieceSound:
        """Return the trimmed sound. Raise DamagedSound if it cannot be the text's speech."""
        if not packed.startswith(_PACKED) or len(packed) % 2 != len(_PACKED) % 2:
            raise DamagedSound("the stored sound is damaged")
        sound = trim(Sound(packed[len(_PACKED) :], SAMPLE_RATE_HZ))
        check_length(sound, text, pace=self._settings.speed)
        check_liveliness(sound)
        return PieceSound(sound)


@cache
def _throttle_of(url: str) -> Throttle:
    """Return the throttle of a server, which all of this process share."""
    return Throttle()
