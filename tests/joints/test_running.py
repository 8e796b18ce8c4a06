"""Who runs a round of a programme: those who operate it, as long as they do."""

import io

import pytest

from dure.audit.models import AuditRow
from dure.challenges.measures import Measure
from dure.challenges.rules import organises
from dure.joints.running import let_organise, runs
from dure.joints.stages.rounds import set_up_task
from dure.programmes.models import Seat
from dure.programmes.operations.seating import seat, unseat
from tests.programmes.build import live

pytestmark = pytest.mark.django_db

STAGE = "- {id: solve, kind: round, entry: open, do: {metric: rmse, daily: 9}, gate: [{rank: {by: score, take: 1}}]}"


@pytest.fixture
def made(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return live(STAGE)


@pytest.fixture
def round_(made):
    labels = io.BytesIO(b"id,label\n1,2.0\n2,3.0\n")
    return set_up_task(made.programme, "solve", by=made.operator, labels=labels, measure=Measure("rmse")).round


def test_whoever_operates_no_more_sees_to_its_rounds_no_more(made, round_):
    clerk = made.seats["clerk"]
    let_organise(clerk, round_)
    assert organises(clerk, round_)

    unseat(Seat.objects.get(person=clerk))

    assert (organises(clerk, round_), runs(clerk, round_)) == (False, False)
    assert AuditRow.objects.filter(action="round.organiser-left", object_id=str(round_.pk)).count() == 1


def test_whoever_keeps_another_seat_that_operates_sees_to_them_still(made, round_):
    judge = made.seats["judge"]
    place = Seat.objects.get(person=made.seats["clerk"]).organisation
    seat(made.programme, "clerk", person=judge, organisation=place)
    let_organise(judge, round_)

    unseat(Seat.objects.get(person=judge, role="judge"))

    assert organises(judge, round_)


def test_whoever_made_the_programme_stays(made, round_):
    held = seat(made.programme, "clerk", person=made.operator)

    unseat(held)

    assert organises(made.operator, round_)
