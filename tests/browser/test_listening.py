"""Listening in a real browser: playing, seeking, reading along, coming back."""

import json
import random
import re
from pathlib import Path

import pytest

from tests.browser.waiting import until
from tests.publish.shelf_maker import shelve

SECOND_CHAPTER = '[id="c-1"]'


def audio(tab, expression):
    return tab.evaluate(
        f"(() => {{ const audio = document.querySelector('audio'); return {expression}; }})()"
    )


def ready(tab):
    until(tab, "document.querySelector('audio').readyState >= 1")
    return tab


def wait_time(tab, seconds):
    until(tab, f"Math.abs(document.querySelector('audio').currentTime - {seconds}) < 0.2")


def sidecar_of(folder):
    return json.loads((folder / "briefing.json").read_text("utf-8"))


def spoken_sentences(sidecar):
    rows = [one for paragraph in sidecar["paragraphs"] for one in paragraph["sentences"]]
    return [one for one in rows if one["text"].strip()]


def go_to(tab, seconds):
    tab.evaluate(
        """(at) => new Promise((done) => {
            const audio = document.querySelector('audio');
            audio.addEventListener('seeked', () => done(), { once: true });
            audio.currentTime = at;
        })""",
        seconds,
    )


def test_a_real_briefing_plays(visit, listening):
    tab = ready(visit(listening))
    tab.get_by_role("button", name="تشغيل", exact=True).click()
    until(tab, "document.querySelector('audio').currentTime > 1.2")
    assert tab.get_by_role("button", name="إيقاف مؤقت", exact=True).is_visible()
    until(tab, "document.querySelector('.seek .now').textContent !== '0:00'")
    tab.get_by_role("button", name="إيقاف مؤقت", exact=True).click()
    assert audio(tab, "audio.paused")


def test_the_highlighted_sentence_is_the_sidecars_at_20_moments(visit, listening, built):
    tab, sidecar = ready(visit(listening)), sidecar_of(built)
    rows = spoken_sentences(sidecar)
    chance = random.Random(7)
    for row in chance.sample(rows, min(20, len(rows))):
        at = chance.uniform(row["start_s"] + 0.01, max(row["start_s"] + 0.02, row["end_s"] - 0.01))
        go_to(tab, at)
        assert tab.locator(".s.now").all_text_contents() == [row["text"]], at


def test_the_highlighted_word_is_the_sidecars_where_its_time_is_exact(visit, listening, built):
    tab, sidecar = ready(visit(listening)), sidecar_of(built)
    rows = [one for one in spoken_sentences(sidecar) if one["timing"] == "exact"]
    assert rows
    chance = random.Random(8)
    for row in chance.sample(rows, 12):
        word = chance.choice([one for one in row["words"] if one["end_s"] - one["start_s"] > 0.06])
        go_to(tab, (word["start_s"] + word["end_s"]) / 2)
        shown = tab.evaluate("[...CSS.highlights.get('word')].map(String)")
        assert shown == [word["text"]]


def test_while_it_plays_the_highlight_moves_by_itself_and_scrolls(visit, address):
    tab = ready(visit(address, viewport={"width": 800, "height": 500}))
    tab.locator(f"{SECOND_CHAPTER} p .s").first.click()
    first = tab.locator(".s.now").inner_text()
    until(tab, f"document.querySelector('.s.now').textContent !== {json.dumps(first)}")
    tab.evaluate("document.querySelector('audio').playbackRate = 3")
    until(tab, "scrollY > 300")
    until(
        tab,
        "(() => { const box = document.querySelector('.s.now').getBoundingClientRect();"
        " return box.top > 0 && box.bottom < innerHeight })()",
    )


def test_a_reader_who_scrolls_away_is_left_alone_and_can_come_back(visit, address):
    tab = ready(visit(address, viewport={"width": 800, "height": 500}))
    tab.locator("#s-0").click()
    tab.mouse.move(400, 200)
    tab.mouse.wheel(0, 1500)
    tab.get_by_role("button", name="عُد إلى ما يُقرأ").wait_for()
    tab.evaluate("document.querySelector('audio').playbackRate = 3")
    away = tab.evaluate("scrollY")
    now = int(tab.locator(".s.now").get_attribute("id")[2:])
    until(tab, f"Number(document.querySelector('.s.now').id.slice(2)) >= {now + 3}")
    assert tab.evaluate("scrollY") == pytest.approx(away, abs=5)
    tab.get_by_role("button", name="عُد إلى ما يُقرأ").click()
    until(tab, f"scrollY < {away} - 300")
    assert tab.locator("button.return").is_hidden()


def test_a_reader_who_leaves_by_a_key_while_it_scrolls_is_not_pulled_back(visit, address):
    tab = ready(visit(address, viewport={"width": 800, "height": 500}))
    tab.evaluate("void (document.querySelector('audio').playbackRate = 3)")
    tab.locator("#s-12").dispatch_event("click")
    until(tab, "document.querySelector('#s-12').classList.contains('now')")
    tab.keyboard.press("End")
    tab.locator("button.return").wait_for()
    until(tab, "scrollY + innerHeight > document.documentElement.scrollHeight - 5")
    until(tab, "Number(document.querySelector('.s.now').id.slice(2)) >= 15")
    assert tab.evaluate("scrollY + innerHeight > document.documentElement.scrollHeight - 5")


def test_a_click_on_a_sentence_plays_it_from_its_start(visit, address, several):
    tab = ready(visit(address))
    row = spoken_sentences(sidecar_of(several))[9]
    audio(
        tab,
        "void audio.addEventListener('seeking', () => { window.sought = audio.currentTime;"
        " window.shown = document.querySelector('.s.now').textContent; })",
    )
    tab.locator("#s-9").click()
    until(tab, "!document.querySelector('audio').paused")
    until(tab, "window.sought !== undefined")
    assert tab.evaluate("window.sought") == pytest.approx(row["start_s"], abs=0.01)
    assert tab.evaluate("window.shown") == row["text"]


def test_the_keys_do_what_the_help_says(visit, address):
    tab = ready(visit(address))
    press = tab.keyboard.press
    press("Space")
    until(tab, "!document.querySelector('audio').paused")
    press("k")
    until(tab, "document.querySelector('audio').paused")
    go_to(tab, 20)
    for key, seconds in (("l", 50), ("j", 35), ("ArrowRight", 40), ("ArrowLeft", 35)):
        press(key)
        wait_time(tab, seconds)
    for key, rate in (("]", 1.1), ("]", 1.25), ("[", 1.1), ("[", 1), ("[", 0.9)):
        press(key)
        assert audio(tab, "audio.playbackRate") == rate
    before = tab.locator(".s.now").get_attribute("id")
    press(".")
    until(tab, f"document.querySelector('.s.now').id !== '{before}'")
    press(",")
    until(tab, f"document.querySelector('.s.now').id === '{before}'")
    press("/")
    assert tab.evaluate("document.activeElement.type") == "search"
    tab.keyboard.type("j k l")
    assert tab.get_by_role("searchbox").input_value() == "j k l"


def test_the_space_bar_plays_and_pauses_after_a_click_on_anything(visit, address):
    tab = ready(visit(address))
    # what Space does by itself is scroll by a page; by where the page stands it cannot be told, as
    # the page itself may still be on its way to the sentence that was clicked
    tab.evaluate(
        "void addEventListener('keydown', (event) =>"
        " setTimeout(() => { window.scrolls = !event.defaultPrevented }))"
    )
    for click in (
        tab.locator(".chapters a").nth(2).click,
        tab.get_by_role("button", name="تقديم 30 ثانية").click,
        tab.locator("#s-4").click,
        tab.locator(".t").nth(2).click,
    ):
        audio(tab, "void audio.pause()")
        click()
        before = audio(tab, "audio.paused")
        tab.evaluate("void delete window.scrolls")
        tab.keyboard.press("Space")
        until(tab, f"document.querySelector('audio').paused === {json.dumps(not before)}")
        assert audio(tab, "audio.readyState") >= 1
        until(tab, "window.scrolls === false")


def test_the_keys_are_those_places_on_an_arabic_keyboard(visit, address):
    tab = ready(visit(address))
    go_to(tab, 20)
    tab.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " { key: 'م', code: 'KeyL', bubbles: true }))"
    )
    wait_time(tab, 50)


def test_the_keys_can_be_turned_off(visit, address):
    tab = ready(visit(address))
    tab.locator(".menu summary").click()
    tab.get_by_label("اختصارات لوحة المفاتيح").uncheck()
    tab.keyboard.press("Escape")
    tab.locator("h1").click()
    tab.keyboard.press("l")
    assert audio(tab, "audio.currentTime") == 0


def test_buttons_chapters_and_the_seek_bar_move(visit, address, several):
    tab, chapters = ready(visit(address)), sidecar_of(several)["chapters"]
    tab.get_by_role("button", name="تقديم 30 ثانية").click()
    wait_time(tab, 30)
    tab.get_by_role("button", name="رجوع 15 ثانية").click()
    wait_time(tab, 15)
    tab.locator(".chapters a").nth(3).press("Enter")  # a click would need a page that stands still
    until(tab, f"document.querySelector('audio').currentTime >= {chapters[3]['start_s']} - 0.05")
    assert tab.locator(".chapters a[aria-current]").inner_text().startswith(chapters[3]["title"])
    assert tab.locator(".playing").inner_text() == chapters[3]["title"]
    audio(tab, "audio.pause()")
    tab.get_by_role("button", name="الفصل التالي").click()
    wait_time(tab, chapters[4]["start_s"])
    tab.get_by_role("button", name="الفصل السابق").click()
    wait_time(tab, chapters[3]["start_s"])
    seek = tab.get_by_role("slider", name="موضع الاستماع")
    seek.focus()
    tab.keyboard.press("Home")
    wait_time(tab, 0)
    tab.keyboard.press("ArrowRight")
    wait_time(tab, 1)
    assert re.fullmatch(r"0:01 من \d:\d\d", seek.get_attribute("aria-valuetext"))
    assert tab.locator(".marks i").count() == len(chapters) - 1


def test_while_the_opening_line_sounds_no_chapter_is_marked(visit, serve, tmp_path):
    def open_with_a_line(sidecar):
        opening = [one for one in sidecar["paragraphs"] if one["chapter"] == 0]
        for one in opening:
            one["chapter"] = None
        sidecar["chapters"][0]["start_s"] = opening[-1]["end_s"] + 0.1

    articles = [(f"خبر {n}", ["نص الخبر. وبقيته."], None) for n in range(4)]
    sidecar = shelve(tmp_path, sound=True, articles=articles, change=open_with_a_line)
    first = sidecar["chapters"][0]["start_s"]
    tab = ready(visit(serve(tmp_path)))
    assert tab.locator(".playing").inner_text() == sidecar["title"]
    assert tab.locator(".chapters a[aria-current]").count() == 0
    assert tab.locator(".marks i").count() == 4
    tab.get_by_role("button", name="الفصل التالي").click()
    wait_time(tab, first)
    assert tab.locator(".playing").inner_text() == sidecar["chapters"][0]["title"]
    tab.get_by_role("button", name="الفصل السابق").click()
    wait_time(tab, 0)


def test_place_speed_and_volume_are_remembered(visit, address):
    tab = ready(visit(address))
    tab.locator(".rate").select_option("1.5")
    go_to(tab, 41)
    tab.evaluate("document.querySelector('audio').volume = 0.5")
    until(tab, "localStorage.getItem('briefing:volume') === '0.5'")
    tab.reload()
    ready(tab)
    wait_time(tab, 41)
    assert audio(tab, "[audio.playbackRate, audio.volume]") == [1.5, 0.5]
    assert tab.locator(".seek .now").inner_text() == "0:41"
    assert "0:41" in tab.locator(".toast").inner_text()


def test_each_edition_has_a_place_of_its_own(visit, address):
    tab = ready(visit(address))
    go_to(tab, 41)
    other = ready(visit(f"{address}editions/briefing-2026-11-22.html", context=tab.context))
    assert audio(other, "audio.currentTime") == 0


@pytest.mark.parametrize("written", ["33.5", "0:33.5", "0:00:33.5"])
def test_a_link_to_a_moment_opens_there(visit, address, several, written):
    tab = ready(visit(f"{address}#t={written}"))
    wait_time(tab, 33.5)
    rows = [one for one in spoken_sentences(sidecar_of(several)) if one["start_s"] <= 33.5]
    assert tab.locator(".s.now").inner_text() == rows[-1]["text"]
    assert tab.locator(".s.now").is_visible()


def test_a_link_to_the_moment_is_copied_and_lasts(visit, address):
    tab = ready(visit(address, permissions=["clipboard-read", "clipboard-write"]))
    go_to(tab, 12.34)
    tab.locator(".menu summary").click()
    tab.get_by_role("button", name="انسخ رابط هذه اللحظة").click()
    until(tab, "document.querySelector('.toast').textContent === 'نُسخ الرابط'")
    link = tab.evaluate("navigator.clipboard.readText()")
    assert link == f"{address}editions/briefing-2026-11-24.html#t=12.3"
    wait_time(ready(visit(link)), 12.3)


def test_search_finds_words_whatever_their_vowels_and_alefs(visit, address):
    tab = ready(visit(address))
    field = tab.get_by_role("searchbox")
    field.fill("قال المحلل ان الاسواق")
    until(tab, "document.querySelector('.hits').textContent === '1 من 6'")
    found = tab.evaluate("[...CSS.highlights.get('found')].map(String)")
    assert found[0] == "قَالَ المُحَلِّلُ إنّ الأسواقَ"
    field.press("Enter")
    until(tab, "document.querySelector('.hits').textContent === '2 من 6'")
    field.press("Enter")
    until(tab, "document.querySelector('.hits').textContent === '3 من 6'")
    field.press("Shift+Enter")
    until(tab, "document.querySelector('.hits').textContent === '2 من 6'")
    field.fill("لا شيء كهذا")
    until(tab, "document.querySelector('.hits').textContent === 'لا نتائج'")
    field.press("Escape")
    assert tab.locator(".s.hit").count() == 0


def test_lock_screens_and_headsets_know_what_plays(visit, address, several):
    tab = ready(visit(address))
    tab.locator(".chapters a").nth(2).click()
    until(tab, "navigator.mediaSession.metadata?.title === 'خبر رقم 3'")
    shown = tab.evaluate("navigator.mediaSession.metadata.artist")
    assert shown == sidecar_of(several)["title"]


HEADSET = """(() => {
  window.headset = {}; window.places = [];
  const session = navigator.mediaSession, handle = session.setActionHandler.bind(session);
  session.setActionHandler = (name, action) => { window.headset[name] = action; handle(name, action); };
  const place = session.setPositionState.bind(session);
  session.setPositionState = (state) => { window.places.push(state); place(state); };
})()"""


def test_the_keys_of_headsets_and_lock_screens_work(visit, address, several):
    chapters = sidecar_of(several)["chapters"]
    tab = visit("about:blank")
    tab.add_init_script(HEADSET)
    tab.goto(address)
    ready(tab)

    def press(name, detail="{}"):
        tab.evaluate(f"void window.headset.{name}({detail})")

    press("play")
    until(tab, "!document.querySelector('audio').paused")
    press("pause")
    until(tab, "document.querySelector('audio').paused")
    for name, detail, seconds in (
        ("seekto", "{ seekTime: 40 }", 40),
        ("seekbackward", "{}", 25),
        ("seekforward", "{}", 55),
        ("seekforward", "{ seekOffset: 10 }", 65),
        ("previoustrack", "{}", max(c["start_s"] for c in chapters if c["start_s"] < 62)),
        ("nexttrack", "{}", min(c["start_s"] for c in chapters if c["start_s"] > 65)),
    ):
        press(name, detail)
        wait_time(tab, seconds)
    until(tab, "window.places.length > 3")
    state = tab.evaluate("window.places.at(-1)")
    assert state["duration"] == pytest.approx(sidecar_of(several)["duration_s"], abs=0.2)
    assert 0 < state["position"] <= state["duration"]
    shown = tab.evaluate("navigator.mediaSession.metadata.artwork[0].src")
    assert shown == f"{address}cover.png"


def test_every_speed_from_a_half_to_three_is_kept_for_the_next_visit(visit, address):
    tab = ready(visit(address))
    speeds = [
        float(one)
        for one in tab.locator(".rate option").evaluate_all("them => them.map(it => it.value)")
    ]
    assert speeds == sorted(speeds)
    assert (speeds[0], speeds[-1]) == (0.5, 3)
    for speed in (0.5, 3):
        tab.locator(".rate").select_option(f"{speed:g}")
        again = ready(visit(f"{address}editions/briefing-2026-11-22.html", context=tab.context))
        assert audio(again, "audio.playbackRate") == speed
    audio(again, "void audio.play()")
    until(again, "document.querySelector('audio').currentTime > 0.5")
    assert audio(again, "audio.playbackRate") == 3


def test_the_sound_is_downloaded_under_the_name_of_its_day(visit, address, several):
    tab = ready(visit(address))
    for link in (".files a[download]", ".panel .download"):
        tab.locator(".menu summary" if "panel" in link else ".files summary").click()
        with tab.expect_download() as download:
            tab.locator(link).click()
        assert download.value.suggested_filename == "briefing-2026-11-24.mp3"
        assert Path(download.value.path()).read_bytes() == (several / "briefing.mp3").read_bytes()


def test_volume_and_mute(visit, address):
    tab = ready(visit(address))
    tab.locator(".menu summary").click()
    slider = tab.get_by_role("slider", name="مستوى الصوت")
    slider.focus()
    for _ in range(4):
        tab.keyboard.press("ArrowLeft")
    assert audio(tab, "audio.volume") == pytest.approx(0.8)
    tab.get_by_role("button", name="كتم الصوت", exact=True).click()
    assert audio(tab, "audio.muted")
    until(tab, "document.querySelector('.volume').value === '0'")
    again = ready(visit(address, context=tab.context))
    assert audio(again, "[audio.muted, Math.round(audio.volume * 10)]") == [True, 8]
    again.locator(".menu summary").click()
    again.get_by_role("button", name="إلغاء الكتم").click()
    assert not audio(again, "audio.muted")


def test_a_drag_along_the_seek_bar_shows_the_time_and_goes_there_when_let_go(visit, address):
    tab = ready(visit(address))
    box = tab.locator(".seek input").bounding_box()
    height = box["y"] + box["height"] / 2
    tab.mouse.move(box["x"] + 8, height)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] / 2, height, steps=5)
    shown = tab.locator(".seek .now").inner_text()
    assert shown != "0:00"
    assert audio(tab, "audio.currentTime") == 0
    tab.mouse.up()
    middle = audio(tab, "audio.duration") / 2
    until(tab, f"Math.abs(document.querySelector('audio').currentTime - {middle}) < 2")


def test_nothing_is_asked_of_any_other_place(visit, address, listening):
    for start in (address, listening):
        tab = ready(visit(start))
        tab.locator("#s-3").click()
        until(tab, "document.querySelector('audio').currentTime > 1")
        while f"{start}shelf.json" not in visit.asked:
            tab.wait_for_timeout(25)
    assert all(url.startswith((address, listening, "data:")) for url in visit.asked)


def test_sound_that_cannot_be_had_is_said(visit, address):
    visit.expected.append(r"404 .*gone\.mp3")  # the browser's own line about the missing file
    tab = visit(address)
    tab.evaluate("document.querySelector('audio').src = 'gone.mp3'")
    tab.get_by_role("alert").get_by_text("تعذّر تشغيل الصوت").wait_for()
