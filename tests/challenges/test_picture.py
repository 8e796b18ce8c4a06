"""A round as it runs."""

import io
from datetime import datetime, timedelta

import pytest

from dure.challenges.models import Round, Submission
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


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Asia/Seoul", ["2026-05-01 +0900: 1", "2026-05-02 +0900: 0", "2026-05-03 +0900: 0", "2026-05-04 +0900: 2"]),
        (
            "Asia/Kathmandu",
            ["2026-05-01 +0545: 1", "2026-05-02 +0545: 0", "2026-05-03 +0545: 1", "2026-05-04 +0545: 1"],
        ),
    ],
)
def test_days_are_those_of_the_rounds_zone(task, zone: str, days: list[str]) -> None:
    """Midnight at Kathmandu is 18:15 in UTC, a quarter past an hour."""
    came = ["2026-05-01T03:00+00:00", "2026-05-03T18:14+00:00", "2026-05-03T18:15+00:00"]
    Submission.objects.filter(state="received").delete()
    for submission, moment in zip(Submission.objects.order_by("pk"), came, strict=True):
        Submission.objects.filter(pk=submission.pk).update(received_at=datetime.fromisoformat(moment))
    Round.objects.filter(pk=task.round_id).update(zone=zone)

    seen = picture_of(Round.objects.get(pk=task.round_id))

    assert [f"{moment:%Y-%m-%d %z}: {n}" for moment, n in seen.by_time] == days


def test_other_rounds_do_not_count(task) -> None:
    assert picture_of(make_task().round).total == 0


def test_a_picture_asks_little(task, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        picture_of(task.round)
