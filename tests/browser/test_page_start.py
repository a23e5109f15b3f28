"""The first moments of a visit: what is drawn when, and what a visitor does meanwhile counts."""

import http.server
import threading
from contextlib import contextmanager

import pytest

from tests.browser.test_listening import audio, ready
from tests.browser.waiting import until
from tests.publish.shelf_maker import shelve

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "ar"}
FIRST_PICTURE = "performance.getEntriesByName('first-contentful-paint')[0]"
VISIT = "performance.getEntriesByType('navigation')[0]"


@pytest.fixture
def phone(chromium, visit):
    """Open an address on a phone; script: run in the page before all of its own."""
    contexts = []

    def open_page(address, script="", size=PHONE):
        context = chromium.new_context(**size)
        context.set_default_timeout(60_000)
        contexts.append(context)
        context.add_init_script(script)
        return visit(address, context=context)

    yield open_page
    for context in contexts:
        context.close()


@contextmanager
def stuttering(page: bytes, begun: threading.Event, go_on: threading.Event):
    """Serve a page of which the second half comes when `go_on` is set; nothing else is there."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path != "/":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            half = page.index(b"</section>")
            self.wfile.write(page[:half])
            begun.set()
            go_on.wait(60)
            self.wfile.write(page[half:])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
def test_a_page_that_is_here_is_read_whole_before_it_is_drawn(chromium, serve, tmp_path):
    paragraph = "هذه جملة من فقرة طويلة في خبر طويل لا ينتهي. " * 6
    shelve(tmp_path, articles=[(f"خبر {n}", [paragraph] * 40, None) for n in range(30)])
    address = serve(tmp_path)

    def drawn_when_read():
        context = chromium.new_context(**PHONE)
        tab = context.new_page()
        slowed = {"rate": 6}
        context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", slowed)
        tab.goto(address)
        until(tab, FIRST_PICTURE)
        whole = tab.evaluate(f"{FIRST_PICTURE}.startTime >= {VISIT}.domInteractive")
        context.close()
        return whole

    # on a busy machine a page takes its time from the server, too: it is drawn meanwhile
    assert any(drawn_when_read() for _ in range(5))


def test_a_page_on_a_slow_line_is_drawn_while_it_comes(chromium, several):
    page = (several / "index.html").read_bytes()
    begun, go_on = threading.Event(), threading.Event()
    with stuttering(page, begun, go_on) as address:
        context = chromium.new_context(**PHONE)
        tab = context.new_page()
        tab.goto(address, wait_until="commit")
        assert begun.wait(60)
        until(tab, FIRST_PICTURE)
        assert tab.evaluate("document.readyState") == "loading"
        assert tab.locator("h1").is_visible()
        go_on.set()
        until(tab, "document.querySelector('.bar')")
        until(tab, "document.querySelector('.s').checkVisibility({ contentVisibilityAuto: true })")
        context.close()


def test_the_text_is_there_after_the_first_picture(phone, address):
    tab = ready(phone(address))
    shown = "document.querySelector('.s').checkVisibility({ contentVisibilityAuto: true })"
    until(tab, shown)
    assert tab.get_by_role("searchbox").is_visible()


def test_what_is_typed_before_the_first_picture_is_searched(phone, address):
    typed = """document.addEventListener("DOMContentLoaded", () => {
        const field = document.querySelector("input[type=search]");
        field.value = "الأولى";
        field.dispatchEvent(new Event("input", { bubbles: true }));
    })"""
    tab = ready(phone(address, typed))
    tab.locator(".search .down").wait_for()
    assert tab.locator(".hits").inner_text()


def test_a_finger_on_the_button_before_the_first_picture_plays(phone, address):
    pressed = """document.addEventListener("DOMContentLoaded", () => setTimeout(() => {
        const button = document.querySelector("button.listen");
        button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
        button.click();
    }))
    window.requestAnimationFrame = () => 0"""
    tab = ready(phone(address, pressed))
    until(tab, "!document.querySelector('audio').paused")


def test_a_page_opened_behind_others_begins_without_a_picture(phone, address):
    behind = """Object.defineProperty(document, "hidden", { get: () => true })
    window.requestAnimationFrame = () => 0"""
    tab = ready(phone(f"{address}#play", behind))
    until(tab, "!document.querySelector('audio').paused")
    assert tab.locator(".s").first.is_visible()


def test_a_second_look_has_the_text_at_once(phone, address):
    """Where the first look was can be gone back to only if the text is there."""
    tab = phone(
        address,
        """document.addEventListener("DOMContentLoaded", () => {
        window.textAtOnce = document.querySelector(".s").checkVisibility();
    })""",
    )
    assert not ready(tab).evaluate("textAtOnce")
    tab.reload()
    assert ready(tab).evaluate("textAtOnce")


@pytest.mark.parametrize("place", ["c-4", ":~:text=الأولى%20في%20الخبر%204"])
def test_a_link_into_the_text_leads_there_at_once(phone, address, place):
    tab = ready(phone(f"{address}#{place}", "window.requestAnimationFrame = () => 0"))
    until(tab, "scrollY > 500")


def test_the_length_of_the_sound_is_asked_for_once_the_page_is_drawn(phone, address):
    tab = ready(phone(address))
    until(tab, "document.querySelector('audio').readyState > 0")
    assert audio(tab, "audio.preload") == "metadata"
