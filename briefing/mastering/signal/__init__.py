"""The work on the sound itself: filters, loudness, compression, limiting, joining."""
