"""A phrase -> a sound file, to hear how it will be spoken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import ShelfError, UsageError, VoiceError
from briefing.speech.voices import usable_voice

if TYPE_CHECKING:
    from briefing.config import Config, Format
    from briefing.speech.voice import Voice

__all__ = ["STANDARD_OUTPUT", "say"]

STANDARD_OUTPUT = "-"
_DEFAULT_FORMAT: Format = "mp3"


def say(
    config: Config,
    text: str,
    *,
    voice: str | None,
    output: str | None,
    warn: Callable[[str], None],
) -> Path | None:
    """Speak a phrase into a file, or play it with the desktop's player.

    output: the file, whose ending decides the format; "-" is standard output, as MP3; None plays
    the sound. warn: called before the text leaves the machine, and with the reason if another
    voice than the first speaks. Return a temporary file if output is None, else None. Raise
    BriefingError.
    """
    form = _format_of(output)
    store = config.open_cache()
    speaker = usable_voice(config, voice, store, warn)
    if speaker.online:
        warn(f"{speaker.name}: the text is sent over the network to be spoken")
    handle, name = tempfile.mkstemp(prefix="briefing-say-", suffix=f".{form}")
    os.close(handle)
    clip = Path(name)
    keeps_file = False
    try:
        _speak(replace(config, output=replace(config.output, format=form)), text, speaker, clip)
        if output is None:
            _play(clip)
            keeps_file = True
            return clip
        if output == STANDARD_OUTPUT:
            with clip.open("rb") as sound:
                shutil.copyfileobj(sound, sys.stdout.buffer)
        else:
            _copy(clip, Path(output))
        return None
    finally:
        if not keeps_file:
            clip.unlink(missing_ok=True)


def _format_of(output: str | None) -> Format:
    """Return the format of a file's ending. Raise UsageError if the file cannot be written."""
    from briefing.config import FORMATS

    if output is None:
        return _DEFAULT_FORMAT
    if output == STANDARD_OUTPUT:
        if sys.stdout.isatty():
            raise UsageError("-o -: this is a terminal; redirect the sound to a file or a player")
        return _DEFAULT_FORMAT
    path = Path(output)
    if path.is_dir():
        raise UsageError(f"-o {output}: is a folder; name a file, such as {path / 'phrase.mp3'}")
    ending = path.suffix.lower()
    form = next((name for name in FORMATS if ending == f".{name}"), None)
    if form is None:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"-o {output}: the ending must be that of a format, one of {endings}")
    if not path.parent.is_dir():
        raise UsageError(f"-o {output}: there is no folder {path.parent}")
    return form


def _speak(config: Config, text: str, voice: Voice, path: Path) -> None:
    """Write a phrase's sound in the configuration's format."""
    from briefing.mastering.clip import make_clip
    from briefing.mastering.presets import mastering_of
    from briefing.mastering.recording import Recorder
    from briefing.text.script_writer import script_writer

    store = config.open_cache()
    script = script_writer(config, store).write(text)
    notations = [notation for notation in map(voice.notation, script.sentences) if notation]
    if not notations:
        raise VoiceError(f"there is nothing to speak in {text!r}")
    mastering = mastering_of(config, voice)
    clip = make_clip(list(voice.speak(notations)), mastering)
    try:
        with (
            tempfile.TemporaryFile() as body,
            closing(
                Recorder(body, mastering.quality, room_tone_dbfs=mastering.room_tone_dbfs)
            ) as recorder,
        ):
            recorder.append(clip, 0.0)
            recorder.assemble(path, recorder.finish(), None)
    except OSError as error:
        raise ShelfError(f"{path}: cannot be written: {error.strerror}") from None


def _copy(clip: Path, path: Path) -> None:
    """Copy the sound to a path, completely or not at all."""
    part = path.with_name(f".{os.getpid()}.part")
    try:
        shutil.copyfile(clip, part)
        part.replace(path)
    except OSError as error:
        raise ShelfError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _play(path: Path) -> None:
    """Open the file with the desktop's player, if there is a desktop."""
    if sys.platform == "win32":
        os.startfile(path)
    elif sys.platform == "darwin":
        subprocess.run(["afplay", str(path)], check=False)
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        subprocess.run(["xdg-open", str(path)], check=False, stderr=subprocess.DEVNULL)
