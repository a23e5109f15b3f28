"""Where the page may stand: a web server that gives no parts of files, a shelf not built yet."""

import http.server
import threading
from functools import partial

import pytest

from tests.browser.test_listening import audio, ready, sidecar_of, spoken_sentences, wait_time
from tests.browser.test_page_in_a_browser import faults_by_axe
from tests.browser.waiting import until
from tests.publish.shelf_maker import record_last_build, shelve

pytestmark = pytest.mark.slow  # test_listening.py opens the page in each run


class Plain(http.server.SimpleHTTPRequestHandler):
    """Python's own server, as `python -m http.server` runs it, without its log."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def plainly(several):
    """The address of the shelf of three days on a server without byte ranges."""
    handler = partial(Plain, directory=str(several))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_seeking_works_on_a_server_that_gives_no_parts_of_files(visit, plainly, several):
    rows = spoken_sentences(sidecar_of(several))
    tab = ready(visit(plainly))
    tab.locator("#s-20").click()
    until(tab, "!document.querySelector('audio').paused")
    start = rows[20]["start_s"]
    until(tab, f"document.querySelector('audio').currentTime > {start}")
    assert audio(tab, "audio.currentTime") < start + 60
    tab.keyboard.press("k")
    tab.get_by_role("button", name="رجوع 15 ثانية").click()
    until(tab, f"document.querySelector('audio').currentTime < {start} + 45")
    assert audio(tab, "audio.currentTime") > 0


def test_a_link_to_a_moment_and_the_kept_place_too(visit, plainly):
    tab = ready(visit(f"{plainly}#t=33.5"))
    wait_time(tab, 33.5)
    tab.evaluate("void dispatchEvent(new Event('pagehide'))")
    again = ready(visit(plainly, context=tab.context))
    wait_time(again, 33.5)


def test_an_empty_shelf_says_what_to_do_and_becomes_the_page_by_itself(visit, serve, tmp_path):
    tab = visit(serve(tmp_path))
    assert "briefing build" in tab.get_by_role("main").inner_text()
    shelve(tmp_path, sound=True)
    tab.locator("briefing-player .bar").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_an_empty_shelf_is_accessible_and_names_the_failure(
    visit, serve, tmp_path, scheme
):
    message = "seeds: no <b>article</b>"
    record_last_build(tmp_path, message)
    tab = visit(serve(tmp_path), color_scheme=scheme, bypass_csp=True)
    assert tab.get_by_text(message).is_visible()
    assert faults_by_axe(tab) == []
    record_last_build(tmp_path, "another reason")
    tab.get_by_text("another reason").wait_for()
