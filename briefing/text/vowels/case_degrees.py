"""Rules of case for what something is more or less in: the accusative of specification.

Ryding 2005, 7.6.3 and 10.4; Wright II §44: أَكْثَرُ أَهَمِّيَّةً, but أَكْثَرُ دَوْلَةٍ of what is counted.
"""

from __future__ import annotations

import re

from briefing.text.tables import context
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    NOMINATIVE,
    SURELY,
    TANWIN,
    VOWELS,
    CaseRule,
    CaseView,
)
from briefing.text.words.passives import is_agent, preposition_of
from briefing.text.words.verb_signs import without_particle

__all__ = ["DEGREE_RULES"]


def _in_what_it_is_more(view: CaseView, index: int) -> None:
    """الْأَكْثَرُ شَعْبِيَّةً, أَقَلُّ كُلْفَةً: a noun in ة behind a degree says in what.

    With the article a degree has no genitive without one, so any noun is meant; without it what is
    counted is its genitive, a quality is not.
    """
    if not view.follows(index) or not _is_feminine_noun(view, index):
        return
    degree = view.letters[index - 1]
    if view.is_definite(index - 1):
        at_least = index > 1 and view.letters[index - 2] in ("على", "في")
        if view.stem(index - 1) in context()["elatives"] and not at_least:
            _specify(view, index)
    elif degree.lstrip("وفبكل") in context()["mere_elatives"] and _is_quality(view.letters[index]):
        _specify(view, index)


def _and_in_what_else(view: CaseView, index: int) -> None:
    """أَكْثَرَ قُوَّةً وَصَلَابَةً: what is joined to it has its case."""
    before, word = index - 1, view.letters[index]
    if before not in view.decided or not (view.follows(before) and view.follows(index)):
        return
    if not view.readings[before].written.endswith(f"ة{TANWIN[ACCUSATIVE]}"):
        return
    degree = view.stem(before - 1).lstrip("وفبكل")
    joined = word.startswith("و") and _is_feminine_noun(view, index) and _is_quality(word[1:])
    if joined and degree in context()["elatives"]:
        _specify(view, index)


def _specify(view: CaseView, index: int) -> None:
    if not view.shows_case(index):
        return
    view.settle(index, ACCUSATIVE, (0.0, 1.0, 0.0))
    if view.readings[index].written[-1:] in VOWELS:
        view.add_tanwin(index)


def _is_feminine_noun(view: CaseView, index: int) -> bool:
    word = view.letters[index]
    return word.endswith("ة") and view.is_noun(index) and not preposition_of(word)


def _is_quality(word: str) -> bool:
    """Return whether a noun in ة names what there may be more or less of (Ryding 2005, 3.2)."""
    if word in context()["no_qualities"]:
        return False
    return word in context()["qualities"] or _QUALITY.fullmatch(word) is not None


_QUALITY = re.compile("[^\\W]{3,}ية|[^\\Wاي][^\\W]ا[^\\Wاي]ة|[^\\Wامت][^\\W]و[^\\Wاي]ة")
"""أَهَمِّيَّة, صَلَابَة, خُطُورَة."""


def _became_more(view: CaseView, index: int) -> None:
    """أَصْبَحَ أَكْثَرَ قُدْرَةً: a degree behind a verb like "became" says what it became (Ryding 7.5.3)."""
    word = view.letters[index]
    if not view.follows(index) or word not in context()["elatives"]:
        return
    verb = view.letters[index - 1].lstrip("وف") or "و"
    following = index + 1
    if verb not in context()["becomes"] or not view.follows(following):
        return
    says_in_what = view.readings[following].written.endswith((TANWIN[ACCUSATIVE], "\u064bا"))
    if says_in_what and view.readings[index].written[-1:] in VOWELS:
        view.settle(index, ACCUSATIVE, (0.0, 1.0, 0.0))


def _how_many_came(view: CaseView, index: int) -> None:
    """غَادَرَ الْمَمْلَكَةَ أَكْثَرُ مِنْ مِئَةٍ: a place is left, so how many it was is the subject.

    Ryding 2005, 4.2.1, 7.5.1.
    """
    place, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(place)) or verb in view.passives:
        return
    if view.letters[index] not in context()["amounts_of_people"]:
        return
    came = without_particle(view.letters[verb]) in context()["comes"]
    if came and view.begins_with_article(place) and not is_agent(view.letters[place]):
        view.favour(place, ACCUSATIVE, SURELY)
        if view.readings[index].written[-1:] in VOWELS:
            view.settle(index, NOMINATIVE, (1.0, 0.0, 0.0))


DEGREE_RULES: tuple[CaseRule, ...] = (
    _in_what_it_is_more,
    _and_in_what_else,
    _became_more,
    _how_many_came,
)
"""In the order in which they run, each over the whole sentence."""
