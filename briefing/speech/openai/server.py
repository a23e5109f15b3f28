"""Where a server that speaks as OpenAI's does is, by the address in the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from briefing.errors import ConfigError
from briefing.speech.online.connections import Address

__all__ = ["Server", "server_of"]

_ENDPOINT = "/audio/speech"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Server:
    """Where texts are sent."""

    address: Address
    path: str

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read what is sent: by TLS, or since it stays here."""
        return self.address.scheme == "https" or self.address.is_loopback


def server_of(url: str) -> Server:
    """Return the server of `voices.openai.url`; the configuration has checked its form.

    Raise ConfigError for a host or a port that cannot be one.

    >>> server_of("http://127.0.0.1:8000/v1")
    Server(address=Address(host='127.0.0.1', port=8000, scheme='http'), path='/v1/audio/speech')
    >>> server_of("https://example.org/v1/audio/speech/").path
    '/v1/audio/speech'
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:  # UnicodeError among them
        host = ""
    if not host or port == 0:
        raise ConfigError(
            "voices.openai.url: its host or its port cannot be one; write an address like"
            " http://127.0.0.1:8000/v1 with a port from 1 to 65535"
        )
    path = parts.path.rstrip("/").removesuffix(_ENDPOINT) + _ENDPOINT
    return Server(Address(host, port, parts.scheme), path)
