"""Which voices are installed, and which of them speak a briefing, in order of preference."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any, cast

from briefing.config import Neural, place, settings_of_voice
from briefing.errors import ConfigError, UsageError, VoiceError
from briefing.speech.voice import Store, Voice

if TYPE_CHECKING:
    from briefing.config import Config

__all__ = [
    "AUTO",
    "MODEL_FOLDER",
    "VoiceState",
    "candidates",
    "check_name",
    "forbid_online",
    "installed_voices",
    "make_voice",
    "settings_of",
    "survey",
    "usable_voice",
    "voices_of",
]

GROUP = "briefing.voices"
"""The entry points of other packages' voices. Searching them takes a third of the start-up time."""
_OWN_VOICES = {
    "espeak": ("briefing.speech.espeak.voice", "EspeakVoice"),
    "gtts": ("briefing.speech.google.voice", "GoogleVoice"),
    "edge": ("briefing.speech.edge.voice", "EdgeVoice"),
    "openai": ("briefing.speech.openai.voice", "OpenaiVoice"),
}
AUTO = "auto"
_AUTO_ONLINE = ("edge", "gtts")
_OFFLINE_VOICE = "espeak"
MODEL_FOLDER = "model_folder"
"""The setting that says where the model of an installed neural voice is; not the user's."""
_PACKAGES = {"edge": "edge_tts"}
"""The module that a voice of ours needs and the plain install does not have."""
_OPTIONAL_METHODS = ("stop", "requests", "mark_continuation")
"""Methods of `Voice` that a voice may leave out."""
_OPTIONAL_FACTS: Mapping[str, Callable[[Any], Any]] = {
    "concurrency": lambda voice: "threads" if voice.online else "processes",
    "memory_mb": lambda voice: 0,
    "room_tone_dbfs": lambda voice: None,
    "speaker": lambda voice: voice.name,
}
"""Attributes of `Voice` that a voice may leave out, and what each is then."""


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
        voice = _load_factory(name, settings)(dict(settings), store)
    except (ImportError, AttributeError) as error:
        raise VoiceError(f"the voice {name!r} cannot be loaded: {error}") from None
    if all(hasattr(voice, member) for member in (*_OPTIONAL_METHODS, *_OPTIONAL_FACTS)):
        return cast("Voice", voice)
    return cast("Voice", _CompletedVoice(voice))


class _CompletedVoice:
    """A voice that leaves out optional members, with `Voice`'s own in their places."""

    def __init__(self, voice: Any) -> None:
        self._voice = voice

    def __getattr__(self, name: str) -> Any:
        if name in _OPTIONAL_METHODS and not hasattr(self._voice, name):
            return MethodType(getattr(Voice, name), self._voice)
        if name in _OPTIONAL_FACTS and not hasattr(self._voice, name):
            return _OPTIONAL_FACTS[name](self._voice)
        return getattr(self._voice, name)


def _load_factory(name: str, settings: Mapping[str, Any]) -> Any:
    if name in _OWN_VOICES:
        module, voice_class = _OWN_VOICES[name]
        return getattr(import_module(module), voice_class)
    if MODEL_FOLDER in settings:
        return _neural_voice
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP, name=name):
        return entry.load()
    from briefing.speech.models.catalogue import catalogue

    if name in catalogue():
        raise UsageError(
            f"the voice {name!r} is not installed; install it: briefing voices --install {name}"
        )
    known_names = [*installed_voices(), AUTO]
    import difflib

    near = difflib.get_close_matches(name.lower(), known_names, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known_names)}"
    raise UsageError(f"there is no voice {name!r}; {hint}")


def _neural_voice(settings: dict[str, Any], store: Store) -> Any:
    """Make a neural voice from its settings, which name its model's folder."""
    from briefing.speech.models.installed import read_stamp
    from briefing.speech.piper.voice import PiperVoice

    folder = Path(settings.pop(MODEL_FOLDER))
    stamp = read_stamp(folder)
    if stamp is None:
        raise VoiceError(f"the model in {folder} was removed")
    return PiperVoice(folder, stamp, settings, store)


def settings_of(config: Config, name: str) -> Mapping[str, Any]:
    """Return the settings that a voice is made with: its table, and where its model is.

    Raise ConfigError for a wrong setting of a neural voice.
    """
    if name in _OWN_VOICES:
        return config.voices.get(name, {})
    from briefing.speech.models.installed import NAME, models_folder, read_stamp

    if NAME.fullmatch(name):
        folder = models_folder(config) / name
        if read_stamp(folder) is not None:
            return {**settings_of_voice(config, name, Neural), MODEL_FOLDER: str(folder)}
    return config.voices.get(name, {})


def check_name(config: Config, name: str) -> None:
    """Raise UsageError for the name of a voice that is not installed."""
    if name != AUTO:
        with suppress(ImportError, AttributeError):  # it is installed; the build says what is wrong
            _load_factory(name, settings_of(config, name))


def candidates(config: Config, requested: str, fallback: Sequence[str] = ()) -> Sequence[str]:
    """Return the names of the voices that may speak a briefing, the preferred one first.

    requested: `voice` of the configuration. fallback: its `voice_fallback`; a voice requested by
    name has no other stand-in. "auto" in either means an installed neural voice, else Microsoft's
    voice if it is installed, else Google's, else the offline one. Raise ConfigError where
    `models.default` names no installed voice.
    """
    names: list[str] = []
    for name in (requested, *fallback):
        names += _auto_order(config) if name == AUTO else [name]
    return tuple(dict.fromkeys(names))


def _auto_order(config: Config) -> Sequence[str]:
    neural = _preferred_model(config)
    online = () if config.offline else _AUTO_ONLINE
    return (*([neural] if neural else []), *filter(_is_complete, online), _OFFLINE_VOICE)


def _is_complete(name: str) -> bool:
    """Return whether the package that a voice of ours needs is installed."""
    from importlib.util import find_spec

    return name not in _PACKAGES or find_spec(_PACKAGES[name]) is not None


def _preferred_model(config: Config) -> str | None:
    """Return the name of the neural voice that speaks first, None if none is installed."""
    from briefing.speech.models.installed import installed_models, models_folder

    names = [stamp.name for stamp in installed_models(models_folder(config))]
    default = config.models.default
    if default and default not in names:
        there = f"installed are: {', '.join(names)}" if names else "none is installed"
        raise ConfigError(
            f"{place(config, 'models', 'default')}: models.default = {default!r} is no installed"
            f" neural voice; {there}; briefing voices --install {default}"
        )
    return default or next(iter(names), None)


def voices_of(config: Config, named: str | None, store: Store) -> list[Voice]:
    """Return the voices that may speak a briefing, the preferred one first.

    named: the voice that the command line asks for; None: the configuration's. Raise UsageError for
    an unknown voice and for an online one that `offline` forbids, with the line where it is named.
    """
    voices = []
    requested = candidates(config, named or config.voice)
    for name in candidates(config, named or config.voice, config.voice_fallback):
        try:
            voice = make_voice(name, settings_of(config, name), store)
            if config.offline:
                forbid_online(voice)
        except ConfigError as error:
            setting = re.match(r"voices\.[\w.]+", str(error))
            if setting is None:
                raise
            raise ConfigError(f"{place(config, *setting[0].split('.'))}: {error}") from None
        except UsageError as error:
            if name not in requested:
                where = f"{place(config, 'voice_fallback')}: voice_fallback: {name!r}"
            elif named:
                raise
            else:
                where = f"{place(config, 'voice')}: voice = {config.voice!r}"
            raise ConfigError(f"{where}: {error}") from None
        voices.append(voice)
    return voices


def usable_voice(
    config: Config, named: str | None, store: Store, warn: Callable[[str], None] = lambda _: None
) -> Voice:
    """Return the first voice of `voices_of` that can speak now.

    A voice that the command line names has no stand-in here: its user wants to hear it. warn:
    receives why a voice before the returned one cannot speak. Raise VoiceError with every voice's
    reason if none can, else what `voices_of` raises.
    """
    reasons: list[str] = []
    for voice in voices_of(replace(config, voice_fallback=()) if named else config, named, store):
        reason = voice.unavailable()
        if reason is None:
            for line in reasons:
                warn(line)
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


def survey(config: Config, store: Store) -> list[VoiceState]:
    """Return the state of every installed voice: whether it can speak now, and why not."""
    from briefing.speech.models.installed import installed_models, models_folder

    models = [stamp.name for stamp in installed_models(models_folder(config))]
    states = []
    for name in [*models, *(name for name in installed_voices() if name not in models)]:
        try:
            voice = make_voice(name, settings_of(config, name), store)
        except (VoiceError, ConfigError) as error:
            states.append(VoiceState(name, "", online=False, unavailable=str(error)))
            continue
        is_forbidden = config.offline and voice.online
        reason = "offline = true forbids it" if is_forbidden else voice.unavailable()
        states.append(VoiceState(name, voice.version, voice.online, reason))
    return states
