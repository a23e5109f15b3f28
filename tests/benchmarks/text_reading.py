"""How fast, and how right by class, written text is read: printed as a table.

python -m tests.benchmarks.text_reading [-v] [TABLE…]    -v lists what is read otherwise

Without a TABLE: the sample of tests/gold and every table of tests/text/reading, a line each, then
the table that was held out, by its classes. Its header says what its first run gave.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from briefing.config import Text  # noqa: E402
from briefing.text.normalisation.lexicon import load_lexicon  # noqa: E402
from briefing.text.normalisation.paragraph import read_paragraph  # noqa: E402
from tests.text.reading.tables import FOLDER, GOLD, cases, loosely  # noqa: E402

HELD_OUT = Path(__file__).with_name("text_reading_held_out.tsv")


def held_out() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Give the classes of the held-out table, "## name" before each, with their cases."""
    classes: list[tuple[str, list[tuple[str, list[str]]]]] = []
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            classes.append((line[3:], []))
        elif line and not line.startswith("#"):
            written, spoken = line.split("\t")
            classes[-1][1].append((written, spoken.split("|")))
    return classes


def report(name: str, pairs: list[tuple[str, list[str]]], verbose: bool) -> tuple[int, int]:
    """Print how many of a class are read right, and which are not; give both numbers."""
    lexicon, settings = load_lexicon(None), Text()
    wrong = []
    for written, wanted in pairs:
        said = " ".join(one.spoken for one in read_paragraph(written, settings, lexicon))
        if loosely(said) not in map(loosely, wanted):
            wrong.append(f"    {written}\n      said {said}\n      want {' | '.join(wanted)}")
    print(f"{name:48} {len(pairs) - len(wrong):4} of {len(pairs):4}")
    if verbose and wrong:
        print("\n".join(wrong))
    return len(pairs) - len(wrong), len(pairs)


def main() -> None:
    lexicon = load_lexicon(None)
    settings = Text()
    verbose = "-v" in sys.argv
    asked = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("-")]
    right = total = 0
    for path in asked or [GOLD, *sorted(FOLDER.glob("*.tsv"))]:
        good, of = report(path.stem, cases(path), verbose)
        right, total = right + good, total + of
    print(f"{'all':48} {right:4} of {total:4}  {right / total:.1%}")
    if asked:
        return
    print()
    right = total = 0
    for name, pairs in held_out():
        good, of = report(f"held out: {name}", pairs, verbose)
        right, total = right + good, total + of
    print(f"{'held out':48} {right:4} of {total:4}  {right / total:.1%}\n")
    for path in (ROOT / "tests/text").rglob("sentences*.tsv"):
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if len(line) == 2 and not line[0].startswith("#")]
        wrong = []
        for written, wanted in lines:
            said = " ⏎ ".join(one.text for one in read_paragraph(written, settings, lexicon))
            if said != wanted:
                wrong.append(f"    said {said}\n    want {wanted}")
        print(f"{path.stem:48} {len(lines) - len(wrong):4} of {len(lines):4}")
        if verbose and wrong:
            print("\n".join(wrong))
    article = max((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    paragraphs = [line for line in article.read_text(encoding="utf-8").splitlines() if line.strip()]
    for times in (10, 40):
        started = time.process_time()
        for _ in range(times):
            for paragraph in paragraphs:
                read_paragraph(paragraph, settings, lexicon)
        spent = time.process_time() - started
        size = times * sum(map(len, paragraphs))
        print(f"{size:9} characters in paragraphs: {size / spent:9.0f} a second")
    for times in (10, 100):
        line = " ".join(paragraphs) * times
        started = time.process_time()
        read_paragraph(line, settings, lexicon)
        spent = time.process_time() - started
        print(f"{len(line):9} characters in one line:   {len(line) / spent:9.0f} a second")


if __name__ == "__main__":
    main()
