"""Attempts that go on to the next task, over HTTP."""

import pytest

from dure.challenges.models import Round, Submission, Task
from dure.challenges.operations import enter
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.challenges.conftest import make_entrant, make_task, member, scored
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def phases(settings, tmp_path) -> tuple[Task, Task]:
    settings.MEDIA_ROOT = tmp_path
    first, second = (make_task(opens_at=None, closes_at=None) for _ in range(2))
    Round.objects.update(daily=9, total=9)
    second.round.organisers.set(first.round.organisers.all())
    return first, second


@pytest.fixture
def organiser(phases) -> Caller:
    return Caller(phases[0].round.organisers.get())


def test_attempts_go_on_when_an_organiser_asks_for_it(phases, organiser):
    first, second = phases
    place = f"/tasks/{second.pk}/carry-over"
    entrant = make_entrant(first)
    scored(entrant, 4, 5)
    enter(second, persons=[member(entrant)])

    made = organiser.call("put", place, {"source": str(first.pk), "auto": False}).json()
    asked = organiser.post(f"{place}/ask", {}, status=200)
    drain()

    told = organiser.get(place)
    assert [(one["which"], one["auto"], one["carried"], one["waiting"]) for one in (made, told)] == [
        ("best", False, 0, 1), ("best", False, 1, 0),
    ]  # fmt: skip
    assert (made["asked_at"], asked["asked_at"] is None) == (None, False)
    assert Submission.objects.filter(entrant__task=second).count() == 1


def test_what_is_dropped_takes_nothing_over_any_more(phases, organiser):
    first, second = phases
    place = f"/tasks/{second.pk}/carry-over"
    organiser.call("put", place, {"source": str(first.pk), "which": "all"})

    dropped = organiser.call("delete", place)

    assert dropped.json() == {"into": str(second.pk)}
    assert organiser.call("get", place).status_code == 404


def test_neither_a_circle_nor_a_stranger_sets_anything_up(phases, organiser):
    first, second = phases
    organiser.call("put", f"/tasks/{second.pk}/carry-over", {"source": str(first.pk)})
    back, own = ({"source": str(task.pk)} for task in (second, first))
    stranger = Caller(make_person())

    refused = organiser.call("put", f"/tasks/{first.pk}/carry-over", back)

    assert (refused.status_code, refused.json()["code"]) == (409, "carry.circle")
    assert [
        stranger.call("put", f"/tasks/{second.pk}/carry-over", own).status_code,
        stranger.call("get", f"/tasks/{second.pk}/carry-over").status_code,
        stranger.call("post", f"/tasks/{second.pk}/carry-over/ask", {}).status_code,
        stranger.call("delete", f"/tasks/{second.pk}/carry-over").status_code,
    ] == [403] * 4
