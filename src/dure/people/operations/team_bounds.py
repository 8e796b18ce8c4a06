"""How large a team may be and until when it may change, as everything that it takes part in asks of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.days import for_reader
from dure.people.models import Team, TeamBound

GONE = Text(
    ko="모두 나가 해체된 팀입니다. 새 팀을 만들거나 다른 팀의 초대를 받으세요.",
    en="Everybody has left this team. Form a new one, or ask another team to invite you.",
)
LOCKED = Text(
    ko="팀 변경 마감({when})이 지나 팀을 바꿀 수 없습니다.",
    en="Teams are fixed since {when}. Nothing in this team can be changed any more.",
)
FULL = Text(
    ko="팀은 {most}명까지입니다. 지금 {size}명이 있습니다.", en="A team has at most {most} members; it has {size}."
)


@transaction.atomic
def bind_team(
    team: Team, *, of: str, least: int = 1, most: int | None = None, locks_at: datetime | None = None
) -> Team:
    """Let a team be bound by something that it takes part in. Raises Refused("team.full") where it is too large."""
    locked = Team.objects.select_for_update().get(pk=team.pk)
    if most is not None and locked.size > most:
        raise Refused("team.full", FULL.format(most=most, size=locked.size), most=most, size=locked.size)
    bounds = {"least": least, "most": most, "locks_at": locks_at}
    TeamBound.objects.update_or_create(team=team, of=of, defaults=bounds)
    _narrow(Team.objects.filter(pk=team.pk))
    record("team.bound", team, after={"of": of, **bounds})
    team.refresh_from_db()
    return team


@transaction.atomic
def lock_teams(of: Iterable[str], *, at: datetime | None) -> int:
    """Move the moment from which nothing changes in the teams bound by these; returns how many teams.

    Whoever joins at this moment is in before, or sees it. The caller, whose lock it is, writes it into the log.
    """
    bounds = TeamBound.objects.filter(of__in=list(of))
    teams = list(Team.objects.select_for_update().filter(bounds__in=bounds).order_by("pk").values_list("pk", flat=True))
    bounds.update(locks_at=at)
    _narrow(Team.objects.filter(pk__in=teams))
    return len(teams)


def _narrow(teams: QuerySet[Team]) -> None:
    """The narrowest of a team's bounds are the team's."""
    rows = TeamBound.objects.filter(team=OuterRef("pk")).order_by().values("team")
    teams.update(
        least=Coalesce(Subquery(rows.annotate(n=Max("least")).values("n")), 1),
        most=Subquery(rows.annotate(n=Min("most")).values("n")),
        locks_at=Subquery(rows.annotate(n=Min("locks_at")).values("n")),
    )


def unlocked() -> Q:
    """Teams that may still change."""
    return Q(locks_at=None) | Q(locks_at__gt=clock.now())


def take_places(team: Team, places: int = 1) -> None:
    """Take places in a team by compare-and-set: however many come at once, it never grows above its size.

    Raises Refused("team.gone", "team.locked" or "team.full").
    """
    room = Q(most=None) | Q(most__gte=F("size") + places)
    rows = Team.objects.filter(unlocked(), room, pk=team.pk, size__gt=0)
    if not rows.update(size=F("size") + places):
        raise _why_not(team)


def give_places(team: Team, places: int = 1, *, whatever: bool = False) -> None:
    """Give places back; ``whatever``: from a team that is fixed as well. Raises as :func:`take_places`."""
    rows = Team.objects.filter(Q() if whatever else unlocked(), pk=team.pk, size__gte=places)
    if not rows.update(size=F("size") - places):
        raise _why_not(team)


def check_changeable(team: Team) -> None:
    """Hold the team as it is until the transaction ends. Raises Refused("team.gone" or "team.locked")."""
    if not Team.objects.filter(unlocked(), pk=team.pk, size__gt=0).update(size=F("size")):
        raise _why_not(team)


def _why_not(team: Team) -> Refused:
    now = Team.objects.get(pk=team.pk)
    if not now.size:
        return Refused("team.gone", GONE)
    if now.locks_at and now.is_locked:
        when = for_reader(now.locks_at, closes=True)
        return Refused("team.locked", LOCKED.format(when=when), locks_at=now.locks_at)
    return Refused("team.full", FULL.format(most=now.most, size=now.size), most=now.most, size=now.size)
