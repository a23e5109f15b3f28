"""Numbers and all that is written with them, by the semiotic classes of text normalisation."""
