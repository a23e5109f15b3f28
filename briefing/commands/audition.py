"""Trying things out before a build: a phrase aloud, and a look at everything a build would use."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.clip_cache import FolderStore, cache_folder
from briefing.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_PARTLY,
    BriefingError,
    ShelfError,
    VoiceError,
)
from briefing.speech.voices import candidates, forbid_online, make_voice

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.speech.voice import Voice

__all__ = ["check", "say"]

_SYLLABLES_A_MINUTE = 270
"""Arabic newsreaders: 4 to 5 syllables a second."""
_LETTERS_A_SYLLABLE = 2.1


def say(config: Config, text: str, *, voice: str | None, output: Path | None) -> Path:
    """Speak a phrase into an MP3; where no output is named, play it if the desktop can.

    Gives the file. Raises BriefingError.
    """
    from briefing.mastering.clip import make_clip
    from briefing.mastering.presets import mastering_of
    from briefing.mastering.recording import Recorder
    from briefing.text.script_writer import script_writer

    store = FolderStore(cache_folder(config.cache.folder, config.base))
    script = script_writer(config, store).write(text)
    speaker = _first_able(config, voice or config.voice, store)
    notations = [one for one in map(speaker.notation, script.sentences) if one]
    if not notations:
        raise VoiceError(f"there is nothing to say in {text!r}")
    mastering = replace(mastering_of(config), format="mp3")
    clip = make_clip(list(speaker.speak(notations)), mastering)
    path = output or Path(tempfile.gettempdir()) / f"briefing-say-{os.getpid()}.mp3"
    try:
        path.unlink(missing_ok=True)
        with (
            tempfile.TemporaryFile() as body,
            closing(Recorder(body, mastering.quality)) as recorder,
        ):
            recorder.append(clip, 0.0)
            recorder.assemble(path, recorder.finish(), None)
    except OSError as error:
        raise ShelfError(f"{path}: cannot be written: {error.strerror}") from None
    if output is None:
        _play(path)
    return path


def _first_able(config: Config, wanted: str, store: FolderStore) -> Voice:
    reasons = []
    for name in candidates(wanted, offline=config.offline):
        voice = make_voice(name, config.voices.get(name, {}), store)
        if config.offline:
            forbid_online(voice)
        reason = voice.unavailable()
        if reason is None:
            return voice
        reasons.append(f"{name}: {reason}")
    raise VoiceError(f"no voice can speak: {'; '.join(reasons)}")


def _play(path: Path) -> None:
    """Open the file with the desktop's player, where there is a desktop."""
    if sys.platform == "win32":
        os.startfile(path)
    elif sys.platform == "darwin":
        subprocess.run(["afplay", str(path)], check=False)
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        subprocess.run(["xdg-open", str(path)], check=False, stderr=subprocess.DEVNULL)


def _without_ipa(voice: Voice, config: Config) -> str:
    """Return the words of the lexicon in IPA that a voice speaks by their letters, or ""."""
    from briefing.text.normalisation.lexicon import load_lexicon
    from briefing.text.script import Sentence, Token

    path = config.base / config.text.lexicon if config.text.lexicon else None
    words = load_lexicon(path).in_ipa
    if not words:
        return ""
    probe = Token("ويتكوف", 0, 6, "ويتكوف", diacritised="ويتكوف", ipa="witkuːf")
    notation = voice.notation(Sentence("ويتكوف", 0, 6, (probe,)))
    return "، ".join(words) if "ويتكوف" in notation else ""


def check(config: Config, line: Callable[[str], None]) -> int:
    """Look at configuration, sources and voices, a line for each; give the exit code."""
    from briefing.mastering.sounds import load_sounds
    from briefing.production.planning import Planner
    from briefing.production.rundown import pieces_of
    from briefing.sources import read
    from briefing.text.script_writer import script_writer

    line(f"configuration: {config.path or 'defaults, there is no config.toml here'}")
    from briefing.schedule.cron import timetable

    timetable(config)
    load_sounds(config)
    code = EXIT_DONE
    try:
        articles, skipped = read(config)
    except BriefingError as error:
        line(f"sources: {error}")
        return EXIT_FAILED
    for one in skipped:
        line(f"sources: {one.path}: skipped: {one.reason}")
        code = EXIT_PARTLY
    words = sum(len(text.split()) for one in articles for text in one.paragraphs)
    line(f"sources: {len(articles)} articles, {words} words, in {config.sources_folder}")
    store = FolderStore(cache_folder(config.cache.folder, config.base))
    able = False
    for name in candidates(config.voice, offline=config.offline):
        voice = make_voice(name, config.voices.get(name, {}), store)
        if config.offline:
            forbid_online(voice)
        reason = voice.unavailable()
        able = able or reason is None
        requests = getattr(voice, "requests", None)
        asked = ""
        planner = Planner(script_writer(config, store), voice, store)
        pieces = list(pieces_of(config, articles, planner, datetime.date.today().isoformat()))
        if requests is not None:
            asked = f"; online requests: {requests([n for one in pieces for n in one.notations])}"
        line(f"voice {name}: {'can speak' if reason is None else reason}{asked}")
        if written := _without_ipa(voice, config):
            line(f"voice {name}: takes letters, no IPA: it speaks {written} as written")
        if reason is None:
            letters = sum(len(part.spoken) for one in pieces for part in one.parts)
            line(f"length: about {letters / _LETTERS_A_SYLLABLE / _SYLLABLES_A_MINUTE:.0f} minutes")
            break
    return code if able else EXIT_FAILED
