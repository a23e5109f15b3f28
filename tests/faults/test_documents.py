"""Ten thousand random and mutated documents, and a corpus of nasty ones, from bytes to phonemes.

Each is read or refused with one line; the rest of the folder is built in bounded time and memory.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.config import Text
from briefing.errors import SourceError
from briefing.sources.article import article
from briefing.sources.decoding import decode
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.script_writer import ScriptWriter
from tests.conftest import SHORT_ARTICLES, Project
from tests.sources.test_nasty_documents import NASTY, mutated

LEXICON = load_lexicon(None)
MOST_CPU_S = 60.0
MOST_MEMORY_MB = 700
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآؤئء"
PIECES = [
    "ـ" * 40, "\u064b\u0651\u0650" * 30, "\u202e", "\u2067", "\u200f\u200e", "\u200d" * 50, "\ufeff",
    "«" * 60, "»" * 60, "(" * 60, '"' * 61, "'" * 61, "[[", "]]", "[[_:;_]]", "<b>", "&amp;", "\\0",
    "{0}", "%s", "$(reboot)", "`id`", "${title}", "\x00", "\x1b[31m", "\x85", "\u2028", "\u2029", "\r", "\f",
    "١" * 300, "9" * 400, "1/0/0000", "32/13/99999", "25:61:99", "1e999", "-0", "٪٪٪", "½⅓", "²³", "①Ⅻ",
    "₪€$£¥" * 20, "km/h", "https://" + "a" * 500, "@" * 50, "#" * 50, "a@b." * 60, "م" * 2000, "و" * 500,
    "لا" * 300, "ﷺ" * 40, "\u0640\u064b" * 50, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20, "\U000e0041" * 30,
    "x" * 3000, "Ж" * 50, "漢" * 50, "𐤀" * 30, "…" * 200, "!؟" * 300, "،" * 300, "- " * 200, "1. " * 200, "أ. ب. ج. " * 60,
]  # fmt: skip
MIXTURES = st.lists(
    st.sampled_from(PIECES)
    | st.text(ARABIC + " .،؟\n", max_size=60)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    min_size=1,
    max_size=12,
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1256"]


def read(data: bytes, writer: ScriptWriter | None = None) -> str:
    """Read a document as far as asked for; give what became of it."""
    try:
        found = article(decode(data), "seeds/a.txt", "0" * 64)
    except SourceError as error:
        assert str(error)
        assert "\n" not in str(error)
        return "refused"
    for text in (found.title, *found.paragraphs, found.byline):
        text.encode()
        if not text:
            continue
        sentences = (
            writer.write(text).sentences if writer else read_paragraph(text, Text(), LEXICON)
        )
        for one in sentences:
            assert text[one.start : one.end] == one.text
            assert "[[" not in one.spoken
    return "read"


def document(chance: random.Random) -> bytes:
    """Make a document of pieces; mutated() makes the other half from the sample."""
    words = ["".join(chance.choices(ARABIC, k=chance.randrange(1, 8))) for _ in range(30)]
    parts = [
        chance.choice([chance.choice(PIECES), " ".join(chance.sample(words, 8)), "\n", ". "])
        for _ in range(chance.randrange(1, 14))
    ]
    data = chance.choice(["", " "]).join(parts).encode(chance.choice(ENCODINGS), "ignore")
    return data if chance.random() < 0.8 else data[chance.randrange(3) : chance.randrange(99, 9999)]


def try_documents(seeds: range, full_every: int) -> Counter[str]:
    writer = ScriptWriter(Text(), LEXICON, None)
    told: Counter[str] = Counter()
    for seed in seeds:
        chance = random.Random(seed)
        data = mutated(seed)[:600] if seed % 2 else document(chance)
        full = seed % full_every == 0
        started = time.process_time()
        try:
            told[read(data[:1500] if full else data, writer if full else None)] += 1
        except Exception as error:
            raise AssertionError(f"document {seed}: {data[:200]!r}") from error
        assert time.process_time() - started < MOST_CPU_S / 6, f"document {seed}"
        told["to phonemes"] += full
    return told


def test_hundreds_of_documents_are_read_or_refused() -> None:
    told = try_documents(range(300), full_every=15)
    assert told["read"] > 100
    assert told["refused"] > 20


@pytest.mark.slow
def test_ten_thousand_documents_are_read_or_refused() -> None:
    told = try_documents(range(1000, 11_000), full_every=20)
    print(f"\n10,000 documents: {dict(told)}, 0 unexpected")


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(MIXTURES, st.sampled_from(ENCODINGS))
def test_any_mixture_is_read_or_refused(parts: list[str], encoding: str) -> None:
    read(" ".join(parts).encode(encoding, "ignore"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data)
    read("خبر ".encode() + data)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures its children as Linux does")
@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_document_costs_bounded_time_and_memory_and_no_other_article(
    name: str, project: Project
) -> None:
    # the beginning of what is long: that it is spoken in proportion is another test's subject
    data = NASTY[name]
    (project.folder / "seeds" / "nasty.txt").write_bytes(data[: 20_000 + len(data) % 7])
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = project.run("build", "--quiet", timeout_s=500)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert used.ru_utime + used.ru_stime - started.ru_utime - started.ru_stime < MOST_CPU_S
    assert used.ru_maxrss < MOST_MEMORY_MB * 1000
    sidecar = json.loads((project.audio / "briefing.json").read_bytes())
    assert {"seeds/a.txt", "seeds/b.txt"} <= {one["path"] for one in sidecar["sources"]}
    assert len(sidecar["sources"]) == 3 or sidecar["build"]["skipped"]


@pytest.mark.slow
def test_names_of_every_kind_in_one_folder(project: Project) -> None:
    seeds = project.folder / "seeds"
    text = SHORT_ARTICLES["a.txt"]
    names = ["a b.txt", "خبر عاجل.txt", "-rf.txt", "$(touch pwned).txt", "`touch pwned`.txt", "a;touch pwned;.txt",
             "<script>alert(1)<.txt", "a'b\"c.txt", "a%2e%2e%2fb.txt", "~.txt", "{{7*7}}.txt", "\u202egpj.txt", "é.txt",
             "e\u0301.txt", "x" * 240 + ".txt", "a\\b.txt", "new\nline.txt", "tab\t.txt", "*.txt", "con.txt"]  # fmt: skip
    for name in names:
        (seeds / name).write_text(text, "utf-8")
    Path(os.fsdecode(os.fsencode(seeds) + b"/\xff\xfe\x80.txt")).write_text(text, "utf-8")
    (seeds / "self.txt").symlink_to("self.txt")
    (seeds / "up").symlink_to("..")
    (seeds / "folder.txt").symlink_to(seeds, target_is_directory=True)
    (seeds / "null.txt").symlink_to("/dev/zero")
    os.mkfifo(seeds / "pipe.txt")
    done = project.run("build", timeout_s=100)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    sidecar = json.loads((project.audio / "briefing.json").read_bytes())
    assert len(sidecar["sources"]) == len(names) + 3
    assert {Path(one["path"]).name for one in sidecar["build"]["skipped"]} == {
        "self.txt", "null.txt", "pipe.txt",
    }  # fmt: skip
    assert not list(project.folder.rglob("pwned"))
    assert project.run("build").returncode == 0
