"""`python -m briefing` is the command `briefing`."""

from __future__ import annotations

import gc
import os
import sys
import warnings

from briefing.cli import main

__all__ = ["run"]

_YOUNG_OBJECTS = 100_000
"""Until the garbage collector looks at them: start-up makes many objects that all stay."""


def run() -> None:
    """Run the command and end the process."""
    # before NumPy is imported: its sums are small here, and a second thread only waits, busily
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_YOUNG_OBJECTS)
    # pydub's import looks for the program ffmpeg, which nothing here needs
    warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
    code = main()
    gc.freeze()  # nothing is left to collect one by one: the process ends, 60 ms earlier
    sys.exit(code)


if __name__ == "__main__":
    run()
