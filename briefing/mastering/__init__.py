"""Speech to clips, clips to a recording: loudness, MP3, tags."""
