"""Written forms to words: a paragraph's text as it will be spoken."""
