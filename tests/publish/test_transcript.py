"""The transcript (WebVTT) and the JSON chapters, read back by their own rules."""

import json
import re

from briefing.mastering.formats.tags import ChapterMark
from briefing.publish.player_chapters import player_chapters
from briefing.publish.transcript import WebVtt, chapters_json, timestamp

CUE = re.compile(
    r"(\d+)\n(\d\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d\d+):(\d\d):(\d\d)\.(\d{3})\n((?:.+\n)+)"
)


def cues(text):
    """Read WebVTT back: (start in ms, end in ms, lines)."""
    header, *blocks = text.split("\n\n")
    assert header.startswith("WEBVTT\n")
    read = []
    for block in blocks:
        found = CUE.fullmatch(block.rstrip("\n") + "\n")
        assert found, block
        h1, m1, s1, t1, h2, m2, s2, t2 = map(int, found.groups()[1:9])
        read.append(
            (
                ((h1 * 60 + m1) * 60 + s1) * 1000 + t1,
                ((h2 * 60 + m2) * 60 + s2) * 1000 + t2,
                found[10].splitlines(),
            )
        )
    return read


def paragraph(*sentences):
    return {"sentences": [{"text": t, "start_s": a, "end_s": b} for t, a, b in sentences]}


def webvtt(*paragraphs):
    file = WebVtt("ar")
    return file.head + "".join(map(file.cues, paragraphs))


def test_each_sentence_is_one_cue_at_its_own_time():
    text = webvtt(paragraph(("أولى.", 0.25, 1.5), ("ثانية.", 1.9, 3661.007)))
    assert cues(text) == [(250, 1500, ["أولى."]), (1900, 3661007, ["ثانية."])]


def test_lines_are_at_most_65_characters_and_lose_no_word():
    words = [f"كلمة{n}" for n in range(60)]
    text = webvtt(paragraph((" ".join(words), 0, 9)))
    (_, _, lines) = cues(text)[0]
    assert len(lines) > 1
    assert max(map(len, lines)) <= 65
    assert " ".join(lines).split() == words


def test_markup_arrows_and_line_breaks_in_a_text_stay_text():
    text = webvtt(paragraph(("a --> b <v x>\n\nNOTE &amp;\r\n2", 0, 1)))
    assert cues(text) == [(0, 1000, ["a --&gt; b &lt;v x&gt; NOTE &amp;amp; 2"])]


def test_a_sentence_with_nothing_to_show_gives_no_cue_and_a_silent_one_has_a_length():
    text = webvtt(paragraph((" \n", 0, 1), ("…", 2, 2)))
    assert cues(text) == [(2000, 2001, ["…"])]


def test_ten_hours_have_more_than_one_digit_of_hours():
    assert timestamp(36_000_000) == "10:00:00.000"


def test_chapters_are_podcasting_json():
    read = json.loads(chapters_json('موجز "اليوم"', [ChapterMark("<أ>", 0.26, 90.5)]))
    assert (read["version"], read["title"]) == ("1.2.0", 'موجز "اليوم"')
    assert read["chapters"] == [{"startTime": 0.26, "endTime": 90.5, "title": "<أ>"}]


def shown(chapters, sections=(), *, has_opening=False):
    rows = [{"title": t, "start_s": a, "end_s": b, "source": 0} for t, a, b in chapters]
    parts = [{"title": t, "start_s": a, "end_s": 0, "chapters": at} for t, a, at in sections]
    listed = {"sources": [], "chapters": rows, "sections": parts}
    return player_chapters(listed, 60.0, has_opening=has_opening)


def test_each_chapter_lasts_until_the_next_begins_and_the_first_begins_at_0():
    read = shown([("أ", 2.5, 20), ("ب", 21, 30), ("صامت", 30, 30), ("ج", 31, 55)])
    assert [(mark.title, mark.start_s, mark.end_s) for mark in read.marks] == [
        ("أ", 0, 21),
        ("ب", 21, 30),
        ("صامت", 30, 31),
        ("ج", 31, 60),
    ]
    assert read.sections == ()


def test_the_opening_and_the_headings_of_sections_are_chapters_of_their_own():
    chapters = [("أ", 9, 20), ("ب", 21, 30), ("ج", 33, 55)]
    read = shown(chapters, [("رياضة", 8, [0, 1])], has_opening=True)
    assert [(mark.title, mark.start_s, mark.end_s) for mark in read.marks] == [
        ("المقدمة", 0, 8),
        ("رياضة", 8, 9),
        ("أ", 9, 21),
        ("ب", 21, 33),
        ("ج", 33, 60),
    ]
    (section,) = read.sections
    assert (section.title, section.start_s, section.end_s) == ("رياضة", 8, 33)
    assert [read.marks[at].title for at in section.chapters] == ["رياضة", "أ", "ب"]
