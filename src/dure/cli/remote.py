"""An organiser's own worker: asks a platform for submissions, scores them in boxes here, and sends what came of them.

It needs no database and is never called: every request goes out from here. Files of a task stay in HOME for the next
submission, checked by their SHA-256; a submission's own file goes when it is scored.
"""

import json
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

from dure.challenges import files
from dure.challenges.models import Upload
from dure.challenges.order import files_of, outcome_as_dict, submission_of
from dure.challenges.outcomes import Measured, Outcome
from dure.challenges.scoring import outcome_of
from dure.client.wire import Api, Unreachable
from dure.compute.building import NotBuilt, build
from dure.compute.models import Environment
from dure.core.errors import Refused, Unready
from dure.core.text import Text

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
BEATS_PER_LEASE = 3
MOST_FAULT = 8000
LOST = "work.lost"
_CHUNK = 1 << 20
_OTHER_BYTES = Text(
    ko="받은 파일이 보낸 것과 다릅니다: {name}. 다시 받습니다.",
    en="A file that came is not what was sent: {name}. It is fetched again.",
)
_NOT_BUILT = Text(
    ko="‘{name}’ 환경을 이 컴퓨터에 만들지 못했습니다: {fault}",
    en="The environment {name} could not be built on this machine: {fault}",
)
log = logging.getLogger(__name__)


class Work:
    """One claimed submission."""

    def __init__(self, api: Api, told: Mapping[str, Any], worker: str) -> None:
        self.api, self.worker = api, worker
        self.address, self.fence, self.order = f"/worker/jobs/{told['job']}", told["fence"], told["order"]
        self.every = told["lease_seconds"] / BEATS_PER_LEASE

    def do(self) -> None:
        """Fetch, score and send. What fails here is told to the platform, which tries it again."""
        try:
            with self._beating():
                outcome = self._outcome()
            self._send(outcome)
        except Unreachable:
            raise
        except Refused as refusal:
            if refusal.code != LOST:
                self._report(refusal, unready=isinstance(refusal, Unready))
            else:
                log.warning("%s: the lease was lost, nothing was changed", self.address)
        except Exception as fault:  # whatever a box or a disk may raise
            log.exception("%s failed", self.address)
            self._report(fault, unready=False)
        finally:
            files.discard(_upload(self.order["submission"]["upload"]))

    def _outcome(self) -> Outcome:
        for told in files_of(self.order):
            self._fetch(told)
        return outcome_of(submission_of(self.order, environment=_environment(self.order["environment"])))

    def _fetch(self, told: Mapping[str, Any]) -> None:
        """A file of the order, unless it lies here already."""
        path = files.path_of(_upload(told))
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft, digest = path.with_suffix(f".{os.getpid()}"), sha256()
        answer = self.api.ask("get", f"{self.address}/files/{told['id']}", params={"fence": self.fence}, stream=True)
        with answer, draft.open("wb") as file:
            for chunk in answer.iter_content(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != told["sha256"]:
            draft.unlink()
            raise Unready("work.bytes", _OTHER_BYTES.format(name=told["name"]))
        draft.chmod(0o600)
        draft.replace(path)

    def _send(self, outcome: Outcome) -> None:
        form = {"fence": str(self.fence), "outcome": json.dumps(outcome_as_dict(outcome))}
        page = outcome.details if isinstance(outcome, Measured) else None
        if page is None:
            self.api.done("post", f"{self.address}/result", data=form)
            return
        try:
            sent = {"details": (page.name, files.read(page))}
            self.api.done("post", f"{self.address}/result", data=form, files=sent)
        finally:
            files.discard(page)

    def _report(self, fault: Exception, *, unready: bool) -> None:
        told = {"fence": self.fence, "fault": str(fault)[:MOST_FAULT], "unready": unready}
        with suppress(Refused):  # somebody else has it by now
            self.api.done("post", f"{self.address}/fault", json=told)

    @contextmanager
    def _beating(self) -> Iterator[None]:
        """Keep the lease alive from a thread of its own."""
        over = Event()
        thread = Thread(target=self._beat, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, over: Event) -> None:
        while not over.wait(self.every):
            try:
                told = {"fence": self.fence, "worker": self.worker}
                self.api.ask("post", f"{self.address}/heartbeat", json=told, again=False)
            except Unreachable as fault:  # the next beat may get through before the lease ends
                log.warning("a heartbeat was missed: %s", fault)
            except Refused:  # the result will be refused as well, which tells it
                return


def serve(api: Api, queue: str, stopping: Callable[[], bool], *, once: bool = False, drain: bool = False) -> None:
    """Do the submissions of a queue until ``stopping()``; a platform that is away is waited for.

    ``once``: at most one; ``drain``: until none waits. Raises Refused where the token or the queue is wrong.
    """
    worker, pause = f"{socket.gethostname()}:{os.getpid()}", SHORTEST_PAUSE
    while not stopping():
        try:
            told = api.done("post", "/worker/claims", json={"worker": worker, "queue": queue}, again=False)["work"]
            if told:
                Work(api, told, worker).do()
        except Unreachable as fault:
            log.warning("%s", fault)
            told = None
        else:
            if once or (drain and not told):
                return
        pause = SHORTEST_PAUSE if told else min(pause * 2, LONGEST_PAUSE)
        if not told:
            time.sleep(pause)


def _upload(told: Mapping[str, Any]) -> Upload:
    return Upload(id=UUID(told["id"]), name=told["name"], sha256=told["sha256"], size=told["size"])


def _environment(told: Mapping[str, Any] | None) -> Environment | None:
    """The locked environment, built here once; None: this machine's standard one. Raises Unready."""
    if told is None:
        return None
    name = sha256(f"{told['python']}\n{told['requirements']}".encode()).hexdigest()
    made = Environment(name=told["name"], folder=name)
    known = made.path.with_suffix(".json")
    if not known.exists():
        try:
            built = build(told["requirements"], python=told["python"], place=made.path)
        except NotBuilt as fault:
            raise Unready("work.environment", _NOT_BUILT.format(name=told["name"], fault=fault)) from fault
        _keep(known, {"prefix": built.prefix, "digest": built.digest, "version": built.version})
    for field, value in json.loads(known.read_text(encoding="utf-8")).items():
        setattr(made, field, value)
    return made


def _keep(path: Path, told: Mapping[str, str]) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(path)
