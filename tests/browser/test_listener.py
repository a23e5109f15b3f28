"""What a listener does with the page beyond playing: sleeping, going on, sharing, keeping."""

import json
import re

import pytest

from briefing.config import Config, Feed, Neighbour, Output
from tests.browser.test_listening import (
    audio,
    go_to,
    ready,
    sidecar_of,
    spoken_sentences,
    wait_time,
)
from tests.browser.waiting import until
from tests.publish.serving import served
from tests.publish.shelf_maker import shelve

pytestmark = pytest.mark.slow  # each opens a browser

BASE = "https://news.example.org/podcast/"
TEXTS = ["هذه الجملة الأولى في الخبر. وهذه جملة ثانية فيها كلام أكثر من الأولى.", "فقرة أخيرة."]


@pytest.fixture(scope="module")
def shows(tmp_path_factory):
    """The folder of a shelf with two briefings: news of three days and culture of two."""
    folder = tmp_path_factory.mktemp("shows") / "audio"
    neighbours = tuple(Neighbour(name, folder) for name in ("news", "culture"))
    for name, title, days in (("news", "الأخبار", (22, 23, 24)), ("culture", "الثقافة", (22, 23))):
        config = Config(
            output=Output(name=name),
            base=folder.parent,
            title=title,
            feed=Feed(base_url=BASE),
            neighbours=neighbours,
        )
        for day in days:
            articles = [(f"{title} {n} من {day}", TEXTS, None) for n in range(1, 5)]
            shelve(
                folder, config, date=f"2026-11-{day}", title=title, articles=articles, sound=True
            )
    return folder


@pytest.fixture(scope="module")
def shelf(shows):
    """The address of that shelf; its server outlives every test."""
    with served(shows) as address:
        yield address


def open_menu(tab):
    tab.locator(".menu summary").click()


def finish(tab):
    """Play the last second of the sound."""
    go_to(tab, audio(tab, "audio.duration") - 0.5)
    audio(tab, "void audio.play()")
    until(tab, "document.querySelector('audio').ended")


def test_the_first_screen_of_a_phone_has_cover_title_play_headlines_and_subscribing(visit, shelf):
    tab = ready(visit(f"{shelf}news.html", viewport={"width": 390, "height": 844}))
    tab.locator(".keep").wait_for()
    bar = tab.locator(".bar").bounding_box()["y"]
    for wanted in (
        ".cover",
        "h1",
        ".meta time",
        ".listen",
        ".subscribe summary",
        ".chapters li >> nth=3",
    ):
        box = tab.locator(wanted).first.bounding_box()
        assert box["y"] >= 0, wanted
        assert box["y"] + box["height"] <= bar, wanted
    assert "دقيقة" in tab.locator(".listen").inner_text()
    assert tab.evaluate("document.querySelector('.cover').naturalWidth") > 100
    tab.locator(".listen").click()
    until(tab, "document.querySelector('audio').currentTime > 0.3")
    assert tab.locator(".listen").inner_text().startswith("إيقاف")


def test_the_remaining_time_of_the_chapter_and_of_the_whole_is_shown(visit, shelf, shows):
    tab, sidecar = ready(visit(f"{shelf}news.html")), json.loads((shows / "news.json").read_text())
    second = sidecar["chapters"][1]
    go_to(tab, second["start_s"] + 1)
    until(tab, "document.querySelector('.seek .now').textContent !== '0:00'")

    def seconds(selector):
        minutes, rest = tab.locator(selector).inner_text().lstrip("-").split(":")
        return 60 * int(minutes) + int(rest)

    at = second["start_s"] + 1
    assert seconds(".rest") == pytest.approx(sidecar["chapters"][2]["start_s"] - at, abs=1.1)
    assert seconds(".seek .all") == pytest.approx(sidecar["duration_s"] - at, abs=1.5)


def test_the_sleep_timer_stops_at_the_end_of_the_chapter_or_after_minutes(visit, shelf, shows):
    tab, sidecar = ready(visit(f"{shelf}news.html")), json.loads((shows / "news.json").read_text())
    end = sidecar["chapters"][1]["start_s"]
    go_to(tab, end - 1.5)
    open_menu(tab)
    tab.get_by_label("مؤقت النوم").select_option("end")
    audio(tab, "void audio.play()")
    until(tab, "document.querySelector('audio').currentTime > " + str(end - 1))
    until(tab, "document.querySelector('audio').paused")
    assert audio(tab, "audio.currentTime") < sidecar["chapters"][2]["start_s"], "not long after it"
    tab.get_by_label("مؤقت النوم").select_option("10")
    audio(tab, "void audio.play()")
    until(tab, "!document.querySelector('audio').paused")
    assert re.search(r"\d:\d\d|10:00", tab.locator(".asleep").inner_text())
    tab.evaluate("(() => { const now = Date.now; Date.now = () => now() + 601000; })()")
    until(tab, "document.querySelector('audio').paused")
    assert tab.locator(".asleep").is_hidden()


def test_the_lengths_of_skips_are_the_listeners_own_and_kept(visit, shelf):
    tab = ready(visit(f"{shelf}news.html"))
    open_menu(tab)
    tab.get_by_label("مقدار التقديم").select_option("10")
    tab.get_by_label("مقدار الرجوع").select_option("5")
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="تقديم 10 ثوانٍ").click()
    wait_time(tab, 10)
    tab.locator("h1").click()
    tab.keyboard.press("j")
    wait_time(tab, 5)
    again = ready(visit(f"{shelf}culture.html", context=tab.context))
    again.get_by_role("button", name="تقديم 10 ثوانٍ").click()
    wait_time(again, 10)


def test_the_shelf_is_by_briefing_and_shows_what_is_new_begun_and_heard(visit, shelf):
    tab = ready(visit(shelf))
    assert tab.locator(".shelf h3").all_inner_texts() == ["الأخبار", "الثقافة"]
    line = '.shelf li[data-key="{}"]'.format
    tab.locator(line("culture 2026-11-23")).get_by_text("جديد").wait_for()
    assert tab.locator(line("culture 2026-11-22")).get_by_text("جديد").count() == 0
    finish(tab)
    tab.locator(line("news 2026-11-24")).get_by_text("سُمع").wait_for()
    other = ready(visit(f"{shelf}culture.html", context=tab.context))
    go_to(other, 9)
    other.evaluate("void dispatchEvent(new Event('pagehide'))")
    again = ready(visit(f"{shelf}editions/news-2026-11-23.html", context=tab.context))
    progress = again.locator(line("culture 2026-11-23")).locator("progress")
    progress.wait_for()
    assert progress.evaluate("it => it.value") == pytest.approx(9, abs=0.2)
    assert again.locator(line("news 2026-11-24")).get_by_text("سُمع").is_visible()
    assert again.locator(".shelf h3").all_inner_texts() == ["الأخبار", "الثقافة"]


def test_at_the_end_the_next_briefing_is_offered_and_plays(visit, shelf):
    tab = ready(visit(f"{shelf}editions/news-2026-11-23.html"))
    tab.locator(".shelf li").first.wait_for(state="attached")
    finish(tab)
    tab.locator(".offer").get_by_text("2026-11-24").wait_for()
    tab.locator(".offer").get_by_role("button", name="تشغيل").click()
    tab.wait_for_url("**/news.html")
    until(tab, "document.querySelector('audio').currentTime > 0.2")
    open_menu(tab)
    tab.get_by_label("انتقل إلى النشرة التالية عند النهاية").check()
    with tab.expect_response("**/shelf.json"):
        tab.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    go_to(tab, audio(tab, "audio.duration") - 0.5)
    audio(tab, "void audio.play()")
    tab.wait_for_url("**/culture.html")
    until(tab, "document.querySelector('audio').currentTime > 0.2")


def test_a_quote_is_shared_with_its_words_and_its_time(visit, shelf, shows):
    row = spoken_sentences(json.loads((shows / "news.json").read_text()))[4]
    tab = ready(visit(f"{shelf}news.html", permissions=["clipboard-read", "clipboard-write"]))
    tab.evaluate("void getSelection().selectAllChildren(document.getElementById('s-4'))")
    tab.get_by_role("button", name="شارك الاقتباس").click()
    tab.locator(".toast.shown").wait_for()
    quote, source, link = tab.evaluate("navigator.clipboard.readText()").split("\n")
    assert quote == f"«{row['text']}»"
    assert source == "الأخبار · 2026-11-24"
    start = round(row["start_s"], 1)
    assert link.startswith(f"{shelf}editions/news-2026-11-24.html#t={start:g}:~:text=")
    again = ready(visit(link))
    wait_time(again, row["start_s"])
    assert again.locator(".s.now").inner_text() == row["text"]


def test_the_feeds_address_is_copied_and_opened_in_programs(visit, shelf):
    tab = ready(visit(f"{shelf}news.html", permissions=["clipboard-read", "clipboard-write"]))
    tab.locator(".subscribe summary").click()
    tab.get_by_role("button", name="انسخ العنوان").click()
    tab.locator(".toast.shown").wait_for()
    assert tab.evaluate("navigator.clipboard.readText()") == f"{BASE}feed.xml"
    links = tab.locator(".programs a").evaluate_all("all => all.map(it => it.getAttribute('href'))")
    assert "podcast://news.example.org/podcast/feed.xml" in links
    assert (
        "overcast://x-callback-url/add?url=https%3A%2F%2Fnews.example.org%2Fpodcast%2Ffeed.xml"
        in links
    )


def test_an_edition_that_was_kept_plays_without_a_network(visit, tmp_path):
    for day in (22, 23):
        shelve(tmp_path, date=f"2026-11-{day}", sound=True)
    rows = spoken_sentences(sidecar_of(tmp_path))
    visit.expected += [r"net::ERR", r"Failed to load resource"]
    with served(tmp_path) as address:
        tab = ready(visit(address))
        keep = tab.locator(".keep")
        keep.wait_for()
        assert re.search(r"\d\.\d م\.ب", keep.inner_text()), "its size is told before"
        keep.click()
        keep.get_by_text("محفوظ").wait_for()
        until(tab, "navigator.serviceWorker.controller")
    # the server is gone
    tab.goto(address)
    tab.wait_for_url("**/editions/briefing-2026-11-23.html")
    ready(tab)
    tab.locator("#s-5").click()
    until(tab, f"document.querySelector('audio').currentTime > {rows[5]['start_s'] + 0.5}")
    assert tab.locator(".s.now").count() == 1
    assert tab.locator('.shelf li[data-key$="2026-11-23"]').get_by_text("محفوظ").count() == 1
    tab.goto(f"{address}editions/briefing-2026-11-22.html")
    tab.wait_for_url("**/editions/briefing-2026-11-23.html")
    tab.locator(".keep").click()
    tab.locator(".keep").get_by_text("م.ب").wait_for()
    assert (
        tab.evaluate(
            "caches.open('briefing /').then(c => c.match(document.querySelector('audio').src))"
        )
        is None
    )
    tab.context.close()


def test_a_new_edition_is_seen_at_the_next_opening_with_a_network(visit, tmp_path, serve):
    shelve(tmp_path, date="2026-11-23", sound=True)
    address = serve(tmp_path)
    tab = ready(visit(address))
    tab.locator(".keep").click()
    tab.locator(".keep").get_by_text("محفوظ").wait_for()
    until(tab, "navigator.serviceWorker.controller")
    shelve(tmp_path, date="2026-11-24", sound=True)
    tab.goto(address)
    assert "24" in tab.locator(".meta").inner_text()


def test_over_http_from_another_machine_the_page_says_why_nothing_can_be_kept(visit, shelf):
    tab = visit("about:blank")
    tab.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false })")
    tab.goto(f"{shelf}news.html")
    tab.locator(".files summary").click()
    tab.get_by_text("https").wait_for()
    assert tab.locator(".keep").is_hidden()


def test_the_browser_finds_nothing_against_installing_the_page(visit, shelf):
    tab = ready(visit(f"{shelf}news.html"))
    session = tab.context.new_cdp_session(tab)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == "news.html"
    found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [row["errorId"] for row in found if row["errorId"] != "in-incognito"] == []


def test_the_font_is_there_for_systems_without_one_and_is_not_asked_for_by_others(visit, shelf):
    tab = ready(visit(f"{shelf}editions/news-2026-11-23.html"))
    size = tab.evaluate(
        "new FontFace('Test', 'url(../news.woff2)').load().then(font => font.status)"
    )
    assert size == "loaded"
    family = "getComputedStyle(document.querySelector('article')).fontFamily"
    assert "Briefing Naskh" in tab.evaluate(family)
    assert [url for url in visit.asked if url.endswith("woff2")] == [f"{shelf}news.woff2"] or (
        len([url for url in visit.asked if url.endswith("woff2")]) == 2
    ), "the test's own, and the page's on a system without an Arabic font"


LONG = [
    (
        f"خبر {n}",
        [f"فقرة رقم {k} من الخبر {n}. " + "وفيها كلام كثير. " * 9 for k in range(30)],
        None,
    )
    for n in range(12)
]


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    sidecar = shelve(folder, articles=LONG, sound=False)
    with served(folder) as address:
        yield address, sidecar


def test_a_long_text_is_whole_for_everyone(visit, long):
    address, sidecar = long
    wanted = [row["text"] for row in spoken_sentences(sidecar)]
    plain = visit(address, java_script_enabled=False)
    assert [text.strip() for text in plain.locator(".s").all_text_contents()] == wanted
    tab = visit(address)
    until(tab, "!document.querySelector('noscript')")
    assert [text.strip() for text in tab.locator(".s").all_text_contents()] == wanted
    assert tab.locator("article h2").count() == len(LONG)


def test_in_a_long_text_a_moment_a_search_and_a_print_find_what_is_not_there_yet(visit, long):
    address, sidecar = long
    at = len(spoken_sentences(sidecar)) - 3
    start = spoken_sentences(sidecar)[at]["start_s"]
    # without idle time nothing is made before it is wanted
    never = "globalThis.requestIdleCallback = () => 0"
    tab = visit("about:blank")
    tab.add_init_script(never)
    tab.goto(f"{address}#t={start}")
    until(tab, f"document.querySelector('#s-{at}.now')")
    until(
        tab,
        f"(() => {{ const box = document.querySelector('#s-{at}').getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight })()",
    )
    assert tab.locator("noscript").count() > 5
    tab.get_by_role("searchbox").fill("فقرة رقم 29")
    until(tab, "document.querySelector('.hits').textContent === '1 من 12'")
    tab.evaluate("void dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("noscript").count() == 0
    assert tab.locator(".s.hit").count() == 12


def test_on_paper_there_are_no_controls_and_no_empty_margin(visit, shelf):
    tab = ready(visit(f"{shelf}news.html"))
    tab.emulate_media(media="print")
    for hidden in (".bar", ".drawers", ".files a", ".listen", ".search", ".t", ".side", ".top"):
        assert tab.locator(hidden).first.is_hidden(), hidden
    text, main = tab.locator("article p .s").first, tab.locator("main")
    right = main.bounding_box()["x"] + main.bounding_box()["width"]
    box = text.bounding_box()
    assert right - box["x"] - box["width"] < 40
    assert tab.evaluate("getComputedStyle(document.body).paddingBottom") == "0px"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("locale", ["ar", "en"])
def test_nothing_moves_while_the_page_opens(visit, shelf, width, locale):
    tab = visit("about:blank", viewport={"width": width, "height": 844}, locale=locale)
    tab.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries())"
        " window.shift += entry.value }).observe({ type: 'layout-shift', buffered: true })"
    )
    tab.goto(f"{shelf}news.html")
    ready(tab).locator(".keep").wait_for()
    tab.wait_for_timeout(500)
    assert tab.evaluate("window.shift") < 0.05
