"""One module for each command that has logic of its own."""
