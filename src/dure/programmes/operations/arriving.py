"""Coming through: who passed (or is out of) a stage gets a waiting turn at the stages that follow."""

from collections.abc import Sequence

from django.db import transaction

from dure.blueprint.model import Blueprint, Stage, Subject, Unit
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Member, Programme, StageClosing, Turn, TurnMember, TurnState
from dure.programmes.operations.opening import open_ready
from dure.programmes.queries.members import members_of, turns_by_member
from dure.programmes.windows import dates_of


@transaction.atomic
def advance(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> None:
    """Carry the members of ended ``turns`` of a stage to the stages after it, and open what is ready."""
    blueprint = blueprint_of(programme)
    members = members_of(turns)
    for follower in blueprint.follows(stage_id):
        come = _come_through(programme, follower, members)
        _make_turns(programme, blueprint, follower, come)
        open_ready(programme, follower.id)


def _come_through(programme: Programme, stage: Stage, members: Sequence[Member]) -> list[Member]:
    """Those of ``members`` whose ``after`` holds now and who have no turn at ``stage`` yet (order kept)."""
    wanted = {a.stage for a in stage.after} | {stage.id}
    states = turns_by_member(members, wanted)
    closed = set(StageClosing.objects.filter(programme=programme).values_list("stage", flat=True))
    join = any if stage.join_any else all

    def holds(member: Member) -> bool:
        mine = states[member.pk]
        return stage.id not in mine and join(
            _left(programme, mine.get(a.stage), closed) if a.out else _passed(mine.get(a.stage)) for a in stage.after
        )

    return [member for member in members if holds(member)]


def _passed(turn: Turn | None) -> bool:
    return turn is not None and turn.state == TurnState.PASSED


def _left(programme: Programme, turn: Turn | None, closed: set[str]) -> bool:
    """Out for good: where ``else: again``, once its window has closed (appendix B, ``after``)."""
    if turn is None or turn.state != TurnState.OUT:
        return False
    stage = blueprint_of(programme).stage(turn.stage)
    over = turn.closes_at is not None and turn.closes_at <= clock.now()
    return not stage.again or turn.stage in closed or over


def _make_turns(programme: Programme, blueprint: Blueprint, stage: Stage, members: Sequence[Member]) -> list[Turn]:
    """One waiting turn a unit: each member, or the team they were last in where the stage keeps teams."""
    keeps = stage.unit is Unit.TEAM and stage.team is None
    groups = _teams(blueprint, stage, members) if keeps else [([member], None) for member in members]
    joined = [group for group in groups if not (group[1] and _join_waiting(stage, group[1], group[0]))]
    return make_turns(programme, stage, [group for group, _ in joined], [team for _, team in joined])


def make_turns(
    programme: Programme,
    stage: Stage,
    groups: Sequence[Sequence[Member]],
    teams: Sequence[Turn | None] | None = None,
    *,
    entered: bool = False,
) -> list[Turn]:
    """Waiting turns at ``stage``, one a group of members; ``entered`` when the entry act is already done."""
    now = clock.now()
    turns = [
        Turn(
            programme=programme,
            stage=stage.id,
            case=group[0].case,
            arrived_at=now,
            entered_at=now if entered or stage.entry is None else None,
            title=team.title if team else "",
        )
        for group, team in zip(groups, teams or [None] * len(groups), strict=True)
    ]
    for turn in turns:
        turn.opens_at, turn.closes_at, turn.occurrence = dates_of(programme, turn)
    Turn.objects.bulk_create(turns, batch_size=1000)
    TurnMember.objects.bulk_create(
        [
            TurnMember(turn=turn, member=m, stage=stage.id)
            for turn, group in zip(turns, groups, strict=True)
            for m in group
        ],
        batch_size=1000,
    )
    return turns


def _teams(blueprint: Blueprint, stage: Stage, members: Sequence[Member]) -> list[tuple[list[Member], Turn | None]]:
    """``members`` by the last team turn they took before ``stage``; who never was in one stays behind."""
    earlier = [s for s in blueprint.stages[: blueprint.position(stage.id)] if s.unit is Unit.TEAM]
    mine = turns_by_member(members, {s.id for s in earlier})
    groups: dict[object, tuple[list[Member], Turn | None]] = {}
    for member in members:
        turns = [mine[member.pk][s.id] for s in earlier if s.id in mine[member.pk]]
        team = turns[-1] if turns else None
        if team is not None or blueprint.subject is Subject.TEAM:
            groups.setdefault(team.pk if team else member.case_id, ([], team))[0].append(member)
    return list(groups.values())


def _join_waiting(stage: Stage, team: Turn, members: Sequence[Member]) -> bool:
    """Join team mates who came through before and wait; False where none waits."""
    mates = team.turn_members.values_list("member_id", flat=True)
    waiting = Turn.objects.filter(
        stage=stage.id, state=TurnState.WAITING, turn_members__member_id__in=list(mates)
    ).first()
    if waiting is None:
        return False
    TurnMember.objects.bulk_create([TurnMember(turn=waiting, member=m, stage=stage.id) for m in members])
    return True
