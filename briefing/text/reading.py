"""A paragraph to sentences of tokens: what is written beside what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.config import Text
from briefing.text.brackets import without_brackets
from briefing.text.cleaning import Clean, clean, prepare, strip_marks
from briefing.text.figures import read_figure
from briefing.text.foreign import read_address, read_foreign, read_roman
from briefing.text.lexicon import Lexicon, load_lexicon
from briefing.text.line import PARTICLES, Line, Said
from briefing.text.quantities import attach
from briefing.text.scanning import Piece, scan
from briefing.text.script import Sentence, Token
from briefing.text.sentences import spans_of
from briefing.text.shortened import read_shortened

__all__ = ["read_paragraph", "spoken"]

_LONG_SENTENCE = 40
"""Words; a longer sentence gets breaths."""
_LONGEST_BREATH = 16
"""Words said without a mark, after which a breath is looked for."""
_BREATH_BEFORE = re.compile(
    r"(?:وال[^\W]+|و(?:قد|قال|أن|إن|هو|هي|في|من|لم|كان|كانت|ذلك|على|عن|إلى|مع|لا|لن|أضاف|تابع|أكد|أشار|ما)|حيث|الذي|التي|الذين|بينما|ثم|أو|لكن|ولكن|فيما|كما|عندما|لأن|مما|بعدما|إذ|وسط|بحسب|وفق|وفقا)\Z"
)
_MARKS = {
    "?": "؟",
    "؟": "؟",
    ",": "،",
    "،": "،",
    ";": "؛",
    "؛": "؛",
    ".": ".",
    "۔": ".",
    "!": "!",
    "…": "…",
    ":": ":",
    "‼": "!",
    "⁉": "؟",
}
_ATTACHED = frozenset(
    [
        "ب",
        "ل",
        "ك",
        "ال",
        "بال",
        "لل",
        "وال",
        "فال",
        "كال",
        "وب",
        "ول",
        "فب",
        "فل",
        "وك",
        "ولل",
        "وبال",
    ]
)
_QUOTES = ("“", "«", '"', "'", "(", "‘")
_STRENGTH = {"؟": 7, "!": 6, "…": 5, ".": 4, ":": 3, "؛": 2, "،": 1, "-": 0}
_ASIDE = re.compile(
    r"\W*(?:(?:اقرأ|إقرأ|اقرئي|اقرؤوا|شاهد|طالع|تابع|اقرأوا)\s+(?:أيضا|ايضا|المزيد|كذلك)"
    r"|مواضيع ذات صلة|أخبار ذات صلة|موضوعات ذات صلة|قد يهمك أيضا|للمزيد"
    r"|(?:صورة|الصورة|تصوير|مصدر الصورة|التعليق على الصورة|صدر الصورة)\s*[:،]"
    r"|(?:Getty Images|AFP|Reuters|AP|EPA|رويترز|أ ف ب|غيتي إيميجز)\W*\Z)"
)

_LONGEST_WORD = 60
"""Letters: a word of Arabic has some twenty at most; a longer run is debris, and no voice says it
(espeak-ng dies of it)."""


def read_paragraph(text: str, settings: Text, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """Read a paragraph: its sentences, each with its tokens. Offsets are code points of text.

    Every character of text is in one sentence's span or is white space between two; every
    written word is in a token.

    >>> from briefing.text.lexicon import load_lexicon
    >>> [one.spoken for one in read_paragraph("قُتل 3 جنود.", Text(), load_lexicon(None))]
    ['قتل ثلاثة جنود']
    """
    cleaned = prepare(text)
    pieces = scan(cleaned.text)
    silent = not settings.read_asides and _ASIDE.match(cleaned.text) is not None
    sentences = []
    for (start, end), (first, last) in spans_of(text, cleaned.ends, pieces):
        own = without_brackets(pieces[first:last])
        line = Line(cleaned.text, own, settings.date_order, text, cleaned)
        tokens = list(_tokens(text, cleaned, line, settings, lexicon))
        if silent:
            tokens = [Token(one.text, one.start, one.end, "", one.language) for one in tokens]
        sentences.append(Sentence(text[start:end], start, end, tuple(_with_breaths(tokens))))
    return tuple(sentences)


def spoken(text: str) -> str:
    """Give the words of a text with the settings as they come: for the rules' examples.

    >>> spoken("حضر 25 نائبا")
    'حضر خمسة وعشرون نائبا'
    """
    sentences = read_paragraph(text, Text(), load_lexicon(None))
    return " ".join(one.spoken for one in sentences)


def _tokens(
    text: str, cleaned: Clean, line: Line, settings: Text, lexicon: Lexicon
) -> Iterator[Token]:
    pieces = line.pieces
    at, count = 0, len(pieces)
    waiting: tuple[int, int, Said, str] | None = None
    mark = ""
    while at < count:
        piece = pieces[at]
        said = _read(line, at, settings, lexicon)
        if said is None:
            new = _mark_of(pieces, at)
            if new and _STRENGTH[new] > _STRENGTH.get(mark, -1):
                mark = new
            at += 1
            continue
        if waiting is not None:
            yield _token(text, cleaned, waiting, mark)
        end = said.end
        following = at + 1
        while following < count and pieces[following].start < end:
            following += 1
        waiting, mark = (piece.start, end, said, piece.kind if following == at + 1 else ""), ""
        at = following
    if waiting is not None:
        yield _token(text, cleaned, waiting, mark)


def _mark_of(pieces: list[Piece], at: int) -> str:
    sign = pieces[at].text
    if (
        sign == "."
        and at + 1 < len(pieces)
        and pieces[at + 1].text == "."
        and not pieces[at + 1].gap
    ):
        return "…"
    if sign in "-–—" and pieces[at].gap and (at + 1 == len(pieces) or pieces[at + 1].gap):
        return "-"
    if sign in "([" and pieces[at].gap:
        return "-"
    return _MARKS.get(sign, "")


def _token(text: str, cleaned: Clean, found: tuple[int, int, Said, str], mark: str) -> Token:
    start, end, said, kind = found
    source, finish = cleaned.starts[start], cleaned.ends[end - 1]
    written = text[source:finish]
    words = said.words
    spoken = strip_marks(words) if said.language == "ar" else words
    vowelled = words if words != spoken else ""
    if len(spoken) > _LONGEST_WORD and max(map(len, spoken.split())) > _LONGEST_WORD:
        return Token(written, source, finish, "", said.language, True, mark)
    if (
        kind == "arabic"
        and not vowelled
        and words == cleaned.text[start:end]
        and len(written) != end - start
    ):
        marked = clean(written)
        if marked != words and strip_marks(marked) == words:
            vowelled = marked
    return Token(written, source, finish, spoken, said.language, said.unsure, mark, vowelled)


def _read(line: Line, at: int, settings: Text, lexicon: Lexicon) -> Said | None:
    """Read what begins at a piece; None where nothing is said."""
    piece = line.pieces[at]
    kind = piece.kind
    if kind == "arabic":
        if len(piece.text) > 4 and piece.text[0] not in "وفبلكا":
            match = lexicon.match(line.text, piece.start)
            return Said(match.end, match.reading) if match else Said(piece.end, piece.text)
        if piece.text in PARTICLES and (said := read_figure(line, at)):
            return said
        if said := read_shortened(line, at):
            return said
        match = lexicon.match(line.text, piece.start)
        if match:
            return Said(match.end, match.reading)
        if _stands_apart(line, at) and (joined := _joined(line, at, settings, lexicon)):
            return joined
        return Said(piece.end, piece.text)
    if kind == "sign":
        if piece.text in "#@" and settings.hashtags == "skip":
            return _skipped_tag(line, at)
        return (
            read_figure(line, at)
            or read_shortened(line, at)
            or (
                Said(piece.end, "و")
                if piece.text == "&" and 0 < at < len(line.pieces) - 1
                else None
            )
        )
    if kind == "latin":
        return read_figure(line, at) or _latin(line, at, lexicon)
    if kind == "initials":
        return read_figure(line, at) or read_shortened(line, at) or Said(piece.end, "")
    if kind in ("url", "email", "domain"):
        return read_address(line, at, settings)
    if kind == "other":
        return read_foreign(piece)
    return read_figure(line, at) or Said(piece.end, "")


def _stands_apart(line: Line, at: int) -> bool:
    """Tell whether a piece is a particle whose word was set apart: by tatweel, quote or script.

    A bare letter with a space behind it is left as it is.
    """
    piece = line.pieces[at]
    following = line.pieces[at + 1] if at + 1 < len(line.pieces) else None
    if following is None or following.gap == 2:
        return False
    if following.text in _QUOTES and not following.gap:
        return piece.text in _ATTACHED or piece.text in ("و", "ف")
    if piece.text not in _ATTACHED:
        return False
    return following.kind == "latin" or line.stretched(at)


def _joined(line: Line, at: int, settings: Text, lexicon: Lexicon) -> Said | None:
    """Read a particle that was written apart with its word: لـ "حماس", الـBBC."""
    following = at + 1
    while line.word(following) in _QUOTES and following < at + 3:
        following += 1
    if line.kind(following) not in ("arabic", "latin") or line.pieces[following].gap == 2:
        return None
    if line.word(following) in PARTICLES:
        return None
    said = _read(line, following, settings, lexicon)
    if said is None or said.language != "ar" or not said.words:
        return None
    return Said(said.end, attach(line.word(at), said.words), unsure=said.unsure)


def _skipped_tag(line: Line, at: int) -> Said | None:
    """Take a hashtag or mention as one token that is not said."""
    last = at
    while (
        last + 1 < len(line.pieces)
        and not line.pieces[last + 1].gap
        and (line.kind(last + 1) in ("arabic", "latin", "number") or line.word(last + 1) == "_")
    ):
        last += 1
    return Said(line.pieces[last].end, "") if last > at else None


def _latin(line: Line, at: int, lexicon: Lexicon) -> Said:
    piece = line.pieces[at]
    match = lexicon.match(line.text, piece.start)
    if match and match.end >= piece.end:
        return Said(match.end, match.reading)
    return read_roman(line, at) or read_foreign(piece)


def _with_breaths(tokens: list[Token]) -> Iterator[Token]:
    """Mark a breath before a conjunction where a long sentence runs on without a mark."""
    total = sum(token.spoken.count(" ") + 1 for token in tokens if token.spoken)
    if total <= _LONG_SENTENCE:
        yield from tokens
        return
    since = 0
    for number, token in enumerate(tokens):
        since += token.spoken.count(" ") + 1 if token.spoken else 0
        if token.mark:
            since = 0
        elif (
            since >= _LONGEST_BREATH
            and number + 1 < len(tokens)
            and token.spoken
            and _BREATH_BEFORE.match(tokens[number + 1].spoken)
        ):
            since = 0
            yield Token(
                token.text,
                token.start,
                token.end,
                token.spoken,
                token.language,
                token.unsure,
                "-",
                token.vowelled,
            )
            continue
        yield token
