"""The folder of the published editions: commits, locks, listings."""
