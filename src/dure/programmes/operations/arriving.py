"""Coming through: who passed (or is out of) a stage gets a waiting turn at the stages that follow."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from dure.blueprint.model import Blueprint, Stage, Subject, Unit
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Programme, Turn, TurnMember, TurnState, TurnTeam
from dure.programmes.operations.opening import open_ready
from dure.programmes.queries.standing import Standing, Traveller, taken_by, travellers_by_turn
from dure.programmes.queries.teams import deciding, keeps_teams
from dure.programmes.windows import DATES, asks_a_date, set_dates
from dure.store.chunks import chunked

Group = tuple[list[Traveller], Standing | None]  # a unit, and the team turn it was last in


@transaction.atomic
def advance(programme: Programme, stage_id: str, *, passed: Sequence[UUID] = (), out: Sequence[UUID] = ()) -> None:
    """Carry the members of ended turns of a stage to the stages after it, and open what is ready.

    A stage that keeps teams also hears of the stages that decide who is in them.
    """
    blueprint = blueprint_of(programme)
    for follower in blueprint.stages:
        ways = {a.out for a in follower.after if a.stage == stage_id}
        if not ways and keeps_teams(follower) and stage_id in deciding(blueprint, follower):
            ways = {False, True}
        if not ways:
            continue
        turns = [*(passed if False in ways else ()), *(out if True in ways else ())]
        members = [m for ms in travellers_by_turn(turns).values() for m in ms]
        come = _come_through(programme, follower, sorted(members, key=lambda m: (m.number, m.pk)))
        _make_turns(programme, blueprint, follower, come)
        open_ready(programme, follower.id)


def _come_through(programme: Programme, stage: Stage, members: Sequence[Traveller]) -> list[Traveller]:
    """Those of ``members`` whose ``after`` holds now and who have no turn at ``stage`` yet (order kept)."""
    first = deciding(blueprint_of(programme), stage) if keeps_teams(stage) else set()
    taken = taken_by((m.pk for m in members), {a.stage for a in stage.after} | {stage.id} | first)
    join = any if stage.join_any else all

    def holds(member: Traveller) -> bool:
        mine = taken[member.pk]
        undecided = any(mine[name].state in ALIVE for name in first & mine.keys())
        return (
            not undecided
            and stage.id not in mine
            and join(_left(programme, mine.get(a.stage)) if a.out else _passed(mine.get(a.stage)) for a in stage.after)
        )

    return [member for member in members if holds(member)]


def _passed(turn: Standing | None) -> bool:
    return turn is not None and turn.state == TurnState.PASSED


def _left(programme: Programme, turn: Standing | None) -> bool:
    """Out for good: where ``else: again``, once its window has closed (appendix B, ``after``). Who never took the
    turn up stays behind (decision 0002, Left behind)."""
    if turn is None or turn.state != TurnState.OUT or turn.opened_at is None:
        return False
    over = turn.closes_at is not None and turn.closes_at <= clock.now()
    return not blueprint_of(programme).stage(turn.stage).again or over


def _make_turns(programme: Programme, blueprint: Blueprint, stage: Stage, members: Sequence[Traveller]) -> None:
    """One waiting turn a unit: each member, or the team they were last in where the stage keeps teams."""
    keeps = stage.unit is Unit.TEAM and stage.team is None
    groups: list[Group] = _teams(blueprint, stage, members) if keeps else [([member], None) for member in members]
    fresh = [group for group in groups if not (group[1] and _join_waiting(stage, group[1], group[0]))]
    make_turns(programme, stage, fresh)


def make_turns(programme: Programme, stage: Stage, groups: Sequence[Group], *, entered: bool = False) -> list[Turn]:
    """Waiting turns at ``stage``, one a group of members; ``entered`` when the entry act is already done."""
    now = clock.now()
    turns = [
        Turn(
            programme=programme,
            stage=stage.id,
            case_id=members[0].case_id,
            arrived_at=now,
            entered_at=now if entered or stage.entry is None else None,
            title=team.title if team else "",
        )
        for members, team in groups
    ]
    set_dates(programme, turns)
    Turn.objects.bulk_create(turns, batch_size=1000)
    pairs = zip(turns, groups, strict=True)
    rows = [TurnMember(turn=turn, member_id=m.pk, stage=stage.id) for turn, (members, _) in pairs for m in members]
    TurnMember.objects.bulk_create(rows, batch_size=1000)
    _keep_teams({team.pk: turn for turn, (_, team) in zip(turns, groups, strict=True) if team})
    if asks_a_date(programme, stage):  # which is known by its members only
        set_dates(programme, turns)
        Turn.objects.bulk_update(turns, DATES, batch_size=500)
    return turns


def _keep_teams(turns: Mapping[UUID, Turn]) -> None:
    """New turns (by the team turn before) are of the same teams."""
    for piece in chunked(list(turns)):
        links = TurnTeam.objects.filter(turn_id__in=piece).values_list("turn_id", "team_id")
        TurnTeam.objects.bulk_create([TurnTeam(turn=turns[turn], team_id=team) for turn, team in links])


def _teams(blueprint: Blueprint, stage: Stage, members: Sequence[Traveller]) -> list[Group]:
    """``members`` by the last team turn they took before ``stage``; who never was in one stays behind."""
    earlier = [s.id for s in blueprint.stages[: blueprint.position(stage.id)] if s.unit is Unit.TEAM]
    mine = taken_by((m.pk for m in members), earlier)
    groups: dict[UUID, Group] = {}
    for member in members:
        turns = [mine[member.pk][name] for name in earlier if name in mine[member.pk]]
        formed = [turn for turn in turns if turn.opened_at is not None]
        team = formed[-1] if formed else None
        if team is not None or blueprint.subject is Subject.TEAM:
            groups.setdefault(team.pk if team else member.case_id, ([], team))[0].append(member)
    return list(groups.values())


def _join_waiting(stage: Stage, team: Standing, members: Sequence[Traveller]) -> bool:
    """Join team mates who came through before and wait; False where none waits."""
    mates = TurnMember.objects.filter(turn_id=team.pk).values("member_id")
    waiting = Turn.objects.filter(stage=stage.id, state=TurnState.WAITING, turn_members__member_id__in=mates).first()
    if waiting is None:
        return False
    TurnMember.objects.bulk_create([TurnMember(turn=waiting, member_id=m.pk, stage=stage.id) for m in members])
    return True
