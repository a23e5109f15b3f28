"""Where the time of a cold build goes, stage by stage, and how far it is from the limit.

    python -m tests.benchmarks.stages

CPU seconds of the sample article, each stage alone in this process, and of the whole build with
all its workers. The limit is speaking and encoding alone, on all cores.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from briefing.clip_cache import FolderStore
from briefing.config import Config, load
from briefing.mastering.clip import make_clip
from briefing.mastering.formats.encoding import Encoding
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.presets import mastering_of
from briefing.production.rundown import spoken_paragraphs
from briefing.sources import read
from briefing.speech.espeak.voice import EspeakVoice
from briefing.speech.voice import Speech
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.vowels.diacritiser import Diacritiser
from tests.benchmarks.build import BUILD, ROOT, SEED, make, run


def main() -> None:
    (config,) = load(ROOT / "config.toml")
    articles, _ = read(config)
    paragraphs = spoken_paragraphs(articles[0], config)
    spent: dict[str, float] = {}

    def stage(name: str, work: Callable[[], Iterable[Any]]) -> list[Any]:
        started = time.process_time()
        made = list(work())
        spent[name] = time.process_time() - started
        return made

    lexicon = load_lexicon(None)
    read_out = stage(
        "reading", lambda: [read_paragraph(p, config.text, lexicon) for p in paragraphs]
    )
    diacritiser = Diacritiser()
    vowelled = stage(
        "vowelling, the models' loading with it",
        lambda: [[diacritiser.diacritise(one) for one in some] for some in read_out],
    )
    phonetised = stage(
        "phonetisation",
        lambda: [[phonetise(one, config.text.case_endings) for one in some] for some in vowelled],
    )
    voice = _voice(config)
    notations = stage(
        "the voice's notation",
        lambda: [[voice.notation(one) for one in some if one.spoken] for some in phonetised],
    )
    notations = [some for some in notations if some]
    speeches = stage("speaking", lambda: [list(voice.speak(some)) for some in notations])
    mastering = mastering_of(config, voice)
    make_clip(speeches[0], mastering)  # the libraries are imported
    stage(
        "clips: filters, loudness, encoding, peaks",
        lambda: [make_clip(s, mastering) for s in speeches],
    )
    stage("of these, encoding", lambda: [_encoded(config, some) for some in speeches])
    with tempfile.TemporaryDirectory() as folder:
        project = make(Path(folder) / "one", [SEED.read_text("utf-8")])
        run(BUILD, project, cold=True)
        before = _children_s()
        wall = run(BUILD, project, cold=True)
        whole = _children_s() - before
    stages = sum(spent.values()) - spent["of these, encoding"]
    print("| stage | CPU s |\n| --- | --- |")
    for name, seconds in spent.items():
        print(f"| {name} | {seconds:.2f} |")
    print(f"| all else: start-up, imports, joining, publishing | {whole - stages:.2f} |")
    print(f"| the whole build | {whole:.2f} |")
    limit = _limit_s(config, notations)
    print(f"\nspeaking and encoding alone, on {os.cpu_count()} cores: {limit:.2f} s")
    print(f"the whole build: {wall:.2f} s, {wall / limit:.1f} times that")


def _voice(config: Config) -> EspeakVoice:
    return EspeakVoice(dict(config.voices["espeak"]), FolderStore(Path("unused")))


def _encoded(config: Config, speeches: Iterable[Speech]) -> int:
    mastering = mastering_of(config, _voice(config))
    some = list(speeches)
    encoding = Encoding(some[0].sample_rate_hz, mastering.bitrate_kbps, mastering.quality, "mp3")
    joined = np.concatenate([np.frombuffer(one.samples, np.int16) for one in some])
    return codec_of("mp3").encode(joined.tobytes(), encoding).count


def _speak_and_encode(job: tuple[Config, list[str]]) -> int:
    config, notations = job
    return _encoded(config, _voice(config).speak(notations))


def _limit_s(config: Config, notations: list[list[str]]) -> float:
    jobs = [(config, some) for some in notations]
    with multiprocessing.get_context("spawn").Pool() as pool:
        pool.map(_speak_and_encode, jobs[:4])  # the libraries are imported
        started = time.perf_counter()
        pool.map(_speak_and_encode, jobs, chunksize=1)
        return time.perf_counter() - started


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
