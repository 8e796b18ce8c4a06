"""A whole installation in one file: every row and every stored file, taken at one moment, for either database.

A zip archive: ``manifest.json`` (what it holds, with hashes), ``tables/APP.MODEL.jsonl`` (names of columns, then a row
a line), ``files/…`` and ``secret-key``. It holds everything that is secret here; only its owner may read the file.
"""

import json
import os
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BinaryField, Field, JSONField, Model

from dure.core.errors import Flawed, Refused, Unready
from dure.core.text import Text
from dure.store.chunks import chunked

FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret-key"
SKIPPED = {"sessions.session"}  # who is signed in where: people sign in again
OURS = "dure."  # rooms; other tables are filled by set-up itself and replaced when an archive comes back
ROWS = 2_000
Told = Callable[[str], None]


class _Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


@dataclass(frozen=True)
class Contents:
    """What an archive holds: rows by table, number and bytes of files, when it was taken."""

    taken_at: str
    rows: dict[str, int]
    files: int
    size: int


# --- taking one


def back_up(target: Path, *, tell: Told = lambda _: None) -> Contents:
    """Write ``target``, whole or not at all, while people go on working.

    Raises Refused when it exists already, Unready when the database is not that of this version.
    """
    if target.exists():
        raise Refused("archive.exists", EXISTS, file=str(target))
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unready("archive.behind", BEHIND)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    try:
        with _private(draft) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            contents = _fill(archive, tell)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return contents


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner reads, on disk before it closes."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _fill(archive: zipfile.ZipFile, tell: Told) -> Contents:
    hashes: dict[str, str] = {}
    rows: dict[str, int] = {}
    with _one_moment():
        migrations = sorted(MigrationRecorder(connection).applied_migrations())
        for model in _models():
            tell(model._meta.label_lower)
            rows[model._meta.label_lower] = _write_table(archive, model, hashes)
    files = _write_files(archive, hashes, tell)
    if (key := Path(settings.HOME) / KEY).exists():
        _write(archive, KEY, hashes, partial(_copy, key))
    contents = Contents(datetime.now(UTC).isoformat(timespec="seconds"), rows, *files)
    about = {
        "format": FORMAT, "taken_at": contents.taken_at, "migrations": migrations, "rows": rows,
        "files": contents.files, "bytes": contents.size, "sha256": hashes,
    }  # fmt: skip
    archive.writestr(MANIFEST, json.dumps(about, indent=1, ensure_ascii=False))
    return contents


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, and nobody who writes waits for it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _models() -> list[type[Model]]:
    """Every table of ours and of what we build on, in a fixed order."""
    found = (
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    )
    return sorted((m for m in found if m._meta.label_lower not in SKIPPED), key=lambda m: m._meta.label_lower)


def _columns(model: type[Model]) -> list["Field[Any, Any]"]:
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def _write_table(archive: zipfile.ZipFile, model: type[Model], hashes: dict[str, str]) -> int:
    names = [field.attname for field in _columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=ROWS)
    count = 0

    def lines(sink: _Sink) -> None:
        nonlocal count
        sink.write(_line(names))
        for row in rows:
            sink.write(_line(row))
            count += 1

    _write(archive, f"tables/{model._meta.label_lower}.jsonl", hashes, lines)
    return count


def _line(values: Sequence[object]) -> bytes:
    return json.dumps(values, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, Decimal | UUID | timedelta):
        return str(value)
    raise TypeError(f"no way to write {type(value)} into an archive")


def _write_files(archive: zipfile.ZipFile, hashes: dict[str, str], tell: Told) -> tuple[int, int]:
    """Everything that is stored; files never change once they are in place. Returns their number and bytes."""
    root = Path(settings.MEDIA_ROOT)
    count = size = 0
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        name = path.relative_to(root).as_posix()
        tell(name)
        try:
            size += path.stat().st_size
            _write(archive, f"files/{name}", hashes, partial(_copy, path))
        except FileNotFoundError:  # received and swept again: it belongs to no row
            continue
        count += 1
    return count, size


def _copy(path: Path, sink: _Sink) -> None:
    with path.open("rb") as source:
        while piece := source.read(1 << 20):
            sink.write(piece)


class _Hashed:
    """Counts what is written into its hash."""

    def __init__(self, sink: _Sink) -> None:
        self._sink, self.hash = sink, sha256()

    def write(self, data: bytes, /) -> int:
        self.hash.update(data)
        return self._sink.write(data)


def _write(archive: zipfile.ZipFile, name: str, hashes: dict[str, str], fill: Callable[[_Sink], None]) -> None:
    with archive.open(name, "w", force_zip64=True) as member:
        hashed = _Hashed(member)
        fill(hashed)
    hashes[name] = hashed.hash.hexdigest()


# --- bringing one back


def check(source: Path) -> Contents:
    """What ``source`` holds, once every part's hash was found right. Raises Flawed naming what is not."""
    with _opened(source) as archive:
        about = _about(archive)
        names = set(archive.namelist()) - {MANIFEST}
        wrong = sorted(names ^ set(about["sha256"]))
        wrong += [name for name in sorted(names - set(wrong)) if _hash_of(archive, name) != about["sha256"][name]]
        if wrong:
            raise Flawed("archive.damaged", DAMAGED.format(part=wrong[0]), errors=[{"part": name} for name in wrong])
        return Contents(about["taken_at"], about["rows"], about["files"], about["bytes"])


def restore(source: Path, *, tell: Told = lambda _: None) -> Contents:
    """Bring an archive back into an empty installation that is set up alike: all of it, or nothing of its rows.

    Raises Flawed for a damaged file; Refused where people have worked here already or the tables differ.
    """
    contents = check(source)
    _refuse_unless_empty()
    with _opened(source) as archive:
        _refuse_unless_alike(_about(archive))
        _place_files(archive, tell)
        with transaction.atomic():
            for model in reversed(_models()):
                model._base_manager.all()._raw_delete(connection.alias)
            for model in _models():
                tell(model._meta.label_lower)
                _read_table(archive, model)
            _reset_sequences()
    return contents


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except FileNotFoundError:
        raise Refused("archive.missing", MISSING.format(file=source)) from None
    except zipfile.BadZipFile:
        raise Flawed("archive.damaged", DAMAGED.format(part=source.name), errors=[]) from None


def _about(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise Flawed("archive.damaged", DAMAGED.format(part=MANIFEST), errors=[]) from None
    if about.get("format") != FORMAT:
        raise Refused("archive.format", OTHER_FORMAT)
    return about


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as member:
            return file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]  # it has readinto
    except zipfile.BadZipFile:
        return ""


def _refuse_unless_empty() -> None:
    for model in _models():
        if model.__module__.startswith(OURS) and model._base_manager.exists():
            raise Refused("archive.not-empty", NOT_EMPTY, table=model._meta.label_lower)


def _refuse_unless_alike(about: dict[str, Any]) -> None:
    there = {tuple(name) for name in about["migrations"]}
    here = set(MigrationRecorder(connection).applied_migrations())
    if there != here:
        first = min(there ^ here)
        raise Refused("archive.version", OTHER_VERSION.format(migration=".".join(first)))


def _place_files(archive: zipfile.ZipFile, tell: Told) -> None:
    places = {KEY: Path(settings.HOME) / KEY} if KEY in archive.namelist() else {}
    root = Path(settings.MEDIA_ROOT).resolve()
    for name in archive.namelist():
        if name.startswith("files/"):
            places[name] = _inside(root, name.removeprefix("files/"))
    for name, place in places.items():
        tell(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with _private(place) as file, archive.open(name) as member:
            while piece := member.read(1 << 20):
                file.write(piece)


def _inside(root: Path, name: str) -> Path:
    place = (root / name).resolve()
    if not place.is_relative_to(root):
        raise Flawed("archive.damaged", DAMAGED.format(part=name), errors=[{"part": name}])
    return place


def _read_table(archive: zipfile.ZipFile, model: type[Model]) -> None:
    fields = {field.attname: field for field in _columns(model)}
    with archive.open(f"tables/{model._meta.label_lower}.jsonl") as lines:
        names = json.loads(lines.readline())
        rows = (dict(zip(names, json.loads(line), strict=True)) for line in lines)
        made = (model(**{name: _value(fields[name], value) for name, value in row.items()}) for row in rows)
        for piece in chunked(made, ROWS):
            model._base_manager.bulk_create(piece)


def _value(field: "Field[Any, Any]", written: Any) -> Any:
    """A column's value from what was written of it."""
    if written is None or isinstance(field, JSONField):
        return written
    if isinstance(field, BinaryField):
        return b64decode(written)
    return field.to_python(written)


def _reset_sequences() -> None:
    """The next number of every counted key, after rows came with theirs."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


EXISTS = Text(
    ko="같은 이름의 파일이 이미 있습니다. 다른 이름을 쓰거나 그 파일을 옮기세요.",
    en="A file of that name exists already. Choose another name, or move that file away.",
)
BEHIND = Text(
    ko="데이터베이스가 이 버전과 맞지 않습니다. `dure serve`를 한 번 실행해 올린 뒤 다시 백업하세요.",
    en="The database is not up to date with this version. Run `dure serve` once, then back it up again.",
)
MISSING = Text(ko="백업 파일이 없습니다: {file}", en="There is no such backup: {file}")
DAMAGED = Text(
    ko="백업 파일이 손상되었습니다({part}). 다른 백업으로 복원하세요. 바뀐 것은 없습니다.",
    en="The backup is damaged ({part}). Restore another one; nothing was changed.",
)
NOT_EMPTY = Text(
    ko="이미 쓰고 있는 데이터베이스에는 복원하지 않습니다. 빈 데이터베이스와 빈 DURE_HOME을 지정하세요.",
    en="Nothing is restored over a database in use. Point DATABASE_URL and DURE_HOME to empty ones.",
)
OTHER_VERSION = Text(
    ko="백업을 만든 두레와 버전이 다릅니다({migration}). 같은 버전을 설치해 복원한 뒤 올리세요.",
    en="The backup comes from another version of Dure ({migration}). Restore with that version, then upgrade.",
)
OTHER_FORMAT = Text(
    ko="이 두레가 읽는 백업 형식이 아닙니다. 백업을 만든 버전으로 복원하세요.",
    en="This is not a backup that this Dure reads. Restore it with the version that made it.",
)
