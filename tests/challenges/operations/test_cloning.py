"""A round held again."""

import pytest

from dure.challenges.models import Task
from dure.challenges.operations.cloning import clone_round, clone_task
from dure.core.text import Text
from tests.challenges.conftest import judge, make_entrant, make_task, offer, predictions
from tests.factories import make_person

pytestmark = [pytest.mark.django_db]


def test_a_clone_has_the_rules_and_files_and_nobody_in_it(standing) -> None:
    task = make_task()
    judge(offer(make_entrant(task), predictions()))

    round_ = clone_round(task.round, title=Text(ko="다음", en="next"), by=make_person())
    clone_task(task, into=round_)
    made = Task.objects.get(round=round_)

    same = ("metric", "labels_id", "classes", "columns", "rows", "limits", "most_bytes")
    assert [getattr(made, name) for name in same] == [getattr(task, name) for name in same]
    assert (round_.sealed, round_.opens_at, made.board_version, made.entrants.count()) == (True, None, 0, 0)


def test_a_clone_scores_as_the_first_one_did(standing) -> None:
    task = make_task()
    made = clone_task(task, into=clone_round(task.round, title=Text(ko="다음", en="next"), by=make_person()))

    scores = [judge(offer(make_entrant(one), predictions(3, 5))).final_score for one in (task, made)]

    assert scores[0] == scores[1]
