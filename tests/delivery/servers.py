"""Real servers on loopback: a bucket (moto) whose requests are counted, and sshd with rsync."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"}
"""moto looks whether a request is signed, not whether it is signed well."""


@dataclass
class Bucket:
    """An object store with one bucket, as its clients see it."""

    url: str
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path, and bytes of the body."""
    before: Callable[[int], None] | None = None
    """Called with a request's number before it is handled."""
    fault: str = ""
    """An HTTP status that is answered instead."""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        path = environ["PATH_INFO"]
        self.requests.append((environ["REQUEST_METHOD"], path, length))
        if self.before is not None:
            self.before(len(self.requests))
        if self.fault:
            start(f"{self.fault} Fault", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start)

    app: Any = None

    def methods(self) -> dict[str, int]:
        names = [method for method, _, _ in self.requests]
        return {name: names.count(name) for name in sorted(set(names))}

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "a/secret+key", "AWS_REGION": "us-east-1",
        }  # fmt: skip


class _Connection(BaseHTTPRequestHandler):
    """Answers the requests of a connection, which stays open as with every store.

    Werkzeug's own server ends it after each request.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, bucket: Bucket, *of_the_server: Any) -> None:
        self.bucket = bucket
        super().__init__(*of_the_server)

    def answer(self) -> None:
        from werkzeug.test import EnvironBuilder, run_wsgi_app

        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = list(self.headers.items())
        request = EnvironBuilder(
            self.path, self.bucket.url, method=self.command, headers=headers, data=body
        )
        parts, status, answer = run_wsgi_app(self.bucket, request.get_environ(), buffered=True)
        content = b"".join(parts)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in answer:
            if name.lower() not in ("connection", "date", "server"):
                self.send_header(name, value)
        if "content-length" not in answer:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def bucket_server() -> Iterator[Bucket]:
    """Run the store of moto in this process, with the bucket "shelf"."""
    from moto.server import DomainDispatcherApplication, create_backend_app

    bucket = Bucket("")
    bucket.app = DomainDispatcherApplication(create_backend_app)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Connection, bucket))
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        import urllib.request

        for path in ("/moto-api/reset", "/shelf"):
            method = "POST" if "reset" in path else "PUT"
            request = urllib.request.Request(bucket.url + path, method=method, headers=SIGNED)
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()
        bucket.requests.clear()
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Ssh:
    """An sshd that lets this user in by a key."""

    port: int
    shell: str
    """The value of RSYNC_RSH."""

    def address(self, folder: Path) -> str:
        return f"ssh://127.0.0.1:{self.port}{folder}"


@contextmanager
def ssh_server(folder: Path) -> Iterator[Ssh]:
    """Run an sshd of this user's."""
    folder.mkdir()
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nStrictModes no\n"
        f"AuthorizedKeysFile {folder}/user.pub\nPidFile {folder}/pid\nUsePAM no\n"
        "PermitRootLogin yes\nPasswordAuthentication no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert sshd
    with subprocess.Popen(
        [sshd, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.PIPE
    ) as server:
        try:
            deadline = time.monotonic() + 90
            while True:
                assert server.poll() is None, server.stderr and server.stderr.read()
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            options = "-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
            shell = f"ssh {options} -o LogLevel=ERROR -o BatchMode=yes -i {folder}/user"
            yield Ssh(port, f"{shell} -l {getpass.getuser()}")
        finally:
            server.send_signal(signal.SIGTERM)
