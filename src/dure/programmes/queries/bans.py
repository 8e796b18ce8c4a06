"""Who is banned from a programme, and whom a ban would concern."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from dure.blueprint.model import Ability
from dure.core import clock
from dure.core.errors import Forbidden, Missing, Refused
from dure.core.text import Text
from dure.people.days import for_reader
from dure.people.models import Person, Team
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Ban, BannedPerson, Case, Programme, Seat, Turn, TurnState, TurnTaken
from dure.programmes.rules import banned_at

_BANNED = Text(
    ko="{who} 님은 이 프로그램 참가가 제한되었습니다{until}. 사유: {reason}",
    en="{who} is banned from this programme{until}. Reason: {reason}",
)
_NO_CASE = Text(ko="{number}번 참가자가 없습니다.", en="There is no participant {number}.")
_NO_TEAM = Text(ko="‘{name}’ 팀이 없습니다.", en="There is no team called {name}.")
_SEVERAL = Text(
    ko="‘{name}’ 팀이 여럿입니다. 참가자 번호나 이메일로 지정하세요.",
    en="Several teams are called {name}. Name them by participant number or email.",
)
_UNTIL = Text(ko=" ({when}까지)", en=" until {when}")


def bans_of(programme: Programme) -> QuerySet[Ban]:
    """All there ever were, the newest first."""
    return (
        programme.bans.select_related("by", "ended_by", "programme").prefetch_related("persons__person").order_by("-pk")
    )


def ban_of(person: Person, programme: Programme, *, at: datetime | None = None) -> Ban | None:
    """The ban that keeps somebody from a programme at that moment."""
    row = BannedPerson.objects.filter(banned_at(at or clock.now()), programme=programme, person=person)
    found = row.select_related("ban").first()
    return found.ban if found else None


def check_not_banned(programme: Programme, persons: Iterable[Person]) -> None:
    """Raises Forbidden("programme.banned") where one of them may take no part now."""
    rows = BannedPerson.objects.filter(banned_at(clock.now()), programme=programme, person__in=list(persons))
    found = rows.select_related("ban", "person").first()
    if found is None:
        return
    when = for_reader(found.until, programme.zone, closes=True) if found.until else None
    until = _UNTIL.format(when=when) if when else Text(ko="", en="")
    raise Forbidden("programme.banned", _BANNED.format(who=found.person.name, until=until, reason=found.ban.reason))


def persons_of_case(case: Case) -> list[Person]:
    """Its members; of a case without persons, whoever entered it."""
    people = Person.objects.filter(memberships_in_cases__case=case).order_by("pk")
    return list(people) or [case.entered_by]


def case_numbered(programme: Programme, number: int) -> Case:
    """Raises Missing("case.missing")."""
    found = programme.cases.select_related("entered_by").filter(number=number).first()
    if found is None:
        raise Missing("case.missing", _NO_CASE.format(number=number))
    return found


def team_called(programme: Programme, name: str) -> Team:
    """A team in the programme. Raises Missing("team.missing"), Refused("team.several") where several are called so."""
    found = list(Team.objects.filter(turn_teams__turn__programme=programme, name=name).distinct()[:2])
    if not found:
        raise Missing("team.missing", _NO_TEAM.format(name=name))
    if len(found) > 1:
        raise Refused("team.several", _SEVERAL.format(name=name))
    return found[0]


def persons_of_team(team: Team) -> list[Person]:
    """Everybody who is in it now."""
    return list(Person.objects.filter(team_members__team=team, team_members__left_at=None).order_by("pk"))


def turns_to_take(programme: Programme, persons: Sequence[Person]) -> QuerySet[Turn]:
    """Live turns in which everybody is banned, of those that one of these persons is in."""
    rows = _with(Person.objects.filter(pk__in=[person.pk for person in persons]))
    found = fully_banned(programme, rows.filter(programme=programme, state__in=ALIVE))
    return Turn.objects.filter(pk__in=found.values("pk"))


def turns_to_give_back(made: Ban) -> QuerySet[TurnTaken]:
    """What bans withdrew of turns that one of this ban's persons is in and somebody may act for again."""
    rows = _with(Person.objects.filter(pk__in=made.persons.values("person")))
    withdrawn = rows.filter(programme=made.programme_id, state=TurnState.WITHDRAWN)
    banned = fully_banned(made.programme, withdrawn)
    found = TurnTaken.objects.filter(turn__in=withdrawn.values("pk")).exclude(turn__in=banned.values("pk"))
    return found.select_related("turn__programme")


def _with(persons: QuerySet[Person]) -> QuerySet[Turn]:
    """Turns that one of them is in, or entered for a case without persons."""
    own = Q(turn_members__member__person__in=persons)
    entered = Q(turn_members__member__person=None, case__entered_by__in=persons)
    return Turn.objects.filter(pk__in=Turn.objects.filter(own | entered).values("pk"))


def fully_banned(programme: Programme, turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Those of ``turns`` that nobody could do anything for."""
    banned = BannedPerson.objects.filter(banned_at(clock.now()), programme=programme).values("person")
    held = Q(turn_members__member__person__in=banned)
    entered = Q(turn_members__member__person=None, case__entered_by__in=banned)
    counted = turns.annotate(
        people=Count("turn_members", distinct=True),
        banned=Count("turn_members", filter=held | entered, distinct=True),
    )
    return counted.filter(people__gt=0, banned=F("people"))


def none_could_act(programme: Programme, turns: Collection[UUID]) -> set[UUID]:
    """The ids of :func:`fully_banned`; without a look at the turns where nobody is banned."""
    if not BannedPerson.objects.filter(banned_at(clock.now()), programme=programme).exists():
        return set()
    return set(fully_banned(programme, Turn.objects.filter(pk__in=turns)).values_list("pk", flat=True))


def operators_of(programme: Programme) -> list[Person]:
    """Whoever made it and sits in a role that operates it."""
    roles = [name for name, role in blueprint_of(programme).roles.items() if Ability.OPERATE in role.can]
    seats = Seat.objects.filter(programme=programme, role__in=roles, ended_at__isnull=True).values("person")
    return list(Person.objects.filter(Q(pk=programme.made_by_id) | Q(pk__in=seats), is_active=True).order_by("pk"))
