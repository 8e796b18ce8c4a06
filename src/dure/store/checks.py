"""Whether the ground holds: the interpreter, the database, the disk."""

import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from dure.core.findings import Finding, State
from dure.core.text import Text

GIB = 2**30
WANTED_FREE, NEEDED_FREE = 5 * GIB, 2**28
_DATABASE_ADVICE = Text(
    ko="DATABASE_URL을 확인하고 데이터베이스가 켜져 있는지 보세요.",
    en="Check DATABASE_URL and whether the database is running.",
)
_MIGRATION_ADVICE = Text(
    ko="`DJANGO_SETTINGS_MODULE=dure.settings python -m django migrate`를 실행하세요.",
    en="Run `DJANGO_SETTINGS_MODULE=dure.settings python -m django migrate`.",
)
_DISK_ADVICE = Text(
    ko="디스크를 비우거나 DURE_HOME을 더 큰 디스크로 옮기세요.",
    en="Free some space, or move DURE_HOME to a larger disk.",
)


def python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("python", State.OK, Text(ko=f"파이썬 {version}", en=f"Python {version}"))


def database() -> Iterator[Finding]:
    """It answers, and every migration of this version is applied."""
    try:
        waiting = len(_migrations() - set(MigrationRecorder(connection).applied_migrations()))
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


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """All that the source of this process has, replaced ones left out: read once."""
    loader = MigrationLoader(None)
    replaced = {key for migration in loader.replacements.values() for key in migration.replaces}
    return frozenset(loader.disk_migrations) - replaced


def disk() -> Iterator[Finding]:
    free = free_bytes()
    gib = f"{free / GIB:.1f} GiB"
    text = Text(ko=f"{settings.HOME}에 {gib} 남아 있습니다.", en=f"{gib} are free at {settings.HOME}.")
    if free >= WANTED_FREE:
        yield Finding("disk", State.OK, text)
    else:
        yield Finding("disk", State.WARN if free >= NEEDED_FREE else State.FAIL, text, _DISK_ADVICE)


def free_bytes() -> int:
    home = Path(settings.HOME)
    return shutil.disk_usage(next(folder for folder in (home, *home.parents) if folder.exists())).free
