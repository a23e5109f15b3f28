"""One module a command that has logic of its own."""
