"""Python code that is run by the user "nobody", wherever this Python lies.

Another user cannot start a Python that lies in a folder of root's alone. So root starts it and
imports what the code needs; only then are the rights given up, for good.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT

NOBODY = 65534
"""The user and the group of that name on nearly all systems."""

_GIVE_UP_RIGHTS = f"import os; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})"

needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="needs root to become another user"
)


def run_as_nobody(
    as_root: str,
    as_nobody: str,
    *arguments: object,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run two pieces of code in one process: the first as root, the second as nobody.

    The first must import, best by one run of the same work, whatever the second needs: a module
    that is imported later may lie where nobody can read it. arguments: the process's sys.argv.
    folder: the working folder.
    Whatever nobody is to see must lie in `public_folder`.
    """
    code = "\n".join((as_root, _GIVE_UP_RIGHTS, as_nobody))
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
