"""The live catalogue, against a local stand-in that speaks as Microsoft Entra and the Learn Platform API do."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from dure.core.errors import Refused, Unready
from dure.jobs.models import Job
from dure.jobs.worker import drain
from dure.learning.models import Connection, Import, Item
from dure.learning.operations.imports import ask_platform
from dure.learning.operations.providers import connect
from dure.learning.platform import Platform
from dure.learning.tasks import refresh
from tests.factories import make_person
from tests.learning.factories import make_provider

pytestmark = pytest.mark.django_db
LISTS = {
    "modules": [
        {"id": f"m{n}", "title": f"모듈 {n}", "summary": "<p>요약</p>", "locale": "ko-kr", "durationInMinutes": 20,
         "updatedAt": "2026-01-02T00:00:00Z", "levels": [{"id": "beginner", "name": "Beginner"}],
         "roles": [{"id": "developer", "name": "Developer"}], "url": "https://learn.example/m"}
        for n in range(3)
    ],
    "learning-paths": [{"id": "p", "title": "경로", "locale": "ko-kr", "modules": [{"id": "m0"}, {"id": "gone"}]}],
    "levels": [{"id": "beginner", "name": "Beginner"}],
}  # fmt: skip


class StandIn(BaseHTTPRequestHandler):
    """Two entries a page; what ``busy`` counts down is answered 429 first."""

    busy = 0
    seen: list[str] = []

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = asked["client_secret"] == ["open sesame"] and asked["scope"] == ["https://learn.microsoft.com/.default"]
        self._answer(200 if right else 401, {"access_token": "t0ken", "expires_in": 3599} if right else {})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        type(self).seen.append(self.path)
        if self.headers["Authorization"] != "Bearer t0ken" or asked["api-version"] != ["2023-11-01-preview"]:
            return self._answer(401, {})
        if StandIn.busy:
            StandIn.busy -= 1
            return self._answer(429, {}, retry="1")
        listed = LISTS.get(parts.path.rpartition("/")[2], [])
        start = int(asked.get("after", ["0"])[0])
        more = {} if start + 2 >= len(listed) else {"nextLink": f"http://{self.headers['Host']}{self._next(start + 2)}"}
        return self._answer(200, {"value": listed[start : start + 2], **more})

    def _next(self, at: int) -> str:
        return f"{self.path.partition('&after')[0]}&after={at}"

    def _answer(self, status: int, told: object, *, retry: str = "") -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        if retry:
            self.send_header("Retry-After", retry)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def connection(settings) -> Iterator[Connection]:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    StandIn.busy, StandIn.seen = 0, []
    server = HTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield connect(
        make_provider(source="platform"), tenant="t", client_id="c", secret="open sesame", locales="ko-kr",
        api=f"{address}/api/v1", login=address,
    )  # fmt: skip
    server.shutdown()
    server.server_close()


def test_a_live_catalogue_is_asked_page_by_page_and_brought_in(connection):
    made = ask_platform(connection.provider, by=make_person())
    drain()

    made.refresh_from_db()
    assert (made.state, made.report["counts"]["new"]) == ("done", 4)
    assert made.report["dangling"] == [["p", "gone"]]
    item = Item.objects.get(key="m2")
    assert (item.minutes, item.version) == (20, "2026-01-02")
    assert sorted(item.tags.values_list("facet", "name_ko")) == [("level", "초급"), ("role", "개발자")]
    assert sum("/modules?" in path for path in StandIn.seen) == 2

    second = ask_platform(connection.provider, by=make_person())
    drain()
    second.refresh_from_db()
    assert second.report["counts"]["same"] == 4


def test_a_busy_server_is_asked_again_after_the_time_it_names(connection):
    StandIn.busy, waits = 2, []

    list(Platform(connection, sleep=waits.append).catalogues())

    assert waits == [1.0, 1.0]


def test_a_server_that_stays_busy_is_not_ready(connection):
    StandIn.busy = 99
    with pytest.raises(Unready) as refused:
        list(Platform(connection, sleep=lambda _: None).catalogues())
    assert refused.value.code == "platform.refused"


def test_a_wrong_secret_is_refused_in_words_and_never_shown(connection):
    connect(connection.provider, tenant="t", client_id="c", secret="wrong", api=connection.api, login=connection.login)
    with pytest.raises(Unready) as refused:
        list(Platform(Connection.objects.get()).catalogues())
    assert "wrong" not in refused.value.text.en
    assert "wrong" not in Connection.objects.get().secret


def test_the_token_is_sent_to_no_other_host(connection, monkeypatch):
    monkeypatch.setattr(StandIn, "_next", lambda *_: "@elsewhere.example/")
    with pytest.raises(Unready):
        list(Platform(connection).catalogues())


def test_an_empty_secret_keeps_the_one_that_is_there(connection):
    before = connection.secret
    connect(connection.provider, tenant="t2", client_id="c")
    assert (Connection.objects.get().tenant, Connection.objects.get().secret) == ("t2", before)


def test_without_a_connection_nothing_is_asked():
    with pytest.raises(Refused, match="No live catalogue"):
        ask_platform(make_provider(), by=make_person())


def test_catalogues_that_are_to_be_asked_daily_are(connection):
    Connection.objects.update(daily=True)

    refresh()

    assert Import.objects.filter(provider=connection.provider, by=None).count() == 1
    assert Job.objects.filter(task="learning.import").count() == 1
