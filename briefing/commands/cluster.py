"""What `briefing check` says of a cluster: how many of its workers match, and why others do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from briefing.errors import EXIT_DONE, EXIT_PARTLY, BriefingError

if TYPE_CHECKING:
    from briefing.cluster.connection import WorkerState
    from briefing.config import Config

__all__ = ["check_cluster"]

_MOST_WORKERS = 10
"""That are named, with the reason why they do not match."""
_WAIT_S = 10.0
"""For the scheduler; a build waits cluster.wait_s."""


def check_cluster(configs: Sequence[Config], line: Callable[[str], None]) -> int:
    """Report on the workers of each cluster; return EXIT_PARTLY where a voice has none."""
    codes = {EXIT_DONE}
    for address in dict.fromkeys(config.cluster.address for config in configs):
        if address:
            users = [config for config in configs if config.cluster.address == address]
            codes.add(_check_one(address, users, line))
    return max(codes)


def _check_one(address: str, configs: Sequence[Config], line: Callable[[str], None]) -> int:
    from briefing.cluster.connection import ClusterError, Connection

    voices = _voices(configs, line)
    if not voices:
        return EXIT_DONE
    code = EXIT_DONE
    try:
        connection = Connection(
            address, min(_WAIT_S, *(config.cluster.wait_s for config in configs))
        )
        try:
            for name, needs in voices.items():
                states = connection.workers(needs)
                for text in _lines(f"cluster {address}: voice {name}", states):
                    line(text)
                if not any(state.matches for state in states):
                    code = EXIT_PARTLY
        finally:
            connection.close()
    except ClusterError as error:
        line(f"cluster {error}; builds speak on this machine")
        return EXIT_PARTLY
    return code


def _voices(
    configs: Sequence[Config], line: Callable[[str], None]
) -> Mapping[str, Mapping[str, str]]:
    """Return the voices that the cluster would speak with, each with what its workers need."""
    from briefing.cluster.voices import needs_of
    from briefing.speech.voices import settings_of, voices_of

    voices: dict[str, Mapping[str, str]] = {}
    stay: dict[str, None] = {}
    for config in configs:
        try:
            usable = [
                voice
                for voice in voices_of(config, None, config.open_cache())
                if voice.unavailable() is None
            ]
            if usable and usable[0].concurrency == "threads":
                stay[usable[0].name] = None
            elif usable:
                name = usable[0].name
                voices[name] = needs_of(name, settings_of(config, name))
        except BriefingError:
            continue  # `check` has said so
    for name in stay:
        line(f"cluster: voice {name} waits for a service and stays on this machine")
    return voices


def _lines(label: str, states: Sequence[WorkerState]) -> list[str]:
    matching = sum(state.matches for state in states)
    word = "worker matches" if len(states) == 1 else "workers match"
    lines = [f"{label}: {matching} of {len(states)} {word}"]
    others = [state for state in states if not state.matches]
    lines += [
        f"  {state.address}: {'; '.join(state.differences)}" for state in others[:_MOST_WORKERS]
    ]
    if len(others) > _MOST_WORKERS:
        lines.append(f"  and {len(others) - _MOST_WORKERS} more that do not match")
    return lines
