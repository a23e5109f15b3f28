"""A lineup -> as much of it as `edition.max_minutes` allows, by the real length of its clips.

Articles are spoken in their order until the next would pass the limit; the estimate, corrected by
the lengths of what was spoken so far, decides whether to begin with one at all, so that hardly
anything is spoken, or sent to an online voice, only to be left out. The clips come again from the
cache when the recording is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from briefing.errors import SourceError
from briefing.mastering.clip import gap_samples
from briefing.production import rundown
from briefing.production.estimate import article_s, length_s, paragraphs_s

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.mastering.clip import Clip
    from briefing.production.planning import Piece, Planner
    from briefing.selection import Lineup

__all__ = ["TimeLimit"]

_MOST_HEADLINES = 10
"""Of what there is no time for."""
_OVERFLOW_SHARE = 0.15
"""Of the time: more is not kept free for those headlines."""
_UNSURE = 0.6
"""Before anything was spoken: a voice may be so much faster than the estimate."""
_LEAD_IN_S, _TAIL_S = 0.25, 0.5
_ROUNDING_S = 0.03
"""A pause is whole packets, at most half a packet longer than asked for."""

Speak = Callable[[Iterable["Piece"]], Iterator["Clip | None"]]
SoundLength = Callable[[str], float]


@dataclass
class TimeLimit:
    """Chooses how much of a lineup is read, by one voice."""

    config: Config
    planner: Planner
    edition_date: str
    voice: str
    """Its name."""
    speak: Speak
    """Returns the clip of each piece, None where nothing is said."""
    bring: Callable[[int], None]
    """Called with an article's place before anything of it is planned."""
    sound_s: SoundLength
    """Returns the length of a sound ("opening", "separator", "closing") in seconds, 0 for none."""
    _ratio: float = field(default=1.0, init=False)
    """Real to estimated length, of what was spoken."""
    _estimated_s: float = field(default=0.0, init=False)
    _real_s: float = field(default=0.0, init=False)

    def cut(self, lineup: Lineup) -> Lineup:
        """Return what fits of the lineup, with the headlines of the rest.

        An article that is too long for any edition is passed over; the first other one that does
        not fit ends the edition. Raise SourceError where no article fits, VoiceError.
        """
        limit_s = self.config.edition.max_minutes * 60
        self._learn_the_rate(lineup)
        chosen: list[int] = []
        spoken_s = 0.0
        for place in range(len(lineup.articles)):
            trial = lineup.only([*chosen, place])
            guess_s = article_s(self.config, trial, len(chosen), self.voice) * self._ratio
            reserve_s = self._reserve_s(lineup, [*chosen, place], limit_s)
            least_s = self._frame_s(lineup.only([place])) + guess_s
            sure = 1.0 if self._real_s else _UNSURE
            if least_s * sure > limit_s:
                continue  # too long for any edition
            self.bring(place)
            frame_s = self._frame_s(trial)
            if chosen and frame_s + spoken_s + guess_s + reserve_s > limit_s:
                break
            article_length_s = self._article_s(trial, len(chosen))
            if frame_s + spoken_s + article_length_s + reserve_s <= limit_s:
                chosen.append(place)
                spoken_s += article_length_s
            elif chosen:
                break
        if not chosen:
            raise self._nothing_fits(lineup)
        return self._with_headlines(lineup, chosen, spoken_s, limit_s)

    def _learn_the_rate(self, lineup: Lineup) -> None:
        """Have the beginning spoken: the sounds are made at the sample rate of the voice."""
        self.bring(0)
        for piece in rundown.article_pieces(self.config, lineup, 0, self.planner):
            if piece.notations:
                list(self.speak([piece]))
                return

    def _with_headlines(
        self, lineup: Lineup, chosen: Sequence[int], spoken_s: float, limit_s: float
    ) -> Lineup:
        """Return the chosen articles, with as many headlines of the rest as there is time for."""
        places = set(chosen)
        left = [article for at, article in enumerate(lineup.articles) if at not in places]
        headlines = self._headlines(lineup, chosen)
        free_s = limit_s - self._frame_s(lineup.only(chosen)) - spoken_s
        while headlines:
            cut = lineup.only(chosen, left, headlines)
            pieces = list(rundown.overflow_pieces(self.config, cut, self.planner))
            if self.sound_s("separator") + self._pieces_s(pieces) <= free_s:
                return cut
            headlines.pop()
        return lineup.only(chosen, left)

    def _headlines(self, lineup: Lineup, chosen: Sequence[int]) -> list[str]:
        if self.config.edition.overflow != "headlines":
            return []
        places = set(chosen)
        rest = (article.title for at, article in enumerate(lineup.articles) if at not in places)
        return [title for title in rest if title][:_MOST_HEADLINES]

    def _reserve_s(self, lineup: Lineup, chosen: Sequence[int], limit_s: float) -> float:
        """Return how much time to keep free for the headlines of the rest, at least for one.

        A first article comes before any headline.
        """
        headlines = self._headlines(lineup, chosen)
        if not headlines or len(chosen) == 1:
            return 0.0

        def guess_s(count: int) -> float:
            texts = [rundown.OVERFLOW_LINE, *headlines[:count]]
            speech_s = paragraphs_s(self.config, texts, self.voice) * self._ratio
            return speech_s + self.sound_s("separator")

        return min(guess_s(len(headlines)), max(guess_s(1), limit_s * _OVERFLOW_SHARE))

    def _frame_s(self, lineup: Lineup) -> float:
        """Return the time of what is not its articles: the opening, the sounds, the ends."""
        pieces = rundown.opening_pieces(
            self.config, lineup.articles, self.planner, self.edition_date
        )
        pauses = self.config.pauses
        total_s = _LEAD_IN_S + _TAIL_S + self._pieces_s(list(pieces)) + self.sound_s("closing")
        if opening_s := self.sound_s("opening"):
            total_s += opening_s + pauses.sound_s
        return total_s

    def _article_s(self, lineup: Lineup, place: int) -> float:
        """Return the time of an article, spoken, with the separator before it."""
        pieces = list(rundown.article_pieces(self.config, lineup, place, self.planner))
        length_s = self._pieces_s(pieces)
        self._estimated_s += article_s(self.config, lineup, place, self.voice)
        self._real_s += length_s
        self._ratio = self._real_s / self._estimated_s if self._estimated_s else 1.0
        separator_s = self.sound_s("separator")
        return length_s + (separator_s + self.config.pauses.sound_s if separator_s else 0.0)

    def _pieces_s(self, pieces: Sequence[Piece]) -> float:
        """Return the time of pieces, spoken, with the pause after each."""
        total_s = 0.0
        for piece, clip in zip(pieces, self.speak(pieces), strict=True):
            if clip is None:
                total_s += piece.pause_after_s
                continue
            length_s = clip.samples / clip.sample_rate_hz
            # a codec leaves silence of its own, which a short pause does not take away
            gap_s = max(piece.pause_after_s, gap_samples(clip) / clip.sample_rate_hz)
            gap_s += _ROUNDING_S
            total_s += length_s + gap_s
        return total_s

    def _nothing_fits(self, lineup: Lineup) -> SourceError:
        shortest_s = min(
            length_s(self.config, lineup.only([place]), self.edition_date, self.voice)
            for place in range(len(lineup.articles))
        )
        ratio = self._ratio
        return SourceError(
            f"no article fits into edition.max_minutes = {self.config.edition.max_minutes:g}: the"
            f" shortest takes about {shortest_s * ratio / 60:.1f} minutes; raise max_minutes"
        )
