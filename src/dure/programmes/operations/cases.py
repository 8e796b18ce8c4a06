"""A case as a whole: running while a turn of it lives, finished or ended after (appendix F)."""

from collections.abc import Sequence

from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Case, CaseState, Programme, Turn, TurnMember, TurnState
from dure.programmes.queries.members import members_of
from dure.store.chunks import chunked


def refresh_cases(programme: Programme, turns: Sequence[Turn]) -> None:
    """Set the state of every case of ``turns`` by where its turns stand now."""
    blueprint = blueprint_of(programme)
    last = [stage.id for stage in blueprint.stages if not blueprint.follows(stage.id)]
    for cases in chunked({member.case_id for member in members_of(turns)}):
        of_cases = TurnMember.objects.filter(member__case_id__in=cases)
        alive = set(of_cases.filter(turn__state__in=ALIVE).values_list("member__case_id", flat=True))
        done = of_cases.filter(turn__state=TurnState.PASSED, stage__in=last)
        finished = set(done.values_list("member__case_id", flat=True)) - alive
        ended = set(cases) - alive - finished
        for state, ids in ((CaseState.RUNNING, alive), (CaseState.FINISHED, finished), (CaseState.ENDED, ended)):
            Case.objects.filter(pk__in=ids).exclude(state=state).update(state=state)
