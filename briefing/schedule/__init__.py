"""When to rebuild: nightly by APScheduler, on change by a file watch, one build at a time."""
