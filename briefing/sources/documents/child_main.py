"""The child process that reads documents, within limits.

It reads requests from its standard input and writes answers to its standard output. If the system
has fork, each document is read by a process of its own, which cannot open a file or a socket,
because its limit of open files is used up. So no document can slow down, stop or change the
reading of another.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from contextlib import suppress
from typing import IO

from briefing.errors import SourceError
from briefing.sources.documents.document import Hints, to_json

__all__ = ["CPU_S", "MEMORY_BYTES", "is_one_message", "limit_process", "main", "pack", "unpack"]

CPU_S = 20
"""Processor time for one document."""
MEMORY_BYTES = 128 * 1024 * 1024
"""Data of one document's process, including 30 MB of the libraries. Its resident memory then stays
below 150 MB."""
MOST_ANSWER_BYTES = 32 * 1024 * 1024
LENGTH = struct.Struct(">II")
"""The lengths of the JSON and of the bytes that follow."""
_TOO_MUCH = "needs too much memory to be read; split it, or save its text as UTF-8"
_TOO_LONG = "takes too long to be read; split it, or save its text as UTF-8"
_CODECS = (
    *("cp1256", "cp1252", "cp437", "iso8859-1", "iso8859-6", "ascii", "idna", "unicode_escape"),
    *("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"),
)
"""Codecs that Python would otherwise load from files when they are first used."""
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.spawn")
"""Events (PEP 578) that no reader needs to cause."""


def pack(value: object, data: bytes = b"") -> bytes:
    """Return a message: a JSON value, and bytes after it."""
    text = json.dumps(value).encode()
    return LENGTH.pack(len(text), len(data)) + text + data


def unpack(stream: IO[bytes]) -> tuple[object, bytes] | None:
    """Return the next message of a stream, or None at its end. Raise ValueError."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    text_length, data_length = LENGTH.unpack(head)
    if text_length > MOST_ANSWER_BYTES:
        raise ValueError("a message is too long")
    text, data = stream.read(text_length), stream.read(data_length)
    if len(text) < text_length or len(data) < data_length:
        return None
    return json.loads(text), data


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # what a library prints must not get among the answers
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    sys.addaudithook(_forbid)
    loaded: set[tuple[str, str]] = set()
    while (message := unpack(requests)) is not None:
        request, data = message
        if not isinstance(request, dict):
            return
        kind = os.path.splitext(str(request["name"]))[1], str(request["hints"]["media_type"])  # noqa: PTH122
        if kind not in loaded:
            loaded.add(kind)
            _load(str(request["name"]), kind[1])
        answer = _in_own_process(request, data) if hasattr(os, "fork") else _answer(request, data)
        answers.write(answer)
        answers.flush()


def _forbid(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN) and event != "socket.__new__":
        raise PermissionError(f"{event} while a document is read")


def _load(name: str, media_type: str) -> None:
    """Import the libraries of a kind of document, so that reading one opens no file."""
    from briefing.sources.documents.parsing import load

    for codec in _CODECS:
        "".encode(codec)
    with suppress(Exception):  # reading the document itself reports what is wrong
        load(name, Hints(media_type=media_type))


def _answer(request: dict[str, object], data: bytes) -> bytes:
    """Return the message with the articles, or with the reason why there are none."""
    from briefing.sources.documents.parsing import parse

    hints = request["hints"]
    assert isinstance(hints, dict)
    try:
        documents = parse(data, str(request["name"]), Hints(**hints))
        return pack({"documents": to_json(documents)})
    except SourceError as error:
        return pack({"error": str(error)})
    except MemoryError:
        return pack({"error": _TOO_MUCH})
    except RecursionError:
        return pack({"error": "has too many nested parts; save its text as UTF-8"})
    except Exception as error:
        if _is_out_of_memory():
            return pack({"error": _TOO_MUCH})
        # only the error's type: the message may contain text of the document
        place = _place(error)
        return pack(
            {"error": f"cannot be read ({type(error).__name__}{place}); save its text as UTF-8"}
        )


def _is_out_of_memory() -> bool:
    """Return whether this process is near its limit, which libraries report in many ways."""
    try:
        import resource

        used_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    except (ImportError, OSError):
        return False
    return sys.platform == "linux" and used_kb * 1024 > 0.8 * MEMORY_BYTES


def _place(error: Exception) -> str:
    trace = error.__traceback__
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "briefing" in code.co_filename:
            place = f" at {os.path.basename(code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119
        trace = trace.tb_next
    return place


def _in_own_process(request: dict[str, object], data: bytes) -> bytes:
    """Read a document in a process of its own, with limits; return its answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.dup2(writing, 1)
            os.dup2(1, 0)  # this process must not read the parent's standard input
            os.closerange(3, 256)
            limit_process()
            answer = _answer(request, data)
            view = memoryview(answer)
            while view:
                view = view[os.write(1, view) :]
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read(MOST_ANSWER_BYTES + 1)
    _, state = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(state)
    if code == 0 and is_one_message(answer):
        return answer
    import signal

    if code == -signal.SIGXCPU:
        return pack({"error": _TOO_LONG})
    # the machine may have been busy or out of memory: the next time may succeed
    is_passing = code in (-signal.SIGALRM, -signal.SIGKILL)
    return pack({"error": _TOO_LONG if is_passing else _TOO_MUCH, "passing": is_passing})


def is_one_message(answer: bytes) -> bool:
    """Return whether an answer is exactly one message, so that nothing gets into the next one."""
    if not LENGTH.size < len(answer) <= MOST_ANSWER_BYTES:
        return False
    text_length, data_length = LENGTH.unpack_from(answer)
    return bool(len(answer) == LENGTH.size + text_length and data_length == 0)


def limit_process(cpu_s: int = CPU_S) -> None:
    """Limit this process until it ends: time, memory, no new file, no socket, no process.

    cpu_s: its processor time. It is also ended after twice that time by the clock.
    """
    import resource
    import signal

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(2 * cpu_s)
    limits = {
        "RLIMIT_CPU": cpu_s,
        "RLIMIT_DATA": MEMORY_BYTES,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 3,
        "RLIMIT_NPROC": 0,
    }
    for name, limit in limits.items():
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (limit, limit + (name == "RLIMIT_CPU")))


if __name__ == "__main__":
    main()
