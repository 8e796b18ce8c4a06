"""Credit records: entered, corrected by newer ones, struck; noted by themselves for courses that are taken here."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from dure.audit.operations import record
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.learning.models import (
    UNDECIDED,
    Candidacy,
    CandidacyState,
    Course,
    CreditRecord,
    Enrolment,
    EnrolmentState,
)
from dure.learning.operations.degrees.auditing import keep_audits
from dure.learning.queries.degrees import WITH, requirement_for, standing_records
from dure.people.models import Organisation, Person
from dure.skills.models import Evidence

MOST_CREDITS = Decimal(999)
_DECIDED = Text(
    ko="이미 학위가 수여되었거나 과정을 떠나서 기록을 바꿀 수 없습니다.",
    en="The degree is awarded, or the candidate has left: records cannot be changed any more.",
)
_CORRECTED = Text(
    ko="그 사이 고쳐진 기록입니다. 새로 고친 뒤 다시 시도하세요.",
    en="This record was corrected meanwhile. Reload and try again.",
)
_NAMELESS = Text(ko="과목 코드와 과목명을 쓰세요.", en="Write the course's code and its title.")
_NO_CREDITS = Text(
    ko="학점은 0.1부터 999까지 씁니다. 논문만 0학점일 수 있습니다.",
    en="Credits are from 0.1 to 999; a thesis alone may have none.",
)


@dataclass(frozen=True)
class Credit:
    """What one record says. ``source``: the course here, where it is one."""

    issuer: Organisation
    course: str
    title: Text
    credits: Decimal
    earned_on: date
    area: str = ""
    term: str = ""
    grade: Decimal | None = None
    attendance: Decimal | None = None
    transfer: bool = False
    thesis: bool = False
    source: Course | None = None
    evidence: Evidence | None = None

    @classmethod
    def of(cls, row: CreditRecord) -> "Credit":
        """What a row says; its issuer and source have to be there."""
        same = {name: getattr(row, name) for name in cls.__dataclass_fields__ if name != "title"}
        return cls(title=Text(ko=row.title_ko, en=row.title_en), **same)

    @property
    def columns(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "title"}
        return {**told, "title_ko": self.title.ko, "title_en": self.title.en}


@transaction.atomic
def enter_credit(candidacy: Candidacy, credit: Credit, *, by: Person | None) -> CreditRecord:
    """One more record. Raises Refused("candidacy.decided"), Flawed."""
    _check(candidacy, credit)
    made = CreditRecord.objects.create(candidacy=candidacy, by=by, **credit.columns)
    record("credit.entered", made, after=plain(credit), about=candidacy.person, actor=by)
    keep_audits([candidacy])
    return made


@transaction.atomic
def correct_credit(former: CreditRecord, credit: Credit, *, by: Person | None) -> CreditRecord:
    """A newer record in its place. Raises Refused("state.changed") where another was first."""
    _check(former.candidacy, credit)
    return _replace(former, credit, by=by, struck=False)


@transaction.atomic
def strike_credit(former: CreditRecord, *, by: Person) -> CreditRecord:
    """Say that there was nothing; what was written stays in the history."""
    _check(former.candidacy, Credit.of(former))
    return _replace(former, Credit.of(former), by=by, struck=True)


def _replace(former: CreditRecord, credit: Credit, *, by: Person | None, struck: bool) -> CreditRecord:
    told = {**credit.columns, "candidacy": former.candidacy, "by": by, "struck": struck, "replaces": former}
    try:
        with transaction.atomic():
            made = CreditRecord.objects.create(**told)
    except IntegrityError as twice:
        raise Refused("state.changed", _CORRECTED) from twice
    before, after = plain(Credit.of(former)), {**plain(credit), "struck": struck}
    record("credit.corrected", made, before=before, after=after, about=former.candidacy.person, actor=by)
    keep_audits([former.candidacy])
    return made


@transaction.atomic
def note_course(enrolment: Enrolment) -> list[CreditRecord]:
    """What somebody finished here counts towards each of their degrees that knows the course's institution.

    Noted again with another grade, the record is corrected; with the same, nothing happens.
    """
    if enrolment.state != EnrolmentState.FINISHED or enrolment.finished_at is None or not enrolment.credits:
        return []
    credit = _credit_of(enrolment)
    open_ = Candidacy.objects.filter(person=enrolment.person, state=CandidacyState.STUDYING)
    made = [_note(candidacy, credit) for candidacy in open_.select_related(*WITH) if _knows(candidacy, credit.issuer)]
    return [row for row in made if row]


def _credit_of(enrolment: Enrolment) -> Credit:
    course, finished = enrolment.cohort.course, enrolment.finished_at
    return Credit(
        course.provider.organisation, course.key, course.title, enrolment.credits, localdate(finished),
        grade=enrolment.grade, attendance=enrolment.attendance, source=course, term=enrolment.cohort.name[:20],
    )  # fmt: skip


def _knows(candidacy: Candidacy, issuer: Organisation) -> bool:
    asked = requirement_for(candidacy)
    return issuer.short in {asked.home, *asked.partners, *asked.recognised}


def _note(candidacy: Candidacy, credit: Credit) -> CreditRecord | None:
    rows = standing_records([candidacy.pk]).select_related("source", "evidence", "candidacy__person")
    former = rows.filter(source=credit.source, earned_on=credit.earned_on).first()
    if former is None:
        return enter_credit(candidacy, credit, by=None)
    former.candidacy = candidacy
    kept = replace(credit, area=former.area, transfer=former.transfer, evidence=former.evidence)
    return correct_credit(former, kept, by=None) if Credit.of(former) != kept else None


def plain(credit: Credit) -> dict[str, object]:
    """What a record says, for the log."""
    told = {**credit.columns, "issuer": credit.issuer.short, "source": credit.source and credit.source.key}
    return {**told, "evidence": credit.evidence and str(credit.evidence.pk), "title": asdict(credit.title)}


def _check(candidacy: Candidacy, credit: Credit) -> None:
    if candidacy.state not in UNDECIDED:
        raise Refused("candidacy.decided", _DECIDED)
    if not credit.course.strip() or not (credit.title.ko.strip() or credit.title.en.strip()):
        raise Flawed("credit.nameless", _NAMELESS)
    least = Decimal(0) if credit.thesis else Decimal("0.1")
    if not least <= credit.credits <= MOST_CREDITS:
        raise Flawed("credit.amount", _NO_CREDITS)
