"""Tasks whose effects can be counted: one row a run, and a tally beside it."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import connection

from dure.audit.operations import record
from dure.core.errors import Refused, Unready
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.jobs.registry import Claim, long_task, task

SHORT = timedelta(seconds=1)
CLOSED = Text(ko="접수가 끝났습니다. 다음 회차에 신청하세요.", en="It has closed. Apply for the next one.")
DOWN = Text(ko="채점기가 꺼져 있습니다. 잠시 뒤 다시 시도합니다.", en="The scorer is down. It is tried again soon.")


def set_up() -> None:
    _run("CREATE TABLE witness (job integer NOT NULL, step integer NOT NULL, by_whom varchar(20) NOT NULL)")
    _run("CREATE TABLE tally (n integer NOT NULL)")
    _run("INSERT INTO tally VALUES (0)")


def take_down() -> None:
    _run("DROP TABLE witness")
    _run("DROP TABLE tally")


def seen() -> list[tuple[int, int]]:
    return _rows("SELECT job, step FROM witness ORDER BY job, step")


def seen_by() -> list[tuple[str]]:
    return _rows("SELECT by_whom FROM witness ORDER BY by_whom")


def tally() -> int:
    return _rows("SELECT n FROM tally")[0][0]


def note(job: int, step: int) -> None:
    _run("INSERT INTO witness VALUES (%s, %s, %s)", job, step, os.environ.get("WITNESS", "test"))
    _run("UPDATE tally SET n = n + 1")


def _run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _rows(statement: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@task("witness.note", lease=SHORT)
def note_once(*, job: int) -> None:
    note(job, 1)


@task("witness.chain", lease=SHORT, most_attempts=50)
def note_and_go_on(*, job: int) -> None:
    note(job, 1)
    enqueue("witness.slow", arguments={"job": job}, most_attempts=50)


@task("witness.tell", lease=SHORT)
def tell_the_log() -> None:
    record("witness.told", ("witness", "1"))


@long_task("witness.slow", lease=SHORT)
def work_then_note(claim: Claim, *, job: int) -> Callable[[], None]:
    time.sleep(0.01)
    return partial(note, job, 2)


@long_task("witness.gate", lease=SHORT)
def wait_at_the_gate(claim: Claim, *, job: int) -> Callable[[], None]:
    """Tell that the work has begun; go on when the gate opens."""
    folder = os.environ.get("WITNESS_GATE")
    if folder:
        Path(folder, "begun").touch()
        while not Path(folder, "open").exists():
            time.sleep(0.02)
    return partial(note, job, 1)


@task("witness.settle", lease=SHORT)
def note_the_tally() -> None:
    _run("INSERT INTO witness SELECT n, 0, 'settled' FROM tally")


def change() -> None:
    _run("UPDATE tally SET n = n + 1")


@task("witness.break", most_attempts=2)
def note_and_break(*, job: int) -> None:
    note(job, 1)
    raise RuntimeError("the disk is full")


@task("witness.closed", most_attempts=1)
def closed() -> None:
    raise Refused("witness.closed", CLOSED)


@task("witness.down", most_attempts=1)
def down() -> None:
    raise Unready("witness.down", DOWN)


@task("witness.hourly", every=timedelta(hours=1))
def hourly() -> None:
    note(0, 1)
