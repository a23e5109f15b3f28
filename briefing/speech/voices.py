"""Which voices are installed, and which of them speak a briefing, in order of preference."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from briefing.config import place
from briefing.errors import ConfigError, UsageError, VoiceError
from briefing.speech.voice import Store, Voice

if TYPE_CHECKING:
    from briefing.config import Config

__all__ = [
    "AUTO",
    "VoiceState",
    "candidates",
    "forbid_online",
    "installed",
    "make_voice",
    "survey",
    "voices_of",
]

GROUP = "briefing.voices"
"""The entry points of other packages' voices; looking for them costs a third of a start."""
_OWN_VOICES = {
    "espeak": ("briefing.speech.espeak", "EspeakVoice"),
    "gtts": ("briefing.speech.google", "GoogleVoice"),
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
    known = [*installed(), AUTO]
    import difflib

    near = difflib.get_close_matches(name.lower(), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    raise UsageError(f"there is no voice {name!r}; {hint}")


def voices_of(config: Config, named: str | None, store: Store) -> list[Voice]:
    """Return the voices that may speak a briefing, the preferred one first.

    named: the voice that the command line asks for; None: the configuration's. Raise UsageError for
    an unknown voice and for an online one that `offline` forbids, with the line where it is named.
    """
    voices = []
    for name in candidates(named or config.voice, offline=config.offline):
        try:
            voice = make_voice(name, config.voices.get(name, {}), store)
            if config.offline:
                forbid_online(voice)
        except ConfigError as error:
            setting = re.match(r"voices\.[\w.]+", str(error))
            if setting is None:
                raise
            raise ConfigError(f"{place(config, *setting[0].split('.'))}: {error}") from None
        except UsageError as error:
            if named:
                raise
            where = f"{place(config, 'voice')}: voice = {config.voice!r}"
            raise ConfigError(f"{where}: {error}") from None
        voices.append(voice)
    return voices


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
