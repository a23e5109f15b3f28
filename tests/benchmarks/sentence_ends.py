"""How well sentences are found again in news that was joined by spaces: precision, recall, F1.

python -m tests.benchmarks.sentence_ends [-v] [FILE…]    -v lists what is missed and what is extra

A FILE has one sentence a line; without one, news_sentences.txt beside this module, which was written
by hand before the rules met it: F1 was 93.7 % on its first 54 lines and 97.5 % on the other 39
then. A quotation of two sentences is one line in it, as treebanks
count, and two sentences for us.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from briefing.text.pieces.sentence_ends import sentence_spans  # noqa: E402

OWN = Path(__file__).with_name("news_sentences.txt")
SEEN = 40
"""Characters shown on each side of a mistake."""


def measure(path: Path, *, verbose: bool) -> None:
    """Print one line for a file, and its mistakes if verbose."""
    sentences = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    sentences = [line for line in sentences if line]
    text = " ".join(sentences)
    wanted, at = set(), 0
    for sentence in sentences:
        wanted.add(at + len(sentence))
        at += len(sentence) + 1
    found = {end for _, end in sentence_spans(text)}
    right = len(wanted & found)
    precision, recall = right / len(found), right / len(wanted)
    f1 = 2 * precision * recall / (precision + recall)
    print(
        f"{path.stem:32} {len(sentences):5} sentences"
        f"  precision {precision:.1%}  recall {recall:.1%}  F1 {f1:.1%}"
    )
    if verbose:
        for end in sorted(wanted ^ found):
            kind = "missed" if end in wanted else "extra "
            print(f"    {kind} {text[max(0, end - SEEN) : end]} ⏎ {text[end : end + SEEN]}")


def main() -> None:
    files = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("-")] or [OWN]
    for path in files:
        measure(path, verbose="-v" in sys.argv)


if __name__ == "__main__":
    main()
