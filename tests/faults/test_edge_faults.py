"""Every way in which Microsoft's service or the way to it can fail, a row each in edge_faults.tsv.

fault: by its name in service.FAULTS; requests: how many texts reach the service when it always
fails so, with two tries; spoken: whether there is sound all the same; words: whether the times of
its words are known; message: a pattern that the error tells.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from briefing.clip_cache import FolderStore
from briefing.errors import VoiceError
from tests.speech.edge.voices import asking_the_loopback, make_voice

TEXT = "أعلنت وزارة الخارجية في بيان لها أمس."
KEPT = "وصل الوفد إلى العاصمة."
STALLS = ("silence", "silence midway", "a message a second")
WORST_S = 20.0
"""Two tries of a stall with a timeout of 1 s, on a machine that is loaded."""
STALL_TIMEOUT_S = 1.0
with Path(__file__).with_name("edge_faults.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))


@pytest.fixture
def service(monkeypatch):
    with asking_the_loopback(monkeypatch) as running:
        yield running


@pytest.fixture(scope="module")
def results(request):
    """Print the count and the result of all faults at the end."""
    counts: Counter[str] = Counter()
    yield counts
    summary = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\nEdge: {len(ROWS)} faults in {sum(counts.values())} checks: {summary}")


@pytest.fixture
def counted(results, request):
    before = request.session.testsfailed
    yield
    results["failed" if request.session.testsfailed > before else "as promised"] += 1


def seconds(speech):
    return len(speech.samples) / 2 / speech.sample_rate_hz


def test_every_fault_of_the_service_has_its_row():
    pytest.importorskip("edge_tts", reason="edge-tts is not installed (extra edge)")
    from tests.speech.edge.service import FAULTS

    assert sorted(row["fault"] for row in ROWS) == sorted(FAULTS)


@pytest.mark.parametrize("row", ROWS, ids=[row["fault"] for row in ROWS])
def test_a_lasting_fault_ends_in_sound_or_one_clear_message_in_bounded_time(
    row, service, tmp_path, counted
):
    from tests.speech.edge.service import EdgeAnswer, fault, spoken_s

    store = FolderStore(tmp_path)
    list(make_voice(store).speak([KEPT]))
    stalls = row["fault"] in STALLS
    voice = make_voice(store, tries=2, timeout_s=STALL_TIMEOUT_S if stalls else 30.0)
    service.usual = fault(row["fault"])
    began = time.monotonic()
    if row["spoken"] == "yes":
        (speech,) = voice.speak([TEXT])
        assert seconds(speech) == pytest.approx(spoken_s(TEXT), abs=0.13)
        assert (speech.word_starts is not None) == (row["words"] == "exact")
    else:
        with pytest.raises(VoiceError, match=row["message"]) as raised:
            list(voice.speak([KEPT, TEXT]))
        assert "\n" not in str(raised.value)
        assert TEXT not in str(raised.value)
    assert time.monotonic() - began < WORST_S
    asked = service.asked.count(TEXT)
    # a loaded machine may give up before its request has arrived
    assert (1 <= asked <= int(row["requests"])) if stalls else asked == int(row["requests"])
    assert service.asked.count(KEPT) == 1

    # the next run asks for what is missing, and only for that
    service.usual = EdgeAnswer()
    kept, speech = make_voice(store).speak([KEPT, TEXT])
    assert seconds(kept) == pytest.approx(spoken_s(KEPT), abs=0.13)
    assert seconds(speech) == pytest.approx(spoken_s(TEXT), abs=0.13)
    assert service.asked.count(KEPT) == 1
    if row["spoken"] == "no":
        assert service.asked.count(TEXT) == asked + 1


PASSING = (
    "status 403",
    "status 429",
    "status 503",
    "reset: request",
    "silence midway",
    "close midway",
    "eof midway",
    "no sound",
    "message: no json",
)


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_is_not_noticed(name, service, tmp_path, counted):
    from tests.speech.edge.service import fault, spoken_s

    # edge-tts itself asks once more after a 403, and aiohttp after a connection that is dropped
    service.script([fault(name)] * (2 if name in ("status 403", "reset: request") else 1))
    timeout_s = 3.0 if name in STALLS else 30.0
    (speech,) = make_voice(FolderStore(tmp_path), timeout_s=timeout_s).speak([TEXT])
    assert seconds(speech) == pytest.approx(spoken_s(TEXT), abs=0.13)
    assert speech.word_starts is not None
    assert service.answered == [TEXT]
