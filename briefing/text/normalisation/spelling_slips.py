"""Words as they are spelled, where somebody left the hamza out or wrote ه for ة, ى for ي, ي for ى.

واضاف ان الحكومه is read as وأضاف أن الحكومة. Few texts on the web are without such slips (they are
habits in Egypt and the Gulf), and a word without its hamza is read as if it had none: "waadaafa
nna". A word is changed only if it is none as it stands, and is one of ours when it is mended. Each
change keeps the number of letters, so that a piece keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from briefing.text.pieces.scanner import Lexeme
from briefing.text.table_files import toml_table
from briefing.text.tables import nouns
from briefing.text.vowels.names import first_names
from briefing.text.words.conjugation import active_readings
from briefing.text.words.known_words import known_reading
from briefing.text.words.noun_signs import is_broken_plural, is_like_adjective
from briefing.text.words.passives import is_agent, noun_kind, passive_of

__all__ = ["as_spelled", "habits_of", "mend_spelling"]

_TABLE = "spelling.toml"


def mend_spelling(
    pieces: list[Lexeme], is_marked: Callable[[Lexeme], bool], habits: frozenset[str]
) -> list[Lexeme]:
    """Return the pieces of a sentence, the words among them as they are spelled.

    is_marked: whether an author put marks on a word; who does so spells it. habits: what the
    paragraph proves, see `habits_of`.
    """
    words = _words_of(pieces)
    changed = as_spelled(words, habits)
    if changed == words:
        return pieces
    return [
        replace(piece, text=word) if word != before and not is_marked(piece) else piece
        for piece, word, before in zip(pieces, changed, words, strict=True)
    ]


def habits_of(pieces: Sequence[Lexeme]) -> frozenset[str]:
    """Return the habits that a paragraph proves: "ه" is written for ة, "ى" for ي, "ي" for ى."""
    return _habits(_words_of(pieces))


def _words_of(pieces: Sequence[Lexeme]) -> list[str]:
    kinds = {"arabic": "", "number": _NUMBER}
    return [kinds.get(piece.kind, "") or piece.text * (piece.kind == "arabic") for piece in pieces]


_NUMBER = "0"


def as_spelled(words: Sequence[str], habits: frozenset[str] | None = None) -> list[str]:
    """Return the words of a sentence as they are spelled; "0" stands for a number, "" for a sign.

    habits: those of the paragraph; None: those that the sentence proves.

    >>> " ".join(as_spelled("واضاف ان الحكومه تعمل فى غزه".split()))
    'وأضاف أن الحكومة تعمل في غزة'
    """
    habits = _habits(words) if habits is None else habits
    changed = list(words)
    says = True
    for index, word in enumerate(words):
        if len(word) < 2:
            continue
        before = changed[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        if word == "فان" and not _begins_clause(after):
            continue  # فان غوخ
        if conjunction := _conjunction(word, says=says):
            changed[index], says = conjunction, False
            continue
        changed[index] = _spell(word, before, after, habits)
        if index or word in _words("before_in"):
            is_that = changed[index].lstrip("وفبل")[:2] in ("أن", "إن")
            says = word in _words("before_in") or (says and index > 0 and not is_that)
        else:
            says = False
    return changed


def _habits(words: Sequence[str]) -> frozenset[str]:
    """Return the habits that words prove: "ه" for ة, "ى" for ي, "ي" for ى."""
    habits = set()
    for place, word in enumerate(words):
        if word.endswith("ه") and _is_noun_of_ours(word):
            after = words[place + 1] if place + 1 < len(words) else ""
            is_counted = place > 0 and words[place - 1] == _NUMBER
            is_counted = is_counted or (word[0] == "ب" and after == _NUMBER)  # بمشاركه 25 دوله
            if is_counted or _is_annexed(word, after):
                habits.add("ه")
        if word in _words("sure_yeh") or (word.endswith("ى") and _yeh(word) != word):
            habits.add("ى")
        if word in _not_yeh():
            habits.add("ي")
        if word.endswith("ه") and _ARTICLE.match(word) and _teh_marbuta(word) != word:
            habits.add("ه")
    return frozenset(habits)


def _spell(word: str, before: str, after: str, habits: frozenset[str]) -> str:
    if (spelling := _spellings().get(word)) is not None:
        return spelling
    if "ي" in habits and (spelling := _in_maqsura().get(word)) is not None:
        return spelling
    if word.lstrip("و") in ("علي", "إلي", "لدي") and _is_preposition(word, before, after, habits):
        return word[:-1] + "ى"
    if "ه" in habits and word.endswith("ه"):
        word = _teh_by_habit(word, before)
    if "ى" in habits and word.endswith("ى"):
        word = _yeh_by_habit(word)
    for rule in _RULES:
        word = rule(word)
    return word


def _begins_clause(word: str) -> bool:
    """Return whether a word may be the subject behind "for": a noun of ours, or a demonstrative."""
    return word.startswith(("ال", "هذ", "ذلك", "تلك")) or noun_kind(word) in ("thing", "agent")


def _conjunction(word: str, *, says: bool) -> str:
    """Return أن or إن with its pronoun, for ان and the like; else "". says: behind "says"."""
    match = _THAT.fullmatch(word)
    if match is None:
        return ""
    front, rest = match[1], match[2]
    below = front == "ف" or (front in ("", "و") and says)
    return f"{front}{'إ' if below else 'أ'}{rest}"


_THAT = re.compile("(?!فلان$)([وف]?[بل]?)ا(ن(?:ه|ها|هم|هما|نا|ني)?)")


def _is_preposition(word: str, before: str, after: str, habits: frozenset[str]) -> bool:
    """Return whether علي is "on" and no name: before a noun, and behind no name or title."""
    named = (
        before in first_names() or before in _TITLES or not before or before in _words("before_in")
    )
    is_noun = after.startswith("ال") and (
        not _OF_FAMILY.fullmatch(after) or noun_kind(after) == "thing"
    )
    is_noun = is_noun or after in _BEHIND_ON
    if word.removeprefix("و") == "علي":
        is_thing = noun_kind(after) == "thing" or bool(habits and after)
        return not named and (is_noun or is_thing) and after not in first_names()
    return is_noun


_TITLES = frozenset(
    "السيد الشيخ الإمام الحاج الدكتور المهندس الملا آل بن أبو الأمير الشهيد".split()
)
_OF_FAMILY = re.compile("ال[^\\W]{3,}ي")
_BEHIND_ON = frozenset(
    "أن ان ما هذا هذه ذلك تلك كل جميع أي مدى رأس أساس حساب الرغم أنه انه".split()
)


def _hamza(word: str) -> str:
    """اعلن, الايام, وللامم: a word of ours begins with a hamza, and none with a bare alif."""
    match = _BARE_ALIF.fullmatch(word)
    if match is None or word in _NO_PARTICLE or _is_word(word):
        return word
    front, rest = match[1], match[2]
    if rest in _short():
        return front + _short()[rest]
    if rest.startswith("ال"):
        return word
    if _has_wasl(rest) or (front and not _is_front(front, rest, word)):
        return word
    candidates = ["أ" + rest[1:], "إ" + rest[1:]]
    for candidate in candidates:
        if candidate in _hamzas():
            return front + candidate
    if any(lengths := [_length_of_stem(candidate) for candidate in candidates]):
        return front + candidates[lengths.index(max(lengths))]
    return front + candidates[0] if _is_perfect(candidates[0]) else word


_NO_PARTICLE = frozenset(
    "واحد وابل واو وادى فادى بادى وبادى لاذ ولاذ باذ وباذ لاو فاو باي بالى وبالى باليه والى"
    " لاسامي لافقري لاسلكي".split()
)
_BARE_ALIF = re.compile(
    "((?:[وف]?(?:[بك]?ال|لل)|[وف]?[بل]?)?)(ا[^\\Wاآلأإ].+|ا[^\\Wاآأإ]|ال[^\\W]+)"
)


def _is_front(front: str, rest: str, word: str) -> bool:
    """Return whether letters before the alif are particles: the word is no كاتب, no والدة."""
    if front.endswith(("ال", "لل")):
        return True
    without_and = word.removeprefix("و").removeprefix("ف") if len(front) > 1 else word
    if _PARTICIPLE.fullmatch(without_and) or "لازال" in word:
        return False
    if front == "ل" and _is_word(rest[1:]):
        return False  # لانهاية
    candidates = ("أ" + rest[1:], "إ" + rest[1:])
    if any(candidate in _hamzas() for candidate in candidates):
        return len(rest) > 2
    return any(_length_of_stem(candidate) > 3 for candidate in candidates)


_PARTICIPLE = re.compile("[^\\W]ا[^\\W]{2}(?:ة|ا|ات|ت|ين|ون|ان|ي|ية|وا|ه|ها|هم|ته|تها)?")


def _has_wasl(rest: str) -> bool:
    """Return whether a word has hamzat al-wasl: forms VII to X, ten nouns (Wright I §19)."""
    if rest in _words("wasl") or _WASL.match(rest):
        return True
    return bool(active_readings(rest)) or passive_of(rest) is not None


_WASL = re.compile(
    "است[^\\W]{2}|ان[^\\W]{2}ا[^\\W]|ا[^\\Wأإ][تدط][^\\W]ا[^\\W]|ات[^\\W]ا[^\\W]|ازد|اصط|اضط|اد[^\\W]اء"
)


def _length_of_stem(word: str) -> int:
    """Return how long the known word is of which this is a form: الإدارية, أزمته; 0 if none is."""
    lengths = [0]
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3 or _PARTICLE.fullmatch(stem):
            continue
        if stem in _hamzas() and not (ending in _OF_NOUNS and stem in _words("verbs")):
            lengths.append(len(stem))
        is_feminine = (ending[0] in "هن" and stem[-1] == "ت") or ending in _OF_NOUNS
        whole = stem.removesuffix("ت") if ending[0] in "هن" else stem
        if is_feminine and f"{whole}ة" in _hamzas():
            lengths.append(len(whole) + 1)
    return max(lengths)


_PARTICLE = re.compile("[أإ]ن(?:ه|ها|هم|هما|نا|ني|ك|كم|ت|تم|ا)?|أين|أول|أيها|أيضا|إلى|إليها?")
_OF_NOUNS = ("ية", "يات", "يين", "يون", "ي")
_ENDINGS = tuple("ية يات يين يون ات ين ون ان تين تان وا ه ها هم هما نا ي ة ت ا".split())


def _is_perfect(word: str) -> bool:
    """أعلنت, أُصيب: a verb of the tables."""
    return word[0] == "أ" and (bool(active_readings(word)) or passive_of(word) is not None)


def _wasl_without_hamza(word: str) -> str:
    """الإجتماع, إستخدام: forms VII to X have no hamza (Wright I §19)."""
    match = _HAMZA_ON_WASL.fullmatch(word)
    return f"{match[1]}ا{match[2]}" if match and not _is_word(word) else word


_HAMZA_ON_WASL = re.compile(
    "((?:[وف]?(?:[بك]?ال|لل)|[وف]?[بلك]?)?)إ((?:ست[^\\W]{2}ا|[^\\W]ت[^\\Wا]ا|ن[^\\Wتا][^\\Wا]ا)[^\\W](?:ات|ية?|يا|يين|يون|ه|ها|هم)?)"
)


def _teh_marbuta(word: str) -> str:
    """الحكومه: a word with the article has no pronoun, so its ه is ة (Ryding 2005, 12.2)."""
    front = _ARTICLE.match(word)
    if not word.endswith("ه") or not front or word.startswith("والد"):
        return word
    if front[0].endswith("لل") and word.endswith("ته"):
        return word  # لِلُغَتِهِ
    bare = "ال" + word[front.end() :]
    is_root = bare in _words("heh") or _HEH.fullmatch(bare) is not None
    is_root = is_root or (bare.endswith("اه") and bare not in _words("in_at"))
    return word if is_root or len(bare) < _SHORTEST else word[:-1] + "ة"


_SHORTEST = 5
_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(?=[^\\W]{2,})")
_HEH = re.compile(
    ".*لله|ال(?:[^\\W]{1,3}(?:[تش]ابه|وجه|وجيه|تباه|تجاه|نزاه)|م?[تش]شابه|ت[^\\W]{2}يه)"
)


def _is_noun_of_ours(word: str) -> bool:
    forms = {_hamza(form[:-1] + "ة") for form in (word, word.lstrip("وفبل"))}
    return bool(forms & (nouns()[2] | _words("in_teh")))


def _is_annexed(word: str, after: str) -> bool:
    """Return whether a noun with the article is a noun's genitive: ازمه الدولار, no "his".

    A noun with a pronoun has no genitive behind it (Ryding 2005, 8.1), but a verb has its subject.
    """
    stem = _hamza(word)[:-1]
    is_verb = bool(active_readings(stem)) or passive_of(stem) is not None
    is_noun = after.startswith("ال") and noun_kind(_hamza(after)) in ("thing", "agent")
    return is_noun and not (is_verb or _is_word(stem))


def _teh_by_habit(word: str, before: str) -> str:
    """مدينه جديده, where the writer has ه for ة: a noun of ours, or an adjective behind one."""
    whole = _hamza(word[:-1] + "ة")
    bare = whole.lstrip("وفبل") if whole[0] in "وفبل" and not _is_word(whole) else whole
    if {bare, whole} & _words("in_teh"):
        return whole
    if word.lstrip("وفبل") in _words("in_yh") or (
        word.endswith("اه") and f"ال{word}" not in _words("in_at")
    ):
        return word  # بيليه, انتباه
    is_noun = _is_word(bare) or bare in nouns()[2]
    behind_hers = before.endswith(("ة", "ات")) or (before and is_broken_plural(before))
    describes = behind_hers and is_like_adjective(bare) and word not in _WITH_PRONOUN
    describes = describes or (_NISBA.fullmatch(word) is not None and word not in _WITH_PRONOUN)
    is_participle = _OF_ADJECTIVE.fullmatch(bare) is not None and not is_agent(bare[:-1])
    is_owned = _is_word(bare[:-1]) or _OWNED.fullmatch(word) is not None  # كتابه, توجيه
    return whole if describes or is_participle or (is_noun and not is_owned) else word


_NISBA = re.compile(
    "[وفبل]?(?!والد|أخو|طرف|جانب|كتف|مسؤول|مئت|[^\\W]{2}يه|[^\\W]ا[^\\W]{2}يه|م[^\\W]{3,4}يه|ت[^\\W]{2,3}يه|[^\\W]{2}ا[^\\W]يه)"
    "[^\\W]{3,}يه"
)
"""سياسيه; but لاعبيه, معارضيه: plurals of people with a pronoun."""
_OF_ADJECTIVE = re.compile("مست[^\\W]{2,}ة|من[^\\W]{3}ة|م[^\\W]ت[^\\W]{2}ة")
_OWNED = re.compile("ت[^\\W]{2,3}يه|[وف]?والد[^\\W]*|.*الله|[وفبل]?[^\\W]{2}ه")


_WITH_PRONOUN = frozenset("عليه إليه اليه لديه فيه منه عنه به له معه بعده قبله بينه عنده".split())


def _yeh(word: str) -> str:
    """المصرى, الماضى: what is no noun in an alif maqsura has ى for ي, as in Egypt."""
    front = _ARTICLE.match(word)
    if not word.endswith("ى") or not front or _FORM_VIII.fullmatch(word):
        return word
    stem = word[front.end() :]
    return word if _is_maqsura(stem) or len(stem) < 3 else word[:-1] + "ي"


_FORM_VIII = re.compile("[وف]?ال(?:ت[^\\W]|ق|غ)ى")
"""الْتَقَى, أَلْقَى: a verb, no noun with the article."""


def _is_maqsura(stem: str) -> bool:
    bare = re.sub("^[اأ]", "أ", stem)
    return bool({stem, bare} & _words("maqsura")) or _MAQSURA.fullmatch(stem) is not None


_MAQSURA = re.compile("مست[^\\W]{2}ى|م[^\\Wا]ت[^\\Wا]ى")
"""مستشفى, ملتقى."""


def _yeh_by_habit(word: str) -> str:
    """رسمى, يأتى, where the writer has ى for ي: no verb or noun of ours in an alif maqsura."""
    bare = word.removeprefix("و").removeprefix("ف")
    if len(bare) < _SHORTEST - 1 or _ARTICLE.match(word) or _is_maqsura(bare) or _is_word(word):
        return word
    changed = _hamza(bare[:-1] + "ي")
    if changed in _words("in_yeh") or changed != bare[:-1] + "ي":
        return word[: len(word) - len(bare)] + changed
    if bare[0] in "يتنأا":  # يتولى, انتهى
        is_verb = bool(active_readings(changed)) and not active_readings(bare)
        return word[:-1] + "ي" if is_verb else word
    return word[:-1] + "ي"


_RULES: tuple[Callable[[str], str], ...] = (_wasl_without_hamza, _teh_marbuta, _yeh, _hamza)


@lru_cache(maxsize=8192)
def _is_word(word: str) -> bool:
    """Return whether our tables have a word as it is written."""
    return bool(known_reading(word)) or noun_kind(word) in ("agent", "thing")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(toml_table(__file__, _TABLE)[name].split())


@cache
def _hamzas() -> frozenset[str]:
    return _words("hamza_above") | _words("hamza_below")


@cache
def _spellings() -> dict[str, str]:
    """Return the words that are changed wherever they stand, each with its spelling."""
    table = toml_table(__file__, _TABLE)
    names = ("slips", "madda", "feminine", "yeh", "not_yeh", "inside")
    return _pairs(" ".join(table[name] for name in names))


@cache
def _not_yeh() -> dict[str, str]:
    return _pairs(toml_table(__file__, _TABLE)["not_yeh"])


@cache
def _in_maqsura() -> dict[str, str]:
    return _pairs(toml_table(__file__, _TABLE)["in_maqsura"])


@cache
def _short() -> dict[str, str]:
    table = toml_table(__file__, _TABLE)
    return _pairs(f"{table['short']} {table['no_article']}")


def _pairs(rows: str) -> dict[str, str]:
    return dict(row.split(":") for row in rows.split())
