"""Attempts from an earlier round, at the desk: set up, asked for by hand, taken back."""

import pytest

from dure.challenges.measures import Measure
from dure.challenges.models import CarryOver, Task
from dure.challenges.operations import add_task
from dure.challenges.operations.rounds import open_round
from dure.core.text import Text
from dure.joints.models import RoundTask
from tests.challenges.conftest import labels
from tests.site.conftest import client_of, text_of
from tests.site.rejudging.conftest import STAGE

pytestmark = pytest.mark.django_db
PAGE = f"{STAGE}carry/"


@pytest.fixture
def earlier(world, handed_in) -> Task:
    """A task of another stage of the programme, organised by the clerk."""
    round_ = open_round(Text(ko="예선", en="Heats"), by=world.clerk)
    task = add_task(round_, labels=labels(sealed=False), measure=Measure("accuracy"))
    RoundTask.objects.create(programme=world.programme, stage="apply", option="", task=task)
    return task


def sent(task: Task, source: Task, **known) -> dict[str, str]:
    fields = {"source": str(source.pk), "which": "all", **known}
    return {"task": str(task.pk), **{f"{task.pk}-{name}": value for name, value in fields.items()}}


def test_it_is_set_up_asked_for_and_taken_back(handed_in, earlier) -> None:
    task = Task.objects.get(option="vision")

    assert handed_in.post(PAGE, sent(task, earlier)).status_code == 302
    carry = CarryOver.objects.get()
    assert (carry.source, carry.which, carry.auto) == (earlier, "all", False)

    handed_in.post(PAGE, {**sent(task, earlier), "act": "now"})
    carry.refresh_from_db()
    assert carry.asked_at is not None
    assert "0 attempts have gone on" in text_of(handed_in.get(PAGE))

    handed_in.post(PAGE, {**sent(task, earlier), "act": "drop"})
    assert not CarryOver.objects.exists()


def test_a_programme_with_one_round_is_led_on(handed_in) -> None:
    assert "This programme has no other round" in text_of(handed_in.get(PAGE))


def test_the_page_is_the_desks_own(world, handed_in) -> None:
    assert {who: client_of(person).get(PAGE).status_code for who, person in
            {"ada": world.ada, "judge": world.judge}.items()} == {"ada": 403, "judge": 403}  # fmt: skip
