"""The formats a recording is written in: encoders, containers, tags."""
