"""The voices of Microsoft's Edge browser, by edge-tts."""
