"""Measures a neural voice's build of the sample against the bare runtime, in CPU seconds.

    python -m tests.benchmarks.piper [--model FILE.onnx]

Without --model it takes the public-domain voice of the extra `test-voices`. The bare process imports
onnxruntime, loads the model as published and runs it on the same symbols, piece by piece, in one
thread: what no program could do without.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from briefing.commands.voices import install
from briefing.config import load
from briefing.production.rundown import spoken_paragraphs
from briefing.sources import read
from briefing.speech.piper.model_config import read_model_config
from briefing.speech.piper.network import Network
from briefing.speech.piper.pieces import cut
from briefing.speech.piper.symbols import symbols_of
from briefing.text.script_writer import script_writer
from tests.conftest import SEEDS, Project, make_project
from tests.speech.piper.public_domain import WHY_SKIPPED, model_path

DAY = "2026-11-24"
_SENTENCE = " وانتهى الأمر مساء أمس."
_BARE = """
import json, sys
import numpy as np, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
for ids in json.load(open(sys.argv[2])):
    session.run(None, {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array([0.667, 1.0, 0.8], np.float32),
    })
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=model_path())
    model = parser.parse_args().model
    if model is None:
        raise SystemExit(WHY_SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = _project(folder / "joe", model, "joe")
        built_s, peak_mb = _build(project)
        numbers = _numbers(project, model)
        bare_s = _bare(model, numbers, folder)
        print(f"pieces: {len(numbers)}")
        _row("cold build of the sample", built_s, "bare inference of its symbols", bare_s, 1.15)
        print(f"| peak memory of the largest process | | {peak_mb:.0f} MB | 600 MB |")
        plain = _project(folder / "espeak", model, "espeak")
        _build(plain)
        changed_s, plain_s = (_changed(one) for one in (project, plain))
        new = [ids for ids in _numbers(project, model) if ids not in numbers]
        least_s = _bare(model, _of_the_paragraph(project, model, new), folder)
        print(f"espeak's rebuild {plain_s:.2f} s, bare inference of the paragraph {least_s:.2f} s")
        _row("one paragraph changed", changed_s, "the sum of these two", plain_s + least_s, 1.15)


def _row(what: str, seconds: float, against: str, bare_s: float, bar: float) -> None:
    print(
        f"| {what} | {against} | {seconds / bare_s:.2f} ({seconds:.1f} of {bare_s:.1f} s) | {bar} |"
    )


def _project(folder: Path, model: Path, voice: str) -> Project:
    """The sample as a project of its own, with the voice installed; one worker, for its memory."""
    text = next(SEEDS.glob("*.txt")).read_text("utf-8")
    project = make_project(folder, {"a.txt": text})
    project.configure(f'workers = 1\nvoice = "{voice}"\n[models]\nfolder = "models"\n')
    if voice != "espeak":
        (config,) = load(project.folder / "config.toml")
        install(config, str(model), name=voice, agreed=True, line=len, notify=len)
    return project


def _build(project: Project) -> tuple[float, float]:
    """Build; return its CPU seconds and the peak memory of its largest process, MB."""
    before = _children_s()
    done = project.run("build", "--date", DAY, timeout_s=7200)
    assert done.returncode == 0, done.stderr
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return _children_s() - before, peak_kb * 1024 / 1e6


def _changed(project: Project) -> float:
    """Add a sentence to the last paragraph and build; return the CPU seconds."""
    article = project.folder / "seeds" / "a.txt"
    article.write_text(article.read_text("utf-8").rstrip() + _SENTENCE + "\n", "utf-8")
    return _build(project)[0]


def _paragraphs(project: Project) -> list[list[str]]:
    """Return the symbols of each sentence, by paragraph, as the build writes them."""
    (config,) = load(project.folder / "config.toml")
    articles, _ = read(config)
    writer = script_writer(config, None)
    texts = spoken_paragraphs(articles[0], config)
    names = writer.names_of(texts, title=bool(articles[0].title))
    scripts = [writer.write(text, names.of(index)) for index, text in enumerate(texts)]
    return [[s for s in map(symbols_of, script.sentences) if s] for script in scripts]


def _ids(sentences: Sequence[str], model: Path) -> list[list[int]]:
    config = read_model_config(model.with_name(f"{model.name}.json"))
    network = Network.__new__(Network)
    network.config = config
    return [network._ids(words)[0] for one in sentences for words in cut(one.split(" "))]


def _numbers(project: Project, model: Path) -> list[list[int]]:
    """Return the model's numbers of each piece of the sample."""
    return [ids for paragraph in _paragraphs(project) for ids in _ids(paragraph, model)]


def _of_the_paragraph(
    project: Project, model: Path, new: Sequence[Sequence[int]]
) -> list[list[int]]:
    """Return the numbers of the pieces of the paragraphs that have something new."""
    paragraphs = [_ids(paragraph, model) for paragraph in _paragraphs(project)]
    return [ids for pieces in paragraphs if any(each in new for each in pieces) for ids in pieces]


def _bare(model: Path, numbers: Sequence[Sequence[int]], folder: Path) -> float:
    """Return the CPU seconds of a process that runs the model on these and does nothing else."""
    path = folder / "numbers.json"
    path.write_text(json.dumps(numbers))
    before = _children_s()
    subprocess.run([sys.executable, "-c", _BARE, str(model), str(path)], check=True)
    return _children_s() - before


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
