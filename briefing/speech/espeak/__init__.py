"""The offline voice: espeak-ng, spoken to in phonemes of our own."""
