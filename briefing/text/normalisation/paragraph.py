"""Read a paragraph as sentences of tokens: what is written, and what is spoken for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

from briefing.config import Text
from briefing.text.cleaning import Clean, clean, prepare, strip_marks
from briefing.text.normalisation.abbreviations import read_pointed, read_shortened
from briefing.text.normalisation.ipa_readings import is_ipa
from briefing.text.normalisation.joined_words import part
from briefing.text.normalisation.latin import (
    read_address,
    read_foreign,
    read_roman,
    read_sign,
    spell,
)
from briefing.text.normalisation.lexicon import (
    Lexicon,
    Match,
    Place,
    load_lexicon,
    sentence_digest,
)
from briefing.text.normalisation.spelling_slips import habits_of, mend_spelling
from briefing.text.numbers.brackets import without_brackets
from briefing.text.numbers.codes import read_account
from briefing.text.numbers.date_words import read_date_word
from briefing.text.numbers.emoticons import read_emoticon
from briefing.text.numbers.grammatical_case import name_case
from briefing.text.numbers.list_numbers import read_list_number
from briefing.text.numbers.measures import attach
from briefing.text.numbers.number_phrases import read_figure
from briefing.text.numbers.rates import read_rate
from briefing.text.pieces.asides import is_aside
from briefing.text.pieces.breaths import mark_of, stronger, with_breaths
from briefing.text.pieces.scanner import Lexeme, scan
from briefing.text.pieces.sentence_ends import spans_of
from briefing.text.pieces.sentence_in_progress import PARTICLES, Line, Reading, first_reading
from briefing.text.script import Sentence, Token
from briefing.text.tables import reading_table

__all__ = ["read_paragraph", "spoken"]

_SIGHT = 100
"""Characters at the beginning of a sentence that show an aside."""
_WORDS_BEFORE_ROMAN = 3
"""How far back is looked for what a Roman number counts."""
_LONGEST_WORD = 60
"""Letters: a word of Arabic has some twenty at most; a longer run is debris, and no voice says it
(espeak-ng dies of it)."""


def read_paragraph(text: str, settings: Text, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """Read a paragraph: its sentences, each with its tokens. Offsets are code points of text.

    Every character of text is in one sentence's span or is white space between two; every
    written word is in a token.

    >>> from briefing.text.normalisation.lexicon import load_lexicon
    >>> [sentence.spoken for sentence in read_paragraph("قُتل 3 جنود.", Text(), load_lexicon(None))]
    ['قتل ثلاثة جنود']
    """
    cleaned = prepare(text)
    pieces = scan(cleaned.text)
    silent = not settings.read_asides and is_aside(cleaned.text)
    habits, is_marked = habits_of(pieces), partial(_is_marked, cleaned)
    sentences = []
    for (start, end), (first, last) in spans_of(text, cleaned.ends, pieces):
        own = without_brackets(mend_spelling(pieces[first:last], is_marked, habits))
        line = Line(cleaned.text, own, settings.date_order, text, cleaned)
        tokens = list(_tokens(text, cleaned, line, settings, lexicon))
        if lexicon.here:
            tokens = _with_readings_here(tokens, text[start:end], start, lexicon)
        if silent or (not settings.read_asides and _is_aside(line)):
            tokens = [
                Token(token.text, token.start, token.end, "", token.language, rule="aside")
                for token in tokens
            ]
        sentences.append(Sentence(text[start:end], start, end, tuple(with_breaths(tokens))))
    return tuple(sentences)


def _with_readings_here(
    tokens: Sequence[Token], sentence: str, start: int, lexicon: Lexicon
) -> list[Token]:
    """Return the tokens of a sentence, with the readings that the lexicon has at this place alone.

    start: of the sentence in its paragraph.
    """
    digest = sentence_digest(sentence)

    def place_of(token: Token, start: int, digest: str) -> Place:
        return Place(digest, token.start - start, " ".join(token.text.split()))

    return [
        _with_reading(token, reading)
        if (reading := lexicon.here.get(place_of(token, start, digest)))
        else token
        for token in tokens
    ]


def _with_reading(token: Token, reading: str) -> Token:
    if is_ipa(reading):
        spoken = strip_marks(" ".join(token.text.split()))
        return replace(
            token, spoken=spoken, language="ar", vowelled="", ipa=reading[1:-1],
            unsure=False, source="lexicon", rule="here",
        )  # fmt: skip
    return replace(
        token, spoken=strip_marks(reading).replace("ٱ", "ا"), language="ar", vowelled=reading,
        ipa="", unsure=False, source="lexicon", rule="here",
    )  # fmt: skip


def spoken(text: str) -> str:
    """Return the words of a text with the default settings, for the examples in docstrings.

    >>> spoken("حضر 25 نائبا")
    'حضر خمسة وعشرون نائبا'
    """
    sentences = read_paragraph(text, Text(), load_lexicon(None))
    return " ".join(sentence.spoken for sentence in sentences)


def _tokens(
    text: str, cleaned: Clean, line: Line, settings: Text, lexicon: Lexicon
) -> Iterator[Token]:
    pieces = line.pieces
    at, count = 0, len(pieces)
    waiting: tuple[int, int, Reading, str] | None = None
    mark = ""
    while at < count:
        piece = pieces[at]
        reading = _read(line, at, settings, lexicon)
        if reading is None:
            mark = stronger(mark, mark_of(pieces, at))
            at += 1
            continue
        if waiting is not None:
            if waiting[2].rule == "list_number" and cleaned.text[max(0, waiting[0] - 1)] != "(":
                mark = stronger(mark, "،")  # 2) اللصق: a speaker pauses after "secondly"
            yield _token(text, cleaned, waiting, mark, lexicon)
        end = reading.end
        following = at + 1
        while following < count and pieces[following].start < end:
            end = max(end, pieces[following].end)  # no written word is cut, none is lost
            following += 1
        waiting, mark = (piece.start, end, reading, piece.kind if following == at + 1 else ""), ""
        at = following
    if waiting is not None:
        yield _token(text, cleaned, waiting, mark, lexicon)


def _is_marked(cleaned: Clean, piece: Lexeme) -> bool:
    """Return whether something was written between a word's letters: marks, or a tatweel."""
    return cleaned.ends[piece.end - 1] - cleaned.starts[piece.start] != piece.end - piece.start


def _is_aside(line: Line) -> bool:
    """Return whether one sentence of a paragraph points to another article."""
    if not line.pieces:
        return False
    start = line.pieces[0].start
    return start > 0 and is_aside(line.text[start : start + _SIGHT], whole=False)


def _token(
    text: str, cleaned: Clean, place: tuple[int, int, Reading, str], mark: str, lexicon: Lexicon
) -> Token:
    start, end, reading, kind = place
    source, finish = cleaned.starts[start], cleaned.ends[end - 1]
    written = text[source:finish]
    words = reading.words
    if is_ipa(words):
        spoken = strip_marks(" ".join(written.split()))
        return Token(
            written,
            source,
            finish,
            spoken,
            reading.language,
            mark=mark,
            source="lexicon",
            rule=reading.rule,
            ipa=words[1:-1],
        )
    spoken = strip_marks(words).replace("ٱ", "ا") if reading.language == "ar" else words
    vowelled = words if words != spoken else ""
    reader = _reader(cleaned, start, end, reading, lexicon)
    if len(spoken) > _LONGEST_WORD and max(map(len, spoken.split())) > _LONGEST_WORD:
        return Token(written, source, finish, "", reading.language, True, mark, rule="too_long")
    if (
        kind == "arabic"
        and not vowelled
        and words == cleaned.text[start:end]
        and len(written) != end - start
    ):
        marked = clean(written)
        if marked != words and strip_marks(marked) == words:
            vowelled = marked
            reader = "author"
    return Token(
        written,
        source,
        finish,
        spoken,
        reading.language,
        reading.unsure,
        mark,
        vowelled,
        source=reader,
        rule=reading.rule,
    )


def _reader(cleaned: Clean, start: int, end: int, reading: Reading, lexicon: Lexicon) -> str:
    """Return what read a piece: "author", "lexicon", "built_in" or "rule"; "" leaves it open."""
    if not reading.words:
        return ""
    if reading.words == cleaned.text[start:end] and reading.language == "ar":
        return "author" if strip_marks(reading.words) != reading.words else ""
    match = lexicon.match(cleaned.text, start)
    if match is not None and match.reading == reading.words:
        return "lexicon" if match.written in lexicon.own else "built_in"
    return "rule"


class _Place(NamedTuple):
    """A piece to be read, and what it is read with."""

    line: Line
    at: int
    settings: Text
    lexicon: Lexicon
    sight: int = _WORDS_BEFORE_ROMAN
    """Words that may still be looked at, back from here, for what a Roman number counts."""

    @property
    def piece(self) -> Lexeme:
        return self.line.pieces[self.at]

    def match(self) -> Match | None:
        """Return what the lexicon has for the words from here on."""
        return self.lexicon.match(self.line.text, self.piece.start)


_Rules = tuple[Callable[[_Place], Reading | None], ...]


def _read(line: Line, at: int, settings: Text, lexicon: Lexicon) -> Reading | None:
    """Read what begins at a piece; None where nothing is said."""
    place = _Place(line, at, settings, lexicon)
    kind = line.kind(at)
    if kind == "arabic":
        return _arabic(place)
    if kind == "sign" and place.piece.text in "#@" and settings.hashtags == "skip":
        return first_reading((_skipped_tag,), place)
    return first_reading(_RULES.get(kind, _NUMBER_RULES), place)


_LONG = 4
"""Letters: a longer word is no abbreviation."""


def _arabic(place: _Place) -> Reading | None:
    piece, match = place.piece, place.match()
    if match and (match.end > piece.end or len(piece.text) > _LONG):
        return Reading(match.end, match.reading, rule="lexicon")
    if reading := first_reading((_date_word,), place):
        return reading
    if len(piece.text) <= _LONG or piece.text[0] in "وفبلكا":
        if reading := first_reading(_SHORT_WORD_RULES, place):
            return reading
        if match:
            return Reading(match.end, match.reading, rule="lexicon")
        if reading := first_reading((_particle_apart,), place):
            return reading
    if apart := part(piece.text):
        return Reading(piece.end, apart, rule="joined_words")
    is_mended = piece.text != place.line.text[piece.start : piece.end]
    return Reading(piece.end, piece.text, rule="spelling_slip" if is_mended else "")


def _date_word(place: _Place) -> Reading | None:
    return read_date_word(place.line, place.at)


def _number_with_particle(place: _Place) -> Reading | None:
    """بـ20, و5."""
    return read_figure(place.line, place.at) if place.piece.text in PARTICLES else None


def _abbreviation(place: _Place) -> Reading | None:
    return read_shortened(place.line, place.at)


def _particle_apart(place: _Place) -> Reading | None:
    """لـ "حماس", الـBBC: a particle that is written apart from its word."""
    line, at = place.line, place.at
    if not _stands_apart(line, at):
        return None
    if joined := _read_with_particle(place):
        return joined
    if "latin" in (line.kind(at + 1), line.kind(at + 2)):
        return Reading(place.piece.end, _apart()[place.piece.text])
    return None


def _emoticon(place: _Place) -> Reading | None:
    return read_emoticon(place.line, place.at)


def _rate(place: _Place) -> Reading | None:
    return read_rate(place.line, place.at)


def _number(place: _Place) -> Reading | None:
    return read_figure(place.line, place.at)


def _account(place: _Place) -> Reading | None:
    return read_account(place.line, place.at)


def _list_number(place: _Place) -> Reading | None:
    return read_list_number(place.line, place.at)


def _footnote(place: _Place) -> Reading | None:
    """انتهى الخبر [1]: nothing is said."""
    return Reading(place.piece.end, "") if _is_footnote(place.line, place.at) else None


def _name_with_number(place: _Place) -> Reading | None:
    """A name of the lexicon that begins with a number."""
    line, at = place.line, place.at
    if line.kind(at + 1) != "latin" or line.pieces[at + 1].gap:
        return None
    match = place.match()
    return Reading(match.end, match.reading) if match and match.end > place.piece.end else None


def _letter_or_number_sign(place: _Place) -> Reading | None:
    """②, ™."""
    return read_sign(place.piece) if place.piece.text.isalnum() else None


def _other_script(place: _Place) -> Reading | None:
    return read_foreign(place.piece)


def _address(place: _Place) -> Reading | None:
    return read_address(place.line, place.at, place.settings)


def _silent(place: _Place) -> Reading:
    return Reading(place.piece.end, "")


_SHORT_WORD_RULES: _Rules = (_number_with_particle, _abbreviation)


def _stands_apart(line: Line, at: int) -> bool:
    """Return whether a piece is a particle whose word was set apart: by tatweel, quote or script.

    A bare letter with a space after it is left as it is.
    """
    piece = line.pieces[at]
    following = line.pieces[at + 1] if at + 1 < len(line.pieces) else None
    if following is None or following.gap == 2:
        return False
    if piece.text not in PARTICLES:
        return False
    if not following.gap and (following.text in _between() or following.kind == "latin"):
        return True
    if piece.text in ("و", "ف"):
        return False
    return following.kind == "latin" or line.is_stretched(at)


def _is_footnote(line: Line, at: int) -> bool:
    """Return whether a number is a footnote's: انتهى الخبر [1]."""
    return (
        at > 1
        and line.word(at - 1) == "["
        and line.word(at + 1) == "]"
        and len(line.word(at)) < 4
        and not line.pieces[at].gap
    )


def _ampersand(place: _Place) -> Reading | None:
    """Read "&" between two words: والغرب, Johnson and Johnson."""
    line, at = place.line, place.at
    if line.word(at) != "&" or at == 0 or at + 1 == len(line.pieces):
        return None
    end = line.pieces[at].end
    if line.kind(at - 1) == line.kind(at + 1) == "latin":
        return Reading(end, "and", "en")
    return _read_with_particle(place, "و") or Reading(end, "و")


def _or_she(place: _Place) -> Reading | None:
    """موظف/موظفة, المواطن/ة: he or she."""
    line, at = place.line, place.at
    if line.word(at) != "/" or line.kind(at - 1) != "arabic" or line.kind(at + 1) != "arabic":
        return None
    if line.pieces[at].gap or line.pieces[at + 1].gap:
        return None
    he, she = line.word(at - 1), line.word(at + 1)
    if she == f"{he}ة" or (he.endswith("ون") and she == f"{he[:-2]}ات"):
        return Reading(line.pieces[at].end, "أو")
    if she == "ة":
        return Reading(line.pieces[at + 1].end, f"أو {he}ة")
    return None


def _read_with_particle(place: _Place, particle: str = "") -> Reading | None:
    """Read a particle that was written apart with its word: لـ "حماس", الـBBC."""
    line, at = place.line, place.at
    following = at + 1
    while line.word(following) in _between() and following < at + 3:
        following += 1
    if line.kind(following) not in ("arabic", "latin") or line.pieces[following].gap == 2:
        return None
    if line.word(following) in PARTICLES:
        return None
    word = _read(line, following, place.settings, place.lexicon)
    if word is None or word.language != "ar" or not word.words:
        return None
    return Reading(word.end, attach(particle or line.word(at), word.words), unsure=word.unsure)


@cache
def _apart() -> dict[str, str]:
    """Return each particle vowelled as it is before a word of another script."""
    table = reading_table()
    return dict(zip(table["particles"].split(), table["particles_apart"].split(), strict=True))


@cache
def _between() -> frozenset[str]:
    """Return the signs that may come between a particle and its word."""
    return frozenset(reading_table()["between"].split())


def _skipped_tag(place: _Place) -> Reading | None:
    """Read a hashtag or mention as one token that is not said."""
    line = place.line
    last = at = place.at
    while (
        last + 1 < len(line.pieces)
        and not line.pieces[last + 1].gap
        and (line.kind(last + 1) in ("arabic", "latin", "number") or line.word(last + 1) == "_")
    ):
        last += 1
    return Reading(line.pieces[last].end, "") if last > at else None


_NUMBER = re.compile(r"-?([0-9]{1,4}(?:\.[0-9]{1,2})?)")
"""What may be joined to an acronym that the lexicon knows."""


def _name_in_latin(place: _Place) -> Reading | None:
    """BBC, COP28: what the lexicon has, and a number joined to it."""
    match, piece = place.match(), place.piece
    if match is None:
        return None
    if match.end >= piece.end:
        return Reading(match.end, match.reading, rule="lexicon")
    number = _NUMBER.fullmatch(place.line.text, match.end, piece.end)
    if number is None:
        return None
    case = _case_of_name(place.line, place.at)
    return Reading(piece.end, f"{match.reading} {spell(number[1], case)}")


def _letter_behind_number(place: _Place) -> Reading | None:
    """iPhone 16e."""
    piece = place.piece
    if len(piece.text) > 1 or piece.gap or place.line.kind(place.at - 1) != "number":
        return None
    return Reading(piece.end, spell(piece.text))


def _latin_abbreviation(place: _Place) -> Reading | None:
    return read_pointed(place.line, place.at)


def _roman_number(place: _Place) -> Reading | None:
    behind_arabic = _is_said_in_arabic(place, place.at - 1)
    return read_roman(place.line, place.at, behind_arabic=behind_arabic)


def _foreign_word(place: _Place) -> Reading:
    line, at = place.line, place.at
    among_words = _is_foreign_word(line, at - 1, place.lexicon)
    word = read_foreign(place.piece, among_words=among_words, case=_case_of_name(line, at))
    if word.language == "ar":
        word.rule = "acronym"
    return word


_LATIN_RULES: _Rules = (
    _name_in_latin,
    _letter_behind_number,
    _latin_abbreviation,
    _roman_number,
    _foreign_word,
)


_NUMBER_RULES: _Rules = (
    _footnote,
    _list_number,
    _name_with_number,
    _account,
    _number,
    _silent,
)
_RULES: dict[str, _Rules] = {
    "sign": (_emoticon, _rate, _number, _abbreviation, _ampersand, _or_she, _letter_or_number_sign),
    "latin": (_emoticon, _account, _number, *_LATIN_RULES),
    "initials": (_number, _abbreviation, _silent),
    "url": (_address,),
    "email": (_address,),
    "domain": (_address,),
    "other": (_other_script,),
}
"""By the kind of a piece; all others are numbers."""


def _case_of_name(line: Line, at: int) -> str:
    """Return the case that a foreign name's number takes: في قمة G20, بطائرات F-22."""
    if not line.word(at)[-1].isdecimal():
        return "nom"
    attached = line.word(at - 1) if line.pieces[at].gap == 0 else ""
    if attached not in PARTICLES:
        return name_case(line.before(at))
    if attached.lstrip("وف").startswith(("ب", "ل", "ك")):
        return "gen"
    return name_case(line.before(at - 1))


def _is_said_in_arabic(place: _Place, at: int) -> bool:
    """Return whether a word is Arabic, or said so: an acronym, a name that the lexicon knows."""
    line = place.line
    if line.kind(at) != "latin" or place.sight == 0:
        return line.kind(at) == "arabic"
    if line.kind(at - 1) == "number" and not line.pieces[at].gap:
        return True  # $3bn, 5G
    word = first_reading(_LATIN_RULES, place._replace(at=at, sight=place.sight - 1))
    return word is not None and word.language == "ar" and bool(word.words)


def _is_foreign_word(line: Line, at: int, lexicon: Lexicon) -> bool:
    """Return whether a piece is a Latin word with small letters that stays one."""
    return (
        line.kind(at) == "latin"
        and not line.word(at).isupper()
        and lexicon.match(line.text, line.pieces[at].start) is None
    )
