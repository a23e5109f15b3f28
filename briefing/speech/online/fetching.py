"""Sentences to speech by a service that is asked piece by piece, patiently and never twice.

The answer to every request is stored as soon as it proves to be complete.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from briefing.errors import VoiceError
from briefing.speech.online.failures import RequestError
from briefing.speech.online.mp3_decoding import DamagedSound, Sound
from briefing.speech.online.pieces import Cut, RequestText, cut
from briefing.speech.online.throttle import Throttle
from briefing.speech.online.trimming import join
from briefing.speech.voice import Speech, Store

__all__ = ["SAMPLE_RATE_HZ", "Fetcher", "Patience", "PieceSound", "Service"]

SAMPLE_RATE_HZ = 24_000
"""Google's and Microsoft's own; an answer of another rate is resampled."""
_GAP_SHARES = {Cut.CLAUSE: 1.0, Cut.CONJUNCTION: 0.4, Cut.WORD: 0.15, Cut.INSIDE: 0.0}
"""The silence after a cut, as a share of clause_gap_s: a reader breathes only at a mark."""
_LONGEST_BACKOFF_S = 60.0


@dataclass(frozen=True, slots=True)
class PieceSound:
    """What was spoken for one request."""

    sound: Sound
    """Without silence around it, at SAMPLE_RATE_HZ."""
    word_starts: tuple[int, ...] | None = None
    """The sample at which each word of the request's text begins, None if not all are known."""


class Patience(Protocol):
    """How often and how long a service is asked: settings that all online voices have."""

    @property
    def tries(self) -> int:
        """How often a request is tried."""

    @property
    def backoff_s(self) -> float:
        """The first wait after a failure."""

    @property
    def longest_wait_s(self) -> float:
        """A longer wait that the service asks for is not waited for."""

    @property
    def requests_at_once(self) -> int:
        """How many requests may be under way."""

    @property
    def clause_gap_s(self) -> float:
        """Silence between two requests' sounds at a clause's end."""


@dataclass(frozen=True, slots=True)
class Service:
    """How one service is asked."""

    voice: str
    """The voice's name, for messages."""
    longest_request: int
    """Characters."""
    key: Callable[[str], str]
    """Returns the key under which the answer to a text is stored."""
    fetch: Callable[[str, Callable[[], None]], bytes]
    """Requests a text and returns the answer to be stored. It calls its second argument often
    while waiting, and raises what that raises, or RequestError."""
    decode: Callable[[bytes, str], PieceSound]
    """Returns the sound of an answer to a text. Raises DamagedSound for one that is not whole."""
    throttle: Throttle
    """Shared by the whole process: a service counts all requests, whoever makes them."""
    damaged_tries: int
    """How often a text is worth requesting whose answers are damaged."""


class Fetcher:
    """Speaks sentences by a service. Safe to use from several threads.

    If one clip fails, all clips that are being spoken fail immediately with the same message, and
    so does every later one until `revive` is called. Another voice then speaks the whole briefing.
    """

    def __init__(self, service: Service, patience: Patience, store: Store) -> None:
        self._service = service
        self._patience = patience
        self._store = store
        self._failure: str | None = None
        """Why it has given up, if it has."""
        self._stopped = threading.Event()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()

    def revive(self) -> None:
        """Speak again after giving up."""
        with self._lock:
            self._failure = None
            self._stopped.clear()

    def stop(self) -> None:
        """End every wait now. All clips being spoken fail, until `revive` is called."""
        self._give_up("stopped")

    def requests(self, notations: Sequence[str]) -> int:
        """Return how many requests these sentences would take now."""
        texts = {part.text for text in notations for part in self._cut(text)}
        return sum(self._store.get(self._service.key(text)) is None for text in texts)

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences, each without silence at its ends.

        Raise VoiceError if the service cannot be asked; what was fetched by then is kept.
        """
        sentences = [self._cut(text) for text in notations]
        with ThreadPoolExecutor(
            self._patience.requests_at_once, thread_name_prefix=f"{self._service.voice}-piece"
        ) as pool:
            try:
                futures = [
                    [pool.submit(self._sound, part) for part in parts] for parts in sentences
                ]
                for parts, sounds in zip(sentences, futures, strict=True):
                    yield self._join(parts, [sound.result() for sound in sounds])
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _cut(self, text: str) -> list[RequestText]:
        return cut(text, self._service.longest_request)

    def _join(self, parts: Sequence[RequestText], pieces: Sequence[PieceSound]) -> Speech:
        """Return the speech of a sentence from the sounds of its requests."""
        gaps_s = [self._patience.clause_gap_s * _GAP_SHARES[part.ends_at] for part in parts]
        if gaps_s:
            gaps_s[-1] = 0.0
        word_starts: list[int] | None = []
        position = 0
        for piece, gap_s in zip(pieces, gaps_s, strict=True):
            if piece.word_starts is None:
                word_starts = None
            elif word_starts is not None:
                word_starts += [position + start for start in piece.word_starts]
            position += len(piece.sound.samples) // 2 + round(gap_s * SAMPLE_RATE_HZ)
        sounds = zip((piece.sound for piece in pieces), gaps_s, strict=True)
        return Speech(join(sounds, SAMPLE_RATE_HZ).samples, SAMPLE_RATE_HZ, word_starts)

    def _sound(self, part: RequestText) -> PieceSound:
        """Return the sound of a request: from the store, or fetched and then stored."""
        key = self._service.key(part.text)
        with self._exclusive(key):
            self._check()
            answer = self._store.get(key)
            if answer is not None:
                with suppress(DamagedSound):  # then it is fetched again
                    return self._service.decode(answer, part.text)
            answer, piece = self._fetch(part.text)
            self._store.put(key, answer)
            return piece

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

    def _fetch(self, text: str) -> tuple[bytes, PieceSound]:
        """Request a text until its sound is complete; return the answer and its sound.

        After as many tries as are worthwhile, give up on all clips and raise VoiceError.
        """
        service = self._service
        start = time.monotonic()
        tries = 0
        while True:
            tries += 1
            try:
                with service.throttle.turn(self._patience.requests_at_once, self._check):
                    answer = service.fetch(text, self._check)
                piece = service.decode(answer, text)
            except RequestError as error:
                failure = error
            except DamagedSound as error:
                failure = RequestError(
                    str(error), max_tries=service.damaged_tries, advice="build again later"
                )
            else:
                service.throttle.speed_up()
                return answer, piece
            self._wait_or_give_up(failure, tries, time.monotonic() - start)

    def _wait_or_give_up(self, failure: RequestError, tries: int, seconds: float) -> None:
        """Wait until the next try; raise VoiceError if there is to be none.

        tries, seconds: how often and for how long the text has been requested already.
        """
        patience = self._patience
        max_tries = patience.tries
        if failure.max_tries is not None:
            max_tries = min(failure.max_tries, max_tries)
        pause_s = _backoff_s(patience.backoff_s, tries)
        if failure.wait_s is not None:
            pause_s = max(pause_s, failure.wait_s)
            if failure.wait_s > patience.longest_wait_s:
                request = f"; it asks for a wait of {failure.wait_s:.0f} s"
                failure = RequestError(f"{failure}{request}", advice=failure.advice)
                max_tries = tries
        if tries >= max_tries:
            self._give_up(_describe(failure, tries, seconds))
        elif failure.slow_down:
            self._service.throttle.slow_down(pause_s)
        else:
            self._stopped.wait(pause_s)
        self._check()

    def _give_up(self, reason: str) -> None:
        with self._lock:
            self._failure = self._failure or reason
            self._stopped.set()
        self._service.throttle.wake()

    def _check(self) -> None:
        """Raise VoiceError if it has given up."""
        if self._failure is not None:
            raise VoiceError(f"{self._service.voice}: {self._failure}")


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
