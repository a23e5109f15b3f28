"""Google's voice: sentences -> speech, by the gTTS library. It sends the text to Google.

Nothing is paid for twice: the MP3 of every piece is kept as soon as it has proved to be whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from briefing.config import Gtts
from briefing.errors import ConfigError, VoiceError
from briefing.speech.google.mp3_decoding import DamagedSound, Sound, decode_mp3
from briefing.speech.google.pieces import Cut, Piece, cut, has_sound
from briefing.speech.google.requests import LANGUAGE, Refused, ask, reach
from briefing.speech.google.throttle import Throttle
from briefing.speech.google.trimming import TRIMMING_VERSION, join, trim
from briefing.speech.voice import Speech, Store
from briefing.text.script import Sentence, Token
from briefing.versions import version

__all__ = ["LONGEST_PIECE", "SAMPLE_RATE_HZ", "GoogleVoice"]

LONGEST_PIECE = 100
"""Characters that Google takes in one request (gTTS's GOOGLE_TTS_MAX_CHARS)."""
SAMPLE_RATE_HZ = 24_000
"""Google's own; an answer of another rate is resampled."""
_GAP_OF_A_CLAUSE = {Cut.CLAUSE: 1.0, Cut.CONJUNCTION: 0.4, Cut.WORD: 0.15, Cut.INSIDE: 0.0}
"""Shares of clause_gap_s: a reader does not breathe where the sentence has no mark."""
_LEAST_S_A_LETTER = 1 / 45
"""Arabic news is read at 12 to 15 letters a second; a sound three times as quick is not whole."""
_REACH_S = 1.5
"""For `unavailable`: a handshake takes 0.3 s over a phone."""
_LONGEST_BACKOFF_S = 60.0
_DAMAGED_TRIES = 2
_MARKS = {"-": "،"}
"""How a mark is written for Google; a breath of our own is a comma, the others stay."""
_SHAPING_MARKS = "،؛:.؟!…"
_DROPPED_VOWELS = str.maketrans({"ٱ": "ا", "ٰ": None})
"""Quranic signs of vowelled tables, rare in what Google learnt from."""
_TLD = re.compile(r"[a-z]{2,6}(\.[a-z]{2,3})?")

_THROTTLE = Throttle()
"""One for the process: Google counts an address's requests, whichever briefing makes them."""


class GoogleVoice:
    """Google Translate's Arabic voice (`Voice`). Safe to call from several threads.

    When one clip fails, all that this voice is speaking fail with the same message, at once, and
    so does every later one until `unavailable` is asked again: another voice takes over.
    """

    name = "gtts"
    online = True

    def __init__(self, settings: Mapping[str, Any], store: Store) -> None:
        """settings: [voices.gtts], see `briefing.config.Gtts`; store: keeps what is paid for.

        Raises ConfigError for a tld that cannot be one.
        """
        self._settings = Gtts(**settings)
        if not _TLD.fullmatch(self._settings.tld):
            raise ConfigError(
                f"voices.gtts.tld = {self._settings.tld!r} must be like com or com.eg"
            )
        self._store = store
        self._given_up: str | None = None
        self._stopped = threading.Event()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()
        self._gtts_version = version("gTTS")
        self.version = (
            f"gTTS {self._gtts_version}, av {version('av')}, numpy {version('numpy')},"
            f" trimming {TRIMMING_VERSION}, {self._settings.tld},"
            f" gap {self._settings.clause_gap_s:g} s"
        )

    def unavailable(self) -> str | None:
        """Say why it cannot speak now: gTTS missing, no way to Google. No text is sent."""
        if importlib.util.find_spec("gtts") is None:
            return "the package gTTS is not installed; pip install gtts"
        with self._lock:
            self._given_up = None
            self._stopped.clear()
        return reach(self._settings.tld, _REACH_S)

    def notation(self, sentence: Sentence) -> str:
        """Give the sentence's words and marks as text.

        Google's Arabic voice puts in the vowels itself, from the whole piece, and reads bare
        news text well; marks of punctuation shape its melody. Vowels are added only where
        somebody who knows wrote them: the author (in `spoken`) or a table such as the lexicon
        (`vowelled`). Not those of numbers: their words have one reading each, and with vowels
        take nearly twice the characters, which are what a request is limited by.
        """
        words: list[str] = []
        for token in sentence.tokens:
            spoken = _spoken(token)
            mark = _MARKS.get(token.mark, token.mark)
            if spoken:
                words.append(spoken + mark)
            elif mark and words and words[-1][-1] not in _SHAPING_MARKS:
                words[-1] += mark
        text = " ".join(words)
        return text if has_sound(text) else ""

    def requests(self, notations: Sequence[str]) -> int:
        """Count the online requests that speaking these sentences would make now."""
        pieces = {piece.text for text in notations for piece in cut(text, LONGEST_PIECE)}
        return sum(self._store.get(self._key(text)) is None for text in pieces)

    def stop(self) -> None:
        """Have every wait end now: what is being spoken fails (until `unavailable` is asked)."""
        self._give_up("stopped")

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences, each at 24 kHz without silence at its ends.

        Raises VoiceError; the pieces that were answered until then are kept.
        """
        sentences = [cut(text, LONGEST_PIECE) for text in notations]
        with ThreadPoolExecutor(
            self._settings.requests_at_once, thread_name_prefix="google-piece"
        ) as pool:
            try:
                orders = [[pool.submit(self._sound, one) for one in pieces] for pieces in sentences]
                for pieces, sounds in zip(sentences, orders, strict=True):
                    parts = [
                        (sound.result(), self._gap_s(piece, last=piece is pieces[-1]))
                        for piece, sound in zip(pieces, sounds, strict=True)
                    ]
                    yield Speech(join(parts, SAMPLE_RATE_HZ).samples, SAMPLE_RATE_HZ)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _gap_s(self, piece: Piece, *, last: bool) -> float:
        return 0.0 if last else self._settings.clause_gap_s * _GAP_OF_A_CLAUSE[piece.ends_at]

    def _key(self, text: str) -> str:
        parts = ["google piece", 1, self._gtts_version, LANGUAGE, self._settings.tld, text]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _sound(self, piece: Piece) -> Sound:
        """Give a piece's trimmed sound: from the store, or asked for and then kept."""
        key = self._key(piece.text)
        with self._alone(key):
            self._check()
            kept = self._store.get(key)
            if kept is not None:
                try:
                    return _heard(kept, piece.text)
                except DamagedSound:
                    pass  # asked for again
            mp3, sound = self._paid_for(piece.text)
            self._store.put(key, mp3)
            return sound

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let one thread at a time see to a piece: the others find it in the store."""
        with self._lock:
            lock, users = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                users = self._locks[key][1] - 1
                if users:
                    self._locks[key] = (lock, users)
                else:
                    del self._locks[key]

    def _paid_for(self, text: str) -> tuple[bytes, Sound]:
        """Ask until there is a whole sound, as often as is sensible; else give up for all."""
        settings = self._settings
        began = time.monotonic()
        tried = 0
        while True:
            tried += 1
            try:
                with _THROTTLE.turn(settings.requests_at_once, self._check):
                    mp3 = ask(
                        text, tld=settings.tld, timeout_s=settings.timeout_s, check=self._check
                    )
                sound = _heard(mp3, text)
            except Refused as refused:
                again = refused
            except DamagedSound as damaged:
                again = Refused(str(damaged), tries=_DAMAGED_TRIES, advice="build again later")
            else:
                _THROTTLE.succeeded()
                return mp3, sound
            tries = settings.tries if again.tries is None else min(again.tries, settings.tries)
            pause_s = _backoff_s(settings.backoff_s, tried)
            if again.wait_s is not None:
                pause_s = max(pause_s, again.wait_s)
                if again.wait_s > settings.longest_wait_s:
                    asked = f"; it asks for a wait of {again.wait_s:.0f} s"
                    again = Refused(f"{again}{asked}", advice=again.advice)
                    tries = tried
            if tried >= tries:
                self._give_up(_message(again, tried, time.monotonic() - began))
            elif again.tired:
                _THROTTLE.slow_down(pause_s)
            else:
                self._stopped.wait(pause_s)
            self._check()

    def _give_up(self, why: str) -> None:
        with self._lock:
            self._given_up = self._given_up or why
            self._stopped.set()
        _THROTTLE.wake()

    def _check(self) -> None:
        """Raise VoiceError when this voice has given up."""
        if self._given_up is not None:
            raise VoiceError(f"gtts: {self._given_up}")


def _spoken(token: Token) -> str:
    number = any(character.isdigit() for character in token.text)
    said = token.vowelled if token.vowelled and not number else token.spoken
    return said.translate(_DROPPED_VOWELS)


def _heard(mp3: bytes, text: str) -> Sound:
    """Decode and trim an answer. Raises DamagedSound where it cannot be all of the text."""
    sound = trim(decode_mp3(mp3, sample_rate_hz=SAMPLE_RATE_HZ))
    if not sound.samples:
        raise DamagedSound("the sound is silent")
    letters = sum(character.isalnum() for character in text)
    if sound.seconds < letters * _LEAST_S_A_LETTER:
        raise DamagedSound(f"the sound is cut short: {sound.seconds:.1f} s for {letters} letters")
    return sound


def _backoff_s(first_s: float, tried: int) -> float:
    """Give the wait after so many tries: doubled each time, with jitter so that no two callers
    come back together (half of it is fixed, half by chance)."""
    whole = min(_LONGEST_BACKOFF_S, first_s * 2.0 ** (tried - 1))
    return whole * random.uniform(0.5, 1.0)


def _message(why: Refused, tried: int, seconds: float) -> str:
    often = "asked once" if tried == 1 else f"asked {tried} times in {seconds:.1f} s"
    return f"{why}, {often}; {why.advice}" if why.advice else f"{why}, {often}"
