"""Documents -> articles, by a child process with limits (`child_main`).

The parent waits for each answer at most `WAIT_S`, and accepts only answers of the right form.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import IO

from briefing.errors import SourceError
from briefing.sources.documents.child_main import pack, unpack
from briefing.sources.documents.document import Document, Hints, from_json

__all__ = ["WAIT_S", "Interrupted", "Reader"]

WAIT_S = 60.0
"""For one document, including the start of the child and its libraries."""
_KEPT_VARIABLES = ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
"""The only variables that the child's environment has: it needs no tokens or addresses."""
_PROGRAM = (
    "import sys; sys.path[:] = {path!r};"
    " from briefing.sources.documents.child_main import main; main()"
)


class Interrupted(SourceError):
    """A document was not read this time, but may be the next time."""


class Reader:
    """Reads documents in a child process, from the first document until the context ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, data: bytes, name: str, hints: Hints) -> list[Document]:
        """Return the articles of a document. Raise SourceError with what to do."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(WAIT_S, _kill, [process])
        timer.daemon = True
        timer.start()
        try:
            request = {"name": name, "hints": {"url": hints.url, "media_type": hints.media_type}}
            process.stdin.write(pack(request, data))
            process.stdin.flush()
            answer = _answer(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self._end()
            raise Interrupted("cannot be read: it takes too long; save its text as UTF-8")
        return _documents(answer)

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        environment |= {
            "HOME": os.path.abspath(os.sep),  # noqa: PTH100 - otherwise Python looks it up
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
        }
        paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - "" is this folder
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-c", _PROGRAM.format(path=paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=os.path.abspath(os.sep),  # noqa: PTH100
            start_new_session=True,
        )
        return self._process

    def _end(self) -> None:
        """End the child and the processes that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and the processes of its session."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _answer(stream: IO[bytes]) -> object:
    """Return the answer, or None if there is none."""
    try:
        message = unpack(stream)
    except ValueError:
        return None
    return None if message is None else message[0]


def _documents(answer: object) -> list[Document]:
    if isinstance(answer, dict) and isinstance(answer.get("error"), str):
        problem = " ".join(answer["error"].split())
        raise Interrupted(problem) if answer.get("passing") else SourceError(problem)
    try:
        if isinstance(answer, dict):
            return from_json(answer["documents"])
    except (TypeError, ValueError, KeyError):
        pass
    raise SourceError("cannot be read; save its text as UTF-8")
