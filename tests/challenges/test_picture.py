"""A round as it runs."""

import io
from datetime import timedelta

import pytest

from dure.challenges.queries.picture import picture_of
from dure.core import clock
from tests.challenges.conftest import START, judge, make_entrant, make_task, offer, predictions

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def task(standing):
    """Two that were scored, one refused, one that waits; three hours later."""
    task = make_task()
    first, second = make_entrant(task), make_entrant(task)
    judge(offer(first))
    judge(offer(second, predictions(2, 2)))
    judge(offer(second, io.BytesIO(b"id,label\n0,yes\n")))
    with clock.at(START + timedelta(hours=2)):
        offer(first)
    with clock.at(START + timedelta(hours=3)):
        yield task


def test_everything_is_counted(task) -> None:
    seen = picture_of(task.round)

    assert seen.states == {"received": 1, "scoring": 0, "scored": 2, "refused": 1, "failed": 0}
    assert (seen.total, seen.entrants, seen.active, seen.on_board) == (4, 2, 2, 2)
    assert [n for _, n in seen.by_time] == [3, 0, 1]
    assert [(one.code, one.count) for one in seen.failures] == [("id-missing", 1)]
    assert (seen.waiting.length, seen.waiting.oldest) == (1, START + timedelta(hours=2))


def test_other_rounds_do_not_count(task) -> None:
    assert picture_of(make_task().round).total == 0


def test_a_picture_asks_little(task, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        picture_of(task.round)
