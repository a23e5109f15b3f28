"""Write the scripts of articles: each paragraph read, vowelled and phonetised, or from the cache.

A paragraph's script depends on its text, the settings, the lexicon's lines that match in it, the
version of this package's text stages, and on how the names that stand in it are read in the rest
of its article; on nothing else of that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from briefing.clip_cache import Store, key_of
from briefing.config import Config, Text
from briefing.text.normalisation.lexicon import Lexicon, Place, configured_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script import Paragraph, Sentence, Token
from briefing.text.vowels.diacritiser import Diacritiser, from_vowelled
from briefing.text.vowels.names import Mentions, mentions, reading_of
from briefing.versions import files_digest

__all__ = ["ArticleNames", "Names", "ScriptWriter", "script_writer"]


@dataclass(frozen=True, slots=True)
class Names:
    """What its article decides about the words of a paragraph."""

    readings: Mapping[str, str] = field(default_factory=dict)
    """The names that occur elsewhere in the article too: name -> its reading, "" where this
    paragraph decides it."""
    article: str = ""
    """The key of the article, which may have readings of its own in the lexicon; "" for none."""


_TOKEN_FIELDS = tuple(item.name for item in fields(Token))

_MOST_KEYS = 2000
"""Keys of texts that a writer remembers: those of an article are wanted several times, and hold
their texts in memory."""


class ScriptWriter:
    """Writes the scripts of one build's paragraphs."""

    def __init__(
        self,
        settings: Text,
        lexicon: Lexicon,
        store: Store | None,
        *,
        vowelled: bool = False,
        progress: Callable[[int, int], None] = lambda count, sentences: None,
        diacritiser: Diacritiser | None = None,
    ) -> None:
        """store: where scripts are stored; None stores none.

        vowelled: the text is fully vowelled already and is left so. progress: called after each
        sentence that is vowelled, with how many sentences of its paragraph are, and how many
        it has. diacritiser: which several writers share, so that its model is loaded once.
        """
        self._settings = settings
        self._lexicon = lexicon
        self._store = store
        self._vowelled = vowelled
        self._progress = progress
        self._diacritiser = diacritiser or Diacritiser()
        self._keys: dict[tuple[str, str], str] = {}
        """By the key of the article and the text."""
        self._names_keys: dict[tuple[object, ...], str] = {}
        """By what they are made of."""
        self._base = key_of(
            "script",
            {
                "settings": asdict(settings),
                "vowelled": vowelled,
                "version": [files_digest("text"), self._diacritiser.version],
            },
        )

    def key(self, text: str, names: Names | None = None) -> str:
        """Return the key of a paragraph's script."""
        article = names.article if names else ""
        if (article, text) not in self._keys:
            lines = self._lexicon.of_article(article).matches(text)
            self._keys[article, text] = key_of("script", [self._base, text, lines])
        if not names or not names.readings:
            return self._keys[article, text]
        return key_of("script", [self._keys[article, text], sorted(names.readings.items())])

    def write(self, text: str, names: Names | None = None) -> Paragraph:
        """Return the script of a paragraph."""
        key = self.key(text, names) if self._store is not None else ""
        if self._store is not None and (packed := self._store.get(key)) is not None:
            return Paragraph(text, _unpack(packed, text))
        readings = dict(names.readings) if names else {}
        sentences = []
        read = self._read(text, names.article if names else "")
        for sentence in read:
            sentences.append(self._say(sentence, readings))
            self._progress(len(sentences), len(read))
            for name in [name for name, reading in readings.items() if not reading]:
                readings[name] = reading_of(name, sentences[-1])
        if self._store is not None:
            self._store.put(key, _pack(tuple(sentences)))
        return Paragraph(text, tuple(sentences))

    def write_with(
        self, text: str, names: Names, index: int, place: Place, reading: str
    ) -> Sentence:
        """Return the script of one sentence of a paragraph, as it is with another reading.

        index: of the sentence. place: the word that has the reading; nothing is stored of it.
        """
        sentences = self.write(text, names).sentences
        lexicon = self._lexicon.of_article(names.article).with_reading(place, reading)
        readings = {
            name: decided or next(filter(None, (reading_of(name, row) for row in sentences)), "")
            for name, decided in names.readings.items()
        }
        return self._say(read_paragraph(text, self._settings, lexicon)[index], readings)

    def candidates(self, sentence: Sentence, index: int) -> tuple[str, ...]:
        """Return other readings of a token of a sentence, see `Diacritiser.candidates`."""
        return self._diacritiser.candidates(sentence, index)

    def stored_names(
        self, paragraphs: Sequence[str], *, title: bool, article: str
    ) -> dict[int, Names]:
        """Return the stored names of an article's paragraphs by their index, {} if none are."""
        key = self.key_of_names(paragraphs, title, article)
        packed = self._store.get(key) if self._store else None
        rows = json.loads(packed) if packed is not None else []
        return {index: Names(readings, article) for index, readings in enumerate(rows)}

    def store_names(
        self, paragraphs: Sequence[str], names: Mapping[int, Names], *, title: bool, article: str
    ) -> None:
        """Store the names of an article's paragraphs, so that a rebuild need not look for them."""
        if self._store is not None:
            rows = [dict(names[index].readings) for index in range(len(paragraphs))]
            self._store.put(
                self.key_of_names(paragraphs, title, article), json.dumps(rows).encode()
            )

    def key_of_names(self, paragraphs: Sequence[str], title: bool, article: str) -> str:
        """Return the key of an article's names. title: the first paragraph is its title."""
        parts = (title, article, *paragraphs)
        if parts not in self._names_keys:
            keys = (self.key(text, Names({}, article)) for text in paragraphs)
            self._names_keys[parts] = key_of("names", [self._base, title, *keys])
        return self._names_keys[parts]

    def names_of(
        self, paragraphs: Sequence[str], *, title: bool, article: str = ""
    ) -> ArticleNames:
        """Return the names of an article's paragraphs, the first of which may be its title.

        article: its key, by which the lexicon may have readings for it alone.
        """
        if len(self._keys) > _MOST_KEYS:
            self._keys.clear()
            self._names_keys.clear()
        return ArticleNames(
            self, [] if self._vowelled else paragraphs, title=title, article=article
        )

    def _read(self, text: str, article: str) -> tuple[Sentence, ...]:
        return read_paragraph(text, self._settings, self._lexicon.of_article(article))

    def _say(self, sentence: Sentence, names: Mapping[str, str]) -> Sentence:
        vowelled = (
            from_vowelled(sentence)
            if self._vowelled
            else self._diacritiser.diacritise(sentence, names)
        )
        return phonetise(vowelled, self._settings.case_endings)


class ArticleNames:
    """How the names of one article are read, paragraph by paragraph.

    A name is read as in the paragraph where it first occurs, the title last, since that gives the
    model least context; an author's marks take precedence. Only the paragraphs that decide are
    read for it, when a later one asks, so that the first can be spoken immediately.
    """

    def __init__(
        self, writer: ScriptWriter, paragraphs: Sequence[str], *, title: bool, article: str
    ) -> None:
        self._writer = writer
        self._paragraphs = paragraphs
        self._title = title
        self._article = article
        self._names: dict[int, Names] = {}
        if paragraphs:
            self._names = writer.stored_names(paragraphs, title=title, article=article)
        self._is_stored = bool(self._names)
        self._mentions: Mentions | None = None
        self._first: dict[str, int] = {}
        self._scripts: dict[int, Paragraph] = {}

    def leave_storing(self) -> ArticleNames:
        """Store nothing: whoever carries out an order stores the names with it."""
        self._is_stored = True
        return self

    def of(self, index: int) -> Names:
        """Return the names of a paragraph with their readings."""
        if index >= len(self._paragraphs):
            return Names({}, self._article)  # the author vowelled them all
        if index not in self._names:
            self._names[index] = self._find(index)
            if not self._is_stored and len(self._names) == len(self._paragraphs):
                self._writer.store_names(
                    self._paragraphs, self._names, title=self._title, article=self._article
                )
                self._is_stored = True
        return self._names[index]

    def _find(self, index: int) -> Names:
        if self._mentions is None:
            self._mentions = mentions(self._paragraphs)
            order = [*range(len(self._paragraphs))]
            for place in order[1:] + order[:1] if self._title else order:
                for name in self._mentions[place]:
                    self._first.setdefault(name, place)
        names = {}
        for name, marked in self._mentions[index].items():
            first = self._first[name]
            names[name] = marked or ("" if first == index else self._reading(name, first))
        return Names(names, self._article)

    def _reading(self, name: str, index: int) -> str:
        if index not in self._scripts:
            self._scripts[index] = self._writer.write(self._paragraphs[index], self.of(index))
        for sentence in self._scripts[index].sentences:
            if reading := reading_of(name, sentence):
                return reading
        return ""


def script_writer(
    config: Config,
    store: Store | None,
    *,
    vowelled: bool = False,
    progress: Callable[[int, int], None] = lambda count, sentences: None,
) -> ScriptWriter:
    """Return the writer of scripts that the configuration asks for; see `ScriptWriter`."""
    lexicon = configured_lexicon(config)
    return ScriptWriter(config.text, lexicon, store, vowelled=vowelled, progress=progress)


def _pack(sentences: tuple[Sentence, ...]) -> bytes:
    rows = [
        [
            sentence.start,
            sentence.end,
            [[getattr(token, name) for name in _TOKEN_FIELDS] for token in sentence.tokens],
        ]
        for sentence in sentences
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
