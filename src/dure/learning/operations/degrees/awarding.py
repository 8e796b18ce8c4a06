"""Awards: proposed by a registrar where the audit finds everything, made or declined by the committee."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from dure.audit.operations import Part, record, record_many
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.learning.events import Awarded, AwardProposed
from dure.learning.models import CANDIDACY_MOVES, Candidacy, CandidacyState, Degree
from dure.learning.operations.degrees.auditing import keep_audits
from dure.learning.operations.degrees.candidates import path_of
from dure.learning.queries.degrees import WITH
from dure.match.audits import Audit
from dure.match.audits.sayings import said
from dure.people.days import today
from dure.people.models import NoticeKind, Person
from dure.people.operations.notices import tell
from dure.store.models import move

SHOWN = 5
_NOBODY = Text(ko="사람을 고르세요.", en="Choose somebody.")
_UNMET = Text(
    ko="{n}명이 아직 요건을 채우지 못해 아무도 제안하지 않았습니다. {who}",
    en="{n} of them do not meet the requirement yet, so nobody was proposed. {who}",
)
_CHANGED = Text(
    ko="그 사이 상태가 바뀐 사람이 있습니다. 새로 고친 뒤 다시 시도하세요.",
    en="Somebody's state changed meanwhile. Reload and try again.",
)
_OWN = Text(ko="자기 학위는 스스로 의결할 수 없습니다.", en="Nobody decides on their own degree.")
_TWO = Text(
    ko="제안한 사람은 수여를 의결할 수 없습니다. 다른 위원에게 요청하세요.",
    en="Whoever proposed it cannot award it. Ask another member of the committee.",
)
_AWARDED = Text(ko="‘{name}’ 수여가 의결되었습니다.", en="You are awarded: {name}.")
_DECLINED = Text(
    ko="‘{degree}’ 수여 제안이 반려되었습니다. 사유: {reason}", en="The award of {degree} was declined: {reason}"
)


@transaction.atomic
def propose_awards(degree: Degree, *, candidacies: Collection[UUID], by: Person) -> list[Candidacy]:
    """Propose all of them to the committee, or none. Raises Refused("award.unmet"), which says what each lacks."""
    rows, audits = _audited(degree, candidacies)
    _check_met(rows, audits)
    _move_all(rows, CandidacyState.PROPOSED, proposed_by=by, reason="")
    parts = [Part(row, after=_found(audits[row.pk]), about=row.person) for row in rows]
    record_many("award.proposed", degree, parts=parts, actor=by)
    for row in rows:
        publish(AwardProposed(row.pk))
    return rows


@transaction.atomic
def award(degree: Degree, *, candidacies: Collection[UUID], by: Person) -> list[Candidacy]:
    """Award all of them, or none, as the audit of today finds them.

    Raises Refused("award.unmet"), Forbidden("award.own"), Forbidden("award.two").
    """
    rows, audits = _audited(degree, candidacies)
    if any(row.person_id == by.pk for row in rows):
        raise Forbidden("award.own", _OWN)
    if any(row.proposed_by_id == by.pk for row in rows):
        raise Forbidden("award.two", _TWO)
    _check_met(rows, audits)
    _move_all(rows, CandidacyState.AWARDED, awarded_by=by, awarded_on=today())
    parts = [Part(row, after=_found(audits[row.pk]), about=row.person) for row in rows]
    record_many("award.made", degree, parts=parts, actor=by)
    for row in rows:
        publish(Awarded(row.pk))
        text = _AWARDED.format(name=audits[row.pk].name)
        tell([row.person_id], kind=NoticeKind.RESULT, text=text, path=path_of(row))
    return rows


@transaction.atomic
def decline_award(candidacy: Candidacy, *, reason: str, by: Person) -> Candidacy:
    """Say no to a proposal, and why; the candidate goes on. Raises Forbidden("award.own")."""
    if candidacy.person_id == by.pk:
        raise Forbidden("award.own", _OWN)
    move(candidacy, CandidacyState.STUDYING, by=CANDIDACY_MOVES, reason=reason, proposed_by=None)
    record("award.declined", candidacy, after={"reason": reason}, about=candidacy.person, actor=by)
    text = _DECLINED.format(degree=candidacy.degree.title, reason=reason)
    tell([candidacy.person_id], kind=NoticeKind.RESULT, text=text, path=path_of(candidacy))
    return candidacy


@transaction.atomic
def note_revoked(candidacy: Candidacy, *, reason: str) -> None:
    """Whoever issues what was awarded declined it, or took it back; twice is once."""
    if candidacy.state == CandidacyState.AWARDED:
        move(candidacy, CandidacyState.REVOKED, by=CANDIDACY_MOVES, reason=reason)
        record("award.revoked", candidacy, after={"reason": reason}, about=candidacy.person)


def _audited(degree: Degree, candidacies: Collection[UUID]) -> tuple[list[Candidacy], dict[UUID, Audit]]:
    """Those of the degree, audited now. Raises Refused."""
    rows = list(degree.candidacies.filter(pk__in=candidacies).select_related(*WITH).order_by("pk"))
    if not candidacies:
        raise Refused("award.nobody", _NOBODY)
    if len(rows) != len(set(candidacies)):
        raise Refused("state.changed", _CHANGED)
    return rows, keep_audits(rows)


def _check_met(rows: Sequence[Candidacy], audits: dict[UUID, Audit]) -> None:
    """Raise Refused("award.unmet") with what each of them lacks, in words and in ``errors``."""
    lacking = [(row, [said(line) for line in audits[row.pk].missing]) for row in rows if not audits[row.pk].met]
    if lacking:
        who = [_sentence(row, lines) for row, lines in lacking[:SHOWN]]
        told = Text(ko=" ".join(one.ko for one in who), en=" ".join(one.en for one in who))
        errors = [{"candidate": str(row.pk), "missing": [line.as_dict() for line in lines]} for row, lines in lacking]
        raise Refused("award.unmet", _UNMET.format(n=len(lacking), who=told), errors=errors)


def _sentence(row: Candidacy, lines: Sequence[Text]) -> Text:
    ko, en = " ".join(line.ko for line in lines), " ".join(line.en for line in lines)
    return Text(ko=f"{row.person.name}: {ko}", en=f"{row.person.name}: {en}")


def _move_all(rows: Sequence[Candidacy], new: CandidacyState, **also: object) -> None:
    """By compare-and-set, however many there are."""
    for row in rows:
        CANDIDACY_MOVES.check(CandidacyState(row.state), new)
    touched = Candidacy.objects.filter(pk__in=[row.pk for row in rows], state=rows[0].state)
    if touched.update(state=new, **also) != len(rows):
        raise Refused("state.changed", _CHANGED)
    for row in rows:
        row.state = new


def _found(audit: Audit) -> dict[str, object]:
    """What the audit said when it was decided, for the log."""
    return {"name": audit.name.as_dict(), "lines": [said(line).en for line in audit.lines], "on": str(audit.on)}
