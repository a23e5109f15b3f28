"""Runs the real server over a folder, in this process, for the tests."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit


@contextmanager
def served(shelf: Path) -> Iterator[str]:
    """Serve a shelf on a free port of 127.0.0.1; give its address."""
    import uvicorn

    from briefing.listening import published_files, serving

    listener = serving.listening_socket("127.0.0.1", 0)
    running = uvicorn.Server(
        uvicorn.Config(
            published_files.app(shelf),
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        running.should_exit = True
        thread.join()
        listener.close()


class Answer:
    """An HTTP answer, read to its end, nothing decoded."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()


def ask(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a path exactly as written. headers: with _ for -."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        return Answer(connection.getresponse())
    finally:
        connection.close()
