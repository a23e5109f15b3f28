"""Foreign words to IPA by libespeak-ng's own English, as the espeak voice would speak them."""

from __future__ import annotations

import ctypes
import re
from functools import cache, lru_cache

from briefing.errors import VoiceError
from briefing.speech.espeak.voice import SYNCHRONOUS, UTF8, VOICE_FILE, library_paths

__all__ = ["foreign_ipa"]

_AS_IPA = 2  # espeak_TextToPhonemes's phonememode (speak_lib.h)
_LANGUAGE_SWITCH = re.compile(r"\([\w-]+\)")


@lru_cache(maxsize=65536)
def foreign_ipa(word: str) -> str:
    """Return the IPA of a word in Latin letters; "" if espeak-ng says nothing for it.

    Raise VoiceError if libespeak-ng cannot be loaded.

    >>> foreign_ipa("Reuters")
    'ɹˈɔɪtəz'
    """
    library = _library()
    rest = ctypes.c_char_p(word.encode("utf-8", "replace"))
    clauses = []
    while rest.value is not None:
        ipa = library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, _AS_IPA)
        clauses.append(_LANGUAGE_SWITCH.sub("", ipa.decode("utf-8", "replace")))
    return " ".join(" ".join(clauses).split())


@cache
def _library() -> ctypes.CDLL:
    path, data = library_paths()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise VoiceError(f"libespeak-ng cannot be loaded: {error}") from None
    if library.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), 0) <= 0:
        raise VoiceError(f"libespeak-ng cannot start: its data in {data} cannot be read")
    library.espeak_SetVoiceByName(VOICE_FILE.encode())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    return library
