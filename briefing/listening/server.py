"""Serves the shelf on a port until it is stopped."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.errors import BriefingError, UsageError
from briefing.listening.published_files import app

if TYPE_CHECKING:
    import uvicorn

__all__ = ["run"]

_STOP_S = 2
"""How long a stopped server waits for answers that are being sent."""


def run(config: Config, host: str, port: int, open_browser: bool) -> int:
    """Serve the shelf until Ctrl-C or SIGTERM, and return the exit code, 0.

    host: the address to listen on. port: 0 uses a free one. The address is printed on stdout.
    Raises BriefingError if the port is in use or the address is not this machine's.
    """
    import uvicorn

    with _listening(host, port) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                app(config.output_folder),
                log_level="warning",
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=_STOP_S,
            )
        )
        # answers that are cut off by a stop are no errors
        logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
        with _stopping_quietly(server):
            addresses = _addresses(host, listener.getsockname()[1])
            for address in addresses:
                print(f"Listening on {address} (Ctrl-C stops)", flush=True)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(addresses[0],), daemon=True).start()
            server.run(sockets=[listener])
    return 0


def _listening(host: str, port: int) -> socket.socket:
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


def _addresses(host: str, port: int) -> list[str]:
    """Return the URLs at which a browser reaches the server, this machine's first."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return [f"http://{host}:{port}/"]
    if not address.is_unspecified:
        literal = f"[{host}]" if address.version == 6 else host
        return [f"http://{literal}:{port}/"]
    urls = [f"http://127.0.0.1:{port}/"]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # TEST-NET-1: only the route is looked up, nothing is sent
        urls.append(f"http://{probe.getsockname()[0]}:{port}/")
    return urls


@contextmanager
def _stopping_quietly(server: uvicorn.Server) -> Iterator[None]:
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
