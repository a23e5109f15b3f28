"""Whether the value of an entry is what its kind says: what others wrote is not believed.

The clip cache trusts its folder. What comes from a shared store is looked at before it gets there,
so that no build stumbles over it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from itertools import chain
from typing import Any

from briefing.mastering.clip import Clip, Mastering
from briefing.mastering.formats.registry import codec_of
from briefing.orders.recorder import Kind
from briefing.orders.tables import load_json
from briefing.text.cleaning import strip_marks
from briefing.text.script import token_fields
from briefing.text.vowels.names import UNSURE

__all__ = ["read_entry"]

_RATES_HZ = range(8000, 192_001)
_LARGEST_JSON = {"script": 4_000_000, "plan": 4_000_000, "names": 1_000_000}
"""Bytes: the script of a paragraph of 20,000 characters has 2 MB."""
_LIST_BYTES = {"script": 8, "plan": 8, "names": 3}
"""See `load_json`. The names of a paragraph that has none are an empty table."""


def read_entry(kind: Kind, value: bytes | memoryview, mastering: Mastering) -> object | None:
    """Return the clip of a value, so mastered, or the rows of its JSON; None if it is no entry."""
    if kind == "clip":
        return _read_clip(value, mastering)
    try:
        rows: object = load_json(value, _LARGEST_JSON[kind], _LIST_BYTES[kind])
    except ValueError:
        return None
    return rows if _CHECKS[kind](rows) else None


def _read_clip(value: bytes | memoryview, mastering: Mastering) -> Clip | None:
    try:
        clip = Clip.from_bytes(value)
        return clip if _has_plain_facts(clip) and _fits(clip, mastering) else None
    except (ValueError, TypeError, OverflowError, AttributeError):
        return None


def _has_plain_facts(clip: Clip) -> bool:
    counts = (clip.frame_count, clip.samples, clip.sample_rate_hz, clip.bitrate_kbps)
    times: list[object] = []
    for sentence in clip.sentences:
        times += (sentence.start, sentence.end)
        times += sentence.word_starts or ()
    return (
        _are_counts(counts)
        and _are_counts(times, clip.samples)
        and isinstance(clip.true_peak_dbtp, float)
        and math.isfinite(clip.true_peak_dbtp)
    )


def _fits(clip: Clip, mastering: Mastering) -> bool:
    """Return whether a clip's parts fit each other, and the recording."""
    if clip.format != mastering.format or clip.sample_rate_hz not in _RATES_HZ:
        return False
    codec = codec_of(clip.format)
    sizes = clip.frame_sizes
    return (
        codec.sample_rate_hz(clip.sample_rate_hz) == clip.sample_rate_hz
        and clip.bitrate_kbps == codec.bitrate_kbps(mastering.bitrate_kbps, clip.sample_rate_hz)
        and clip.frame_count <= len(clip.frames)
        and clip.samples <= clip.frame_count * codec.packet_samples(clip.sample_rate_hz)
        and (not sizes or (len(sizes) == clip.frame_count and sum(sizes) == len(clip.frames)))
    )


def _are_counts(values: Collection[Any], most: float = math.inf) -> bool:
    """Return whether values are whole numbers from 0 to `most`. True and False are none."""
    # an article has thousands: a type, the least and the largest are seen faster than each
    if not values:
        return True
    return set(map(type, values)) == {int} and min(values) >= 0 and max(values) <= most


def _is_plan(rows: object) -> bool:
    return _is_list(rows, lambda group: _is_list(group, _is_part))


def _is_part(part: object) -> bool:
    match part:
        case [str(), str(spoken), list(words), str(), bool()]:
            if set(map(type, words)) - {list} or set(map(len, words)) - {2}:
                return False
            texts_and_counts = list(chain.from_iterable(words))
            counts = texts_and_counts[1::2]
            return (
                set(map(type, texts_and_counts[::2])) <= {str}
                and _are_counts(counts)
                and sum(counts) == len(spoken.split())
            )
    return False


def _is_names(rows: object) -> bool:
    return _is_list(
        rows,
        lambda names: (
            isinstance(names, dict)
            and all(_is_reading(name, reading) for name, reading in names.items())
        ),
    )


def _is_reading(name: str, reading: object) -> bool:
    """Return whether a reading has the letters of its name; "" where it is not decided yet."""
    if not isinstance(reading, str):
        return False
    return not reading or strip_marks(reading.removesuffix(UNSURE)) == name


def _is_script(rows: object) -> bool:
    return _is_list(rows, _is_sentence)


def _is_sentence(sentence: object) -> bool:
    match sentence:
        case [int(start), int(end), list(tokens)]:
            return 0 <= start <= end and all(_is_token(token, end) for token in tokens)
    return False


def _is_token(values: object, end: int) -> bool:
    """Return whether values are a token's fields, each of its type."""
    types = token_fields()
    if not isinstance(values, list) or len(values) != len(types):
        return False
    return all(
        isinstance(value, kind) and (not isinstance(value, int) or 0 <= value <= end)
        for value, kind in zip(values, types.values(), strict=True)
    )


def _is_list(rows: object, check: Callable[[Any], bool]) -> bool:
    return isinstance(rows, list) and all(map(check, rows))


_CHECKS: Mapping[Kind, Callable[[object], bool]] = {
    "plan": _is_plan,
    "names": _is_names,
    "script": _is_script,
}
