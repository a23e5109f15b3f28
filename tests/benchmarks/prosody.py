"""Measures what `voices.espeak.natural` changes of the offline voice, with real synthesis.

    python -m tests.benchmarks.prosody [--pictures docs/pictures] [--cpu ROUNDS]

Prints the figures of docs/figures.md. --pictures also draws the pitch contours (pip install pillow,
which is no dependency of the project). --cpu compares the time of the sample's clips.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from briefing.config import Espeak, load
from briefing.mastering.clip import Clip, Mastering, make_clip
from briefing.mastering.formats.encoding import Encoding, Packets
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.presets import mastering_of
from briefing.mastering.recording import Recorder
from briefing.production.rundown import spoken_paragraphs
from briefing.sources import read
from briefing.speech.espeak.voice import EspeakVoice
from briefing.speech.voice import Speech
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script_writer import script_writer
from tests.conftest import ROOT
from tests.sound import decode, pitch
from tests.text.pronunciation.spoken_words import sentence_of

PARAGRAPH = (
    "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ.",
    "أَعْلَنَتِ الْحُكُومَةُ خُطَّةً جَدِيدَةً لِدَعْمِ الْمَدَارِسِ.",
    "وَصَلَ الْوَفْدُ إِلَى بَغْدَادَ، ثُمَّ غَادَرَ.",
    "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ.",
)
"""A paragraph that begins and ends with the same sentence, so that its place alone is measured."""
YES_NO = "هَلْ عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ؟"
CONTENT = "مَتَى عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ؟"
WORDS_BEFORE_PAUSES = (
    "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ.",
    "أَعْلَنَتِ الْحُكُومَةُ خُطَّةً جَدِيدَةً، وَقَالَ الْوَزِيرُ إِنَّ الْعَمَلَ بَدَأَ أَمْسِ.",
    "وَصَلَ الْوَفْدُ إِلَى بَغْدَادَ، ثُمَّ غَادَرَ.",
    "زَارَ الْمَدْرَسَةَ وَالْمُسْتَشْفَى.",
    "كَتَبَ الطُّلَّابُ الدَّرْسَ؛ وَقَرَأَ الْمُعَلِّمُ الْكِتَابَ.",
)
_PAUSE_MARKS = tuple(",;:.?!")
_LOUD = 60
"""Of 32767: a word ends with its last sample above it."""
_END_S = 0.3
_JOIN_S = 0.02
"""Before and after a join: what two packets overlap, and less than lies between it and a word."""
_SILENT_PACKETS = 4
_LINES = ((200, 60, 40), (20, 90, 160))


@dataclass(frozen=True, slots=True)
class Joins:
    """What is heard where clips and pauses meet."""

    count: int
    warnings: tuple[str, ...]
    largest_step_dbfs: float
    """From one sample to the next, within 20 ms of a join of packets, in what is heard there beside
    the clip itself: its last sound decays beyond its end, and its first begins before it."""
    quietest_dbfs: float
    """Of any 50 ms of the recording."""
    pauses_dbfs: float
    """Level of the pauses between clips."""
    repeated_packets: int
    """Neighbouring packets of a pause that are the same."""


def voice_of(*, natural: bool) -> EspeakVoice:
    return EspeakVoice(asdict(Espeak(natural=natural)), None)  # type: ignore[arg-type]


def speak(voice: EspeakVoice, *texts: str) -> list[Speech]:
    """Speak vowelled sentences as one paragraph."""
    return list(voice.speak([notation_of(voice, text) for text in texts]))


def notation_of(voice: EspeakVoice, text: str) -> str:
    return voice.notation(phonetise(sentence_of(text), "full"))


def wave_of(speech: Speech) -> NDArray[np.float64]:
    return np.frombuffer(speech.samples, np.int16).astype(float)


def contour_of(speech: Speech) -> NDArray[np.float64]:
    return pitch(wave_of(speech), speech.sample_rate_hz)


def paragraph_fall_hz(voice: EspeakVoice) -> float:
    """Return by how much the median pitch of a paragraph's last sentence is lower than its first's."""
    speeches = speak(voice, *PARAGRAPH)
    first, last = (float(np.median(contour_of(speeches[at]))) for at in (0, -1))
    return first - last


def end_hz(speech: Speech) -> float:
    """Return the change of pitch over the last 300 ms of voice."""
    last = contour_of(speech)[-round(_END_S / 0.04) :]
    return float(last[-1] - last[0])


def lengthening() -> list[float]:
    """Return how much longer each word before a pause is than without `natural`."""
    shares: list[float] = []
    for text in WORDS_BEFORE_PAUSES:
        plain, natural = (_word_lengths(voice_of(natural=on), text) for on in (False, True))
        words = notation_of(voice_of(natural=False), text).split()
        shares += [
            long / usual - 1
            for word, usual, long in zip(words, plain, natural, strict=True)
            if word.endswith(_PAUSE_MARKS)
        ]
    return shares


def _word_lengths(voice: EspeakVoice, text: str) -> list[float]:
    (speech,) = speak(voice, text)
    assert speech.word_starts is not None
    parts = np.split(wave_of(speech), speech.word_starts[1:])
    return [float(np.flatnonzero(np.abs(part) > _LOUD)[-1]) for part in parts]


def joins(count: int, form: str = "mp3") -> Joins:
    """Join so many clips and measure the decoded sound."""
    voice = voice_of(natural=True)
    mastering = Mastering(0.45, -16.0, -2.0, 64, 7, form, 0, voice.room_tone_dbfs)
    clips = [make_clip(speak(voice, text), mastering) for text in PARAGRAPH[:3]]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as body:
        recorder = Recorder(body, 7, room_tone_dbfs=mastering.room_tone_dbfs)
        spans: list[tuple[int, int, int]] = []
        for number in range(count // 2 + 1):  # each clip has a pause before it and one after
            clip = clips[number % len(clips)]
            start = recorder.append(clip, 0.75)
            packet = codec_of(form).packet_samples(clip.sample_rate_hz)
            spans.append((start, start + clip.samples, start + clip.frame_count * packet))
        path = Path(folder, f"joined.{form}")
        recorder.assemble(path, recorder.finish(), None)
        recorder.close()
        sound = decode(path)
        body.seek(0)
        repeated = _repeated(body.read()) if form == "mp3" else 0
    samples, rate = sound.samples, sound.rate
    alone = _clips_alone([clips[n % len(clips)] for n in range(len(spans))], spans, len(samples))
    beside = samples - alone
    delay = codec_of(form).delay_samples(rate)
    steps, pauses = [], []
    for (_, end, last_packet), (start, _, _) in pairwise(spans):
        pauses.append(samples[end + rate // 100 : start - rate // 100])
        for join in (last_packet - delay, start - delay):
            around = beside[max(end, join - round(_JOIN_S * rate)) : join + round(_JOIN_S * rate)]
            steps.append(float(np.abs(np.diff(around)).max()))
    blocks = samples[: len(samples) // (rate // 20) * (rate // 20)].reshape(-1, rate // 20)
    power = np.mean(np.square(blocks.astype(np.float64)), axis=1)
    return Joins(
        len(steps),
        sound.warnings,
        20 * float(np.log10(max(steps))),
        10 * float(np.log10(power.min())),
        10 * float(np.log10(np.mean(np.square(np.concatenate(pauses).astype(np.float64))))),
        repeated,
    )


def _clips_alone(
    clips: Sequence[Clip], spans: Sequence[tuple[int, int, int]], length: int
) -> NDArray[np.float32]:
    """Return the clips at their places in a recording, each decoded between silences."""
    alone = np.zeros(length, np.float32)
    for clip, (start, _, _) in zip(clips, spans, strict=True):
        codec, rate = codec_of(clip.format), clip.sample_rate_hz
        encoding = Encoding(rate, clip.bitrate_kbps, 7, clip.format)
        parts = [
            codec.silence(_SILENT_PACKETS, encoding),
            Packets(bytes(clip.frames), clip.frame_count, clip.frame_sizes),
            codec.silence(_SILENT_PACKETS, encoding),
        ]
        packets = Packets(
            b"".join(part.data for part in parts),
            sum(part.count for part in parts),
            tuple(size for part in parts for size in part.sizes),
        )
        wave = codec.decode(packets, encoding)
        first = start - _SILENT_PACKETS * codec.packet_samples(rate)
        wave = wave[max(0, -first) :][: length - max(0, first)]
        alone[max(0, first) : max(0, first) + len(wave)] += wave
    return alone


def _repeated(stream: bytes) -> int:
    """Return how many MP3 frames are the same as the one before, header and padding apart."""
    from briefing.mastering.formats.mp3 import find_frames

    frames = [stream[at + 13 : at + size] for at, size in find_frames(stream)]
    return sum(before[:100] == after[:100] for before, after in pairwise(frames))


def cpu_ratio(rounds: int) -> tuple[float, float]:
    """Return the CPU seconds of the sample's clips without and with `natural`, best of rounds."""
    (config,) = load(ROOT / "config.toml")
    articles, _ = read(config)
    writer = script_writer(config, None)
    paragraphs = [writer.write(text) for text in spoken_paragraphs(articles[0], config)]
    best = {False: float("inf"), True: float("inf")}
    for _ in range(rounds):
        for natural in (False, True):
            voice = voice_of(natural=natural)
            mastering = mastering_of(config, voice)
            before = time.process_time()
            with tempfile.TemporaryFile() as body:
                recorder = Recorder(body, 7, room_tone_dbfs=mastering.room_tone_dbfs)
                for paragraph in paragraphs:
                    notations = [n for n in map(voice.notation, paragraph.sentences) if n]
                    recorder.append(make_clip(list(voice.speak(notations)), mastering), 0.75)
                recorder.finish()
                recorder.close()
            best[natural] = min(best[natural], time.process_time() - before)
    return best[False], best[True]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    parser.add_argument("--cpu", type=int, default=0, metavar="ROUNDS")
    arguments = parser.parse_args()
    natural = voice_of(natural=True)
    for on in (False, True):
        voice = voice_of(natural=on)
        print(f"natural = {str(on).lower()}:")
        print(f"  first sentence over last, same words: {paragraph_fall_hz(voice):.1f} Hz")
        for name, text in (("yes or no", YES_NO), ("content", CONTENT)):
            change = end_hz(speak(voice, text)[0])
            print(f"  last 300 ms of a question for {name}: {change:+.0f} Hz")
    shares = lengthening()
    print(
        f"words before a pause: {100 * statistics.median(shares):.1f} % longer in the median,"
        f" {100 * min(shares):.1f} to {100 * max(shares):.1f} %, {len(shares)} words"
    )
    print(joins(100))
    if arguments.cpu:
        plain, cpu = cpu_ratio(arguments.cpu)
        print(f"CPU of the sample's clips: {plain:.2f} s and {cpu:.2f} s, {cpu / plain:.3f} times")
    if arguments.pictures:
        arguments.pictures.mkdir(exist_ok=True)
        _draw_paragraph(arguments.pictures / "paragraph.png")
        _draw_questions(arguments.pictures / "questions.png", natural)


def _draw_paragraph(path: Path) -> None:
    contours = {
        f"natural = {str(on).lower()}": [
            contour_of(s) for s in speak(voice_of(natural=on), *PARAGRAPH)
        ]
        for on in (False, True)
    }
    _draw(path, "a paragraph of four sentences, the first and the last the same", contours)


def _draw_questions(path: Path, natural: EspeakVoice) -> None:
    plain = voice_of(natural=False)
    contours = {
        f"natural = {name}": [contour_of(speak(voice, text)[0]) for text in (YES_NO, CONTENT)]
        for name, voice in (("false", plain), ("true", natural))
    }
    _draw(path, "has the minister returned to Cairo? when has he returned to Cairo?", contours)


def _draw(path: Path, title: str, contours: dict[str, Sequence[NDArray[np.float64]]]) -> None:
    """Draw contours, one row a setting; the pitch of each 40 ms of voice, Hz."""
    from PIL import Image, ImageDraw

    step, height, left, low_hz, high_hz = 5, 150, 46, 60, 150
    gap = 8
    widest = max(sum(len(c) + gap for c in some) for some in contours.values())
    picture = Image.new("RGB", (left + widest * step + 10, 30 + height * len(contours)), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((left, 6), f"pitch, Hz: {title}", fill="black")
    for row, (name, some) in enumerate(contours.items()):
        top = 30 + row * height

        def place(hz: float, top: int = top) -> float:
            return top + (height - 26) * (high_hz - hz) / (high_hz - low_hz)

        for hz in range(low_hz, high_hz + 1, 30):
            draw.line((left, place(hz), picture.width - 8, place(hz)), fill=(225, 225, 225))
            draw.text((10, place(hz) - 6), str(hz), fill=(110, 110, 110))
        at = left + 6
        for contour in some:
            for index, hz in enumerate(contour):
                x, y = at + index * step, place(float(hz))
                draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=_LINES[row % 2])
            middle = place(float(np.median(contour)))
            draw.line((at, middle, at + len(contour) * step, middle), fill=(150, 150, 150))
            at += (len(contour) + gap) * step
        draw.text((picture.width - 130, top), name, fill=_LINES[row % 2])
    picture.quantize(16).save(path, optimize=True)


if __name__ == "__main__":
    main()
