"""The settings of each voice: the tables [voices.NAME]."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.config.setting import setting

__all__ = ["VOICE_TABLES", "Edge", "Espeak", "Gtts", "Neural", "Openai"]


@dataclass(frozen=True)
class Espeak:
    """[voices.espeak]: the offline voice, a formant synthesiser."""

    variant: str = setting("", "an espeak-ng voice variant, such as m3 or f2; none by default")
    speed_wpm: int = setting(160, "words a minute", at_least=80, at_most=450)
    pitch: int = setting(50, "base pitch", at_least=0, at_most=99)
    pitch_range: int = setting(65, "liveliness of the intonation", at_least=0, at_most=99)
    word_gap_10ms: int = setting(0, "extra pause between words", at_least=0, at_most=50)
    natural: bool = setting(
        True,
        "pitch by the place in the paragraph, questions told apart, slower before pauses, a soft"
        " noise under it all; false: espeak-ng as it is",
    )


@dataclass(frozen=True)
class _Online:
    """How a voice asks its service; the settings that all such voices have."""

    timeout_s: float = setting(10.0, "how long to wait for an answer", at_least=0.1, at_most=300)
    tries: int = setting(4, "how often a request is tried before giving up", at_least=1, at_most=20)
    backoff_s: float = setting(
        1.0, "the first wait after a failure; it doubles each time", at_least=0
    )
    requests_at_once: int = setting(
        2, "requests under way at the same time", at_least=1, at_most=16
    )
    longest_wait_s: float = setting(
        30.0, "a longer wait that the service asks for is not waited for", at_least=0, at_most=3600
    )
    clause_gap_s: float = setting(
        0.2, "silence between two requests' sounds at a comma", at_least=0, at_most=2
    )


@dataclass(frozen=True)
class Neural:
    """[voices.NAME]: a neural voice, by the name that it was installed under."""

    speed: float = setting(
        1.0, "1: as its model was made; 1.2: a fifth faster", at_least=0.5, at_most=2
    )
    noise: float = setting(
        -1.0, "how freely it sounds; -1: as its model says", at_least=-1, at_most=2
    )
    rhythm_noise: float = setting(
        -1.0, "how freely its rhythm goes; -1: as its model says", at_least=-1, at_most=2
    )
    speaker: int = setting(0, "of a model with several speakers; 0 is the first", at_least=0)


@dataclass(frozen=True)
class Gtts(_Online):
    """[voices.gtts]: Google's voice; it sends the text to Google."""

    tld: str = setting("com", "the Google domain that is asked, such as com or com.eg")


@dataclass(frozen=True)
class Edge(_Online):
    """[voices.edge]: the voices of Microsoft's Edge browser; they send the text to Microsoft."""

    speaker: str = setting(
        "ar-SA-HamedNeural",
        "who speaks, one of the Arabic voices that the manual lists",
        pattern=r"[a-z]{2,3}-[A-Z]{2}-[A-Za-z]+Neural",
        like="like ar-SA-HamedNeural; the manual lists the Arabic voices",
    )
    rate_percent: int = setting(
        0, "how much faster (or, below 0, slower) than usual", at_least=-50, at_most=100
    )
    pitch_hz: int = setting(0, "how much higher (or lower) than usual", at_least=-50, at_most=50)
    timeout_s: float = setting(30.0, "how long to wait for an answer", at_least=0.1, at_most=300)


@dataclass(frozen=True)
class Openai(_Online):
    """[voices.openai]: a server that speaks as OpenAI's does (/v1/audio/speech)."""

    url: str = setting(
        "",
        "the server, such as http://127.0.0.1:8000/v1; on this machine it is no online voice",
        pattern=r"(https?://([\w.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?(/[\w./~-]*)?)?",
        like="like http://127.0.0.1:8000/v1 or https://example.org/v1, with nothing before the host"
        " or after the path",
        may_be_secret=True,
    )
    model: str = setting("tts-1", "the server's name of its model")
    voice: str = setting("alloy", "who speaks, by the server's name")
    key_variable: str = setting(
        "",
        "the environment variable that holds the server's key, such as OPENAI_API_KEY",
        pattern=r"([A-Z_][A-Z0-9_]*)?",
        like="the name of an environment variable, such as OPENAI_API_KEY; the key itself does not"
        " belong into this file",
        may_be_secret=True,
    )
    speed: float = setting(1.0, "how many times as fast as usual", at_least=0.25, at_most=4)
    longest_request: int = setting(
        300,
        "letters in one request; a longer sentence is cut at its clauses",
        at_least=40,
        at_most=4000,
    )
    timeout_s: float = setting(120.0, "how long to wait for an answer", at_least=0.1, at_most=1800)
    requests_at_once: int = setting(
        1, "requests under way at the same time", at_least=1, at_most=16
    )


VOICE_TABLES = {"espeak": Espeak, "gtts": Gtts, "edge": Edge, "openai": Openai}
"""The table of each voice whose kind its name tells."""
