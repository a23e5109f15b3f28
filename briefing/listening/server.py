"""Serves the shelf on a port until it is stopped."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from contextlib import suppress

from briefing.config import Config
from briefing.listening.published_files import app
from briefing.listening.serving import listening_socket, new_server, stopping_quietly
from briefing.shelf.private_shelves import private_shelves

__all__ = ["run"]


def run(config: Config, host: str, port: int, open_browser: bool) -> int:
    """Serve the shelf until Ctrl-C or SIGTERM, and return the exit code, 0.

    host: the address to listen on. port: 0 uses a free one. The address is printed on stdout.
    Raises BriefingError if the port is in use or the address is not this machine's.
    """
    with listening_socket(host, port) as listener:
        server = new_server(app(config.output_folder))
        with stopping_quietly(server):
            addresses = _addresses(host, listener.getsockname()[1])
            for address in addresses:
                print(f"Listening on {address} (Ctrl-C stops)", flush=True)
            if any(private_shelves(config.output_folder)):
                print(
                    "Private briefings are not on this page; `briefing feed` shows where",
                    flush=True,
                )
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(addresses[0],), daemon=True).start()
            server.run(sockets=[listener])
    return 0


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
