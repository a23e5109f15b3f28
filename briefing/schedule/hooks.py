"""The result of a build -> a run of the command that the configuration names for it.

The command is run without a shell, and the facts are passed as environment variables, so that no
text of a source is ever read as a command.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["run_hook"]

_LIMIT_S = 300.0


def run_hook(
    command: Sequence[str], facts: Mapping[str, str], folder: Path, failed: Callable[[str], None]
) -> threading.Thread | None:
    """Run a command in the background, in a folder, for at most five minutes.

    facts: BRIEFING_* variables. failed: called with a message if it cannot be run or fails.
    """
    if not command:
        return None
    environment = {**os.environ, **{key: text.replace("\0", "") for key, text in facts.items()}}

    def run() -> None:
        try:
            code = subprocess.run(
                list(command),
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_LIMIT_S,
                check=False,
            ).returncode
        except (OSError, ValueError) as error:
            failed(f"{command[0]}: cannot be run: {getattr(error, 'strerror', None) or error}")
        except subprocess.TimeoutExpired:
            failed(f"{command[0]}: stopped after {_LIMIT_S:.0f} s")
        else:
            if code:
                failed(f"{command[0]}: exit code {code}")

    thread = threading.Thread(target=run, name="hook", daemon=True)
    thread.start()
    return thread
