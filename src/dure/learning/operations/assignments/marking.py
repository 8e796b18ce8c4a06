"""Graders at work: marks kept as they are given, sent, taken back; notes in the margin and answers to them."""

from collections.abc import Mapping

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.rubrics import taken
from dure.core.text import Text
from dure.learning.models import (
    MARKING_MOVES,
    HandIn,
    MarginNote,
    Mark,
    Marking,
    MarkingState,
    MarkState,
    Work,
    WorkFile,
)
from dure.learning.operations.assignments.counting import count_up
from dure.learning.queries.assignments import latest
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.models import move

MOST_COMMENT, MOST_NOTE, MOST_PAGES = 20_000, 5_000, 2_000
_NOT_YET = Text(
    ko="아직 제출 기한 전입니다. 기한이 지나면 채점할 수 있습니다.",
    en="It can still be handed in again. Mark it once its time is over.",
)
_SENT = Text(
    ko="이미 보낸 점수입니다. 고치려면 먼저 되돌리세요.", en="These marks are sent. Take them back to change them."
)
_ELSEWHERE = Text(
    ko="다른 탭에서 점수를 먼저 바꾸었습니다. 지금 저장된 점수를 확인하세요.",
    en="The marks were changed in another tab. See what is saved now.",
)
_RUBRIC = Text(
    ko="그 사이 평가표가 바뀌었습니다. 새로 고친 뒤 채점하세요.",
    en="The rubric has changed meanwhile. Reload, then mark by the new one.",
)
_STANDS = Text(
    ko="검토가 끝난 점수라 되돌릴 수 없습니다. 강사에게 말씀하세요.",
    en="A moderator stands by the mark already. Tell the instructors.",
)
_NOTE = Text(ko="의견을 쓰세요({most:,}자까지).", en="Write what you have to say, at most {most:,} letters.")
_PAGE = Text(
    ko="쪽은 파일에만 쓸 수 있고 {most:,}쪽까지입니다.", en="A page is one of a file, and at most the {most:,}th."
)
_ANSWERED = Text(ko="과제 의견에 답글이 달렸습니다: {title}", en="A note on an assignment was answered: {title}")


@transaction.atomic
def keep_marks(marking: Marking, *, points: Mapping[str, object], comment: str, saves: int, rubric: int) -> Marking:
    """Keep marks as they stand. ``saves``: how often they had been saved when they were changed, ``rubric``: the
    version they were given by; the same again counts once.

    Raises Refused("marking.elsewhere") with what stands there, Refused("marking.rubric", "marking.not-yet",
    "marking.sent"), Flawed("marks.flawed").
    """
    row, hand_in = _held(marking)
    if hand_in.rubric.number != rubric:
        raise Refused("marking.rubric", _RUBRIC)
    kept = {key: str(value) for key, value in taken(hand_in.rubric.read, points).items()}
    said = comment[:MOST_COMMENT]
    if (row.points, row.comment) == (kept, said) and row.saves in {saves, saves + 1}:
        return row
    there = Marking.objects.filter(pk=row.pk, saves=saves, state=MarkingState.DRAFT)
    if not there.update(points=kept, comment=said, saves=saves + 1):
        raise Refused("marking.elsewhere", _ELSEWHERE, saves=row.saves, points=row.points, comment=row.comment)
    row.points, row.comment, row.saves = kept, said, saves + 1
    return row


@transaction.atomic
def send_marks(marking: Marking) -> Marking:
    """Send what was kept; once all graders have, the mark is counted. Raises Flawed where points are missing."""
    row, hand_in = _held(marking)
    taken(hand_in.rubric.read, row.points, whole=True)
    move(row, MarkingState.SENT, by=MARKING_MOVES, sent_at=clock.now())
    told = {"points": row.points, "place": row.place}
    record("marking.sent", row, after=told, actor=row.grader)
    count_up(row.work)
    return row


@transaction.atomic
def take_back(marking: Marking) -> Marking:
    """Change sent marks again, as long as no moderator stands by them. Raises Refused("marking.stands")."""
    row, _ = _held(marking, sent=True)
    mark = Mark.objects.filter(work=row.work).first()
    if mark is not None and (mark.settled_by_id or mark.state != MarkState.DRAFT):
        raise Refused("marking.stands", _STANDS)
    move(row, MarkingState.DRAFT, by=MARKING_MOVES, sent_at=None)
    record("marking.taken-back", row, actor=row.grader)
    count_up(row.work)
    return row


def _held(marking: Marking, *, sent: bool = False) -> tuple[Marking, HandIn]:
    """The marking and what it marks, with the work's row held: nothing is handed in, sent or counted meanwhile."""
    work = Work.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=marking.work_id)
    row = Marking.objects.select_related("grader").get(pk=marking.pk)
    row.work = work
    hand_in = latest(work)
    if hand_in is None or not work.is_due:
        raise Refused("marking.not-yet", _NOT_YET, due_at=work.due_at)
    if row.state == MarkingState.SENT and not sent:
        raise Refused("marking.sent", _SENT)
    return row, hand_in


# --- notes in the margin


@transaction.atomic
def write_note(
    hand_in: HandIn,
    *,
    by: Person,
    text: str,
    line: int | None = None,
    page: int | None = None,
    file: WorkFile | None = None,
) -> MarginNote:
    """Say something of a hand-in, or of a line of it; ``file``: of this one's, or of a ``page`` of it.

    Raises Flawed("note.text", "note.page").
    """
    if page is not None and (page > MOST_PAGES or file is None or line is not None):
        sentence = _PAGE.format(most=MOST_PAGES)
        raise Flawed("note.page", sentence, errors=[{"text": sentence.as_dict()}])
    marking = Marking.objects.filter(work=hand_in.work_id, grader=by).first()
    place = {"line": line, "page": page, "file": file}
    made = MarginNote.objects.create(hand_in=hand_in, by=by, text=_said(text), **place, marking=marking)
    record("note.written", made, after={"line": line, "page": page}, actor=by)
    return made


@transaction.atomic
def answer_note(note: MarginNote, *, by: Person, text: str) -> MarginNote:
    """Answer in a note's thread; whoever said something in it before is told. Raises Flawed("note.text")."""
    made = MarginNote.objects.create(hand_in=note.hand_in, by=by, text=_said(text), answers=note)
    record("note.answered", made, actor=by)
    work = note.hand_in.work
    learners = set(work.members.values_list("enrolment__person", flat=True))
    spoke = {note.by_id, *note.thread.values_list("by", flat=True)}
    told, title = (spoke | learners) - {by.pk}, work.assignment.title
    own, marked = f"/learn/assignments/{work.assignment_id}/", f"/learn/assignments/{work.assignment_id}/marking/"
    tell(told & learners, kind=NoticeKind.TALK, text=_ANSWERED.format(title=title), path=own)
    tell(told - learners, kind=NoticeKind.TALK, text=_ANSWERED.format(title=title), path=marked)
    return made


@transaction.atomic
def strike_note(note: MarginNote) -> None:
    """Take a note back, with its thread."""
    record("note.struck", note, before={"line": note.line, "page": note.page})
    note.delete()


def _said(text: str) -> str:
    said = text.strip()
    if not said or len(said) > MOST_NOTE:
        sentence = _NOTE.format(most=MOST_NOTE)
        raise Flawed("note.text", sentence, errors=[{"text": sentence.as_dict()}])
    return said
