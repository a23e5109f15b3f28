"""Makes the page's Arabic font: python3 -m tests.publish.font_subset [FONT]

FONT: Noto Naskh Arabic as TrueType, by default that of Debian's package fonts-noto-core. Writes
briefing/publish/data/naskh.woff2 with the letters, marks, digits and punctuation of the Arabic
script; the same font gives the same bytes. The font is
free under the SIL Open Font License without a reserved name, so its subset may have its name.
Needs the extra `test`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "briefing" / "publish" / "data" / "naskh.woff2"
SOURCE = Path("/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf")
LETTERS = [
    *range(0x0600, 0x0700),  # also the letters of Persian, Kurdish, Urdu and Uyghur names
    *range(0x0750, 0x0780),
    *(0xFDF2, 0xFDFA, 0xFDFB, 0xFDFC),  # the name of God, two blessings, the rial
]


def main() -> None:
    """Write the subset and print its size."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the names, the copyright and the licence
    options.notdef_outline = True
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    main()
