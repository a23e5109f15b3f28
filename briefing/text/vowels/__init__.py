"""Diacritisation: words -> vowelled words."""
