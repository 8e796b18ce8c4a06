"""Teams where they take part: their turns in programmes and their entrants in rounds follow who is in them."""

from collections.abc import Iterable, Sequence

from dure.challenges.events import EntrantsMerged
from dure.challenges.models import Entrant, EntrantMember, EntrantTeam
from dure.challenges.operations import merge_entrants
from dure.challenges.operations import teams as rounds
from dure.challenges.queries.merging import Outlook, outlook
from dure.core import clock
from dure.core.events import on
from dure.joints.models import RoundTurn
from dure.people.events import TeamChanged, TeamJoined, TeamLeft, TeamsMerged
from dure.people.models import Person, Team
from dure.programmes.models import Turn, TurnMember, TurnTeam
from dure.programmes.operations import teams as programmes
from dure.programmes.operations.teams import turns_of


def entrants_of(team: Team, turns: Iterable[Turn]) -> list[Entrant]:
    """Where the team submits: in rounds that it entered by itself and that are not over, and for ``turns``."""
    rows = Entrant.objects.select_related("task__round")
    own = rows.filter(entrant_team__team=team).order_by("pk")
    now = clock.now()
    running = [entrant for entrant in own if entrant.deadline is None or now < entrant.deadline]
    return running + list(rows.filter(round_turn__turn__in=list(turns)).order_by("pk"))


def team_of(entrant: Entrant) -> Team | None:
    """Whose entrant it is; None for somebody who takes part alone."""
    link = EntrantTeam.objects.select_related("team").filter(entrant=entrant).first()
    if link:
        return link.team
    row = TurnTeam.objects.select_related("team").filter(turn__round_turn__entrant=entrant).first()
    return row.team if row else None


def outlooks(into: Team, gone: Team) -> list[Outlook]:
    """Where the two teams would be one entrant, as it stands now."""
    own = {entrant.task_id: entrant for entrant in entrants_of(into, turns_of(into))}
    others = entrants_of(gone, turns_of(gone))
    return [outlook(own[other.task_id], other) for other in others if other.task_id in own]


@on(TeamJoined)
def take_in(fact: TeamJoined) -> None:
    team, person = Team.objects.get(pk=fact.team), Person.objects.get(pk=fact.person)
    turns = turns_of(team)
    _bring([person], turns, entrants_of(team, turns))


@on(TeamLeft)
def let_go(fact: TeamLeft) -> None:
    team, person = Team.objects.get(pk=fact.team), Person.objects.get(pk=fact.person)
    turns = turns_of(team)
    entrants = entrants_of(team, turns)
    for turn in turns:
        programmes.let_go(turn, person)
    for entrant in entrants:
        rounds.let_go(entrant, person)


@on(TeamChanged)
def rename(fact: TeamChanged) -> None:
    team = Team.objects.get(pk=fact.team)
    turns = turns_of(team)
    for turn in turns:
        programmes.rename(turn, team.name)
    for entrant in entrants_of(team, turns):
        rounds.rename(entrant, team.name)


@on(TeamsMerged)
def merge(fact: TeamsMerged) -> None:
    """Where both take part they become one; where one does, everybody of the other does as well."""
    into, gone = Team.objects.get(pk=fact.into), Team.objects.get(pk=fact.gone)
    fresh = list(Person.objects.filter(pk__in=fact.fresh))
    before = list(Person.objects.filter(team_members__in=into.members.filter(left_at=None)).exclude(pk__in=fact.fresh))
    turns, others = turns_of(into), turns_of(gone)
    entrants, other_entrants = entrants_of(into, turns), entrants_of(gone, others)
    alone = _merge_turns(into, turns, others)
    alone_in = _merge_entrants(into, entrants, other_entrants)
    both = {(turn.programme_id, turn.stage, turn.occurrence) for turn in others}
    tasks = {entrant.task_id for entrant in other_entrants}
    _bring(before, alone, alone_in)
    _bring(
        fresh,
        [turn for turn in turns if (turn.programme_id, turn.stage, turn.occurrence) not in both],
        [entrant for entrant in entrants if entrant.task_id not in tasks],
    )


@on(EntrantsMerged)
def forget_turn(fact: EntrantsMerged) -> None:
    """The turn of an entrant that is no more was withdrawn."""
    RoundTurn.objects.filter(entrant=fact.gone).delete()


def _merge_turns(into: Team, turns: Sequence[Turn], others: Sequence[Turn]) -> list[Turn]:
    """Returns those of ``others`` at stages where ``into`` had none: they are its own now."""
    own = {(turn.programme_id, turn.stage, turn.occurrence): turn for turn in turns}
    alone = []
    for turn in others:
        mine = own.get((turn.programme_id, turn.stage, turn.occurrence))
        if mine:
            programmes.merge_turns(mine, turn)
        else:
            programmes.move_link(turn, into)
            alone.append(turn)
    return alone


def _merge_entrants(into: Team, entrants: Sequence[Entrant], others: Sequence[Entrant]) -> list[Entrant]:
    """The same for entrants."""
    own = {entrant.task_id: entrant for entrant in entrants}
    alone = []
    for entrant in others:
        if entrant.task_id in own:
            merge_entrants(own[entrant.task_id], entrant)
        else:
            EntrantTeam.objects.filter(entrant=entrant).update(team=into)
            rounds.rename(entrant, into.name)
            alone.append(entrant)
    return alone


def _bring(persons: Sequence[Person], turns: Sequence[Turn], entrants: Sequence[Entrant]) -> None:
    """Into each, who is not there yet; persons are held one after another in one order."""
    ordered = sorted(persons, key=lambda person: person.pk)
    for turn in turns:
        there = set(TurnMember.objects.filter(turn=turn).values_list("member__person", flat=True))
        for person in ordered:
            if person.pk not in there:
                programmes.take_in(turn, person)
    for entrant in entrants:
        there = set(EntrantMember.objects.filter(entrant=entrant).values_list("person", flat=True))
        if lacking := [person for person in persons if person.pk not in there]:
            rounds.bring(entrant, lacking)
