"""Assignments as those who teach set them: described, with a rubric in versions, graders, groups and a scale."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core.errors import Flawed, Refused
from dure.core.rubrics import read_rubric
from dure.core.text import Text
from dure.learning.marks import Cut
from dure.learning.models import (
    ASSIGNMENT_MOVES,
    Assignment,
    AssignmentState,
    Cohort,
    GraderSeat,
    GradeScale,
    HandIn,
    LessonKind,
    Mark,
    Marking,
    RubricVersion,
    Work,
    WorkFile,
    WorkMember,
)
from dure.learning.operations.assignments.sharing import share_out
from dure.learning.queries.assignments import expected, rubric_of
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.models import move

SET = ("title_ko", "title_en", "about_ko", "about_en", "lesson", "due_at", "late_days", "late_per_day",
       "grace_minutes", "group_most", "each", "gap", "scheme", "pass_share", "weight", "regrade_days")  # fmt: skip
_LESSON = Text(
    ko="이 강좌의 과제 차시가 아닙니다. 종류가 ‘과제’인 차시를 고르세요.",
    en="This is no assignment of the course. Choose a lesson of that sort.",
)
_TAKEN = Text(
    ko="이 차시에는 이미 과제가 있습니다. 다른 차시를 고르세요.",
    en="This lesson has its assignment already. Choose another one.",
)
_BEGUN = Text(
    ko="이미 제출한 사람이 있어 혼자 하는 과제와 모둠 과제를 바꿀 수 없습니다.",
    en="Some have handed in: whether it is done alone or in groups cannot be changed any more.",
)
_NOBODY = Text(ko="이 과제를 하는 수강생이 아닙니다: {email}", en="Not among those who do this assignment: {email}")
_TWICE = Text(ko="두 모둠에 들어 있습니다: {email}", en="In two groups: {email}")
_LARGE = Text(ko="‘{name}’ 모둠은 {most}명까지입니다.", en="The group {name} has more than {most} members.")
_HANDED = Text(
    ko="‘{name}’은(는) 이미 제출해서 모둠을 바꿀 수 없습니다.",
    en="{name} has handed in already: the group cannot be changed.",
)
_GROUPS = Text(ko="모둠의 {n}곳을 고쳐 주세요. 아무것도 바뀌지 않았습니다.", en="Correct {n} places of the groups.")
_OPENED = Text(ko="새 과제가 나왔습니다: {title}", en="There is a new assignment: {title}")


@transaction.atomic
def make_assignment(cohort: Cohort, *, rubric: str, by: Person, **told: Any) -> Assignment:
    """A draft of an assignment (``SET``) with its first rubric. Raises Flawed, Refused("assignment.lesson")."""
    read_rubric(rubric)
    made = _kept(Assignment(cohort=cohort, made_by=by, **told))
    RubricVersion.objects.create(assignment=made, number=1, source=rubric, made_by=by)
    record("assignment.made", made, after={"cohort": str(cohort.pk), **_plain(told)})
    return made


@transaction.atomic
def change_assignment(assignment: Assignment, **told: Any) -> Assignment:
    """Change what it asks for and how it counts; marks that are out stay as they are.

    Raises as ``make_assignment``, and Refused("assignment.begun").
    """
    alone = told.get("group_most", assignment.group_most) == 1
    if alone == assignment.in_groups and assignment.works.filter(handed_in__gt=0).exists():
        raise Refused("assignment.begun", _BEGUN)
    before = {name: getattr(assignment, name) for name in told}
    for name, value in told.items():
        setattr(assignment, name, value)
    _kept(assignment, fields=list(told))
    record("assignment.changed", assignment, before=_plain(before), after=_plain(told))
    share_out(assignment)
    return assignment


def _kept(assignment: Assignment, *, fields: list[str] | None = None) -> Assignment:
    lesson = assignment.lesson
    if lesson and (lesson.kind != LessonKind.ASSIGNMENT or lesson.course_id != assignment.cohort.course_id):
        raise Flawed("assignment.lesson", _LESSON, errors=[{"text": _LESSON.as_dict()}])
    try:
        with transaction.atomic():
            assignment.save(update_fields=fields, force_insert=fields is None)
    except IntegrityError:
        raise Refused("assignment.lesson", _TAKEN) from None
    return assignment


@transaction.atomic
def open_assignment(assignment: Assignment) -> Assignment:
    """Show it to those who have to hand it in, and tell them."""
    move(assignment, AssignmentState.OPEN, by=ASSIGNMENT_MOVES)
    record("assignment.opened", assignment)
    told = expected(assignment).values_list("person", flat=True)
    text = _OPENED.format(title=assignment.title)
    tell(told, kind=NoticeKind.OPENED, text=text, path=f"/learn/assignments/{assignment.pk}/")
    return assignment


@transaction.atomic
def write_rubric(assignment: Assignment, *, source: str, by: Person) -> RubricVersion:
    """A new version. Hand-ins that nobody has begun to mark take it; all others keep theirs. Raises Flawed."""
    read_rubric(source)
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    before = rubric_of(assignment)
    if before.source == source:
        return before
    made = RubricVersion.objects.create(assignment=assignment, number=before.number + 1, source=source, made_by=by)
    list(Work.objects.select_for_update().filter(assignment=assignment).order_by("pk").values_list("pk"))
    begun = Marking.objects.filter(work__assignment=assignment, saves__gt=0).values("work")
    marked = Mark.objects.filter(work__assignment=assignment).values("work")
    fresh = HandIn.objects.filter(work__assignment=assignment).exclude(work__in=begun).exclude(work__in=marked)
    moved = fresh.update(rubric=made)
    record("assignment.rubric", assignment, after={"number": made.number, "hand_ins": moved})
    return made


@transaction.atomic
def seat_graders(assignment: Assignment, *, people: Sequence[Person]) -> None:
    """Say who marks. What is nobody's is shared out evenly; what somebody who leaves had not begun goes to others."""
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    GraderSeat.objects.filter(assignment=assignment).exclude(person__in=people).delete()
    gone = Marking.objects.filter(work__assignment=assignment, saves=0).exclude(grader__in=people)
    gone.delete()
    there = set(assignment.seats.values_list("person", flat=True))
    fresh = {person.pk: person for person in people if person.pk not in there}
    GraderSeat.objects.bulk_create(GraderSeat(assignment=assignment, person=person) for person in fresh.values())
    record("assignment.graders", assignment, after={"people": sorted(str(person.pk) for person in people)})
    share_out(assignment)


@transaction.atomic
def form_groups(assignment: Assignment, *, groups: Mapping[str, Sequence[str]]) -> int:
    """Let people hand in together: e-mail addresses by the group's name. Who stands in none goes on alone.

    Groups that have handed in stay as they are. Returns how many were formed. Raises Flawed with every flaw.
    """
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    people = {row.person.email: row for row in expected(assignment).select_related("person")}
    there = {row.enrolment.person.email: row for row in _members(assignment)}
    flaws = list(_group_flaws(assignment, groups, set(people), there))
    if flaws:
        errors = [{"text": flaw.as_dict()} for flaw in flaws]
        raise Flawed("groups.flawed", _GROUPS.format(n=len(flaws)), errors=errors)
    standing = {row.work_id for row in there.values() if row.work.handed_in}
    kept = {row.work.name for row in there.values() if row.work_id in standing}
    formed = {name: emails for name, emails in groups.items() if name not in kept}
    WorkMember.objects.filter(assignment=assignment, work__handed_in=0).delete()
    began = {email: row.work for email, row in there.items() if row.work_id not in standing}
    for name, emails in formed.items():
        work = _joined(assignment, name, [began[email] for email in emails if email in began])
        WorkMember.objects.bulk_create(
            WorkMember(work=work, assignment=assignment, enrolment=people[email]) for email in emails
        )
    Work.objects.filter(assignment=assignment, members=None, handed_in=0).delete()
    record("assignment.groups", assignment, after={"groups": {name: len(found) for name, found in formed.items()}})
    return len(formed)


def _joined(assignment: Assignment, name: str, begun: Sequence[Work]) -> Work:
    """The work of a group, with everything that its members have drafted."""
    drafts = {work.pk: work.draft for work in begun if work.draft}
    made = Work.objects.create(assignment=assignment, name=name, draft="\n\n".join(drafts.values()))
    for file in WorkFile.objects.filter(work__in=begun, hand_in=None).order_by("pk"):
        WorkFile.objects.get_or_create(
            work=made, hand_in=None, name=file.name, defaults={"sha256": file.sha256, "size": file.size}
        )
    return made


def _members(assignment: Assignment) -> list[WorkMember]:
    rows = WorkMember.objects.filter(assignment=assignment)
    return list(rows.select_related("work", "enrolment__person"))


def _group_flaws(
    assignment: Assignment, groups: Mapping[str, Sequence[str]], people: set[str], there: Mapping[str, WorkMember]
) -> list[Text]:
    flaws, seen = list[Text](), set[str]()
    for name, emails in groups.items():
        if len(emails) > assignment.group_most:
            flaws.append(_LARGE.format(name=name, most=assignment.group_most))
        for email in emails:
            row = there.get(email)
            if email not in people:
                flaws.append(_NOBODY.format(email=email))
            elif email in seen:
                flaws.append(_TWICE.format(email=email))
            elif row and row.work.handed_in and row.work.name != name:
                flaws.append(_HANDED.format(name=email))
            seen.add(email)
    return flaws


@transaction.atomic
def set_scale(cohort: Cohort, *, cuts: Sequence[Cut]) -> GradeScale:
    """From which share on which letter stands; grades are counted by it from the next release on."""
    rows = [[cut.letter, str(cut.share), str(cut.points)] for cut in cuts]
    made, _ = GradeScale.objects.update_or_create(cohort=cohort, defaults={"cuts": rows})
    record("cohort.scale", cohort, after={"cuts": rows})
    return made


def _plain(told: Mapping[str, Any]) -> dict[str, object]:
    """What the log can hold of it."""
    return {name: str(value.pk) if hasattr(value, "pk") else value for name, value in told.items()}
