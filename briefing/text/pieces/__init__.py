"""A paragraph cut into what can be read: words and signs, quotations, asides, sentences."""
