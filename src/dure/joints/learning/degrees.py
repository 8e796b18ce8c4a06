"""Degrees between rooms: courses finished here become credits, awards become credentials, transcripts are signed.

A degree's requirement names the achievement (``award``) that the institution's issuer awards for it; it has to be
recognised from the same day on, so that what is issued is called what the audit said.
"""

from uuid import UUID

from dure.core.errors import Refused
from dure.core.events import on
from dure.core.text import Text
from dure.credentials.events import CredentialDeclined, CredentialRevoked
from dure.credentials.models import Achievement, Credential, KeyState
from dure.credentials.operations import Deserved, propose
from dure.credentials.queries import active_key, issuer_called
from dure.jobs.operations import enqueue
from dure.learning.events import Awarded, CourseFinished, ResultNoted, TranscriptWritten
from dure.learning.models import Candidacy, Enrolment, Transcript
from dure.learning.operations.degrees import note_course, note_revoked
from dure.learning.queries.degrees import WITH, audit_of, requirement_for, standing_records
from dure.match.audits import Requirement, Sort
from dure.people.models import Person
from dure.skills.models import Evidence
from dure.skills.operations import record as record_evidence

VIA, GROUND = "degree", "degree:"
SIGN = "joints.sign-transcript"
NO_ACHIEVEMENT = Text(
    ko="‘{organisation}’에 수여 항목 ‘{code}’이(가) 없습니다. 기관의 자격 화면에서 먼저 만드세요.",
    en="{organisation} awards nothing called {code}. Define it on the organisation's credentials first.",
)
KEYLESS = Text(
    ko="‘{organisation}’에 서명 키가 없습니다. 플랫폼 운영자에게 요청하세요.",
    en="{organisation} has no signing key. Ask the platform's operators.",
)
OTHER_DAY = Text(
    ko="수여 항목 ‘{code}’의 인정 시작일({theirs})이 학위 요건의 날짜({ours})와 다릅니다. 같게 고치세요.",
    en="{code} is recognised from {theirs}, the requirement says {ours}. Make them the same.",
)
ALWAYS = Text(ko="처음부터", en="always")


# --- what was learnt here counts


@on(CourseFinished)
def count_what_was_finished(fact: CourseFinished) -> None:
    _count(fact.enrolment)


@on(ResultNoted)
def count_what_was_noted(fact: ResultNoted) -> None:
    _count(fact.enrolment)


def _count(enrolment: UUID) -> None:
    note_course(Enrolment.objects.select_related("cohort__course__provider__organisation", "person").get(pk=enrolment))


# --- what was awarded is issued


@on(Awarded)
def propose_what_was_awarded(fact: Awarded) -> None:
    """In the award's own transaction: what cannot be issued is not awarded."""
    candidacy = Candidacy.objects.select_related(*WITH).get(pk=fact.candidacy)
    asked = requirement_for(candidacy)
    if asked.award:
        person = candidacy.person
        deserved = Deserved(person, f"{GROUND}{candidacy.pk}", _evidence(candidacy, person))
        propose(achievement_for(asked), [deserved], by=candidacy.awarded_by)


def achievement_for(asked: Requirement) -> Achievement:
    """What is awarded for it. Raises Refused where it is not there, cannot be signed, or is recognised from another
    day on."""
    known = {"organisation": asked.home, "code": asked.award}
    rows = Achievement.objects.select_related("issuer__organisation", "current")
    found = rows.filter(issuer__organisation__short=asked.home, code=asked.award, retired_at=None).first()
    if found is None or found.current is None:
        raise Refused("award.achievement", NO_ACHIEVEMENT.format(**known))
    if not found.issuer.keys.filter(state=KeyState.ACTIVE).exists():
        raise Refused("award.no-key", KEYLESS.format(**known))
    ours, theirs = asked.recognition and asked.recognition.since, found.current.recognised_from
    if ours != theirs:
        raise Refused("award.day", OTHER_DAY.format(code=asked.award, ours=ours or ALWAYS, theirs=theirs or ALWAYS))
    return found


def _evidence(candidacy: Candidacy, person: Person) -> list[Evidence]:
    """What the audit found, as evidence of its own, and what the records stand on."""
    audit = audit_of(candidacy)
    has = {line.sort: float(line.has) for line in audit.lines if line.sort in _TOLD}
    found = record_evidence(
        "learn", {_TOLD[sort]: value for sort, value in has.items()}, persons=[person], via=VIA,
        by=candidacy.awarded_by, proof=f"{candidacy.degree.key} {candidacy.version.number}",
    )  # fmt: skip
    rows = standing_records([candidacy.pk]).select_related("evidence")
    return [found, *(row.evidence for row in rows if row.evidence)]


_TOLD = {Sort.CREDITS: "credits", Sort.GRADE: "grade", Sort.ATTENDANCE: "attendance"}


@on(CredentialDeclined)
def note_what_was_declined(fact: CredentialDeclined) -> None:
    _take_back(Credential.objects.get(pk=fact.credential))


@on(CredentialRevoked)
def note_what_was_revoked(fact: CredentialRevoked) -> None:
    _take_back(Credential.objects.get(pk=fact.credential))


def _take_back(credential: Credential) -> None:
    if credential.ground.startswith(GROUND):
        candidacy = Candidacy.objects.select_related("person").get(pk=credential.ground.removeprefix(GROUND))
        note_revoked(candidacy, reason=credential.reason)


# --- transcripts are signed


@on(TranscriptWritten)
def have_it_signed(fact: TranscriptWritten) -> None:
    """By a worker, where its institution issues credentials; elsewhere its hash alone vouches for it."""
    found = Transcript.objects.select_related("candidacy__degree__organisation").get(pk=fact.transcript)
    issuer = issuer_called(found.candidacy.degree.organisation.short)
    if issuer and active_key(issuer):
        enqueue(SIGN, arguments={"transcript": found.pk}, key=f"{SIGN}:{found.pk}")
