"""What is known of Arabic words: fixed readings, verb forms, what verbs govern, clauses."""
