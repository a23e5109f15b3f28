"""Serving the shelf over HTTP."""
