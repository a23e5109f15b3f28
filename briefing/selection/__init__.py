"""Articles to the lineup of an edition: which are read, in which order, under which headings."""

from briefing.selection.candidates import Double, Selection, select
from briefing.selection.choosing import Choice, choose, remembers
from briefing.selection.lineup import Lineup, arrange

__all__ = [
    "Choice",
    "Double",
    "Lineup",
    "Selection",
    "arrange",
    "choose",
    "remembers",
    "select",
]
