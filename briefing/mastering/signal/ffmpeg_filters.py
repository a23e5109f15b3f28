"""Runs samples through FFmpeg's filters, by PyAV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["filter_frames", "filter_samples", "fit_length", "join_frames"]

_TO_FLOAT = ("aformat", "sample_fmts=fltp")


def filter_frames(
    samples: NDArray[Any],
    sample_rate_hz: int,
    filters: Iterable[tuple[str, str]],
    silence: int = 0,
) -> Iterator[Any]:
    """Run mono samples through FFmpeg's filters; yield its frames.

    samples: float32 or int16, shape (n,). filters: each filter's name and options. silence: the
    number of silent samples to append, so that the filters can finish.
    """
    import av
    import av.filter
    import numpy as np

    kind = {"f": "fltp", "i": "s16"}[samples.dtype.kind]
    graph = av.filter.Graph()
    with suppress(AttributeError):  # older PyAV always starts threads, which are not needed
        graph.threads = 1
    last = graph.add_abuffer(
        sample_rate=sample_rate_hz,
        format=kind,
        layout="mono",
        time_base=Fraction(1, sample_rate_hz),
    )
    source = last
    for name, options in (*filters, ("abuffersink", "")):
        node = graph.add(name, options)
        last.link_to(node)
        last = node
    graph.configure()
    frame = av.AudioFrame(kind, "mono", len(samples) + silence)
    values = np.frombuffer(memoryview(frame.planes[0]), samples.dtype)
    values[: len(samples)] = samples
    values[len(samples) :] = 0
    frame.sample_rate = sample_rate_hz
    frame.pts = 0
    source.push(frame)
    source.push(None)
    while True:
        try:
            yield last.pull()
        except (av.BlockingIOError, av.EOFError):
            return


def filter_samples(
    samples: NDArray[Any],
    sample_rate_hz: int,
    filters: Iterable[tuple[str, str]],
    length: int | None = None,
    silence: int = 0,
) -> NDArray[np.float32]:
    """Run mono samples through FFmpeg's filters; return the result, shape (length,).

    samples, filters, silence: see `filter_frames`. length: of the result, which is cut or padded
    with silence; None means the length of the samples and the silence after them.
    """
    import numpy as np

    frames = filter_frames(samples, sample_rate_hz, (*filters, _TO_FLOAT), silence)
    out = join_frames(frames, np.float32)
    return fit_length(out, len(samples) + silence if length is None else length)


def fit_length(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Return samples cut or padded with silence to a length; copied only if they are padded."""
    import numpy as np

    if len(samples) >= length:
        return samples[:length]
    return np.concatenate((samples, np.zeros(length - len(samples), np.float32)))


def join_frames(frames: Iterable[Any], kind: type) -> NDArray[Any]:
    """Join FFmpeg's frames of one channel to samples of a NumPy type, shape (n,).

    A single frame is not copied: new memory takes as long as a filter. (PyAV's to_ndarray takes as
    long as decoding, for frames of 26 ms.)
    """
    import numpy as np

    size = np.dtype(kind).itemsize
    parts = [memoryview(frame.planes[0])[: size * frame.samples] for frame in frames]
    return np.frombuffer(parts[0] if len(parts) == 1 else bytearray().join(parts), kind)
