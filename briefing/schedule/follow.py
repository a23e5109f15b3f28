"""A closed standard input -> the end of this process and of all processes that it started.

The service holds the other end of the pipe. However the service ends, the system closes that end,
so no build outlives the service. A build may be killed at any moment: published editions stay
complete.
"""

from __future__ import annotations

import os
import signal
import threading

__all__ = ["end_with_stdin"]


def end_with_stdin() -> None:
    """Watch standard input from a thread; when it closes, end this process and its group."""

    def wait() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, name="follow-stdin", daemon=True).start()
