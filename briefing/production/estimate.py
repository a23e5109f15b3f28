"""Articles -> how long their briefing will be, estimated by counting letters.

Reading and vowelling 1,500 articles takes a minute; counting their letters takes a second. The
figures below were fitted by least squares to the durations of 775 paragraphs (2.4 hours) that the
offline voice spoke at 160 words a minute: news with and without vowels, single sentences,
documents with tables and addresses, texts full of numbers. The figures for digits, Latin letters
and capitals come from speaking the same sentence with and without them. For whole builds of nine
such texts, the estimate was between 1.5 % too short and 2.5 % too long. The tests check that it is
within 10 % for other texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from briefing.config import Config
from briefing.production.rundown import (
    opening_paragraphs_of,
    overflow_paragraphs,
    spoken_paragraphs,
)
from briefing.selection import Lineup
from briefing.text.cleaning import prepare

__all__ = ["article_s", "cut_by_estimate", "length_s", "paragraphs_s"]

_ARABIC_WORD = re.compile("[\u0621-\u063f\u0641-\u064a\u0671-\u06d3]+")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")
_DIGIT = re.compile("[0-9]")
_SIGN = re.compile("[%$\u20ac\u00a3\u00b0+=&\u00d7/]")
_BREATH = re.compile(r"[،,:;(]|\s[-–—]\s")
_INNER_SENTENCE_END = re.compile(r"[.!?؟؛…]+[\"»”)\]]*\s+(?=\S)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")

_LETTER_S = 0.091
_WORD_S = 0.147
"""For each word, in addition to its letters: the vowels that are not written."""
_DIGIT_S = 0.56
"""A digit is spoken as about one word."""
_LATIN_LETTER_S = 0.087
_CAPITAL_S = 0.2
"""For each letter of a word in capitals. Such words are spelled as often as read as words."""
_SIGN_S = 0.9
"""For a sign that is spoken as one or two words: في المئة, درجة, دولار."""
_BREATH_S = 0.05
"""In addition to the pause: the last word before a pause is longer."""
_FITTED_AT_WPM = 160
_OWN_SOUND_S = {"opening": 2.4, "separator": 1.0, "closing": 2.8}
_ENDS_S = 0.75
"""Silence before the first and after the last word."""


def length_s(config: Config, lineup: Lineup, edition_date: str, voice: str) -> float:
    """Return about how many seconds the briefing takes, including its sounds and pauses.

    voice: its name. If the voice has the setting `speed_wpm`, the speaking time is scaled by it
    (within 6 % for 80 to 450 words a minute). Any other voice is assumed to be as fast as the
    offline voice is by default: eight written letters a second.
    """
    opening = opening_paragraphs_of(config, lineup.articles, edition_date)
    total_s = _ENDS_S + _sounds_s(config, len(lineup.articles), opening=bool(opening))
    total_s += paragraphs_s(config, opening, voice)
    for place in range(len(lineup.articles)):
        total_s += article_s(config, lineup, place, voice)
    return total_s + paragraphs_s(config, overflow_paragraphs(lineup), voice)


def article_s(config: Config, lineup: Lineup, place: int, voice: str) -> float:
    """Return about how many seconds an article takes, with its section's heading and its pauses."""
    pauses, faster = config.pauses, _speed(config.voices.get(voice, {}))
    article = lineup.articles[place]
    paragraphs = spoken_paragraphs(article, config)
    total_s = _paragraphs_s(config, paragraphs, faster) + pauses.article_s
    if article.title:
        total_s += pauses.title_s - pauses.paragraph_s
    if heading := lineup.heading_before(place):
        total_s += _paragraphs_s(config, [heading], faster) + pauses.title_s
    return total_s + max(0, len(paragraphs) - 1) * pauses.paragraph_s


def cut_by_estimate(config: Config, lineup: Lineup, edition_date: str, voice: str) -> Lineup:
    """Return about as much of a lineup as edition.max_minutes allows.

    A build, which counts the real lengths, may read an article more or less.
    """
    limit_s = config.edition.max_minutes * 60
    if not limit_s:
        return lineup
    chosen: list[int] = []
    spoken_s = 0.0
    for place in range(len(lineup.articles)):
        trial = lineup.only([*chosen, place])
        length = article_s(config, trial, len(chosen), voice)
        opening = opening_paragraphs_of(config, trial.articles, edition_date)
        frame_s = _ENDS_S + _sounds_s(config, len(trial.articles), opening=bool(opening))
        frame_s += paragraphs_s(config, opening, voice)
        if frame_s + spoken_s + length <= limit_s:
            chosen.append(place)
            spoken_s += length
        elif chosen and frame_s + length <= limit_s:
            break  # an article that is too long for any edition is passed over
    places = set(chosen)
    return lineup.only(
        chosen, [article for at, article in enumerate(lineup.articles) if at not in places]
    )


def paragraphs_s(config: Config, paragraphs: Sequence[str], voice: str) -> float:
    """Return about how many seconds paragraphs take, with a pause after each."""
    faster = _speed(config.voices.get(voice, {}))
    return _paragraphs_s(config, paragraphs, faster) + len(paragraphs) * config.pauses.paragraph_s


def _speed(settings: Mapping[str, Any]) -> float:
    speed = settings.get("speed_wpm", _FITTED_AT_WPM)
    return speed / _FITTED_AT_WPM if isinstance(speed, int | float) and speed > 0 else 1.0


def _sounds_s(config: Config, articles: int, *, opening: bool) -> float:
    """Return the time of the sounds. A user's own sounds are assumed to be as long as ours."""
    sound = config.sound
    total_s = 0.0
    if sound.opening:
        total_s += _OWN_SOUND_S["opening"] + config.pauses.sound_s
    if sound.separator:
        between = articles if opening else max(0, articles - 1)
        total_s += between * (_OWN_SOUND_S["separator"] + config.pauses.sound_s)
    if sound.closing:
        total_s += _OWN_SOUND_S["closing"]
    return total_s


def _paragraphs_s(config: Config, paragraphs: Iterable[str], faster: float) -> float:
    """Return the time of paragraphs with the pauses in them.

    faster: the speed as a multiple of _FITTED_AT_WPM.
    """
    text = prepare("\n\n".join(paragraphs)).text
    if config.text.addresses == "skip" and ("@" in text or "//" in text or "www" in text):
        text = _ADDRESS.sub(" ", text)
    words = _ARABIC_WORD.findall(text)
    latin = _LATIN_WORD.findall(text)
    capitals = sum(len(word) for word in latin if len(word) > 1 and word.isupper())
    breaths = len(_BREATH.findall(text))
    # the last sentence of a paragraph is followed by the paragraph's pause instead
    sentences = sum(len(_INNER_SENTENCE_END.findall(line)) for line in text.split("\n\n"))
    speech_s = (
        _LETTER_S * sum(map(len, words))
        + _WORD_S * len(words)
        + _DIGIT_S * len(_DIGIT.findall(text))
        + _LATIN_LETTER_S * (sum(map(len, latin)) - capitals)
        + _CAPITAL_S * capitals
        + _SIGN_S * len(_SIGN.findall(text))
        + _BREATH_S * breaths
    )
    pauses = config.pauses
    return speech_s / faster + breaths * pauses.breath_s + sentences * pauses.sentence_s
