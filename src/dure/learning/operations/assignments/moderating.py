"""Moderators: they decide where graders differ, stand by marks, release them, and answer who holds one wrong."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from dure.audit.operations import Part, record, record_many
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.rubrics import COUNTED, taken
from dure.core.text import Text
from dure.learning.events import MarkReleased
from dure.learning.models import (
    MARK_MOVES,
    REGRADE_MOVES,
    Assignment,
    HandIn,
    Mark,
    Marking,
    MarkState,
    Regrade,
    RegradeState,
    Work,
    WorkMember,
)
from dure.learning.operations.assignments.counting import columns, count_up, note_grades
from dure.learning.operations.progressing import prove
from dure.learning.queries.assignments import latest, takes_regrades
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.models import move

MOST_WORDS = 5_000
_NOTHING = Text(ko="아직 제출하지 않았습니다.", en="Nothing has been handed in.")
_OUT = Text(
    ko="이미 공개한 점수입니다. 고치려면 이유를 적어 정정하세요.",
    en="The mark is released. Correct it, with the reason.",
)
_NOT_OUT = Text(ko="아직 공개하지 않은 점수입니다.", en="The mark is not released yet.")
_THIRD = Text(ko="세 번째 채점자가 이미 있습니다.", en="It has its third grader already.")
_BARRED = Text(
    ko="이 제출물의 학습자이거나 이미 채점한 사람입니다. 다른 사람을 고르세요.",
    en="That is one of its learners or graders already. Choose somebody else.",
)
_NONE = Text(
    ko="공개할 점수가 없습니다. 먼저 점수를 확정하세요.",
    en="There is no mark to release. Stand by some first.",
)
_REASON = Text(ko="이유를 쓰세요.", en="Write the reason.")
_LATE = Text(
    ko="재채점은 점수가 공개된 뒤 정해진 기간 안에만 요청할 수 있습니다.",
    en="A regrade can be asked for in the days after marks are released, and not later.",
)
_WAITS = Text(ko="이미 요청하셨습니다. 답변을 기다려 주세요.", en="You have asked already. Wait for the answer.")
_RELEASED = Text(ko="과제 점수가 공개되었습니다: {title}", en="Your mark is out: {title}")
_CHANGED = Text(ko="과제 점수가 바뀌었습니다: {title}", en="Your mark has changed: {title}")
_ANSWERED = Text(ko="재채점 요청에 답변이 달렸습니다: {title}", en="Your request for a regrade was answered: {title}")
_ASKED = Text(ko="재채점 요청이 왔습니다: {title}", en="A regrade was asked for: {title}")


@transaction.atomic
def ask_third(work: Work, *, grader: Person, by: Person) -> Marking:
    """Let a third person mark it, blind like the others. Raises Refused("marking.third", "marking.barred")."""
    row, _ = _held(work)
    own = row.members.filter(enrolment__person=grader).exists()
    if own or row.markings.filter(grader=grader).exists():
        raise Refused("marking.barred", _BARRED)
    try:
        with transaction.atomic():
            made = Marking.objects.create(work=row, grader=grader, place=3)
    except IntegrityError:
        raise Refused("marking.third", _THIRD) from None
    record("marking.third", made, after={"grader": str(grader.pk)}, actor=by)
    count_up(row)
    return made


@transaction.atomic
def settle(work: Work, *, points: Mapping[str, object], by: Person, remark: str = "") -> Mark:
    """Decide the points in the graders' stead, and stand by them. Raises Flawed, Refused("mark.out")."""
    row, hand_in = _held(work)
    given = taken(hand_in.rubric.read, points, whole=True, step=COUNTED)
    told = {
        "hand_in": hand_in, **columns(row, hand_in, given), "remark": remark.strip()[:MOST_WORDS], "settled_by": by,
        "state": MarkState.MODERATED,
    }  # fmt: skip
    made, _ = Mark.objects.update_or_create(work=row, defaults=told)
    record("mark.settled", made, after={"points": made.points, "by_criterion": made.by_criterion}, actor=by)
    return made


@transaction.atomic
def unsettle(work: Work, *, by: Person) -> Mark | None:
    """Take a decision or a confirmation back: the mark is what the graders agree on, as a draft."""
    row, _ = _held(work)
    mark = Mark.objects.filter(work=row).first()
    if mark is None:
        return None
    record("mark.unsettled", mark, before={"points": mark.points}, actor=by)
    Mark.objects.filter(pk=mark.pk).update(state=MarkState.DRAFT, settled_by=None, remark="")
    return count_up(row)


def _held(work: Work) -> tuple[Work, HandIn]:
    """The work's row, held, and what was handed in; its mark is not out."""
    row = Work.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=work.pk)
    hand_in = latest(row)
    if hand_in is None:
        raise Refused("work.nothing", _NOTHING)
    if Mark.objects.filter(work=row, state=MarkState.RELEASED).exists():
        raise Refused("mark.out", _OUT)
    return row, hand_in


@transaction.atomic
def moderate(mark: Mark, *, by: Person) -> Mark:
    """Stand by what the graders agree on."""
    move(mark, MarkState.MODERATED, by=MARK_MOVES)
    record("mark.moderated", mark, after={"points": mark.points}, actor=by)
    return mark


@transaction.atomic
def moderate_all(assignment: Assignment, *, by: Person) -> int:
    """Stand by every mark that the graders agree on. Returns how many."""
    rows = Mark.objects.filter(work__assignment=assignment, state=MarkState.DRAFT)
    marks = list(rows.select_for_update(of=("self",)).order_by("pk"))
    Mark.objects.filter(pk__in=[mark.pk for mark in marks]).update(state=MarkState.MODERATED)
    if marks:
        parts = [Part(mark, after={"points": mark.points}) for mark in marks]
        record_many("mark.moderated", assignment, parts=parts, actor=by)
    return len(marks)


@transaction.atomic
def release(assignment: Assignment, *, by: Person) -> list[Mark]:
    """Let every moderated mark count: its learners see it, their lesson is done where it passes, grades are counted.

    Raises Refused("mark.none").
    """
    rows = Mark.objects.filter(work__assignment=assignment, state=MarkState.MODERATED)
    marks = list(rows.select_for_update(of=("self",)).select_related("work__assignment").order_by("pk"))
    if not marks:
        raise Refused("mark.none", _NONE)
    now = clock.now()
    pks = [mark.pk for mark in marks]
    Mark.objects.filter(pk__in=pks, state=MarkState.MODERATED).update(state=MarkState.RELEASED, released_at=now)
    Assignment.objects.filter(pk=assignment.pk, released_at=None).update(released_at=now)
    record_many("mark.released", assignment, parts=[Part(m, after={"points": m.points}) for m in marks], actor=by)
    _told(assignment, marks, _RELEASED)
    return marks


def _told(assignment: Assignment, marks: Sequence[Mark], text: Text) -> None:
    """What follows once marks count: the grade first, so that whoever finishes the course by it has theirs."""
    note_grades(assignment)
    members = WorkMember.objects.filter(work__in=[mark.work_id for mark in marks])
    rows = list(members.select_related("enrolment__cohort__course", "enrolment__person"))
    passed = {mark.work_id for mark in marks if mark.passed}
    for row in rows:
        if assignment.lesson and row.work_id in passed:
            row.enrolment.refresh_from_db(fields=["grade", "state"])
            prove(row.enrolment, assignment.lesson, by=None, proof=f"assignment {assignment.pk}")
    people = [row.enrolment.person_id for row in rows]
    path = f"/learn/assignments/{assignment.pk}/"
    tell(people, kind=NoticeKind.RESULT, text=text.format(title=assignment.title), path=path)
    for mark in marks:
        publish(MarkReleased(mark.pk))


@transaction.atomic
def correct(mark: Mark, *, points: Mapping[str, object], by: Person, why: str) -> Mark:
    """Change a mark that is out; its learners are told. Raises Refused("mark.not-out"), Flawed."""
    row = Mark.objects.select_for_update(of=("self",)).select_related("work__assignment", "hand_in").get(pk=mark.pk)
    if row.state != MarkState.RELEASED:
        raise Refused("mark.not-out", _NOT_OUT)
    given = taken(row.hand_in.rubric.read, points, whole=True, step=COUNTED)
    before = {"points": row.points, "by_criterion": row.by_criterion}
    told = {**columns(row.work, row.hand_in, given), "settled_by": by}
    Mark.objects.filter(pk=row.pk).update(**told)
    for name, value in told.items():
        setattr(row, name, value)
    after = {"points": row.points, "by_criterion": row.by_criterion, "why": _reason(why)}
    record("mark.corrected", row, before=before, after=after, actor=by)
    _told(row.work.assignment, [row], _CHANGED)
    return row


def _reason(text: str) -> str:
    said = text.strip()[:MOST_WORDS]
    if not said:
        raise Flawed("regrade.text", _REASON, errors=[{"text": _REASON.as_dict()}])
    return said


# --- regrades


@transaction.atomic
def ask_regrade(mark: Mark, *, by: Person, text: str) -> Regrade:
    """Hold that a mark is wrong. Raises Refused("regrade.late", "regrade.waits"), Flawed("regrade.text")."""
    said = _reason(text)
    if not takes_regrades(mark):
        raise Refused("regrade.late", _LATE)
    try:
        with transaction.atomic():
            made = Regrade.objects.create(mark=mark, by=by, text=said, before=mark.points)
    except IntegrityError:
        raise Refused("regrade.waits", _WAITS) from None
    record("regrade.asked", made, after={"mark": str(mark.pk)}, about=by, actor=by)
    assignment = mark.work.assignment
    path = f"/learn/works/{mark.work_id}/"
    seats = assignment.cohort.seats.filter(duty="instructor").values_list("person", flat=True)
    tell(seats, kind=NoticeKind.ANNOUNCEMENT, text=_ASKED.format(title=assignment.title), path=path)
    return made


@transaction.atomic
def answer_regrade(regrade: Regrade, *, by: Person, answer: str, points: Mapping[str, object] | None = None) -> Regrade:
    """Answer a request; with ``points`` it is upheld and the mark changes to them. Raises Flawed("regrade.text")."""
    said, mark = _reason(answer), regrade.mark
    if points is not None:
        mark = correct(mark, points=points, by=by, why=said)
    state = RegradeState.REJECTED if points is None else RegradeState.UPHELD
    now = clock.now()
    move(regrade, state, by=REGRADE_MOVES, answer=said, answered_by=by, answered_at=now, after=mark.points)
    record("regrade.answered", regrade, after={"state": state.value, "points": mark.points}, about=regrade.by, actor=by)
    assignment = mark.work.assignment
    path = f"/learn/assignments/{assignment.pk}/"
    tell([regrade.by_id], kind=NoticeKind.RESULT, text=_ANSWERED.format(title=assignment.title), path=path)
    return regrade
