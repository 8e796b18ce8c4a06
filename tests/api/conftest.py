"""A caller: Django's client with somebody's token, and programmes made of the library's blueprints."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from dure.people.models import Person
from dure.people.operations import issue_token
from tests.factories import make_operator, make_person


@dataclass
class Caller:
    """Calls the API as ``person`` (nobody: without a token)."""

    person: Person | None = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    secret: str = ""

    def __post_init__(self) -> None:
        if self.person and not self.secret:
            self.secret = issue_token(self.person, name="test").secret

    def call(self, method: str, path: str, body: Any = None, **headers: str):
        """The response; ``body`` is sent as JSON."""
        given = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.secret:
            given["Authorization"] = f"Bearer {self.secret}"
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", headers=given, **sent)

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        return self._told(self.call("get", path, **headers), status)

    def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        return self._told(self.call("post", path, body, **headers), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._told(self.call("put", path, body), status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return self._told(self.call("patch", path, body), status)

    def delete(self, path: str, status: int = 200) -> Any:
        return self._told(self.call("delete", path), status)

    @staticmethod
    def _told(response, status: int) -> Any:
        assert response.status_code == status, response.content.decode()
        return response.json()


@pytest.fixture
def operator(db) -> Caller:
    return Caller(make_operator())


@pytest.fixture
def visitor(db) -> Caller:
    return Caller()


@pytest.fixture
def learner(db) -> Caller:
    return Caller(make_person())
