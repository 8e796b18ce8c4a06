"""What an address names, for whoever asks: Missing where they may not know it, Forbidden where they may not do it."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from dure.blueprint.model import Stage
from dure.core.errors import Flawed, Forbidden, Missing
from dure.core.text import Text
from dure.people.models import Organisation, Person, Team
from dure.people.rules import is_operator, may_change_organisation, may_lead, may_see_team
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState, Turn
from dure.programmes.queries.roles import roles_of
from dure.store.chunks import chunked

M = TypeVar("M", bound=Model)


def one(rows: QuerySet[M], code: str, what: Text, **by: object) -> M:
    """The row, or Missing(code) that says ``what`` there is not."""
    found = rows.filter(**by).first()
    if found is None:
        sentence = Text(
            ko="{what}을(를) 찾을 수 없습니다. 주소를 확인하세요.", en="There is no such {what}. Check the address."
        )
        raise Missing(code, sentence.format(what=what))
    return found


def not_allowed(code: str = "request.not-yours") -> Forbidden:
    sentence = Text(
        ko="이 일을 할 권한이 없습니다. 담당 운영자에게 문의하세요.",
        en="You may not do this. Ask the operators of this part.",
    )
    return Forbidden(code, sentence)


def allow(allowed: bool, code: str = "request.not-yours") -> None:
    """Raise Forbidden unless the room's rule said yes."""
    if not allowed:
        raise not_allowed(code)


def platform_operator(person: Person) -> Person:
    """Who asks, where they run the platform."""
    allow(is_operator(person))
    return person


# --- programmes, stages, turns

PROGRAMME = Text(ko="프로그램", en="programme")
TURN = Text(ko="차례", en="turn")
TEAM = Text(ko="팀", en="team")


def sees_programme(person: Person | None, programme: Programme) -> bool:
    """A draft is its makers' own; everything else is public."""
    if programme.state != ProgrammeState.DRAFT:
        return True
    return person is not None and (rules.operates(person, programme) or bool(roles_of(programme, person)))


def seen_programme(person: Person | None, slug: str) -> Programme:
    programme = one(Programme.objects.all(), "programme.missing", PROGRAMME, slug=slug)
    if not sees_programme(person, programme):
        return one(Programme.objects.none(), "programme.missing", PROGRAMME)
    return programme


def operated_programme(person: Person, slug: str) -> Programme:
    """The programme, for one who operates it."""
    programme = seen_programme(person, slug)
    allow(rules.operates(person, programme), "programme.not-yours")
    return programme


def staffed_programme(person: Person, slug: str) -> Programme:
    """The programme, for one who operates it or sits in a role of it."""
    programme = seen_programme(person, slug)
    allow(rules.operates(person, programme) or bool(roles_of(programme, person)), "programme.not-yours")
    return programme


def stage_of(programme: Programme, stage: str) -> Stage:
    try:
        return blueprint_of(programme).stage(stage)
    except KeyError:
        known = ", ".join(s.id for s in blueprint_of(programme).stages)
        sentence = Text(
            ko="‘{stage}’ 단계가 없습니다. 있는 단계: {known}", en="There is no stage {stage}. There are: {known}"
        )
        raise Missing("stage.unknown", sentence.format(stage=stage, known=known), stage=stage) from None


def seen_turn(person: Person, turn: UUID) -> Turn:
    """The turn, for its holders, those who attend it or record for it, and whoever oversees the programme."""
    rows = Turn.objects.select_related("programme", "case__entered_by", "evidence")
    found = one(rows, "turn.missing", TURN, pk=turn)
    if not rules.may_see(person, found):
        return one(rows.none(), "turn.missing", TURN)
    return found


def operated_turn(person: Person, turn: UUID) -> Turn:
    found = seen_turn(person, turn)
    allow(rules.operates(person, found.programme), "turn.not-yours")
    return found


def held_turn(person: Person, turn: UUID) -> Turn:
    """The turn, for one whose turn it is."""
    found = seen_turn(person, turn)
    allow(rules.holds(person, found), "turn.not-yours")
    return found


# --- persons, organisations, teams

NAMED = 10  # of many, in one sentence


def person_by(email: str) -> Person:
    return persons_by([email])[0]


def persons_by(emails: Iterable[str]) -> list[Person]:
    """People by their addresses, in that order; Missing with those who are not registered."""
    wanted = [email.strip().lower() for email in emails]
    pieces = (Person.objects.filter(email__in=piece, is_active=True) for piece in chunked(dict.fromkeys(wanted)))
    found = {person.email: person for rows in pieces for person in rows}
    unknown = [email for email in dict.fromkeys(wanted) if email not in found]
    if unknown:
        sentence = Text(
            ko="가입한 사람이 아닙니다: {emails}. 먼저 가입하도록 안내하세요.",
            en="Nobody is registered as {emails}. Ask them to sign up first.",
        )
        raise Missing("person.missing", sentence.format(emails=", ".join(unknown[:NAMED])), emails=unknown)
    return [found[email] for email in wanted]


def organisation_by(short: str) -> Organisation:
    return organisations_by([short])[0]


def organisations_by(shorts: Iterable[str]) -> list[Organisation]:
    """Organisations by their short names, in that order; Flawed with those that there are not."""
    wanted = list(dict.fromkeys(shorts))
    found = {row.short: row for row in Organisation.objects.filter(short__in=wanted)}
    unknown = [short for short in wanted if short not in found]
    if unknown:
        sentence = Text(ko="등록되지 않은 기관입니다: {unknown}", en="Not known as organisations: {unknown}")
        raise Flawed("organisation.unknown", sentence.format(unknown=", ".join(unknown)), organisations=unknown)
    return [found[short] for short in wanted]


def organisation_for(person: Person, short: str | None) -> Organisation | None:
    """The organisation that somebody enters with, which they must look after."""
    if short is None:
        return None
    organisation = organisation_by(short)
    allow(may_change_organisation(person, organisation), "organisation.not-yours")
    return organisation


def seen_team(person: Person, team: UUID) -> Team:
    """The team, for those who are in it."""
    found = one(Team.objects.all(), "team.missing", TEAM, pk=team)
    return found if may_see_team(person, found) else one(Team.objects.none(), "team.missing", TEAM)


def led_team(person: Person, team: UUID | None) -> Team | None:
    """The team that somebody enters with, which they must lead."""
    if team is None:
        return None
    found = seen_team(person, team)
    allow(may_lead(person, found), "team.not-yours")
    return found
