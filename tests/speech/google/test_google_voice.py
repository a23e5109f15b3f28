"""Google's voice as its user hears it and pays for it: the real client, Google on the loopback."""

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from briefing.errors import ConfigError, VoiceError
from briefing.text.script import Sentence, Token
from tests.speech.google.proxy import Answer, fault, pitch_hz, seconds_of
from tests.speech.google.voices import make_voice

SHORT = "قال الوزير للصحفيين أمس."
OTHER = "وصل الوفد إلى العاصمة."
LONG = "، ".join(
    ["أعلنت وزارة الخارجية في بيان لها صباح يوم الثلاثاء أن الوفد المفاوض وصل إلى القاهرة",
     "وأن المحادثات بين الطرفين ستبدأ غدا في مقر الجامعة العربية بحضور ممثلي الأمم المتحدة",
     "على أن تستمر ثلاثة أيام يعقبها مؤتمر صحفي مشترك للوزراء المشاركين في الاجتماع."]
)  # fmt: skip
LONG_PIECES = [part if part.endswith(".") else f"{part}،" for part in LONG.split("، ")]


def sentence(*tokens):
    return Sentence("", 0, 0, [Token("", 0, 0, **one) if "text" not in one else
                               Token(start=0, end=0, **one) for one in tokens])  # fmt: skip


def seconds(speech):
    return len(speech.samples) / 2 / speech.sample_rate_hz


def pitches(speech):
    """The pitches heard, in order: one a piece."""
    samples = np.frombuffer(speech.samples, "<i2").astype(float)
    step = speech.sample_rate_hz // 10
    heard = []
    for start in range(0, len(samples) - step, step):
        window = samples[start : start + step]
        if np.sqrt((window**2).mean()) < 3000:
            continue
        pitch = np.abs(np.fft.rfft(window * np.hanning(step))).argmax() * 10
        if not heard or abs(heard[-1] - pitch) > 15:
            heard.append(pitch)
    return heard


# what is heard


def test_a_sentence_is_one_request_and_sounds_as_long_as_google_says_it(proxy, voice):
    (speech,) = voice.speak([SHORT])
    assert proxy.asked == [SHORT]
    assert proxy.hosts == {"translate.google.com:443"}
    assert speech.sample_rate_hz == 24_000
    assert seconds(speech) == pytest.approx(seconds_of(SHORT), abs=0.1)


def test_the_pieces_of_a_long_sentence_are_heard_in_order_without_holes(proxy, voice):
    (speech,) = voice.speak([LONG])
    assert " ".join(proxy.asked) == LONG
    assert len(proxy.asked) == 3
    assert pitches(speech) == pytest.approx([pitch_hz(text) for text in proxy.asked], abs=12)
    assert seconds(speech) == pytest.approx(seconds_of(LONG) + 2 * 0.2, abs=0.3)


def test_the_pieces_are_in_order_when_they_are_asked_for_at_the_same_time(proxy, store):
    voice = make_voice(store, requests_at_once=4)
    proxy.script([Answer(delay_s=0.3), Answer(delay_s=0.15), Answer()])
    (speech,) = voice.speak([LONG])
    assert proxy.most_at_once == 3
    assert pitches(speech) == pytest.approx([pitch_hz(text) for text in LONG_PIECES], abs=12)


def test_every_sentence_of_a_clip_gets_its_speech_also_the_empty_one(proxy, voice):
    speeches = list(voice.speak([SHORT, "", OTHER]))
    assert [len(one.samples) > 0 for one in speeches] == [True, False, True]
    assert {one.sample_rate_hz for one in speeches} == {24_000}
    assert proxy.asked == [SHORT, OTHER]


@pytest.mark.parametrize("sound", ["16 kHz", "44.1 kHz", "escaped"])
def test_an_answer_in_another_shape_sounds_the_same(proxy, voice, sound):
    proxy.usual = fault(sound)
    (speech,) = voice.speak([SHORT])
    assert speech.sample_rate_hz == 24_000
    assert seconds(speech) == pytest.approx(seconds_of(SHORT), abs=0.13)


def test_what_is_sent_is_what_we_wrote_not_what_the_library_makes_of_it(proxy, voice):
    text = "قال Dr. Smith? نعم! (ربما) Esq. انتهى."
    list(voice.speak([text]))
    assert proxy.asked == [text]


def test_the_same_clip_gives_the_same_bytes_from_google_and_from_the_store(proxy, voice, store):
    first = list(voice.speak([LONG, SHORT]))
    assert list(make_voice(store).speak([LONG, SHORT])) == first


# what is paid for


def test_a_piece_is_never_paid_for_twice(proxy, voice, store):
    list(voice.speak([LONG, SHORT]))
    list(voice.speak([SHORT]))
    list(make_voice(store).speak([LONG]))
    assert len(proxy.asked) == 4


def test_the_same_piece_wanted_by_two_threads_at_once_is_paid_for_once(proxy, store):
    voice = make_voice(store, requests_at_once=4)
    proxy.usual = Answer(delay_s=0.1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: list(voice.speak([SHORT])), range(4)))
    assert proxy.asked == [SHORT]


def test_a_failure_in_the_middle_keeps_what_is_paid_for(proxy, voice, store):
    proxy.script([Answer(), Answer(), fault("status 403")])
    with pytest.raises(VoiceError):
        list(voice.speak([LONG]))
    assert len(proxy.answered) == 2
    list(make_voice(store).speak([LONG]))
    assert len(proxy.asked) == 4
    assert len(set(proxy.answered)) == len(proxy.answered) == 3


@pytest.mark.parametrize("damage", ["truncated", "short", "silent", "noise"])
def test_a_damaged_answer_is_never_kept(proxy, voice, store, damage):
    proxy.usual = fault(damage)
    with pytest.raises(VoiceError):
        list(voice.speak([SHORT]))
    assert store.usage().entries == 0


def test_a_kept_piece_that_does_not_decode_is_asked_for_again(proxy, voice, store):
    list(voice.speak([SHORT]))
    store.put(voice._key(SHORT), b"not a sound")
    (speech,) = voice.speak([SHORT])
    assert seconds(speech) == pytest.approx(seconds_of(SHORT), abs=0.1)
    assert len(proxy.asked) == 2


def test_another_domain_is_another_voice_and_another_price(proxy, store):
    list(make_voice(store).speak([SHORT]))
    other = make_voice(store, tld="com.eg")
    list(other.speak([SHORT]))
    assert proxy.hosts == {"translate.google.com:443", "translate.google.com.eg:443"}
    assert len(proxy.asked) == 2
    assert other.version != make_voice(store).version


def test_waits_and_tries_do_not_change_the_voice(store):
    assert make_voice(store, tries=9, timeout_s=3.0).version == make_voice(store).version


def test_the_number_of_requests_is_known_beforehand_and_true(proxy, voice):
    assert voice.requests([LONG, SHORT, SHORT, ""]) == 4
    list(voice.speak([SHORT]))
    assert voice.requests([LONG, SHORT]) == 3
    assert proxy.asked == [SHORT]


# how Google is asked


def test_no_more_requests_are_under_way_than_allowed_however_many_clips(proxy, store):
    voice = make_voice(store, requests_at_once=2)
    proxy.usual = Answer(delay_s=0.3)
    clips = [[f"الخبر رقم {name}."] for name in "ابتثجحخد"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda clip: list(voice.speak(clip)), clips))
    assert proxy.most_at_once == 2
    assert len(proxy.asked) == 8


def test_too_many_requests_slows_every_thread_down(proxy, store):
    voice = make_voice(store, requests_at_once=4)
    proxy.usual = Answer(delay_s=0.6)  # the others end when the first has been told to wait
    proxy.script([fault("status 429, Retry-After 1")])
    clips = [[f"الخبر رقم {name}."] for name in "ابتثجحخد"]
    with ThreadPoolExecutor(8) as pool:
        speeches = list(pool.map(lambda clip: list(voice.speak(clip)), clips))
    assert len(speeches) == 8
    began = proxy.asked_at[0]
    at_first = [at for at in proxy.asked_at if at - began < 0.9]
    assert len(at_first) <= 4
    assert len(proxy.asked) == 9


def test_retry_after_is_waited_for(proxy, voice):
    proxy.script([fault("status 429, Retry-After 1")])
    began = time.monotonic()
    list(voice.speak([SHORT]))
    assert 1.0 <= time.monotonic() - began < 10


def test_the_waits_between_tries_grow(proxy, store):
    voice = make_voice(store, tries=4, backoff_s=0.2)
    proxy.usual = fault("status 500")
    with pytest.raises(VoiceError, match="asked 4 times"):
        list(voice.speak([SHORT]))
    waits = np.diff(proxy.asked_at)
    for number, wait in enumerate(waits):
        assert 0.1 * 2**number <= wait <= 0.2 * 2**number + 5.0


# giving up


def test_when_one_clip_fails_the_others_stop_waiting_at_once(proxy, store):
    voice = make_voice(store, requests_at_once=2, timeout_s=60.0)
    proxy.usual = fault("stalled body")
    proxy.script([fault("status 403")])
    began = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        clips = [[f"الخبر رقم {name}."] for name in "ابتثجح"]
        jobs = [pool.submit(lambda clip: list(voice.speak(clip)), clip) for clip in clips]
        messages = {str(job.exception()) for job in jobs}
    assert time.monotonic() - began < 20
    assert len(messages) == 1
    assert "403" in messages.pop()


def test_a_wait_for_a_later_try_ends_when_the_voice_is_stopped(proxy, store):
    voice = make_voice(store, backoff_s=60.0)
    proxy.usual = fault("status 500")
    began = time.monotonic()
    threading.Timer(0.3, voice.stop).start()
    with pytest.raises(VoiceError, match="stopped"):
        list(voice.speak([SHORT]))
    assert time.monotonic() - began < 20


def test_after_giving_up_it_speaks_again_once_it_was_found_available(proxy, voice):
    proxy.script([fault("status 403")])
    with pytest.raises(VoiceError):
        list(voice.speak([SHORT]))
    with pytest.raises(VoiceError, match="403"):
        list(voice.speak([OTHER]))
    assert len(proxy.asked) == 1
    assert voice.unavailable() is None
    assert len(list(voice.speak([SHORT]))) == 1


# is it there


def test_it_is_available_through_a_proxy_and_no_text_is_sent_to_find_out(proxy, voice):
    assert voice.unavailable() is None
    assert proxy.hosts == {"translate.google.com:443"}
    assert proxy.asked == []


@pytest.mark.parametrize("name", ["reset: accept", "reset: tunnel", "proxy 407", "proxy 502"])
def test_a_proxy_that_lets_nothing_through_makes_it_unavailable(proxy, voice, name):
    proxy.usual = fault(name)
    assert "cannot be reached" in voice.unavailable()


def test_a_network_that_swallows_everything_is_given_up_soon(voice, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, says nothing
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        assert "is there a network?" in voice.unavailable()
    assert time.monotonic() - began < 20, "1.5 s on a quiet machine"


def test_a_name_service_that_hangs_is_given_up_soon(voice, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    hanging = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: hanging.wait(120) and [])
    began = time.monotonic()
    assert "is there a network?" in voice.unavailable()
    assert time.monotonic() - began < 20, "1.5 s on a quiet machine"
    hanging.set()


@pytest.mark.parametrize(
    ("proxy_url", "message"),
    [
        ("http://nowhere.invalid:3128", "is there a network?"),
        ("http://127.0.0.1:9", "is there a network?"),
        ("http://:99999", "correct HTTPS_PROXY"),
    ],
)
def test_a_wrong_proxy_is_told_in_words(voice, monkeypatch, proxy_url, message):
    monkeypatch.setenv("HTTPS_PROXY", proxy_url)
    assert message in voice.unavailable()
    began = time.monotonic()
    with pytest.raises(VoiceError, match="gtts: "):
        list(voice.speak([SHORT]))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("tld", ["", "com/evil", "evil.com:80", "com@host", "COM", "com."])
def test_a_domain_that_cannot_be_one_is_a_configuration_error(store, tld):
    with pytest.raises(ConfigError, match="tld"):
        make_voice(store, tld=tld)


def test_importing_and_making_it_opens_no_socket_and_loads_no_client():
    program = """
import socket, sys
class Forbidden(socket.socket):
    def __init__(self, *_, **__): raise AssertionError("a socket")
socket.socket = Forbidden
from briefing.speech.google.voice import GoogleVoice
voice = GoogleVoice({}, None)
voice.version, voice.notation
loaded = {"gtts", "requests", "urllib3", "av", "numpy"} & set(sys.modules)
assert not loaded, loaded
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


# what it is given


@pytest.mark.parametrize(
    ("tokens", "written"),
    [
        ([{"spoken": "قال", "mark": ":"}, {"spoken": "نعم", "mark": "."}], "قال: نعم."),
        ([{"spoken": "هل", "mark": ""}, {"spoken": "وصل", "mark": "؟"}], "هل وصل؟"),
        ([{"spoken": "ثم", "mark": "-"}, {"spoken": "عاد", "mark": "…"}], "ثم، عاد…"),
        ([{"spoken": "شركة"}, {"spoken": "Google", "language": "en", "mark": "."}], "شركة Google."),
        ([{"spoken": "عاد"}, {"spoken": "", "mark": "!"}], "عاد!"),
        ([{"spoken": "عاد", "mark": "،"}, {"spoken": "", "mark": "."}], "عاد،"),
        ([{"spoken": "", "mark": "."}], ""),
        ([{"text": "بوتين", "spoken": "بوتين", "vowelled": "بُوتِين"}], "بُوتِين"),
        ([{"text": "بوتين", "spoken": "بوتين", "vowelled": "بُوتِينُ", "mark": "."}], "بُوتِينُ."),
        ([{"text": "2014", "spoken": "ألفين وأربعة عشر", "vowelled": "أَلْفَيْنِ وَأَرْبَعَةَ عَشَرَ"}],
         "ألفين وأربعة عشر"),
        ([{"text": "هذا", "spoken": "هذا", "diacritised": "هٰذَا"}], "هذا"),
    ],
)  # fmt: skip
def test_the_notation_is_the_words_and_the_marks_that_shape_the_voice(voice, tokens, written):
    assert voice.notation(sentence(*tokens)) == written
