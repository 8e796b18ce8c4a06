"""Organisers' own workers: setting them up, and what their machines say. They ask; the platform never calls them.

A machine claims a submission, fetches its files, says now and then that it is still at it, and sends what came of it.
Each word carries the claim's ``fence``: where somebody else has the job by now it is refused with 409 `work.lost`.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.http import FileResponse, HttpRequest
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from ninja.security import HttpBearer
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from dure.api import problems
from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.rounds.found import organised_round
from dure.api.shapes import BIG, In, Line, Moment, Out, Words
from dure.api.writing import writes
from dure.audit.acting import known_to_act
from dure.audit.models import thing_name
from dure.challenges import files
from dure.challenges.models import Round, Upload, WorkerQueue, WorkerToken
from dure.challenges.operations import workers
from dure.challenges.order import outcome_from
from dure.challenges.programs import MOST_DETAILS
from dure.challenges.queries.workers import scorers_of
from dure.challenges.queueing import keeps
from dure.core.errors import Flawed, Forbidden
from dure.core.text import Text
from dure.people.keys import Issued
from dure.people.models import Person

router = Router(tags=["workers"])
QUEUE = Text(ko="워커 대기열", en="queue of own workers")
TOKEN = Text(ko="워커 토큰", en="worker token")
_LOG = 1 << 20
Log = Annotated[str, StringConstraints(max_length=_LOG)]
Score = Annotated[float, Field(allow_inf_nan=False)]
Exact = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=60)]
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


# --- for organisers


class QueueIn(In):
    """A name of one's own; rounds under the same name share their workers."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class WorkerTokenOut(Out):
    """A machine's key, without its secret."""

    id: UUID
    title: str
    prefix: str
    issued_at: Moment
    seen_at: Moment | None
    revoked_at: Moment | None

    @classmethod
    def of(cls, token: WorkerToken) -> Self:
        return cls(**{name: getattr(token, name) for name in cls.model_fields})


class WorkerIssuedOut(Out):
    """``secret`` is shown this once: `dure worker --url … --token SECRET --queue …`."""

    id: UUID
    secret: str

    @classmethod
    def of(cls, issued: Issued[WorkerToken]) -> Self:
        return cls(id=issued.row.pk, secret=issued.secret)


class RoundQueueOut(Out):
    """``name`` null: the platform's own workers score the round. ``workers``: how many are at work."""

    name: str | None
    waiting: int
    running: int
    workers: int
    tokens: list[WorkerTokenOut]

    @classmethod
    def of(cls, round_: Round) -> Self:
        found = scorers_of(round_)
        return cls(
            name=found.queue.name if found.queue else None,
            waiting=found.waiting,
            running=found.running,
            workers=found.workers,
            tokens=[WorkerTokenOut.of(token) for token in found.tokens],
        )


def _kept_queue(person: Person, round_id: UUID) -> WorkerQueue:
    round_ = organised_round(person, round_id)
    queue = one(WorkerQueue.objects.all(), "queue.missing", QUEUE, rounds__round=round_)
    allow(keeps(person, queue))
    return queue


@router.get("/rounds/{uuid:round_id}/queue", response=RoundQueueOut)
def shown(request: Asked, round_id: UUID) -> RoundQueueOut:
    """Who scores a round, what waits, and the keys of its own workers, for its organisers."""
    return RoundQueueOut.of(organised_round(request.auth, round_id))


@writes(router.put, "/rounds/{uuid:round_id}/queue", RoundQueueOut)
def score_by_own(request: Asked, round_id: UUID, body: QueueIn) -> Round:
    """Let one's own workers score a round; what waits goes over to them."""
    round_ = organised_round(request.auth, round_id)
    workers.score_by_own(round_, queue=body.name, by=request.auth)
    return round_


@writes(router.delete, "/rounds/{uuid:round_id}/queue", RoundQueueOut)
def score_by_platform(request: Asked, round_id: UUID) -> Round:
    """Let the platform's workers score a round again; what waits comes back to them."""
    return workers.score_by_platform(organised_round(request.auth, round_id))


class TokenIn(In):
    """``title`` names the machine."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]


@writes(router.post, "/rounds/{uuid:round_id}/queue/tokens", WorkerIssuedOut, status=201, secret=True)
def issue(request: Asked, round_id: UUID, body: TokenIn) -> Issued[WorkerToken]:
    """A key for one machine: it opens the jobs of this queue and nothing else."""
    return workers.issue_worker_token(_kept_queue(request.auth, round_id), title=body.title, by=request.auth)


@writes(router.delete, "/worker-tokens/{uuid:token_id}", WorkerTokenOut)
def revoke(request: Asked, token_id: UUID) -> WorkerToken:
    """The key opens nothing from now on; what its machine is at goes to another."""
    token = one(WorkerToken.objects.select_related("queue"), "token.missing", TOKEN, pk=token_id)
    allow(keeps(request.auth, token.queue))
    return workers.revoke_worker_token(token)


# --- for machines


class Key(HttpBearer):
    """``Authorization: Bearer durew_…``: a machine's key."""

    def authenticate(self, request: HttpRequest, token: str) -> WorkerToken:
        try:
            key = workers.authenticate_worker(token)
        except Forbidden as wrong:
            raise problems.Unknown(wrong.code, wrong.text) from None
        known_to_act(thing_name(key))
        return key


class Working(HttpRequest):
    """A request of a machine: ``auth`` is its key."""

    auth: WorkerToken
    request_id: str


KEY = Key()


class ClaimIn(In):
    """Who asks, as people see it, and the queue that it was started for."""

    worker: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    queue: Line


class WorkOut(Out):
    """A job for ``lease_seconds``, which a heartbeat renews. ``order`` is what `dure worker` carries out."""

    job: UUID
    fence: int
    attempt: int
    lease_seconds: float
    order: dict[str, Any]


class ClaimOut(Out):
    """``work`` null: nothing waits."""

    work: WorkOut | None


class BeatIn(In):
    fence: Annotated[int, Field(ge=0, le=BIG)]
    worker: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class FaultIn(In):
    """``unready``: it could not even be begun here, which costs no attempt."""

    fence: Annotated[int, Field(ge=0, le=BIG)]
    fault: Annotated[str, StringConstraints(max_length=8000)]
    unready: bool = False


class HowIn(In):
    code_sha256: Digest
    inputs_sha256: Digest
    environment_digest: Digest
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None
    seconds: Annotated[Decimal, Field(ge=0, lt=10**7, allow_inf_nan=False)] | None


class MeasuredIn(In):
    kind: Literal["measured"]
    public: Score
    final: Score | None
    notes: Annotated[list[Words], Field(max_length=100)]
    log: Log
    values: Annotated[dict[Line, Exact], Field(max_length=1000)]
    how: HowIn


class FlawIn(In):
    code: Line
    row: int | None = None
    column: str | None = None
    ko: str
    en: str


class BrokenIn(In):
    kind: Literal["broken"]
    cause: Words
    flaws: Annotated[list[FlawIn], Field(max_length=1000)]
    total: Annotated[int, Field(ge=0, le=2**31 - 1)]
    log: Log
    organiser_log: Log = ""


class FaultyIn(In):
    kind: Literal["faulty"]
    cause: Words
    log: Log
    organiser_log: Log


OUTCOME: TypeAdapter[MeasuredIn | BrokenIn | FaultyIn] = TypeAdapter(
    Annotated[MeasuredIn | BrokenIn | FaultyIn, Field(discriminator="kind")]
)


class ResultIn(In):
    """``outcome`` as JSON: what the submission is worth, or why it is worth nothing."""

    fence: Annotated[int, Field(ge=0, le=BIG)]
    outcome: Annotated[str, StringConstraints(max_length=4 * _LOG)]


class Taken(Out):
    job: UUID


@router.post("/worker/claims", response=ClaimOut, auth=KEY)
def take_next(request: Working, body: ClaimIn) -> ClaimOut:
    """The next submission of the key's queue, if one waits."""
    token = request.auth
    if body.queue != token.queue.name:
        sentence = Text(
            ko="이 토큰은 ‘{name}’ 대기열의 것입니다. --queue를 확인하세요.",
            en="This token is of the queue {name}. Check --queue.",
        )
        raise Forbidden("work.queue", sentence.format(name=token.queue.name))
    taken = workers.take_next(token, worker=f"{token.title} {body.worker}"[:120])
    if taken is None:
        return ClaimOut(work=None)
    claim, order = taken
    seconds = claim.lease.total_seconds()
    work = WorkOut(job=claim.job, fence=claim.token, attempt=claim.attempt, lease_seconds=seconds, order=order)
    return ClaimOut(work=work)


@router.post("/worker/jobs/{uuid:job_id}/heartbeat", response=Taken, auth=KEY)
def beat(request: Working, job_id: UUID, body: BeatIn) -> Taken:
    """Still at it: the lease starts anew."""
    token = request.auth
    claim = workers.held(token, job_id, fence=body.fence)
    workers.keep_alive(token, claim, worker=f"{token.title} {body.worker}"[:120])
    return Taken(job=job_id)


@router.get("/worker/jobs/{uuid:job_id}/files/{uuid:file_id}", auth=KEY)
def file(request: Working, job_id: UUID, file_id: UUID, fence: Query[int]) -> FileResponse:
    """A file that the order names, while the job is held."""
    told = workers.file_for(workers.held(request.auth, job_id, fence=fence), file_id)
    path = files.path_of(Upload(id=UUID(told["id"])))
    return FileResponse(path.open("rb"), content_type="application/octet-stream")


@router.post("/worker/jobs/{uuid:job_id}/result", response=Taken, auth=KEY)
def deliver(request: Working, job_id: UUID, body: Form[ResultIn], details: File[UploadedFile | None] = None) -> Taken:
    """What came of it, written once; ``details`` is the page that the scorer wrote."""
    claim = workers.held(request.auth, job_id, fence=body.fence)
    told = _read(body.outcome)
    if details is None:
        workers.deliver(request.auth, claim, outcome_from(told))
    else:
        with files.received(details, most_bytes=MOST_DETAILS, name="detailed_results.html") as page:
            workers.deliver(request.auth, claim, outcome_from(told, details=page))
    return Taken(job=job_id)


@router.post("/worker/jobs/{uuid:job_id}/fault", response=Taken, auth=KEY)
def report(request: Working, job_id: UUID, body: FaultIn) -> Taken:
    """It failed on this machine: it is tried again later, here or on another."""
    claim = workers.held(request.auth, job_id, fence=body.fence)
    workers.report(claim, fault=body.fault, unready=body.unready)
    return Taken(job=job_id)


def _read(outcome: str) -> dict[str, Any]:
    try:
        return OUTCOME.validate_json(outcome).model_dump()
    except ValidationError as wrong:
        sentence = Text(
            ko="결과를 읽을 수 없습니다. 플랫폼과 같은 버전의 워커를 쓰세요.",
            en="This result cannot be read. Use a worker of the platform's own version.",
        )
        errors = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in wrong.errors()]
        raise Flawed("work.outcome", sentence, errors=errors[:20]) from None
