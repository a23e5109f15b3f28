"""A paragraph's text cut into what can be read: signs and words, quotations, asides, sentences, breaths."""
