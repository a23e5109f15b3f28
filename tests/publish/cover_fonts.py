"""Makes the fonts of the covers' titles: python3 -m tests.publish.cover_fonts

Writes briefing/publish/data/cover-arabic.ttf and cover-latin.ttf, from the fonts of Debian's
package fonts-noto-core; the same fonts give the same bytes. HarfBuzz reads TrueType, not the WOFF2
of the page's font, and titles are bold. Both fonts are free under the SIL Open Font License without
a reserved name, so a subset may keep its name. Needs the extra `test`.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[2]
DATA = ROOT / "briefing" / "publish" / "data"
NOTO = Path("/usr/share/fonts/truetype/noto")
PUNCTUATION = [*range(0x20, 0x30), 0x3A, 0xA0, 0xAB, 0xBB, *range(0x2010, 0x2027), 0x2039, 0x203A]
SUBSETS = {
    "cover-arabic.ttf": (
        "NotoNaskhArabic-Bold.ttf",
        [*range(0x0600, 0x0700), *range(0x0750, 0x0780), *range(0x30, 0x3A), *PUNCTUATION],
    ),
    "cover-latin.ttf": (
        "NotoSerif-Bold.ttf",
        [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x20AC, *PUNCTUATION],
    ),
}
FEATURES = "ccmp init medi fina isol rlig liga calt mark mkmk kern curs locl".split()


def main() -> None:
    """Write the subsets and print their sizes."""
    for name, (source, letters) in SUBSETS.items():
        options = subset.Options()
        options.hinting = False
        options.layout_features = FEATURES
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the names, the copyright, the licence
        options.notdef_outline = True
        font = TTFont(NOTO / source, recalcTimestamp=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=letters)
        subsetter.subset(font)
        font.save(DATA / name)
        print(f"{name}: {(DATA / name).stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    main()
