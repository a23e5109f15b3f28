"""Which nouns are said together with a 1 or a 2: a word after the number to yes or no.

A one and a two, alone or after a hundred or a thousand, are said by the form of their noun:
كتابان, كتاب واحد, ألف ليلة وليلة (W. Wright, A Grammar of the Arabic Language, I §§ 321 and 326;
Ryding, A Reference Grammar of Modern Standard Arabic, 15.2). Only a word that is surely the counted
noun may be given such a form: of any other, the number stays a word of its own and the word stays
as written.
"""

from __future__ import annotations

from functools import cache

from briefing.text.numbers.cardinals import dual
from briefing.text.pieces.sentence_in_progress import Line
from briefing.text.tables import context, kinds, nouns, plurals, sentence_words
from briefing.text.words.noun_signs import begins_with_own

__all__ = ["holds_number", "singular_of"]


@cache
def _known_singulars() -> frozenset[str]:
    """Return the singular nouns that the tables know."""
    feminine, _, feminine_one, masculine_one = nouns()
    by_plural = {word[:-2] + "ة" for word in feminine if word.endswith("ات")}
    listed = frozenset().union(*kinds().values())
    return frozenset(feminine_one | masculine_one | by_plural | plurals().keys() | listed)


def _is_known(noun: str) -> bool:
    return noun in _known_singulars() or (noun.endswith("ا") and noun[:-1] in _known_singulars())


def singular_of(noun: str) -> str:
    """Return the singular of a plural in the table of plurals, else the noun itself.

    >>> singular_of("أطفال"), singular_of("طفل")
    ('طفل', 'طفل')
    """
    return _singulars().get(noun, noun)


@cache
def _singulars() -> dict[str, str]:
    return {plural: singular for singular, plural in plurals().items()}


def holds_number(line: Line, at: int, number: int, noun: str, *, label: bool) -> bool:
    """Return whether the last 1 or 2 of a number at a piece is said by the form of the word after.

    label: the number names what is in front of it: القرار 1702 بصورة كاملة.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("زار 2 متحف"), spoken("نفذ القرار 2 بدقة")
    ('زار متحفين', 'نفذ القرار اثنان بدقة')
    """
    if noun in context()["year"] and line.kind(at + 2) == "number":
        return False  # القرار 1701 عام 2006
    if number % 100 == 2 and (dual(noun, "nom") == noun or noun in context()["keeps_alif"]):
        return False  # يورو, كيلو, كاميرا
    if _is_known(noun):
        return True
    if label or noun.endswith("ا"):
        return False  # الرحلة 302 قادمة, عند 6001 مرتفعا, 2 بيتزا
    if noun[0] in "وف":
        return begins_with_own(noun) or noun in context()["begins_with_wa"] | _own_waw()
    return noun[0] not in "بلك" or begins_with_own(noun)


def _own_waw() -> frozenset[str]:
    return sentence_words()["own_waw"]
