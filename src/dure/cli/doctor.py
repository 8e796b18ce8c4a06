"""`dure doctor`: is everything here that this installation needs, and if not, what to do. Exit 1 when a check fails."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import django

from dure.cli.language import spoken
from dure.cli.main import DONE, FAILED
from dure.core.text import Text


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of a check: how it stands, and ``remedy``, what to do where that is not well."""

    name: str
    state: State
    text: Text
    remedy: Text | None = None

    def as_dict(self) -> dict[str, object]:
        remedy = self.remedy.as_dict() if self.remedy else None
        return {"name": self.name, "state": self.state, "text": self.text.as_dict(), "remedy": remedy}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lang", choices=("ko", "en"), help="the language of the sentences; default by LANG")
    for name in CHECKS:
        parser.add_argument(f"--{name}", action="append_const", dest="only", const=name, help=f"check {name} only")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    findings = [finding for name in options.only or CHECKS for finding in CHECKS[name]()]
    if options.json:
        json.dump({"findings": [finding.as_dict() for finding in findings]}, sys.stdout, ensure_ascii=False)
        print()
    else:
        _print(findings, options.lang or spoken())
    return FAILED if any(finding.state is State.FAIL for finding in findings) else DONE


def _print(findings: list[Finding], language: str) -> None:
    for finding in findings:
        print(f"{finding.state:<4}  {finding.name:<18}  {finding.text[language]}")
        if finding.remedy:
            print(f"{'':<26}→ {finding.remedy[language]}")


def _python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("python", State.OK, Text(ko=f"파이썬 {version}", en=f"Python {version}"))


def _database() -> Iterator[Finding]:
    from django.db import Error, connection  # noqa: PLC0415 -- needs the settings that `run` set up
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- as above

    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error as error:
        text = Text(ko=f"데이터베이스에 연결할 수 없습니다: {error}", en=f"The database cannot be reached: {error}")
        yield Finding("database", State.FAIL, text, _DATABASE_ADVICE)
        return
    if waiting:
        text = Text(
            ko=f"적용되지 않은 마이그레이션이 {waiting}개 있습니다.", en=f"{waiting} migrations are not applied."
        )
        yield Finding("database", State.FAIL, text, _MIGRATION_ADVICE)
    else:
        text = Text(ko=f"{connection.vendor}에 연결했습니다.", en=f"{connection.vendor} answers.")
        yield Finding("database", State.OK, text)


_DATABASE_ADVICE = Text(
    ko="DATABASE_URL을 확인하고 데이터베이스가 켜져 있는지 보세요.",
    en="Check DATABASE_URL and whether the database is running.",
)
_MIGRATION_ADVICE = Text(
    ko="`DJANGO_SETTINGS_MODULE=dure.settings python -m django migrate`를 실행하세요.",
    en="Run `DJANGO_SETTINGS_MODULE=dure.settings python -m django migrate`.",
)


def _sandbox() -> Iterator[Finding]:
    from dure.compute.advice import advice  # noqa: PLC0415 -- needs the settings that `run` set up
    from dure.compute.box import Level  # noqa: PLC0415 -- as above
    from dure.compute.proof import asked_for, proof  # noqa: PLC0415 -- as above

    found = proof()
    for level, probes in found.probes.items():
        for probe in probes:
            state = State.OK if probe.held else State.WARN
            text = probe.text if probe.held else _broken(probe.text, probe.detail)
            yield Finding(f"{level.name.lower()}.{probe.wall}", state, text)
    missed = asked_for() not in ("auto", found.level.name.lower())
    state = State.FAIL if missed else State.OK if found.level is Level.FULL else State.WARN
    yield Finding("sandbox", state, _LEVELS[found.level.name], advice(found))


def _broken(text: Text, detail: str) -> Text:
    last = detail.strip().rpartition("\n")[2][:200]
    return Text(ko=f"확인되지 않음: {text.ko} ({last})", en=f"not shown: {text.en} ({last})")


_LEVELS = {
    "FULL": Text(ko="격리 수준 full: 참가자의 코드를 실행합니다.", en="Sandbox level full: participants' code is run."),
    "LIMITED": Text(
        ko="격리 수준 limited: 운영자가 책임지는 코드만 실행합니다. 예측 파일은 그대로 채점합니다.",
        en="Sandbox level limited: only code that the operator answers for is run. Files of predictions are scored.",
    ),
    "NONE": Text(
        ko="격리 수준 none: 코드를 실행하지 않습니다. 예측 파일은 그대로 채점합니다.",
        en="Sandbox level none: no code is run. Files of predictions are scored.",
    ),
}


def _disk() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415 -- needs the settings that `run` set up

    home = Path(settings.HOME)
    free = shutil.disk_usage(next(folder for folder in (home, *home.parents) if folder.exists())).free
    gib = f"{free / 2**30:.1f} GiB"
    text = Text(ko=f"{home}에 {gib} 남아 있습니다.", en=f"{gib} are free at {home}.")
    if free >= _WANTED_FREE:
        yield Finding("disk", State.OK, text)
    else:
        state = State.WARN if free >= _NEEDED_FREE else State.FAIL
        yield Finding("disk", state, text, _DISK_ADVICE)


_WANTED_FREE, _NEEDED_FREE = 5 * 2**30, 2**28
_DISK_ADVICE = Text(
    ko="디스크를 비우거나 DURE_HOME을 더 큰 디스크로 옮기세요.",
    en="Free some space, or move DURE_HOME to a larger disk.",
)


def _audit() -> Iterator[Finding]:
    from dure.audit.queries import verify  # noqa: PLC0415 -- needs the settings that `run` set up

    report = verify()
    for flaw in report.flaws:
        yield Finding("audit", State.FAIL, flaw.text)
    if report.sound:
        seals, waiting = report.seals, report.unsealed
        text = Text(
            ko=f"감사 기록: 봉인 {seals:,}개가 모두 맞습니다 (봉인 대기 {waiting:,}건).",
            en=f"Audit log: all {seals:,} seals hold ({waiting:,} rows wait to be sealed).",
        )
        yield Finding("audit", State.OK, text)


def _books() -> Iterator[Finding]:
    from dure.ledger.queries import drifted, unbalanced  # noqa: PLC0415 -- needs the settings that `run` set up

    wrong = len(list(unbalanced())) + len(list(drifted()))
    if wrong:
        text = Text(ko=f"장부가 맞지 않습니다: {wrong:,}건", en=f"The books are off in {wrong:,} places.")
        remedy = Text(ko="지급을 멈추고 감사 기록을 확인하세요.", en="Stop paying and look at the audit log.")
        yield Finding("books", State.FAIL, text, remedy)
    else:
        text = Text(ko="장부: 모든 분개가 0으로 맞습니다.", en="Books: every journal sums to zero.")
        yield Finding("books", State.OK, text)


# A room with something to check adds a line: name → function that yields findings.
CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "python": _python,
    "database": _database,
    "sandbox": _sandbox,
    "disk": _disk,
    "audit": _audit,
    "books": _books,
}
