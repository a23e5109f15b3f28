"""Google Translate's voice, by gTTS."""
