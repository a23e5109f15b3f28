"""Samples through FFmpeg's filters, by PyAV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["filtered", "fitted", "joined", "run_filters"]

_TO_FLOAT = ("aformat", "sample_fmts=fltp")


def run_filters(
    samples: NDArray[Any],
    sample_rate_hz: int,
    filters: Iterable[tuple[str, str]],
    silence: int = 0,
) -> Iterator[Any]:
    """Run mono samples (float32 or int16, shape (n,)) through FFmpeg's filters; give its frames.

    silence: so many samples of it follow, for the filters to end in.
    """
    import av
    import av.filter
    import numpy as np

    kind = {"f": "fltp", "i": "s16"}[samples.dtype.kind]
    graph = av.filter.Graph()
    with suppress(AttributeError):  # older PyAV starts threads for every graph, for nothing
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


def filtered(
    samples: NDArray[Any],
    sample_rate_hz: int,
    filters: Iterable[tuple[str, str]],
    length: int | None = None,
    silence: int = 0,
) -> NDArray[np.float32]:
    """Give what the filters make of mono samples, cut or filled up to a length.

    length: None for that of the samples and the silence that follows them.
    """
    import numpy as np

    frames = run_filters(samples, sample_rate_hz, (*filters, _TO_FLOAT), silence)
    out = joined(frames, np.float32)
    return fitted(out, len(samples) + silence if length is None else length)


def fitted(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Cut samples, or fill them up with silence, to a length; a copy only where they are short."""
    import numpy as np

    if len(samples) >= length:
        return samples[:length]
    return np.concatenate((samples, np.zeros(length - len(samples), np.float32)))


def joined(frames: Iterable[Any], kind: type) -> NDArray[Any]:
    """Join FFmpeg's frames of one channel, their samples of a NumPy kind, shape (n,).

    A single frame is given as it is, not copied: new memory costs as much as a filter.
    (PyAV's to_ndarray costs as much as the decoding, for frames of 26 ms.)
    """
    import numpy as np

    size = np.dtype(kind).itemsize
    parts = [memoryview(frame.planes[0])[: size * frame.samples] for frame in frames]
    return np.frombuffer(parts[0] if len(parts) == 1 else bytearray().join(parts), kind)
