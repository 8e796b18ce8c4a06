"""Where a job stands, and how long that may take."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.jobs import leases, places
from dure.jobs.models import Job, Worker
from dure.jobs.operations import enqueue
from dure.jobs.places import Place, place_of
from tests.jobs import witness  # noqa: F401 -- registers the tasks

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def add(**place):
    return enqueue("witness.closed", **place)


def do_one(length):
    claim = leases.claim("worker")
    clock.pass_time(length)
    with leases.fenced(claim):
        pass


def test_places_follow_the_order_in_which_jobs_are_taken():
    jobs = [add(share=share) for share in ("large", "large", "large", "small")]

    assert [place_of(job).ahead for job in jobs] == [0, 2, 3, 1]


def test_who_is_held_waits_for_everybody_once_a_turn_of_its_lane():
    add(lane="other")
    lane = [add(lane="one") for _ in range(3)]

    assert [place_of(job).ahead for job in lane] == [1, 3, 5]


def test_the_wait_is_what_jobs_took_lately_shared_by_the_workers():
    Worker.objects.create(name="first")
    Worker.objects.create(name="second")
    Worker.objects.create(name="elsewhere", queue="lab")
    for _ in range(3):
        add()
        do_one(4 * MINUTE)
    waiting = [add() for _ in range(4)]

    assert place_of(waiting[3]) == Place(3, 8 * MINUTE)


def test_nobody_can_say_how_long_where_nobody_works_or_nothing_was_done():
    first = place_of(add(queue="lab"))
    Worker.objects.create(name="lab", queue="lab")

    assert (first, place_of(Job.objects.get())) == (Place(0, None), Place(0, None))


def test_what_has_begun_has_no_place():
    add()
    leases.claim("worker")

    assert place_of(Job.objects.get()) is None


def test_more_than_a_thousand_are_not_counted(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(places, "MOST_COUNTED", 5)
    jobs = [add() for _ in range(9)]

    with django_assert_num_queries(3):
        assert place_of(jobs[8]).ahead == 6
    assert places.many(6) == "5+"
