"""Tests over HTTP: banks brought in and out, exams held and taken, results released and read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from dure.api.base import Asked as Request
from dure.api.find import allow, one, persons_by
from dure.api.shapes import GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Prose, Words, paged
from dure.api.writing import writes
from dure.assessments.models import Asked, Attempt, AttemptState, Bank, Candidate, Exam, Review
from dure.assessments.operations import attempts, banks, exams, results
from dure.assessments.operations.papers import Draws, make_paper
from dure.assessments.queries.exams import analysis_of, asked_in, exams_for
from dure.assessments.rules import kept_by, may_keep, may_see_exam, may_sit, sees_marks
from dure.core.text import Text
from dure.joints.sheets import read_sent

router = Router(tags=["assessments"])
BANK = Text(ko="문제은행", en="question bank")
EXAM = Text(ko="시험", en="exam")
ATTEMPT = Text(ko="응시", en="attempt")
CANDIDATE = Text(ko="응시자", en="candidate")


class BankOut(Out):
    id: UUID
    organisation: str
    name: Words

    @classmethod
    def of(cls, row: Bank) -> Self:
        return cls(id=row.pk, organisation=row.organisation.short, name=Words.of(row.name))


class TakenOut(Out):
    """Keys of questions that are new, changed, or the same as they were."""

    new: list[str]
    changed: list[str]
    same: list[str]

    @classmethod
    def of(cls, taken: banks.Taken) -> Self:
        return cls(new=taken.new, changed=taken.changed, same=taken.same)


class LineIn(In):
    """``count`` questions of ``points`` each; what is left out may be any."""

    count: Annotated[int, Field(ge=1, le=200)]
    points: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=2)] = Decimal(1)
    topic: Annotated[str, Field(max_length=80)] = ""
    difficulty: Annotated[int, Field(ge=1, le=5)] | None = None
    kind: Literal["", "single", "multiple", "numeric", "short", "ordering", "code"] = ""


class ExamIn(In):
    """``lines`` become the exam's own paper, under its English title. ``bands``: share, Korean, English."""

    title: Words
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=100)]
    shuffles: bool = True
    opens_at: GivenMoment
    closes_at: GivenMoment
    minutes: Annotated[int, Field(ge=1, le=10_000)]
    pass_share: Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)] = Decimal("0.6")
    most_attempts: Annotated[int, Field(ge=1, le=100)] = 1
    wait_hours: Annotated[int, Field(ge=0, le=100_000)] = 24
    for_all: bool = False
    at_once: bool = False
    review: Literal["score", "marks", "answers"] = "marks"
    bands: Annotated[list[tuple[Annotated[Decimal, Field(ge=0, le=1)], Line, Line]], Field(max_length=20)] = []


class ExamOut(Out):
    id: UUID
    bank: UUID
    title: Words
    state: str
    opens_at: Moment
    closes_at: Moment
    minutes: int
    pass_share: Decimal
    most_attempts: int
    wait_hours: int

    @classmethod
    def of(cls, row: Exam) -> Self:
        names = ("id", "state", "opens_at", "closes_at", "minutes", "pass_share", "most_attempts", "wait_hours")
        return cls(**{name: getattr(row, name) for name in names}, bank=row.bank_id, title=Words.of(row.title))


class EmailsIn(In):
    emails: Annotated[list[Annotated[str, Field(max_length=254)]], Field(min_length=1, max_length=5000)]


class CandidateOut(Out):
    id: UUID
    person: PersonRef
    extra_minutes: int
    taken: int

    @classmethod
    def of(cls, row: Candidate) -> Self:
        return cls(id=row.pk, person=PersonRef.of(row.person), extra_minutes=row.extra_minutes, taken=row.taken)


class AdmittedOut(Out):
    admitted: int

    @classmethod
    def of(cls, admitted: int) -> Self:
        return cls(admitted=admitted)


class TimeIn(In):
    extra_minutes: Annotated[int, Field(ge=0, le=10_000)]


class ExamQuestionOut(Out):
    """A question as it was put: ``answer`` and choices by the places in ``choices``. ``mark``: once it is shown."""

    place: int
    kind: str
    text: Words
    choices: list[Words]
    points: Decimal
    answer: Any
    saves: int
    mark: Decimal | None

    @classmethod
    def of(cls, row: Asked, *, marks: bool) -> Self:
        content = row.version.read
        return cls(
            place=row.place, kind=content.kind.value, text=Words.of(content.text), points=row.points,
            choices=[Words.of(content.choices[at]) for at in row.order], answer=row.shown_answer, saves=row.saves,
            mark=row.mark if marks else None,
        )  # fmt: skip


class AttemptOut(Out):
    """``score`` and what follows from it: once the result is released, to examiners once it is marked."""

    id: UUID
    exam: UUID
    number: int
    state: str
    started_at: Moment
    deadline: Moment
    score: Decimal | None
    total: Decimal
    passed: bool | None
    level: Words | None

    @classmethod
    def of(cls, row: Attempt, *, whole: bool = False) -> Self:
        told = {name: getattr(row, name) for name in ("id", "number", "state", "started_at", "deadline", "total")}
        shows = whole or row.state == AttemptState.RELEASED
        level = Words.of(row.level) if shows and row.level_en else None
        seen = {"score": row.score, "passed": row.passed} if shows else {"score": None, "passed": None}
        return cls(**told, **seen, exam=row.exam_id, level=level)


class PaperOut(AttemptOut):
    questions: list[ExamQuestionOut]

    @classmethod
    def of(cls, row: Attempt, *, whole: bool = False) -> Self:
        marks = whole or sees_marks(row)
        open_ = row.state == AttemptState.RUNNING or marks
        questions = [ExamQuestionOut.of(one, marks=marks) for one in asked_in(row)] if open_ else []
        return cls(**dict(AttemptOut.of(row, whole=whole)), questions=questions)


class ResultOut(AttemptOut):
    person: PersonRef

    @classmethod
    def many(cls, rows: Sequence[Attempt]) -> list[Self]:
        return [cls(**dict(AttemptOut.of(row, whole=True)), person=PersonRef.of(row.candidate.person)) for row in rows]


class ExamAnswerIn(In):
    """``saves``: how often it had been saved when it was changed. ``nonce``: the same twice counts once."""

    answer: list[Annotated[int, Field(ge=0, le=20)]] | Annotated[str, Field(max_length=50_000)] | None
    saves: Annotated[int, Field(ge=0, le=10**9)]
    nonce: Annotated[str, Field(max_length=40)] = ""


class SavedOut(Out):
    place: int
    saves: int
    at: Moment

    @classmethod
    def of(cls, saved: attempts.Saved) -> Self:
        at: datetime = saved.at
        return cls(place=saved.place, saves=saved.saves, at=at)


class ReleasedOut(Out):
    released: int

    @classmethod
    def of(cls, released: int) -> Self:
        return cls(released=released)


class VoidIn(In):
    why: Prose


class FigureOut(Out):
    """Of one question: its mean share, upper less lower 27 %, and its correlation with the rest."""

    key: str
    version: int
    n: int
    difficulty: float
    upper_lower: float | None
    point_biserial: float | None


class AnalysisOut(Out):
    """``alpha`` is Cronbach's, and KR-20 where ``is_kr20``; over the ``common`` questions that everybody had."""

    n: int
    alpha: float | None
    is_kr20: bool
    common: int
    questions: list[FigureOut]

    @classmethod
    def of(cls, exam: Exam) -> Self:
        told = analysis_of(exam)
        figures = [
            FigureOut(
                key=told.versions[row.question].question.key, version=told.versions[row.question].number, n=row.n,
                difficulty=row.difficulty, upper_lower=row.upper_lower, point_biserial=row.point_biserial,
            )
            for row in told.whole.questions
        ]  # fmt: skip
        whole = told.whole
        return cls(n=whole.n, alpha=whole.alpha, is_kr20=whole.is_kr20, common=whole.common, questions=figures)


# --- held


@router.get("/banks", response=Page[BankOut])
def all_banks(request: Request, paging: Query[Paging]) -> Page[BankOut]:
    """The question banks that one looks after."""
    return paged(kept_by(request.auth), paging, lambda rows: [BankOut.of(row) for row in rows])


@dataclass(frozen=True)
class Sent:
    """A table of questions that is to be taken in."""

    bank: Bank
    header: list[str]
    rows: list[tuple[int, list[str]]]
    check_only: bool


@contextmanager
def _sent(request: Request, bank_id: UUID, file: File[UploadedFile], *, check_only: bool = False) -> Iterator[Sent]:
    bank, table = _kept(request, bank_id), read_sent(file)
    yield Sent(bank, table.header, table.rows, check_only)


@writes(router.post, "/banks/{uuid:bank_id}/imports", TakenOut, before=_sent)
def take_table(request: Request, sent: Sent) -> banks.Taken:
    """Bring questions in, as CSV or XLSX; all rows or none, and the same file again does nothing."""
    return banks.take_table(sent.bank, header=sent.header, rows=sent.rows, by=request.auth, check_only=sent.check_only)


@writes(router.post, "/banks/{uuid:bank_id}/exams", ExamOut, status=201)
def plan(request: Request, bank_id: UUID, body: ExamIn) -> Exam:
    """Plan an exam with a paper of its own."""
    bank, told = _kept(request, bank_id), body.model_dump(exclude={"title", "lines", "shuffles", "bands", "review"})
    lines = [Draws(**line.model_dump()) for line in body.lines]
    paper = make_paper(bank, name=body.title.en[:160], lines=lines, shuffles=body.shuffles)
    bands = [[f"{share:f}", korean, english] for share, korean, english in body.bands]
    title = {"title_ko": body.title.ko[:200], "title_en": body.title.en[:200]}
    return exams.plan_exam(bank, paper=paper, by=request.auth, bands=bands, review=Review(body.review), **title, **told)


@writes(router.post, "/exams/{uuid:exam_id}/open", ExamOut)
def open_(request: Request, exam_id: UUID) -> Exam:
    """Let it be taken in its window; refused where the bank cannot fill its paper."""
    return exams.open_exam(_held(request, exam_id))


@writes(router.post, "/exams/{uuid:exam_id}/archive", ExamOut)
def archive(request: Request, exam_id: UUID) -> Exam:
    """Begin no more attempts; those that run go on."""
    return exams.archive_exam(_held(request, exam_id))


@writes(router.post, "/exams/{uuid:exam_id}/candidates", AdmittedOut)
def admit(request: Request, exam_id: UUID, body: EmailsIn) -> int:
    """Admit people by their addresses; who may already is passed over."""
    exam = _held(request, exam_id)
    return exams.admit(exam, persons_by(body.emails))


@router.get("/exams/{uuid:exam_id}/candidates", response=Page[CandidateOut])
def candidates(request: Request, exam_id: UUID, paging: Query[Paging]) -> Page[CandidateOut]:
    """Who may take an exam, for its examiners."""
    rows = _held(request, exam_id).candidates.select_related("person")
    return paged(rows, paging, lambda found: [CandidateOut.of(row) for row in found])


@writes(router.put, "/candidates/{uuid:candidate_id}/time", CandidateOut)
def give_time(request: Request, candidate_id: UUID, body: TimeIn) -> Candidate:
    """Give a candidate more time than others; an attempt that runs gets it as well."""
    rows = Candidate.objects.select_related("exam__bank__organisation", "person")
    row = one(rows, "candidate.missing", CANDIDATE, pk=candidate_id)
    _held(request, row.exam_id)
    return exams.give_time(row, extra_minutes=body.extra_minutes)


@router.get("/exams/{uuid:exam_id}/attempts", response=Page[ResultOut])
def all_attempts(request: Request, exam_id: UUID, paging: Query[Paging]) -> Page[ResultOut]:
    """Every attempt with its result, for the examiners."""
    rows = _held(request, exam_id).attempts.select_related("candidate__person")
    return paged(rows, paging, ResultOut.many)


@writes(router.post, "/exams/{uuid:exam_id}/release", ReleasedOut)
def release(request: Request, exam_id: UUID) -> int:
    """Let every result that is marked count."""
    return results.release_results(_held(request, exam_id))


@writes(router.post, "/attempts/{uuid:attempt_id}/void", AttemptOut)
def void(request: Request, attempt_id: UUID, body: VoidIn) -> Attempt:
    """Take an attempt out, for good and with the reason."""
    row = one(Attempt.objects.select_related("exam", "candidate"), "attempt.missing", ATTEMPT, pk=attempt_id)
    _held(request, row.exam_id)
    return results.void(row, why=body.why)


@router.get("/exams/{uuid:exam_id}/analysis", response=AnalysisOut)
def analysis(request: Request, exam_id: UUID) -> AnalysisOut:
    """What the answers tell of the questions."""
    return AnalysisOut.of(_held(request, exam_id))


# --- taken


@router.get("/me/exams", response=Page[ExamOut])
def own_exams(request: Request, paging: Query[Paging]) -> Page[ExamOut]:
    """What one may take or has taken."""
    return paged(exams_for(request.auth), paging, lambda rows: [ExamOut.of(row) for row in rows])


@writes(router.post, "/exams/{uuid:exam_id}/attempts", PaperOut, status=201)
def start(request: Request, exam_id: UUID) -> Attempt:
    """Begin an exam, or come back to the attempt that runs."""
    exam = one(Exam.objects.select_related("bank__organisation", "paper"), "exam.missing", EXAM, pk=exam_id)
    if not may_see_exam(request.auth, exam):
        one(Exam.objects.none(), "exam.missing", EXAM)
    return attempts.start(exam, person=request.auth)


@router.get("/attempts/{uuid:attempt_id}", response=PaperOut)
def attempt(request: Request, attempt_id: UUID) -> PaperOut:
    """One's own attempt: the questions while it runs, afterwards what the exam shows."""
    return PaperOut.of(_own(request, attempt_id))


@writes(router.put, "/attempts/{uuid:attempt_id}/answers/{int:place}", SavedOut)
def save(request: Request, attempt_id: UUID, place: int, body: ExamAnswerIn) -> attempts.Saved:
    """Save an answer; refused past the deadline, and where another device has changed it."""
    return attempts.save_answer(_own(request, attempt_id).pk, place=place, **body.model_dump())


@writes(router.post, "/attempts/{uuid:attempt_id}/hand-in", AttemptOut)
def hand_in(request: Request, attempt_id: UUID) -> Attempt:
    """Hand in; a worker marks it."""
    return attempts.hand_in(_own(request, attempt_id))


def _kept(request: Request, bank_id: UUID) -> Bank:
    """The bank, for its examiners."""
    bank = one(Bank.objects.select_related("organisation"), "bank.missing", BANK, pk=bank_id)
    allow(may_keep(request.auth, bank), "bank.not-yours")
    return bank


def _held(request: Request, exam_id: UUID) -> Exam:
    """The exam, for its examiners."""
    exam = one(Exam.objects.select_related("bank__organisation", "paper"), "exam.missing", EXAM, pk=exam_id)
    allow(may_keep(request.auth, exam.bank), "bank.not-yours")
    return exam


def _own(request: Request, attempt_id: UUID) -> Attempt:
    """One's own attempt; others need not know that it is there."""
    rows = Attempt.objects.select_related("exam__bank", "candidate")
    row = one(rows, "attempt.missing", ATTEMPT, pk=attempt_id)
    return row if may_sit(request.auth, row) else one(rows.none(), "attempt.missing", ATTEMPT)
