"""A verb without vowels in its sentence -> active or passive, and its vowels.

For verbs of the table passives.toml, the neighbouring words and the model's probabilities decide
(Ryding 2005, chapter 38).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from briefing.text.vowels.idioms_of_active import ACTIVE
from briefing.text.vowels.idioms_of_passive import PASSIVE
from briefing.text.vowels.verb_evidence import evidence
from briefing.text.vowels.verb_surroundings import Opinion, Surroundings
from briefing.text.vowels.verb_weights import weigh
from briefing.text.words.clauses import new_agent
from briefing.text.words.passives import has_jussive_twin, is_accusative, is_before_noun, other_form
from briefing.text.words.verb_forms import Form, forms_of

__all__ = ["FORM_VI", "Chances", "VerbReading", "verb_vowels"]

_CERTAIN = 8.0
"""Log-odds of letters that cannot be an active verb."""
_FIRST_AND_SECOND = frozenset("أنا أنت أنك أنني أني إنك إنني إني لأنك لأنني كأنك لأني".split())
_HINT = 1.5
"""Log-odds of an author's marks that both voices have: nobody would have marked the active."""
_MODEL_SURE = 1.0
"""If the model's log-odds are above this, only an object overrules the passive."""
_AGENT_ACTS = -0.5
"""The highest log-odds if an agent follows, and then what the active verb governs."""
_DONE_BY = 2.0
"""The least log-odds if the agent is named with "by", or if the verb has no subject."""
_PROOFS = frozenset(
    {
        "accused",
        "complement_missing",
        "done_by_agent",
        "given_name",
        "listed",
        "of_nobody_after_feminine",
        "predicate_follows",
        "thing_done",
        "thing_first",
        *PASSIVE,
    }
)
_ACTS = frozenset(ACTIVE) | frozenset(
    "agent_behind_time cites deems_that does_it_to_himself doers feminine_behind_preposition"
    " first_who gains of_nobody_with_subject own_object pair_before_object subject_behind_object"
    " wages who_does_it".split()
)
_NO_NOUN = 2.3
"""If the log-odds are below this, two letters are a noun: رَدّ, حَلّ."""
_HALF = 0.5
_SURE = 1.5
"""If the absolute log-odds are below this, the voice is not sure."""
_FLOOR = 1e-6
"""The least probability that is used in calculations."""
_WITH_I = frozenset({"حفظ", "سمح"})


class Chances(NamedTuple):
    """The model's probabilities of one letter."""

    a: float
    i: float
    u: float
    none: float
    double: float
    """The probability of a shadda, with any vowel."""


@dataclass(frozen=True, slots=True)
class VerbReading:
    """The vowels of a verb, letter by letter."""

    vowels: tuple[str, ...]
    """"a", "i", "u", "o" for none, "" if the model decides."""
    doubled: tuple[bool, ...]
    passive: bool
    sure: bool
    rule: str = ""
    """The evidence that weighed most, see verb_evidence."""
    odds: float = 0.0
    """Log-odds of the passive."""


def verb_vowels(
    form: Form,
    chances: Sequence[Chances],
    words: Sequence[str],
    index: int,
    pauses: Sequence[bool],
    model: Opinion,
    *,
    marked: bool = False,
    verb: bool = False,
) -> VerbReading | None:
    """Return a verb's vowels in the more probable voice, or None if it is probably no verb.

    chances: the model's probabilities for each letter of the verb. words: the sentence without
    marks, with the verb at `index`. pauses: for each word whether a pause follows it. model: its
    opinion of the other words. marked: an author marked some letters, all as in both voices; nobody
    would mark the active. verb: the word is certainly a verb.
    """
    if index and not pauses[index - 1] and is_before_noun(words[index - 1]) and not marked:
        return None  # عَلَى طَلَبٍ
    odds = None if form.only else _odds(form, chances)
    if not (marked or verb or form.only):
        if odds is None:
            return None
        if odds < 0 and _may_be_derived(form, words, index, pauses, chances):
            return None
    weak = form.spelled[-1] == "ي"  # دُعِيَ: the active is دعا
    view = Surroundings(words, index, pauses, form, model)
    if view.before in _FIRST_AND_SECOND or _follows_nobody(words, index):
        return None  # أَنَا أُدْرِكُ, أَنَّكَ عَرَفْتَ: its subject has been named
    if form.only and form.spelled.endswith("يت") and is_accusative(view.following):
        return None  # اِشْتَرَيْتُ خُبْزًا
    if has_jussive_twin(view.before, words[index]):
        return None
    pieces = evidence(view, odds)
    if form.imperfect and view.is_feminine and "feminine_before_masculine" in pieces and not verb:
        return None  # وَتَقَبَّلَ الْأَمْرَ: of form V, or with its subject elsewhere
    verdict = weigh(pieces)
    total = verdict.odds
    if len(form.spelled) == 2 and (total < _NO_NOUN or chances[-1].a < 0.5):
        return None  # رَدّ is a noun
    total = _CERTAIN if form.only or weak else _limit_odds(total, pieces, odds, view)
    total += _HINT if marked else 0.0
    sure = abs(total) > _SURE
    vowels, doubled = form.passive if total > 0 else form.active
    if total <= 0 and chances[form.inner].i > chances[form.inner].a and form.verb in _WITH_I:
        return None
    if other_form(form.verb) and (chances[form.inner].double > 0.5) != any(doubled):
        other = dict(forms_of(other_form(form.verb)))[form.spelled].behind(form.front)
        vowels, doubled = other.passive if total > 0 else other.active
    return VerbReading(vowels, doubled, total > 0, sure, verdict.rule, total)


def _limit_odds(
    total: float, pieces: Mapping[str, float], odds: float | None, view: Surroundings
) -> float:
    """Return the log-odds of the passive within what some evidence allows."""
    alone = pieces.keys() & {"complement_missing", "complement_alone"}
    with_agent = "agent_and_own_preposition" in pieces and not alone
    if with_agent or pieces.keys() & _ACTS:
        return min(total, _AGENT_ACTS)  # وَنَقَلَتِ الْوَكَالَةُ عَنْ مَصْدَرٍ, عَرَّفُوا عَنْ أَنْفُسِهِمْ
    unlike = pieces.get("feminine_before_masculine") == 1.0
    if unlike and (odds or 0.0) < _HALF:
        return min(total, _AGENT_ACTS)  # وَتَقْبَلُ الْأَمْرَ, أَطْلَقَتْ سَرَاحَهُ
    if pieces.keys() & _PROOFS:
        return max(total, _DONE_BY)
    if "of_nobody_negated" in pieces or "of_nobody_at_start" in pieces:
        return max(total, -_AGENT_ACTS)  # وَلَمْ يُكْشَفْ عَنِ السَّبَبِ, عُثِرَ عَلَى جُثَّةٍ
    if odds is not None and odds > _MODEL_SURE and not is_accusative(view.following):
        return max(total, odds)
    return total


def _follows_nobody(words: Sequence[str], index: int) -> bool:
    """Return whether a verb says what nobody does: لَا أَحَدَ يَعْرِفُ."""
    return index > 1 and words[index - 1] == "أحد" and words[index - 2] in ("لا", "ولا", "ما")


FORM_VI = re.compile("ت[^\\W]ا[^\\W]{2}")


def _may_be_derived(
    form: Form,
    words: Sequence[str],
    index: int,
    pauses: Sequence[bool],
    chances: Sequence[Chances],
) -> bool:
    """Return whether تـ may begin a perfect of form V or VI: تَجَمَّعَ, not تُجْمَعُ; تَضَاعَفَ."""
    if _bound(words, index) or words[index + 1 : index + 2] == ["غدا"]:
        return False
    if new_agent(words, index, pauses).endswith("ة"):
        return False  # شَرِكَةٌ نَاشِئَةٌ تُطَوِّرُ
    form_v = form.imperfect and form.spelled[0] == "ت" and chances[form.inner].a >= _HALF
    return form_v or FORM_VI.fullmatch(form.spelled) is not None


def _bound(words: Sequence[str], index: int) -> bool:
    """Return whether a particle that only imperfects can follow is before the verb."""
    before = re.sub("^[وف]", "", words[index - 1]) if index else ""
    return before in ("أن", "لم", "لن", "لا", "ألا", "كي", "لكي")


def _odds(form: Form, chances: Sequence[Chances]) -> float | None:
    """Return the model's own log-odds of the passive against the active, or None for no verb.

    Two letters show the voice, which the model judges separately, so the mean of both is used.
    """
    first, inner = chances[form.first], chances[form.inner]
    if max(first.i, first.none) > max(first.a, first.u):
        return None
    if form.imperfect:
        if inner.u > max(inner.a, inner.i) and first.a > first.u:
            between = chances[form.first + 1]
            if between.a > between.none:  # تَنَقُّل
                return None
        yes = first.u * inner.a
        no = max(first.a * max(inner.a, inner.i, inner.u), first.u * inner.i)
    else:
        if max(inner.none, inner.u) > max(inner.a, inner.i) and form.first != form.inner:
            return None  # نَقْل, كُتُب
        yes = first.u * inner.i
        no = first.a * max(inner.a, inner.i, inner.u)
        if form.first == form.inner:  # احْتُلَّ
            yes, no = first.u, first.a
    return 0.5 * log((yes + _FLOOR**2) / (no + _FLOOR**2))
