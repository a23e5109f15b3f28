"""Times the desk: the first sound, a mend against the commands, a collection of ten hours, memory.

    python -m tests.benchmarks.desk [--runs N] [--articles N] [--without-collection]

The desk is the command, in processes of its own; each row is a ratio to a baseline that is measured
in turns with it, or seconds where a person waits. The collection has articles of some seven
minutes each, the first half of which no cache has seen; all of them are read once before the cached
row, which takes minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.build import SEED
from tests.benchmarks.collection import articles
from tests.desk.desks import OpenDesk

COMMAND = (sys.executable, "-m", "briefing")
NAME, READINGS = "بوتين", ("بُوتِين", "بُوتِن", "بُوطِين", "بَوتِين", "بُوتَيْن")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=15)
    options.add_argument("--articles", type=int, default=80)
    options.add_argument("--without-collection", action="store_true")
    options.add_argument("--only-collection", action="store_true")
    options.add_argument(
        "--alike", action="store_true", help="articles of the same words: quick, no row of new ones"
    )
    chosen = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("| | | asked |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        if not chosen.only_collection:
            measure_sample(Path(folder) / "sample", chosen.runs)
        if not chosen.without_collection:
            measure_collection(Path(folder) / "long", chosen.articles, alike=chosen.alike)


def measure_sample(folder: Path, runs: int) -> None:
    make(folder, [SEED.read_text("utf-8")])
    with running_desk(folder) as desk:
        row("first sound against the bare synthesis", ratio_of_sounds(desk, folder, runs), "1.5")
        row("a mend against the commands", ratio_of_mends(desk, folder), "1.3")


def row(label: str, value: str, bar: str) -> None:
    print(f"| {label} | {value} | {bar} |", flush=True)


def make(folder: Path, texts: Sequence[str]) -> Path:
    (folder / "seeds").mkdir(parents=True)
    (folder / "config.toml").write_text('voice = "espeak"\n[cache]\nfolder = "cache"\n', "utf-8")
    for number, text in enumerate(texts):
        (folder / "seeds" / f"{number:03}.txt").write_text(text, "utf-8")
    return folder


@contextmanager
def running_desk(folder: Path) -> Iterator[OpenDesk]:
    """Start the command, and stop it as a user does."""
    command = (*COMMAND, "desk", "--port", "0", "--no-browser")
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        match = re.search(r":(\d+)/#token=([0-9a-f]+)", process.stdout.readline())
        assert match is not None
        desk = OpenDesk(int(match[1]), match[2])
        desk.pid = process.pid  # type: ignore[attr-defined]
        try:
            yield desk
        finally:
            process.terminate()
            process.wait()


def seconds_of(action: Any) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def ratio_of_sounds(desk: OpenDesk, folder: Path, runs: int) -> str:
    """Return the time to the whole sound of a sentence, against the voice alone."""
    from briefing.config import load
    from briefing.speech.voices import usable_voice
    from briefing.text.script_writer import script_writer

    marks = desk.get("/api/articles/0/0/marks").json
    config = load(folder / "config.toml")[0]
    store = config.open_cache()
    writer, voice = script_writer(config, store), usable_voice(config, None, store)
    texts = ["".join(s["text"] for s in p["sentences"]) for p in marks["paragraphs"]]
    names = writer.names_of(list(spoken(folder)), title=True, article="seeds/000.txt")
    ratios, waits = [], []
    for index, text in enumerate(spoken(folder)[1 : 1 + runs], 1):
        assert texts[index]
        sentence = writer.write(text, names.of(index)).sentences[0]
        notation = voice.notation(sentence)
        place = {**desk.article(), "paragraph": index, "sentence": 0}

        def hear(place: dict[str, Any] = place) -> None:
            answer = desk.post(
                "/api/sound", **place, from_token=None, to_token=None, reading=None, agreed=False
            )
            assert answer.status == 200, answer.body

        hear()
        alone, asked = [], []
        for _ in range(5):
            alone.append(seconds_of(lambda n=notation: list(voice.speak([n]))))
            asked.append(seconds_of(hear))
        ratios.append(min(asked) / min(alone))
        waits.append(statistics.median(asked))
    return f"{statistics.median(ratios):.2f} ({statistics.median(waits) * 1000:.0f} ms)"


def spoken(folder: Path) -> list[str]:
    from briefing.config import load
    from briefing.production.rundown import spoken_paragraphs
    from briefing.sources import read

    config = load(folder / "config.toml")[0]
    return spoken_paragraphs(read(config)[0][0], config)


def ratio_of_mends(desk: OpenDesk, folder: Path) -> str:
    """Return the machine's part of a mend at the desk, until it is heard, against the commands."""
    desk.build()
    word = desk.word(NAME)
    at_desk, by_command = [], []
    for reading in READINGS:

        def mend(reading: str = reading) -> None:
            values = {
                "reading": reading,
                "scope": "always",
                "lexicon_digest": desk.lexicon_digest(),
            }
            assert desk.post("/api/readings", **word, **values).status == 200
            assert desk.build()["state"] == "done"
            place = ("briefing", "article", "digest", "paragraph", "sentence")
            heard = desk.post("/api/edition_sound", **{key: word[key] for key in place})
            assert heard.status == 200

        def command(reading: str = reading) -> None:
            other = reading + "\u0652"
            for words in (("mend", NAME, other), ("build", "--quiet")):
                subprocess.run((*COMMAND, *words), cwd=folder, check=True, capture_output=True)

        at_desk.append(seconds_of(mend))
        by_command.append(seconds_of(command))
    ratio = statistics.median(at_desk) / statistics.median(by_command)
    return f"{ratio:.2f} ({statistics.median(at_desk):.1f} s)"


def measure_collection(folder: Path, count: int, *, alike: bool) -> None:
    title, _, body = SEED.read_text("utf-8").partition("\n")
    same = [f"{title} {number}\n{body}" for number in range(count)]
    make(folder, same if alike else articles(count))
    with running_desk(folder) as desk:
        start = time.perf_counter()
        desk.get("/")
        rows = desk.get("/api/desk").json["briefings"][0]["articles"]
        text = desk.get("/api/articles/0/0/text").json
        first = time.perf_counter() - start
        assert len(rows) == count
        assert text["paragraphs"]
        row(f"first of {count} articles, empty cache", f"{first:.2f} s", "1.5 s")
        start = time.perf_counter()
        for place in range(count):
            assert desk.get(f"/api/articles/0/{place}/marks").status == 200
        if not alike:
            row("all marks, never read before", f"{time.perf_counter() - start:.0f} s", "")
    with running_desk(folder) as desk:
        time.sleep(5)  # the model is loaded
        start = time.perf_counter()
        desk.get("/")
        desk.get("/api/desk")
        desk.get("/api/articles/0/0/text")
        for place in range(count):
            assert desk.get(f"/api/articles/0/{place}/marks").status == 200
        row("all marks, cached", f"{time.perf_counter() - start:.2f} s", "1.5 s")
        lists = min(seconds_of(lambda: desk.get("/api/desk")) for _ in range(5))
        row("the list of articles again", f"{lists * 1000:.0f} ms", "")
        for label, pid in processes_of(desk.pid):  # type: ignore[attr-defined]
            row(f"memory: {label}", f"{memory_mb(pid):.0f} MB", "")


def processes_of(pid: int) -> Iterator[tuple[str, int]]:
    yield "server", pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    yield from (("worker", int(child)) for child in children)


def memory_mb(pid: int) -> float:
    """Return a process's proportional share of memory (PSS), in MB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    match = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert match is not None
    return int(match[1]) / 1000


if __name__ == "__main__":
    main()
