"""What workers do for this room: show, wall by wall, how far code is held where they run; build environments."""

from datetime import timedelta
from functools import partial

from dure.compute.checks import findings_of
from dure.compute.models import Environment
from dure.compute.operations import BUILD, build_environment
from dure.compute.proof import proof
from dure.jobs.operations import keep_findings
from dure.jobs.registry import Claim, Effect, long_task
from dure.jobs.worker import name


@long_task("compute.prove", every=timedelta(days=1))
def prove(_claim: Claim) -> Effect:
    """Try every wall anew: what held when this worker started may have been changed since."""
    proof.cache_clear()
    found = proof()
    figures = {"level": found.level.name.lower()}
    return partial(keep_findings, "sandbox", findings=list(findings_of(found)), figures=figures, worker=name())


@long_task(BUILD)
def build(_claim: Claim, *, environment: str) -> Effect:
    """What it came to stands in its row: an installer that fails is no fault of the queue."""
    build_environment(Environment.objects.get(pk=environment))
    return lambda: None
