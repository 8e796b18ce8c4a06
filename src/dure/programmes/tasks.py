"""The engine's jobs: judging a hand-in, and the passing of time."""

from datetime import timedelta

from dure.jobs.registry import task
from dure.programmes.models import LIVE, Programme, Turn
from dure.programmes.operations.judging import judge_handed_in
from dure.programmes.operations.listing import keep_lists
from dure.programmes.operations.ticking import tick


@task("programmes.judge")
def judge(*, turn: str) -> None:
    """Judge one hand-in as far as its gate can judge it alone."""
    found = Turn.objects.select_related("programme").get(pk=turn)
    judge_handed_in(found.programme, found.stage, only=[found.pk])


@task("programmes.tick", every=timedelta(seconds=15))
def tick_all() -> None:
    """Open and close windows of every live programme, and in lists."""
    keep_lists()
    for programme in Programme.objects.filter(state__in=LIVE):
        tick(programme)
