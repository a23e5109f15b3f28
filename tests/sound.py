"""What the tests hear: an MP3 decoded and measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import av.logging
import numpy as np
from numpy.typing import NDArray

from briefing.mastering.signal.ffmpeg_filters import filter_frames


@dataclass(frozen=True)
class Sound:
    samples: NDArray[np.float32]
    rate: int
    warnings: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def level_db(self, start_s: float, end_s: float) -> float:
        """RMS between two times, dB of full scale."""
        piece = self.samples[round(start_s * self.rate) : round(end_s * self.rate)]
        power = float(np.mean(np.square(piece.astype(np.float64)))) if len(piece) else 0.0
        return 10 * np.log10(power) if power > 0 else -200.0

    def loudness(self) -> tuple[float, float]:
        """Integrated LUFS as heard on two speakers, and true peak in dBTP, as FFmpeg measures."""
        last = {}
        for frame in filter_frames(
            self.samples, self.rate, [("ebur128", "dualmono=true:metadata=1:peak=true")]
        ):
            last = dict(frame.metadata) or last
        return float(last["lavfi.r128.I"]), 20 * np.log10(float(last["lavfi.r128.true_peak"]))


def decode(path: Path) -> Sound:
    """Decode as a gapless player does."""
    av.logging.set_level(av.logging.WARNING)
    with av.logging.Capture() as logged, av.open(str(path)) as container:
        assert container.streams.audio[0].channels == 1
        rate = container.streams.audio[0].rate
        pieces = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    return Sound(
        np.concatenate(pieces).astype(np.float32), rate, tuple(message for _, _, message in logged)
    )


_WINDOW_S = 0.04
_LOUD = 800
_LOWEST_HZ, _HIGHEST_HZ = 60, 300


def pitch(wave: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Give the pitch of each voiced window in Hz, by autocorrelation."""
    size = round(_WINDOW_S * rate)
    shortest, longest = rate // _HIGHEST_HZ, rate // _LOWEST_HZ
    found = []
    for start in range(0, len(wave) - size, size):
        window = wave[start : start + size] - wave[start : start + size].mean()
        if np.sqrt(np.mean(np.square(window))) < _LOUD:
            continue
        same = np.correlate(window, window, "full")[size - 1 :]
        period = shortest + int(np.argmax(same[shortest:longest]))
        if same[period] > 0.5 * same[0]:
            found.append(rate / period)
    return np.array(found)
