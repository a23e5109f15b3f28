"""How fast, and how right by class, written text is read: printed as a table.

python tests/benchmarks/text_reading.py [-v]        -v lists what is read otherwise
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from briefing.config import Text  # noqa: E402
from briefing.text.lexicon import load_lexicon  # noqa: E402
from briefing.text.reading import read_paragraph  # noqa: E402


def loosely(words: str) -> str:
    """Compare as tests/gold/spoken.tsv says: no marks, one hamza, مائة = مئة, joined hundreds."""
    words = re.sub("[\u0640\u064b-\u0652\u0670]", "", words)
    words = re.sub("[أإآٱ]", "ا", words).replace("ؤ", "و").replace("ئ", "ي").replace("مايه", "ميه")
    words = (
        words.replace("مايه", "ميه")
        .replace("مايتي", "ميتي")
        .replace("مايتا", "ميتا")
        .replace("ماية", "مية")
    )
    words = re.sub(r"[^\w\s]", " ", words)
    words = re.sub(r"(ثلاث|اربع|خمس|ست|سبع|ثماني?|تسع)\s+مية", r"\1مية", words).replace(
        "ثمانيمية", "ثمانمية"
    )
    return " ".join(words.split())


def main() -> None:
    lexicon = load_lexicon(None)
    settings = Text()
    verbose = "-v" in sys.argv
    folders = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("-")]
    files = [path for folder in folders for path in sorted(folder.glob("spoken*.tsv"))] or [
        ROOT / "tests/gold/spoken.tsv",
        *sorted((ROOT / "tests/text/reading").glob("*.tsv")),
        *sorted((ROOT / "tests/text/cases").glob("spoken*.tsv")),
    ]
    right = total = 0
    for path in files:
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if len(line) == 2 and not line[0].startswith("#")]
        wrong = []
        for written, wanted in lines:
            said = " ".join(one.spoken for one in read_paragraph(written, settings, lexicon))
            if loosely(said) not in map(loosely, wanted.split("|")):
                wrong.append(f"    {written}\n      said {said}\n      want {wanted}")
        right, total = right + len(lines) - len(wrong), total + len(lines)
        print(f"{path.stem:48} {len(lines) - len(wrong):4} of {len(lines):4}")
        if verbose and wrong:
            print("\n".join(wrong))
    print(f"{'all':48} {right:4} of {total:4}")
    splits = [path for folder in folders for path in folder.glob("sentences*.tsv")] or [
        *(ROOT / "tests/text").rglob("sentences*.tsv")
    ]
    for path in splits:
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
