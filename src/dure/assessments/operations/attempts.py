"""Attempts as candidates make them: begun, answered under the server's clock, handed in by them or by it."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dure.assessments.content import Kind
from dure.assessments.drawing import shuffled
from dure.assessments.marking import taken
from dure.assessments.models import (
    ATTEMPT_MOVES,
    Asked,
    Attempt,
    AttemptState,
    Candidate,
    Exam,
    Paper,
    PaperLine,
    Version,
)
from dure.assessments.operations.exams import check_can_be_drawn, deadline_of
from dure.assessments.queries.banks import drawn_from
from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Forbidden, Missing, Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.store.models import move
from dure.store.transactions import durable

HAND_IN, MARK = "assessments.hand-in", "assessments.mark"
MOST_NONCE = 40
_NOT_NOW = Text(
    ko="지금은 응시할 수 없습니다. 응시 기간을 확인하세요.", en="It cannot be taken now. Check when it can be."
)
_NOT_YOU = Text(
    ko="이 시험의 응시 대상이 아닙니다. 출제자에게 문의하세요.",
    en="You are not admitted to this exam. Ask its examiners.",
)
_NO_MORE = Text(ko="{most}번까지 응시할 수 있고, 모두 쓰셨습니다.", en="It can be taken {most} times, and you have.")
_WAIT = Text(
    ko="다시 응시하려면 {hours}시간을 기다려야 합니다.", en="Between two attempts lie {hours} hours. Come back then."
)
_LATE = Text(
    ko="시험 시간이 끝나 이 답은 저장되지 않았습니다. 그 전에 저장된 답으로 채점합니다.",
    en="Time is up, so this answer was not saved. What was saved before is marked.",
)
_ELSEWHERE = Text(
    ko="다른 탭이나 기기에서 이 답을 먼저 바꾸었습니다. 지금 저장된 답을 확인하세요.",
    en="This answer was changed in another tab or on another device. See what is saved now.",
)
_NO_QUESTION = Text(ko="이 시험지에 없는 문항입니다.", en="The paper has no such question.")


@dataclass(frozen=True)
class Saved:
    """A receipt: which change of which answer was kept, and when."""

    place: int
    saves: int
    at: datetime


def start(exam: Exam, *, person: Person) -> Attempt:
    """Begin an attempt, or come back to the one that runs.

    Raises Forbidden("exam.not-admitted"), Refused("exam.closed", "exam.no-more", "exam.wait", "exam.lacks").
    """
    candidate = _candidate(exam, person)
    with transaction.atomic():
        candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)  # whoever begins elsewhere waits
        return _running(candidate) or _begin(exam, candidate)


def _candidate(exam: Exam, person: Person) -> Candidate:
    found = exam.candidates.filter(person=person).first()
    if found is None and exam.for_all and exam.is_going:
        return Candidate.objects.get_or_create(exam=exam, person=person)[0]
    if found is None:
        raise Forbidden("exam.not-admitted", _NOT_YOU)
    return found


def _running(candidate: Candidate) -> Attempt | None:
    """The attempt that goes on; one whose time is up is handed in first."""
    found = candidate.attempts.select_related("exam", "candidate").filter(state=AttemptState.RUNNING).first()
    if found is not None and found.deadline <= clock.now():
        hand_in_if_due(found.pk)
        return None
    return found


def _begin(exam: Exam, candidate: Candidate) -> Attempt:
    now = clock.now()
    if not exam.is_going:
        raise Refused("exam.closed", _NOT_NOW, opens_at=exam.opens_at, closes_at=exam.closes_at)
    _check_may_again(exam, candidate, now)
    attempt = Attempt(
        exam=exam, candidate=candidate, number=candidate.taken, seed=secrets.randbits(62), started_at=now,
        deadline=deadline_of(exam, candidate, now), total=0,
    )  # fmt: skip
    asked = _asked(attempt, exam.paper)
    attempt.total = sum((one.points for one in asked), start=attempt.total)
    attempt.save(force_insert=True)
    Asked.objects.bulk_create(asked)
    enqueue(HAND_IN, arguments={"attempt": attempt.pk}, key=f"{HAND_IN}:{attempt.pk}", run_at=attempt.deadline)
    told = {"number": attempt.number, "seed": str(attempt.seed), "deadline": attempt.deadline}
    record("attempt.begun", attempt, after=told, about=("people.person", candidate.person_id))
    return attempt


def _check_may_again(exam: Exam, candidate: Candidate, now: datetime) -> None:
    """Take one of the candidate's attempts; their row is held."""
    if candidate.taken >= exam.most_attempts:
        raise Refused("exam.no-more", _NO_MORE.format(most=exam.most_attempts), most=exam.most_attempts)
    last = candidate.attempts.order_by("-number").first()
    if last is not None and now < (last.sent_at or last.deadline) + timedelta(hours=exam.wait_hours):
        raise Refused("exam.wait", _WAIT.format(hours=exam.wait_hours), hours=exam.wait_hours)
    candidate.taken += Candidate.objects.filter(pk=candidate.pk).update(taken=F("taken") + 1)


def _asked(attempt: Attempt, paper: Paper) -> list[Asked]:
    """The questions of an attempt, as its seed draws them. Raises Refused("exam.lacks")."""
    drawn = drawn_from(paper, seed=attempt.seed)
    if drawn.lacks:
        check_can_be_drawn(paper)
    lines: list[PaperLine] = list(paper.lines.all())
    versions = Version.objects.filter(question__bank=paper.bank_id, question__current=F("pk"))
    by_question = {row.question_id: row for row in versions.filter(question__in=[pk for _, pk in drawn.questions])}
    rows = [(lines[line], by_question[question]) for line, question in drawn.questions]
    if paper.shuffles:
        rows = shuffled(rows, seed=attempt.seed, of="paper")
    return [
        Asked(
            attempt=attempt, place=place, version=version, points=line.points,
            order=_order(version, attempt.seed, shuffles=paper.shuffles),
        )
        for place, (line, version) in enumerate(rows, start=1)
    ]  # fmt: skip


def _order(version: Version, seed: int, *, shuffles: bool) -> list[int]:
    """Choices as they are shown. Those of an ordering question are always shuffled: they stand in the right order."""
    content = version.read
    places = list(range(len(content.choices)))
    if not shuffles and content.kind is not Kind.ORDERING:
        return places
    order = shuffled(places, seed=seed, of=f"choices {version.pk}")
    return order[::-1] if content.kind is Kind.ORDERING and order == places else order


# --- answers


def save_answer(attempt: UUID, *, place: int, answer: Any, saves: int, nonce: str) -> Saved:
    """Keep an answer (in the places that the candidate sees). ``saves``: how often it had been saved when it was
    changed; ``nonce`` names this change, so that one which is sent twice counts once.

    Raises Refused("answer.late") past the deadline, Refused("answer.elsewhere") where another device was faster,
    Flawed("answer.shape"), Missing.
    """
    with durable():
        row = Attempt.objects.select_for_update().get(pk=attempt)  # a hand-in waits for the answer, or it for that
        asked = Asked.objects.select_related("version").filter(attempt=row, place=place).first()
        if asked is None:
            raise Missing("answer.place", _NO_QUESTION)
        if nonce and asked.nonce == nonce and asked.saved_at is not None:
            return Saved(place, asked.saves, asked.saved_at)
        if not row.takes_answers:
            raise Refused("answer.late", _LATE, deadline=row.deadline)
        kept, now = taken(asked.version.read, answer, order=asked.order), clock.now()
        there = Asked.objects.filter(pk=asked.pk, saves=saves)
        if not there.update(answer=kept, saves=saves + 1, nonce=nonce[:MOST_NONCE], saved_at=now):
            raise Refused("answer.elsewhere", _ELSEWHERE, saves=asked.saves, answer=asked.shown_answer)
        return Saved(place, saves + 1, now)


def hand_in(attempt: Attempt) -> Attempt:
    """End an attempt; its answers are marked by a worker. What was handed in already stays as it is."""
    with durable():
        row = _locked(attempt.pk)
        if row.state == AttemptState.RUNNING:
            _end(row, by_clock=row.deadline <= clock.now())
        return row


@transaction.atomic
def hand_in_if_due(attempt: UUID) -> None:
    """The job of the deadline: hand in what runs past it; where it has been given more time, look again then."""
    row = _locked(attempt)
    if row.state != AttemptState.RUNNING:
        return
    if row.deadline > clock.now():
        enqueue(HAND_IN, arguments={"attempt": row.pk}, key=f"{HAND_IN}:{row.pk}", run_at=row.deadline)
    else:
        _end(row, by_clock=True)


def hand_in_overdue() -> None:
    """Whatever a lost job has left running."""
    due = Attempt.objects.filter(state=AttemptState.RUNNING, deadline__lte=clock.now())
    overdue: Collection[UUID] = due.values_list("pk", flat=True)
    for pk in list(overdue):
        hand_in_if_due(pk)


def _locked(attempt: UUID) -> Attempt:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "candidate__person")
    return rows.get(pk=attempt)


def _end(row: Attempt, *, by_clock: bool) -> None:
    sent_at = min(row.deadline, clock.now())
    move(row, AttemptState.SENT, by=ATTEMPT_MOVES, sent_at=sent_at, by_clock=by_clock)
    enqueue(MARK, arguments={"attempt": row.pk}, key=f"{MARK}:{row.pk}")
    about = ("people.person", row.candidate.person_id)
    record("attempt.handed-in", row, after={"by_clock": by_clock, "answered": _answered(row)}, about=about)


def _answered(row: Attempt) -> int:
    return row.asked.filter(answer__isnull=False).count()
