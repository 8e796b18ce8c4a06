"""A board as two web processes serve it at a steady rate: `dure bench serving [RATE [SECONDS]]` (150 a second, 20 s).

10,000 entrants and 50,000 submissions on a test database of the server that DATABASE_URL names. Requests come at
moments of chance whether or not the last was answered, and wait from the moment they were due: those who look at the
page for the first time, those who ask again whether it changed, and programs that read the API, while a score arrives
each second. Beside it what one page takes of one processor, drawn and kept, and the whole board as a file.
"""

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import accumulate
from statistics import median, quantiles
from threading import Event, Thread, local

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show
from benches.boards import fill
from django.db.models import F
from tests.databases import database_address

from dure.challenges.models import Task
from dure.cli.serve import prepared, web

ENTRANTS, EACH, HANDS, REPEATS, PATIENCE = 10_000, 5, 48, 9, 30.0
PACKED = {"Accept-Encoding": "gzip"}


def main() -> None:
    rate = float(sys.argv[1]) if len(sys.argv) > 1 else 150.0
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        task = fill(ENTRANTS * EACH, each=EACH)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure_one(task)
        measure_many(task, rate, seconds)
    finally:
        runner.teardown_databases(databases)


def measure_one(task: Task) -> None:
    """What one request takes of this process, without a server around it."""
    client = Client(SERVER_NAME="127.0.0.1")
    page, file, api = f"/tasks/{task.pk}/", f"/tasks/{task.pk}/board.csv", f"/api/v1/tasks/{task.pk}/board.csv"
    kept, drawn = [cpu(lambda: client.get(page)) for _ in range(REPEATS)], [cold(client, task) for _ in range(REPEATS)]
    files = [min(wall(lambda path=path: client.get(path).getvalue()) for _ in range(REPEATS)) for path in (file, api)]
    rows = [
        ("page that is kept, CPU", f"{median(kept):.1f}"),
        ("page after a score, CPU", f"{median(drawn):.1f}"),
        ("all 10,000 as CSV, page's", f"{files[0]:.0f}"),
        ("all 10,000 as CSV, API's", f"{files[1]:.0f}"),
    ]
    show(f"{connection.vendor}, one process", ("", "ms"), rows)


def cold(client: Client, task: Task) -> float:
    arrive(task)
    return cpu(lambda: client.get(f"/tasks/{task.pk}/"))


def arrive(task: Task) -> None:
    """As a score does: the board is another one."""
    Task.objects.filter(pk=task.pk).update(board_version=F("board_version") + 1)


def cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def wall(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def measure_many(task: Task, rate: float, seconds: float) -> None:
    port = free_port()
    os.environ["DATABASE_URL"] = database_address()
    environment, started = prepared(port), resource.getrusage(resource.RUSAGE_CHILDREN)
    server = subprocess.Popen(web(port), env=environment, start_new_session=True)
    ended, scores = Event(), Thread(target=lambda: arrive_until(ended, task))
    try:
        await_server(port)
        crowd = Crowd(port, f"/tasks/{task.pk}/", f"/api/v1/tasks/{task.pk}/board")
        crowd.come(rate, 3)  # both processes are warm then
        scores.start()
        waits = crowd.come(rate, seconds)
    finally:
        ended.set()
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(PATIENCE)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report(waits, seconds, used.ru_utime + used.ru_stime - started.ru_utime - started.ru_stime)


def arrive_until(ended: Event, task: Task) -> None:
    try:
        while not ended.wait(1):
            arrive(task)
    finally:
        connection.close()


def report(waits: dict[str, list[float]], seconds: float, used: float) -> None:
    rows = []
    for kind, took in [*waits.items(), ("all", [one for each in waits.values() for one in each])]:
        rows.append((kind, f"{len(took) / seconds:.0f}", f"{median(took):.1f}", f"{quantiles(took, n=20)[-1]:.1f}"))
    show("two web processes, milliseconds", ("", "a second", "p50", "p95"), rows)
    sys.stdout.write(f"processor time of the server with its start: {used:.1f} s\n")


class Crowd:
    """Visitors, each of whom keeps a connection; every third asks for the page, asks again, or reads the API."""

    def __init__(self, port: int, page: str, api: str) -> None:
        self._port, self._page, self._api = port, page, api
        self._own = local()

    def come(self, rate: float, seconds: float) -> dict[str, list[float]]:
        """Milliseconds by kind, from when each was due."""
        gaps = (random.expovariate(rate) for _ in range(int(rate * seconds)))
        waits: dict[str, list[float]] = {"page": [], "page again": [], "API": []}
        kinds, began = list(waits), time.perf_counter()
        with ThreadPoolExecutor(HANDS) as hands:
            asked = []
            for number, due in enumerate(accumulate(gaps, initial=began)):
                time.sleep(max(0.0, due - time.perf_counter()))
                kind = kinds[number % 3]
                asked.append(hands.submit(self._ask, kind, due, waits[kind]))
        for one in asked:
            one.result()
        return waits

    def _ask(self, kind: str, due: float, waits: list[float]) -> None:
        own = self._own
        if not hasattr(own, "line"):
            own.line, own.tag = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE), ""
        seen = {"If-None-Match": own.tag} if kind == "page again" else {}
        own.line.request("GET", self._api if kind == "API" else self._page, headers={**PACKED, **seen})
        answer = own.line.getresponse()
        answer.read()
        if answer.status not in (200, 304):
            raise SystemExit(f"{kind}: {answer.status}")
        if kind != "API":
            own.tag = answer.headers["ETag"]
        waits.append((time.perf_counter() - due) * 1000)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def await_server(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    main()
