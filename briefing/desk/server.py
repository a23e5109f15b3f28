"""Serves the desk on 127.0.0.1 until it is stopped."""

from __future__ import annotations

import socket
import threading
import webbrowser
from pathlib import Path

from briefing.config import Config
from briefing.desk.application import application
from briefing.desk.builds import Builds
from briefing.desk.library import Library
from briefing.desk.state import DeskState
from briefing.desk.tokens import Tokens, add_link
from briefing.desk.worker import AHEAD, Worker
from briefing.errors import BriefingError
from briefing.listening.serving import listening_socket, new_server, stopping_quietly

__all__ = ["PORT", "link", "run"]

HOST = "127.0.0.1"
"""The only address: who sits at another machine comes through ssh."""
PORT = 8643
_MOST_CONNECTIONS = 64


def run(config_path: Path | None, port: int | None, *, open_browser: bool) -> int:
    """Serve the desk until Ctrl-C or SIGTERM, and return the exit code, 0.

    port: 0 uses a free one; None the usual one, or a free one if that is in use. The address with
    its token is printed on stdout. Raises BriefingError if the port is in use.
    """
    library, worker, builds = Library(config_path), Worker(), Builds()
    config = library.desks()[0].config
    worker.start()  # before any thread: it is forked, so that both share their memory
    try:
        with _listener(port) as listener:
            tokens = Tokens(config.output_folder, listener.getsockname()[1])
            tokens.open()
            try:
                state = DeskState(library, worker, builds)
                app = application(state, tokens.port, tokens.is_token)
                server = new_server(
                    app, ws="none", limit_concurrency=_MOST_CONNECTIONS, proxy_headers=False
                )
                # the model is loaded while the page opens
                worker.begin("warm", config, priority=AHEAD)
                with stopping_quietly(server):
                    address = _address(tokens.port, tokens.token)
                    print(f"The desk is open at {address} (Ctrl-C stops)", flush=True)
                    if open_browser:
                        threading.Thread(
                            target=webbrowser.open, args=(address,), daemon=True
                        ).start()
                    server.run(sockets=[listener])
            finally:
                tokens.close()
    finally:
        builds.stop()
        worker.stop()
    return 0


def link(config: Config, port: int | None) -> str:
    """Return another address of the desk that runs. Raise BriefingError if none does."""
    return _address(*add_link(config.output_folder, port))


def _address(port: int, token: str) -> str:
    return f"http://{HOST}:{port}/#token={token}"


def _listener(port: int | None) -> socket.socket:
    if port is not None:
        return listening_socket(HOST, port)
    try:
        return listening_socket(HOST, PORT)
    except BriefingError:
        return listening_socket(HOST, 0)
