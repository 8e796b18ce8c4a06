"""A credential given by a verdict: where an issuer's achievement is bound to it, proposed there and signed by a worker.

Unbound, and for organisations, it stays recorded. A give is done when its credential is issued; declined or revoked by
the issuer, it is revoked here.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dure.audit.operations import record
from dure.blueprint.model import CredentialGive
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.credentials.events import CredentialDeclined, CredentialIssued, CredentialRevoked
from dure.credentials.models import Achievement, Credential, KeyState
from dure.credentials.operations import Deserved, propose
from dure.credentials.rules import may_run
from dure.joints.models import ProgrammeCredential
from dure.people.models import Person
from dure.people.rules import administered_by, is_operator
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import GIVEN_MOVES, Given, GivenState, Programme, Turn, TurnState
from dure.skills.models import Evidence, Showing
from dure.store.chunks import chunked
from dure.store.models import move

VIA = "credential"
GROUND = "given:"
NOT_YOURS = Text(
    ko="프로그램의 운영자이면서 발급 기관의 관리자인 사람만 연결할 수 있습니다.",
    en="Only somebody who operates the programme and looks after the issuer may bind them.",
)
UNKNOWN = Text(
    ko="이 프로그램의 블루프린트에는 ‘{name}’ 자격이 없습니다.", en="The blueprint gives no credential named “{name}”."
)
OTHER_KIND = Text(
    ko="블루프린트의 자격은 ‘{asked}’인데 고른 항목은 ‘{found}’입니다. 같은 종류의 항목을 고르세요.",
    en="The blueprint gives a {asked}, the achievement is a {found}. Choose one of the same kind.",
)
RETIRED = Text(
    ko="‘{code}’ 항목은 더 이상 수여하지 않습니다. 발급 기관이 되살리거나 다른 항목을 연결한 뒤 다시 확정하세요.",
    en="{code} is awarded no more. Let its issuer bring it back, or bind another, then settle again.",
)
KEYLESS = Text(
    ko="‘{code}’의 발급 기관에 서명 키가 없습니다. 플랫폼 운영자가 키를 만든 뒤 다시 확정하세요.",
    en="The issuer of {code} has no signing key. Let the platform's operators make one, then settle again.",
)


class IssuedCredential:
    """Proposed on the evidence of every stage that the receiver passed in the programme."""

    def check(self, programme: Programme, gives: Sequence[Given]) -> None:
        for achievement in _by_achievement(programme, gives):
            if achievement.retired_at is not None:
                raise Refused("credential.retired", RETIRED.format(code=achievement.code))
            if not achievement.issuer.keys.filter(state=KeyState.ACTIVE).exists():
                raise Refused("credential.no-key", KEYLESS.format(code=achievement.code))

    def give(self, programme: Programme, gives: Sequence[Given]) -> None:
        for achievement, due in _by_achievement(programme, gives).items():
            _propose(programme, achievement, due)


@transaction.atomic
def bind_credential(
    programme: Programme, name: str, *, achievement: Achievement, by: Person, level: str = ""
) -> ProgrammeCredential:
    """Let the issuer award it from now on, what is due already included. Raises Forbidden, Refused."""
    if not (rules.operates(by, programme) and may_run(by, achievement.issuer)):
        raise Forbidden("credential.not-yours", NOT_YOURS)
    _check_kind(programme, name, achievement)
    where: dict[str, Any] = {"programme": programme, "name": name, "level": level}
    before = ProgrammeCredential.objects.filter(**where).first()
    bound, _ = ProgrammeCredential.objects.update_or_create(
        **where, defaults={"achievement": achievement, "bound_by": by, "at": clock.now()}
    )
    record("programme.credential", bound, before=_told(before) if before else None, after=_told(bound), actor=by)
    due = programme.gives.filter(kind="credential", name=name, state=GivenState.DUE, via="recorded")
    IssuedCredential().give(programme, list(due.select_related("person")))
    return bound


def achievements_to_bind(person: Person) -> "QuerySet[Achievement]":
    """What somebody may have awarded: all that is not retired of the issuers they run."""
    awarded = Achievement.objects.filter(retired_at=None, current__isnull=False)
    if not is_operator(person):
        awarded = awarded.filter(issuer__organisation__in=administered_by(person))
    with_all = awarded.select_related("issuer__organisation", "current")
    return with_all.order_by("issuer__organisation__name_ko", "code")


def credential_gives(programme: Programme) -> Mapping[str, CredentialGive]:
    """By name, in the order of the blueprint."""
    blueprint = blueprint_of(programme)
    gives = [give for stage in blueprint.stages for give in stage.gives if isinstance(give, CredentialGive)]
    return {give.name: give for give in gives}


def _check_kind(programme: Programme, name: str, achievement: Achievement) -> None:
    give = credential_gives(programme).get(name)
    if give is None:
        raise Refused("credential.unknown", UNKNOWN.format(name=name))
    if give.type != achievement.kind:
        raise Refused("credential.kind", OTHER_KIND.format(asked=give.type, found=achievement.kind))


def _told(bound: ProgrammeCredential) -> dict[str, object]:
    told = {"programme": bound.programme.slug, "name": bound.name, "level": bound.level}
    return {**told, "achievement": bound.achievement_id}


def _by_achievement(programme: Programme, gives: Sequence[Given]) -> dict[Achievement, list[Given]]:
    """Gives to persons, by what is bound to their name and level."""
    rows = ProgrammeCredential.objects.filter(programme=programme).select_related("achievement__issuer")
    bound = {(row.name, row.level): row.achievement for row in rows}
    found: dict[Achievement, list[Given]] = {}
    for given in gives:
        achievement = bound.get((given.name, given.details.get("level") or "")) or bound.get((given.name, ""))
        if achievement is not None and given.person_id is not None:
            found.setdefault(achievement, []).append(given)
    return found


def _propose(programme: Programme, achievement: Achievement, gives: Sequence[Given]) -> None:
    persons = Person.objects.in_bulk([given.person_id for given in gives])
    shown = _evidence(programme, gives)
    Given.objects.filter(pk__in=[given.pk for given in gives]).update(via=VIA)
    deserved = [
        Deserved(persons[person], f"{GROUND}{given.pk}", shown.get(person, []), given.expires_at)
        for given in gives
        if (person := given.person_id) is not None
    ]
    propose(achievement, deserved, by=None)


def _evidence(programme: Programme, gives: Sequence[Given]) -> dict[UUID, list[Evidence]]:
    """By person: what they showed at the stages they passed, and where they are given it."""
    turns = Turn.objects.filter(programme=programme, evidence__isnull=False)
    passed = turns.filter(state=TurnState.PASSED).values("evidence")
    here = turns.filter(pk__in={given.turn_id for given in gives}).values("evidence")
    found: dict[UUID, list[Evidence]] = {}
    for persons in chunked({given.person_id for given in gives}):
        rows = Showing.objects.filter(person__in=persons, evidence__in=passed.union(here))
        for row in rows.select_related("evidence").order_by("evidence__recorded_at"):
            found.setdefault(row.person_id, []).append(row.evidence)
    return found


# --- what comes back


@on(CredentialIssued)
def note_what_was_issued(fact: CredentialIssued) -> None:
    given = _given(fact.ground)
    if given is not None and given.state == GivenState.DUE:
        move(given, GivenState.DONE, by=GIVEN_MOVES, done_at=clock.now())


@on(CredentialDeclined)
def note_what_was_declined(fact: CredentialDeclined) -> None:
    _take_back(_given(fact.ground), Credential.objects.get(pk=fact.credential))


@on(CredentialRevoked)
def note_what_was_revoked(fact: CredentialRevoked) -> None:
    credential = Credential.objects.get(pk=fact.credential)
    _take_back(_given(credential.ground), credential)


def _given(ground: str) -> Given | None:
    return Given.objects.filter(pk=ground.removeprefix(GROUND)).first() if ground.startswith(GROUND) else None


def _take_back(given: Given | None, credential: Credential) -> None:
    if given is not None and given.state != GivenState.REVOKED:
        move(given, GivenState.REVOKED, by=GIVEN_MOVES, details={**given.details, "revoked": credential.reason})
