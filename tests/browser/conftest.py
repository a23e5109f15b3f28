"""A real browser on real shelves: Chromium driven by Playwright, skipped where there is none.

A page that stands open asks its server for new editions, so every page is closed before any
server stops: `visit` depends on `serve`, and tests start their servers by `serve` alone.
"""

import os
import re
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.waiting import PATIENCE_S
from tests.publish.serving import served
from tests.publish.shelf_maker import shelve

FLAGS = [
    "--no-sandbox",  # as root there is no other way
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-breakpad",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install it")
    with playwright.sync_playwright() as driver:
        own = driver.chromium.executable_path
        programs = [*filter(None, map(shutil.which, PROGRAMS)), *([own] * Path(own).exists())]
        if not programs:
            pytest.skip("no browser: install Debian's package chromium")
        reasons = []
        for program in programs:
            try:
                browser = driver.chromium.launch(
                    executable_path=program, args=FLAGS, timeout=2000 * PATIENCE_S
                )
            except playwright.Error as error:
                reasons.append(f"{program}: {str(error).strip().splitlines()[0]}")
                continue
            yield browser
            browser.close()
            return
        reason = f"no browser that starts: {'; '.join(reasons)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def serve(chromium):
    """Start the real server over a folder, until the test's pages are closed; its address."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(served(folder))
        assert chromium.contexts == [], "a page is open whose server is about to stop"


@pytest.fixture
def visit(chromium, serve):
    """Open an address in a visitor's own browser; fails if the page throws or logs an error.

    visit.expected: regular expressions of the errors that a test brings about on purpose.
    """
    troubles, asked, expected = [], [], []

    with ExitStack() as contexts:

        def open_page(address, context=None, **options):
            if context is None:
                options = {"locale": "ar", "viewport": {"width": 1280, "height": 800}, **options}
                context = chromium.new_context(**options)
                context.set_default_timeout(1000 * PATIENCE_S)
                contexts.callback(context.close)
            tab = context.new_page()
            tab.on("pageerror", lambda error: troubles.append(str(error)))
            tab.on(
                "console",
                lambda line: (
                    troubles.append(f"{line.text} {line.location.get('url', '')}")
                    if line.type == "error"
                    else None
                ),
            )
            tab.on("request", lambda request: asked.append(request.url))
            tab.goto(address)
            return tab

        open_page.asked = asked
        open_page.expected = expected
        yield open_page
    assert [one for one in troubles if not any(re.search(e, one) for e in expected)] == []


@pytest.fixture(scope="session")
def built(sample, tmp_path_factory):
    """The sample article as the real build publishes it: its folder."""
    folder = tmp_path_factory.mktemp("built") / "audio"
    shutil.copytree(sample.audio, folder, symlinks=True)
    return folder


@pytest.fixture(scope="session")
def listening(built):
    """The address of the real briefing; its server outlives every test."""
    with served(built) as address:
        yield address


@pytest.fixture(scope="session")
def several(tmp_path_factory):
    """Six short articles on a shelf of three days: chapters, words with and without vowels."""
    folder = tmp_path_factory.mktemp("several")
    articles = [
        (
            f"خبر رقم {n}",
            [
                f"هذه الجملة الأولى في الخبر {n}. وهذه جملة ثانية فيها كلام أكثر من الأولى.",
                "قَالَ المُحَلِّلُ إنّ الأسواقَ قلقة. وسُئل: لماذا؟ فلم يُجب.",
                "هذه فقرة أخيرة.",
            ],
            None,
        )
        for n in range(1, 7)
    ]
    for day in (22, 23, 24):
        shelve(
            folder,
            date=f"2026-11-{day}",
            articles=articles,
            seconds_a_word=0.5 + day / 1000,
            sound=True,
        )
    return folder


@pytest.fixture(scope="session")
def address(several):
    """The address of that shelf; its server outlives every test."""
    with served(several) as address:
        yield address
