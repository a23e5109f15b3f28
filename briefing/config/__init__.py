"""config.toml -> one `Config` a briefing: what can be set, reading it, messages about it.

What others use is imported from here.
"""

from briefing.config.feed_sources import FeedSource
from briefing.config.loader import CONFIG_NAME, load, place, settings_of_voice
from briefing.config.setting import setting_help
from briefing.config.settings import (
    DEFAULT,
    FORMATS,
    Cache,
    Cluster,
    Config,
    Edition,
    Feed,
    Format,
    Listen,
    Models,
    Neighbour,
    Opening,
    Output,
    Page,
    Pauses,
    Schedule,
    Sound,
    Sources,
    Text,
)
from briefing.config.values import check_setting
from briefing.config.voice_settings import Edge, Espeak, Gtts, Neural, Openai

__all__ = [
    "CONFIG_NAME",
    "DEFAULT",
    "FORMATS",
    "Cache",
    "Cluster",
    "Config",
    "Edge",
    "Edition",
    "Espeak",
    "Feed",
    "FeedSource",
    "Format",
    "Gtts",
    "Listen",
    "Models",
    "Neighbour",
    "Neural",
    "Openai",
    "Opening",
    "Output",
    "Page",
    "Pauses",
    "Schedule",
    "Sound",
    "Sources",
    "Text",
    "check_setting",
    "load",
    "place",
    "setting_help",
    "settings_of_voice",
]
