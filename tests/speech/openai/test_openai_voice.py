"""A server's voice as its user hears it, the server on the loopback."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from briefing.clip_cache import FolderStore
from briefing.errors import ConfigError, VoiceError
from tests.conftest import ROOT
from tests.speech.google.proxy import authority
from tests.speech.openai.server import Reply, SpeechServer, fault, spoken_s
from tests.speech.openai.voices import make_voice

SHORT = "أعلنت وزارة الخارجية في بيان لها أمس."
OTHER = "وصل الوفد إلى العاصمة."
CITIES = "بيروت دمشق بغداد عمان القاهرة تونس الرباط مسقط".split()
LONG = "، ".join(f"أعلنت وزارة الخارجية في {city} بيانا لها أمس" for city in CITIES) + "."
KEY = "sk-secret"


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "cache")


@pytest.fixture
def server():
    with SpeechServer() as running:
        yield running


def seconds(speech):
    return len(speech.samples) / 2 / speech.sample_rate_hz


# what is asked


def test_the_request_is_what_openais_documentation_describes(server, store, monkeypatch):
    monkeypatch.setenv("MY_KEY", f" {KEY}\n")  # as a file that was read into it leaves it
    voice = make_voice(server, store, model="m", voice="v", speed=1.25, key_variable="MY_KEY")
    list(voice.speak([SHORT]))
    assert server.orders == [
        {"model": "m", "input": SHORT, "voice": "v", "response_format": "wav", "speed": 1.25}
    ]
    assert f"Authorization: Bearer {KEY}\r\n" in server.heads[0]
    assert "Content-Type: application/json\r\n" in server.heads[0]


def test_without_a_key_no_authorization_is_sent(server, store):
    list(make_voice(server, store).speak([SHORT]))
    assert "authorization" not in server.heads[0].lower()


def test_the_address_may_name_the_endpoint_itself(server, store):
    (speech,) = make_voice(f"{server.url}/audio/speech/", store).speak([SHORT])
    assert seconds(speech) == pytest.approx(spoken_s(SHORT), abs=0.13)


def test_a_long_sentence_is_cut_at_its_clauses_and_nothing_is_lost(server, store):
    (speech,) = make_voice(server, store, longest_request=100).speak([LONG])
    assert " ".join(server.asked) == LONG
    assert max(map(len, server.asked)) <= 100
    assert all(text.endswith(("،", ".")) for text in server.asked)
    assert seconds(speech) > sum(map(spoken_s, server.asked))


def test_no_more_requests_are_under_way_than_the_settings_allow(server, store):
    server.usual = Reply(delay_s=0.05)
    list(make_voice(server, store, longest_request=50, requests_at_once=2).speak([LONG]))
    assert server.most_at_once == 2


def test_no_text_is_requested_twice(server, store):
    first = list(make_voice(server, store).speak([SHORT, OTHER]))
    assert list(make_voice(server, store).speak([SHORT, OTHER])) == first
    assert make_voice(server, store).requests([SHORT, OTHER, "جديد"]) == 1
    assert len(server.asked) == 2


def test_another_model_voice_or_speed_is_another_sound(server, store):
    list(make_voice(server, store).speak([SHORT]))
    for settings in ({"model": "other"}, {"voice": "other"}, {"speed": 1.1}):
        other = make_voice(server, store, **settings)
        assert other.requests([SHORT]) == 1
        assert other.version != make_voice(server, store).version


def test_a_stored_sound_that_is_damaged_is_requested_again(server, store):
    voice = make_voice(server, store)
    list(voice.speak([SHORT]))
    for damage in (b"", b"RIFF", b"s16le 24 kHz\n", b"s16le 24 kHz\nabc"):
        store.put(voice._key(SHORT), damage)
        (speech,) = voice.speak([SHORT])
        assert seconds(speech) == pytest.approx(spoken_s(SHORT), abs=0.13)
    assert len(server.asked) == 5


# whether it may and can be asked


def test_a_server_on_this_machine_is_no_online_voice_and_any_other_is(store):
    for host in ("127.0.0.1", "127.8.8.8", "localhost", "[::1]"):
        assert not make_voice(f"http://{host}:8000/v1", store).online
    for host in ("127.0.0.1.example.org", "192.168.1.2", "localhost.example.org", "[fe80::1]"):
        assert make_voice(f"http://{host}:8000/v1", store).online


def test_a_server_on_this_machine_is_asked_directly_whatever_the_proxy(server, store, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    voice = make_voice(server, store)
    assert voice.unavailable() is None
    assert len(list(voice.speak([SHORT]))) == 1


def test_to_ask_whether_it_is_available_sends_no_text(server, store):
    assert make_voice(server, store).unavailable() is None
    assert server.orders == []
    with SpeechServer() as gone:
        pass
    reason = make_voice(gone, store).unavailable()
    assert "is the server running on port" in reason
    assert "voices.openai.url is not set" in make_voice("", store).unavailable()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1:0/v1",
        "http://[::::]/v1",
        "http://[12]/v1",
        "http://...../v1",
    ],
)
def test_an_address_that_cannot_be_one_is_told_by_its_setting(url, store):
    with pytest.raises(ConfigError, match=r"^voices\.openai\.url: "):
        make_voice(url, store)


def test_a_key_is_not_sent_unencrypted_to_another_machine(store):
    with pytest.raises(ConfigError, match=r"^voices\.openai\.key_variable: .*https://"):
        make_voice("http://example.org/v1", store, key_variable="MY_KEY")
    make_voice("https://example.org/v1", store, key_variable="MY_KEY")


@pytest.mark.parametrize(("value", "message"), [("", "is not set"), ("sk\r\nX: y", "characters")])
def test_a_missing_or_impossible_key_is_told_before_anything_is_sent(
    value, message, server, store, monkeypatch
):
    monkeypatch.setenv("MY_KEY", value)
    voice = make_voice(server, store, key_variable="MY_KEY")
    assert message in voice.unavailable()
    with pytest.raises(VoiceError, match=message):
        list(voice.speak([SHORT]))
    assert server.heads == []


def test_a_certificate_is_checked_and_an_authority_of_ones_own_can_be_named(
    store, monkeypatch, tmp_path
):
    with SpeechServer(tls_host="localhost") as server:
        url = f"https://localhost:{server.port}/v1"
        with pytest.raises(VoiceError, match="SSL_CERT_FILE"):
            list(make_voice(url, store).speak([SHORT]))
        assert server.orders == []
        authority().cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        (speech,) = make_voice(url, store).speak([SHORT])
        assert seconds(speech) == pytest.approx(spoken_s(SHORT), abs=0.13)


# giving up


def test_a_silent_server_is_left_at_once_when_the_voice_is_stopped(server, store):
    voice = make_voice(server, store, timeout_s=60.0)
    server.usual = fault("stalled body")
    began = time.monotonic()
    threading.Timer(0.3, voice.stop).start()
    with pytest.raises(VoiceError, match="stopped"):
        list(voice.speak([SHORT]))
    assert time.monotonic() - began < 20
    assert server.hung_up.wait(60)  # it does not go on to speak for nobody


def test_after_giving_up_it_speaks_again_once_it_was_found_available(server, store):
    voice = make_voice(server, store)
    server.script([fault("status 400")])
    with pytest.raises(VoiceError):
        list(voice.speak([SHORT]))
    with pytest.raises(VoiceError, match="400"):
        list(voice.speak([OTHER]))
    assert voice.unavailable() is None
    assert len(list(voice.speak([SHORT]))) == 1


def test_making_it_opens_no_socket_and_loads_no_decoder():
    program = """
import json, socket, sys
class Forbidden(socket.socket):
    def __init__(self, *_, **__): raise AssertionError("a socket")
socket.socket = Forbidden
from briefing.speech.openai.voice import OpenaiVoice
voice = OpenaiVoice({"url": "http://127.0.0.1:9/v1"}, None)
voice.version, voice.notation, voice.speaker, voice.online
print(json.dumps(sorted({"av", "numpy", "certifi", "asyncio"} & set(sys.modules))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
