"""Speech to clips, and clips to a recording: loudness, encoding, tags."""
