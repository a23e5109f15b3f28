"""Takes the desk's pictures for docs/desk.md; tests.benchmarks.pictures calls it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.desks import desk_of
from tests.browser.waiting import until
from tests.conftest import Project

PHONE = {"width": 390, "height": 780}
DESKTOP = {"width": 1360, "height": 820}
MORNING = {
    "b.txt": """افتتاح محطة قطار جديدة في المدينة

افتتح رئيس البلدية صباح اليوم محطة القطار الجديدة، وقال إن العمل فيها استمر ثلاثة أعوام.
وحضر الافتتاح المهندس الألماني يورغن شتاينباخ الذي وضع تصميم المحطة.
""",
    "c.txt": """أمطار غزيرة على الساحل

تتوقع الأرصاد أمطارا غزيرة على الساحل حتى مساء الغد، وتنصح بتجنب الأودية.
""",
    "d.txt": """ختام معرض الكتاب

زار المعرض أكثر من مئتي ألف قارئ في عشرة أيام.
""",
}
LEXICON = '[words]\n"بوتين" = "بُوتِين"\n'


def pictures(browser: Browser, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each picture and its PNG. folder: a project with the sample, built."""
    for name, text in MORNING.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    (folder / "names.toml").write_text(LEXICON, encoding="utf-8")
    with desk_of(Project(folder)) as desk:
        tab = _open(browser, desk.address, "ar", viewport=DESKTOP)
        yield "desk", _word(tab)
        tab.close()
        tab = _open(browser, desk.address, "en", viewport=DESKTOP, color_scheme="dark")
        yield "desk-dark", _word(tab)
        tab.close()
        phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
        tab = _open(browser, desk.address, "ar", **phone)
        yield "desk-phone", _word(tab)
        tab.close()


def _open(browser: Browser, address: str, locale: str, **options: object) -> Page:
    tab = browser.new_context(locale=locale, **options).new_page()  # type: ignore[arg-type]
    tab.goto(address)
    tab.locator(".w.u-name").first.wait_for()
    looked_at = "it => !/لم يُفحص|not looked/.test(it.textContent)"
    until(tab, f"[...document.querySelectorAll('.count')].every({looked_at})")
    return tab


def _word(tab: Page) -> bytes:
    """Choose a guessed name and one of its candidates; return the picture."""
    tab.keyboard.press("Shift+n")
    until(tab, "document.querySelector('#places-always').textContent")
    tab.keyboard.press("ArrowDown")
    until(tab, "document.querySelector('#hear use').getAttribute('href') === '#i-play'")
    tab.wait_for_timeout(500)
    return tab.screenshot()
