"""Sentences to sound: the voices, the clip cache, the workers."""
