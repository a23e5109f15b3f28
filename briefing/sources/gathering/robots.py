"""Whether a server lets its pages be fetched by a program: its robots.txt (RFC 9309).

Feeds are made for programs; pages are not, so robots.txt is asked for each host of a page.
"""

from __future__ import annotations

import threading
from urllib.robotparser import RobotFileParser

from briefing.errors import SourceError
from briefing.sources.gathering.addresses import WebAddress, parse
from briefing.sources.gathering.fetching import Fetcher, Source

__all__ = ["ROBOT", "Robots"]

ROBOT = "briefing"
"""What this program is called in a robots.txt."""
_LARGEST = 500_000
"""Bytes that are read (RFC 9309, 2.5)."""
_LONGEST_DELAY_S = 10.0
_OK, _CLIENT_ERROR, _SERVER_ERROR = 200, 400, 500


class Robots:
    """The robots.txt of each host, fetched once. Safe to use from several threads."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[tuple[str, str, int], RobotFileParser | SourceError] = {}
        self._locks: dict[tuple[str, str, int], threading.Lock] = {}
        self._guard = threading.Lock()

    def require(self, url: str, source: Source) -> None:
        """Raise SourceError if the server does not let a page be fetched."""
        address = parse(url)
        origin = (address.scheme, address.host, address.port)
        with self._guard:
            own_lock = self._locks.setdefault(origin, threading.Lock())
        with own_lock:
            if origin not in self._rules:
                try:
                    self._rules[origin] = self._ask(address, source)
                except SourceError as error:
                    self._rules[origin] = error
        rules = self._rules[origin]
        if isinstance(rules, SourceError):
            raise SourceError(str(rules))
        if not rules.can_fetch(ROBOT, str(address)):
            raise SourceError(f"{address.host} does not want programs to read it (robots.txt)")

    def _ask(self, address: WebAddress, source: Source) -> RobotFileParser:
        rules = RobotFileParser()
        url = f"{address.scheme}://{address.authority}/robots.txt"
        answer = self._fetcher.fetch(url, source, accept="text/plain,*/*")
        if answer.status == _OK:
            text = answer.body[:_LARGEST].decode("utf-8", "replace")
            rules.parse(text.splitlines())
        elif answer.status < _CLIENT_ERROR or answer.status >= _SERVER_ERROR:
            # 2.3.1.4: while it cannot be had, nothing may be fetched
            raise SourceError(f"{address.host}/robots.txt cannot be had (status {answer.status})")
        else:
            rules.parse([])
        rules.modified()
        delay = rules.crawl_delay(ROBOT)
        if delay is not None:
            self._fetcher.hosts.slow_down(address.host, min(float(delay), _LONGEST_DELAY_S))
        return rules
