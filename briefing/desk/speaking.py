"""What the desk's worker does: read a paragraph, find other readings of a word, speak a sentence.

It keeps the model, the writers of scripts and the voices, so that the next request finds them warm.
Nothing here writes a file but the cache.
"""

from __future__ import annotations

import io
import re
import time
import wave
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import key_of
from briefing.config import Config
from briefing.errors import SourceError, UsageError
from briefing.text.script import Paragraph, Sentence, Token

if TYPE_CHECKING:
    from briefing.speech.voice import Speech, Voice
    from briefing.text.script_writer import ArticleNames, ScriptWriter

__all__ = ["ArticleText", "AskFirst", "Override", "Passage", "Speaker"]

_MOST_WRITERS = 4
_MOST_ARTICLES = 8
_MOST_CANDIDATES = 3
"""Besides the reading that the word has now."""
_VOICE_KEEPS_S = 300
"""For how long a voice that could speak is taken to be able to."""
_LONGEST_SOUND = 1500
"""Letters that are spoken for one request, about two and a half minutes."""
_VERB_RULES = ("verb", "passive", "imperfect", "agent", "own_preposition", "object", "takes_that")


class AskFirst(Exception):
    """The voice is online, and nobody has agreed that the text leaves the machine."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The paragraphs of an article as they are spoken."""

    key: str
    paragraphs: tuple[str, ...]
    title: bool
    """The first paragraph is the title."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a sentence: the tokens from a first to a last, both of them included."""

    paragraph: int
    sentence: int
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A reading that a token has for one hearing."""

    token: int
    reading: str


@dataclass
class Speaker:
    """The state of the worker."""

    _writers: OrderedDict[str, ScriptWriter] = field(default_factory=OrderedDict)
    _names: OrderedDict[str, ArticleNames] = field(default_factory=OrderedDict)
    _voices: dict[str, tuple[float, Voice]] = field(default_factory=dict)
    _diacritiser: Any = None

    def warm(self, config: Config) -> None:
        """Load the model, and the voice if it is an offline one."""
        self._writer(config)[1].write("قال الوزير إن الاجتماع انتهى.")
        voice = self._first_voice(config)
        if not voice.online:
            sentence = self._writer(config)[1].write("نعم").sentences[0]
            list(voice.speak([voice.notation(sentence)]))

    def marks(self, config: Config, article: ArticleText, paragraph: int) -> list[dict[str, Any]]:
        """Return the sentences of a paragraph, each with its tokens as the page marks them."""
        script = self._script(config, article, paragraph)
        return [_marks_of(sentence) for sentence in script.sentences]

    def candidates(
        self, config: Config, article: ArticleText, passage: Passage
    ) -> tuple[dict[str, str], list[dict[str, str]]]:
        """Return a token, and its readings with their origins: first what it has now."""
        from briefing.text.vowels.names import press_readings

        sentence = self._sentence(config, article, passage)
        index = passage.first or 0
        token = _token_of(sentence, index)
        now = token.diacritised or token.spoken
        rows = {_plain(now): {"reading": now, "origin": _ORIGINS.get(token.source, "model")}}
        in_press = {_plain(reading) for reading in press_readings(token.spoken)}
        for reading in self._writer(config)[1].candidates(sentence, index):
            if _VOWELLED_ARTICLE.match(reading) and not _VOWELLED_ARTICLE.match(now):
                continue
            origin = "transliteration" if _plain(reading) in in_press else "model"
            rows.setdefault(_plain(reading), {"reading": reading, "origin": origin})
        row = {"written": token.text, "reading": now, "source": token.source}
        return row, list(rows.values())[: _MOST_CANDIDATES + 1]

    def sound(
        self,
        config: Config,
        article: ArticleText,
        passage: Passage,
        override: Override | None,
        agreed: bool,
    ) -> tuple[bytes, list[tuple[int, float]]]:
        """Return a passage as a WAV file, and where each token begins, in seconds.

        Raise AskFirst for an online voice without agreement, UsageError for an impossible reading,
        VoiceError if no voice can speak.
        """
        voice = self._voice(config, agreed)
        sentence = self._sentence(config, article, passage)
        if override is not None:
            sentence = self._overridden(config, article, passage, sentence, override)
        first = passage.first or 0
        last = len(sentence.tokens) - 1 if passage.last is None else passage.last
        part = _part(sentence, first, last, config)
        notation = voice.notation(part)
        if not notation:
            raise UsageError("nothing of this is spoken")
        speech = next(iter(voice.speak([notation])))
        return _wav(speech), _starts(speech, part, first)

    def edition_sound(self, file: Path, start_s: float, end_s: float) -> bytes:
        """Return a stretch of a published file as a WAV file. Raise SourceError."""
        import av

        samples = bytearray()
        rate = 0
        try:
            with av.open(str(file)) as container:
                stream = container.streams.audio[0]
                rate = stream.rate
                if start_s > 1:
                    container.seek(int((start_s - 1) / stream.time_base), stream=stream)  # type: ignore[operator]
                resampler = av.AudioResampler("s16", "mono", rate)
                for frame in container.decode(stream):
                    at = frame.time or 0.0
                    if at > end_s:
                        break
                    for piece in resampler.resample(frame):
                        data = bytes(piece.planes[0])[: piece.samples * 2]
                        begin = max(0, round((start_s - at) * rate)) * 2
                        end = max(0, round((end_s - at) * rate)) * 2
                        samples += data[begin:end]
        except (OSError, ValueError, IndexError) as error:
            raise SourceError(f"{file}: the sound cannot be read: {error}") from None
        return _wav_of(bytes(samples), rate)

    # -- what is kept

    def _writer(self, config: Config) -> tuple[str, ScriptWriter]:
        """Return the writer of a configuration and its lexicon as the file is now, and its key."""
        from briefing.text.normalisation.lexicon import configured_lexicon
        from briefing.text.script_writer import ScriptWriter
        from briefing.text.vowels.diacritiser import Diacritiser

        if self._diacritiser is None:
            self._diacritiser = Diacritiser()
        key = key_of("desk", [repr(config.text), str(config.base), _stamp(config.lexicon_file)])
        if key not in self._writers:
            self._writers[key] = ScriptWriter(
                config.text,
                configured_lexicon(config),
                config.open_cache(),
                diacritiser=self._diacritiser,
            )
            while len(self._writers) > _MOST_WRITERS:
                self._writers.popitem(last=False)
        self._writers.move_to_end(key)
        return key, self._writers[key]

    def _script(self, config: Config, article: ArticleText, paragraph: int) -> Paragraph:
        key, writer = self._writer(config)
        names = self._names_of(key, writer, article)
        return writer.write(article.paragraphs[paragraph], names.of(paragraph))

    def _names_of(self, key: str, writer: ScriptWriter, article: ArticleText) -> ArticleNames:
        key = key_of("desk", [key, article.key, article.title, *article.paragraphs])
        if key not in self._names:
            self._names[key] = writer.names_of(
                article.paragraphs, title=article.title, article=article.key
            )
            while len(self._names) > _MOST_ARTICLES:
                self._names.popitem(last=False)
        self._names.move_to_end(key)
        return self._names[key]

    def _sentence(self, config: Config, article: ArticleText, passage: Passage) -> Sentence:
        sentences = self._script(config, article, passage.paragraph).sentences
        if passage.sentence >= len(sentences):
            raise UsageError("there is no such sentence; load the article again")
        return sentences[passage.sentence]

    def _overridden(
        self,
        config: Config,
        article: ArticleText,
        passage: Passage,
        sentence: Sentence,
        override: Override,
    ) -> Sentence:
        from briefing.text.normalisation.lexicon import check_line
        from briefing.text.normalisation.lexicon_places import place_of

        token = _token_of(sentence, override.token)
        _, reading, wrong = check_line(token.text, override.reading)
        if wrong:
            raise UsageError(wrong)
        key, writer = self._writer(config)
        names = self._names_of(key, writer, article).of(passage.paragraph)
        text = article.paragraphs[passage.paragraph]
        place = place_of(sentence, token)
        return writer.write_with(text, names, passage.sentence, place, reading)

    def _first_voice(self, config: Config) -> Voice:
        from briefing.speech.voices import voices_of

        return voices_of(config, None, config.open_cache())[0]

    def _voice(self, config: Config, agreed: bool) -> Voice:
        """Return the voice that can speak now; it is asked again after some minutes.

        Raise AskFirst for an online voice without agreement, before its service is looked up.
        """
        from briefing.speech.voices import usable_voice, voices_of

        key = key_of("voice", [repr((config.voice, config.voice_fallback, config.voices))])
        entry = self._voices.get(key)
        if entry is None or time.monotonic() - entry[0] > _VOICE_KEEPS_S:
            preferred = voices_of(config, None, config.open_cache())[0]
            if preferred.online and not agreed:
                raise AskFirst(preferred.name)
            voice = usable_voice(config, None, config.open_cache())
            self._voices[key] = entry = (time.monotonic(), voice)
        voice = entry[1]
        if voice.online and not agreed:  # it stands in for the preferred one
            raise AskFirst(voice.name)
        return voice


_VOWELLED_ARTICLE = re.compile("(?:[وف]\u064e?)?ا[\u064e\u064f\u0650]?ل[\u064e\u064f\u0650\u0651]")
"""The l of the article bears no vowel and no shadda of its own (Wright I §18): as in الَرئيس."""
_ORIGINS = {"author": "author", "lexicon": "elsewhere", "built_in": "built_in"}
"""The origin of the reading that a word has now, by its source."""


def _plain(reading: str) -> str:
    return " ".join(reading.split())


def _token_of(sentence: Sentence, index: int) -> Token:
    if not 0 <= index < len(sentence.tokens):
        raise UsageError("there is no such word; load the article again")
    return sentence.tokens[index]


def _stamp(path: Path) -> list[int]:
    try:
        facts = path.stat()
    except OSError:
        return []
    return [facts.st_ino, facts.st_size, facts.st_mtime_ns]


def _marks_of(sentence: Sentence) -> dict[str, Any]:
    from briefing.text.normalisation.lexicon import sentence_digest

    return {
        "text": sentence.text,
        "digest": sentence_digest(sentence.text),
        "spoken": sentence.diacritised,
        "tokens": [
            {
                "start": token.start - sentence.start,
                "end": token.end - sentence.start,
                "written": token.text,
                "reading": token.diacritised or token.spoken,
                "source": token.source or ("model" if token.spoken else "rule"),
                "unsure": _doubt(token),
                "reviewed": False,
            }
            for token in sentence.tokens
        ],
    }


def _doubt(token: Token) -> str | None:
    """Return what is unsure of a token: "name", "verb", "ending" or "reading"; None for nothing."""
    if not token.unsure or token.source == "lexicon" or _is_name_of_tables(token):
        return None
    if token.source == "guess":
        return "name"
    if token.source == "rule" and any(part in token.rule for part in _VERB_RULES):
        return "verb"
    return "ending" if "?" in token.unsure_endings else "reading"


def _is_name_of_tables(token: Token) -> bool:
    """Return whether a table has the word and it is a foreign name, such as روسيا.

    The model reads such names otherwise, but that is no doubt: it knows none of them.
    """
    from briefing.text.vowels.impossible import is_native

    shows_no_case = token.spoken.endswith(("ا", "ي", "ى", "و"))
    return token.source == "built_in" and (shows_no_case or not is_native(token.spoken))


def _part(sentence: Sentence, first: int, last: int, config: Config) -> Sentence:
    """Return the tokens of a sentence from first to last, with the sounds that they have alone."""
    from briefing.text.pronunciation.phonetisation import phonetise

    if not 0 <= first <= last < len(sentence.tokens):
        raise UsageError("there is no such word; load the article again")
    tokens: list[Token] = []
    size = 0
    for token in sentence.tokens[first : last + 1]:
        size += len(token.spoken) + 1
        if tokens and size > _LONGEST_SOUND:
            break
        # a reading in IPA is the lexicon's; other sounds are found anew, as of a word that begins
        in_ipa = token.source == "lexicon" and not token.vowelled
        tokens.append(token if in_ipa or token.language != "ar" else replace(token, ipa=""))
    if len(tokens) == len(sentence.tokens):
        return sentence
    return phonetise(replace(sentence, tokens=tuple(tokens)), config.text.case_endings)


def _wav(speech: Speech) -> bytes:
    return _wav_of(speech.samples, speech.sample_rate_hz)


def _wav_of(samples: bytes, rate_hz: int) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz or 1)
        file.writeframes(samples)
    return data.getvalue()


def _starts(speech: Speech, sentence: Sentence, first: int) -> list[tuple[int, float]]:
    """Return the index of each spoken token, and its begin in seconds.

    Where the voice does not know it, it is estimated from the letters.
    """
    counts = [len(token.spoken.split()) for token in sentence.tokens]
    total_s = len(speech.samples) / 2 / speech.sample_rate_hz
    begins = list(speech.word_starts or ())
    exact = len(begins) == sum(counts)
    letters = [len(token.spoken) for token in sentence.tokens]
    rows: list[tuple[int, float]] = []
    words = spoken = 0
    for index, count in enumerate(counts):
        if count:
            share = spoken / max(1, sum(letters)) * total_s
            start_s = begins[words] / speech.sample_rate_hz if exact else share
            rows.append((first + index, round(start_s, 3)))
        words += count
        spoken += letters[index]
    return rows
