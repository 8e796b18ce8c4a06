"""Who takes part: seats by compare-and-set, a waiting list that moves up, extensions, what instructors note."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import publish
from dure.core.moments import Told
from dure.core.text import Text
from dure.learning.events import CohortPeopleChanged, Enrolled, ResultNoted, Withdrawn
from dure.learning.models import (
    ENROLMENT_MOVES,
    Cohort,
    CourseState,
    Enrolment,
    EnrolmentState,
)
from dure.learning.operations.progressing import count_one
from dure.people.days import for_reader, zone_of
from dure.people.models import NoticeKind, Organisation, Person
from dure.people.operations.notices import tell
from dure.store.models import move

_NOT_OPEN = Text(ko="지금은 신청할 수 없는 강좌입니다.", en="This course takes nobody now.")
_CLOSED = Text(
    ko="신청 기간이 끝났습니다. 다른 기수가 있는지 강좌 페이지에서 확인하세요.",
    en="The time to join is over. See on the course's page whether there is another cohort.",
)
_BY_INVITATION = Text(
    ko="운영자가 명단으로 등록하는 기수입니다. 소속 기관에 문의하세요.",
    en="People are entered into this cohort by a roster. Ask your organisation.",
)
_OPTION = Text(ko="트랙을 고르세요: {options}", en="Choose a track: {options}")
_THERE = Text(ko="이미 신청한 기수입니다.", en="You are in this cohort already.")
_OVER = Text(ko="수강이 끝난 뒤에는 취소할 수 없습니다.", en="What is finished cannot be left.")
_MOVED_UP = Text(
    ko="‘{course}’에 자리가 나서 수강이 확정되었습니다.", en="A seat became free: you are in {course} now."
)
_EARLIER = Text(
    ko="개인 기한은 기수가 끝나는 때({ends})보다 늦어야 합니다.",
    en="More time ends after the cohort does: later than {ends}.",
)
_EXTENDED = Text(
    ko="‘{course}’ 수강 기간이 {when}까지 연장되었습니다.", en="Your time for {course} now ends on {when}."
)


def join(cohort: Cohort, *, person: Person, option: str = "") -> Enrolment:
    """Take part, by oneself: a seat where there is one, else a place on the waiting list.

    Raises Refused where the course or the cohort takes nobody now, and as ``enrol``.
    """
    if cohort.course.state != CourseState.OPEN:
        raise Refused("course.closed", _NOT_OPEN)
    if not cohort.self_service:
        raise Forbidden("cohort.roster", _BY_INVITATION)
    if not cohort.takes_people:
        raise Refused("cohort.closed", _CLOSED)
    return enrol(cohort, person=person, option=option)


@transaction.atomic
def enrol(cohort: Cohort, *, person: Person, option: str = "", organisation: Organisation | None = None) -> Enrolment:
    """Enter somebody into a cohort, also after its time to join. Who withdrew may come back, at the end of the line.

    Raises Refused("enrolment.track" or "enrolment.there").
    """
    options = cohort.course.options
    if options and option not in options:
        raise Refused("enrolment.track", _OPTION.format(options=", ".join(options)))
    state = EnrolmentState.ACTIVE if _take_seat(cohort) else EnrolmentState.WAITING
    told = {"option": option if options else "", "organisation": organisation, "asked_at": clock.now()}
    there = Enrolment.objects.filter(cohort=cohort, person=person).first()
    if there is not None:
        made = _back(there, state, **told)
    else:
        made = _new(Enrolment(cohort=cohort, person=person, state=state, **told))
    record("enrolment.made", made, after={"course": cohort.course.key, "state": state, "option": option}, about=person)
    if state == EnrolmentState.ACTIVE:
        count_one(made)
        publish(Enrolled(made.pk))
        publish(CohortPeopleChanged(cohort.pk))
    return made


def _new(enrolment: Enrolment) -> Enrolment:
    try:
        with transaction.atomic():
            enrolment.save(force_insert=True)
    except IntegrityError:
        raise Refused("enrolment.there", _THERE) from None
    return enrolment


def _back(there: Enrolment, state: EnrolmentState, **told: Any) -> Enrolment:
    if there.state != EnrolmentState.WITHDRAWN:
        raise Refused("enrolment.there", _THERE)
    return move(there, state, by=ENROLMENT_MOVES, **told)


def _take_seat(cohort: Cohort) -> bool:
    """Whether there was a seat, which is taken now. Where there is none, whoever is leaving is waited for."""
    free = Cohort.objects.filter(Q(capacity=None) | Q(taken__lt=F("capacity")), pk=cohort.pk)
    if free.update(taken=F("taken") + 1):
        return True
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    return bool(free.update(taken=F("taken") + 1))


@transaction.atomic
def withdraw(enrolment: Enrolment) -> Enrolment:
    """Leave a cohort; the seat goes to whoever has waited longest. Raises Refused("enrolment.finished")."""
    if enrolment.state == EnrolmentState.FINISHED:
        raise Refused("enrolment.finished", _OVER)
    cohort = Cohort.objects.select_for_update().get(pk=enrolment.cohort_id)
    held_seat = enrolment.state == EnrolmentState.ACTIVE
    move(enrolment, EnrolmentState.WITHDRAWN, by=ENROLMENT_MOVES)
    record("enrolment.withdrawn", enrolment, about=enrolment.person)
    publish(Withdrawn(enrolment.pk))
    if held_seat:
        Cohort.objects.filter(pk=cohort.pk).update(taken=F("taken") - 1)
        move_up(cohort)
        publish(CohortPeopleChanged(cohort.pk))
    return enrolment


def move_up(cohort: Cohort) -> Enrolment | None:
    """Give a free seat to whoever has waited longest; None where there is no seat, or nobody waits.

    The caller holds the cohort's row, so that nobody who joins meanwhile goes before them.
    """
    first = cohort.enrolments.filter(state=EnrolmentState.WAITING).order_by("asked_at", "pk").first()
    if first is None or not _take_seat(cohort):
        return None
    move(first, EnrolmentState.ACTIVE, by=ENROLMENT_MOVES)
    count_one(first)
    text = _MOVED_UP.format(course=cohort.course.title)
    tell([first.person_id], kind=NoticeKind.OPENED, text=text, path=f"/learn/enrolments/{first.pk}/")
    record("enrolment.moved-up", first, about=first.person)
    publish(Enrolled(first.pk))
    return first


@transaction.atomic
def extend(enrolment: Enrolment, *, until: datetime | None) -> Enrolment:
    """Give one person more time (None: the cohort's own again), and tell them. Raises Flawed where it is no more."""
    ends = enrolment.cohort.closes_at
    if until and ends and until <= ends:
        sentence = _EARLIER.format(ends=for_reader(ends, closes=True))
        raise Flawed("enrolment.earlier", sentence, errors=[{"field": "extended_until", "text": sentence.as_dict()}])
    before = enrolment.extended_until
    Enrolment.objects.filter(pk=enrolment.pk).update(extended_until=until)
    enrolment.extended_until = until
    record("enrolment.extended", enrolment, before={"until": before}, after={"until": until}, about=enrolment.person)
    if until:
        when = Told(until, closes=True).to(zone_of(enrolment.person.zone))
        text = _EXTENDED.format(course=enrolment.cohort.course.title, when=when)
        tell([enrolment.person_id], kind=NoticeKind.OPENED, text=text, path=f"/learn/enrolments/{enrolment.pk}/")
    return enrolment


@transaction.atomic
def note(enrolment: Enrolment, *, attendance: Decimal | None, grade: Decimal | None) -> Enrolment:
    """Write down what an instructor says: attendance 0 to 1, grade 0 to 4.5 (None: not given)."""
    before = {"attendance": enrolment.attendance, "grade": enrolment.grade}
    told = {"attendance": attendance, "grade": grade}
    Enrolment.objects.filter(pk=enrolment.pk).update(**told)
    enrolment.attendance, enrolment.grade = attendance, grade
    record("enrolment.noted", enrolment, before=before, after=told, about=enrolment.person)
    publish(ResultNoted(enrolment.pk))
    return enrolment


@transaction.atomic
def write_to(cohort: Cohort, *, states: list[str], text: str) -> int:
    """Tell those of a cohort who are in these states. Returns how many."""
    told = list(cohort.enrolments.filter(state__in=states).values_list("person", flat=True))
    said = Text(ko=f"{cohort.course.title_ko}: {text}", en=f"{cohort.course.title_en}: {text}")
    tell(told, kind=NoticeKind.ANNOUNCEMENT, text=said, path=f"/learn/courses/{cohort.course.key}/")
    record("cohort.written-to", cohort, after={"states": states, "text": text, "told": len(told)})
    return len(told)
