"""An edition held again brings its tasks along."""

import io

import pytest

from dure.challenges.measures import Measure
from dure.challenges.models import Entrant, Task
from dure.joints.cloning import carry_tasks
from dure.joints.models import RoundTask
from dure.joints.plain import make_round
from dure.programmes.operations.publishing import make_programme
from tests.factories import make_operator, make_organisation
from tests.joints.test_plain import LABELS, wanted

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def former(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    by = make_operator()
    return make_round(
        wanted(make_organisation("hanbit")), by=by, labels=io.BytesIO(LABELS), measure=Measure("accuracy")
    )


def test_the_same_stage_has_the_same_task_and_nobody_in_it(former) -> None:
    again = make_programme(former.source, slug="winter-2027", by=former.made_by)

    carry_tasks(former, into=again, by=former.made_by)

    old, new = (RoundTask.objects.select_related("task__round").get(programme=one) for one in (former, again))
    assert (new.stage, new.task.labels_id, new.task.round.daily) == (
        old.stage,
        old.task.labels_id,
        old.task.round.daily,
    )
    assert (new.task.round_id == old.task.round_id, Entrant.objects.filter(task=new.task).count()) == (False, 0)


def test_a_stage_that_is_no_round_any_more_gets_none(former) -> None:
    source = former.source.replace("id: round\n    kind: round", "id: final\n    kind: round").replace(
        "\n  round:", "\n  final:"
    )
    again = make_programme(source, slug="winter-2027", by=former.made_by)

    assert (carry_tasks(former, into=again, by=former.made_by), Task.objects.count()) == ([], 1)
