"""The page for everyone: no script, a file, a phone, the dark, English, assistive technology."""

import json
import random
import urllib.request
from pathlib import Path

import pytest

from tests.browser.test_listening import audio, ready, spoken_sentences
from tests.browser.waiting import until
from tests.publish.shelf_maker import record_last_build, shelve

pytestmark = pytest.mark.slow  # test_listening.py opens the page in each run


def axe_source():
    """Find axe-core in the Python package that carries it."""
    package = pytest.importorskip("axe_playwright_python", reason="no axe-core: see pyproject.toml")
    for path in Path(package.__file__).parent.rglob("axe*.js"):
        return path.read_text("utf-8")
    pytest.skip("axe-playwright-python without axe.js")
    return ""


def faults_by_axe(tab):
    """Let axe-core look at the page as it stands; give what it finds against WCAG 2.2 AA."""
    tab.evaluate(axe_source())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = tab.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", tags
    )
    assert found["passes"], "axe looked"
    return [
        (one["id"], [node["html"][:150] for node in one["nodes"]]) for one in found["violations"]
    ]


def test_without_script_there_are_audio_controls_and_the_text(visit, listening):
    tab = visit(listening, java_script_enabled=False)
    assert tab.locator("audio[controls]").is_visible()
    assert tab.locator(".s").first.is_visible()
    assert tab.locator(".bar, .search:visible, .listen:visible, .t:visible").count() == 0
    tab.locator(".files summary").click()
    assert tab.get_by_role("link", name="تنزيل الصوت").is_visible()


def test_it_works_opened_as_a_file(visit, several):
    tab = ready(visit((several / "index.html").as_uri()))
    tab.locator("#s-4").click()
    until(tab, "!document.querySelector('audio').paused")
    until(tab, "document.querySelector('audio').currentTime > 1")
    assert tab.locator(".s.now").count() == 1
    kept = ready(visit((several / "editions" / "briefing-2026-11-22.html").as_uri()))
    assert audio(kept, "audio.duration") > 10


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (667, 375)])
def test_on_a_phone_everything_fits_and_can_be_tapped(visit, address, width, height):
    size = {"width": width, "height": height}
    tab = ready(visit(address, viewport=size, has_touch=True, is_mobile=True))
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.locator(".bar").bounding_box()["height"] < 0.22 * height
    tab.locator(".files summary").tap()
    tab.locator(".shelf > summary").tap()
    tab.locator("#s-3").tap()
    until(tab, "!document.querySelector('audio').paused")
    tab.get_by_role("searchbox").fill("الأولى")
    tab.locator(".search .down").wait_for()
    tab.locator(".menu summary").tap()
    targets = "button, summary, select, input[type=range], input[type=search], label, nav a, aside a, .drawers a"
    boxes = tab.evaluate(
        """(targets) => [...document.querySelectorAll(targets)].filter(it => it.checkVisibility())
            .map(it => { const box = it.getBoundingClientRect();
                return [it.outerHTML.slice(0, 120), box.width, box.height, box.left, box.right] })""",
        targets,
    )
    assert len(boxes) > 25
    for name, across, high, left, right in boxes:
        assert min(across, high) > 43.9, name
        assert left >= 0, name
        assert right <= width, name
    box = tab.locator(".panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0


@pytest.mark.parametrize(("locale", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_the_menu_is_laid_out_as_its_language_is_written(visit, address, locale, direction):
    tab = ready(visit(address, locale=locale))
    tab.locator(".menu summary").click()
    line = tab.locator(".panel label:has(input)").first
    label, mark = line.locator("span"), line.locator("input")
    right = mark.bounding_box()["x"] > label.bounding_box()["x"]
    assert right == (direction == "rtl")
    seek, now = tab.locator(".seek .track").bounding_box(), tab.locator(".seek .now").bounding_box()
    assert now["x"] < seek["x"], "time runs from left to right, as on players everywhere"
    assert tab.evaluate(
        "(() => { const box = document.querySelector('.panel').getBoundingClientRect();"
        " return document.querySelector('.panel').contains("
        "document.elementFromPoint(box.left + box.width / 2, box.bottom - 8)) })()"
    )


@pytest.mark.parametrize("locale", ["ar", "en"])
def test_a_long_title_is_cut_at_its_end(visit, serve, tmp_path, locale):
    title = "خبر طويل جدا " * 20
    shelve(tmp_path, sound=True, articles=[(title, ["نص."], None)])
    phone = {"width": 390, "height": 844}
    tab = ready(visit(serve(tmp_path), locale=locale, viewport=phone))
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    assert tab.evaluate(
        """(() => { const line = document.querySelector('.playing'), text = line.firstChild;
        const range = new Range(); range.setStart(text, 0); range.setEnd(text, 3);
        const word = range.getBoundingClientRect(), box = line.getBoundingClientRect();
        return word.right <= box.right + 1 && word.left >= box.left && line.scrollWidth > line.clientWidth })()"""
    )


def test_the_page_of_a_kept_edition_lists_those_that_came_after_it(visit, address):
    tab = ready(visit(f"{address}editions/briefing-2026-11-22.html"))
    rows = tab.locator(".shelf li a")
    rows.nth(2).wait_for()
    index = visit(address)
    wanted = [" ".join(one.split()) for one in index.locator(".shelf li a").all_inner_texts()]
    assert [" ".join(one.split()) for one in rows.all_inner_texts()] == wanted
    assert "22" in tab.locator(".shelf a[aria-current=page]").inner_text()
    rows.first.click()
    tab.wait_for_url("**/editions/briefing-2026-11-24.html")
    assert "24" in tab.locator(".meta").inner_text()


def test_the_link_to_the_shelf_opens_it(visit, address):
    phone = {"width": 390, "height": 844}
    for script in (True, False):
        tab = visit(address, viewport=phone, java_script_enabled=script)
        tab.get_by_role("link", name="الرف", exact=True).click()
        tab.locator(".shelf li").nth(2).wait_for()


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_it_is_as_light_or_dark_as_the_system(visit, address, scheme, dark):
    tab = visit(address, color_scheme=scheme)
    paper = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(map(int, paper[4:-1].split(","))) < 200) == dark


def test_an_english_browser_has_english_buttons_and_arabic_text(visit, address):
    tab = ready(visit(address, locale="en-GB"))
    assert tab.get_by_role("button", name="Play", exact=True).is_visible()
    assert "Tuesday" in tab.locator(".meta").inner_text()
    assert "6 articles" in tab.locator(".meta").inner_text()
    assert tab.evaluate("document.documentElement.dir") == "ltr"
    assert tab.evaluate("getComputedStyle(document.querySelector('article')).direction") == "rtl"
    tab.get_by_role("button", name="العربية").click()
    assert tab.get_by_role("button", name="تشغيل", exact=True).is_visible()
    tab.reload()
    assert tab.get_by_role("button", name="تشغيل", exact=True).is_visible()


def test_an_arabic_page_says_dates_and_numbers_in_arabic_after_a_turn_to_english(visit, address):
    tab = ready(visit(address))
    before = tab.locator(".meta").inner_text()
    tab.get_by_role("button", name="English").click()
    tab.get_by_role("button", name="العربية").click()
    assert tab.locator(".meta").inner_text() == before


@pytest.mark.parametrize(
    ("locale", "width", "scheme"),
    [("ar", 360, "dark"), ("ar", 1280, "light"), ("en", 360, "light"), ("en", 1280, "dark")],
)
def test_axe_finds_nothing_against_wcag_2_2_aa(visit, address, scheme, width, locale):
    tab = ready(
        visit(
            address,
            color_scheme=scheme,
            locale=locale,
            viewport={"width": width, "height": 800},
            bypass_csp=True,
        )
    )
    tab.locator("#s-4").click()
    until(tab, "!document.querySelector('audio').paused")
    audio(tab, "audio.pause()")
    tab.locator(".menu summary").click()
    tab.get_by_role("searchbox").fill("الأولى")
    tab.locator(".s.hit-now").wait_for()
    assert faults_by_axe(tab) == []


@pytest.mark.parametrize(("scheme", "locale"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing_when_a_night_failed_and_a_new_edition_is_out(
    visit, serve, tmp_path, scheme, locale
):
    shelve(
        tmp_path, sound=True, date="2026-11-23", skipped=[{"path": "a.txt", "reason": "no text"}]
    )
    record_last_build(tmp_path, "a.txt: no text")
    phone = {"width": 390, "height": 844}
    options = {"color_scheme": scheme, "locale": locale, "viewport": phone, "bypass_csp": True}
    tab = ready(visit(serve(tmp_path), **options))
    tab.locator(".failed").wait_for()
    shelve(tmp_path, sound=True, date="2026-11-24", articles=[("عنوان", ["نص."], None)])
    tab.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    tab.locator(".offer").wait_for()
    tab.locator(".shelf > summary").click()
    tab.locator(".files summary").click()
    assert faults_by_axe(tab) == []
    kept = ready(visit(tab.url + "editions/briefing-2026-11-23.html", context=tab.context))
    assert faults_by_axe(kept) == []


def test_it_can_be_used_by_keyboard_alone_and_the_focus_is_never_hidden(visit, address):
    tab = ready(visit(address))
    seen = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        state = tab.evaluate(
            """(() => { const it = document.activeElement, box = it.getBoundingClientRect();
            const bar = document.querySelector('.bar');
            const covered = !bar.contains(it) && box.bottom > innerHeight - bar.offsetHeight;
            const label = it.getAttribute('aria-label') || it.textContent.trim() || it.type;
            return [label, covered] })()"""
        )
        if state[0].startswith("إلى النص\n"):
            break  # the focus has left the page
        seen.append(state[0])
        assert not state[1], state
    assert "إلى النص" in seen[0]
    assert {"تشغيل", "تقديم 30 ثانية", "السرعة", "موضع الاستماع", "المزيد"} <= set(seen)
    assert any(label.startswith("استمع من") for label in seen)


def test_reduced_motion_scrolls_without_a_slide(visit, address):
    tab = ready(visit(address, reduced_motion="reduce", viewport={"width": 800, "height": 400}))
    tab.evaluate(
        "(() => { Element.prototype.scrollIntoView ="
        " function (how) { window.slid = how.behavior } })()"
    )
    tab.keyboard.press(".")
    for _ in range(8):
        tab.keyboard.press(".")
    until(tab, "window.slid")
    assert tab.evaluate("window.slid") == "instant"


NASTY = "<img src=x onerror='window.hacked=1'></script><script>window.hacked=1</script>&amp;"


def test_titles_and_texts_with_html_in_them_show_as_text(visit, serve, tmp_path):
    articles = [(f"عنوان {NASTY}", [f"نص {NASTY}"], NASTY)]
    shelve(
        tmp_path,
        sound=True,
        articles=articles,
        title=NASTY,
        fallback_reason=NASTY,
        skipped=[{"path": NASTY, "reason": NASTY}],
    )
    address = serve(tmp_path)
    tab = ready(visit(address))
    tab.locator(".s").last.dispatch_event("click")
    until(tab, "document.querySelector('audio').currentTime > 1")
    assert tab.evaluate("window.hacked") is None
    assert NASTY in tab.locator("h1").inner_text()
    assert NASTY in tab.locator(".playing").inner_text()
    assert "".join(tab.locator("article p .s").all_inner_texts()).replace(" ", "") == (
        f"نص{NASTY}".replace(" ", "")
    )
    assert tab.title().startswith(NASTY)


PIECES = """<b> </b> <script> </script> <!-- --> <!--<script> ]]> &amp; &lt; &#60; &#x3c;script&#x3e; "
    ' ` ${window.hacked=1} <img/src/onerror=window.hacked=1> <svg/onload=window.hacked=1> </span>
    </article> </title> </textarea> </style> <style>*{display:none}</style> \\u003c <a\u00a0href=javascript:1>
    javascript:window.hacked=1 onclick= <iframe> <base\u00a0href=//x> \u202e \u2066 \u200f \U0001f600
    كلمة عربية، ٣٪ (قوس) «قول» 50% $title <!--text--> <!--data--> {{7*7}}"""


def test_whatever_pieces_of_html_and_script_a_text_is_made_of_it_shows_as_text(
    visit, serve, tmp_path
):
    chance = random.Random(11)

    def words():
        return "بدء " + " ".join(chance.choices(PIECES.split(), k=chance.randint(1, 12)))

    articles = [(words(), [words() for _ in range(12)], words()) for _ in range(12)]
    sidecar = shelve(tmp_path, articles=articles, title=words(), sound=False)
    tab = visit(serve(tmp_path))
    tab.locator(".bar").wait_for()
    until(tab, "!document.querySelector('noscript')")
    wanted = [one["text"] for one in spoken_sentences(sidecar)]
    assert tab.evaluate("[...document.querySelectorAll('.s')].map(it => it.textContent)") == wanted
    titles = "[...document.querySelectorAll('.chapters bdi')].map(it => it.textContent)"
    assert tab.evaluate(titles) == [one[0] for one in articles]
    for at in range(0, len(wanted), 7):
        tab.evaluate(f"void document.querySelector('read-along').at({at * 5})")
    tab.get_by_role("searchbox").fill("<script>")
    tab.locator(".hits").get_by_text(" من ").wait_for()
    assert tab.evaluate(
        "[window.hacked, document.querySelectorAll('iframe, img:not(.cover), base').length]"
    ) == [
        None,
        0,
    ]


def test_an_open_page_offers_the_new_edition_and_opens_it(visit, serve, tmp_path):
    def build(date, text):
        shelve(tmp_path, sound=True, date=date, articles=[("عنوان", [text], None)])

    build("2026-11-23", "النص القديم.")
    address = serve(tmp_path)
    tab = ready(visit(address))
    with tab.expect_response("**/shelf.json"):
        tab.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    assert tab.locator(".offer").count() == 0
    build("2026-11-24", "النص الجديد.")
    tab.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    tab.get_by_text("صدر عدد جديد").wait_for()
    assert "النص القديم." in tab.locator("article").inner_text()
    tab.get_by_role("button", name="افتحه").click()
    tab.get_by_text("النص الجديد.").wait_for()


def test_ten_hours_of_text_stay_usable(visit, serve, tmp_path):
    texts = [f"هذه جملة في فقرة رقم {n}. " + "كلام كثير يتبعه كلام. " * 10 for n in range(40)]
    articles = [(f"خبر {n}", texts, None) for n in range(34)]
    sidecar = shelve(tmp_path, articles=articles, sound=False)
    words = sum(len(s["words"]) for p in sidecar["paragraphs"] for s in p["sentences"])
    assert words > 60_000
    address = serve(tmp_path)
    size = len(
        urllib.request.urlopen(
            urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        ).read()
    )
    assert size < 1_500_000
    tab = visit(address)
    tab.locator("#s-5").wait_for()
    seconds = tab.evaluate(
        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"
    )
    assert seconds < 20, "1 s on a quiet machine"
    last = sidecar["chapters"][-1]["start_s"]
    took = tab.evaluate(
        """(at) => { const begun = performance.now();
        const text = document.querySelector('read-along');
        for (let k = 0; k < 50; k++) text.at(at - k * 60);
        return (performance.now() - begun) / 50 }""",
        last,
    )
    assert took < 200, "milliseconds to move the highlight; 1 on a quiet machine"
    field = tab.get_by_role("searchbox")
    field.fill("فقرة رقم 39")
    until(tab, "document.querySelector('.hits').textContent === '1 من 34'")
    assert json.loads(tab.locator("#data").text_content())["chapters"][0][0] == "خبر 0"


def test_a_failed_night_is_found_on_the_page_and_goes_when_it_is_mended(visit, serve, tmp_path):
    shelve(tmp_path, sound=False)
    record_last_build(tmp_path, f"a.txt: {NASTY}")
    address = serve(tmp_path)
    tab = visit(address)
    tab.get_by_text("فشل آخر بناء").wait_for()
    assert NASTY in tab.locator(".failed").inner_text()
    record_last_build(tmp_path, "", exit_code=0)
    tab.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    tab.locator(".failed").wait_for(state="detached")
