"""How fast the page is, beside an earlier version's: python3 -m tests.benchmarks.page OLD [--runs N]

OLD: a checkout of the version to compare with (`git worktree add OLD REVISION`). Both versions
write the pages of the same two shelves: one of ten hours (69,000 words) and an ordinary one. They
are opened in turns in a phone's window of Chromium, its processor slowed four times. Needs Chromium
and the extra `test`.

The window stands open for a moment before: its own start is no part of a page.

ready: ms until the document is ready (domContentLoadedEventEnd).
picture: ms until something of it is drawn (first-contentful-paint).
usable: ms until the player is there.
search, at once: ms from a word typed when the document is ready and drawn until its hits are drawn.
search: the same, in a page that has stood open for some seconds.
shift: the layout shift until nothing moves (https://web.dev/articles/cls), every shift counted.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS, PROGRAMS
from tests.publish.serving import served

ROOT = Path(__file__).parents[2]
SLOWED = 4
SETTLED_MS = 1500
"""How long the window stands before a visit: it loads parts of its own meanwhile."""
QUIET_MS = 8000
"""How long a page stands before the second search: it has folded its text by then."""
PHONE = {"width": 390, "height": 844}
MAKE = """
import random, sys
from pathlib import Path
from tests.publish.shelf_maker import seed_articles, shelve
chance = random.Random(1)
words = [word for _, texts, _ in seed_articles() for text in texts for word in text.split()]
def sentence():
    return " ".join(chance.choices(words, k=chance.randint(6, 24))).replace(".", "") + "."
def paragraph():
    return " ".join(sentence() for _ in range(chance.randint(2, 5)))
articles = [(f"خبر {n}", [paragraph() for _ in range(39)] + ["آخر فقرة هنا."], None) for n in range(34)]
shelve(Path(sys.argv[1]), articles=articles, sound=False)
for day in (23, 24):
    shelve(Path(sys.argv[2]), date=f"2026-11-{day}", sound=False)
"""
SEARCHED = "آخر فقرة"
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("DOMContentLoaded", () => {
  const look = () => {
    if (!document.querySelector(".bar")) requestAnimationFrame(look);
    else setTimeout(() => { window.usable = performance.now(); });
  };
  look();
});
"""
PICTURE = "performance.getEntriesByName('first-contentful-paint')[0]"
SEARCH = """(text) => new Promise((done) => {
  const field = document.querySelector(".search input"), hits = document.querySelector(".hits");
  hits.textContent = "";
  const begun = performance.now();
  const look = () => {
    if (!hits.textContent) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  };
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(look);
})"""


def make(version: Path, long: Path, ordinary: Path) -> None:
    """Write the two shelves with a version's own code."""
    subprocess.run(
        [sys.executable, "-c", MAKE, str(long), str(ordinary)],
        cwd=version,
        env={**os.environ, "PYTHONPATH": str(version)},
        check=True,
    )


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page as a phone does; yield it when its document is ready."""
    context = browser.new_context(viewport=PHONE, locale="ar", is_mobile=True, has_touch=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(120_000)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.wait_for_timeout(SETTLED_MS)
    page.goto(address, wait_until="domcontentloaded")
    yield page
    context.close()


def ready_ms(page: Page) -> float:
    """Return when the document was ready, in ms since the visit began."""
    entry = "performance.getEntriesByType('navigation')[0]"
    value: float = page.evaluate(f"{entry}.domContentLoadedEventEnd")
    return value


def start_ms(page: Page) -> dict[str, float]:
    """Return when the first picture was drawn and the player was there, as `ready_ms`."""
    page.wait_for_function("window.usable")
    page.wait_for_function(PICTURE)
    picture: float = page.evaluate(f"{PICTURE}.startTime")
    return {"picture": picture, "usable": page.evaluate("window.usable")}


def measure(browser: Browser, long: str, ordinary: str) -> dict[str, float]:
    """Return one run's figures of one version."""
    figures = {}
    with opened(browser, long) as page:
        figures["ready"] = ready_ms(page)
        page.wait_for_function(PICTURE)
        figures["search, at once"] = page.evaluate(SEARCH, SEARCHED)
    with opened(browser, long) as page:
        figures |= start_ms(page)
        page.wait_for_timeout(QUIET_MS)
        figures["shift"] = page.evaluate("window.shift")
        figures["search"] = page.evaluate(SEARCH, SEARCHED)
    with opened(browser, ordinary) as page:
        figures["ready, ordinary"] = ready_ms(page)
        figures |= {f"{name}, ordinary": value for name, value in start_ms(page).items()}
        page.wait_for_timeout(QUIET_MS / 2)
        figures["shift, ordinary"] = page.evaluate("window.shift")
    return figures


def code_kb(page: Path) -> float:
    """Return the size of a page's scripts and styles after gzip, in kB."""
    html = page.read_text("utf-8")
    parts = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL)
    return len(gzip.compress("\0".join(parts).encode(), 9)) / 1000


def main() -> None:
    """Print the medians of both versions and their quotients."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        versions = {"old": options.old.resolve(), "new": ROOT}
        addresses = {}
        for name, version in versions.items():
            folders = temporary / name / "long", temporary / name / "ordinary"
            make(version, *folders)
            print(f"{name}: script and style {code_kb(folders[0] / 'index.html'):.1f} kB by gzip")
            addresses[name] = [stack.enter_context(served(folder)) for folder in folders]
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in versions}
        for _ in range(options.runs):
            for name in versions:
                runs[name].append(measure(browser, *addresses[name]))
        browser.close()
    print(f"{'':18}{'old':>10}{'new':>10}{'new/old':>9}")
    for key in runs["old"][0]:
        old, new = (statistics.median(run[key] for run in runs[name]) for name in ("old", "new"))
        digits = 3 if "shift" in key else 0
        quotient = f"{new / old:9.2f}" if old else ""
        print(f"{key:18}{old:10.{digits}f}{new:10.{digits}f}{quotient}")


if __name__ == "__main__":
    main()
