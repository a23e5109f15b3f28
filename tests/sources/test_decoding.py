"""Bytes to text: recognised, or refused with what to do; never read as nonsense."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import SourceError
from briefing.sources.decoding import decode
from tests.conftest import SEEDS

TEXT = "قال الرئيس يوم الأربعاء إنه أجرى مكالمة هاتفية طويلة.\nثم عاد إلى مكتبه في باريس، وطلب القهوة.\n"
ALPHABET = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"]
)
@pytest.mark.parametrize(
    "text", [TEXT, "سلام", "عنوان\n\nفقرة", TEXT + "Farnaz Fassihi و جوليان بارنز", TEXT + ALPHABET],
    ids=["article", "word", "short", "with-latin", "alphabet"],
)  # fmt: skip
def test_arabic_is_read_as_written_whatever_the_encoding(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_with_its_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")) == TEXT


def test_typographic_marks_of_windows_1256_stay() -> None:
    text = "وأضاف: “لقد تحدثنا” – ثم صمت… 100٪ لا، بل 50%.".replace("٪", "%")
    assert decode(text.encode("cp1256")) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"Only English in this one.", "has no Arabic in it"),
        ("Un été à la plage, déjà vu.".encode("cp1252"), "unknown encoding|no Arabic"),
        (TEXT.encode("iso8859_6"), "unknown encoding"),
        (TEXT.encode("mac_arabic", "replace"), "unknown encoding"),
        ("Привет, как дела? Это русский текст.".encode("cp1251"), "unknown encoding"),
        ("Это русский текст в другой кодировке".encode("koi8-r"), "unknown encoding"),
        ("Καλημέρα, τι κάνετε σήμερα;".encode("cp1253"), "unknown encoding"),
        ("今天的新闻，总统说他昨天和外国领导人打了电话".encode("gbk"), "unknown encoding"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a picture"),
        (b"%PDF-1.7\n" + TEXT.encode(), "is a PDF"),
        (b"PK\x03\x04" + bytes(100), "Office document"),
        (b"ID3\x04" + bytes(100), "sound file"),
        (bytes(range(256)) * 20, "binary|unknown encoding"),
        (TEXT.encode()[:-4] + b"\xd8\n" + TEXT.encode(), "damaged UTF-8: line 2"),
        (TEXT.encode() + "سلام".encode()[:-1], "damaged UTF-8: line 3"),
        (TEXT.encode() + TEXT.encode("cp1256"), "damaged UTF-8|unknown encoding"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"\xd8", "damaged at byte"),
    ],
)  # fmt: skip
def test_what_is_not_one_of_them_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        decode(data)


@given(st.binary(max_size=2000))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decode(data)
    except SourceError as error:
        assert 3 < len(str(error)) < 200


@given(
    st.lists(
        st.sampled_from(
            ["من", "في", "على", "قال", "الرئيس", "يوم", "مدينة،", "هذا؟", "أنّ", "كبير"]
        ),
        min_size=4,
    )
)
def test_words_in_windows_1256_come_back(words: list[str]) -> None:
    text = " ".join(words)
    assert decode(text.encode("cp1256")) == text


def test_the_sample_article_reads_the_same_in_all_of_them() -> None:
    (seed,) = SEEDS.glob("*.txt")
    text = seed.read_text("utf-8")
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "cp1256"):
        assert decode(text.encode(encoding)) == text
