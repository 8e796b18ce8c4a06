"""Turns that follow their team: who joins or leaves it, and two that become one, until the stage's window closes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dure.audit.operations import record
from dure.blueprint.model import Kind, Subject
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Person, Team
from dure.people.operations import bind_team, lock_teams
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, LIVE, Case, Member, Programme, TeamLock, Turn, TurnMember, TurnState, TurnTeam
from dure.programmes.operations.arriving import make_turns
from dure.programmes.operations.cases import refresh_cases
from dure.programmes.operations.handing import withdraw
from dure.programmes.queries.settled import is_settled
from dure.programmes.queries.standing import travellers_by_turn
from dure.programmes.windows import is_over


def bound_of(programme: Programme, stage_id: str) -> str:
    """What a stage's bound of a team is called."""
    return f"programme {programme.slug}/{stage_id}"


def link_team(turn: Turn, team: Team) -> None:
    """The turn is the team's from now on, which is bound as the stage and the programme's lock say."""
    size = blueprint_of(turn.programme).stage(turn.stage).team
    lock = TeamLock.objects.filter(programme=turn.programme).values_list("at", flat=True).first()
    of = bound_of(turn.programme, turn.stage)
    if size:
        bind_team(team, of=of, least=size.min, most=size.max, locks_at=lock)
    else:
        bind_team(team, of=of, locks_at=lock)
    TurnTeam.objects.create(turn=turn, team=team)


def team_of(case: Case) -> Team | None:
    """The team whose case it is."""
    return Team.objects.filter(turn_teams__turn__case=case).order_by("-turn_teams__turn").first()


@transaction.atomic
def set_team_lock(programme: Programme, *, at: datetime | None) -> int:
    """From ``at`` on nothing changes in the programme's teams; None: as long as a stage takes hand-ins, they may.

    Returns how many teams there are.
    """
    before = TeamLock.objects.filter(programme=programme).values_list("at", flat=True).first()
    if at is None:
        TeamLock.objects.filter(programme=programme).delete()
    else:
        TeamLock.objects.update_or_create(programme=programme, defaults={"at": at})
    record("programme.team-lock", programme, before={"at": before}, after={"at": at})
    return lock_teams([bound_of(programme, stage.id) for stage in blueprint_of(programme).stages], at=at)


def turns_of(team: Team) -> list[Turn]:
    """Turns of the team that may still change: alive, their window not over, not judged as a set."""
    rows = Turn.objects.filter(turn_team__team=team, state__in=ALIVE, programme__state__in=LIVE)
    found = rows.select_related("programme", "case", "evidence").order_by("pk")
    return [turn for turn in found if not is_over(turn) and not is_settled(turn)]


@transaction.atomic
def take_in(turn: Turn, person: Person) -> None:
    """Who joined the team is in its turn as well. Raises Refused("team.judged") where the team has passed a stage as it
    was, ("team.not-here") where they did not come through to this stage, or are in another team of it."""
    if blueprint_of(turn.programme).subject is Subject.TEAM:
        _add(turn, person)
    else:
        _fetch(turn, person)
    refresh_cases(turn.programme, [turn.pk])
    record("turn.joined", turn, after={"person": person.pk}, about=person)


def _add(turn: Turn, person: Person) -> None:
    """A new person of the case, which no verdict has let through as it was; registering alone is none."""
    passed = Turn.objects.filter(turn_members__member__case=turn.case_id, state=TurnState.PASSED)
    stages = [blueprint_of(turn.programme).stage(name) for name in set(passed.values_list("stage", flat=True))]
    if any(stage.gate or stage.gives for stage in stages):
        sentence = Text(
            ko="이미 단계를 통과한 팀에는 새로 들어갈 수 없습니다.",
            en="This team has passed a stage as it is. Nobody can join it any more.",
        )
        raise Refused("team.judged", sentence)
    check_free(turn, [person])
    member, _ = Member.objects.get_or_create(case=turn.case, person=person)
    TurnMember.objects.create(turn=turn, member=member, stage=turn.stage)


def check_free(turn: Turn, persons: Sequence[Person]) -> None:
    """Hold them until the transaction ends, so that of two teams that come at once one has them. Raises
    Refused("team.not-here") where one is in another team of the stage."""
    held = Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in persons])
    ids = list(held.order_by("pk").values_list("pk", flat=True))
    here = TurnMember.objects.filter(turn__programme=turn.programme, stage=turn.stage, member__person__in=ids)
    if here.filter(turn__state__in=ALIVE).exclude(turn=turn).exists():
        sentence = Text(
            ko="이 단계에 다른 팀으로 참가하고 있는 사람이 있습니다. 한 단계에는 한 팀으로만 참가할 수 있습니다.",
            en="Somebody takes part in this stage with another team already. One is in one team of a stage.",
        )
        raise Refused("team.not-here", sentence, stage=turn.stage)


def _fetch(turn: Turn, person: Person) -> None:
    """Their own waiting turn of the stage becomes the team's, by compare-and-set."""
    waiting = TurnMember.objects.filter(
        stage=turn.stage, turn__programme=turn.programme, turn__state=TurnState.WAITING, turn__formed_at=None,
        member__person=person,
    ).first()  # fmt: skip
    if waiting is None or not TurnMember.objects.filter(pk=waiting.pk, turn=waiting.turn_id).update(turn=turn):
        sentence = Text(
            ko="팀이 참가 중인 단계에 올라와 있고 다른 팀에 속하지 않은 사람만 들어갈 수 있습니다.",
            en="Only somebody who has come through to the team's stage, and is in no other team of it, can join.",
        )
        raise Refused("team.not-here", sentence, stage=turn.stage)
    Turn.objects.filter(pk=waiting.turn_id, state=TurnState.WAITING).delete()


@transaction.atomic
def let_go(turn: Turn, person: Person) -> None:
    """Who left the team is out of its turn: before it has opened they wait for another team, after that they have
    withdrawn from the stage. With the last of them the turn is withdrawn."""
    row = TurnMember.objects.filter(turn=turn, member__person=person).select_related("member__case").first()
    if row is None:
        return
    if not TurnMember.objects.filter(turn=turn).exclude(pk=row.pk).exists():
        withdraw(turn)
        return
    if blueprint_of(turn.programme).subject is Subject.TEAM:
        row.delete()
    else:
        _part(turn, row)
    refresh_cases(turn.programme, [turn.pk])
    record("turn.left", turn, after={"person": person.pk}, about=person)


def _part(turn: Turn, row: TurnMember) -> None:
    """A turn of their own again."""
    traveller = next(one for one in travellers_by_turn([turn.pk])[turn.pk] if one.pk == row.member_id)
    row.delete()
    stage = blueprint_of(turn.programme).stage(turn.stage)
    own = make_turns(turn.programme, stage, [([traveller], None)])[0]
    Turn.objects.filter(pk=own.pk).update(entered_at=turn.entered_at)
    if turn.state != TurnState.WAITING:
        own.refresh_from_db()
        withdraw(own)
    first = travellers_by_turn([turn.pk])[turn.pk][0]
    Turn.objects.filter(pk=turn.pk).update(case=first.case_id)


def rename(turn: Turn, title: str) -> None:
    """Show the turn under its team's new name."""
    Turn.objects.filter(pk=turn.pk).update(title=title)


@transaction.atomic
def merge_turns(into: Turn, gone: Turn) -> None:
    """Everybody of ``gone`` is in ``into``; the empty turn is withdrawn, its evidence stays theirs who left it.

    Raises Refused("merge.stage") outside rounds and where only one has begun, ("merge.options") where the two chose
    differently.
    """
    began = [turn.state != TurnState.WAITING for turn in (into, gone)]
    if any(began) and (not all(began) or blueprint_of(into.programme).stage(into.stage).kind is not Kind.ROUND):
        sentence = Text(
            ko="팀은 단계가 열리기 전이나 두 팀 모두 라운드를 시작한 뒤에 합칠 수 있습니다.",
            en="Teams can merge before their stage opens, or in a round when both have begun.",
        )
        raise Refused("merge.stage", sentence, stage=into.stage)
    if into.options != gone.options:
        sentence = Text(
            ko="두 팀이 고른 과제가 달라 합칠 수 없습니다.",
            en="The two teams have chosen different tasks, so they cannot merge.",
        )
        raise Refused("merge.options", sentence)
    TurnMember.objects.filter(turn=gone).update(turn=into)
    TurnTeam.objects.filter(turn=gone).delete()
    withdraw(gone)
    refresh_cases(into.programme, [into.pk])
    record("turn.merged", into, after={"gone": gone.pk})


def move_link(turn: Turn, team: Team) -> None:
    """The turn is another team's: the one that its own has become part of."""
    TurnTeam.objects.filter(turn=turn).update(team=team)
    rename(turn, team.name)
