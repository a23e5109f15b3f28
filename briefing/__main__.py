"""`python -m briefing` runs the command `briefing`."""

from __future__ import annotations

import gc
import os
import sys
import warnings

from briefing.cli import main

__all__ = ["run"]

_YOUNG_OBJECTS = 100_000
"""The garbage collector's threshold: start-up makes many objects, and all of them stay."""


def run() -> None:
    """Run the command and end the process."""
    # set before NumPy is imported: its work here is small, and a second thread would only spin
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_YOUNG_OBJECTS)
    # pydub's import looks for the program ffmpeg, which nothing here needs
    warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
    code = main()
    gc.freeze()  # skip the last collection: the process ends, 60 ms earlier
    sys.exit(code)


if __name__ == "__main__":
    run()
