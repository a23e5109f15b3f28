"""The desk's page, over the real `briefing desk`, in a real browser."""

import json
import re
import resource
import shutil
from contextlib import contextmanager

import pytest

from tests.browser.desks import desk_of
from tests.browser.test_page_in_a_browser import faults_by_axe
from tests.browser.waiting import PATIENCE_S, until
from tests.conftest import Project, make_project

pytestmark = pytest.mark.slow

NEWS = """أخبار القرية

قال الرئيس لديه مكالمة طويلة مع الرئيس فلاديمير فين بوتين من روسيا. وقال فين إن الاجتماع كان مفيدا.
وعاد المدرس إلى بيته مع السيد شنكلوف. زار كيلوج مدينة دورتموند مع هيلموت كول.
"""
HOSTILE = """<img src=x onerror="window.hacked=1"> عنوان

<script>window.hacked=1</script> قال الوزير <b onclick="window.hacked=1">نعم</b>. {{constructor}} &lt;i&gt; ${1}
</script></style><iframe src="javascript:window.hacked=1"></iframe> انتهى الخبر.
"""
ARTICLES = {"01.txt": NEWS, "02.txt": HOSTILE}
BY_HAND = "فَيْنْ"
"""What the tests write for فين, which is read فِينْ: the vowel of its first letter, sukun on its second."""


@pytest.fixture(scope="module")
def reading_desk(tmp_path_factory):
    """A desk for tests that change nothing on it."""
    project = make_project(tmp_path_factory.mktemp("desk") / "project", ARTICLES)
    with desk_of(project) as desk:
        yield desk


@pytest.fixture
def desk(tmp_path):
    """A desk of the test's own."""
    with desk_of(make_project(tmp_path / "project", {"01.txt": NEWS})) as desk:
        yield desk


WRITTEN = "فَيْن"
"""As it stands in the lexicon: a name's end is found in its sentence."""


def ready(tab):
    """Wait for the marks of the open article."""
    tab.locator(".w.u-name").first.wait_for()
    return tab


def press(tab, *keys):
    for key in keys:
        tab.keyboard.press(key)


def to_guessed_name(tab):
    """Go to the first guessed name; wait until its panel has the candidates and their places."""
    press(tab, "Shift+n")
    tab.locator("#mend").wait_for()
    until(tab, "document.querySelector('#places-always').textContent")
    return tab


def write_by_hand(tab):
    """Write BY_HAND into the field: sukun on the second letter, fatha on the first."""
    press(tab, "e", "ArrowRight", "4", "ArrowRight", "1")
    assert tab.locator("#field").input_value() == BY_HAND


def test_a_name_is_mended_and_heard_right_in_the_new_edition_with_eight_keys(
    visit, sample, tmp_path
):
    folder = tmp_path / "project"
    shutil.copytree(sample.folder, folder, symlinks=True)
    before = json.loads((folder / "audio" / "briefing.json").read_text("utf-8"))
    with desk_of(Project(folder)) as desk:
        tab = ready(visit(desk.address))
        keys = ("Shift+n", "e", "ArrowRight", "4", "ArrowRight", "1", "Enter", "b")
        assert len(keys) <= 12
        press(tab, *keys[:-1])
        with tab.expect_response("**/api/edition_sound", timeout=1000 * PATIENCE_S) as edition:
            press(tab, keys[-1])
        assert edition.value.status == 200
        assert int(edition.value.headers["content-length"]) > 100_000, "it takes seconds"
        tab.locator("#again").wait_for()
        assert desk.lexicon.read_text("utf-8").count(WRITTEN) == 1
        after = json.loads((folder / "audio" / "briefing.json").read_text("utf-8"))
        changed = [
            number
            for number, (old, new) in enumerate(
                zip(before["paragraphs"], after["paragraphs"], strict=True)
            )
            if [word["end_s"] - word["start_s"] for word in old["sentences"][0]["words"]]
            != pytest.approx(
                [word["end_s"] - word["start_s"] for word in new["sentences"][0]["words"]],
                abs=0.001,
            )
        ]
        assert changed == [1], "the paragraph with the name is spoken anew, and no other"
        until(tab, "!document.querySelector('#build').hidden")
        tab.close()


@pytest.mark.parametrize(
    ("locale", "width", "scheme"),
    [("ar", 360, "dark"), ("ar", 1600, "light"), ("en", 360, "light"), ("en", 1280, "dark")],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    visit, reading_desk, locale, width, scheme
):
    size = {"width": width, "height": 800}
    tab = visit(reading_desk.address, locale=locale, viewport=size, color_scheme=scheme)
    ready(tab)
    assert tab.evaluate("document.documentElement.dir") == ("rtl" if locale == "ar" else "ltr")
    faults = faults_by_axe(tab)
    to_guessed_name(tab)
    press(tab, "v")
    tab.locator(".spoken").wait_for()
    faults += faults_by_axe(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    press(tab, "?")
    tab.locator("#help[open]").wait_for()
    faults += faults_by_axe(tab)
    press(tab, "Escape", "Escape")
    if width < 960:
        tab.locator("#show-list").click()
    tab.locator(".add").first.click()
    tab.locator("#add-form .primary").click()
    tab.locator("#add-trouble:not(:empty)").wait_for()
    faults += faults_by_axe(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert faults == []


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_everything_can_be_tapped(visit, reading_desk, width):
    size = {"width": width, "height": 780}
    tab = ready(visit(reading_desk.address, viewport=size, has_touch=True, is_mobile=True))
    tab.locator(".w.u-name").first.tap()
    until(tab, "document.querySelectorAll('.candidate').length > 2")
    targets = "button, .candidate label, .scope label, #field"
    boxes = tab.evaluate(
        """(targets) => [...document.querySelectorAll(targets)].filter(it => it.checkVisibility({visibilityProperty: true}))
            .map(it => { const box = it.getBoundingClientRect();
                return [it.outerHTML.slice(0, 120), box.width, box.height, box.left, box.right] })""",
        targets,
    )
    assert len(boxes) > 20
    for name, across, high, left, right in boxes:
        assert high > 31.9, name
        assert across > 31.9, name
        assert left >= 0, name
        assert right <= width, name
    word = tab.locator(".w[aria-current]").bounding_box()
    assert word["y"] + word["height"] < tab.locator("#panel").bounding_box()["y"], "it is in sight"
    tab.locator("#close-panel").tap()
    tab.locator("#show-list").tap()
    tab.locator("#briefings .open").nth(1).tap()
    tab.get_by_text("انتهى الخبر").wait_for()


def test_an_unsure_word_is_marked_by_its_line_and_its_name_and_never_by_ink_alone(
    visit, reading_desk
):
    tab = ready(visit(reading_desk.address, locale="en"))
    word = tab.get_by_role("button", name=re.compile("unsure, guessed name")).first
    assert word.inner_text() == "فين"
    style = "getComputedStyle(document.querySelector('{}')).textDecorationStyle"
    assert tab.evaluate(style.format(".w.u-name")) == "wavy"
    assert tab.evaluate(style.format(".u-ending .sample")) == "dotted"
    assert tab.evaluate(style.format(".u-other .sample")) == "dashed"
    assert tab.evaluate(style.format(".own .sample")) == "double"


def test_the_token_leaves_the_address_at_once_and_only_the_tab_keeps_it(visit, reading_desk):
    tab = ready(visit(reading_desk.address))
    token = reading_desk.address.partition("token=")[2]
    assert len(token) == 64
    assert token not in tab.url
    assert tab.evaluate("history.length") <= 2
    assert tab.evaluate("document.cookie + JSON.stringify(localStorage)").count(token) == 0
    assert tab.context.cookies() == []
    tab.reload()
    ready(tab)
    host = reading_desk.address.partition("/#")[0]
    assert [url for url in visit.asked if not url.startswith((host, "data:", f"blob:{host}"))] == []
    assert [url for url in visit.asked if token in url.partition("#")[0]] == []


def test_without_a_token_the_page_shows_nothing_and_says_where_to_get_one(visit, reading_desk):
    visit.expected.append("401")
    tab = visit(reading_desk.address.partition("#")[0])
    tab.locator("#trouble").get_by_text("briefing desk --link").wait_for()
    assert tab.locator(".w, .open").count() == 0
    tab.evaluate("address => { location.href = address }", reading_desk.address)
    ready(tab)
    assert tab.locator("#trouble").is_hidden()


def test_markup_and_scripts_of_an_article_are_its_text(visit, reading_desk):
    visit.expected.append("TrustedHTML")
    tab = ready(visit(reading_desk.address))
    elements = "[...document.querySelectorAll('#words *, #briefings *')].map(it => it.localName)"
    tab.locator("#briefings .open").nth(1).click()
    tab.get_by_text("انتهى الخبر").wait_for()
    until(tab, "document.querySelector('#words .w')")
    assert "<script>window.hacked=1</script>" in tab.locator("#words").inner_text()
    assert set(tab.evaluate(elements)) <= {
        *("p", "h2", "h3", "span", "ul", "li", "section", "button", "svg", "use", "bdi")
    }
    press(tab, "ArrowLeft", "Enter")
    tab.locator("#mend").wait_for()
    press(tab, "v")
    tab.locator("#all-spoken").click()
    assert tab.evaluate("typeof window.hacked") == "undefined"
    with pytest.raises(Exception, match="TrustedHTML"):  # no markup of a text, even by mistake
        tab.evaluate("() => { document.body.innerHTML = '<b>1</b>' }")


def test_everything_is_done_by_keys(desk, visit):
    tab = ready(visit(desk.address))
    press(tab, "ArrowLeft", "ArrowLeft")
    assert tab.evaluate("document.activeElement.textContent") == "القرية"
    press(tab, "ArrowRight")
    assert tab.evaluate("document.activeElement.textContent") == "أخبار"
    tab.evaluate(
        """() => new MutationObserver(() => { window.sounded ||= document.querySelector('.w.sounding')?.textContent })
            .observe(document.querySelector('#words'), { subtree: true, attributes: true })"""
    )
    with tab.expect_response("**/api/sound", timeout=1000 * PATIENCE_S) as sound:
        press(tab, "Space")
    assert sound.value.status == 200
    until(tab, "window.sounded === 'أخبار'")
    press(tab, "Enter")
    tab.locator("#mend").wait_for()
    assert tab.locator("#panel-word").inner_text() == "أخبار"
    press(tab, "Escape")
    assert tab.evaluate("document.activeElement.textContent") == "أخبار"
    to_guessed_name(tab)
    assert tab.locator("#panel-word").inner_text() == "فين"
    first = tab.locator("#field").input_value()
    press(tab, "ArrowDown")
    assert tab.locator("#field").input_value() != first
    press(tab, "e", "n", "Backspace", "9")
    assert tab.locator("#mend").is_visible(), "in the field, letters are letters"
    assert tab.locator("#field").input_value().endswith("\u0670")
    press(tab, "Escape")
    to_guessed_name(tab)
    press(tab, "p")
    tab.locator("#help").wait_for(state="hidden")
    press(tab, "?")
    tab.locator("#help[open]").wait_for()
    press(tab, "Escape")
    tab.locator("#help").wait_for(state="hidden")


def test_a_reading_is_saved_where_it_was_meant_and_undone(desk, visit):
    tab = to_guessed_name(ready(visit(desk.address)))
    assert tab.locator("#places-article").inner_text() == "موضعان"
    write_by_hand(tab)
    press(tab, "Enter")
    tab.locator(".w.own").nth(1).wait_for()
    assert tab.locator("#panel-word").inner_text() != "فين", "on to the next"
    assert WRITTEN in desk.lexicon.read_text("utf-8")
    press(tab, "u")
    until(tab, "document.querySelectorAll('.w.own').length === 0")
    assert not desk.lexicon.exists() or WRITTEN not in desk.lexicon.read_text("utf-8")
    assert tab.get_by_role("button", name="تراجع", exact=True).is_disabled()


def test_a_word_that_is_right_is_reviewed_with_enter_and_stays_so(desk, visit):
    tab = to_guessed_name(ready(visit(desk.address)))
    marked = tab.locator(".w.u-name").count()
    press(tab, "Enter")
    until(tab, f"document.querySelectorAll('.w.u-name').length === {marked - 1}")
    tab.reload()
    ready(tab)
    assert tab.locator(".w.u-name").count() == marked - 1
    assert not desk.lexicon.exists()


def test_a_lexicon_edited_by_hand_meanwhile_is_told_and_nothing_is_lost(desk, visit):
    visit.expected.append("409")
    tab = to_guessed_name(ready(visit(desk.address)))
    write_by_hand(tab)
    by_hand = '# by hand\n[words]\n"بوتين" = "بُوتِينْ"\n'
    desk.lexicon.write_text(by_hand, "utf-8")
    press(tab, "Enter")
    trouble = tab.get_by_role("alert").filter(has_text="names.toml")
    trouble.wait_for()
    assert tab.locator("#field").input_value() == BY_HAND
    assert desk.lexicon.read_text("utf-8") == by_hand
    trouble.get_by_role("button", name="احفظ الآن").click()
    tab.locator(".w.own").first.wait_for()
    text = desk.lexicon.read_text("utf-8")
    assert text.startswith(by_hand)
    assert WRITTEN in text


def test_an_article_changed_on_disk_meanwhile_is_told_and_what_was_typed_is_kept(desk, visit):
    visit.expected.append("409")
    tab = to_guessed_name(ready(visit(desk.address)))
    write_by_hand(tab)
    desk.project.write("01.txt", NEWS.replace("أخبار القرية", "أخبار القرية اليوم"))
    press(tab, "Enter")
    tab.locator("#trouble").get_by_role("button").first.click()
    tab.locator("#words").get_by_text("اليوم").wait_for()
    tab.locator(".w[aria-current]").wait_for()
    until(tab, f"document.querySelector('#field').value === '{BY_HAND}'")
    assert tab.locator("#panel-word").inner_text() == "فين"
    press(tab, "Enter")
    tab.locator(".w.own").first.wait_for()


def test_an_impossible_reading_is_refused_beside_the_field(desk, visit):
    visit.expected.append("400")
    tab = to_guessed_name(ready(visit(desk.address)))
    tab.locator("#field").fill("[")
    press(tab, "Enter")
    tab.locator("#field-trouble:not(:empty)").wait_for()
    assert tab.locator("#field").input_value() == "["
    assert not desk.lexicon.exists()
    tab.locator("#field").fill("")
    press(tab, "Enter")
    tab.get_by_text("القراءة فارغة").wait_for()


def test_a_desk_that_is_gone_is_told_and_what_was_typed_is_kept(desk, visit):
    visit.expected += ["ERR_CONNECTION", "Failed to load"]
    tab = to_guessed_name(ready(visit(desk.address)))
    write_by_hand(tab)
    desk.stop()
    press(tab, "Enter")
    tab.get_by_role("alert").filter(has_text="لا يجيب").wait_for()
    assert tab.locator("#field").input_value() == BY_HAND
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.close()


def test_an_online_voice_is_heard_only_after_a_yes(visit, tmp_path):
    visit.expected.append("ERR_FAILED")
    project = make_project(tmp_path / "project", {"01.txt": NEWS})
    project.configure('voice = "gtts"\n')
    with desk_of(project) as desk:
        tab = ready(visit(desk.address))
        asked = []
        tab.route("**/api/sound", lambda route: (asked.append(route.request), route.abort()))
        press(tab, "ArrowLeft", "Space")
        dialog = tab.get_by_role("dialog", name="يغادر النص هذا الجهاز")
        dialog.wait_for()
        assert faults_by_axe(tab) == []
        press(tab, "Enter")  # "no" is what Enter means
        dialog.wait_for(state="hidden")
        assert asked == []
        press(tab, "Space")
        dialog.get_by_role("button", name="نعم").click()
        tab.get_by_role("alert").filter(has_text="لا يجيب").wait_for()
        assert [request.post_data_json["agreed"] for request in asked] == [True]
        tab.close()


def test_an_article_is_pasted_dropped_and_left_out(desk, visit):
    tab = ready(visit(desk.address))
    tab.locator(".add").click()
    tab.locator("#add-name").fill("خبر ملصق")
    tab.locator("#add-text").fill("قال الوزير نعم.")
    tab.locator("#add-form .primary").click()
    tab.locator("#briefings li").nth(1).wait_for()
    (added,) = (desk.project.folder / "seeds").glob("خبر*")
    assert added.read_text("utf-8").startswith("خبر ملصق\n")
    tab.evaluate(
        """() => { const data = new DataTransfer();
        data.items.add(new File(["خبر مُسقط\\n\\nقال الوزير لا."], "dropped.txt"));
        document.querySelector('.briefing').dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true })) }"""
    )
    tab.locator("#briefings li").nth(2).wait_for()
    assert (desk.project.folder / "seeds" / "dropped.txt").exists()
    tab.get_by_role("button", name=re.compile("استبعد من العدد القادم: أخبار القرية")).click()
    tab.get_by_role("button", name=re.compile("أعِد إلى العدد القادم: أخبار القرية")).wait_for()
    tab.locator("#undo").click()
    tab.get_by_role("button", name=re.compile("استبعد من العدد القادم: أخبار القرية")).wait_for()


def test_a_failed_build_says_why(desk, visit):
    visit.expected.append("503")
    tab = ready(visit(desk.address))
    desk.project.configure("voice = 3\n")
    press(tab, "b")
    trouble = tab.locator("#trouble")
    trouble.get_by_text("فشل البناء").or_(trouble.get_by_text("config.toml")).first.wait_for()
    assert "voice" in trouble.inner_text()


@contextmanager
def small_files_alone(desk, most):
    """Let the desk, and what it starts, write no file beyond `most` bytes, as on a full disk."""
    pid, kind = desk.process.pid, resource.RLIMIT_FSIZE
    _, hard = resource.prlimit(pid, kind)
    resource.prlimit(pid, kind, (most, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, kind, (hard, hard))


def build_to_end(tab):
    """Build by the key, and wait until the button is there again."""
    press(tab, "b")
    until(tab, "document.querySelector('#build').hidden")
    until(tab, "!document.querySelector('#build').hidden")


def test_a_full_disk_is_told_and_what_was_typed_is_kept(desk, visit):
    visit.expected.append("507")
    tab = to_guessed_name(ready(visit(desk.address)))
    write_by_hand(tab)
    before = sorted(desk.project.folder.glob("*.toml"))
    with small_files_alone(desk, 0):
        press(tab, "Enter")
        tab.get_by_text("القرص ممتلئ").first.wait_for()
        assert tab.locator("#field").input_value() == BY_HAND
        assert sorted(desk.project.folder.glob("*.toml")) == before
    press(tab, "Enter")
    tab.locator(".w.own").first.wait_for()
    assert WRITTEN in desk.lexicon.read_text("utf-8")


def test_a_build_that_fails_midway_is_told_and_the_last_edition_stays(desk, visit):
    tab = ready(visit(desk.address))
    sound = desk.project.folder / "audio" / "briefing.mp3"
    build_to_end(tab)
    before = sound.read_bytes()
    desk.project.write("01.txt", NEWS + "وقال المدير إن العمل انتهى.\n" * 30)
    with small_files_alone(desk, len(before)):  # the new edition is longer
        press(tab, "b")
        tab.locator("#trouble").get_by_text("فشل البناء").first.wait_for()
        assert "audio: cannot be written: File too large" in tab.locator("#trouble").inner_text()
    assert sound.read_bytes() == before
    build_to_end(tab)
    assert not tab.locator("#trouble").get_by_text("فشل البناء").is_visible()
    assert len(sound.read_bytes()) > len(before)


def test_a_large_collection_is_readable_at_once_and_hardly_moves(visit, tmp_path):
    article = "خبر رقم {n}\n\n" + "\n".join([NEWS.splitlines()[2]] * 3)
    articles = {f"{n:03}.txt": article.format(n=n) for n in range(80)}
    with desk_of(make_project(tmp_path / "project", articles)) as desk:
        tab = visit(desk.address)
        tab.locator("#words p").first.wait_for()
        tab.evaluate(
            """() => { window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(
            entry => { if (!entry.hadRecentInput) window.shift += entry.value }))
            .observe({ type: "layout-shift", buffered: true }) }"""
        )
        ready(tab)
        assert tab.locator("#briefings li").count() == 80
        until(
            tab,
            "[...document.querySelectorAll('#briefings .count')].slice(0, 8)"
            ".every(it => /\\d|كلم/.test(it.textContent))",
        )
        tab.wait_for_timeout(200)
        assert tab.evaluate("window.shift") <= 0.05
        tab.close()
