"""Exams as examiners hold them: planned, opened, archived; candidates admitted, with time of their own."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from dure.assessments.models import EXAM_MOVES, Attempt, AttemptState, Bank, Candidate, Exam, ExamState, Paper
from dure.assessments.queries.banks import drawn_from
from dure.audit.operations import Part, record, record_many
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.models import move

PLANNED = ("title_ko", "title_en", "about_ko", "about_en", "paper", "opens_at", "closes_at", "minutes", "pass_share",
           "most_attempts", "wait_hours", "for_all", "bands", "review", "at_once")  # fmt: skip
MOST_EXTRA = 10_000  # minutes
_BEGUN = ("paper", "minutes", "pass_share", "bands")
_LACKS = Text(
    ko="시험지를 채울 문항이 모자랍니다. {lines}. 문항을 더 쓰거나 시험지를 고치세요.",
    en="The bank cannot fill the paper. {lines}. Write more questions or change the paper.",
)
_LACK = Text(ko="{place}번째 줄: {n}문항 부족", en="Line {place} lacks {n}")
_FORWARD = Text(ko="끝나는 시각은 시작 시각보다 늦어야 합니다.", en="It must end after it begins.")
_FIXED = Text(
    ko="이미 응시한 사람이 있어 시험지, 시간, 합격 기준, 등급은 바꿀 수 없습니다.",
    en="Somebody has sat it: its paper, minutes, pass mark and levels stay.",
)
_OTHER = Text(ko="다른 문제은행의 시험지입니다.", en="The paper belongs to another bank.")
_EXTRA = Text(
    ko="추가 시간은 0분에서 {most}분 사이의 숫자로 입력하세요.",
    en="Enter the extra time as a number of minutes, 0 to {most}.",
)
_ADMITTED = Text(ko="시험에 응시할 수 있습니다: {title}", en="You may take an exam: {title}")


@transaction.atomic
def plan_exam(bank: Bank, *, by: Person, **told: Any) -> Exam:
    """A draft of an exam (``PLANNED``), seen by its examiners alone.

    Raises Refused("exam.paper"), Flawed("exam.times").
    """
    exam = Exam(bank=bank, made_by=by, **told)
    _check(exam)
    exam.save(force_insert=True)
    record("exam.planned", exam, after=_plain(told))
    return exam


@transaction.atomic
def change_exam(exam: Exam, **told: Any) -> Exam:
    """Plan it otherwise. Raises Refused("exam.begun") for what is fixed by the first attempt, else as ``plan_exam``."""
    exam = Exam.objects.select_for_update().select_related("bank", "paper").get(pk=exam.pk)
    before = {name: getattr(exam, name) for name in told}
    fixed = [name for name in _BEGUN if name in told and told[name] != before[name]]
    if fixed and exam.attempts.exists():
        raise Refused("exam.begun", _FIXED, fields=fixed)
    for name, value in told.items():
        setattr(exam, name, value)
    _check(exam)
    exam.save(update_fields=[*told, "name_key"])
    if exam.closes_at != before.get("closes_at", exam.closes_at):
        _recut(exam)
    record("exam.changed", exam, before=_plain(before), after=_plain(told))
    return exam


def _recut(exam: Exam) -> None:
    """The exam's end moved: attempts that run end with it."""
    running = list(exam.attempts.select_for_update().filter(state=AttemptState.RUNNING).order_by("pk"))
    candidates = exam.candidates.in_bulk([attempt.candidate_id for attempt in running])
    for attempt in running:
        deadline = deadline_of(exam, candidates[attempt.candidate_id], attempt.started_at)
        attempt.deadline = max(deadline, attempt.started_at)
    Attempt.objects.bulk_update(running, ["deadline"], batch_size=500)


def _check(exam: Exam) -> None:
    if exam.paper.bank_id != exam.bank_id:
        raise Refused("exam.paper", _OTHER)
    if exam.closes_at <= exam.opens_at:
        raise Flawed("exam.times", _FORWARD, errors=[{"text": _FORWARD.as_dict()}])


@transaction.atomic
def open_exam(exam: Exam) -> Exam:
    """Let it be found, and taken in its window. Raises Refused("exam.lacks") where its paper cannot be drawn."""
    check_can_be_drawn(exam.paper)
    record("exam.opened", exam)
    move(exam, ExamState.OPEN, by=EXAM_MOVES)
    _invite(exam, exam.candidates.values_list("person", flat=True))
    return exam


@transaction.atomic
def archive_exam(exam: Exam) -> Exam:
    """Begin no more attempts; those that run go on."""
    record("exam.archived", exam)
    return move(exam, ExamState.ARCHIVED, by=EXAM_MOVES)


def check_can_be_drawn(paper: Paper) -> None:
    """Raise Refused("exam.lacks") that names the lines which the bank cannot fill."""
    lacks = drawn_from(paper, seed=0).lacks
    if lacks:
        lines = [_LACK.format(place=place + 1, n=n) for place, n in sorted(lacks.items())]
        named = Text(ko=", ".join(line.ko for line in lines), en=", ".join(line.en for line in lines))
        raise Refused("exam.lacks", _LACKS.format(lines=named), lacks={str(at + 1): n for at, n in lacks.items()})


# --- candidates


@transaction.atomic
def admit(exam: Exam, persons: Iterable[Person]) -> int:
    """Let these people take an exam; who may already is passed over. Returns how many came in."""
    there = set(exam.candidates.values_list("person", flat=True))
    fresh = {person.pk: Candidate(exam=exam, person=person) for person in persons if person.pk not in there}
    Candidate.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    if fresh:
        parts = [Part(row, about=("people.person", pk)) for pk, row in fresh.items()]
        record_many("exam.admitted", exam, parts=parts)
    if exam.state == ExamState.OPEN:
        _invite(exam, fresh)
    return len(fresh)


def _invite(exam: Exam, persons: Iterable[Any]) -> None:
    text = _ADMITTED.format(title=exam.title)
    tell(persons, kind=NoticeKind.OPENED, text=text, path=f"/exams/{exam.pk}/")


@transaction.atomic
def give_time(candidate: Candidate, *, extra_minutes: int) -> Candidate:
    """Give somebody more time than others; an attempt that runs gets it as well, within the exam's window.

    Raises Flawed("exam.extra-minutes").
    """
    if not 0 <= extra_minutes <= MOST_EXTRA:
        raise Flawed("exam.extra-minutes", _EXTRA.format(most=f"{MOST_EXTRA:,}"))
    before = candidate.extra_minutes
    candidate.extra_minutes = extra_minutes
    candidate.save(update_fields=["extra_minutes"])
    running = candidate.attempts.select_for_update().filter(state=AttemptState.RUNNING).first()
    if running is not None:
        running.deadline = max(deadline_of(candidate.exam, candidate, running.started_at), running.started_at)
        running.save(update_fields=["deadline"])
    then, now = {"extra_minutes": before}, {"extra_minutes": extra_minutes}
    record("candidate.time-given", candidate, before=then, after=now, about=("people.person", candidate.person_id))
    return candidate


def deadline_of(exam: Exam, candidate: Candidate, started_at: datetime) -> datetime:
    """Start, minutes and extra time, cut by the exam's end."""
    minutes = exam.minutes + candidate.extra_minutes
    return min(started_at + timedelta(minutes=minutes), exam.closes_at)


def _plain(told: dict[str, Any]) -> dict[str, object]:
    """What the log can hold of it."""
    return {name: str(value.pk) if hasattr(value, "pk") else value for name, value in told.items()}
