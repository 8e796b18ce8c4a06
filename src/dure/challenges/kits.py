"""Starter kits: all that one needs to begin with a task, as one ZIP.

What is small in it is made once for everybody who gets the same; the starter files are sent on from where they lie.

data/                  the starter files, as the organiser gave them
sample_submission.csv  every id that is asked, with values that are valid
main.py, baseline.ipynb, format.json    a baseline that makes a valid file, here and in the round's box
README.md, README.ko.md                 the rules in numbers, and how to check and submit

Where the organiser's programs say what a submission is, the kit has the data and the README only.
"""

import csv
import io
import json
import os
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings

from dure.challenges import baseline, files
from dure.challenges.baseline import guess
from dure.challenges.guide import RULES, WITH_FORMAT, WITH_PROGRAMS, notebook
from dure.challenges.labels import Labels
from dure.challenges.metrics import METRICS
from dure.challenges.models import Code, Task, Upload
from dure.challenges.models.programs import PROGRAM
from dure.challenges.predictions import in_plain_order
from dure.challenges.scoring import check_has_format, format_of
from dure.compute.box import Limits
from dure.core.errors import Missing
from dure.core.moments import Told
from dure.core.text import Text

KEPT = timedelta(days=7)
_CHUNK = 1 << 20
_UNLIMITED = Text(ko="제한 없음", en="no limit")
_NO_FORMAT = Text(
    ko="이 과제의 제출물은 주최자의 프로그램이 검사합니다. 제출하면 결과에서 고칠 곳을 알려 줍니다.",
    en="The organiser's programs check what is handed in here. Submit it, and its verdict says what is wrong.",
)
_OWN = Text(ko="주최자의 채점기", en="the organiser's own scorer")
_BETTER = {
    True: Text(ko="클수록 좋습니다", en="greater is better"),
    False: Text(ko="작을수록 좋습니다", en="less is better"),
}
_KINDS = {
    Code.NONE: Text(ko="예측 파일(CSV)", en="a prediction file (CSV)"),
    Code.ALLOWED: Text(ko="예측 파일(CSV) 또는 코드(ZIP)", en="a prediction file (CSV) or code (ZIP)"),
    Code.REQUIRED: Text(ko="코드(ZIP)", en="code (ZIP)"),
}


@lru_cache(maxsize=4)
def _ids(labels: UUID) -> tuple[str, ...]:
    return tuple(in_plain_order(Labels.kept(files.read(Upload.objects.get(pk=labels))).ids))


def ids_of(task: Task) -> tuple[str, ...]:
    """The ids that predictions are asked for, in an order that tells nothing. Raises Missing("task.no-format")."""
    if task.labels_id is None:
        raise Missing("task.no-format", _NO_FORMAT)
    check_has_format(task)
    return _ids(task.labels_id)


def kit_of(task: Task, *, name: str, deadline: datetime | None) -> Path:
    """The kit on the disk but for its data: made now, unless the same was made before. ``name``: as people call it."""
    small = _written(task, name, deadline)
    told = [sorted(small.items()), task.labels_id]
    path = _folder() / f"{sha256(repr(told).encode()).hexdigest()}.zip"
    if not path.exists():
        _make(path, task, small)
    os.utime(path)
    return path


def with_data(kit: Path, starter: Upload) -> Iterator[bytes]:
    """The whole kit, piece by piece: as little memory for a large starter as for a small one."""
    sink = _Sink()
    with ZipFile(kit) as made, kit.open("rb") as source, files.path_of(starter).open("rb") as data:
        sink.write(source.read(made.start_dir))
        with ZipFile(sink, "w", ZIP_STORED) as whole:
            whole.filelist, whole.NameToInfo = made.filelist, made.NameToInfo
            name = PurePath(starter.name).name or "starter"
            with whole.open(f"data/{name}", "w", force_zip64=True) as member:
                while chunk := data.read(_CHUNK):
                    member.write(chunk)
                    yield sink.taken()
        yield sink.taken()


class _Sink:
    """Holds what a ZIP is written into until it is taken on; it cannot be gone back in."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._before = 0

    def write(self, written: bytes, /) -> int:
        self._held += written
        return len(written)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def tell(self) -> int:
        return self._before + len(self._held)

    def taken(self) -> bytes:
        held = bytes(self._held)
        self._before += len(held)
        self._held.clear()
        return held


def sweep() -> int:
    """Let go of kits that nobody took for a week; returns how many."""
    before = time.time() - KEPT.total_seconds()
    old = [path for path in _folder().glob("*.zip") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _written(task: Task, name: str, deadline: datetime | None) -> dict[str, bytes]:
    """The small files, by their names in the kit."""
    facts = _facts(task, name, deadline)
    has_format = task.labels_id is not None
    steps = WITH_FORMAT.format(**facts, **_about_format(task)) if has_format else WITH_PROGRAMS.format(**facts)
    rules = RULES.format(**facts)
    texts = {"README.md": rules.en + steps.en, "README.ko.md": rules.ko + steps.ko}
    if has_format:
        texts |= _baseline(task, name)
    return {path: text.encode() for path, text in texts.items()}


def _baseline(task: Task, name: str) -> dict[str, str]:
    return {
        "main.py": Path(baseline.__file__).read_text(encoding="utf-8"),
        "baseline.ipynb": json.dumps(notebook(name), ensure_ascii=False, indent=1),
        "format.json": json.dumps(format_of(task).as_dict(), ensure_ascii=False, indent=1),
    }


def _about_format(task: Task) -> Mapping[str, object]:
    return {"header": ",".join(format_of(task).header), "rows": f"{task.rows:,}"}


def _facts(task: Task, name: str, deadline: datetime | None) -> Mapping[str, object]:
    round_, limits = task.round, Limits(**task.limits)
    return {
        "title": round_.title,
        "name": name,
        "url": settings.BASE_URL,
        "deadline": Told(deadline, round_.zone, closes=True).to_anybody() if deadline else _UNLIMITED,
        "kind": _KINDS[Code(round_.code)],
        "metric": _metric(task),
        "better": _BETTER[task.greater_is_better],
        "daily": _UNLIMITED if round_.daily is None else str(round_.daily),
        "monthly": _UNLIMITED if round_.monthly is None else str(round_.monthly),
        "total": _UNLIMITED if round_.total is None else str(round_.total),
        "mib": f"{task.most_bytes / (1 << 20):g}",
        "wall": limits.wall_seconds,
        "memory": f"{limits.memory_bytes / (1 << 30):g}",
    }


def _metric(task: Task) -> Text | str:
    if task.metric == PROGRAM:
        return next(column.title for column in task.program.board_columns if column.key == task.program.primary)
    known = METRICS.get(task.metric)
    return known.title if known else _OWN


def _make(path: Path, task: Task, small: Mapping[str, bytes]) -> None:
    """Written beside its place and moved there whole, so that two who ask at once both get one that is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as made:
        try:
            with ZipFile(made, "w", ZIP_DEFLATED) as kit:
                for name, content in small.items():
                    kit.writestr(name, content)
                if task.labels_id is not None:
                    with kit.open("sample_submission.csv", "w") as member:
                        _write_sample(task, member)
            Path(made.name).replace(path)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise


def _write_sample(task: Task, member: IO[bytes]) -> None:
    form = format_of(task)
    values = [guess(form.as_dict(), []) for _ in form.columns]
    with io.TextIOWrapper(member, encoding="utf-8", newline="") as text:
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(form.header)
        rows.writerows([known, *values] for known in ids_of(task))


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "challenges" / "kits"
