"""Every way in which Google or the way to it can fail, a row each in google_faults.tsv.

fault: by its name in proxy.FAULTS; requests: how many reach Google when it always fails so, with
three tries; spoken: whether there is sound all the same; message: a pattern that the error tells.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from briefing.errors import VoiceError
from tests.speech.google.proxy import FAULTS, Answer, fault, seconds_of
from tests.speech.google.voices import FolderOfPieces, make_voice

TEXT = "قال الوزير للصحفيين أمس."
KEPT = "وصل الوفد إلى العاصمة."
WORST_S = 20.0
"""Three tries of a stall with a timeout of 1 s, on a machine that is loaded; without a timeout one
of them lasts 120 s."""
STALLS = {"stalled headers", "stalled body", "a byte at a time"}
STALL_TIMEOUT_S = 1.0
with Path(__file__).with_name("google_faults.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))


@pytest.fixture
def proxy(monkeypatch):
    from tests.speech.google.proxy import GoogleProxy

    with GoogleProxy() as running:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", running.url)
        yield running


@pytest.fixture(scope="module")
def results(request):
    """Print the count and the result of all faults at the end."""
    counts: Counter[str] = Counter()
    yield counts
    told = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\nGoogle: {len(ROWS)} faults in {sum(counts.values())} checks: {told}")


@pytest.fixture
def counted(results, request):
    before = request.session.testsfailed
    yield
    failed = request.session.testsfailed > before
    results["failed" if failed else "as promised"] += 1


def seconds(speech):
    return len(speech.samples) / 2 / speech.sample_rate_hz


def test_every_fault_of_the_proxy_has_its_row():
    assert sorted(row["fault"] for row in ROWS) == sorted(FAULTS)


@pytest.mark.parametrize("row", ROWS, ids=[row["fault"] for row in ROWS])
def test_a_lasting_fault_ends_in_sound_or_one_clear_message_in_bounded_time(
    row, proxy, tmp_path, counted
):
    store = FolderOfPieces(tmp_path)
    list(make_voice(store).speak([KEPT]))
    stalls = row["fault"] in STALLS
    voice = make_voice(store, timeout_s=STALL_TIMEOUT_S) if stalls else make_voice(store)
    proxy.usual = fault(row["fault"])
    began = time.monotonic()
    if row["spoken"] == "yes":
        (speech,) = voice.speak([TEXT])
        assert seconds(speech) == pytest.approx(seconds_of(TEXT), abs=0.13)
    else:
        with pytest.raises(VoiceError, match=row["message"]) as raised:
            list(voice.speak([KEPT, TEXT]))
        assert "\n" not in str(raised.value)
        assert TEXT not in str(raised.value)
    assert time.monotonic() - began < WORST_S
    asked = proxy.asked.count(TEXT)
    # a loaded machine may give up before its request has arrived
    assert (1 <= asked <= int(row["requests"])) if stalls else asked == int(row["requests"])
    assert proxy.asked.count(KEPT) == 1

    # the next run pays for what is missing, and only for that
    proxy.usual = Answer()
    (kept, speech) = make_voice(store).speak([KEPT, TEXT])
    assert seconds(kept) == pytest.approx(seconds_of(KEPT), abs=0.1)
    assert seconds(speech) == pytest.approx(seconds_of(TEXT), abs=0.13)
    assert proxy.answered.count(KEPT) == proxy.answered.count(TEXT) == 1


PASSING = [row["fault"] for row in ROWS if row["spoken"] == "no" and row["requests"] != "1"]
FINAL_AT_THE_PROXY = {"proxy 403", "proxy 407"}


@pytest.mark.parametrize("name", [one for one in PASSING if one not in FINAL_AT_THE_PROXY])
def test_a_passing_fault_is_not_noticed(name, proxy, tmp_path, counted):
    proxy.script([fault(name)])
    timeout_s = 3.0 if name in STALLS else 30.0
    (speech,) = make_voice(FolderOfPieces(tmp_path), timeout_s=timeout_s).speak([TEXT])
    assert seconds(speech) == pytest.approx(seconds_of(TEXT), abs=0.1)
    assert proxy.answered == [TEXT]
