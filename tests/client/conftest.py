"""Participants' tools against the real platform: the client's requests reach the API in this process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
import requests
from django.test import Client as DjangoClient
from requests.adapters import BaseAdapter

from dure.challenges.models import Entrant, Task
from dure.client import Client, sending, wire
from dure.client import client as waiting
from dure.core import clock
from dure.people.models import Person
from dure.people.operations import issue_token
from tests.challenges.conftest import START, make_entrant, make_task, member

URL = "http://127.0.0.1"
Asked = requests.PreparedRequest


@dataclass
class Line(BaseAdapter):
    """The way to the platform. ``before`` and ``after`` see each request, before it arrives and once it was answered.

    What they raise is what the caller sees of a broken connection.
    """

    before: Callable[[Asked], None] = lambda _asked: None
    after: Callable[[Asked], None] = lambda _asked: None
    seen: list[str] = field(default_factory=list)
    django: DjangoClient = field(default_factory=lambda: DjangoClient(SERVER_NAME="127.0.0.1"))

    def send(self, request: Asked, **_rest) -> requests.Response:
        self.seen.append(f"{request.method} {request.path_url}")
        self.before(request)
        told = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
        kind = told.pop("Content-Type", "application/octet-stream")
        answered = self.django.generic(request.method, request.path_url, request.body or b"", kind, headers=told)
        self.after(request)
        answer = requests.Response()
        answer.status_code, answer.headers, answer.request, answer.url = (
            answered.status_code,
            answered.headers,
            request,
            request.url,
        )
        answer.raw = BytesIO(b"".join(answered) if answered.streaming else answered.content)
        return answer

    def close(self) -> None:
        pass


@dataclass
class Desk:
    """A participant at their own machine."""

    entrant: Entrant
    line: Line
    token: str

    @property
    def task(self) -> Task:
        return self.entrant.task

    @property
    def round(self) -> str:
        return str(self.task.pk)

    @property
    def person(self) -> Person:
        return member(self.entrant)

    def client(self) -> Client:
        session = requests.Session()
        session.mount(URL, self.line)
        return Client(URL, self.token, session=session)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """A machine of one's own, and a platform with its own disk; nobody waits long."""
    settings.MEDIA_ROOT = tmp_path / "files"
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("DURE_URL", "DURE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(wire, "WAITS", (0, 0))
    monkeypatch.setattr(sending, "WAITS", (0, 0))
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0)


@pytest.fixture
def desk(db, home) -> Iterator[Desk]:
    """Somebody in an open round with three attempts a day."""
    with clock.at(START):
        yield desk_in(make_task(daily=3))


def desk_in(task: Task) -> Desk:
    entrant = make_entrant(task)
    return Desk(entrant, Line(), issue_token(member(entrant), name="test").secret)


def broken(asked: Asked) -> None:
    raise requests.ConnectionError(f"{asked.method} broke off")


def once(fault: Callable[[Asked], None], when: str) -> Callable[[Asked], None]:
    """The fault befalls the first request of that method, and no other."""
    left = [when]

    def befall(asked: Asked) -> None:
        if left == [asked.method]:
            left.clear()
            fault(asked)

    return befall
