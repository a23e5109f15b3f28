"""The tables of written and spoken forms beside this file: one a class of what is written.

A line is "written<TAB>spoken[|another right reading]". The sample of tests/gold is of the same form.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["FOLDER", "GOLD", "cases", "loosely"]

FOLDER = Path(__file__).parent
GOLD = FOLDER.parents[1] / "gold" / "spoken.tsv"


def cases(path: Path) -> list[tuple[str, list[str]]]:
    """Give the written forms of a table, each with its right readings."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(written, spoken.split("|")) for written, spoken in pairs]


def loosely(words: str) -> str:
    """Give words as tests/gold compares them: no marks, one hamza form, مائة as مئة, joined hundreds.

    >>> loosely("ثمان مِائَة وأحد") == loosely("ثمانمئة واحد")
    True
    """
    words = re.sub("[\u0640\u064b-\u0652\u0670]", "", words)
    words = re.sub("[أإآٱ]", "ا", words)
    words = re.sub("مائ(?=ة|ت)", "مئ", words)
    words = re.sub(r"[^\w\s]", " ", words)
    words = re.sub(r"(ثلاث|اربع|خمس|ست|سبع|ثمان|تسع)ي?\s+مئة", r"\1مئة", words)
    return " ".join(words.split())
