"""Field trials: a model of a round beside a service's own; planned, run, compared, judged by the service's owner."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.find import allow, one, organisation_by
from dure.api.rounds.found import submission_by
from dure.api.shapes import Email, GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.challenges.models import Adoption, FieldRequest, FieldTrial, Round
from dure.challenges.models.fieldtrials import MOST_BATCH, MOST_DAYS_KEPT, MOST_REQUESTS, MOST_STATEMENT
from dure.challenges.operations import fieldtrials
from dure.challenges.operations.fieldtrials import Plan, ReceivedPlan
from dure.challenges.queries.fieldtrials import comparison, differing, field_trials
from dure.challenges.rules import may_see_field_trial, organises, owns_field_trial
from dure.core.text import Text
from dure.joints.fieldtrials import count_at, owner_called
from dure.joints.running import let_organise

router = Router(tags=["rounds"])
ROUND = Text(ko="라운드", en="round")
TRIAL = Text(ko="현장 시험", en="field trial")
Address = Annotated[str, StringConstraints(max_length=400)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class PlanIn(In):
    """A plan. Requests come from the ``file`` that is sent (CSV or JSON lines) or from ``address``, one of them.

    ``owner``: the email of who answers for the service; ``organisation`` its short name. ``share`` and ``most_failed``
    are per cent; ``most_ms`` null: time stops nothing. ``seed`` null: drawn.
    """

    submission: UUID
    service_ko: Short
    service_en: Short
    organisation: Line
    owner: Email
    starts_at: GivenMoment
    ends_at: GivenMoment
    address: Address = ""
    answers_address: Address = ""
    token: Address = ""
    file_name: Annotated[str, StringConstraints(max_length=80)] = "requests.csv"
    share: int = Field(10, ge=1, le=100)
    batch: int = Field(50, ge=1, le=MOST_BATCH)
    seconds: int = Field(60, ge=1, le=3600)
    per_minute: int = Field(600, ge=1, le=60_000)
    total: int = Field(10_000, ge=1, le=MOST_REQUESTS)
    tolerance: Decimal = Field(Decimal(0), ge=0, max_digits=20, decimal_places=12)
    most_failed: int = Field(20, ge=0, le=100)
    most_ms: int | None = Field(None, ge=1, le=3_600_000)
    keep_days: int = Field(30, ge=0, le=MOST_DAYS_KEPT)
    seed: int | None = Field(None, ge=0, le=2**31 - 1)

    def plan(self, round_: Round, file: UploadedFile | None) -> Plan:
        """As the operation takes it. Raises Missing, Flawed."""
        same = set(type(self).model_fields) - {"submission", "service_ko", "service_en", "organisation", "owner"}
        return Plan(
            submission=submission_by(self.submission), service=Text(ko=self.service_ko, en=self.service_en),
            organisation=organisation_by(self.organisation), owner=owner_called(self.owner, round_), file=file,
            name=(file.name or "") if file else "", **{name: getattr(self, name) for name in same},
        )  # fmt: skip


class SharedIn(In):
    shared: bool


class JudgedIn(In):
    """The service's owner says what becomes of the model, once and for all."""

    adoption: Literal["adopt", "later", "not"]
    because: Annotated[str, StringConstraints(min_length=1, max_length=MOST_STATEMENT)]


class CountsIn(In):
    """``stage``: a test stage after the round's, empty for none."""

    stage: Line = ""


class TrialOut(Out):
    """``state``: draft, running, paused, ended or stopped; ``ending``: why it is over. ``fault``: why its source could
    not be read the last time."""

    id: UUID
    round: UUID
    submission: UUID
    service: Words
    organisation: str
    owner: PersonRef
    starts_at: Moment
    ends_at: Moment
    share: int
    seed: int
    total: int
    state: str
    ending: str
    read: int
    fault: Words | None
    shared: bool
    adoption: str
    statement: str

    @classmethod
    def of(cls, row: FieldTrial) -> Self:
        same = ("starts_at", "ends_at", "share", "seed", "total", "state", "ending", "read", "shared", "adoption",
                "statement")  # fmt: skip
        return cls(
            id=row.pk, round=row.round_id, submission=row.submission_id, service=Words.of(row.service),
            organisation=row.organisation.short, owner=PersonRef.of(row.owner),
            fault=Words.of(row.fault) if row.fault else None, **{name: getattr(row, name) for name in same},
        )  # fmt: skip


class Figures(Out):
    """Counts, sums of distances as decimals, and the percentiles of both sides in milliseconds."""

    tried: int
    failed: int
    compared: int
    agreed: int
    judged: int
    right: int
    service_judged: int
    service_right: int
    gap: str
    error: str
    service_error: str
    causes: dict[str, int]
    ms_p50: int | None
    ms_p95: int | None
    ms_p99: int | None
    service_ms_p50: int | None
    service_ms_p95: int | None
    service_ms_p99: int | None


class DayFigures(Figures):
    day: str


class RoundComparisonOut(Out):
    """Both sides beside each other, in all and by day."""

    trial: UUID
    service: Words
    state: str
    ending: str
    adoption: str
    statement: str
    read: int
    total: Figures
    days: list[DayFigures]


class Differences(In):
    """``after``: the id up to which requests were read."""

    limit: int = Field(50, ge=1, le=500)
    after: int | None = Field(None, ge=0)


class DifferenceOut(Out):
    """A request that both answered, each otherwise; an answer is a list of cells."""

    id: int
    request: str
    input: dict[str, Any]
    model: list[str]
    service: list[str]
    truth: list[str] | None
    at: Moment

    @classmethod
    def of(cls, row: FieldRequest) -> Self:
        return cls(
            id=row.pk, request=row.name, input=row.asked, model=row.answer or [], service=row.service_answer or [],
            truth=row.truth, at=row.at,
        )  # fmt: skip


class DifferencesOut(Out):
    """The newest first; ``next`` is the ``after`` of the following page, null at the end."""

    items: list[DifferenceOut]
    next: int | None


@contextmanager
def _received(
    request: Asked, round_id: UUID, *, body: Form[PlanIn], file: File[UploadedFile | None] = None
) -> Iterator[ReceivedPlan]:
    round_ = _run(request, round_id)
    with fieldtrials.receive_field_trial(round_, body.plan(round_, file or None)) as received:
        yield received


@contextmanager
def _checked(request: Asked, field_id: UUID) -> Iterator[FieldTrial]:
    """Its source is read before the transaction."""
    trial = _run_trial(request, field_id)
    fieldtrials.check_source(trial)
    yield trial


@writes(router.post, "/rounds/{uuid:round_id}/field-trials", TrialOut, status=201, before=_received)
def draft(request: Asked, received: ReceivedPlan) -> FieldTrial:
    """Plan one; nothing is asked before it is started."""
    return fieldtrials.accept_field_trial(received, by=request.auth)


@router.get("/rounds/{uuid:round_id}/field-trials", response=Page[TrialOut])
def trials(request: Asked, round_id: UUID, paging: Query[Paging]) -> Any:
    """All of a round."""
    return paged(field_trials().filter(round=_run(request, round_id)), paging, _listed)


@router.get("/field-trials/{uuid:field_id}", response=TrialOut)
def trial(request: Asked, field_id: UUID) -> TrialOut:
    """One, for those who run the round and the service's owner."""
    return TrialOut.of(_seen(request, field_id))


@router.get("/field-trials/{uuid:field_id}/comparison", response=RoundComparisonOut)
def compared(request: Asked, field_id: UUID) -> dict[str, Any]:
    """Both sides in numbers."""
    return comparison(_seen(request, field_id))


@router.get("/field-trials/{uuid:field_id}/differences", response=DifferencesOut)
def differences(request: Asked, field_id: UUID, asked: Query[Differences]) -> DifferencesOut:
    """Where they differ, as long as requests are kept."""
    rows = differing(_seen(request, field_id))
    chosen = rows if asked.after is None else rows.filter(pk__lt=asked.after)
    page = list(chosen[: asked.limit + 1])
    more = page[asked.limit - 1].pk if len(page) > asked.limit else None
    return DifferencesOut(items=[DifferenceOut.of(row) for row in page[: asked.limit]], next=more)


@writes(router.post, "/field-trials/{uuid:field_id}/start", TrialOut, before=_checked)
def start(_request: Asked, found: FieldTrial) -> FieldTrial:
    """Let it ask, once its source could be read."""
    return fieldtrials.start_field_trial(found)


@writes(router.post, "/field-trials/{uuid:field_id}/pause", TrialOut)
def pause(request: Asked, field_id: UUID) -> FieldTrial:
    """Ask nothing more for now."""
    return fieldtrials.pause_field_trial(_run_trial(request, field_id))


@writes(router.post, "/field-trials/{uuid:field_id}/resume", TrialOut)
def resume(request: Asked, field_id: UUID) -> FieldTrial:
    """Go on where it stood."""
    return fieldtrials.resume_field_trial(_run_trial(request, field_id))


@writes(router.post, "/field-trials/{uuid:field_id}/stop", TrialOut)
def stop(request: Asked, field_id: UUID) -> FieldTrial:
    """End it before its time, for good."""
    return fieldtrials.stop_field_trial(_run_trial(request, field_id))


@writes(router.put, "/field-trials/{uuid:field_id}/shared", TrialOut)
def share(request: Asked, field_id: UUID, body: SharedIn) -> FieldTrial:
    """Let those whose model it is read the summary, or no more."""
    return fieldtrials.share_field_trial(_run_trial(request, field_id), shared=body.shared)


@writes(router.put, "/field-trials/{uuid:field_id}/counts", TrialOut)
def counts(request: Asked, field_id: UUID, body: CountsIn) -> FieldTrial:
    """Which later stage takes the result, once it is judged."""
    found = _run_trial(request, field_id)
    count_at(found, body.stage)
    return found


@writes(router.post, "/field-trials/{uuid:field_id}/judgement", TrialOut, status=201)
def judge(request: Asked, field_id: UUID, body: JudgedIn) -> FieldTrial:
    """By the service's owner: the comparison is evidence from now on."""
    found = _seen(request, field_id)
    allow(owns_field_trial(request.auth, found))
    return fieldtrials.judge_field_trial(found, Adoption(body.adoption), because=body.because)


@writes(router.delete, "/field-trials/{uuid:field_id}", TrialOut)
def discard(request: Asked, field_id: UUID) -> FieldTrial:
    """Forget a draft with its file."""
    found = _run_trial(request, field_id)
    fieldtrials.discard_field_trial(found)
    return found


def _run(request: Asked, round_id: UUID) -> Round:
    """A round whose organiser asks; who operates its programme becomes one."""
    found = one(Round.objects.all(), "round.missing", ROUND, pk=round_id)
    let_organise(request.auth, found)
    if not organises(request.auth, found):
        return one(Round.objects.none(), "round.missing", ROUND)
    return found


def _seen(request: Asked, field_id: UUID) -> FieldTrial:
    """One that the caller may see whole. Raises Missing: strangers need not know that it is there."""
    found = one(field_trials(), "field.missing", TRIAL, pk=field_id)
    let_organise(request.auth, found.round)
    if not may_see_field_trial(request.auth, found):
        return one(field_trials().none(), "field.missing", TRIAL)
    return found


def _run_trial(request: Asked, field_id: UUID) -> FieldTrial:
    found = _seen(request, field_id)
    allow(organises(request.auth, found.round))
    return found


def _listed(rows: Sequence[FieldTrial]) -> list[TrialOut]:
    return [TrialOut.of(row) for row in rows]
