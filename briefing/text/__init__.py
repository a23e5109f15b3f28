"""Articles to scripts: what is said, vowelled and in phonemes."""
