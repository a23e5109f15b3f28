"""Random and mutated documents: each gives an article or one message, in bounded time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from briefing.errors import SourceError
from briefing.sources.article import article
from briefing.sources.decoding import decode

SAMPLE = next((Path(__file__).parents[2] / "seeds").glob("*.txt")).read_bytes()
LONGEST_S = 20.0  # 0.2 s on a quiet machine
NASTY = {
    "NULs": SAMPLE.replace(b" ", b"\0 "),
    "a line of a megabyte": ("كلمة " * 120_000).encode(),
    "a word of a megabyte": ("ك" * 500_000).encode(),
    "100,000 marks": ("ب" + "\u064b" * 100_000).encode(),
    "deep quotes": ("«" * 50_000 + "قال" + "»" * 50_000).encode(),
    "only punctuation": ("،؛.!؟" * 50_000).encode(),
    "direction overrides": ("\u202eخبر\u202c\u2067" * 20_000).encode(),
    "lone surrogates": "خبر".encode() + b"\xed\xa0\x80" * 1000,
    "lone surrogates in UTF-16": "خبر ".encode("utf-16") + b"\x00\xd8" * 1000,
    "a hundred thousand lines": ("خبر\n" * 100_000).encode(),
    "blank lines": ("خبر" + "\n" * 1_000_000 + "خبر").encode(),
    "spaces": ("خبر" + " " * 1_000_000 + "خبر").encode(),
    "byline words": ("عنوان\nخبر\n" + "ساهم في " * 30 + "خبر").encode(),
    "near bylines": ("عنوان\nخبر\n" + "a " * 29 + "ساهم في إعداد هذا التقريرx").encode(),
    "brackets": ("عنوان\nخبر\n" + "(" * 290).encode(),
    "mixed encodings": SAMPLE + SAMPLE.decode().encode("cp1256", "ignore"),
}


def check(data: bytes) -> None:
    started = time.process_time()
    try:
        found = article(decode(data), "seeds/a.txt", "0" * 64)
    except SourceError as error:
        message = str(error)
    else:
        assert found.paragraphs
        found.heading.encode()
        message = "".join(found.paragraphs).encode().decode().partition("\n")[0]
    assert "\n" not in message
    assert time.process_time() - started < LONGEST_S


def mutated(seed: int) -> bytes:
    chance = random.Random(seed)
    encodings = ["utf-8", "utf-16", "utf-16-be", "cp1256", "utf-8-sig"]
    data = bytearray(
        SAMPLE.decode()[: chance.randrange(1, 4000)].encode(chance.choice(encodings), "ignore")
    )
    for _ in range(chance.randrange(0, 12)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at:at] = chance.randbytes(chance.randrange(1, 40))
            case 1:
                del data[at : at + chance.randrange(1, 200)]
            case 2:
                data[at:at] = data[: chance.randrange(len(data) + 1)][:2000]
            case 3:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                data[at:at] = chance.choice(["\u202e", "ساهم", "\r", "\u0651" * 99]).encode()
    return bytes(data) if chance.random() > 0.1 else chance.randbytes(chance.randrange(3000))


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_document_is_read_or_refused_in_bounded_time(name: str) -> None:
    check(NASTY[name])


def test_a_thousand_mutated_documents_are_read_or_refused() -> None:
    for seed in range(1000):
        check(mutated(seed))


@pytest.mark.slow
def test_ten_thousand_mutated_documents_are_read_or_refused() -> None:
    for seed in range(1000, 11_000):
        check(mutated(seed))
