"""Microsoft's voice as its user hears it: the real client, the service on the loopback."""

import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from briefing.errors import VoiceError
from briefing.speech.edge.alignment import word_starts_s as aligned
from briefing.speech.edge.answer import Boundary
from briefing.speech.edge.speakers import ARABIC
from tests.conftest import ROOT
from tests.speech.edge.voices import asking_the_loopback, make_voice

pytest.importorskip("edge_tts", reason="edge-tts is not installed (extra edge)")

from tests.speech.edge.service import EdgeAnswer, fault, spoken_s

SHORT = "أعلنت وزارة الخارجية في بيان لها أمس."
OTHER = "وصل الوفد إلى العاصمة."
LONG = "، ".join([SHORT[:-1]] * 40) + "."


@pytest.fixture
def service(monkeypatch):
    with asking_the_loopback(monkeypatch) as running:
        yield running


@pytest.fixture
def voice(store):
    return make_voice(store)


def seconds(speech):
    return len(speech.samples) / 2 / speech.sample_rate_hz


# what is heard


def test_words_begin_where_the_sound_of_them_begins(service, voice):
    (speech,) = voice.speak([SHORT])
    samples = np.abs(np.frombuffer(speech.samples, "<i2").astype(float))
    assert len(speech.word_starts) == len(SHORT.split())
    for start in speech.word_starts[1:]:
        before, after = samples[start - 700 : start - 200], samples[start + 200 : start + 700]
        assert after.mean() > 20 * before.mean()


def test_the_words_of_a_long_sentence_are_counted_through_its_requests(service, voice):
    (speech,) = voice.speak([LONG])
    assert len(service.asked) > 1
    assert " ".join(service.asked) == LONG
    assert len(speech.word_starts) == len(LONG.split())
    assert list(speech.word_starts) == sorted(speech.word_starts)
    first_words = len(service.asked[0].split())
    gap_s = 0.2
    assert speech.word_starts[first_words] / 24_000 == pytest.approx(
        spoken_s(service.asked[0]) + gap_s, abs=0.1
    )


def test_what_is_sent_is_what_we_wrote_whatever_its_signs(service, voice):
    text = "قال <س> و&ب 'ص' \"ع\"."
    list(voice.speak([text]))
    assert service.asked == [text]


def test_speaker_rate_and_pitch_are_asked_for(service, store):
    list(
        make_voice(store, speaker="ar-EG-SalmaNeural", rate_percent=-10, pitch_hz=5).speak([SHORT])
    )
    assert "(ar-EG, SalmaNeural)" in service.ssml[0]
    assert "rate='-10%'" in service.ssml[0]
    assert "pitch='+5Hz'" in service.ssml[0]


def test_every_sentence_of_a_clip_gets_its_speech_also_the_empty_one(service, voice):
    speeches = list(voice.speak([SHORT, "", OTHER]))
    assert [len(speech.samples) > 0 for speech in speeches] == [True, False, True]


# what is asked once


def test_no_text_is_requested_twice_also_after_an_upgrade(service, store, monkeypatch):
    first = list(make_voice(store).speak([SHORT, OTHER]))
    monkeypatch.setattr("briefing.speech.edge.voice.version", lambda _: "99")
    assert list(make_voice(store).speak([SHORT, OTHER])) == first
    assert make_voice(store).requests([SHORT, OTHER, "جديد"]) == 1
    assert len(service.asked) == 2


def test_the_same_sentence_wanted_by_two_threads_at_once_is_requested_once(service, store):
    voice = make_voice(store, requests_at_once=4)
    service.usual = EdgeAnswer(delay_s=0.1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: list(voice.speak([SHORT])), range(4)))
    assert service.asked == [SHORT]


def test_another_speaker_or_rate_is_another_sound(service, store):
    list(make_voice(store).speak([SHORT]))
    for settings in ({"speaker": "ar-EG-SalmaNeural"}, {"rate_percent": 10}, {"pitch_hz": 1}):
        other = make_voice(store, **settings)
        assert other.requests([SHORT]) == 1
        assert other.version != make_voice(store).version


def test_a_stored_answer_that_is_damaged_is_requested_again(service, voice, store):
    list(voice.speak([SHORT]))
    for damage in (b"", b"[]\nnot a sound", b"\xff\n", b"[[1]]\n"):
        store.put(voice._key(SHORT), damage)
        (speech,) = voice.speak([SHORT])
        assert seconds(speech) == pytest.approx(spoken_s(SHORT), abs=0.1)
    assert len(service.asked) == 5


# giving up


def test_a_silent_service_is_left_at_once_when_the_voice_is_stopped(service, store):
    voice = make_voice(store, timeout_s=60.0)
    service.usual = fault("silence")
    began = time.monotonic()
    threading.Timer(0.3, voice.stop).start()
    with pytest.raises(VoiceError, match="stopped"):
        list(voice.speak([SHORT]))
    assert time.monotonic() - began < 20


def test_after_giving_up_it_speaks_again_once_it_was_found_available(service, voice):
    service.script([fault("status 400")])
    with pytest.raises(VoiceError):
        list(voice.speak([SHORT]))
    with pytest.raises(VoiceError, match="400"):
        list(voice.speak([OTHER]))
    assert voice.unavailable() is None
    assert service.asked == []  # no text was sent to find out
    assert len(list(voice.speak([SHORT]))) == 1


def test_a_speaker_that_the_service_does_not_know_is_told_with_the_nearest(service, store):
    service.usual = fault("no sound")
    with pytest.raises(VoiceError, match=r"did you mean ar-SA-HamedNeural\?"):
        list(make_voice(store, speaker="ar-SA-HamidNeural").speak([SHORT]))


# the way there


def test_a_proxy_that_cannot_be_one_is_told_in_words(service, voice, monkeypatch):
    for proxy in ("http://:99999", "socks5://127.0.0.1:9"):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(VoiceError, match="proxy"):
            list(make_voice(voice._fetcher._store).speak([SHORT]))
    assert service.asked == []


def test_the_proxys_login_reaches_the_proxy(service, voice, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", service.url.replace("//", "//me:secret@"))
    list(voice.speak([SHORT]))
    assert "Proxy-Authorization: Basic bWU6c2VjcmV0" in service.tunnel_heads[0]


def test_a_certificate_of_somebody_else_is_refused(service, voice, monkeypatch):
    import ssl

    import edge_tts

    monkeypatch.setattr(edge_tts.communicate, "_SSL_CTX", ssl.create_default_context())
    with pytest.raises(VoiceError, match="no secure connection"):
        list(voice.speak([SHORT]))
    assert service.asked == []


def test_a_host_of_no_proxy_is_not_looked_for_through_the_proxy(service, voice, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "speech.platform.bing.com")
    voice.unavailable()
    assert service.tunnels == 0


def test_making_it_opens_no_socket_and_loads_no_client():
    program = """
import socket, sys
class Forbidden(socket.socket):
    def __init__(self, *_, **__): raise AssertionError("a socket")
socket.socket = Forbidden
from briefing.speech.edge.voice import EdgeVoice
voice = EdgeVoice({}, None)
voice.version, voice.notation, voice.speaker
loaded = {"edge_tts", "aiohttp", "av", "numpy", "asyncio", "ssl"} & set(sys.modules)
assert loaded <= {"asyncio", "ssl"}, loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# whose words are whose


@pytest.mark.parametrize(
    ("words", "boundaries", "starts"),
    [
        ("أَعْلَنَتِ الوزارةُ،", ["اعلنت", "الوزاره"], [0, 1]),
        ("قال نعم", ["قالَ", "نعم."], [0, 1]),
        ("شركة Google", ["شركة", "google"], [0, 1]),
        ("لم يأت", ["لم", "يأت"], [0, 1]),
        ("كم هو", ["كم هو"], None),
        ("كتابه", ["كتا", "به"], [0]),
        ("هو هو هو", ["هو", "هو"], None),
        ("مئة وعشرة", ["مائة", "وعشرة"], [0, 1]),
        ("مئة", [], None),
    ],
)  # fmt: skip
def test_words_and_boundaries_are_matched_by_order_and_letters(words, boundaries, starts):
    rows = [Boundary(text, float(at), at + 0.5) for at, text in enumerate(boundaries)]
    assert aligned(words.split(), rows) == starts


def test_there_are_32_arabic_speakers_in_16_countries():
    assert len(set(ARABIC)) == 32
    assert len({speaker[3:5] for speaker in ARABIC}) == 16


def test_the_manual_lists_each_arabic_speaker() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text("utf-8")
    listed = set(re.findall(r"`(ar-[A-Z]{2}-[A-Za-z]+Neural)`", manual))
    assert listed == set(ARABIC)
    assert len(ARABIC) == 32
