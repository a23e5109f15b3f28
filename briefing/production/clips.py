"""Plans of clips to clips, in order: from the cache, or spoken and mastered on all cores.

Voices that calculate work in processes, those that wait for a service in threads.
Bytes and order depend neither on the number of workers nor on what was in the cache.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from briefing.clip_cache import FolderStore, key_of
from briefing.errors import BriefingError, VoiceError
from briefing.mastering.clip import CLIP_VERSION, Clip, Mastering, make_clip
from briefing.mastering.sounds import SoundJob, make
from briefing.production.memory import that_fit
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
    "load_numpy",
    "make_workers",
]

_AHEAD_PER_WORKER = 4
"""Clips in the making or waiting their turn: enough to keep the workers busy, so few that memory
does not grow with the recording."""
_ORDERS_AHEAD = 256
"""Orders given before the first of them is ready, most of them of clips in the cache: while the
one clip that changed is spoken, the rest is planned."""
_ENCODER_PACKAGES = ("lameenc", "av", "pydub", "numpy")


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """A clip that is wanted."""

    key: str
    notations: tuple[str, ...]
    """What the voice is given, one for each sentence; none where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Produced:
    """A clip that is ready."""

    clip: Clip | None
    """None where there was nothing to say."""
    reused: bool
    """True when nothing was spoken for it: it came from the cache."""


class _Future(Protocol):
    def result(self) -> bytes: ...


class Pool(Protocol):
    """Processes that make clips: this process's own, or those that several builds share."""

    def start(self) -> None:
        """Start the processes, if they are not started yet."""

    def submit(self, job: Any, *, first: bool = False) -> _Future:
        """Have a job done; first: before those that wait."""

    def close(self) -> None:
        """End what was begun for this build; nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class _Job:
    voice: str
    settings: Mapping[str, Any]
    store: Path
    notations: tuple[str, ...]
    mastering: Mastering


@cache
def _made_by(voice: str, voice_version: str, mastering: Mastering) -> str:
    """Digest all that a clip's bytes depend on but what is said."""
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
    """Give the key of a clip: all that its bytes depend on, and nothing else."""
    return key_of("clip", [_made_by(voice.name, voice.version, mastering), *notations])


class Production:
    """The workers of one build by one voice; a context, so that none is left behind."""

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
        """workers: 0 takes as many as there are cores; fewer are taken where memory is short.

        force: speak what the cache has, too.

        pool: where clips are made in processes; None starts processes for this build.
        """
        self._voice = voice
        self._in_processes = voice.concurrency == "processes"
        self._settings = settings
        self._mastering = mastering
        self._store = store
        self._workers = that_fit(workers or cores(), voice.memory_mb)
        self._force = force
        self._threads: ThreadPoolExecutor | None = None
        self._processes = pool
        self._forced: set[str] = set()
        self._sounds: dict[str, _Future] = {}

    def __enter__(self) -> Production:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._voice.stop()  # it may be waiting for the network
            self._threads.shutdown(wait=True, cancel_futures=True)
        if self._processes is not None:
            self._processes.close()

    def start(self) -> None:
        """Start the workers now: they load their libraries while the text is being read."""
        if self._in_processes:
            load_numpy()
            self._pool().start()

    def clips(self, orders: Iterable[ClipOrder]) -> Iterator[Produced]:
        """Give the clips in the order of the orders. Raises VoiceError where the voice fails."""
        waiting: deque[tuple[ClipOrder, _Future | None]] = deque()
        under_way: dict[str, _Future] = {}
        for order in orders:
            waiting.append((order, self._begin(order, under_way)))
            while (
                len(under_way) > self._workers * _AHEAD_PER_WORKER or len(waiting) > _ORDERS_AHEAD
            ):
                yield self._finish(*waiting.popleft(), under_way)
        while waiting:
            yield self._finish(*waiting.popleft(), under_way)

    def begin_sound(self, job: SoundJob) -> None:
        """Have the clip of a sound that is no speech made, before what waits to be spoken."""
        begun = job.key in self._sounds or self._store.has(job.key)
        if self._in_processes and not begun:
            self._sounds[job.key] = self._pool().submit(job, first=True)

    def sound(self, job: SoundJob) -> Clip:
        """Give the clip of a sound that is no speech: from the cache, or made by a worker."""
        begun = self._sounds.pop(job.key, None)
        if begun is None and (kept := self._from_store(job.key)) is not None:
            return kept
        if begun is not None:
            packed = begun.result()
        else:
            packed = self._pool().submit(job).result() if self._in_processes else _do(job)
        self._store.put(job.key, packed)
        return Clip.from_bytes(packed)

    def _begin(self, order: ClipOrder, under_way: dict[str, _Future]) -> _Future | None:
        """Have the clip made unless the cache has it or it is being made."""
        if not order.notations:
            return None
        if order.key in under_way:
            return under_way[order.key]
        speak_again = self._force and order.key not in self._forced
        if not speak_again and self._store.has(order.key):
            return None
        self._forced.add(order.key)
        future = self._submit(order)
        under_way[order.key] = future
        return future

    def _finish(
        self, order: ClipOrder, future: _Future | None, under_way: dict[str, _Future]
    ) -> Produced:
        if not order.notations:
            return Produced(None, reused=True)
        spoken = True
        if future is None:
            if kept := self._from_store(order.key):
                return Produced(kept, reused=True)
            future = self._submit(order)  # damaged, or gone since we looked
        else:
            spoken = under_way.pop(order.key, None) is not None
        try:
            packed = future.result()
        except WorkerDied:
            raise VoiceError(
                f"{self._voice.name}: the process that spoke died twice over one paragraph;"
                " is there memory enough?"
            ) from None
        if spoken:
            self._store.put(order.key, packed)
        return Produced(Clip.from_bytes(packed), reused=not spoken)

    def _from_store(self, key: str) -> Clip | None:
        packed = self._store.view(key)
        if packed is None:
            return None
        with suppress(ValueError):
            return Clip.from_bytes(packed)
        return None

    def _submit(self, order: ClipOrder) -> _Future:
        if not self._in_processes:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="voice")
            return self._threads.submit(
                _speak_and_master, self._voice, order.notations, self._mastering
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
    """Return so many processes that make clips; they are not started yet."""
    return Workers(_do, _load_libraries, count, jobs_each)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_numpy() -> None:
    """Import what this process needs as its workers do, so that forked ones have it already.

    One thread for its algebra, which is sums of products here: threads do not outlive a fork.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with suppress(ImportError, OSError):  # a worker tells, with each job
        import numpy as np

        _ = np


def _load_libraries() -> None:
    """Import what a clip needs. Raises VoiceError."""
    try:
        import av.filter
        import lameenc
        import numpy as np

        from briefing.mastering.signal.joining import load_pydub

        pydub = load_pydub()
    except (ImportError, OSError, MemoryError) as error:
        raise VoiceError(f"a library cannot be loaded: {error}") from error

    _ = (av, lameenc, np, pydub)
    _keep_memory()


# glibc's malloc.h, mallopt(3)
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
_LARGEST_ARRAY_BYTES = 64 << 20
_KEPT_BYTES = 128 << 20


def _keep_memory() -> None:
    """Have the C library keep a clip's memory for the next clip; for worker processes only.

    Returned to the system and requested again, page by page, it takes a twentieth of a build.
    """
    import ctypes

    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_ARRAY_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_TOP_PAD, _LARGEST_ARRAY_BYTES // 8)


@cache
def _voice_in_worker(name: str, settings: tuple[tuple[str, Any], ...], store: Path) -> Voice:
    return make_voice(name, dict(settings), FolderStore(store))


def _do(job: _Job | SoundJob) -> bytes:
    """Make one clip in a worker process."""
    if isinstance(job, SoundJob):
        return make(job).to_bytes()
    voice = _voice_in_worker(job.voice, tuple(job.settings.items()), job.store)
    return _speak_and_master(voice, job.notations, job.mastering)


def _speak_and_master(voice: Voice, notations: Sequence[str], mastering: Mastering) -> bytes:
    try:
        speeches = list(voice.speak(notations))
        if len(speeches) != len(notations) or not all(one.samples for one in speeches):
            raise VoiceError(f"{voice.name}: no sound in its answer")
        return make_clip(speeches, mastering).to_bytes()
    except BriefingError:
        raise
    except Exception as error:  # an installed voice may fail in any way; the next one speaks
        raise VoiceError(f"{voice.name}: {type(error).__name__}: {error}") from error
