"""Reading along while it plays, and finding a word as an Arabic reader types it."""

import random

import pytest

from tests.browser.test_listening import go_to, ready, sidecar_of, spoken_sentences
from tests.browser.waiting import until
from tests.publish.shelf_maker import shelve

pytestmark = pytest.mark.slow  # test_listening.py opens the page in each run

# What is sounding and what is marked, looked at together, frame by frame, while it plays.
WATCH = """() => {
  const audio = document.querySelector('audio');
  window.seen = [];
  const look = () => {
    const now = document.querySelector('.s.now');
    if (!audio.paused && !audio.seeking && window.seen.length < 400) window.seen.push([
      audio.currentTime, now && now.textContent, [...(CSS.highlights.get('word') || [])].map(String)]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

LAG_S = 0.2  # a frame of a busy machine


def place(rows, at):
    """The number of the last row that has begun at a time in seconds, 0 where none has."""
    return max(0, sum(row["start_s"] <= at for row in rows) - 1)


def test_at_20_moments_of_playing_the_sentence_and_word_are_those_that_sound(
    visit, listening, built
):
    tab, rows = ready(visit(listening)), spoken_sentences(sidecar_of(built))
    tab.evaluate(f"({WATCH})()")
    chance = random.Random(20)
    for row in chance.sample(rows, 20):
        start = chance.uniform(row["start_s"], max(row["start_s"], row["end_s"] - 0.3))
        go_to(tab, start)
        tab.evaluate("void (window.seen = [], document.querySelector('audio').play())")
        until(tab, "window.seen.length >= 6")
        tab.evaluate("void document.querySelector('audio').pause()")
        for at, sentence, words in tab.evaluate("window.seen")[2:]:
            shown = place(rows, at - LAG_S), place(rows, at + 0.01)
            near = rows[shown[0] : shown[1] + 1]
            assert sentence in [one["text"] for one in near], at
            if near == [row] and row["timing"] == "exact":
                spoken = row["words"]
                shown = place(spoken, at - LAG_S), place(spoken, at + 0.02)
                assert words[0] in [one["text"] for one in spoken[shown[0] : shown[1] + 1]], at


TEXTS = """قَالَ الرَّئِيسُ إنّ المسؤولين أكّدوا الأمر.
سُئل المسئول عن القرآن وآخر الأنباء.
هذه مدرســـة كبيرة على الطريق إلى مستشفى.
بلغت الكلفة ٣٥٠٠ دينار، وبلغت 42 ريالًا.
قال بناؤه إن البناء قديم.
زارت شركة Café Müller الشيخ علي.
وصل \u200fالوفد\u200f أمس إلی طهران."""


@pytest.fixture
def reading(visit, serve, tmp_path):
    """A tab on an article whose paragraphs are the lines of TEXTS, numbered from 1."""
    shelve(tmp_path, articles=[("عنوان", TEXTS.splitlines(), None)], sound=False)
    return visit(serve(tmp_path))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("الرئيس", {1}),  # vowels in the text
        ("الرييس", {1}),  # the hamza's seat without its hamza
        ("الرئِيس", {1}),  # a vowel in what is typed
        ("مسؤول", {1, 2}),  # two spellings of one word
        ("مسئول", {1, 2}),
        ("مسوول", {1}),
        ("القران", {2}),
        ("اخر الانباء", {2}),
        ("مدرسه", {3}),  # taa marbuta as haa, and a tatweel in the text
        ("مدرسة", {3}),
        ("مستشفي", {3}),  # alef maqsura as yaa
        ("3500", {4}),  # digits of either kind
        ("٤٢", {4}),
        ("بناء", {5}),  # the hamza whatever its seat
        ("cafe muller", {6}),
        ("على", {3, 6}),  # and the name علي, as Egypt writes it
        ("الوفد امس الي", {7}),  # marks of direction, a Persian yaa
        ("زيارة", set()),
    ],
)
def test_a_word_is_found_as_a_reader_types_it(reading, typed, found):
    reading.get_by_role("searchbox").fill(typed)
    said = f"1 من {len(found)}" if found else "لا نتائج"
    until(reading, f"document.querySelector('.hits').textContent === '{said}'")
    hits = {text.split()[0] for text in reading.locator(".s.hit").all_inner_texts()}
    assert hits == {TEXTS.splitlines()[number - 1].split()[0] for number in found}
    shown = reading.evaluate("[...CSS.highlights.get('found')].map(String)")
    assert len(shown) >= len(found)
    assert all(text == text.strip() for text in shown)


def test_what_is_marked_is_what_was_typed_as_it_is_written(reading):
    reading.get_by_role("searchbox").fill("الرييس ان")
    until(reading, "document.querySelector('.s.hit-now')")
    shown = reading.evaluate("[...CSS.highlights.get('found')].map(String)")
    assert shown == ["الرَّئِيسُ إنّ"]


def test_the_search_stays_in_sight_while_its_results_are_looked_at(visit, address):
    tab = ready(visit(address, viewport={"width": 390, "height": 700}))
    field = tab.get_by_role("searchbox")
    field.fill("في الخبر 6")
    until(tab, "document.querySelector('.hits').textContent === '1 من 1'")
    until(tab, "scrollY > 500")
    box = field.bounding_box()
    assert 0 <= box["y"] < 60
    hit = tab.locator(".hit-now").bounding_box()
    assert hit["y"] > box["y"] + box["height"]
    field.press("Escape")
    tab.evaluate("void document.activeElement.blur()")
    assert field.bounding_box()["y"] < 0, "else it would hide what is read"


def test_what_is_typed_nowhere_hides_nothing(visit, address):
    for locale, direction in (("ar", "rtl"), ("en", "ltr")):
        tab = ready(visit(address, locale=locale))
        style = "getComputedStyle(document.querySelector('.search input')).direction"
        assert tab.evaluate(style) == direction
