"""Orders of real articles, as a build would make them."""

from __future__ import annotations

from pathlib import Path

from briefing.clip_cache import MemoryStore
from briefing.config import load
from briefing.orders.order import Group, Order, Recipe, groups_of, recipe_of, split_into_orders
from briefing.selection import choose
from briefing.speech.voices import settings_of, voices_of
from briefing.text.normalisation.lexicon import configured_lexicon

DATE = "2026-11-24"


def recipe(folder: Path, identity: str = "") -> Recipe:
    """The recipe of the briefing in a folder with config.toml."""
    from briefing.mastering.presets import mastering_of

    (config,) = load(folder / "config.toml")
    voice = voices_of(config, "espeak", MemoryStore())[0]
    return recipe_of(
        config,
        voice,
        settings_of(config, voice.name),
        configured_lexicon(config),
        mastering_of(config, voice),
        identity,
    )


def groups(folder: Path) -> list[Group]:
    (config,) = load(folder / "config.toml")
    return groups_of(config, choose(config, None, DATE).selection.lineup, DATE)


def orders(folder: Path, identity: str = "") -> list[Order]:
    """The orders of all articles in a folder."""
    shape = recipe(folder, identity)
    return [
        order for group in groups(folder) for order in split_into_orders(group, shape, no_names)
    ]


def no_names(index: int) -> dict[str, str]:
    raise AssertionError(f"the names of paragraph {index} are for the reader of the order to find")
