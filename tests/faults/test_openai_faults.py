"""Every way in which a server of one's own or the way to it can fail, a row each in
openai_faults.tsv.

fault: by its name in server.FAULTS; requests: how many reach the server when it always fails so,
with two tries; spoken: whether there is sound all the same; message: a pattern that the error
tells.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from briefing.clip_cache import FolderStore
from briefing.errors import VoiceError
from tests.speech.openai.server import FAULTS, Reply, SpeechServer, fault, spoken_s
from tests.speech.openai.voices import make_voice

TEXT = "أعلنت وزارة الخارجية في بيان لها أمس."
KEPT = "وصل الوفد إلى العاصمة."
KEY = "sk-secret"
WAITS = ("stalled headers", "stalled body", "a byte at a time", "status 500 without an end")
WORST_S = 20.0
"""Two tries of a stall with a timeout of 1 s, on a machine that is loaded."""
STALL_TIMEOUT_S = 1.0
with Path(__file__).with_name("openai_faults.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    # it must not be asked: what is on this machine stays on it
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with SpeechServer() as running:
        yield running


@pytest.fixture(scope="module")
def results(request):
    """Print the count and the result of all faults at the end."""
    counts: Counter[str] = Counter()
    yield counts
    summary = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(
            f"\nOpenAI-like server: {len(ROWS)} faults in {sum(counts.values())} checks: {summary}"
        )


@pytest.fixture
def counted(results, request):
    before = request.session.testsfailed
    yield
    results["failed" if request.session.testsfailed > before else "as promised"] += 1


def seconds(speech):
    return len(speech.samples) / 2 / speech.sample_rate_hz


def test_every_fault_of_the_server_has_its_row():
    assert sorted(row["fault"] for row in ROWS) == sorted(FAULTS)


@pytest.mark.parametrize("row", ROWS, ids=[row["fault"] for row in ROWS])
def test_a_lasting_fault_ends_in_sound_or_one_clear_message_in_bounded_time(
    row, server, tmp_path, counted
):
    store = FolderStore(tmp_path)
    list(make_voice(server, store, key_variable="MY_KEY").speak([KEPT]))
    waits = row["fault"] in WAITS
    timeout_s = STALL_TIMEOUT_S if waits else 30.0
    voice = make_voice(server, store, tries=2, timeout_s=timeout_s, key_variable="MY_KEY")
    server.usual = fault(row["fault"])
    began = time.monotonic()
    if row["spoken"] == "yes":
        (speech,) = voice.speak([TEXT])
        assert speech.sample_rate_hz == 24_000
        assert seconds(speech) == pytest.approx(spoken_s(TEXT), abs=0.13)
        assert speech.word_starts is None
    else:
        with pytest.raises(VoiceError, match=row["message"]) as raised:
            list(voice.speak([KEPT, TEXT]))
        assert "\n" not in str(raised.value)
        assert TEXT not in str(raised.value)
        assert KEY not in str(raised.value)
    assert time.monotonic() - began < WORST_S
    asked = server.asked.count(TEXT)
    # a loaded machine may give up before its request has arrived
    assert (1 <= asked <= int(row["requests"])) if waits else asked == int(row["requests"])
    assert server.asked.count(KEPT) == 1

    # the next run asks for what is missing, and only for that
    server.usual = Reply()
    kept, speech = make_voice(server, store, key_variable="MY_KEY").speak([KEPT, TEXT])
    assert seconds(kept) == pytest.approx(spoken_s(KEPT), abs=0.13)
    assert seconds(speech) == pytest.approx(spoken_s(TEXT), abs=0.13)
    assert server.asked.count(KEPT) == 1
    assert server.asked.count(TEXT) == asked + (row["spoken"] == "no")


PASSING = (
    "status 429",
    "status 503",
    "reset: accept",
    "stalled body",
    "body cut",
    "noise",
    "empty",
)


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_is_not_noticed(name, server, tmp_path, counted):
    server.script([fault(name)])
    timeout_s = 3.0 if name in WAITS else 30.0
    (speech,) = make_voice(server, FolderStore(tmp_path), timeout_s=timeout_s).speak([TEXT])
    assert seconds(speech) == pytest.approx(spoken_s(TEXT), abs=0.13)
