"""Which bytes are read as which text, and which are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.errors import SourceError
from briefing.sources.decoding import decode

SAMPLE = next((Path(__file__).parents[2] / "seeds").glob("*.txt")).read_text(encoding="utf-8")
SHORT = "خبر عاجل"
MIXED = "قالت شركة Google إن هاتف Pixel 9 يباع بـ 799 دولارا، أي 15% أقل."
LETTERS = SHORT * 9 + "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي ء آ أ إ ؤ ئ ى ة"
VOWELLED = "قَالَ الوَزِيرُ إِنَّ العَمَلَ مُسْتَمِرٌّ"
FRENCH = "Le président a déclaré à la presse que l'été sera très chaud, où l'on ira à la mer."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"]
)
@pytest.mark.parametrize("text", [SAMPLE, SHORT, MIXED, LETTERS, VOWELLED, "عام 2014\r\n"])
def test_an_encoding_is_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding, "replace")) == text.encode(encoding, "replace").decode(
        encoding
    )


def test_utf16_with_a_big_endian_mark_is_recognised() -> None:
    assert decode(b"\xfe\xff" + SAMPLE.encode("utf-16-be")) == SAMPLE


REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf \r\n\t\n", "empty"),
    "English": (b"No Arabic here.", "no Arabic"),
    "French in Latin-1": (FRENCH.encode("latin-1"), "encoding"),
    "French in UTF-8": (FRENCH.encode(), "no Arabic"),
    "German in Latin-1": ("Die schöne Müllerin lädt Gäste ein".encode("latin-1"), "encoding"),
    "Russian in 1251": ("Президент заявил, что работа идёт".encode("cp1251"), "encoding"),
    "Russian capitals": (("ПРЕЗИДЕНТ ЗАЯВИЛ РАБОТА ИДЕТ " * 9).encode("cp1251"), "encoding"),
    "Russian in KOI8-R": ("Президент заявил, что работа идёт".encode("koi8-r"), "encoding"),
    "Greek": ("Ο πρόεδρος δήλωσε ότι η εργασία".encode("cp1253"), "encoding"),
    "Hebrew": ("הנשיא אמר כי העבודה נמשכת בכל הערים".encode("cp1255"), "encoding"),
    "Chinese": ("总统表示工作正在所有城市继续进行".encode("gb18030"), "encoding"),
    "Japanese": ("大統領は作業が続いていると述べた".encode("shift_jis"), "encoding"),
    "ISO-8859-6": (SAMPLE.encode("iso8859-6", "ignore"), "encoding"),
    "ISO-8859-6, a title": ("ترامب يقول إن السلام قريب".encode("iso8859-6"), "encoding"),
    "Mac Arabic": (SAMPLE.encode("mac_arabic", "ignore"), "encoding"),
    "DOS 720": (SAMPLE.encode("cp720", "ignore"), "encoding"),
    "cut in a letter": (SHORT.encode()[:-1], "within a letter"),
    "damaged UTF-8": (SAMPLE.encode()[:500] + b"\xff\xfe" + SAMPLE.encode()[500:], "damaged"),
    "UTF-8, then Windows-1256": (SAMPLE.encode() + SHORT.encode("cp1256"), "damaged"),
    "cut UTF-16": (b"\xff\xfe" + SAMPLE.encode("utf-16-le")[:-1], "damaged"),
    "converted twice with losses": (
        "".join(
            one for one in SAMPLE.encode().decode("latin-1") if not "\x80" <= one <= "\x9f"
        ).encode(),
        "converted wrongly",
    ),
    "web page": (b"<!DOCTYPE html><html><p>" + SHORT.encode(), "web page"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
    "PDF": (b"%PDF-1.7\n" + SHORT.encode(), "PDF"),
    "ZIP": (b"PK\x03\x04" + bytes(50), "archive"),
    "MP3": (b"ID3\x04" + bytes(50), "sound"),
    "RTF": (b"{\\rtf1 " + SHORT.encode(), "RTF"),
    "zeros": (bytes(5000), "empty|binary"),
    "random bytes": (bytes((i * 7919 + i * i * 31) % 256 for i in range(5000)), "binary|encoding"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_plainly_arabic_is_refused_with_the_reason(case: str) -> None:
    data, reason = REFUSED[case]
    with pytest.raises(SourceError, match=reason):
        decode(data)


def test_what_was_converted_twice_without_loss_is_mended() -> None:
    assert decode(SAMPLE.encode().decode("latin-1").encode()) == SAMPLE


def test_control_characters_are_taken_out() -> None:
    assert decode((SAMPLE + "خبر\x00 عا\x07جل\x1a\ufffe").encode()) == SAMPLE + "خبر عاجل"
