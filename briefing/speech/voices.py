"""Which voices are installed, and which of them speak a briefing, in order of preference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from briefing.errors import UsageError, VoiceError
from briefing.speech.voice import Store, Voice

__all__ = [
    "AUTO",
    "VoiceState",
    "candidates",
    "check_name",
    "forbid_online",
    "installed",
    "make_voice",
    "survey",
]

GROUP = "briefing.voices"
"""The entry points of other packages' voices; looking for them costs a third of a start."""
_OWN_VOICES = {
    "espeak": ("briefing.speech.espeak.voice", "EspeakVoice"),
    "gtts": ("briefing.speech.google.voice", "GoogleVoice"),
}
AUTO = "auto"
_AUTO_ORDER = ("gtts", "espeak")
_OFFLINE_VOICE = "espeak"


@dataclass(frozen=True, slots=True)
class VoiceState:
    """A voice as `briefing voices` lists it."""

    name: str
    version: str
    online: bool
    unavailable: str | None
    """Why it would not be used, or None."""


def installed() -> list[str]:
    """List the names of the installed voices."""
    from importlib.metadata import entry_points

    return sorted({*_OWN_VOICES, *(entry.name for entry in entry_points(group=GROUP))})


def make_voice(name: str, settings: Mapping[str, Any], store: Store) -> Voice:
    """Make a voice. Raises UsageError for an unknown name, VoiceError for a broken one."""
    try:
        voice: Voice = _class_of(name)(dict(settings), store)
    except (ImportError, AttributeError) as error:
        raise VoiceError(f"the voice {name!r} cannot be loaded: {error}") from None
    return voice


def _class_of(name: str) -> Any:
    if name in _OWN_VOICES:
        module, voice_class = _OWN_VOICES[name]
        return getattr(import_module(module), voice_class)
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP, name=name):
        return entry.load()
    known = ", ".join([*installed(), AUTO])
    raise UsageError(f"there is no voice {name!r}; there are: {known}")


def check_name(name: str) -> None:
    """Raise UsageError for the name of a voice that is not installed."""
    if name != AUTO:
        with suppress(ImportError, AttributeError):  # it is installed; the build says what is wrong
            _class_of(name)


def candidates(wanted: str, *, offline: bool) -> Sequence[str]:
    """List the voices that may speak a briefing, the preferred one first.

    A voice that is named speaks or nobody does; "auto" is Google's, else the offline one.
    """
    if wanted != AUTO:
        return (wanted,)
    return (_OFFLINE_VOICE,) if offline else _AUTO_ORDER


def forbid_online(voice: Voice) -> None:
    """Hold `offline = true`. Raises UsageError for an online voice."""
    if voice.online:
        raise UsageError(
            f"voice {voice.name!r} sends the text over the network and the configuration says"
            ' offline = true; choose voice = "espeak" or set offline = false'
        )


def survey(
    settings: Mapping[str, Mapping[str, Any]], store: Store, *, offline: bool
) -> list[VoiceState]:
    """Look at every installed voice: can it speak now, and why not."""
    states = []
    for name in installed():
        try:
            voice = make_voice(name, settings.get(name, {}), store)
        except VoiceError as error:
            states.append(VoiceState(name, "", online=False, unavailable=str(error)))
            continue
        why = "offline = true forbids it" if offline and voice.online else voice.unavailable()
        states.append(VoiceState(name, voice.version, voice.online, why))
    return states
