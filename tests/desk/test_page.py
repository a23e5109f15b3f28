"""The desk's page as it is sent: without content, without a place for others' scripts."""

import re
from pathlib import Path

import pytest

import briefing.desk.page as page
from briefing.desk.page import SCRIPTS, assemble_page, desk_strings

FOLDER = Path(page.__file__).parent
SOURCES = [FOLDER / name for name in (*SCRIPTS, "desk.html")]


@pytest.mark.parametrize(
    ("language", "begins"), [("ar", 'lang="ar" dir="rtl"'), ("en", 'lang="en" dir="ltr"')]
)
def test_the_page_is_in_the_language_that_was_asked_for(language, begins):
    html = assemble_page(language).html.decode()
    assert begins in html
    assert f'<h1 data-i="desk">{desk_strings()["desk"][language]}</h1>' in html
    assert not re.search(r"\$s?_?[a-z_]+<", html), "no value of the template is missing"


def test_only_the_pages_own_script_and_style_run_and_no_text_becomes_markup():
    sent = assemble_page("ar")
    assert "unsafe" not in sent.csp
    for directive in (
        *("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"),
        *("require-trusted-types-for 'script'", "form-action 'none'", "base-uri 'none'"),
    ):
        assert directive in sent.csp
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    for risk in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert risk not in source
    assert "cookie" not in source
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", source)


def test_script_and_style_are_under_90_kb():
    assert len(assemble_page("ar").html) < 120_000
    assert sum((FOLDER / name).stat().st_size for name in (*SCRIPTS, "desk.css")) < 90_000


def test_each_string_is_there_in_both_languages_and_each_string_that_is_used():
    texts = desk_strings()
    for key, text in texts.items():
        assert text.keys() == {"ar", "en"}, key
        if isinstance(text["ar"], dict):
            assert {"one", "two", "few", "many", "other"} <= text["ar"].keys(), key
            assert {"one", "other"} <= text["en"].keys(), key
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    families = tuple(re.findall(r'say\("(\w+_)"', source))
    used = set(re.findall(r'say\("(\w+[a-z])"|data-i(?:-label)?="(\w+)"', source))
    assert {key for pair in used for key in pair if key} <= texts.keys()
    for key in texts.keys() - {"language"}:  # the shared script's
        assert f'"{key}"' in source or key.startswith(families), f"{key} is used nowhere"
