"""Voices for clusters of tests: packages of their own, as others' voices are."""

from __future__ import annotations

_COMMON = """
import hashlib
import math
import struct
import time
from briefing.speech.voice import Speech


class Spoken:
    version = "1"
    online = False

    def __init__(self, settings, store):
        pass

    def unavailable(self):
        return None

    def notation(self, sentence):
        return sentence.diacritised
"""

ASLEEP = (
    _COMMON
    + '''
    name = "asleep"

    def speak(self, notations):
        """Sleep four seconds for a clip, as long as a slow model would calculate."""
        time.sleep(4.0)
        for notation in notations:
            wave = [round(9000 * math.sin(n * 0.2)) for n in range(4000)]
            yield Speech(struct.pack("<4000h", *wave), 16000)
'''
)
"""A voice that takes four seconds and no processor time."""

TONES = (
    _COMMON
    + '''
    name = "tones"

    def speak(self, notations):
        """Answer a sentence with a tone of its own."""
        time.sleep(0.05)
        for notation in notations:
            step = 0.1 + hashlib.sha256(notation.encode()).digest()[0] / 512
            wave = [round(9000 * math.sin(n * step)) for n in range(4000)]
            yield Speech(struct.pack("<4000h", *wave), 16000)
'''
)
"""A voice that takes little: what is tested is what comes back from where."""
