"""The transcript (WebVTT) and the JSON chapters, read back by their own rules."""

import json
import re

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
    head = {
        "title": 'موجز "اليوم"',
        "chapters": [{"title": "<أ>", "start_s": 0.26, "end_s": 90.5, "source": 0}],
    }
    read = json.loads(chapters_json(head))
    assert read["version"] == "1.2.0"
    assert read["chapters"] == [{"startTime": 0.26, "endTime": 90.5, "title": "<أ>"}]
