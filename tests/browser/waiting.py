"""Waiting for a page: its own policy forbids the evaluation that Playwright's waiting relies on."""

import time


def until(tab, expression, seconds=10):
    """Wait until a JavaScript expression holds in the page."""
    end = time.monotonic() + seconds
    while not tab.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < end, f"still not so after {seconds} s: {expression}"
        tab.wait_for_timeout(25)
