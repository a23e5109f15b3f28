"""Measures how the offline voice reads the news: syllables a second and range of pitch.

    python -m tests.benchmarks.voice

Arabic newsreaders speak 4 to 5 syllables a second. The first row is the default of config.py,
chosen from such a table: the pace within that range, and a pitch that moves more than the voice's
own without leaving a man's range of reading (Thelwall & Sa'adeddin's speaker is one).
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import numpy as np

from briefing.config import Espeak, load
from briefing.rundown import spoken_paragraphs
from briefing.sources import read
from briefing.speech.cache import FolderStore
from briefing.speech.espeak import EspeakVoice
from briefing.text.scripts import script_writer
from tests.conftest import ROOT
from tests.sound import pitch

_VARIED: tuple[dict[str, Any], ...] = (
    {},
    {"speed_wpm": 150},
    {"speed_wpm": 170},
    {"pitch": 40},
    {"pitch": 60},
    {"pitch_range": 45},
    {"pitch_range": 80},
    {"variant": "m3"},
    {"variant": "m7"},
)


def main() -> None:
    (config,) = load(ROOT / "config.toml")
    articles, _ = read(config)
    store = FolderStore(ROOT / "audio" / ".nowhere")
    writer = script_writer(config, None)
    usual = EspeakVoice(asdict(Espeak()), store)
    parts = [
        (sentence.ipa, usual.notation(sentence))
        for text in spoken_paragraphs(articles[0], config)[1:8]
        for sentence in writer.write(text).sentences
    ]
    print(
        "| settings | syllables/s | pitch 5, 50, 95% (Hz) | semitones |\n| --- | --- | --- | --- |"
    )
    for varied in _VARIED:
        voice = EspeakVoice({**asdict(Espeak()), **varied}, store)
        syllables = seconds = 0.0
        pitches = []
        for ipa, notation in parts:
            (speech,) = voice.speak([notation])
            wave = np.frombuffer(speech.samples, np.int16).astype(float)
            syllables += len(re.findall("[aiu]", ipa))
            seconds += len(wave) / speech.sample_rate_hz
            if len(pitches) < 4:
                pitches.append(pitch(wave, speech.sample_rate_hz))
        low, middle, high = np.percentile(np.concatenate(pitches), [5, 50, 95])
        name = ", ".join(f"{key} = {value}" for key, value in varied.items()) or "default"
        print(
            f"| {name} | {syllables / seconds:.2f} | {low:.0f}, {middle:.0f}, {high:.0f} |"
            f" {12 * np.log2(high / low):.1f} |"
        )


if __name__ == "__main__":
    main()
