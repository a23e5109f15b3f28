"""The read-along book in a reading system: foliate-js plays it in Chromium, word by word.

foliate-js (MIT) is fetched from the npm index, checked by its digest, and kept by pytest's cache.
"""

import base64
import hashlib
import io
import mimetypes
import tarfile
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.browser.waiting import PATIENCE_S, until
from tests.conftest import BUILT_DATE, make_project
from tests.publish.books import HALF_A_MILLISECOND, Book, heard_words

pytestmark = pytest.mark.slow

READER = "https://registry.npmjs.org/foliate-js/-/foliate-js-1.0.1.tgz"
DIGEST = "Cj4h2ub5aVA+yUgbhvVhCyxwi0GPF4pyNBa6Lw9+6WKY1ReBxipItn2kEBO6u7Vu/xYXjK711R74+t+yW/0u5w=="
TRIES = 3
NO_ANSWER = {502, 503, 504}
"""A proxy's answers if it cannot reach the index."""
ORIGIN = "http://127.0.0.1/"
"""Nothing is asked there: each request is answered by the test."""
WORDS = 50
LATEST_S = 0.1

ARTICLES = {
    "a.txt": "مطر في بيروت\n\nهطل المطر صباح اليوم على بيروت والجبال القريبة منها. أغلقت المدارس"
    " أبوابها، وقال الوزير إن 25 طريقا ما زالت سالكة.\n"
    "وذكرت شركة Apple أن متاجرها مفتوحة. وتنتهي العاصفة مساء غد.\n",
    "b.txt": "فوز المنتخب\n\nفاز المنتخب في مباراة الأمس أمام جمهور كبير. احتفل الناس في الشوارع حتى"
    " الصباح، ثم عادوا إلى بيوتهم.\n",
}

PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:0"><script type="module">
// A browser reports its time about four times a second, and less often on a busy machine: a reader
// then skips words. Here it is told the time of the sound that is playing in small steps.
const STEP_S = 0.02;
const Sound = window.Audio;
const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
window.heard = [];
window.Audio = function (url) {
  const sound = window.sound = new Sound(url);
  let told = 0;
  Object.defineProperty(sound, "currentTime", {
    get: () => told,
    set: (value) => { told = value; time.set.call(sound, value); },
  });
  sound.addEventListener("timeupdate", (event) => event.isTrusted && event.stopImmediatePropagation());
  setInterval(() => {
    while (!sound.paused && !sound.seeking && told < time.get.call(sound)) {
      told = Math.min(told + STEP_S, time.get.call(sound));
      sound.dispatchEvent(new Event("timeupdate"));
    }
  }, 5);
  return sound;
};
import "/view.js";
const view = document.createElement("foliate-view");
view.style.cssText = "display:block;width:100vw;height:100vh";
document.body.append(view);
await view.open(new File([await (await fetch("/book.epub")).blob()], "book.epub"));
const active = view.book.media.activeClass;
view.mediaOverlay.addEventListener("highlight", ({ detail }) => {
  if (window.heard.at(-1)?.text === detail.text) return;
  window.heard.push({ text: detail.text, begin: detail.begin, at: window.sound.currentTime });
});
view.mediaOverlay.addEventListener("error", ({ detail }) => { window.trouble = String(detail); });
window.shown = new Set();
setInterval(() => {
  for (const { doc } of view.renderer.getContents())
    for (const word of doc.getElementsByClassName(active))
      window.shown.add(`${word.textContent} ${getComputedStyle(word).backgroundColor}`);
}, 20);
await view.init({ showTextStart: true });
window.view = view;
</script>"""


@pytest.fixture(scope="module")
def reader(request) -> dict[str, bytes]:
    """The files of foliate-js by their paths."""
    kept = request.config.cache.mkdir("foliate-js") / READER.rpartition("/")[2]
    content = kept.read_bytes() if kept.exists() else b""
    if digest(content) != DIGEST:
        content = fetch(READER)
        assert digest(content) == DIGEST, f"{READER} is another file than it was"
        kept.write_bytes(content)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        files = {row.name: archive.extractfile(row) for row in archive if row.isfile()}
        return {name.removeprefix("package"): file.read() for name, file in files.items()}


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha512(content).digest()).decode()


def fetch(address: str) -> bytes:
    """Fetch a file; skip where no network is."""
    reason = None
    for attempt in range(TRIES):
        time.sleep(attempt)
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in NO_ANSWER:
                    raise
                reason = error
        except OSError as error:
            reason = error
    pytest.skip(f"no network: {address} cannot be fetched: {reason}")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("reader") / "project", ARTICLES)
    project.configure("output.epub = true\n")
    done = project.run("build", "--date", BUILT_DATE)
    assert done.returncode == 0, done.stderr
    return project.audio


@pytest.fixture
def opened(chromium, reader, shelf):
    """The book, opened in the reader."""
    files = {**reader, "/": PAGE.encode(), "/book.epub": (shelf / "briefing.epub").read_bytes()}

    def answer(route):
        path = urlsplit(route.request.url).path
        kind = mimetypes.guess_type(path)[0] or "text/html"
        route.fulfill(
            status=200 if path in files else 404, content_type=kind, body=files.get(path, b"")
        )

    context = chromium.new_context(locale="ar", viewport={"width": 800, "height": 600})
    context.set_default_timeout(1000 * PATIENCE_S)
    try:
        context.route(f"{ORIGIN}**", answer)
        tab = context.new_page()
        tab.goto(ORIGIN)
        until(tab, "window.view")
        yield tab
    finally:
        context.close()


def test_a_reader_highlights_each_of_fifty_words_when_it_is_heard(opened, shelf):
    words = heard_words(shelf / "briefing.json")[:WORDS]
    assert len(words) == WORDS
    texts = {f"{par.document}#{par.id}": par.text for par in Book(shelf / "briefing.epub").pars()}
    opened.evaluate("() => { view.mediaOverlay.start(0); }")
    until(opened, f"heard.length >= {WORDS} || window.trouble", seconds=10 * PATIENCE_S)
    assert opened.evaluate("window.trouble ?? ''") == ""
    heard = opened.evaluate("heard")[:WORDS]
    for highlight, word in zip(heard, words, strict=True):
        assert word["text"] in texts[highlight["text"].rpartition("/")[2]]
        assert abs(highlight["begin"] - word["start_s"]) <= HALF_A_MILLISECOND
        assert abs(highlight["at"] - word["start_s"]) <= LATEST_S, word
    # on a busy machine the reader may have been too late to show any word; at rest it shows one
    opened.evaluate("() => { view.mediaOverlay.pause(); view.mediaOverlay.prev(); }")
    until(opened, "shown.size")
    assert all("rgb(255, 224, 138)" in word for word in opened.evaluate("[...shown]"))


def test_a_reader_shows_the_contents_from_right_to_left(opened):
    contents = opened.evaluate("view.book.toc.map((entry) => entry.label.trim())")
    assert contents[1:] == ["مطر في بيروت", "فوز المنتخب"]
    assert opened.evaluate("view.book.dir") == "rtl"
    assert opened.evaluate("view.book.metadata.language") in ("ar", ["ar"])
