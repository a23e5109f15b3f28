"""Phonetisation: vowelled words to phonemes."""
