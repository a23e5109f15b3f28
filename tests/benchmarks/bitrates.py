"""What each format loses at each bitrate: `python -m tests.benchmarks.bitrates`.

Speech of the offline voice, mastered, is encoded and decoded. Log-spectral distance (dB, mean over
windows of 23 ms and a third of an octave each, 100 Hz to 10 kHz, where there is sound within 50 dB
of the loudest): below 1 dB nothing is heard of it, at 2 dB a close listener hears it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from briefing.mastering.clip import make_clip
from briefing.mastering.formats.encoding import Encoding, Packets
from briefing.mastering.formats.registry import codec_of
from tests.mastering.speaking import mastering, spoken

_TRIED = {
    ("mp3", 0): (24, 32, 40, 48, 64, 80, 96),
    ("mp3", 44_100): (48, 64, 96, 128),
    ("m4b", 0): (32, 48, 64, 96),
    ("m4b", 44_100): (64, 96),
    ("opus", 0): (16, 24, 32, 48, 64),
}
_REFERENCE_KBPS = {"mp3": 160, "m4b": 160, "opus": 160}
_WINDOW_S = 0.023


def _decoded(form: str, rate_hz: int, kbps: int) -> tuple[NDArray[np.float64], int, float]:
    """Give the decoded sound of all paragraphs, its sample rate, and what it takes, in kbit/s."""
    settings = mastering(format=form, sample_rate_hz=rate_hz, bitrate_kbps=kbps)
    pieces, bits = [], 0
    for paragraph in spoken()[:4]:
        clip = make_clip(paragraph, settings)
        encoding = Encoding(clip.sample_rate_hz, clip.bitrate_kbps, settings.quality, form)
        packets = Packets(clip.frames, clip.frame_count, clip.frame_sizes)
        sound = codec_of(form).decode(packets, encoding)[: clip.samples]
        pieces.append(np.pad(sound.astype(np.float64), (0, clip.samples - len(sound))))
        bits += 8 * len(clip.frames)
    wave = np.concatenate(pieces)
    return wave, clip.sample_rate_hz, bits / (len(wave) / clip.sample_rate_hz) / 1000


def _bands(wave: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Give the level of each third of an octave in each window, dB."""
    size = round(_WINDOW_S * rate)
    frames = wave[: len(wave) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    edges = 100 * 2 ** (np.arange(0, 21) / 3)
    sums = [
        power[:, (frequencies >= low) & (frequencies < high)].sum(axis=1)
        for low, high in pairwise(edges)
    ]
    return 10 * np.log10(np.array(sums).T + 1e-12)


def main() -> None:
    """Print a table."""
    print("| format | sample rate | asked for | takes | spectral distance |")
    print("| --- | --- | --- | --- | --- |")
    for (form, rate_hz), bitrates in _TRIED.items():
        reference, _, _ = _decoded(form, rate_hz, _REFERENCE_KBPS[form])
        for kbps in bitrates:
            wave, rate, takes = _decoded(form, rate_hz, kbps)
            before, after = _bands(reference, rate), _bands(wave, rate)
            heard = before > before.max() - 50
            distance = float(np.mean(np.abs(before - after)[heard]))
            print(f"| {form} | {rate} Hz | {kbps} kbit/s | {takes:.0f} | {distance:.2f} dB |")


if __name__ == "__main__":
    main()
