"""What a waiting turn still waits for, in words its holder can act on."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dure.blueprint.model import Stage, Subject, Unit
from dure.core.text import Text
from dure.people.models import Consent
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Programme, Turn, TurnMember
from dure.programmes.queries.standing import Traveller, travellers_by_turn
from dure.programmes.queries.teams import deciding, keeps_teams
from dure.store.chunks import chunked

ENTRY = Text(
    ko="참가 절차(지원·초대 수락·추천)를 기다립니다.", en="Waiting for the entry act (apply, accept an invitation)."
)
CHOICE = Text(ko="선택 항목을 고르세요.", en="Choose an option.")
TEAM = Text(ko="팀을 구성하세요.", en="Form a team.")
MATES = Text(ko="팀원의 앞 단계 결과를 기다립니다.", en="Waiting for team mates who are still in a stage before.")
TERMS = Text(ko="이용 조건에 동의하세요: {what}", en="Accept the terms of use: {what}")


def hindrances_of(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> Mapping[UUID, list[Text]]:
    """For each waiting turn (by id) what, besides the date, keeps it from opening; an empty list means nothing."""
    blueprint = blueprint_of(programme)
    stage = blueprint.stage(stage_id)
    forms = stage.team is not None and blueprint.subject is Subject.PERSON
    members = travellers_by_turn(turn.pk for turn in turns)
    late = _mates_on_the_way(programme, stage, members) if keeps_teams(stage) else set()
    terms = [(index, blueprint.word(written)) for index, written in _terms(stage)]
    accepted = _accepted(programme, stage) if terms else set()

    def held(turn: Turn) -> list[Text]:
        found = []
        if turn.entered_at is None:
            found.append(ENTRY)
        if stage.options is not None and not turn.options:
            found.append(CHOICE)
        if forms and turn.formed_at is None:
            found.append(TEAM)
        if turn.pk in late:
            found.append(MATES)
        people = [m.person_id or m.entered_by_id for m in members[turn.pk]]
        found += [
            TERMS.format(what=text)
            for index, text in terms
            if any((person, terms_scope(programme, stage_id, index)) not in accepted for person in people)
        ]
        return found

    return {turn.pk: held(turn) for turn in turns}


def terms_scope(programme: Programme, stage_id: str, index: int) -> str:
    """What a consent to a provision's terms is about."""
    return f"{programme.slug}/{stage_id}/{index}"


def _terms(stage: Stage) -> list[tuple[int, str]]:
    return [(i, provision.terms) for i, provision in enumerate(stage.provides) if provision.terms]


def _accepted(programme: Programme, stage: Stage) -> set[tuple[UUID, str]]:
    scopes = [terms_scope(programme, stage.id, index) for index, _ in _terms(stage)]
    rows = Consent.objects.filter(purpose="terms", scope__in=scopes, withdrawn_at__isnull=True)
    return set(rows.values_list("person_id", "scope"))


def _mates_on_the_way(programme: Programme, stage: Stage, members: Mapping[UUID, Sequence[Traveller]]) -> set[UUID]:
    """Turns of a kept team some of whose mates may still come through."""
    blueprint = blueprint_of(programme)
    before = deciding(blueprint, stage)
    teams = [s.id for s in blueprint.stages[: blueprint.position(stage.id)] if s.unit is Unit.TEAM]
    team_of = _last_team(members, teams)
    busy: set[UUID] = set()
    for piece in chunked(set(team_of.values())):
        mates = TurnMember.objects.filter(turn_id__in=piece)
        alive = TurnMember.objects.filter(
            stage__in=before, turn__state__in=ALIVE, member__in=mates.values("member_id"), turn__programme=programme
        ).values("member_id")
        busy.update(mates.filter(member_id__in=alive).values_list("turn_id", flat=True))
    return {turn for turn, team in team_of.items() if team in busy}


def _last_team(members: Mapping[UUID, Sequence[Traveller]], teams: Sequence[str]) -> dict[UUID, UUID]:
    first = {ms[0].pk: turn for turn, ms in members.items() if ms}
    found: dict[UUID, tuple[int, UUID]] = {}
    for piece in chunked(first):
        rows = TurnMember.objects.filter(member_id__in=piece, stage__in=teams, turn__opened_at__isnull=False)
        for member, stage, team in rows.values_list("member_id", "stage", "turn_id"):
            rank = (teams.index(stage), team)
            found[first[member]] = max(found.get(first[member], rank), rank, key=lambda r: r[0])
    return {turn: team for turn, (_, team) in found.items()}
