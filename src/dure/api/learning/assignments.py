"""Assignments: handed in by learners, marked by graders, moderated and released by those who run a cohort."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from ninja import File, Query, Router
from ninja.files import UploadedFile

from dure.api.base import Asked
from dure.api.find import allow, one, person_by, persons_by
from dure.api.learning.assignment_shapes import (
    AssignmentIn,
    AssignmentOut,
    CorrectedIn,
    DecidedIn,
    DraftIn,
    ExtensionIn,
    GivenMarksIn,
    GradersIn,
    GroupsIn,
    GroupsOut,
    HandedWorkOut,
    HandInOut,
    MarkingOut,
    OwnWorkOut,
    RegradeAnswerIn,
    RegradeIn,
    RegradeOut,
    ReleasedMarksOut,
    ReleasePreviewOut,
    ScaleIn,
    ScaleOut,
    TakenMarksOut,
    ThirdIn,
)
from dure.api.learning.courses import COHORT, LESSON
from dure.api.shapes import Page, Paging, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.sheets import Table, read_sent
from dure.learning import rules
from dure.learning.files import MOST_ATTACHMENT, SHELF
from dure.learning.marks import read_scale
from dure.learning.models import (
    Assignment,
    AssignmentState,
    Cohort,
    GradeScale,
    HandIn,
    Lesson,
    Mark,
    Marking,
    MarkState,
    Regrade,
    Work,
    WorkFile,
)
from dure.learning.operations import assignments as operations
from dure.learning.operations.assignments.handing import attach_received
from dure.learning.operations.assignments.sheets import Taken
from dure.learning.queries.assignments import assignments_of, expected, preview, to_mark, works_in
from dure.store.shelves import Received

router = Router(tags=["learning"])
ASSIGNMENT = Text(ko="과제", en="assignment")
WORK = Text(ko="제출물", en="hand-in")
FILE = Text(ko="파일", en="file")
LEARNER = Text(ko="이 과제를 하는 수강생", en="learner of this assignment")
_OF = "cohort__course__provider__organisation"


class Works(Paging):
    standing: Literal["", "marking", "apart", "draft", "moderated", "released", "regrade"] = ""


# --- handed in


@router.get("/me/assignments", response=list[AssignmentOut])
def own(request: Asked) -> list[AssignmentOut]:
    """What one has to hand in."""
    return [AssignmentOut.of(row) for row in assignments_of(request.auth)]


@router.get("/learning/assignments/{uuid:assignment_id}", response=AssignmentOut)
def assignment(request: Asked, assignment_id: UUID) -> AssignmentOut:
    """One assignment, for those who do it, mark it or teach the cohort."""
    return AssignmentOut.of(_seen(request, assignment_id))


@router.get("/learning/assignments/{uuid:assignment_id}/work", response=OwnWorkOut)
def work(request: Asked, assignment_id: UUID) -> OwnWorkOut:
    """One's own draft, what one handed in, and the mark once it is released."""
    found = _seen(request, assignment_id)
    rows = Work.objects.select_related("assignment").filter(members__enrolment__person=request.auth)
    there = rows.filter(assignment=found).first()
    return OwnWorkOut.of(there or Work(assignment=found))


@writes(router.put, "/learning/assignments/{uuid:assignment_id}/draft", OwnWorkOut)
def keep_draft(request: Asked, assignment_id: UUID, body: DraftIn) -> Work:
    """Keep the draft; 409 with what stands there where it was changed elsewhere."""
    return operations.keep_draft(_own(request, assignment_id), text=body.text, saves=body.saves)


@dataclass(frozen=True)
class Sent:
    work: Work
    file: Received
    name: str


@contextmanager
def _received(request: Asked, assignment_id: UUID, file: File[UploadedFile]) -> Iterator[Sent]:
    own_work = _own(request, assignment_id)
    with SHELF.received(file.chunks(), most=MOST_ATTACHMENT) as received:
        yield Sent(own_work, received, file.name or "")


@writes(router.post, "/learning/assignments/{uuid:assignment_id}/files", OwnWorkOut, status=201, before=_received)
def attach(request: Asked, sent: Sent) -> Work:
    """Lay a file beside the draft."""
    attach_received(sent.work, sent.file, name=sent.name)
    return sent.work


@writes(router.delete, "/learning/assignments/{uuid:assignment_id}/files/{uuid:file_id}", OwnWorkOut)
def detach(request: Asked, assignment_id: UUID, file_id: UUID) -> Work:
    """Take a file away from the draft."""
    own_work = _own(request, assignment_id)
    operations.detach(one(WorkFile.objects.filter(work=own_work, hand_in=None), "work.file", FILE, pk=file_id))
    return own_work


@writes(router.post, "/learning/assignments/{uuid:assignment_id}/hand-ins", HandInOut, status=201)
def hand_in(request: Asked, assignment_id: UUID) -> HandIn:
    """Hand in what the draft holds; the answer is the receipt."""
    return operations.hand_in(_own(request, assignment_id), by=request.auth)


@writes(router.post, "/learning/assignments/{uuid:assignment_id}/regrades", RegradeOut, status=201)
def ask_regrade(request: Asked, assignment_id: UUID, body: RegradeIn) -> Regrade:
    """Hold that a released mark is wrong."""
    rows = Mark.objects.select_related("work__assignment__cohort").filter(work__assignment=assignment_id)
    own_marks = rows.filter(state=MarkState.RELEASED, work__members__enrolment__person=request.auth)
    return operations.ask_regrade(one(own_marks, "mark.missing", WORK), by=request.auth, text=body.text)


# --- marked


@router.get("/me/markings", response=Page[MarkingOut])
def markings(request: Asked, asked: Query[Paging]) -> Page[MarkingOut]:
    """What waits for one's marks, without whose it is."""
    rows = to_mark(request.auth).select_related("work__assignment")
    return paged(rows, asked, lambda found: [MarkingOut.of(row) for row in found])


@writes(router.put, "/learning/markings/{uuid:marking_id}", MarkingOut)
def keep_marks(request: Asked, marking_id: UUID, body: GivenMarksIn) -> Marking:
    """Keep marks as they stand; 409 with what stands there where they were changed elsewhere."""
    told = body.model_dump()
    return operations.keep_marks(_marking(request, marking_id), **told)


@writes(router.post, "/learning/markings/{uuid:marking_id}/sending", MarkingOut)
def send_marks(request: Asked, marking_id: UUID) -> Marking:
    """Send the marks that were kept."""
    return operations.send_marks(_marking(request, marking_id))


@writes(router.post, "/learning/markings/{uuid:marking_id}/taking-back", MarkingOut)
def take_back(request: Asked, marking_id: UUID) -> Marking:
    """Change sent marks again, as long as no moderator stands by them."""
    return operations.take_back(_marking(request, marking_id))


# --- set and moderated


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/assignments", AssignmentOut, status=201)
def make(request: Asked, cohort_id: UUID, body: AssignmentIn) -> Assignment:
    """Set an assignment: a draft until it is opened."""
    cohort = _cohort(request, cohort_id)
    return operations.make_assignment(cohort, rubric=body.rubric, by=request.auth, **_told(cohort, body))


@writes(router.put, "/learning/assignments/{uuid:assignment_id}", AssignmentOut)
def change(request: Asked, assignment_id: UUID, body: AssignmentIn) -> Assignment:
    """Change it; another rubric is a new version, and changes no mark that was begun."""
    found = _moderated(request, assignment_id)
    operations.write_rubric(found, source=body.rubric, by=request.auth)
    return operations.change_assignment(found, **_told(found.cohort, body))


@writes(router.post, "/learning/assignments/{uuid:assignment_id}/opening", AssignmentOut)
def open_assignment(request: Asked, assignment_id: UUID) -> Assignment:
    """Show it to those who have to hand it in, and tell them."""
    return operations.open_assignment(_moderated(request, assignment_id))


@writes(router.put, "/learning/assignments/{uuid:assignment_id}/graders", AssignmentOut)
def seat_graders(request: Asked, assignment_id: UUID, body: GradersIn) -> Assignment:
    """Say who marks; hand-ins are shared out evenly."""
    found = _moderated(request, assignment_id)
    operations.seat_graders(found, people=persons_by(dict.fromkeys(body.emails)))
    return found


@writes(router.put, "/learning/assignments/{uuid:assignment_id}/groups", GroupsOut)
def form_groups(request: Asked, assignment_id: UUID, body: GroupsIn) -> int:
    """Let people hand in together; who stands in no group goes on alone."""
    groups = {name: [email.lower() for email in emails] for name, emails in body.groups.items()}
    return operations.form_groups(_moderated(request, assignment_id), groups=groups)


@writes(router.put, "/learning/assignments/{uuid:assignment_id}/extensions", HandedWorkOut)
def extend(request: Asked, assignment_id: UUID, body: ExtensionIn) -> Work:
    """Give one learner, and their group with them, more time."""
    found = _moderated(request, assignment_id)
    rows = expected(found).select_related("person")
    enrolment = one(rows, "enrolment.missing", LEARNER, person__email=body.email.lower())
    return operations.extend(found, enrolment=enrolment, until=body.until)


@writes(router.put, "/learning/cohorts/{uuid:cohort_id}/grade-scale", ScaleOut)
def set_scale(request: Asked, cohort_id: UUID, body: ScaleIn) -> GradeScale:
    """Say from which share on which grade stands."""
    return operations.set_scale(_cohort(request, cohort_id), cuts=read_scale(body.scale))


@router.get("/learning/assignments/{uuid:assignment_id}/works", response=Page[HandedWorkOut])
def works(request: Asked, assignment_id: UUID, asked: Query[Works]) -> Page[HandedWorkOut]:
    """What was handed in, by what became of it."""
    return paged(works_in(_moderated(request, assignment_id), standing=asked.standing), asked, HandedWorkOut.many)


@writes(router.put, "/learning/works/{uuid:work_id}/mark", HandedWorkOut)
def settle(request: Asked, work_id: UUID, body: DecidedIn) -> Work:
    """Decide the points in the graders' stead, and confirm them."""
    found = _work(request, work_id)
    operations.settle(found, points=body.points, by=request.auth, remark=body.remark)
    return found


@writes(router.post, "/learning/works/{uuid:work_id}/confirmation", HandedWorkOut)
def confirm(request: Asked, work_id: UUID) -> Work:
    """Stand by what the graders agree on."""
    found = _work(request, work_id)
    operations.moderate(one(Mark.objects.all(), "mark.missing", WORK, work=found), by=request.auth)
    return found


@writes(router.post, "/learning/works/{uuid:work_id}/third-grader", HandedWorkOut)
def ask_third(request: Asked, work_id: UUID, body: ThirdIn) -> Work:
    """Let a third person mark it, blind like the others."""
    found = _work(request, work_id)
    operations.ask_third(found, grader=person_by(body.email), by=request.auth)
    return found


@writes(router.post, "/learning/works/{uuid:work_id}/correction", HandedWorkOut)
def correct(request: Asked, work_id: UUID, body: CorrectedIn) -> Work:
    """Change a mark that is released, with the reason."""
    found = _work(request, work_id)
    mark = one(Mark.objects.all(), "mark.missing", WORK, work=found)
    operations.correct(mark, points=body.points, by=request.auth, why=body.why)
    return found


@router.get("/learning/assignments/{uuid:assignment_id}/release", response=ReleasePreviewOut)
def look(request: Asked, assignment_id: UUID) -> ReleasePreviewOut:
    """What a release would do."""
    return ReleasePreviewOut.of(preview(_moderated(request, assignment_id)))


@writes(router.post, "/learning/assignments/{uuid:assignment_id}/release", ReleasedMarksOut)
def release(request: Asked, assignment_id: UUID) -> list[Mark]:
    """Let every confirmed mark count."""
    return operations.release(_moderated(request, assignment_id), by=request.auth)


@dataclass(frozen=True)
class SentMarks:
    assignment: Assignment
    table: Table
    check_only: bool


@contextmanager
def _table(
    request: Asked, assignment_id: UUID, file: File[UploadedFile], *, check_only: bool = False
) -> Iterator[SentMarks]:
    yield SentMarks(_moderated(request, assignment_id), read_sent(file), check_only)


@writes(router.post, "/learning/assignments/{uuid:assignment_id}/marks", TakenMarksOut, before=_table)
def take_marks(request: Asked, sent: SentMarks) -> Taken:
    """Decide marks by a CSV or XLSX of email, c1, c2 … and remark: all rows or none."""
    header, rows = sent.table.header, sent.table.rows
    return operations.take_marks(sent.assignment, header=header, rows=rows, by=request.auth, check_only=sent.check_only)


@writes(router.post, "/learning/regrades/{uuid:regrade_id}/answer", RegradeOut)
def answer_regrade(request: Asked, regrade_id: UUID, body: RegradeAnswerIn) -> Regrade:
    """Answer a request; with points it is upheld, and the mark changes to them."""
    rows = Regrade.objects.select_related(f"mark__work__assignment__{_OF}", "by")
    found = one(rows, "regrade.missing", WORK, pk=regrade_id)
    allow(rules.may_moderate(request.auth, found.mark.work.assignment), "assignment.not-yours")
    return operations.answer_regrade(found, by=request.auth, answer=body.answer, points=body.points)


# --- what an address names


def _told(cohort: Cohort, body: AssignmentIn) -> Mapping[str, Any]:
    told = body.model_dump(exclude={"title", "about", "rubric", "lesson"})
    lessons = Lesson.objects.filter(course=cohort.course_id, retired_at=None)
    lesson = one(lessons, "lesson.missing", LESSON, pk=body.lesson) if body.lesson else None
    return told | {
        "title_ko": body.title.ko, "title_en": body.title.en, "about_ko": body.about.ko, "about_en": body.about.en,
        "lesson": lesson,
    }  # fmt: skip


def _cohort(request: Asked, cohort_id: UUID) -> Cohort:
    found = one(Cohort.objects.select_related("course__provider__organisation"), "cohort.missing", COHORT, pk=cohort_id)
    allow(rules.may_run(request.auth, found), "cohort.not-yours")
    return found


def _assignment(assignment_id: UUID) -> Assignment:
    return one(Assignment.objects.select_related(_OF, "lesson"), "assignment.missing", ASSIGNMENT, pk=assignment_id)


def _seen(request: Asked, assignment_id: UUID) -> Assignment:
    found = _assignment(assignment_id)
    if not rules.may_see_assignment(request.auth, found):
        found = one(Assignment.objects.none(), "assignment.missing", ASSIGNMENT)
    return found


def _own(request: Asked, assignment_id: UUID) -> Work:
    """One's own work, begun where it is not yet."""
    found = _seen(request, assignment_id)
    enrolment = rules.enrolment_for(request.auth, found)
    if enrolment is None or found.state != AssignmentState.OPEN:
        return one(Work.objects.none(), "assignment.missing", ASSIGNMENT)
    return operations.begin(found, enrolment=enrolment)


def _moderated(request: Asked, assignment_id: UUID) -> Assignment:
    found = _assignment(assignment_id)
    allow(rules.may_moderate(request.auth, found), "assignment.not-yours")
    return found


def _marking(request: Asked, marking_id: UUID) -> Marking:
    rows = Marking.objects.select_related("work__assignment").filter(grader=request.auth, work__handed_in__gt=0)
    return one(rows, "marking.missing", WORK, pk=marking_id)


def _work(request: Asked, work_id: UUID) -> Work:
    found = one(Work.objects.select_related(f"assignment__{_OF}"), "work.missing", WORK, pk=work_id)
    allow(rules.may_moderate(request.auth, found.assignment), "assignment.not-yours")
    return found
