"""What each page costs at size: `dure bench pages [PERSONS [PART…]]` (default 100,000, with 10,000 cases in one
programme); with PARTs only the pages whose address has one of them.

It works on a database of its own (a test database) on the server that DATABASE_URL names. Milliseconds are of this
process's CPU, the least of several, server and browser left out; the smallest page is the yardstick, for it is what
every page pays. A page ought to take 15 ms and 20 queries at most. The database has just been told what its tables hold
(ANALYZE): PostgreSQL does so by itself, SQLite only where somebody asks it to.
"""

import gzip
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import django
from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._crowd import Crowd, gather
from benches._table import show
from django.test import Client

from dure.people.models import Person

REPEATS, MOST_MS, MOST_QUERIES = 7, 15, 20
LANGUAGE = {"accept-language": "ko"}


def pages_at_size(crowd: Crowd) -> dict[str, Person | None]:
    """The pages of the small world, which is now a large one, and looks that only size makes worth a look."""
    world = crowd.world
    desk, table = f"/desk/{world.programme.slug}/", f"/desk/{world.programme.slug}/participants/"
    return {
        **crowd.pages,
        f"/tasks/{crowd.task.pk}/": None, f"/tasks/{crowd.task.pk}/lines/": None,
        f"/tasks/{crowd.task.pk}/shared/": None, f"/tasks/{crowd.task.pk}/shared/?page=100": None,
        "/programmes/?q=스쿨": None, "/programmes/?page=20": None, "/desk/?page=30": world.operator,
        f"{desk}now/": world.clerk, f"{table}?page=150": world.clerk, f"{table}?sort=name": world.clerk,
        f"{table}?text=김": world.clerk, f"{table}?text=민서": world.clerk, f"{table}?text=p77": world.clerk,
        f"{table}?stage=task&state=handed-in": world.clerk, f"{table}?option=vision": world.clerk,
        f"{table}?stage=talk&option=vision": world.clerk, f"{table}?organisation=hanbit": world.clerk,
        f"{desk}cases/5001/?stage=talk&state=handed-in": world.clerk, f"{desk}gives/?state=done": world.clerk,
        f"{desk}log/?action=turn.entered": world.clerk,
        "/search/as-you-type/?q=김민": world.clerk,
    }  # fmt: skip


def measured(client: Client, address: str) -> tuple[str, ...]:
    """One line of the table: what was asked, its status where it is no page, queries, milliseconds, bytes as sent."""
    ask = partial(client.get, address, headers=LANGUAGE)
    answer = ask()
    told = address if answer.status_code in (200, 204) else f"{address} ({answer.status_code})"
    queries, took = count_queries(ask), min(_cpu(ask) for _ in range(REPEATS))
    over = "!" if took > MOST_MS or queries > MOST_QUERIES else ""
    return told, str(queries), f"{took:.1f}", over, f"{len(gzip.compress(answer.content)):,}"


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def count_queries(act: Callable[[], object]) -> int:
    asked = []

    def note(run: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(note):
        act()
    return len(asked)


def measure(crowd: Crowd, parts: Sequence[str]) -> None:
    clients = {None: Client()}
    lines = []
    for address, person in pages_at_size(crowd).items():
        if parts and not any(part in address for part in parts):
            continue
        if person not in clients:
            clients[person] = Client()
            clients[person].force_login(person)
        lines.append(measured(clients[person], address))
    lines.sort(key=lambda line: float(line[2]))
    show(f"{connection.vendor}", ("page", "queries", "ms", "", "bytes"), lines)


def main() -> None:
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        crowd = gather(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure(crowd, sys.argv[2:])
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
