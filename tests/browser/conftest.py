"""A real browser on real shelves: Chromium driven by Playwright, skipped where there is none."""

import shutil

import pytest

from briefing.config import Config
from briefing.publish import editions, page
from tests.publish.serving import served
from tests.publish.shelf_maker import publish

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
]


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install it")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("no browser: install Debian's package chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open an address in a visitor's own browser; fails if the page throws or asks elsewhere."""
    contexts, troubles, asked = [], [], []

    def open_page(address, context=None, **options):
        if context is None:
            options = {"locale": "ar", "viewport": {"width": 1280, "height": 800}, **options}
            context = chromium.new_context(**options)
            context.set_default_timeout(10_000)
            contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(address)
        return tab

    open_page.asked = asked
    open_page.troubles = troubles
    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture(scope="session")
def built(sample, tmp_path_factory):
    """The sample article as the real build publishes it: its folder."""
    folder = tmp_path_factory.mktemp("built")
    for path in sample.audio.iterdir():
        if path.is_file() and path.name.startswith("briefing."):
            shutil.copy(path, folder / path.name)
    editions.keep(folder, "briefing", 5)
    page.write(folder, Config())
    return folder


@pytest.fixture(scope="session")
def listening(built):
    """The address of the real briefing."""
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
        publish(folder, date=f"2026-11-{day}", articles=articles, seconds_a_word=0.5 + day / 1000)
        editions.keep(folder, "briefing", 5)
    page.write(folder, Config())
    return folder


@pytest.fixture(scope="session")
def address(several):
    """The address of that shelf."""
    with served(several) as address:
        yield address
