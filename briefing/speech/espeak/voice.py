"""The offline voice: sentences to speech by libespeak-ng, through ctypes.

The library keeps state that no call resets: its noise and its formant paths continue from what it
spoke earlier. Each clip is therefore spoken by a freshly loaded library, so that its sound depends
on its notations alone. Loading takes about 3 ms.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from briefing.errors import VoiceError
from briefing.speech.espeak.prosody import (
    PROSODY_VERSION,
    Utterance,
    mark_continuation,
    with_question_tune,
    with_tune_and_pace,
)
from briefing.speech.voice import Concurrency, Speech, Store, Voice
from briefing.text.script import Sentence
from briefing.versions import version

__all__ = ["SYNCHRONOUS", "UTF8", "VOICE_FILE", "EspeakVoice", "library_paths"]

# espeak-ng's speak_lib.h
SYNCHRONOUS = 2
_RATE, _PITCH, _RANGE, _WORD_GAP = 1, 3, 4, 7
UTF8, _PHONEMES = 1, 0x100
_EVENT_LIST_TERMINATED, _EVENT_WORD = 0, 1
_BYTES_PER_SAMPLE = 2
_ROOM_TONE_DBFS = -66.0
"""50 dB below the speech: not heard as noise, but pauses do not sound switched off."""
VOICE_FILE = "sem/ar"
"""The file of the Arabic voice. To select it by language, the library would read all voices first,
which takes 4 ms."""


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_SynthCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class EspeakVoice(Voice):
    """espeak-ng's Arabic voice, which speaks from phonemes."""

    name = "espeak"
    online = False
    concurrency: Concurrency = "processes"  # libespeak-ng is not thread-safe
    memory_mb = 0
    room_tone_dbfs: float | None

    def __init__(self, settings: dict[str, Any], store: Store) -> None:
        self._settings = settings
        self._is_natural = settings.get("natural", True)
        self.room_tone_dbfs = _ROOM_TONE_DBFS if self._is_natural else None
        self.speaker = "+".join(filter(None, ("ar", settings.get("variant"))))
        self.version = "; ".join(
            (
                f"espeakng-loader {version('espeakng-loader')}",
                *(f"{key}={value}" for key, value in sorted(settings.items())),
                f"prosody {PROSODY_VERSION}",
            )
        )

    def unavailable(self) -> str | None:
        """Return why the voice cannot speak, or None if it can."""
        if find_spec("espeakng_loader") is None:
            return "the package espeakng-loader is not installed: pip install espeakng-loader"
        try:
            _unload(ctypes.CDLL(library_paths()[0]))
        except OSError as error:
            return f"libespeak-ng cannot be loaded: {error}"
        return None

    def notation(self, sentence: Sentence) -> str:
        """Return the sentence in espeak-ng's phoneme mnemonics, one [[…]] for each word."""
        from briefing.speech.espeak.mnemonics import espeak_notation

        notation = espeak_notation(sentence)
        return with_question_tune(notation, sentence) if self._is_natural else notation

    def mark_continuation(self, notation: str, *, before: bool, after: bool) -> str:
        """Return the notation of a sentence whose paragraph goes on beyond its clip."""
        if not self._is_natural:
            return notation
        return mark_continuation(notation, before=before, after=after)

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences of one clip in order. Raise VoiceError if espeak-ng fails."""
        with self._library() as (library, sample_rate_hz):
            for utterance in self._utterances(notations):
                library.espeak_SetParameter(_PITCH, utterance.pitch, 0)
                yield _speak(library, utterance.text, sample_rate_hz)

    def _utterances(self, notations: Sequence[str]) -> Sequence[Utterance]:
        """Return what the library speaks, by the settings."""
        pitch, speed_wpm = self._settings["pitch"], self._settings["speed_wpm"]
        if not self._is_natural:
            return [Utterance(notation, pitch) for notation in notations]
        return with_tune_and_pace(notations, pitch, speed_wpm)

    @contextmanager
    def _library(self) -> Iterator[tuple[ctypes.CDLL, int]]:
        """Load a fresh library, set the voice and its settings, and unload it afterwards.

        Yield the library and its sample rate in Hz.
        """
        path, data = library_paths()
        with ExitStack() as files:
            if _is_loaded(path):  # a loaded library would be shared, not fresh: load a copy
                folder = files.enter_context(tempfile.TemporaryDirectory())
                path = shutil.copy(path, folder)
            try:
                library = ctypes.CDLL(path)
            except OSError as error:
                raise VoiceError(f"espeak: libespeak-ng cannot be loaded: {error}") from None
        try:
            _seed_noise()
            sample_rate_hz = library.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), 0)
            if sample_rate_hz <= 0:
                raise VoiceError(f"espeak: cannot start: its data in {data} cannot be read")
            variant = self._settings["variant"]
            name = f"{VOICE_FILE}+{variant}" if variant else VOICE_FILE
            # the library ignores an unknown variant silently
            is_unknown = variant and not Path(data, "voices", "!v", variant).is_file()
            if is_unknown or library.espeak_SetVoiceByName(name.encode()) != 0:
                raise VoiceError(
                    f"espeak: there is no variant {variant!r}; change voices.espeak.variant"
                )
            for parameter, value in (
                (_RATE, self._settings["speed_wpm"]),
                (_PITCH, self._settings["pitch"]),
                (_RANGE, self._settings["pitch_range"]),
                (_WORD_GAP, self._settings["word_gap_10ms"]),
            ):
                library.espeak_SetParameter(parameter, value, 0)
            try:
                yield library, sample_rate_hz
            finally:
                library.espeak_Terminate()
        finally:
            _unload(library)


def _speak(library: ctypes.CDLL, notation: str, sample_rate_hz: int) -> Speech:
    """Speak one sentence. Raise VoiceError if the library refuses it."""
    samples: list[bytes] = []
    events_at: dict[int, int] = {}

    def receive(wave: Any, count: int, events: Any) -> int:
        if wave and count:
            samples.append(ctypes.string_at(wave, count * _BYTES_PER_SAMPLE))
        index = 0
        while events[index].type != _EVENT_LIST_TERMINATED:
            if events[index].type == _EVENT_WORD:
                events_at.setdefault(events[index].text_position - 1, events[index].sample)
            index += 1
        return 0

    callback = _SynthCallback(receive)
    library.espeak_SetSynthCallback(callback)
    text = notation.encode("utf-8", "replace")
    status = library.espeak_Synth(
        text, ctypes.c_size_t(len(text) + 1), 0, 0, 0, UTF8 | _PHONEMES, None, None
    )
    if status != 0:
        raise VoiceError(f"espeak: cannot speak (status {status}): {notation[:80]!r}")
    return Speech(b"".join(samples), sample_rate_hz, _word_starts(notation, events_at))


def _word_starts(notation: str, events_at: Mapping[int, int]) -> tuple[int, ...] | None:
    """Return the sample at which each word begins, or None if a word has no event.

    events_at: the sample of each event by its text position. A word that is spelled out (USA) has
    several events.
    """
    from briefing.speech.espeak.mnemonics import word_spans

    starts = []
    for first, end in word_spans(notation):
        start = next((events_at[at] for at in range(first, end) if at in events_at), None)
        if start is None:
            return None
        starts.append(start)
    return tuple(starts)


@cache
def library_paths() -> tuple[str, str]:
    """Return the paths of the library and of its data."""
    import espeakng_loader

    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()


def _is_loaded(path: str) -> bool:
    """Return whether this process has the library loaded already."""
    flag = getattr(os, "RTLD_NOLOAD", None)
    if flag is None:
        return False
    try:
        _unload(ctypes.CDLL(path, mode=flag))
    except OSError:
        return False
    return True


def _seed_noise() -> None:
    """Reset the C library's random numbers, which make espeak-ng's fricatives."""
    runtime = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    runtime.srand(1)


def _unload(library: ctypes.CDLL) -> None:
    import _ctypes

    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)
