"""What the servers of this program share: their socket, their run until a signal, safe headers."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from briefing.errors import BriefingError, UsageError

if TYPE_CHECKING:
    import uvicorn

__all__ = ["SAFE_HEADERS", "listening_socket", "new_server", "stopping_quietly"]

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer."""
_STOP_S = 2
"""How long a stopped server waits for answers that are being sent."""


def new_server(app: Any, **settings: Any) -> uvicorn.Server:
    """Return a server of an application. settings: more of uvicorn's."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_STOP_S,
            **settings,
        )
    )
    # answers that are cut off by a stop are no errors
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    return server


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket. Binding it here gives clear messages if the port is in use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise UsageError(f"--host {host}: is not an address; try 127.0.0.1 or 0.0.0.0") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise BriefingError(
                f"port {port} is in use; stop what uses it (perhaps another `briefing listen`),"
                " or choose another port with --port, or any free one with --port 0"
            ) from None
        if error.errno == errno.EACCES:
            raise BriefingError(f"port {port} is not allowed; choose one from 1024 up") from None
        raise BriefingError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listener


@contextmanager
def stopping_quietly(server: uvicorn.Server) -> Iterator[None]:
    """Make a signal stop the server at any time, even before it runs or after it has ended."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [signal.SIGINT, signal.SIGTERM]
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
