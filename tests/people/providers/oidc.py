"""A real OpenID Connect provider on this machine: the whole flow over HTTP, with what each request said."""

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import requests
from django.test import Client

with warnings.catch_warnings(record=True):  # what its own libraries announce for their next versions
    from oidc_provider_mock import User, app

HOST = "localhost"
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # of the provider: on this machine it speaks plain HTTP


@dataclass
class Provider:
    """``asked``: the query of each authorisation and the form of each exchange, in order."""

    issuer: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody has an account there."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def approve(self, address: str, subject: str) -> str:
        """They sign in there; returns where they are sent back to."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]

    def sign_in(self, client: Client, short: str, subject: str, *, next_page: str = "/"):
        """The whole way there and back in a browser; returns the last answer."""
        there = client.get(f"/accounts/oidc/{short}/login/", {"next": next_page})
        back = urlsplit(self.approve(there["Location"], subject))
        return client.get(f"{back.path}?{back.query}")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, and a record of what it was asked."""
    made = app(require_nonce=True, user_claims=[User(sub="nobody")])
    made.debug = False
    provider = Provider("")

    def recording(environ, start):
        path = environ["PATH_INFO"]
        if path == "/oauth2/authorize":
            provider.asked.append((path, _flat(environ["QUERY_STRING"])))
        if path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            provider.asked.append((path, _flat(body.decode())))
            environ["wsgi.input"] = _Again(body)
        return made.wsgi_app(environ, start)

    server = make_server("127.0.0.1", 0, recording, handler_class=_Quiet)
    provider.issuer = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


class _Again:
    """A request's body that was read once already."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        taken, self._body = (self._body, b"") if size < 0 else (self._body[:size], self._body[size:])
        return taken
