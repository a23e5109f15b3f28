"""Microsoft's voices for the Edge browser, by the edge-tts library. The text goes to Microsoft.

No text is requested twice: every answer is stored as soon as it proves to be complete.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from briefing.clip_cache import key_of
from briefing.config import Edge
from briefing.speech.edge.alignment import spoken_until_s, word_starts_s
from briefing.speech.edge.answer import Answer
from briefing.speech.edge.requests import ADDRESS, Manner, fetch_answer
from briefing.speech.online.connections import connection_problem
from briefing.speech.online.fetching import SAMPLE_RATE_HZ, Fetcher, PieceSound, Service
from briefing.speech.online.mp3_decoding import DamagedSound, decode_mp3
from briefing.speech.online.plausibility import check_length, longest_s
from briefing.speech.online.spelling import spell
from briefing.speech.online.throttle import Throttle
from briefing.speech.online.trimming import TRIMMING_VERSION, cut_out, speech_span
from briefing.speech.voice import Concurrency, Speech, Store, Voice
from briefing.text.script import Sentence
from briefing.versions import version

__all__ = ["LONGEST_REQUEST", "EdgeVoice"]

LONGEST_REQUEST = 1000
"""Characters. The service takes 4,096 bytes of a text; the longest characters have four."""
_CONNECT_TIMEOUT_S = 1.5
"""For `unavailable`: a handshake takes 0.3 s over a mobile network."""
_CODEC_DELAY = 1105
"""Samples by which MP3's encoder (576 samples) and decoder (529) delay a sound; the service's
stream has no header that declares them."""
_CUT_TOLERANCE_S = 0.05
"""What may be missing at the end: the service's answers end in most of a second of silence."""
_BYTES_PER_S = 6_000
"""Of the service's MP3."""
_SILENCE_SHARE = 2
"""An answer may be this many times as long as the longest speech of its text."""

_THROTTLE = Throttle()
"""Shared by the whole process: Microsoft counts all requests from an address."""


class EdgeVoice(Voice):
    """A voice of Microsoft's Edge. Safe to call from several threads.

    If one clip fails, all fail until `unavailable` is called: see `Fetcher`.
    """

    name = "edge"
    online = True
    concurrency: Concurrency = "threads"
    memory_mb = 0
    room_tone_dbfs = None

    def __init__(self, settings: Mapping[str, Any], store: Store) -> None:
        """settings: [voices.edge], see `briefing.config.Edge`. store: keeps what was fetched."""
        self._settings = Edge(**settings)
        self._manner = Manner(
            self._settings.speaker, self._settings.rate_percent, self._settings.pitch_hz
        )
        self._pace = 1 + self._manner.rate_percent / 100
        self.speaker = self._manner.speaker
        self.version = (
            f"edge-tts {version('edge-tts')}, av {version('av')}, numpy {version('numpy')},"
            f" trimming {TRIMMING_VERSION}, {self._manner.speaker},"
            f" rate {self._manner.rate_percent:+d}%, pitch {self._manner.pitch_hz:+d} Hz,"
            f" gap {self._settings.clause_gap_s:g} s"
        )
        service = Service(
            voice=self.name,
            longest_request=LONGEST_REQUEST,
            key=self._key,
            fetch=self._fetch,
            decode=self._decode,
            throttle=_THROTTLE,
            damaged_tries=self._settings.tries,
        )
        self._fetcher = Fetcher(service, self._settings, store)

    def unavailable(self) -> str | None:
        """Return why the voice cannot speak now, or None if it can. This sends no text.

        Either edge-tts is missing or Microsoft's service cannot be reached.
        """
        if importlib.util.find_spec("edge_tts") is None:
            return "the package edge-tts is not installed; pip install edge-tts"
        self._fetcher.revive()
        return connection_problem(ADDRESS, _CONNECT_TIMEOUT_S)

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

        Raise VoiceError if Microsoft cannot be asked; what was fetched by then is kept.
        """
        return self._fetcher.speak(notations)

    def _key(self, text: str) -> str:
        # without edge-tts's version: an upgrade, which mends most failures, must cost no sentence
        manner = self._manner
        parts = [1, manner.speaker, manner.rate_percent, manner.pitch_hz, text]
        return key_of("edge piece", parts)

    def _fetch(self, text: str, check: Callable[[], None]) -> bytes:
        largest = round(longest_s(text, pace=self._pace) * _SILENCE_SHARE * _BYTES_PER_S)
        answer = fetch_answer(
            text,
            self._manner,
            timeout_s=self._settings.timeout_s,
            largest_bytes=largest,
            check=check,
        )
        return answer.to_bytes()

    def _decode(self, packed: bytes, text: str) -> PieceSound:
        """Return the sound of an answer and where its words begin.

        Raise DamagedSound if the answer is not whole: a connection that was cut brings half of it
        and no error.
        """
        answer = Answer.from_bytes(packed)
        whole = decode_mp3(answer.mp3, sample_rate_hz=SAMPLE_RATE_HZ)
        expected_s = spoken_until_s(text, answer.boundaries) + _CODEC_DELAY / SAMPLE_RATE_HZ
        if whole.seconds < expected_s - _CUT_TOLERANCE_S:
            raise DamagedSound(f"the sound is cut short: {whole.seconds:.1f} of {expected_s:.1f} s")
        start, end = speech_span(whole)
        sound = cut_out(whole, start, end)
        check_length(sound, text, pace=self._pace)
        starts_s = word_starts_s(text.split(), answer.boundaries)
        if starts_s is None:
            return PieceSound(sound)
        last = len(sound.samples) // 2
        samples = (round(start_s * SAMPLE_RATE_HZ) + _CODEC_DELAY - start for start_s in starts_s)
        return PieceSound(sound, tuple(min(max(0, sample), last) for sample in samples))
