"""A configuration -> the supply of its builds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from briefing.orders.supply import LocalSupply, Supply
from briefing.production.planning import Planner

if TYPE_CHECKING:
    from briefing.clip_cache import FolderStore
    from briefing.config import Config
    from briefing.mastering.clip import Mastering
    from briefing.orders.shared_supply import Carrier
    from briefing.speech.voice import Voice
    from briefing.text.script_writer import ScriptWriter

__all__ = ["choose_supply"]


def choose_supply(
    config: Config,
    writer: ScriptWriter,
    voice: Voice,
    local: FolderStore,
    mastering: Mastering,
    warn: Callable[[str], None],
    carrier: Carrier | None = None,
    identity: str = "",
) -> Supply:
    """Return the supply of one build: with `cache.shared` from there, else from this machine.

    warn: receives a fault of the shared store, after which the build goes on without it. carrier:
    speaks what the store does not have, on machines of this identity.
    """
    if not config.cache.shared:
        return LocalSupply(Planner(writer, voice, local))
    from briefing.orders.order import recipe_of
    from briefing.orders.recorder import Recorder
    from briefing.orders.shared_store import SharedStore
    from briefing.orders.shared_supply import SharedSupply
    from briefing.production.memory import keep_memory
    from briefing.speech.voices import settings_of
    from briefing.text.normalisation.lexicon import configured_lexicon

    keep_memory()
    lexicon = configured_lexicon(config)
    settings = settings_of(config, voice.name)
    recipe = recipe_of(config, voice, settings, lexicon, mastering, identity)
    return SharedSupply(
        lambda: SharedStore(config.cache.shared),
        local,
        Recorder(writer, voice, local, mastering),
        recipe,
        mastering,
        warn,
        carrier,
    )
