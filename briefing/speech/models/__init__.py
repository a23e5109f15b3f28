"""Models of neural voices: which there are, how they are fetched, and which are installed."""
