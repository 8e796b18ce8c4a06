"""Who is on the way to a degree: admitted, guided, gone, back again."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from dure.audit.operations import record
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.learning.models import (
    CANDIDACY_MOVES,
    Candidacy,
    CandidacyState,
    Degree,
    DegreeVersion,
    Enrolment,
    EnrolmentState,
)
from dure.learning.operations.degrees.auditing import keep_audits
from dure.learning.operations.degrees.credits import note_course
from dure.learning.requirements import read_requirement
from dure.people.models import NoticeKind, Person
from dure.people.operations.notices import tell
from dure.store.models import move

_THERE = Text(ko="{email} 님은 이미 이 학위 과정에 있습니다.", en="{email} is a candidate for this degree already.")
_TRACK = Text(ko="트랙은 {known} 가운데 하나입니다.", en="A track is one of {known}.")
_NO_TRACK = Text(ko="이 학위 과정에는 트랙이 없습니다.", en="This degree has no tracks.")
_OTHERS = Text(ko="이 학위의 요건 버전이 아닙니다.", en="This version is of another degree.")
_DECIDED = Text(
    ko="학위가 제안되었거나 수여되어 바꿀 수 없습니다.",
    en="The award is proposed or made: this cannot be changed any more.",
)
_ADMITTED = Text(
    ko="‘{degree}’ 과정에 등록되었습니다. 이수 현황을 확인하세요.",
    en="You are a candidate for {degree}. See what you have and what is missing.",
)


@transaction.atomic
def admit(degree: Degree, *, person: Person, by: Person, track: str = "", advisor: Person | None = None) -> Candidacy:
    """Somebody begins, under the version that holds now. Raises Refused("candidacy.there"), Flawed."""
    version = degree.versions.latest("number")
    _check_track(degree, version, track)
    told = {"degree": degree, "person": person, "version": version, "track": track, "advisor": advisor}
    try:
        with transaction.atomic():
            made = Candidacy.objects.create(**told)
    except IntegrityError as twice:
        raise Refused("candidacy.there", _THERE.format(email=person.email)) from twice
    record("candidacy.begun", made, after=_plain(made), about=person, actor=by)
    tell([person.pk], kind=NoticeKind.RESULT, text=_ADMITTED.format(degree=degree.title), path=path_of(made))
    for enrolment in _finished_by(person):
        note_course(enrolment)
    keep_audits([made])
    return made


@transaction.atomic
def admit_all(degree: Degree, *, people: Iterable[Person], by: Person, track: str = "") -> None:
    """``admit`` for everybody, or for nobody. Raises the same."""
    for person in people:
        admit(degree, person=person, track=track, by=by)


def _finished_by(person: Person) -> "QuerySet[Enrolment]":
    """What they finished here before they began: it counts as well."""
    rows = person.enrolments.filter(state=EnrolmentState.FINISHED).order_by("finished_at", "pk")
    return rows.select_related("cohort__course__provider__organisation", "person")


@transaction.atomic
def guide(candidacy: Candidacy, *, version: DegreeVersion, track: str, advisor: Person | None, by: Person) -> Candidacy:
    """Move somebody to another version or track, or give them another advisor. Raises Refused, Flawed."""
    if version.degree_id != candidacy.degree_id:
        raise Flawed("candidacy.version", _OTHERS)
    _check_track(candidacy.degree, version, track)
    before = _plain(candidacy)
    candidacy.version, candidacy.track, candidacy.advisor = version, track, advisor
    rows = Candidacy.objects.filter(pk=candidacy.pk, state=CandidacyState.STUDYING)
    if not rows.update(version=version, track=track, advisor=advisor):
        raise Refused("candidacy.decided", _DECIDED)
    record("candidacy.guided", candidacy, before=before, after=_plain(candidacy), about=candidacy.person, actor=by)
    keep_audits([candidacy])
    return candidacy


@transaction.atomic
def leave_degree(candidacy: Candidacy, *, by: Person, reason: str = "") -> Candidacy:
    """Somebody is on the way no more; what they earned is kept."""
    move(candidacy, CandidacyState.LEFT, by=CANDIDACY_MOVES, reason=reason)
    record("candidacy.left", candidacy, after={"reason": reason}, about=candidacy.person, actor=by)
    return candidacy


@transaction.atomic
def resume_degree(candidacy: Candidacy, *, by: Person) -> Candidacy:
    """Somebody who left is on the way again."""
    move(candidacy, CandidacyState.STUDYING, by=CANDIDACY_MOVES, reason="")
    record("candidacy.resumed", candidacy, about=candidacy.person, actor=by)
    keep_audits([candidacy])
    return candidacy


def path_of(candidacy: Candidacy) -> str:
    """The page of the audit."""
    return f"/degrees/candidates/{candidacy.pk}/"


def _check_track(degree: Degree, version: DegreeVersion, track: str) -> None:
    known = [one.key for one in read_requirement(version.source, home=degree.organisation.short).tracks]
    if known and track not in known:
        raise Flawed("candidacy.track", _TRACK.format(known=", ".join(known)))
    if track and not known:
        raise Flawed("candidacy.track", _NO_TRACK)


def _plain(candidacy: Candidacy) -> dict[str, object]:
    return {"version": candidacy.version.number, "track": candidacy.track, "advisor": candidacy.advisor_id}
