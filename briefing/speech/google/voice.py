"""Google's voice: sentences to speech, by the gTTS library. It sends the text to Google.

No text is requested twice: the MP3 of every request is stored as soon as it proves to be complete.
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
from contextlib import contextmanager, suppress
from typing import Any

from briefing.config import Gtts
from briefing.errors import ConfigError, VoiceError
from briefing.speech.google.mp3_decoding import DamagedSound, Sound, decode_mp3
from briefing.speech.google.pieces import Cut, RequestText, cut, has_sound
from briefing.speech.google.requests import LANGUAGE, RequestError, connection_problem, fetch_mp3
from briefing.speech.google.throttle import Throttle
from briefing.speech.google.trimming import TRIMMING_VERSION, join, trim
from briefing.speech.voice import Concurrency, Speech, Store, Voice
from briefing.text.script import Sentence, Token
from briefing.versions import version

__all__ = ["LONGEST_REQUEST", "SAMPLE_RATE_HZ", "GoogleVoice"]

LONGEST_REQUEST = 100
"""Characters that Google accepts in one request (gTTS's GOOGLE_TTS_MAX_CHARS)."""
SAMPLE_RATE_HZ = 24_000
"""Google's own; an answer of another rate is resampled."""
_GAP_SHARES = {Cut.CLAUSE: 1.0, Cut.CONJUNCTION: 0.4, Cut.WORD: 0.15, Cut.INSIDE: 0.0}
"""The silence after a cut, as a share of clause_gap_s: a reader breathes only at a mark."""
_SHORTEST_S_PER_LETTER = 1 / 45
"""Arabic news is read at 12 to 15 letters a second; a sound three times as fast is incomplete."""
_CONNECT_TIMEOUT_S = 1.5
"""For `unavailable`: a handshake takes 0.3 s over a mobile network."""
_LONGEST_BACKOFF_S = 60.0
_DAMAGED_TRIES = 2
_MARKS = {"-": "،"}
"""How a mark is written for Google: a breath of our own is a comma, the others stay."""
_INTONATION_MARKS = "،؛:.؟!…"
_SIMPLER_SPELLING = str.maketrans({"ٱ": "ا", "ٰ": None})
"""Quranic signs of vowelled tables, which are rare in what Google's voice was trained on."""
_TLD = re.compile(r"[a-z]{2,6}(\.[a-z]{2,3})?")

_THROTTLE = Throttle()
"""Shared by the whole process: Google counts all requests from an address, whoever makes them."""


class GoogleVoice(Voice):
    """Google Translate's Arabic voice. Safe to call from several threads.

    If one clip fails, all clips that this voice is speaking fail immediately with the same
    message, and so does every later one until `unavailable` is called. Another voice then speaks
    the whole briefing.
    """

    name = "gtts"
    online = True
    concurrency: Concurrency = "threads"
    memory_mb = 0
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
        self._store = store
        self._failure: str | None = None
        """Why this voice has given up, if it has."""
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
        """Return why the voice cannot speak now, or None if it can. This sends no text.

        Either gTTS is missing or Google cannot be reached.
        """
        if importlib.util.find_spec("gtts") is None:
            return "the package gTTS is not installed; pip install gtts"
        with self._lock:
            self._failure = None
            self._stopped.clear()
        return connection_problem(self._settings.tld, _CONNECT_TIMEOUT_S)

    def notation(self, sentence: Sentence) -> str:
        """Return the sentence's words and marks as text.

        Google's Arabic voice adds the vowels itself, from the whole request, and reads bare news
        text well. Punctuation shapes its melody. Vowels are added only if they are certain:
        written by the author (in `spoken`) or in a table such as the lexicon (`vowelled`).
        Numbers get none: each of their words has one reading only, and vowels nearly double the
        characters, which are limited in a request.
        """
        words: list[str] = []
        for token in sentence.tokens:
            spoken = _spell(token)
            mark = _MARKS.get(token.mark, token.mark)
            if spoken:
                words.append(spoken + mark)
            elif mark and words and words[-1][-1] not in _INTONATION_MARKS:
                words[-1] += mark
        text = " ".join(words)
        return text if has_sound(text) else ""

    def requests(self, notations: Sequence[str]) -> int:
        """Return how many online requests these sentences would take now."""
        texts = {part.text for text in notations for part in cut(text, LONGEST_REQUEST)}
        return sum(self._store.get(self._key(text)) is None for text in texts)

    def stop(self) -> None:
        """End every wait now. All clips being spoken fail, until `unavailable` is called."""
        self._give_up("stopped")

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences, each at 24 kHz without silence at its ends.

        Raise VoiceError if Google cannot be asked; what was fetched by then is kept.
        """
        sentences = [cut(text, LONGEST_REQUEST) for text in notations]
        with ThreadPoolExecutor(
            self._settings.requests_at_once, thread_name_prefix="google-piece"
        ) as pool:
            try:
                futures = [
                    [pool.submit(self._sound, part) for part in parts] for parts in sentences
                ]
                for parts, sounds in zip(sentences, futures, strict=True):
                    sounds_with_gaps = [
                        (sound.result(), self._gap_s(part, is_last=part is parts[-1]))
                        for part, sound in zip(parts, sounds, strict=True)
                    ]
                    yield Speech(join(sounds_with_gaps, SAMPLE_RATE_HZ).samples, SAMPLE_RATE_HZ)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _gap_s(self, part: RequestText, *, is_last: bool) -> float:
        return 0.0 if is_last else self._settings.clause_gap_s * _GAP_SHARES[part.ends_at]

    def _key(self, text: str) -> str:
        parts = ["google piece", 1, self._gtts_version, LANGUAGE, self._settings.tld, text]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _sound(self, part: RequestText) -> Sound:
        """Return the trimmed sound of a request: from the store, or fetched and then stored."""
        key = self._key(part.text)
        with self._exclusive(key):
            self._check()
            mp3 = self._store.get(key)
            if mp3 is not None:
                with suppress(DamagedSound):  # then it is fetched again
                    return _decode_answer(mp3, part.text)
            mp3, sound = self._fetch(part.text)
            self._store.put(key, mp3)
            return sound

    @contextmanager
    def _exclusive(self, key: str) -> Iterator[None]:
        """Let one thread at a time work on a text: the others then find it in the store."""
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

    def _fetch(self, text: str) -> tuple[bytes, Sound]:
        """Request a text until its sound is complete; return the MP3 and the trimmed sound.

        After as many tries as are worthwhile, give up on all clips and raise VoiceError.
        """
        settings = self._settings
        start = time.monotonic()
        tries = 0
        while True:
            tries += 1
            try:
                with _THROTTLE.turn(settings.requests_at_once, self._check):
                    mp3 = fetch_mp3(
                        text, tld=settings.tld, timeout_s=settings.timeout_s, check=self._check
                    )
                sound = _decode_answer(mp3, text)
            except RequestError as error:
                failure = error
            except DamagedSound as error:
                failure = RequestError(
                    str(error), max_tries=_DAMAGED_TRIES, advice="build again later"
                )
            else:
                _THROTTLE.speed_up()
                return mp3, sound
            self._wait_or_give_up(failure, tries, time.monotonic() - start)

    def _wait_or_give_up(self, failure: RequestError, tries: int, seconds: float) -> None:
        """Wait until the next try; raise VoiceError if there is to be none.

        tries, seconds: how often and for how long the text has been requested already.
        """
        settings = self._settings
        max_tries = settings.tries
        if failure.max_tries is not None:
            max_tries = min(failure.max_tries, max_tries)
        pause_s = _backoff_s(settings.backoff_s, tries)
        if failure.wait_s is not None:
            pause_s = max(pause_s, failure.wait_s)
            if failure.wait_s > settings.longest_wait_s:
                request = f"; it asks for a wait of {failure.wait_s:.0f} s"
                failure = RequestError(f"{failure}{request}", advice=failure.advice)
                max_tries = tries
        if tries >= max_tries:
            self._give_up(_describe(failure, tries, seconds))
        elif failure.slow_down:
            _THROTTLE.slow_down(pause_s)
        else:
            self._stopped.wait(pause_s)
        self._check()

    def _give_up(self, reason: str) -> None:
        with self._lock:
            self._failure = self._failure or reason
            self._stopped.set()
        _THROTTLE.wake()

    def _check(self) -> None:
        """Raise VoiceError if this voice has given up."""
        if self._failure is not None:
            raise VoiceError(f"gtts: {self._failure}")


def _spell(token: Token) -> str:
    """Return a token's words as Google's voice reads them best."""
    has_number = any(character.isdigit() for character in token.text)
    words = token.vowelled if token.vowelled and not has_number else token.spoken
    return words.translate(_SIMPLER_SPELLING)


def _decode_answer(mp3: bytes, text: str) -> Sound:
    """Decode and trim an answer. Raise DamagedSound if it is too short for the text."""
    sound = trim(decode_mp3(mp3, sample_rate_hz=SAMPLE_RATE_HZ))
    if not sound.samples:
        raise DamagedSound("the sound is silent")
    letters = sum(character.isalnum() for character in text)
    if sound.seconds < letters * _SHORTEST_S_PER_LETTER:
        raise DamagedSound(f"the sound is cut short: {sound.seconds:.1f} s for {letters} letters")
    return sound


def _backoff_s(first_s: float, tries: int) -> float:
    """Return the seconds to wait after a number of tries.

    The wait doubles with each try. Half of it is random, so that callers do not return together.
    """
    longest_s = min(_LONGEST_BACKOFF_S, first_s * 2.0 ** (tries - 1))
    return longest_s * random.uniform(0.5, 1.0)


def _describe(failure: RequestError, tries: int, seconds: float) -> str:
    times = "asked once" if tries == 1 else f"asked {tries} times in {seconds:.1f} s"
    message = f"{failure}, {times}"
    return f"{message}; {failure.advice}" if failure.advice else message
