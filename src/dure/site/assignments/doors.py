"""What an address of assignments names, for those who may go there; Missing for everybody else."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from dure.core.errors import Missing
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Assignment, AssignmentState, Cohort, Enrolment, HandIn, Marking, Work, WorkFile
from dure.site.visitors import person_of
from dure.store.worded import found

M = TypeVar("M", bound=Model)
NO_ASSIGNMENT = Text(
    ko="찾으시는 과제가 없습니다. 내 과제에서 확인하세요.",
    en="There is no such assignment. Look among your assignments.",
)
_OF = "cohort__course__provider__organisation"


def assignment_for(request: HttpRequest, assignment_id: UUID) -> Assignment:
    return _one(_assignment, assignment_id, lambda it: rules.may_see_assignment(person_of(request), it))


def own_assignment(request: HttpRequest, assignment_id: UUID) -> tuple[Assignment, Enrolment | None]:
    """With the seat as which the visitor hands it in; None for graders and those who teach."""
    assignment, person = _one(_assignment, assignment_id), person_of(request)
    enrolment = rules.enrolment_for(person, assignment) if assignment.state == AssignmentState.OPEN else None
    if enrolment is None and not rules.may_see_assignment(person, assignment):
        raise _missing()
    return assignment, enrolment


def moderated_by(request: HttpRequest, assignment_id: UUID) -> Assignment:
    """For those who run its cohort."""
    return _one(_assignment, assignment_id, lambda it: rules.may_moderate(person_of(request), it))


def cohort_run_by(request: HttpRequest, cohort_id: UUID) -> Cohort:
    return _one(_cohort, cohort_id, lambda it: rules.may_run(person_of(request), it))


def work_for(request: HttpRequest, work_id: UUID) -> Work:
    """For those who run the cohort."""
    return _one(_work, work_id, lambda it: rules.may_moderate(person_of(request), it.assignment))


def marking_for(request: HttpRequest, marking_id: UUID) -> Marking:
    """A grader's own, of what was handed in."""
    return _one(_marking, marking_id, lambda it: rules.may_mark(person_of(request), it))


def hand_in_for(request: HttpRequest, hand_in_id: UUID) -> HandIn:
    """For whose it is, its graders, and those who run the cohort."""
    return _one(_hand_in, hand_in_id, lambda it: _reads(request, it.work))


def file_for(request: HttpRequest, file_id: UUID) -> WorkFile:
    """Of a draft for whose it is alone, of what was handed in as ``hand_in_for``."""

    def may(it: WorkFile) -> bool:
        return rules.may_work(person_of(request), it.work) or bool(it.hand_in_id and _reads(request, it.work))

    return _one(_file, file_id, may)


def _reads(request: HttpRequest, work: Work) -> bool:
    person = person_of(request)
    marks = work.markings.filter(grader=person).exists()
    return marks or rules.may_work(person, work) or rules.may_moderate(person, work.assignment)


def _missing() -> Missing:
    return Missing("assignment.missing", NO_ASSIGNMENT)


# --- as they are asked for: in words that are put into SQL once


def _one(wording: "Callable[..., QuerySet[M]]", key: UUID, may: Callable[[M], bool] = lambda _it: True) -> M:
    """What has this id, where somebody ``may`` go there. Raises Missing."""
    it = next(iter(found(wording, key)), None)
    if it is None or not may(it):
        raise _missing()
    return it


def _assignment(key: UUID) -> "QuerySet[Assignment]":
    return Assignment.objects.select_related(_OF, "lesson").filter(pk=key)


def _cohort(key: UUID) -> "QuerySet[Cohort]":
    return Cohort.objects.select_related("course__provider__organisation").filter(pk=key)


def _work(key: UUID) -> "QuerySet[Work]":
    return Work.objects.select_related(f"assignment__{_OF}", "assignment__lesson").filter(pk=key)


def _marking(key: UUID) -> "QuerySet[Marking]":
    rows = Marking.objects.select_related(f"work__assignment__{_OF}", "grader")
    return rows.filter(pk=key, work__handed_in__gt=0)


def _hand_in(key: UUID) -> "QuerySet[HandIn]":
    return HandIn.objects.select_related(f"work__assignment__{_OF}", "rubric", "by").filter(pk=key)


def _file(key: UUID) -> "QuerySet[WorkFile]":
    return WorkFile.objects.select_related(f"work__assignment__{_OF}").filter(pk=key)
