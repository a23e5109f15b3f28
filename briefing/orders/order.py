"""An article -> orders: at most 20,000 characters of it, with all that shapes their bytes.

An order is JSON and nothing else. Its digest is its name: who asks for the same gets the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import key_of
from briefing.config import Text
from briefing.errors import BriefingError
from briefing.mastering.clip import Mastering
from briefing.orders.tables import load_json
from briefing.speech.voices import MODEL_FOLDER
from briefing.text.script_writer import Names

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.selection import Lineup
    from briefing.speech.voice import Voice

__all__ = [
    "LONGEST_ORDER",
    "Group",
    "Order",
    "OrderError",
    "Paragraph",
    "Recipe",
    "folder_of",
    "groups_of",
    "recipe_of",
    "split_into_orders",
]

LONGEST_ORDER = 20_000
"""Characters: about half an hour of speech, of which the object has some 15 MB, and of which one
core is busy for a minute."""
_LAYOUT = 1
_LARGEST_JSON = 8_000_000
"""Bytes of an order: its text and the user's whole lexicon."""
_LIST_BYTES = 3
_DIGEST = re.compile(r"[0-9a-f]{64}")


class OrderError(BriefingError):
    """An order, or the object of one, that is not what this program writes."""


@dataclass(frozen=True, slots=True)
class Group:
    """An article, and what is spoken around it: it comes from the shared store as a whole."""

    place: int
    """Of the article in its lineup."""
    article: str
    """A digest that names the article in every edition, however its text changes."""
    paragraphs: tuple[str, ...]
    """The article's own, title and byline among them; its names are looked for in these."""
    has_title: bool
    around: tuple[str, ...] = ()
    """The opening, the section's heading, the headlines at the end."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is spoken: first what is around the article."""
        return (*self.around, *self.paragraphs)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What shapes the bytes of an edition's clips, except their texts."""

    briefing: str
    """A digest that names the briefing: the folder of its objects."""
    identity: str
    """Of the program, the libraries, the models and the processor that must carry the order out."""
    text: Mapping[str, Any]
    """[text] of the configuration."""
    lexicon: Mapping[str, str]
    """The lines of the user's lexicon."""
    voice: str
    voice_settings: Mapping[str, Any]
    voice_version: str
    mastering: Mapping[str, Any]
    """The fields of `Mastering`."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an order."""

    text: str
    names: Names | None
    """How the names in it are read; None: they are to be found in the whole article."""


@dataclass(frozen=True)
class Order:
    """Paragraphs to write the scripts of, to plan, to speak and to master."""

    recipe: Recipe
    article: str
    """See `Group`."""
    paragraphs: tuple[Paragraph, ...]
    has_title: bool
    """Whether the first paragraph whose names are to be found is the article's title."""

    @cached_property
    def packed(self) -> bytes:
        """The order as JSON, in ASCII: a source may have lone surrogates."""
        rows = [
            [paragraph.text, None if paragraph.names is None else dict(paragraph.names)]
            for paragraph in self.paragraphs
        ]
        table = {
            "layout": _LAYOUT,
            "recipe": asdict(self.recipe),
            "article": self.article,
            "has_title": self.has_title,
            "paragraphs": rows,
        }
        # a voice by others may have a setting that JSON does not know, such as a date
        return json.dumps(table, sort_keys=True, separators=(",", ":"), default=str).encode()

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the order, in hexadecimal: its name."""
        return hashlib.sha256(self.packed).hexdigest()

    @property
    def object_name(self) -> str:
        """The name of the object that comes of it, below the shared store's prefix."""
        return f"{self.recipe.briefing}/{self.digest}"

    @property
    def settings(self) -> Text:
        """[text]. Raise OrderError for other settings than this program has."""
        settings: Text = _from_table(Text, self.recipe.text)
        return settings

    @property
    def mastering(self) -> Mastering:
        """How the clips are mastered. Raise OrderError for other fields than it has."""
        mastering: Mastering = _from_table(Mastering, self.recipe.mastering)
        return mastering

    @property
    def searched(self) -> list[str]:
        """The article's paragraphs if names are to be found in them; [] if all are known."""
        return [paragraph.text for paragraph in self.paragraphs if paragraph.names is None]

    @classmethod
    def from_json(cls, packed: bytes | str) -> Order:
        """Return the order of a JSON text. Raise OrderError for any other text."""
        try:
            content = packed.encode() if isinstance(packed, str) else packed
            table = load_json(content, _LARGEST_JSON, _LIST_BYTES)
            if table["layout"] != _LAYOUT:
                raise OrderError(f"an order of layout {table['layout']!r}; this program has 1")
            order = cls(
                recipe=Recipe(**table["recipe"]),
                article=table["article"],
                paragraphs=tuple(Paragraph(text, names) for text, names in table["paragraphs"]),
                has_title=table["has_title"],
            )
        except (ValueError, TypeError, KeyError) as error:
            raise OrderError(f"not an order: {type(error).__name__}") from None
        _check(order)
        return order


def groups_of(config: Config, lineup: Lineup, edition_date: str) -> list[Group]:
    """Return the articles of a lineup with what is spoken around each."""
    from briefing.production import rundown

    opening = rundown.opening_paragraphs_of(config, lineup.articles, edition_date)
    groups: list[Group] = []
    copies: Counter[str] = Counter()
    last = len(lineup.articles) - 1
    for place, article in enumerate(lineup.articles):
        heading = lineup.heading_before(place)
        key = article.key or article.path
        copies[key] += 1
        around = [
            *(opening if place == 0 else ()),
            *([heading] if heading else ()),
            *(rundown.overflow_paragraphs(lineup) if place == last else ()),
        ]
        groups.append(
            Group(
                place=place,
                article=key_of("article", [key, copies[key]]),
                paragraphs=tuple(rundown.spoken_paragraphs(article, config)),
                has_title=bool(article.title),
                around=tuple(around),
            )
        )
    return groups


def folder_of(config: Config) -> str:
    """Return the name of a briefing's folder in the shared store."""
    return key_of("briefing", config.output.name)[:16]


def recipe_of(
    config: Config,
    voice: Voice,
    voice_settings: Mapping[str, Any],
    lexicon: Mapping[str, str],
    mastering: Mastering,
    identity: str = "",
) -> Recipe:
    """Return the recipe of a briefing's orders. lexicon: the user's lines alone."""
    # where a neural voice's model is on this machine is no other's business
    settings = {name: value for name, value in voice_settings.items() if name != MODEL_FOLDER}
    return Recipe(
        briefing=folder_of(config),
        identity=identity,
        text=asdict(config.text),
        lexicon=dict(lexicon),
        voice=voice.name,
        voice_settings=settings,
        voice_version=voice.version,
        mastering=asdict(mastering),
    )


def split_into_orders(
    group: Group,
    recipe: Recipe,
    names_of: Callable[[int], Names],
    wanting: Collection[int] | None = None,
) -> list[Order]:
    """Return the orders of a group, each at most LONGEST_ORDER characters of its paragraphs.

    wanting: the indices in `Group.texts` of the paragraphs to speak, None for all. names_of:
    returns the names of a paragraph by its index in `Group.paragraphs`; it is called only if the
    article does not fit into one order, whose reader would find them. A paragraph that is longer
    than an order is in none.
    """
    indices = sorted(range(len(group.texts)) if wanting is None else wanting)
    around = len(group.around)
    runs = _runs([(index, len(group.texts[index])) for index in indices])
    whole = len(runs) == 1 and set(runs[0]) >= set(range(around, len(group.texts)))

    def names(index: int) -> Names | None:
        if index < around:
            return {}
        return None if whole else names_of(index - around)

    return [
        Order(
            recipe=recipe,
            article=group.article,
            paragraphs=tuple(Paragraph(group.texts[index], names(index)) for index in run),
            has_title=group.has_title and whole,
        )
        for run in runs
    ]


def _runs(sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return indices in runs of at most LONGEST_ORDER characters. sizes: (index, characters)."""
    runs: list[list[int]] = []
    room = 0
    for index, size in sizes:
        if size > LONGEST_ORDER:
            continue
        if not runs or size > room:
            runs.append([])
            room = LONGEST_ORDER
        runs[-1].append(index)
        room -= size
    return runs


def _from_table(kind: type[Any], table: Mapping[str, Any]) -> Any:
    defaults = {item.name: item for item in fields(kind)}
    if table.keys() != defaults.keys():
        raise OrderError(f"an order with other settings ({kind.__name__}) than this program has")
    return kind(**table)


def _check(order: Order) -> None:
    """Raise OrderError unless an order that came from elsewhere has the types of an order."""
    recipe = order.recipe
    texts = (recipe.identity, recipe.voice, recipe.voice_version)
    tables = (recipe.text, recipe.lexicon, recipe.voice_settings, recipe.mastering)
    is_right = (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(table, dict) for table in tables)
        and all(isinstance(reading, str) for reading in recipe.lexicon.values())
        and isinstance(order.has_title, bool)
        and isinstance(order.article, str)
        and _DIGEST.fullmatch(order.article) is not None
        and isinstance(recipe.briefing, str)
        and re.fullmatch(r"[0-9a-f]{16}", recipe.briefing) is not None
        and all(_is_paragraph(paragraph) for paragraph in order.paragraphs)
    )
    if not is_right:
        raise OrderError("not an order: a field has another type")
    if sum(len(paragraph.text) for paragraph in order.paragraphs) > LONGEST_ORDER:
        raise OrderError(f"an order of more than {LONGEST_ORDER} characters")


def _is_paragraph(paragraph: Paragraph) -> bool:
    names = paragraph.names
    return isinstance(paragraph.text, str) and (
        names is None
        or (isinstance(names, dict) and all(isinstance(value, str) for value in names.values()))
    )
