"""Requests that a service tells itself, page by page: every one once, whatever its pages, its answers or its faults."""

import json
import threading
from collections.abc import Iterator
from copy import copy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from dure.challenges.field.sources import Unreached, host_of, read
from dure.challenges.models import FieldTrial, Task
from dure.challenges.operations.fieldtrials import ASK, check_source, start_field_trial
from dure.core import clock
from dure.jobs.worker import drain
from tests.challenges.conftest import START
from tests.challenges.field.world import make_trial, told

pytestmark = pytest.mark.django_db
TOKEN = "token-of-the-service"


class Service(BaseHTTPRequestHandler):
    """Has recorded ``server.requests`` and tells ``server.page`` of them at once."""

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.send_error(403)
            return
        if self.server.says is not None:
            self.answer(self.server.says)
            return
        begin = int(asked.get("after") or 0)
        end = begin + min(self.server.page, int(asked["limit"]))
        page, left = self.server.requests[begin:end], len(self.server.requests) - end
        following = None if left <= 0 and not self.server.goes_on else str(begin + len(page))
        self.answer(json.dumps({"requests": page, "next": following}).encode())

    def do_POST(self) -> None:
        ids = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["ids"]
        self.answer(json.dumps({"answers": {one: {"answer": "no", "service_ms": 5} for one in ids}}).encode())

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _standing(settings, monkeypatch):
    monkeypatch.setenv("DURE_ALLOW_CODE_BELOW_FULL", "1")  # no code is run here
    settings.PRIVATE_HOSTS = ["localhost"]
    with clock.at(START):
        yield


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.requests, server.page, server.goes_on, server.says = [told(n) for n in range(25)], 10, False, None
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def at(service: ThreadingHTTPServer, **known) -> FieldTrial:
    address = f"http://localhost:{service.server_address[1]}/recorded"
    return make_trial(address=address, token=TOKEN, **known)


def all_of(trial: FieldTrial, *, most: int) -> list[str]:
    """Read to the end, as batches do."""
    ids: list[str] = []
    for _ in range(200):
        found = read(trial, most=most)
        assert len(found.shadows) <= most
        ids += [one.id for one in found.shadows]
        trial.cursor, trial.skip = found.cursor, found.skip
        if found.is_over:
            return ids
    raise AssertionError("it never ends")


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 100))
@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_chosen_request_is_read_once_whatever_the_pages(service, page, most, share):
    service.page = page
    trial = FieldTrial.objects.select_related("submission__entrant__task").first() or at(service)
    trial.share = share
    whole = all_of(copy(trial), most=1_000)

    assert all_of(copy(trial), most=most) == whole
    if share == 100:
        assert whole == [f"r{n}" for n in range(25)]


def test_requests_that_come_while_it_runs_are_read_as_well(service):
    service.goes_on, service.requests = True, [told(0)]
    trial = at(service)
    first = read(trial, most=5)
    trial.cursor, trial.skip = first.cursor, first.skip
    none = read(trial, most=5)
    trial.cursor, trial.skip = none.cursor, none.skip
    service.requests.append(told(1))

    second = read(trial, most=5)

    assert [[one.id for one in found.shadows] for found in (first, none, second)] == [["r0"], [], ["r1"]]
    assert not second.is_over


def test_answers_may_come_from_an_address_of_their_own(service):
    service.requests = [told(1, answer=None, service_ms=None)]
    port = service.server_address[1]

    found = read(at(service, answers_address=f"http://localhost:{port}/answers"), most=5)

    assert [(one.answer, one.ms) for one in found.shadows] == [(("no",), 5)]


@pytest.mark.parametrize(
    "says",
    [
        b"<html>", b"[]", b"{}", b'{"requests": [], "next": []}', b'{"requests": [{"id": 1}], "next": null}',
        b'{"requests": {}, "next": null}', b"x" * (1 << 21),
    ],
)  # fmt: skip
def test_a_service_that_answers_otherwise_is_told_so(service, says):
    service.says = says

    with pytest.raises(Unreached) as unreached:
        read(at(service), most=5)

    assert unreached.value.status == 502


def test_a_wrong_token_is_told_and_not_shown(service):
    trial = make_trial(address=f"http://localhost:{service.server_address[1]}/x?key=canary", token="wrong")

    with pytest.raises(Unreached, match="403") as unreached:
        check_source(trial)

    assert "canary" not in str(unreached.value)
    assert host_of("https://user:secret@example.org/path?key=1") == "example.org"


def test_an_address_inside_is_not_called(settings, service):
    trial = at(service)
    settings.PRIVATE_HOSTS = []

    with pytest.raises(Unreached):
        read(trial, most=1)


def test_the_token_lies_sealed_and_goes_with_the_end(service):
    trial = at(service)

    assert TOKEN not in FieldTrial.objects.get().token
    assert trial.token


def test_a_service_that_is_away_is_tried_again_in_a_minute_and_its_cause_shown(service):
    trial = start_field_trial(at(service))
    service.says = b"away"
    drain([ASK])
    trial.refresh_from_db()

    assert "localhost" in trial.fault_en
    assert (trial.state, (trial.next_at - START).total_seconds()) == ("running", 60)


def test_kept_requests_that_fit_the_task_no_more_say_what_to_do():
    trial = start_field_trial(make_trial())
    Task.objects.update(columns=["label", "reason"])
    drain([ASK])
    trial.refresh_from_db()

    assert "label, reason" in trial.fault_en
    assert "make a new one" in trial.fault_en
    assert (trial.state, trial.read) == ("running", 0)
