"""An order -> its object: scripts, plans and clips of its paragraphs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import MemoryStore
from briefing.orders.bundle import write_bundle
from briefing.orders.order import Order, OrderError
from briefing.orders.recorder import Recorder
from briefing.production.clips import clip_key, load_libraries, speak_and_master
from briefing.production.planning import Plan, notations_of
from briefing.speech.voices import make_voice
from briefing.text.normalisation.lexicon import Lexicon, lexicon_of_tables
from briefing.text.script_writer import Names, ScriptWriter
from briefing.text.vowels.diacritiser import Diacritiser

if TYPE_CHECKING:
    from briefing.mastering.clip import Mastering
    from briefing.speech.voice import Voice

__all__ = ["carry_out", "load_models"]

_LEXICONS = 8
"""Of different briefings, that a worker keeps."""


def load_models() -> None:
    """Load what the first order would wait for. Raise VoiceError for a library that is missing."""
    load_libraries()
    _diacritiser().load()


def carry_out(order: Order, *, identity: str = "", models: Path | None = None) -> bytes:
    """Write the scripts of an order, plan, speak and master its clips; return its object.

    identity: this machine's; an order for another is refused. models: the folder of the neural
    voices; None: the user's own. Raise OrderError for an order that this machine would carry out
    otherwise than it was meant, VoiceError if the voice fails.
    """
    if order.recipe.identity != identity:
        raise OrderError("the order is for another program, other libraries or another processor")
    store = MemoryStore()
    voice = _voice_of(order, models, store)
    lexicon = _lexicon(json.dumps(order.recipe.lexicon, sort_keys=True))
    mastering = order.mastering
    writer = ScriptWriter(order.settings, lexicon, store, diacritiser=_diacritiser())
    recorder = Recorder(writer, voice, store, mastering)
    key = next((part.article for part in order.paragraphs if part.readings is None), "")
    names = recorder.names_of(order.searched, title=order.has_title, article=key)
    searched = 0
    for paragraph in order.paragraphs:
        if paragraph.readings is None:
            plan = recorder.plan(paragraph.text, names.of(searched))
            searched += 1
        else:
            plan = recorder.plan(paragraph.text, Names(paragraph.readings, paragraph.article))
        _speak(plan, voice, mastering, store)
    return write_bundle(order.digest, recorder.rows, store)


def _speak(plan: Plan, voice: Voice, mastering: Mastering, store: MemoryStore) -> None:
    for notations in filter(None, map(notations_of, plan)):
        key = clip_key(notations, voice, mastering)
        if key not in store.values:
            store.put(key, speak_and_master(voice, notations, mastering))


def _voice_of(order: Order, models: Path | None, store: MemoryStore) -> Voice:
    """Return the voice of an order. Raise OrderError if this machine's is another version."""
    recipe = order.recipe
    voice = make_voice(recipe.voice, _settings(recipe.voice, recipe.voice_settings, models), store)
    if voice.version != recipe.voice_version:
        raise OrderError(f"the voice {recipe.voice!r} has another version on this machine")
    return voice


def _settings(name: str, settings: Mapping[str, Any], models: Path | None) -> dict[str, Any]:
    """Return a voice's settings, with the folder of its model where it is a neural voice's."""
    from briefing.speech.models.installed import NAME, read_stamp
    from briefing.speech.voices import MODEL_FOLDER
    from briefing.user_folders import data_home

    folder = (models or data_home() / "briefing" / "voices") / name
    if NAME.fullmatch(name) and read_stamp(folder) is not None:
        return {**settings, MODEL_FOLDER: str(folder)}
    return dict(settings)


@cache
def _diacritiser() -> Diacritiser:
    """Return the process's one: loading its model takes as long as speaking a paragraph."""
    return Diacritiser()


@lru_cache(_LEXICONS)
def _lexicon(tables: str) -> Lexicon:
    try:
        return lexicon_of_tables(json.loads(tables))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise OrderError("an order whose lexicon is none") from None
