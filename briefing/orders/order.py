"""An article -> orders: at most 20,000 characters of it, with all that shapes their bytes.

An order is JSON and nothing else. Its digest is its name: who asks for the same gets the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import key_of
from briefing.config import Text
from briefing.errors import BriefingError
from briefing.mastering.clip import Mastering
from briefing.orders.tables import load_json
from briefing.speech.voices import MODEL_FOLDER

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.selection import Lineup
    from briefing.speech.voice import Voice
    from briefing.text.normalisation.lexicon import Lexicon

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
    key: str = ""
    """The article's key, by which the lexicon may have readings for it alone."""
    around_keys: tuple[str, ...] = ()
    """Of each text around it, the key of the article whose readings it has; () for none at all."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is spoken: first what is around the article."""
        return (*self.around, *self.paragraphs)

    @property
    def keys(self) -> tuple[str, ...]:
        """For each of the texts the key of the article whose readings it has."""
        around = self.around_keys or ("",) * len(self.around)
        return (*around, *(self.key for _ in self.paragraphs))


@dataclass(frozen=True, slots=True)
class Recipe:
    """What shapes the bytes of an edition's clips, except their texts."""

    briefing: str
    """A digest that names the briefing: the folder of its objects."""
    identity: str
    """Of the program, the libraries, the models and the processor that must carry the order out."""
    text: Mapping[str, Any]
    """[text] of the configuration."""
    lexicon: Mapping[str, Any]
    """The lines of the user's lexicon, see `Lexicon.tables`."""
    voice: str
    voice_settings: Mapping[str, Any]
    voice_version: str
    mastering: Mapping[str, Any]
    """The fields of `Mastering`."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an order."""

    text: str
    readings: Mapping[str, str] | None
    """How the names in it are read; None: they are to be found in the whole article."""
    article: str = ""
    """The key of the article whose readings of the lexicon it has; "" for none."""


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
            [
                paragraph.text,
                None if paragraph.readings is None else dict(paragraph.readings),
                paragraph.article,
            ]
            for paragraph in self.paragraphs
        ]
        table = {
            "layout": _LAYOUT,
            "recipe": {field.name: getattr(self.recipe, field.name) for field in fields(Recipe)},
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
        return [paragraph.text for paragraph in self.paragraphs if paragraph.readings is None]

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
                paragraphs=tuple(Paragraph(*row) for row in table["paragraphs"]),
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
    headlines = rundown.headline_keys(lineup.articles)
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
        keys = [headlines.get(text, "") for text in (opening if place == 0 else ())]
        keys += [""] * (len(around) - len(keys))
        groups.append(
            Group(
                place=place,
                article=key_of("article", [key, copies[key]]),
                paragraphs=tuple(rundown.spoken_paragraphs(article, config)),
                has_title=bool(article.title),
                around=tuple(around),
                key=article.key,
                around_keys=tuple(keys),
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
    lexicon: Lexicon,
    mastering: Mastering,
    identity: str = "",
) -> Recipe:
    """Return the recipe of a briefing's orders."""
    # where a neural voice's model is on this machine is no other's business
    settings = {name: value for name, value in voice_settings.items() if name != MODEL_FOLDER}
    return Recipe(
        briefing=folder_of(config),
        identity=identity,
        text=asdict(config.text),
        lexicon=lexicon.tables(),
        voice=voice.name,
        voice_settings=settings,
        voice_version=voice.version,
        mastering=asdict(mastering),
    )


def split_into_orders(
    group: Group,
    recipe: Recipe,
    readings_of: Callable[[int], Mapping[str, str]],
    wanting: Collection[int] | None = None,
) -> list[Order]:
    """Return the orders of a group, each at most LONGEST_ORDER characters of its paragraphs.

    wanting: the indices in `Group.texts` of the paragraphs to speak, None for all. readings_of:
    returns the readings of a paragraph's names by its index in `Group.paragraphs`; it is called
    only if the article does not fit into one order, whose reader would find them. A paragraph that
    is longer than an order is in none.
    """
    indices = sorted(range(len(group.texts)) if wanting is None else wanting)
    around = len(group.around)
    runs = _runs([(index, len(group.texts[index])) for index in indices])
    whole = len(runs) == 1 and set(runs[0]) >= set(range(around, len(group.texts)))

    texts, keys = group.texts, group.keys

    def paragraph(index: int) -> Paragraph:
        readings: Mapping[str, str] | None = None
        if index < around:
            readings = {}
        elif not whole:
            readings = readings_of(index - around)
        return Paragraph(texts[index], readings, keys[index])

    return [
        Order(
            recipe=_with_lexicon_of(recipe, {keys[index] for index in run}),
            article=group.article,
            paragraphs=tuple(map(paragraph, run)),
            has_title=group.has_title and whole,
        )
        for run in runs
    ]


def _with_lexicon_of(recipe: Recipe, keys: Collection[str]) -> Recipe:
    """Return the recipe without the lexicon's readings that other articles have for themselves."""
    articles = recipe.lexicon["article"]
    own = {key: articles[key] for key in sorted(keys) if key in articles}
    return replace(recipe, lexicon={**recipe.lexicon, "article": own})


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
        and _is_lexicon(recipe.lexicon)
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
    return (
        isinstance(paragraph.text, str)
        and isinstance(paragraph.article, str)
        and (paragraph.readings is None or _is_readings(paragraph.readings))
    )


def _is_lexicon(tables: Mapping[str, Any]) -> bool:
    articles = tables.get("article")
    return (
        _is_readings(tables.get("words"))
        and isinstance(articles, dict)
        and all(
            isinstance(own, dict)
            and _is_readings(own.get("words"))
            and _is_readings(own.get("here"))
            for own in articles.values()
        )
    )


def _is_readings(table: object) -> bool:
    return isinstance(table, dict) and all(isinstance(value, str) for value in table.values())
