"""Knowledge about Arabic words: fixed readings, verb forms, what verbs govern, clauses."""
