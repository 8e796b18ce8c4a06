"""The one way out: HTTP to addresses that somebody typed in, without letting them reach what only we can reach.

A name is looked up once, every address it has must be a public one, and the connection goes to the very address that
was looked at; a redirect is a new connection and is looked at again. Time and bytes are bounded.
"""

import socket
from collections.abc import Collection
from ipaddress import ip_address
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

SECONDS, MOST_BYTES, MOST_REDIRECTS = 10, 1024 * 1024, 3


class BarredError(OSError):
    """The address is none that Dure calls."""


def session(*, private: Collection[str] = ()) -> requests.Session:
    """A session for foreign addresses. ``private``: host names that may lie in one's own network."""
    made = _Session()
    made.trust_env = False  # a proxy of the environment would look names up by itself
    made.max_redirects = MOST_REDIRECTS
    made.mount("http://", _Outbound(private))
    made.mount("https://", _Outbound(private))
    return made


class _Session(requests.Session):
    def request(self, *args: Any, **rest: Any) -> requests.Response:
        return super().request(*args, **{"timeout": SECONDS, **rest})


class _Outbound(HTTPAdapter):
    def __init__(self, private: Collection[str]) -> None:
        self._private = frozenset(private)
        super().__init__()

    def init_poolmanager(self, *args: Any, **rest: Any) -> None:
        super().init_poolmanager(*args, **rest)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._private),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._private),
        }

    def send(self, request: requests.PreparedRequest, *args: Any, **rest: Any) -> requests.Response:
        """The answer with its whole body, which is bounded."""
        answer = super().send(request, *args, **{**rest, "stream": True})
        body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        if len(body) > MOST_BYTES:
            answer.close()
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        answer._content, answer._content_consumed = body, True
        return answer


def _pool(pool: type[HTTPConnectionPool], connection: type[Any], private: Collection[str]) -> type[HTTPConnectionPool]:
    """A kind of pool whose connections go to the address that was looked at; TLS still checks the name.

    Without TLS only hosts of one's own network are called: what is believed because of who sent it (an ID token from
    the token endpoint, OpenID Connect Core 3.1.3.7) needs to know who that is.
    """

    def connect(self: Any) -> socket.socket:
        name = self.host
        self.host = _address(name, self.port, private)
        if pool is HTTPConnectionPool and name not in private:
            raise BarredError(f"{name} is called by https alone")
        try:
            connected: socket.socket = connection._new_conn(self)
        finally:
            self.host = name
        return connected

    pinned = type(f"Pinned{connection.__name__}", (connection,), {"_new_conn": connect})
    return type(f"Pinned{pool.__name__}", (pool,), {"ConnectionCls": pinned})


def _address(name: str, port: int, private: Collection[str]) -> str:
    """The first address of a name, all of which must be public ones; raises BarredError, OSError."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    if name not in private and not all(_is_public(address) for address in found):
        raise BarredError(f"{name} is not a public address")
    return found[0]


def _is_public(address: str) -> bool:
    read = ip_address(address.partition("%")[0])
    read = getattr(read, "ipv4_mapped", None) or read
    return read.is_global and not read.is_multicast
