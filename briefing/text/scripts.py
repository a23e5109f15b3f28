"""Articles to scripts: each paragraph read, vowelled and phonetised, or taken from the cache.

A paragraph's script depends on its text, the settings, the lexicon's lines that match in it, and
the version of this package's text stages; on nothing else of its article.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from briefing.config import Config, Text
from briefing.speech.cache import key_of
from briefing.speech.voice import Store
from briefing.text.diacritisation import Diacritiser, from_vowelled
from briefing.text.lexicon import Lexicon, load_lexicon
from briefing.text.phonetisation import phonetise
from briefing.text.reading import read_paragraph
from briefing.text.script import Paragraph, Sentence, Token
from briefing.versions import files_digest

__all__ = ["ScriptWriter", "script_writer"]

_TOKEN_FIELDS = tuple(item.name for item in fields(Token))


class ScriptWriter:
    """Writes the scripts of one build's paragraphs."""

    def __init__(
        self, settings: Text, lexicon: Lexicon, store: Store | None, *, vowelled: bool = False
    ) -> None:
        """store: where scripts are kept; None keeps none.

        vowelled: the text is fully vowelled already and is left so.
        """
        self._settings = settings
        self._lexicon = lexicon
        self._store = store
        self._vowelled = vowelled
        self._diacritiser = Diacritiser()
        self._base = key_of(
            "script",
            {
                "settings": asdict(settings),
                "vowelled": vowelled,
                "version": [files_digest("text"), self._diacritiser.version],
            },
        )

    def key(self, text: str) -> str:
        """Give the key of a paragraph's script."""
        return key_of("script", [self._base, text, self._lexicon.matches(text)])

    def write(self, text: str) -> Paragraph:
        """Give the script of a paragraph."""
        key = self.key(text) if self._store is not None else ""
        if self._store is not None and (packed := self._store.get(key)) is not None:
            return Paragraph(text, _unpack(packed, text))
        sentences = tuple(self._say(one) for one in self._read(text))
        if self._store is not None:
            self._store.put(key, _pack(sentences))
        return Paragraph(text, sentences)

    def _read(self, text: str) -> tuple[Sentence, ...]:
        return read_paragraph(text, self._settings, self._lexicon)

    def _say(self, sentence: Sentence) -> Sentence:
        vowelled = (
            from_vowelled(sentence) if self._vowelled else self._diacritiser.diacritise(sentence)
        )
        return phonetise(vowelled, self._settings.case_endings)


def script_writer(config: Config, store: Store | None, *, vowelled: bool = False) -> ScriptWriter:
    """Make the writer of scripts that the configuration asks for."""
    lexicon = load_lexicon(config.base / config.text.lexicon if config.text.lexicon else None)
    return ScriptWriter(config.text, lexicon, store, vowelled=vowelled)


def _pack(sentences: tuple[Sentence, ...]) -> bytes:
    rows = [
        [
            one.start,
            one.end,
            [[getattr(token, name) for name in _TOKEN_FIELDS] for token in one.tokens],
        ]
        for one in sentences
    ]
    # lone surrogates are possible in a source: ASCII JSON carries them
    return json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()


def _unpack(packed: bytes, text: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            text[start:end],
            start,
            end,
            tuple(Token(**dict(zip(_TOKEN_FIELDS, values, strict=True))) for values in tokens),
        )
        for start, end, tokens in json.loads(packed)
    )
