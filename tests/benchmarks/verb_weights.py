"""Learn the weights of the evidence for a verb's voice: briefing/text/vowels/data/verb_weights.tsv.

    python -m tests.benchmarks.verb_weights [--write]

A logistic regression over the evidence of briefing.text.vowels.verb_evidence, on the verbs of our
own vowelled texts: vowelled_*.txt and voices_*.txt here, and the sentences of the verb tests.
The texts held_out_*.txt are not seen. Prints for each set the verbs read in the wrong voice, by the
model alone and by the weights; --write writes the table.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.vowels import verb_voice
from briefing.text.vowels.diacritiser import Diacritiser
from briefing.text.vowels.verb_evidence import evidence
from briefing.text.words.passives import passive_of
from briefing.text.words.verb_forms import Form

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "briefing" / "text" / "vowels" / "data" / "verb_weights.tsv"
TESTS = HERE.parent / "text" / "pronunciation" / "verb_voices.txt"
TRAINING = {
    "texts": tuple(sorted(HERE.glob("vowelled_*.txt"))),
    "sentences": (HERE / "voices_news.txt",),
    "reports": (HERE / "voices_reports.txt",),
    "encyclopedia": (HERE / "voices_encyclopedia.txt",),
    "tests": (TESTS,),
}
HELD_OUT = {"held out": tuple(sorted(HERE.glob("held_out_*.txt")))}
SHARE = {"texts": 3.0, "sentences": 1.0, "reports": 1.0, "encyclopedia": 1.0, "tests": 0.7}
"""How much a verb of each set counts: those of whole texts were not chosen for being hard."""
RIDGE = 1.0
"""How strongly weights are drawn to 0."""
SHIFT = -0.8
"""Added to the weight that is always there: passives are half of our own verbs, chosen to be hard,
and a fifth to a quarter of those of news and encyclopedic text by others. More makes fewer actives
passive there, and costs our own texts more than it gains."""
_LETTER = re.compile("([^\u064b-\u0652\u0670])([\u064b-\u0652\u0670]*)")
_VOWEL = {"a": "\u064e", "u": "\u064f", "i": "\u0650"}
_STOPS = '؟.،؛:!"«»()'
_HEADER = """\
# Evidence for a verb's voice -> log-odds of the passive, see verb_evidence.py
# Made by: python -m tests.benchmarks.verb_weights --write
"""


@dataclass(frozen=True)
class Verb:
    """A verb of a text: what speaks for its voice, and its voice."""

    evidence: Mapping[str, float]
    passive: bool


def voice_of(word: str, form: Form) -> bool | None:
    """Return whether a vowelled word is the passive of a form, None where its marks do not say."""
    marks = [marks for _, marks in _LETTER.findall(word)]
    if len(marks) != len(form.passive[0]):
        return None
    first, inner = (
        next((name for name, mark in _VOWEL.items() if mark in marks[place]), "")
        for place in (form.first, form.inner)
    )
    if form.first == form.inner:
        return {"u": True, "a": False}.get(first)
    if form.imperfect:
        return {"ua": True, "ui": False}.get(first + inner, False if first == "a" else None)
    return {"ui": True, "aa": False, "ai": False, "au": False}.get(first + inner)


def verbs_of(files: Sequence[Path], diacritiser: Diacritiser) -> Iterator[Verb]:
    """Read the verbs of vowelled files that the rules weigh, each with its voice."""
    lexicon = load_lexicon(None)
    for line in "\n".join(file.read_text(encoding="utf-8") for file in files).splitlines():
        text = clean(line.split("\t")[-1])
        if line.startswith("#") or not text.strip():
            continue
        written = [word.strip(_STOPS) for word in text.split()]
        seen: list[tuple[str, Mapping[str, float]]] = []
        original = verb_voice.evidence

        def noted(view, odds, seen=seen):  # type: ignore[no-untyped-def]
            pieces = evidence(view, odds)
            if not view.form.only:
                seen.append((view.words[view.index], pieces))
            return pieces

        verb_voice.evidence = noted  # type: ignore[attr-defined]
        try:
            for sentence in read_paragraph(strip_marks(text), Text(), lexicon):
                diacritiser.diacritise(sentence)
        finally:
            verb_voice.evidence = original  # type: ignore[attr-defined]
        for word, pieces in seen:
            place = next((at for at, one in enumerate(written) if strip_marks(one) == word), None)
            form = passive_of(word)
            if place is None or form is None:
                continue
            passive = voice_of(written.pop(place), form)
            if passive is not None:
                yield Verb(pieces, passive)


def matrix(verbs: Sequence[Verb], names: Sequence[str]) -> numpy.ndarray:
    """Return the evidence as one row a verb, one column a name."""
    return numpy.array([[verb.evidence.get(name, 0.0) for name in names] for verb in verbs])


def fit(
    rows: numpy.ndarray, passive: numpy.ndarray, shares: numpy.ndarray, names: Sequence[str]
) -> numpy.ndarray:
    """Return the weights of a logistic regression, by Newton's method."""
    weights = numpy.zeros(len(names))
    ridge = numpy.array([1e-3 if name in ("always", "model") else RIDGE for name in names])
    for _ in range(50):
        chance = 1 / (1 + numpy.exp(-rows @ weights))
        slope = rows.T @ (shares * (chance - passive)) + ridge * weights
        bend = (rows * (shares * chance * (1 - chance))[:, None]).T @ rows + numpy.diag(ridge)
        weights -= numpy.linalg.solve(bend, slope)
    return weights


def learn(training: Mapping[str, Sequence[Verb]]) -> dict[str, float]:
    """Return the weight of each piece of evidence. training: the verbs of each set of TRAINING."""
    verbs = [verb for name in TRAINING for verb in training[name]]
    names = sorted({name for verb in verbs for name in verb.evidence})
    passive = numpy.array([float(verb.passive) for verb in verbs])
    shares = numpy.array([SHARE[name] for name in TRAINING for _ in training[name]])
    weights = fit(matrix(verbs, names), passive, shares, names)
    weights[names.index("always")] += SHIFT
    return dict(zip(names, map(float, weights), strict=True))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--write", action="store_true", help="write the table")
    options = arguments.parse_args()
    diacritiser = Diacritiser()
    sets = {
        name: list(verbs_of(files, diacritiser)) for name, files in (TRAINING | HELD_OUT).items()
    }
    learned = learn(sets)
    names, weights = list(learned), numpy.array(list(learned.values()))
    print("| set | verbs | passive | model: active read passive, passive read active | weights |")
    for name, verbs in sets.items():
        right = numpy.array([verb.passive for verb in verbs])
        cells = [
            f"{int((odds & ~right).sum())}, {int((~odds & right).sum())}"
            for odds in (
                numpy.array([verb.evidence.get("model", 0.0) > 0 for verb in verbs]),
                matrix(verbs, names) @ weights > 0,
            )
        ]
        print(f"| {name} | {len(verbs)} | {int(right.sum())} | {' | '.join(cells)} |")
    if options.write:
        rows = (f"{name}\t{weight:.2f}" for name, weight in learned.items())
        TABLE.write_text(_HEADER + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
