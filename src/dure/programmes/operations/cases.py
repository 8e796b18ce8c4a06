"""A case as a whole: running while a turn of it lives, finished or ended after (appendix F)."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Case, CaseState, Programme, TurnMember, TurnState

MANY = 2_000  # above so many turns, all cases of the programme are looked at in one go


def refresh_cases(programme: Programme, turns: Sequence[UUID]) -> None:
    """Set the state of every case of ``turns`` by where its turns stand now."""
    blueprint = blueprint_of(programme)
    last = [stage.id for stage in blueprint.stages if not blueprint.follows(stage.id)]
    cases = Case.objects.filter(programme=programme)
    taken = TurnMember.objects.filter(turn__programme=programme)
    if len(turns) <= MANY:
        touched = list(taken.filter(turn_id__in=turns).values_list("member__case_id", flat=True))
        cases, taken = cases.filter(pk__in=touched), taken.filter(member__case_id__in=touched)
    alive = taken.filter(turn__state__in=ALIVE).values("member__case_id")
    done = taken.filter(turn__state=TurnState.PASSED, stage__in=last).values("member__case_id")
    ended = cases.exclude(pk__in=alive)
    _set(cases.filter(pk__in=alive), CaseState.RUNNING)
    _set(ended.filter(pk__in=done), CaseState.FINISHED)
    _set(ended.exclude(pk__in=done), CaseState.ENDED)


def _set(cases: QuerySet[Case], state: CaseState) -> None:
    cases.exclude(state=state).update(state=state)
