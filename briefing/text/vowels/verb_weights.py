"""The evidence for a verb's voice -> log-odds of the passive, and the piece that weighed most."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["Verdict", "weigh"]

_ALWAYS_THERE = frozenset({"always", "model"})


class Verdict(NamedTuple):
    """The result of weighing the evidence for a verb's voice."""

    rule: str
    """The name of the piece of evidence that weighed most for it; "model" if none did."""
    odds: float
    """Log-odds of the passive against the active."""


def weigh(evidence: Mapping[str, float]) -> Verdict:
    """Return the log-odds of the passive and the decisive evidence. evidence: see verb_evidence.

    >>> weigh({"always": 1.0, "model": -6.0, "accusative_follows": 1.0}).odds < 0
    True
    """
    shares = {name: _weights().get(name, 0.0) * value for name, value in evidence.items()}
    odds = sum(shares.values())
    pieces = [name for name in shares if name not in _ALWAYS_THERE and " " not in name]
    rule = max(
        pieces, key=lambda name: shares[name] if odds > 0 else -shares[name], default="model"
    )
    return Verdict(rule, odds)


@cache
def _weights() -> dict[str, float]:
    text = (Path(__file__).parent / "data" / "verb_weights.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {name: float(weight) for name, weight in rows}
