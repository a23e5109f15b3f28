"""Turns a folder of Arabic articles into one spoken audio briefing."""

__version__ = "0.1.0"
