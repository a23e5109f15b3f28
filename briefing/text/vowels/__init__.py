"""Diacritisation: words to vowelled words."""
