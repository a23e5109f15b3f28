"""Orders of clips -> clips, in order: from the cache, or spoken and mastered on all cores.

Voices that calculate run in processes; voices that wait for a service run in threads. The bytes
and their order depend neither on the number of workers nor on what is in the cache.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from briefing.clip_cache import FolderStore, key_of
from briefing.errors import BriefingError, VoiceError
from briefing.mastering.clip import CLIP_VERSION, Clip, Mastering, make_clip
from briefing.mastering.sounds import SoundJob, make
from briefing.production.memory import count_that_fit, keep_memory
from briefing.production.workers import JOBS_EACH, WorkerDied, Workers
from briefing.speech.voice import Voice
from briefing.speech.voices import make_voice
from briefing.versions import version

__all__ = [
    "ClipOrder",
    "Pool",
    "Produced",
    "Production",
    "clip_key",
    "cores",
    "load_libraries",
    "load_numpy",
    "make_workers",
    "speak_and_master",
]

_AHEAD_PER_WORKER = 4
"""Unfinished clips a worker: enough to keep the workers busy, and so few that memory does not grow
with the recording."""
_ORDERS_AHEAD = 256
"""How many orders may wait for the first of them, most of them for clips in the cache: while the
one clip that changed is spoken, the others are planned."""
_KEYS = 256
"""Of clips, that are kept: what is planned is recorded, looked for and spoken under one key."""
_ENCODER_PACKAGES = ("lameenc", "av", "pydub", "numpy")


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """A request for a clip."""

    key: str
    notations: tuple[str, ...]
    """The input of the voice, one text a sentence; () if there is nothing to speak."""


@dataclass(frozen=True, slots=True)
class Produced:
    """A finished clip."""

    clip: Clip | None
    """None if there was nothing to speak."""
    reused: bool
    """True if nothing was spoken for it, because it came from the cache."""


class _Future(Protocol):
    def result(self) -> bytes: ...


class Pool(Protocol):
    """Processes that make clips, owned by this build or shared by several builds."""

    def start(self) -> None:
        """Start the processes unless they are running."""

    def submit(self, job: Any, *, first: bool = False) -> _Future:
        """Queue a job and return its future result. first: before the jobs that wait."""

    def close(self) -> None:
        """End this build's jobs, whose results nobody needs any more."""


@dataclass(frozen=True, slots=True)
class _Job:
    voice: str
    settings: Mapping[str, Any]
    store: Path
    notations: tuple[str, ...]
    mastering: Mastering


@cache
def _maker_key(voice: str, voice_version: str, mastering: Mastering) -> str:
    """Return a digest of everything that a clip's bytes depend on, except its text."""
    return key_of(
        "clip",
        {
            "version": CLIP_VERSION,
            "voice": [voice, voice_version],
            "mastering": asdict(mastering),
            "libraries": {name: version(name) for name in _ENCODER_PACKAGES},
        },
    )


def clip_key(notations: Sequence[str], voice: Voice, mastering: Mastering) -> str:
    """Return the key of a clip, which depends on what its bytes depend on and on nothing else."""
    return _key_of_clip(_maker_key(voice.name, voice.version, mastering), tuple(notations))


@lru_cache(_KEYS)
def _key_of_clip(maker: str, notations: tuple[str, ...]) -> str:
    return key_of("clip", [maker, *notations])


class Production:
    """The workers of one build by one voice. As a context manager, it ends them all."""

    def __init__(
        self,
        voice: Voice,
        settings: Mapping[str, Any],
        mastering: Mastering,
        store: FolderStore,
        *,
        workers: int = 0,
        force: bool = False,
        pool: Pool | None = None,
    ) -> None:
        """workers: how many at most; 0: one a core. If memory is short, there are fewer.

        force: speak every clip, even if the cache has it.

        pool: the processes that make clips; None: start processes for this build.
        """
        self._voice = voice
        self._in_processes = voice.concurrency == "processes"
        self._settings = settings
        self._mastering = mastering
        self._store = store
        self._workers = count_that_fit(workers or cores(), voice.memory_mb)
        self._force = force
        self._threads: ThreadPoolExecutor | None = None
        self._processes = pool
        self._forced: set[str] = set()
        self._sounds: dict[str, _Future] = {}

    def __enter__(self) -> Production:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._voice.stop()  # the voice may be waiting for the network
            self._threads.shutdown(wait=True, cancel_futures=True)
        if self._processes is not None:
            self._processes.close()

    def start(self) -> None:
        """Start the workers now, so that they load their libraries while the text is read."""
        if self._in_processes:
            load_numpy()
            self._pool().start()

    def clips(self, orders: Iterable[ClipOrder]) -> Iterator[Produced]:
        """Yield the clips in the order of the orders. Raises VoiceError if the voice fails."""
        waiting: deque[tuple[ClipOrder, _Future | None]] = deque()
        running: dict[str, _Future] = {}
        for order in orders:
            waiting.append((order, self._begin(order, running)))
            while waiting and self._is_time(len(waiting), len(running)):
                yield self._finish(*waiting.popleft(), running)
        while waiting:
            yield self._finish(*waiting.popleft(), running)

    def _is_time(self, waiting: int, running: int) -> bool:
        """Return whether the first of the orders that wait is finished before more are planned.

        A clip that waits in memory is passed on at once if nothing is being spoken.
        """
        return (
            running > self._workers * _AHEAD_PER_WORKER
            or waiting > _ORDERS_AHEAD
            or (not running and self._store.holds_objects)
        )

    def begin_sound(self, job: SoundJob) -> None:
        """Start making the clip of a sound that is no speech, before the clips that wait."""
        exists = job.key in self._sounds or self._store.has(job.key)
        if self._in_processes and not exists:
            self._sounds[job.key] = self._pool().submit(job, first=True)

    def sound(self, job: SoundJob) -> Clip:
        """Return the clip of a sound that is no speech, from the cache or from a worker."""
        future = self._sounds.pop(job.key, None)
        if future is None and (clip := self._from_store(job.key, 0)) is not None:
            return clip
        if future is not None:
            packed = future.result()
        else:
            packed = self._pool().submit(job).result() if self._in_processes else _do(job)
        self._store.put(job.key, packed)
        return Clip.from_bytes(packed)

    def _begin(self, order: ClipOrder, running: dict[str, _Future]) -> _Future | None:
        """Start making a clip. Return None if it has nothing to speak or is in the cache."""
        if not order.notations:
            return None
        if order.key in running:
            return running[order.key]
        speak_again = self._force and order.key not in self._forced
        if not speak_again and self._store.has(order.key):
            return None
        self._forced.add(order.key)
        future = self._submit(order)
        running[order.key] = future
        return future

    def _finish(
        self, order: ClipOrder, future: _Future | None, running: dict[str, _Future]
    ) -> Produced:
        if not order.notations:
            return Produced(None, reused=True)
        is_first = True  # of the orders with this key
        if future is None:
            if clip := self._from_store(order.key, len(order.notations)):
                return Produced(clip, reused=True)
            future = self._submit(order)  # the entry is damaged, or was removed in the meantime
        else:
            is_first = running.pop(order.key, None) is not None
        try:
            packed = future.result()
        except WorkerDied:
            raise VoiceError(
                f"{self._voice.name}: the process that spoke died twice over one paragraph;"
                " is there enough memory?"
            ) from None
        if is_first:
            self._store.put(order.key, packed)
        return Produced(Clip.from_bytes(packed), reused=not is_first)

    def _from_store(self, key: str, sentences: int) -> Clip | None:
        """Return a clip of so many sentences from the cache, or None."""
        clip = self._store.take(key)
        if not isinstance(clip, Clip):
            packed = self._store.view(key)
            if packed is None:
                return None
            try:
                clip = Clip.from_bytes(packed)
            except ValueError:
                return None
        return clip if len(clip.sentences) == sentences else None

    def _submit(self, order: ClipOrder) -> _Future:
        if not self._in_processes:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="voice")
            return self._threads.submit(
                speak_and_master, self._voice, order.notations, self._mastering
            )
        job = _Job(
            self._voice.name, self._settings, self._store.folder, order.notations, self._mastering
        )
        return self._pool().submit(job)

    def _pool(self) -> Pool:
        if self._processes is None:
            self._processes = make_workers(self._workers)
        return self._processes


def make_workers(count: int, jobs_each: int = JOBS_EACH) -> Workers:
    """Return so many processes that make clips, not started yet."""
    return Workers(_do, load_libraries, count, jobs_each)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_numpy() -> None:
    """Import NumPy before the workers are forked, so that they have it already.

    Its linear algebra (only sums of products here) gets one thread: threads do not survive a fork.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with suppress(ImportError, OSError):  # a worker reports it with each job
        import numpy as np

        _ = np


def load_libraries() -> None:
    """Import the libraries that make a clip. Raises VoiceError."""
    try:
        import av.filter
        import lameenc
        import numpy as np

        from briefing.mastering.signal.joining import load_pydub

        pydub = load_pydub()
    except (ImportError, OSError, MemoryError) as error:
        raise VoiceError(f"a library cannot be loaded: {error}") from error

    _ = (av, lameenc, np, pydub)
    keep_memory()


@cache
def _voice_in_worker(name: str, settings: tuple[tuple[str, Any], ...], store: Path) -> Voice:
    return make_voice(name, dict(settings), FolderStore(store))


def _do(job: _Job | SoundJob) -> bytes:
    """Make one clip in a worker process."""
    if isinstance(job, SoundJob):
        return make(job).to_bytes()
    voice = _voice_in_worker(job.voice, tuple(job.settings.items()), job.store)
    return speak_and_master(voice, job.notations, job.mastering)


def speak_and_master(voice: Voice, notations: Sequence[str], mastering: Mastering) -> bytes:
    """Return the clip of some notations, packed. Raise VoiceError if the voice fails."""
    try:
        speeches = list(voice.speak(notations))
        if len(speeches) != len(notations) or not all(speech.samples for speech in speeches):
            raise VoiceError(f"{voice.name}: no sound in its answer")
        return make_clip(speeches, mastering).to_bytes()
    except BriefingError:
        raise
    except Exception as error:  # a voice by others may raise anything; the next voice speaks
        raise VoiceError(f"{voice.name}: {type(error).__name__}: {error}") from error
