"""Time goes on in every programme, whatever stands in the way of one."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.tasks import TICK_ONE, tick_all
from tests.programmes.build import APPLY, live

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def two():
    """The turns of two programmes whose windows are over; the rules of the first are damaged."""
    broken, sound = live(APPLY), live(APPLY)
    turns = [broken.enter(), sound.enter()]
    Turn.objects.update(closes_at=clock.now() - timedelta(minutes=1))
    Programme.objects.filter(pk=broken.programme.pk).update(source="blueprint: [")
    return turns


def _states(turns) -> list[str]:
    return [Turn.objects.get(pk=turn.pk).state for turn in turns]


def test_one_programme_in_which_time_stands_still_holds_up_no_other(two):
    tick_all()

    assert _states(two) == [TurnState.OPEN, TurnState.OUT]
    job = Job.objects.get(task=TICK_ONE)
    assert job.arguments == {"programme": str(two[0].programme_id)}


def test_what_failed_for_good_is_not_asked_for_again_and_goes_on_once_it_is_mended(two):
    tick_all()
    tick_all()
    assert Job.objects.filter(task=TICK_ONE).count() == 1
    Job.objects.filter(task=TICK_ONE).update(state=JobState.FAILED)
    tick_all()
    assert Job.objects.filter(task=TICK_ONE).count() == 1

    Programme.objects.filter(pk=two[0].programme_id).update(source=two[1].programme.source)
    tick_all()

    assert _states(two) == [TurnState.OUT, TurnState.OUT]
