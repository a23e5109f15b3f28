import numpy as np
import pytest

from briefing.errors import VoiceError
from briefing.speech.online.mp3_decoding import Sound, decode_mp3, mp3_frames
from briefing.speech.online.trimming import trim
from tests.speech.google.proxy import LEAD_S, TAIL_S, mp3_of, pitch_hz, seconds_of

TEXT = "قال الوزير للصحفيين أمس."
MP3 = mp3_of(TEXT)


def loudest_hz(sound):
    samples = np.frombuffer(sound.samples, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return spectrum.argmax() * sound.sample_rate_hz / len(samples)


def test_an_mp3_gives_its_sound_at_its_own_rate():
    sound = decode_mp3(MP3)
    assert sound.sample_rate_hz == 24_000
    assert sound.seconds == pytest.approx(seconds_of(TEXT) + LEAD_S + TAIL_S, abs=0.1)
    assert loudest_hz(sound) == pytest.approx(pitch_hz(TEXT), abs=2)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100, 48_000])
def test_another_rate_is_resampled_without_changing_length_or_pitch(rate_hz):
    sound = decode_mp3(mp3_of(TEXT, 16_000), sample_rate_hz=rate_hz)
    assert sound.sample_rate_hz == rate_hz
    assert sound.seconds == pytest.approx(seconds_of(TEXT) + LEAD_S + TAIL_S, abs=0.15)
    assert loudest_hz(sound) == pytest.approx(pitch_hz(TEXT), abs=2)


@pytest.mark.parametrize("missing", range(1, 96))
def test_a_last_frame_that_is_cut_short_anywhere_is_noticed(missing):
    with pytest.raises(VoiceError, match="cut short"):
        decode_mp3(MP3[:-missing])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"<html>log in</html>", "not MP3"),
        (bytes(1000), "not MP3"),
        (MP3[:960] + b"<html>" * 20 + MP3[960:], "damaged"),
        (MP3[: 96 * 20] + MP3[96 * 20 + 7 :], "damaged"),
        (mp3_of(TEXT) + mp3_of(TEXT, 16_000), "damaged"),
    ],
)
def test_what_is_no_whole_mp3_is_refused(data, message):
    with pytest.raises(VoiceError, match=message):
        decode_mp3(data)


def test_tags_and_the_rubbish_of_escaped_base64_are_no_sound():
    tagged = b"ID3\x04\0\0\0\0\0\x05hello" + MP3 + b"\x2e\xd3\x4d\xdd"
    assert decode_mp3(tagged) == decode_mp3(MP3)
    assert b"".join(mp3_frames(tagged)) == MP3


def test_trimming_takes_the_silence_off_and_leaves_the_speech():
    assert trim(decode_mp3(MP3)).seconds == pytest.approx(seconds_of(TEXT), abs=0.1)


def test_trimmed_sounds_begin_and_end_without_a_click():
    samples = np.frombuffer(trim(decode_mp3(MP3)).samples, "<i2")
    assert abs(int(samples[0])) < 100
    assert abs(int(samples[-1])) < 100


def test_a_silent_sound_trims_to_nothing():
    assert trim(Sound(bytes(48_000), 24_000)).samples == b""


def test_a_soft_consonant_at_the_end_is_kept():
    generator = np.random.default_rng(1)
    vowel = 0.4 * np.sin(2 * np.pi * 200 * np.arange(6000) / 24_000)
    consonant = generator.normal(0, 0.006, 3000)  # 33 dB below: a final f
    rest = generator.normal(0, 0.0003, 9000)
    pcm = (np.concatenate([rest, vowel, consonant, rest]) * 32767).astype("<i2").tobytes()
    assert trim(Sound(pcm, 24_000)).seconds == pytest.approx(9000 / 24_000, abs=0.07)
