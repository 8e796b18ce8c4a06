"""What an address of assignments names, for those who may go there; Missing for everybody else."""

from uuid import UUID

from django.http import HttpRequest

from dure.core.errors import Missing
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Assignment, AssignmentState, Cohort, Enrolment, HandIn, Marking, Work, WorkFile
from dure.site.visitors import person_of

NO_ASSIGNMENT = Text(
    ko="찾으시는 과제가 없습니다. 내 과제에서 확인하세요.",
    en="There is no such assignment. Look among your assignments.",
)
_OF = "cohort__course__provider__organisation"


def assignment_for(request: HttpRequest, assignment_id: UUID) -> Assignment:
    found = Assignment.objects.select_related(_OF, "lesson").filter(pk=assignment_id).first()
    if found is None or not rules.may_see_assignment(person_of(request), found):
        raise _missing()
    return found


def own_assignment(request: HttpRequest, assignment_id: UUID) -> tuple[Assignment, Enrolment | None]:
    """With the seat as which the visitor hands it in; None for graders and those who teach."""
    found = Assignment.objects.select_related(_OF, "lesson").filter(pk=assignment_id).first()
    if found is None:
        raise _missing()
    person = person_of(request)
    enrolment = rules.enrolment_for(person, found) if found.state == AssignmentState.OPEN else None
    if enrolment is None and not rules.may_see_assignment(person, found):
        raise _missing()
    return found, enrolment


def moderated_by(request: HttpRequest, assignment_id: UUID) -> Assignment:
    """For those who run its cohort."""
    found = Assignment.objects.select_related(_OF, "lesson").filter(pk=assignment_id).first()
    if found is None or not rules.may_moderate(person_of(request), found):
        raise _missing()
    return found


def cohort_run_by(request: HttpRequest, cohort_id: UUID) -> Cohort:
    found = Cohort.objects.select_related("course__provider__organisation").filter(pk=cohort_id).first()
    if found is None or not rules.may_run(person_of(request), found):
        raise _missing()
    return found


def work_for(request: HttpRequest, work_id: UUID) -> Work:
    """For those who run the cohort."""
    found = Work.objects.select_related(f"assignment__{_OF}", "assignment__lesson").filter(pk=work_id).first()
    if found is None or not rules.may_moderate(person_of(request), found.assignment):
        raise _missing()
    return found


def marking_for(request: HttpRequest, marking_id: UUID) -> Marking:
    """A grader's own, of what was handed in."""
    rows = Marking.objects.select_related(f"work__assignment__{_OF}", "grader").filter(work__handed_in__gt=0)
    found = rows.filter(pk=marking_id).first()
    if found is None or not rules.may_mark(person_of(request), found):
        raise _missing()
    return found


def hand_in_for(request: HttpRequest, hand_in_id: UUID) -> HandIn:
    """For whose it is, its graders, and those who run the cohort."""
    rows = HandIn.objects.select_related(f"work__assignment__{_OF}", "rubric", "by")
    found = rows.filter(pk=hand_in_id).first()
    if found is None or not _reads(request, found.work):
        raise _missing()
    return found


def file_for(request: HttpRequest, file_id: UUID) -> WorkFile:
    """Of a draft for whose it is alone, of what was handed in as ``hand_in_for``."""
    found = WorkFile.objects.select_related(f"work__assignment__{_OF}").filter(pk=file_id).first()
    if found is None or not (
        rules.may_work(person_of(request), found.work) or (found.hand_in_id and _reads(request, found.work))
    ):
        raise _missing()
    return found


def _reads(request: HttpRequest, work: Work) -> bool:
    person = person_of(request)
    marks = work.markings.filter(grader=person).exists()
    return marks or rules.may_work(person, work) or rules.may_moderate(person, work.assignment)


def _missing() -> Missing:
    return Missing("assignment.missing", NO_ASSIGNMENT)
