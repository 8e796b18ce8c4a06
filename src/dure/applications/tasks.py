"""What workers do for applications: tidy the disk."""

from datetime import timedelta

from dure.applications import files
from dure.jobs.registry import Claim, Effect, long_task


@long_task("applications.sweep", every=timedelta(days=1))
def sweep(_claim: Claim) -> Effect:
    files.sweep()
    return lambda: None
