"""Which voices are installed, and which of them speak a briefing, in order of preference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MethodType
from typing import Any, cast

from briefing.errors import UsageError, VoiceError
from briefing.speech.voice import Store, Voice

__all__ = [
    "AUTO",
    "VoiceState",
    "candidates",
    "forbid_online",
    "installed_voices",
    "make_voice",
    "make_voices",
    "survey",
    "usable_voice",
]

GROUP = "briefing.voices"
"""The entry points of other packages' voices. Searching them takes a third of the start-up time."""
_OWN_VOICES = {
    "espeak": ("briefing.speech.espeak.voice", "EspeakVoice"),
    "gtts": ("briefing.speech.google.voice", "GoogleVoice"),
}
AUTO = "auto"
_AUTO_ORDER = ("gtts", "espeak")
_OFFLINE_VOICE = "espeak"
_OPTIONAL_MEMBERS = ("stop", "requests")
"""Methods of `Voice` that a voice may leave out."""


@dataclass(frozen=True, slots=True)
class VoiceState:
    """A voice as `briefing voices` lists it."""

    name: str
    version: str
    online: bool
    unavailable: str | None
    """Why it would not be used, or None."""


def installed_voices() -> list[str]:
    """Return the names of the installed voices, sorted."""
    from importlib.metadata import entry_points

    return sorted({*_OWN_VOICES, *(entry.name for entry in entry_points(group=GROUP))})


def make_voice(name: str, settings: Mapping[str, Any], store: Store) -> Voice:
    """Make a voice. Raise UsageError for an unknown name, VoiceError for one that cannot load."""
    try:
        voice = _load_factory(name)(dict(settings), store)
    except (ImportError, AttributeError) as error:
        raise VoiceError(f"the voice {name!r} cannot be loaded: {error}") from None
    if all(hasattr(voice, member) for member in _OPTIONAL_MEMBERS):
        return cast("Voice", voice)
    return cast("Voice", _CompletedVoice(voice))


class _CompletedVoice:
    """A voice that leaves out optional members, with `Voice`'s own in their places."""

    def __init__(self, voice: Any) -> None:
        self._voice = voice

    def __getattr__(self, name: str) -> Any:
        if name in _OPTIONAL_MEMBERS and not hasattr(self._voice, name):
            return MethodType(getattr(Voice, name), self._voice)
        return getattr(self._voice, name)


def _load_factory(name: str) -> Any:
    if name in _OWN_VOICES:
        module, voice_class = _OWN_VOICES[name]
        return getattr(import_module(module), voice_class)
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP, name=name):
        return entry.load()
    known_names = ", ".join([*installed_voices(), AUTO])
    raise UsageError(f"there is no voice {name!r}; there are: {known_names}")


def candidates(requested: str, *, offline: bool) -> Sequence[str]:
    """Return the names of the voices that may speak a briefing, the preferred one first.

    requested: `voice` of the configuration. A voice requested by name has no stand-in; "auto"
    means Google's voice, else the offline one.
    """
    if requested != AUTO:
        return (requested,)
    return (_OFFLINE_VOICE,) if offline else _AUTO_ORDER


def make_voices(
    requested: str, settings: Mapping[str, Mapping[str, Any]], store: Store, *, offline: bool
) -> list[Voice]:
    """Make the voices that may speak a briefing, the preferred one first.

    requested: see `candidates`. settings: the configuration's [voices.NAME] tables by name.
    offline: True forbids voices that send the text over the network.
    Raise UsageError for an unknown or forbidden voice, VoiceError for one that cannot load.
    """
    voices = []
    for name in candidates(requested, offline=offline):
        voice = make_voice(name, settings.get(name, {}), store)
        if offline:
            forbid_online(voice)
        voices.append(voice)
    return voices


def usable_voice(
    requested: str, settings: Mapping[str, Mapping[str, Any]], store: Store, *, offline: bool
) -> Voice:
    """Return the first voice of `make_voices` that can speak now.

    Raise VoiceError with every voice's reason if none can, else what `make_voices` raises.
    """
    reasons = []
    for voice in make_voices(requested, settings, store, offline=offline):
        reason = voice.unavailable()
        if reason is None:
            return voice
        reasons.append(f"{voice.name}: {reason}")
    raise VoiceError(f"no voice can speak: {'; '.join(reasons)}")


def forbid_online(voice: Voice) -> None:
    """Raise UsageError if the voice is online: the configuration says `offline = true`."""
    if voice.online:
        raise UsageError(
            f"voice {voice.name!r} sends the text over the network and the configuration says"
            ' offline = true; choose voice = "espeak" or set offline = false'
        )


def survey(
    settings: Mapping[str, Mapping[str, Any]], store: Store, *, offline: bool
) -> list[VoiceState]:
    """Return the state of every installed voice: whether it can speak now, and why not."""
    states = []
    for name in installed_voices():
        try:
            voice = make_voice(name, settings.get(name, {}), store)
        except VoiceError as error:
            states.append(VoiceState(name, "", online=False, unavailable=str(error)))
            continue
        reason = "offline = true forbids it" if offline and voice.online else voice.unavailable()
        states.append(VoiceState(name, voice.version, voice.online, reason))
    return states
