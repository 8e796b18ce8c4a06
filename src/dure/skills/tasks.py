"""This room's jobs: levels that age lowers are counted again, the month's demand is kept."""

from datetime import timedelta

from dure.jobs.registry import task
from dure.people.days import today
from dure.skills.operations import catch_up, count_demand, keep_starter


@task("skills.catch-up", every=timedelta(hours=1))
def catch_up_levels() -> None:
    """Some at a time, so that nobody else waits to write."""
    catch_up(on=today())


@task("skills.count-demand", every=timedelta(days=1))
def count_months_demand() -> None:
    """The last count of a month is the one that stays."""
    count_demand(on=today())


@task("skills.bring-starter", every=timedelta(days=1))
def bring_starter_set() -> None:
    """The set of job roles that comes with Dure, and newer ones, unless an operator put another in its place."""
    keep_starter()
