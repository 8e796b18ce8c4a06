"""A case as a whole: running while a turn of it lives, finished or ended after (appendix F)."""

from collections.abc import Sequence
from uuid import UUID

from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Case, CaseState, Programme, TurnMember, TurnState
from dure.store.chunks import chunked


def refresh_cases(programme: Programme, turns: Sequence[UUID]) -> None:
    """Set the state of every case of ``turns`` by where its turns stand now."""
    blueprint = blueprint_of(programme)
    last = [stage.id for stage in blueprint.stages if not blueprint.follows(stage.id)]
    for piece in chunked(turns):
        touched = TurnMember.objects.filter(turn_id__in=piece)
        cases = set(touched.values_list("member__case_id", flat=True))
        of_cases = TurnMember.objects.filter(member__case_id__in=touched.values("member__case_id"))
        alive = set(of_cases.filter(turn__state__in=ALIVE).values_list("member__case_id", flat=True))
        done = of_cases.filter(turn__state=TurnState.PASSED, stage__in=last)
        finished = set(done.values_list("member__case_id", flat=True)) - alive
        states = {CaseState.RUNNING: alive, CaseState.FINISHED: finished, CaseState.ENDED: cases - alive - finished}
        for state, ids in states.items():
            for part in chunked(ids):
                Case.objects.filter(pk__in=part).exclude(state=state).update(state=state)
