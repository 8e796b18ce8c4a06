"""The one way out: HTTP to addresses that somebody typed in, without letting them reach what only we can reach.

A name is looked up once, every address it has must be a public one, and the connection goes to the very address that
was looked at; a redirect is a new connection and is looked at again. Time and bytes are bounded.
"""

import socket
from collections.abc import Collection
from functools import partial
from ipaddress import ip_address
from typing import Any

import requests  # type: ignore[import-untyped] -- brings no types
from requests.adapters import HTTPAdapter  # type: ignore[import-untyped] -- brings no types
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

SECONDS, MOST_BYTES, MOST_REDIRECTS = 10, 1024 * 1024, 3


class BarredError(OSError):
    """The address is none that Dure calls."""


def session(*, private: Collection[str] = ()) -> requests.Session:
    """A session for foreign addresses. ``private``: host names that may lie in one's own network."""
    made = requests.Session()
    made.trust_env = False  # a proxy of the environment would look names up by itself
    made.max_redirects = MOST_REDIRECTS
    made.mount("http://", _Outbound(private))
    made.mount("https://", _Outbound(private))
    made.request = partial(made.request, timeout=SECONDS)
    return made


class _Outbound(HTTPAdapter):  # type: ignore[misc] -- the library is untyped
    def __init__(self, private: Collection[str]) -> None:
        self._private = frozenset(private)
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **rest: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **rest)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_pool, HTTPConnectionPool, _connection(HTTPConnection, self._private)),
            "https": partial(_pool, HTTPSConnectionPool, _connection(HTTPSConnection, self._private)),
        }

    def send(self, request: Any, **rest: Any) -> Any:
        answer = super().send(request, **{**rest, "stream": True})
        body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        if len(body) > MOST_BYTES:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        answer._content, answer._content_consumed = body, True
        return answer


def _pool(kind: type[HTTPConnectionPool], connection: Any, *args: Any, **rest: Any) -> HTTPConnectionPool:
    pool = kind(*args, **rest)
    pool.ConnectionCls = connection
    return pool


def _connection(kind: type[HTTPConnection], private: Collection[str]) -> type[HTTPConnection]:
    class Pinned(kind):  # type: ignore[misc, valid-type] -- a base chosen at run time
        """Connects to the address that was looked at; TLS still checks the name."""

        def _new_conn(self) -> socket.socket:
            name = self.host
            self.host = _address(name, self.port, private)
            try:
                return super()._new_conn()  # type: ignore[no-any-return] -- as above
            finally:
                self.host = name

    return Pinned


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
