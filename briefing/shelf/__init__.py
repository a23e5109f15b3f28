"""The folder of what was built: editions that replace each other whole, locks, build history."""
