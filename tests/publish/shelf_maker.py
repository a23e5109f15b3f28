"""Makes shelves for the tests: sidecars with invented, consistent times and an MP3 of tones.

They are published as the build publishes them, by the shelf itself.

The sound says what is spoken in its own way: each sentence is a tone of its own pitch, so that a
test could hear which one plays.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import lameenc

from briefing.config import Config
from briefing.publish import publication, transcript
from briefing.publish.listening_page.article_html import article_html
from briefing.publish.player_chapters import player_chapters
from briefing.shelf.build_history import BuildRecord, record_build
from briefing.shelf.shelf import Shelf, building
from briefing.shelf.sidecar_reader import read_edition
from briefing.shelf.state_files import state_folder

SEEDS = Path(__file__).parents[2] / "seeds"
RATE_HZ = 22050


def seed_articles() -> list[tuple[str, list[str], str | None]]:
    """Read seeds/ as (title, paragraphs, byline): enough for a page, no more."""
    articles = []
    for path in sorted(SEEDS.glob("*.txt")):
        title, *rest = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        byline = rest.pop() if rest[-1].startswith("Farnaz") else None
        articles.append((title, rest, byline))
    return articles


def split_sentences(paragraph: str) -> list[str]:
    return [one for one in re.findall(r"[^.؟!]+[.؟!”]*\s*", paragraph) if one.strip()] or [
        paragraph
    ]


@cache
def tones_mp3(sentences: tuple[tuple[float, float], ...], duration_s: float) -> bytes:
    """Encode silence with a tone in each (start, end), 64 kbit/s mono."""
    samples = bytearray(2 * round(duration_s * RATE_HZ))
    for number, (start, end) in enumerate(sentences):
        pitch = 220 + 20 * (number % 24)
        period = max(1, round(RATE_HZ / pitch))
        wave = struct.pack(
            f"<{period}h",
            *(round(6000 * math.sin(2 * math.pi * k / period)) for k in range(period)),
        )
        first, last = round(start * RATE_HZ), round(end * RATE_HZ)
        length = 2 * (last - first)
        samples[2 * first : 2 * last] = (wave * (length // len(wave) + 1))[:length]
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(7)
    return bytes(encoder.encode(bytes(samples)) + encoder.flush())


def timed(
    articles: list[tuple[str, list[str], str | None]], exact: bool, seconds_a_word: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Give chapters, paragraphs and the length in seconds."""
    now, chapters, paragraphs = 0.3, [], []
    for at, (title, texts, _) in enumerate(articles):
        start = now
        for text in (title, *texts):
            sentences = []
            for sentence in split_sentences(text):
                sentence = sentence.strip()
                words, begin = [], now
                for word in sentence.split():
                    spoken = "".join(c for c in word if c.isalnum())
                    if spoken:
                        end = now + seconds_a_word * 0.9
                        words.append(
                            {"text": word, "start_s": round(now, 3), "end_s": round(end, 3)}
                        )
                        now += seconds_a_word
                sentences.append(
                    {
                        "text": sentence,
                        "spoken": " ".join(re.findall(r"\w+", sentence)),
                        "start_s": round(begin, 3),
                        "end_s": round(now, 3),
                        "words": words,
                        "timing": "exact" if exact else "estimated",
                    }
                )
                now += 0.4
            paragraphs.append(
                {
                    "chapter": at,
                    "start_s": sentences[0]["start_s"],
                    "end_s": sentences[-1]["end_s"],
                    "sentences": sentences,
                }
            )
            now += 0.35
        chapters.append(
            {"title": title, "start_s": round(start, 3), "end_s": round(now, 3), "source": at}
        )
    return chapters, paragraphs, round(now, 3)


def shelve(
    folder: Path,
    config: Config | None = None,
    *,
    links: bool | None = None,
    change: Callable[[dict[str, Any]], None] = lambda _: None,
    **more: Any,
) -> dict[str, Any]:
    """Publish an edition on a shelf, as the build does; return its sidecar.

    change: is given the sidecar before it is published. more: see `publish`.
    """
    config = config or Config()
    name = config.output.name
    with building(folder, name, 0):
        shelf = Shelf(folder, links=links)
        publication.recover(shelf, config)
        with shelf.edition(name) as staged:
            sidecar = publish(staged.folder, name, **{"sound": False, **more})
            change(sidecar)
            path = staged.folder / f"{name}.json"
            path.write_text(json.dumps(sidecar, ensure_ascii=False), encoding="utf-8")
            edition = read_edition(path)
            assert edition is not None
            publication.publish(staged, config, article_html(edition))
    return sidecar


def publish(
    folder: Path,
    name: str = "briefing",
    *,
    date: str = "2026-11-24",
    title: str = "موجز الأخبار",
    articles: list[tuple[str, list[str], str | None]] | None = None,
    exact: bool = True,
    seconds_a_word: float = 0.45,
    sound: bool = True,
    **build: Any,
) -> dict[str, Any]:
    """Write an edition's files into a folder as the build does; return its sidecar."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = seed_articles() if articles is None else articles
    chapters, paragraphs, duration = timed(articles, exact, seconds_a_word)
    spans = tuple((s["start_s"], s["end_s"]) for p in paragraphs for s in p["sentences"])
    listed = {"sources": [], "chapters": chapters}
    marks = player_chapters(listed, duration, has_opening=False).marks
    webvtt = transcript.WebVtt("ar")
    files = {
        f"{name}.mp3": tones_mp3(spans, duration) if sound else f"no sound, {spans}".encode(),
        f"{name}.vtt": (webvtt.head + "".join(map(webvtt.cues, paragraphs))).encode(),
        f"{name}.chapters.json": transcript.chapters_json(title, marks).encode(),
    }
    for file, content in files.items():
        (folder / file).unlink(missing_ok=True)
        (folder / file).write_bytes(content)
    audio = files[f"{name}.mp3"]
    sidecar = {
        "schema_version": 1,
        "title": title,
        "language": "ar",
        "edition_date": date,
        "duration_s": duration,
        "outputs": [
            {"path": file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for file, content in files.items()
        ],
        "audio": {
            "file": f"{name}.mp3",
            "bytes": len(audio),
            "sha256": hashlib.sha256(audio).hexdigest(),
            "codec": "mp3",
            "bitrate_bps": 64000,
            "sample_rate_hz": RATE_HZ,
            "channels": 1,
            "loudness_lufs": -16.0,
            "true_peak_dbtp": -1.5,
        },
        "voice": {"engine": "espeak", "name": "espeak", "version": "1.52", "online": False},
        "sources": [
            {"path": f"{at:03}.txt", "sha256": "0" * 64, "title": article[0], "byline": article[2]}
            for at, article in enumerate(articles)
        ],
        "chapters": chapters,
        "paragraphs": paragraphs,
        "generator": {"name": "briefing", "version": "0.1.0"},
        "build": {
            "created": "2026-11-24T03:00:00+00:00",
            "wanted_voice": "espeak",
            "fallback_reason": None,
            "clips_reused": 0,
            "clips_spoken": len(paragraphs),
            "seconds": 1.0,
            "skipped": [],
            **build,
        },
    }
    path = folder / f"{name}.json"
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(sidecar, ensure_ascii=False), encoding="utf-8")
    return sidecar


ENDED = datetime(2026, 11, 24, 3, tzinfo=UTC)
"""When the builds of `record_last_build` ended."""


def record_last_build(shelf, message, exit_code=1, name="briefing"):
    """Leave on the shelf that the last build of a briefing ended so, by default with a failure."""
    build = BuildRecord(ENDED - timedelta(seconds=9), ENDED, exit_code, message)
    record_build(state_folder(shelf), name, build)
