"""Sending a file: a small one at once, a large one in parts that go on where they stopped."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dure.client.answers import Receipt, Round
from dure.client.keeping import kept_key
from dure.client.wire import WAITS, Api, Unreachable
from dure.core.errors import Flawed, Refused
from dure.core.text import Text

PART = 8 << 20
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same folder gives the same archive, so that its parts go on
_NO_FILE = Text(ko="‘{path}’ 파일이 없습니다. 경로를 확인하세요.", en="There is no file {path}. Check the path.")
Progress = Callable[[int, int], None]  # bytes that arrived, bytes in all


@dataclass(frozen=True)
class Parcel:
    """What is sent. ``kind``: file (predictions) or code (an archive that ``command`` starts); ``said``: the fields
    that go with it."""

    path: Path
    kind: str
    said: Mapping[str, str]
    sha256: str
    size: int


@contextmanager
def parcel(
    path: Path, *, kind: str, command: str, answers: Mapping[str, object], public: bool | None
) -> Iterator[Parcel]:
    """A file as it is, a folder as an archive. Raises Flawed("client.file") where there is nothing to send."""
    with TemporaryDirectory() as folder:
        sent = _archive(path, Path(folder)) if path.is_dir() else path
        if not sent.is_file():
            sentence = Text(
                ko="‘{path}’ 파일이 없습니다. 경로를 확인하세요.", en="There is no file {path}. Check the path."
            )
            raise Flawed("client.file", sentence.format(path=path), errors=[])
        with sent.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        said = {"kind": kind, "command": command}
        if answers:
            said["answers"] = json.dumps(answers, ensure_ascii=False, sort_keys=True)
        if public is not None:
            said["public"] = str(public).lower()
        yield Parcel(sent, kind, said, digest, sent.stat().st_size)


def kind_of(path: Path, command: str, *, into: Round) -> str:
    """What is meant where it is not said: a folder, an archive or a command means code.

    Where the organiser's programs score, they see by themselves whether an archive holds results or a program.
    """
    if into.code == "required" or into.metric == "program":
        return "code" if into.code == "required" else "file"
    return "code" if command or path.is_dir() or path.name.lower().endswith(ARCHIVES) else "file"


def check_is_file(path: Path) -> None:
    """Raise Flawed("client.file") where there is nothing to read."""
    if not path.is_file():
        raise Flawed("client.file", _NO_FILE.format(path=path), errors=[str(path)])


def send(api: Api, task: str, what: Parcel, *, key: str | None = None, progress: Progress | None = None) -> Receipt:
    """Submit it, once: without a ``key`` of the caller's own, one is kept until there is a receipt or a refusal."""
    if key is None:
        with kept_key(api.url, task, what.sha256, *what.said.values()) as kept:
            return send(api, task, what, key=kept, progress=progress)
    if what.size > PART:
        _send_parts(api, task, what, progress or (lambda _arrived, _size: None))
        return _submit(api, task, key, data={**what.said, "sha256": what.sha256, "name": what.path.name})
    return _submit(api, task, key, data=what.said, files={"file": (what.path.name, what.path.read_bytes())})


def _submit(api: Api, task: str, key: str, **form: Any) -> Receipt:
    return Receipt.told(api.done("post", f"/tasks/{task}/submissions", headers={"Idempotency-Key": key}, **form))


def _send_parts(api: Api, task: str, what: Parcel, progress: Progress) -> None:
    """Every part after what has arrived already. A part that broke off is asked for again, five times in a row."""
    address = f"/tasks/{task}/uploads/{what.sha256}"
    waits = iter(WAITS)
    offset = api.told(address)["offset"]
    with what.path.open("rb") as file:
        while offset < what.size:
            progress(offset, what.size)
            try:
                offset = _send_part(api, address, file, offset, what.kind)
                waits = iter(WAITS)
            except Unreachable:
                wait = next(waits, None)
                if wait is None:
                    raise
                time.sleep(wait)
                offset = api.told(address)["offset"]
    progress(offset, what.size)


def _send_part(api: Api, address: str, file: IO[bytes], offset: int, kind: str) -> int:
    """Returns how much has arrived by now, also where another part was faster."""
    file.seek(offset)
    try:
        answer = api.done(
            "patch", address, again=False, params={"offset": offset, "kind": kind}, data=file.read(PART),
            headers={"Content-Type": "application/octet-stream"},
        )  # fmt: skip
    except Refused as refusal:
        if refusal.code != "upload.offset":
            raise
        return int(str(refusal.facts["offset"]))
    return int(answer["offset"])


def _archive(folder: Path, into: Path) -> Path:
    """Every file of the folder but hidden ones and what Python leaves about."""
    made = into / f"{folder.resolve().name}.zip"
    inside = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for path in inside:
            if not any(part.startswith(".") or part == "__pycache__" for part in path.parts):
                entry = ZipInfo(path.as_posix(), LONG_AGO)
                entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, (folder / path).read_bytes())
    return made
