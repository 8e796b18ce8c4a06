"""Marks: given by rule where there is one, by running programs in the sandbox, added up once all are there."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from dure.assessments.content import Kind
from dure.assessments.events import AttemptMarked
from dure.assessments.marking import mark_of, share_of
from dure.assessments.models import ATTEMPT_MOVES, Asked, Attempt, AttemptState, Remarking, RemarkingState
from dure.assessments.operations.results import release
from dure.assessments.running import Outcome
from dure.assessments.scores import remedied, result_of
from dure.audit.operations import record
from dure.core.events import publish
from dure.jobs.operations import enqueue
from dure.store.models import move

RUN = "assessments.run"


@transaction.atomic
def mark(attempt: UUID) -> None:
    """Mark every answer that a rule can mark, and have the programs run; with none of these it is done."""
    row = _locked(attempt)
    if row.state != AttemptState.SENT:
        return
    asked = list(row.asked.select_related("version").filter(mark=None))
    programs = [one for one in asked if one.version.content["kind"] == Kind.CODE and one.answer]
    for one in asked:
        if one not in programs:
            one.mark = _mark_by_rule(one)
    Asked.objects.bulk_update([one for one in asked if one.mark is not None], ["mark"])
    for one in programs:
        enqueue(RUN, arguments={"asked": one.pk}, key=f"{RUN}:{one.pk}", share=f"exam:{row.exam_id}")
    if not programs:
        _finish(row)


def _mark_by_rule(one: Asked) -> Decimal:
    return mark_of(one.points, share_of(one.version.read, one.answer) if one.answer is not None else Fraction(0))


@transaction.atomic
def keep_outcome(asked: UUID, outcome: Outcome) -> None:
    """What became of a program; the last one finishes its attempt. An outcome that comes twice counts once."""
    one = Asked.objects.select_related("version").get(pk=asked)
    row = _locked(one.attempt_id)
    if row.state != AttemptState.SENT:
        return
    told: dict[str, Any] = {"passed": outcome.passed, "of": outcome.of, "why": outcome.why.as_dict()}
    share = Fraction(outcome.passed, outcome.of)
    Asked.objects.filter(pk=asked, mark=None).update(mark=mark_of(one.points, share), outcome=told)
    if not row.asked.filter(mark=None).exists():
        _finish(row)


def _finish(row: Attempt) -> None:
    asked = list(row.asked.all())
    _remedy(row, asked)
    result = result_of(row.exam, [(one.counts, one.mark or Decimal(0), one.points) for one in asked])
    move(row, AttemptState.MARKED, by=ATTEMPT_MOVES, **result.as_columns())
    told = {"score": result.score, "total": result.total, "passed": result.passed}
    record("attempt.marked", row, after=told, about=("people.person", row.candidate.person_id))
    publish(AttemptMarked(row.pk))
    if row.exam.at_once:
        release(row)


def _remedy(row: Attempt, asked: Sequence[Asked]) -> None:
    """What was decided for others who had the same question holds here as well."""
    remedies = Remarking.objects.filter(exam=row.exam_id, state=RemarkingState.APPLIED).select_related("correction")
    by_version = {one.version_id: one for one in asked}
    touched = []
    for remarking in remedies.order_by("ended_at", "pk"):
        one = by_version.get(remarking.version_id)
        if one is not None:
            one.counts, one.mark = remedied(one, remarking)
            touched.append(one)
    Asked.objects.bulk_update(touched, ["counts", "mark"])


def _locked(attempt: UUID) -> Attempt:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "candidate__person")
    return rows.get(pk=attempt)
