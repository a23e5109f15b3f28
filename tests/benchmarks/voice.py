"""Measures how the offline voice reads the news: pace, pitch, spectrum, pauses, sentence ends.

    python -m tests.benchmarks.voice [--plots FOLDER]

Prints a row for the default of config.py and one for each setting that was weighed against it.
--plots also draws spectra.png, pitches.png and contours.png (with matplotlib, which is no
dependency of the project: pip install matplotlib).

What decided for the defaults:

- pace: 160 words a minute are 4.9 syllables a second, within the 4 to 5 of Arabic newsreaders; 170
  are 5.2, 150 are 4.6 and make the sample a half minute longer.
- variant: none. At equal loudness m1, m3 and m5 are within 0.02 of it in how much is heard in noise;
  "Mr serious" has 3 dB more from 1 to 4 kHz but 5 dB less above 5 kHz, where s, sˤ, ʃ and θ are told
  apart. Of m7 a sixth less is heard, klatt2 has no voice below 400 Hz, max breaks in pitch. f2 and
  f5 are as clear: who wants a woman's voice takes one of them.
- pitch 50: its 92 to 119 Hz are a man's reading (Thelwall & Sa'adeddin's speaker); at 40 statements
  end near 70 Hz, where a phone's speaker has nothing left.
- pitch_range 65: 4.5 semitones against 3.4 with 45, which is nearer to a monotone; 80 adds less than
  one and ends each statement 8 below its middle.
- sentence ends: a statement falls 6 semitones below its middle; a question for yes or no falls and
  rises again to 1 below it; an exclamation holds its last word high and drops at once; a comma rises.
  These are espeak-ng's own tunes. A question for a content falls: see tests/benchmarks/prosody.py.
- word_gap 0: a gap sounds within the linked pronunciation (fi lbajt). Pauses at commas are 0.2 s.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from briefing.clip_cache import FolderStore
from briefing.config import Espeak, load
from briefing.production.rundown import spoken_paragraphs
from briefing.sources import read
from briefing.speech.espeak.voice import EspeakVoice
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script import Paragraph
from briefing.text.script_writer import script_writer
from tests.conftest import ROOT
from tests.sound import pitch
from tests.text.pronunciation.spoken_words import sentence_of

_VARIED: tuple[dict[str, Any], ...] = (
    {},
    {"speed_wpm": 150},
    {"speed_wpm": 170},
    {"pitch": 40},
    {"pitch": 60},
    {"pitch_range": 45},
    {"pitch_range": 80},
    {"variant": "m1"},
    {"variant": "m3"},
    {"variant": "m5"},
    {"variant": "m7"},
    {"variant": "f2"},
    {"variant": "f5"},
    {"variant": "klatt2"},
    {"variant": "max"},
    {"variant": "Mr serious"},
)
_BANDS_HZ = ((80, 1000), (1000, 4000), (5000, 10000))
"""Voice and vowels; where consonants are told apart; where a synthesiser hisses."""
_THIRDS_HZ = (
    160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000
)  # fmt: skip
_IMPORTANCE = (
    0.0083, 0.0095, 0.0150, 0.0289, 0.0440, 0.0578, 0.0653, 0.0711, 0.0818,
    0.0844, 0.0882, 0.0898, 0.0868, 0.0844, 0.0771, 0.0527, 0.0364, 0.0185,
)  # fmt: skip
"""What each third of an octave adds to understanding speech (ANSI S3.5-1997, table 3)."""
_FRAME_S = 0.046
_SILENT = 300
"""A sample below it is silence; of 32767."""
_SENTENCES = {
    "statement": "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ.",
    "question": "هَلْ عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ؟",
    "question, wh-": "مَتَى عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ؟",
    "exclamation": "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ!",
    "before a comma": "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ،",
}
_END_S = 0.35
"""Of a sentence's voiced sound, what is called its end."""


@dataclass(frozen=True)
class Measured:
    """What one setting sounds like."""

    name: str
    syllables_a_second: float
    pitches: NDArray[np.float64]
    """Hz, one each 40 ms of voice."""
    hz: NDArray[np.float64]
    spectrum: NDArray[np.float64]
    """Power at each of `hz`, its sum 1: settings are compared at equal power."""
    pauses_s: NDArray[np.float64]
    """Silences within sentences, those of stops (below 100 ms) left out."""
    contours: dict[str, NDArray[np.float64]]
    """Pitch of each of _SENTENCES from its first voice to its last, Hz."""

    def band_db(self, low_hz: float, high_hz: float) -> float:
        """Power of a band against the whole, dB."""
        inside = (self.hz >= low_hz) & (self.hz < high_hz)
        return float(10 * np.log10(self.spectrum[inside].sum()))

    def heard_in_noise(self) -> float:
        """Give the share of speech that is heard in pink noise as loud as the voice, 0 to 1.

        A speech intelligibility index (ANSI S3.5-1997) without the ear's masking: a third of an
        octave counts by how far it lies between 15 dB below the noise and 15 above. Loudness by
        the K-weighting of BS.1770, its shelf and high-pass as first-order curves.
        """
        hz = np.maximum(self.hz, 1)
        weighting_db = 4 / (1 + (1500 / hz) ** 2) - 10 * np.log10(1 + (38 / hz) ** 4)
        loudness_db = 10 * np.log10((self.spectrum * 10 ** (weighting_db / 10)).sum())
        half = 2 ** (1 / 6)
        levels = np.array([self.band_db(one / half, one * half) for one in _THIRDS_HZ])
        noise_db = -10 * np.log10(len(_THIRDS_HZ))
        heard = np.clip((levels - loudness_db - noise_db + 15) / 30, 0, 1)
        return float((heard * _IMPORTANCE).sum())

    def end_semitones(self, sentence: str) -> float:
        """How far the pitch of a sentence's end lies from its middle, semitones."""
        contour = self.contours[sentence]
        last = max(1, round(_END_S / 0.04))
        return float(12 * np.log2(np.median(contour[-3:]) / np.median(contour[:-last])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw the figures there too")
    folder = parser.parse_args().plots
    (config,) = load(ROOT / "config.toml")
    articles, _ = read(config)
    writer = script_writer(config, None)
    paragraphs = [writer.write(text) for text in spoken_paragraphs(articles[0], config)[1:8]]
    measured = [_measure(varied, paragraphs) for varied in _VARIED]
    _print(measured)
    if folder is not None:
        _draw(measured, folder)


def _measure(varied: dict[str, Any], paragraphs: Sequence[Paragraph]) -> Measured:
    store = FolderStore(ROOT / "audio" / ".nowhere")
    voice = EspeakVoice({**asdict(Espeak()), **varied}, store)
    syllables = seconds = 0.0
    pitches, pauses, powers = [], [], []
    rate = 1
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            wave, rate = _spoken(voice, voice.notation(sentence))
            syllables += len(re.findall("[aiu]", sentence.ipa))
            seconds += len(wave) / rate
            pitches.append(pitch(wave, rate))
            pauses.append(_pauses(wave, rate))
            powers.append(_power(wave, rate))
    spectrum = np.sum(powers, axis=0)
    contours = {}
    for name, text in _SENTENCES.items():
        wave, rate = _spoken(voice, voice.notation(phonetise(sentence_of(text), "full")))
        contours[name] = pitch(wave, rate)
    return Measured(
        ", ".join(f"{key} = {value}" for key, value in varied.items()) or "default",
        syllables / seconds,
        np.concatenate(pitches),
        np.fft.rfftfreq(round(_FRAME_S * rate), 1 / rate),
        spectrum / spectrum.sum(),
        np.concatenate(pauses),
        contours,
    )


def _spoken(voice: EspeakVoice, notation: str) -> tuple[NDArray[np.float64], int]:
    (speech,) = voice.speak([notation])
    return np.frombuffer(speech.samples, np.int16).astype(float), speech.sample_rate_hz


def _power(wave: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Give the long-term average spectrum: power of windowed frames, summed."""
    size = round(_FRAME_S * rate)
    frames = wave[: len(wave) // size * size].reshape(-1, size) * np.hanning(size)
    return np.asarray(np.square(np.abs(np.fft.rfft(frames))).sum(axis=0))


def _pauses(wave: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Give the lengths of the silences of over 100 ms between two sounds, seconds."""
    loud = np.flatnonzero(np.abs(wave) > _SILENT)
    gaps = np.diff(loud) / rate
    return np.asarray(gaps[gaps > 0.1])


def _print(measured: Sequence[Measured]) -> None:
    print(
        "| settings | syllables/s | pitch 5, 50, 95% (Hz) | semitones | below 1, 1 to 4, over 5 kHz"
        " (dB) | heard in noise | pauses, median (s) |"
        " end: statement, question, wh-, exclamation, comma (semitones) |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for one in measured:
        low, middle, high = np.percentile(one.pitches, [5, 50, 95])
        bands = ", ".join(f"{one.band_db(*band):.1f}" for band in _BANDS_HZ)
        ends = ", ".join(f"{one.end_semitones(name):+.1f}" for name in _SENTENCES)
        print(
            f"| {one.name} | {one.syllables_a_second:.2f} | {low:.0f}, {middle:.0f}, {high:.0f} |"
            f" {12 * np.log2(high / low):.1f} | {bands} |"
            f" {one.heard_in_noise():.2f} | {np.median(one.pauses_s):.2f} | {ends} |"
        )


def _draw(measured: Sequence[Measured], folder: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    voices = [one for one in measured if one.name == "default" or one.name.startswith("variant")]

    figure, axes = pyplot.subplots(figsize=(11, 6))
    for one in voices:
        # thirds of an octave: what an ear hears as one
        centres = 1000 * 2 ** (np.arange(-10, 11) / 3)
        levels = [one.band_db(hz / 2 ** (1 / 6), hz * 2 ** (1 / 6)) for hz in centres]
        width = 3 if one.name == "default" else 1
        axes.semilogx(centres, levels, label=one.name, linewidth=width)
    for low_hz, high_hz in _BANDS_HZ[1:]:
        axes.axvspan(low_hz, high_hz, alpha=0.1)
    axes.set(xlabel="Hz", ylabel="dB of the whole, thirds of an octave", ylim=(-60, 0))
    axes.set_title("Long-term average spectrum; shaded: 1 to 4 kHz, over 5 kHz")
    axes.grid(which="both", alpha=0.3)
    axes.legend()
    figure.savefig(folder / "spectra.png", dpi=90)

    figure, axes = pyplot.subplots(figsize=(11, 6))
    names = [one.name for one in measured]
    axes.boxplot([one.pitches for one in measured], orientation="horizontal", whis=(5, 95), sym="")
    axes.set_yticks(range(1, len(names) + 1), names)
    axes.set(xlabel="Hz", title="Range of pitch over the sample article: 5, 25, 50, 75, 95 %")
    axes.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(folder / "pitches.png", dpi=90)

    figure, all_axes = pyplot.subplots(2, 3, figsize=(14, 8), sharey=True)
    for axes, one in zip(all_axes.ravel(), voices, strict=False):
        for name, contour in one.contours.items():
            axes.plot(np.arange(len(contour)) * 0.04, contour, label=name, marker=".")
        axes.set(title=one.name, xlabel="seconds of voice", ylabel="Hz")
        axes.grid(alpha=0.3)
    all_axes[0, 0].legend()
    figure.tight_layout()
    figure.savefig(folder / "contours.png", dpi=90)


if __name__ == "__main__":
    main()
