"""Waiting for a page: its own policy forbids the evaluation that Playwright's waiting relies on."""

import time

PATIENCE_S = 60
"""How long a state may take on a machine that has other work: only a failure lasts as long."""


def until(tab, expression, seconds=PATIENCE_S):
    """Wait until a JavaScript expression holds in the page."""
    end = time.monotonic() + seconds
    while not tab.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < end, f"still not so after {seconds} s: {expression}"
        tab.wait_for_timeout(25)
