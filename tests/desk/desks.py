"""Opens the real desk over a project, in this process, and asks it as the page does."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.desk.application import application
from briefing.desk.builds import Builds
from briefing.desk.library import Library
from briefing.desk.state import DeskState
from briefing.desk.tokens import Tokens
from briefing.desk.worker import Worker
from briefing.listening.serving import listening_socket, new_server

WAIT_S = 120.0


@dataclass(frozen=True)
class Answer:
    """An answer of the desk."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class OpenDesk:
    """A running desk, and its token."""

    port: int
    token: str
    digests: dict[int, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Answer:
        """Send a request with the page's headers; None as a value leaves a header out."""
        sent: dict[str, str | None] = {
            "Host": f"127.0.0.1:{self.port}",
            "X-Desk-Token": self.token,
            "Accept-Language": "en",
        }
        if method == "POST":
            sent |= {"Content-Type": "application/json", "Origin": self.origin}
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None and "Content-Length" not in sent:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str | None] | None = None) -> Answer:
        return self.request("GET", path, headers=headers)

    def post(self, path: str, **values: Any) -> Answer:
        return self.request("POST", path, json.dumps(values).encode())

    def article(self, place: int = 0) -> dict[str, Any]:
        """Return how an article is named in requests."""
        rows = self.get("/api/desk").json["briefings"][0]["articles"]
        return {"briefing": 0, "article": place, "digest": rows[place]["digest"]}

    def lexicon_digest(self) -> str | None:
        digest: str | None = self.get("/api/desk").json["briefings"][0]["lexicon"]["digest"]
        return digest

    def word(self, written: str, place: int = 0) -> dict[str, Any]:
        """Return how the first word that is written so is named in requests."""
        marks = self.get(f"/api/articles/0/{place}/marks").json
        for paragraph, row in enumerate(marks["paragraphs"]):
            for sentence, text in enumerate(row["sentences"]):
                for token, mark in enumerate(text["tokens"]):
                    if mark["written"] == written:
                        spot = {"paragraph": paragraph, "sentence": sentence, "token": token}
                        return {**self.article(place), **spot}
        raise LookupError(written)

    def reading(self, word: dict[str, Any]) -> dict[str, Any]:
        """Return the mark of a word as it is now."""
        marks = self.get(f"/api/articles/0/{word['article']}/marks").json
        sentence = marks["paragraphs"][word["paragraph"]]["sentences"][word["sentence"]]
        mark: dict[str, Any] = sentence["tokens"][word["token"]]
        return mark

    def build(self) -> dict[str, Any]:
        """Build, and return how it ended."""
        assert self.post("/api/build", briefing=0).status == 200
        end = time.monotonic() + WAIT_S
        while (state := self.get("/api/build").json)["state"] == "running":
            assert time.monotonic() < end
            time.sleep(0.1)
        result: dict[str, Any] = state
        return result


@contextmanager
def open_desk(config_path: Path) -> Iterator[OpenDesk]:
    """Serve a desk on a free port of 127.0.0.1. Its worker starts with the first job."""
    library, worker, builds = Library(config_path), Worker(), Builds()
    listener = listening_socket("127.0.0.1", 0)
    tokens = Tokens(library.desks()[0].config.output_folder, listener.getsockname()[1])
    tokens.open()
    app = application(DeskState(library, worker, builds), tokens.port, tokens.is_token)
    server = new_server(app, ws="none", proxy_headers=False)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield OpenDesk(tokens.port, tokens.token)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        builds.stop()
        worker.stop()
        tokens.close()
