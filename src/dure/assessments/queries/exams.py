"""Exams as candidates and examiners see them: what one may take, who is in, what came of it, what questions tell."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from dure.assessments.analysis import Sat, Whole, analyse
from dure.assessments.content import Kind
from dure.assessments.models import (
    ENDED,
    Appeal,
    Asked,
    Attempt,
    AttemptState,
    Candidate,
    Exam,
    ExamState,
    Question,
    Version,
)
from dure.core import clock
from dure.core.hangul import key_of
from dure.people.models import Person


def exams_for(person: Person) -> "QuerySet[Exam]":
    """What somebody may take or has taken, what ends first in front; exams for all only while they can be taken."""
    own = Candidate.objects.filter(exam=OuterRef("pk"), person=person)
    open_to_all = Q(for_all=True, state=ExamState.OPEN, closes_at__gt=clock.now())
    rows = Exam.objects.exclude(state=ExamState.DRAFT).filter(Q(Exists(own)) | open_to_all)
    return rows.select_related("bank__organisation").order_by("-closes_at", "pk")


def attempts_of(exam: Exam, person: Person) -> "QuerySet[Attempt]":
    """What somebody has made of an exam, the latest first."""
    rows = exam.attempts.filter(candidate__person=person).order_by("-number")
    return rows.select_related("exam__bank__organisation", "candidate")


@dataclass(frozen=True)
class Row:
    """A candidate in the examiners' room: the latest attempt, how many of its questions are answered."""

    candidate: Candidate
    attempt: Attempt | None
    answered: int = 0
    asked: int = 0
    incidents: int = 0


def candidates_of(exam: Exam, *, typed: str = "", state: str = "") -> "QuerySet[Candidate]":
    """Candidates by name; ``state`` is one of the latest attempt's, or ``none``."""
    rows = exam.candidates.select_related("person").order_by("person__name_key", "pk")
    if typed:
        rows = rows.filter(Q(person__name_key__begins=key_of(typed)) | Q(person__email__contains=typed.lower()))
    if state == "none":
        return rows.filter(taken=0)
    if state in AttemptState.values:
        latest = Attempt.objects.filter(candidate=OuterRef("pk"), number=OuterRef("taken"), state=state)
        return rows.filter(Exists(latest))
    return rows


def rows_of(candidates: list[Candidate]) -> list[Row]:
    """One page of the room, read together."""
    latest = Attempt.objects.filter(candidate__in=candidates, number=F("candidate__taken"))
    attempts = {row.candidate_id: row for row in latest}
    counted = Asked.objects.filter(attempt__in=latest).values("attempt")
    told = counted.annotate(n=Count("pk"), answered=Count("pk", Q(answer__isnull=False)))
    answered = {pk: (given, n) for pk, given, n in told.values_list("attempt", "answered", "n")}
    noted = latest.annotate(n=Count("incidents")).values_list("pk", "n")
    incidents: dict[UUID, int] = dict(noted)
    return [_row(candidate, attempts.get(candidate.pk), answered, incidents) for candidate in candidates]


def _row(
    candidate: Candidate,
    attempt: Attempt | None,
    counted: dict[UUID, tuple[int, int]],
    incidents: dict[UUID, int],
) -> Row:
    if attempt is None:
        return Row(candidate, None)
    return Row(candidate, attempt, *counted.get(attempt.pk, (0, 0)), incidents.get(attempt.pk, 0))


def states_of(exam: Exam) -> dict[str, int]:
    """How many attempts there are in each state."""
    counted = exam.attempts.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted)


def results_of(exam: Exam) -> "QuerySet[Attempt]":
    """Every attempt with its candidate, in the order of their names."""
    rows = exam.attempts.select_related("candidate__person")
    return rows.order_by("candidate__person__name_key", "candidate", "number")


def asked_in(attempt: Attempt) -> "QuerySet[Asked]":
    return attempt.asked.select_related("version__question", "appeal").order_by("place")


def appeals_of(exam: Exam) -> "QuerySet[Appeal]":
    """Appeals, the oldest that waits in front."""
    rows = Appeal.objects.filter(asked__attempt__exam=exam)
    return rows.select_related("asked__version__question", "asked__attempt__candidate__person").order_by("-state", "pk")


# --- what questions tell


@dataclass(frozen=True)
class Analysis:
    """The figures, and the version of each question that they are of."""

    whole: Whole
    versions: dict[UUID, Version]


def analysis_of(exam: Exam) -> Analysis:
    """Item analysis over the first marked attempt of each candidate: later ones know the questions."""
    first = Attempt.objects.filter(candidate=OuterRef("candidate"), number__lt=OuterRef("number"), state__in=ENDED)
    attempts = exam.attempts.filter(~Exists(first), state__in=ENDED)
    sats: dict[UUID, list[Sat]] = defaultdict(list)
    rows = Asked.objects.filter(attempt__in=attempts, counts=True, mark__isnull=False)
    for attempt, version, points, mark, answer in rows.values_list("attempt", "version", "points", "mark", "answer"):
        chosen = tuple(answer) if isinstance(answer, list) else ()
        sats[attempt].append(Sat(version, float((mark or 0) / points), float(points), chosen))
    versions = Version.objects.filter(pk__in={sat.question for of in sats.values() for sat in of})
    found = {row.pk: row for row in versions.select_related("question")}
    choices = {pk: len(row.content["choices"]) for pk, row in found.items() if row.content["kind"] in CHOSEN}
    return Analysis(analyse(list(sats.values()), choices=choices), found)


CHOSEN = {Kind.SINGLE.value, Kind.MULTIPLE.value}


def used_in(exam: Exam) -> "QuerySet[Version]":
    """The versions of questions that stand on somebody's paper, by key."""
    asked = Asked.objects.filter(attempt__exam=exam, version=OuterRef("pk"))
    rows = Version.objects.filter(Exists(asked), question__bank=exam.bank_id)
    question: Prefetch[str] = Prefetch("question", Question.objects.select_related("current"))
    return rows.prefetch_related(question).order_by("question__key", "number")
