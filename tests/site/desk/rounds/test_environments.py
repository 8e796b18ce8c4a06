"""Where a task's programs run: what differs elsewhere, what that means for verdicts so far, and changing it."""

import pytest

from dure.challenges.models import Task
from dure.compute.models import Environment
from dure.core import clock
from tests.challenges.conftest import make_task
from tests.site.conftest import client_of, text_of
from tests.site.desk.rounds.conftest import hand_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def classic(db) -> Environment:
    known = {"packages": {"numpy": "1.19.5", "keras": "2.4"}, "version": "3.8.18", "modules": ["numpy", "keras"]}
    return Environment.objects.create(
        name="classic", requirements="keras==2.4", state="ready", built_at=clock.now(), **known
    )


@pytest.fixture
def task(round_) -> Task:
    return round_.tasks.get(option="vision")


@pytest.fixture
def address(task) -> str:
    return f"/rounds/{task.round_id}/environments/"


def test_a_page_shows_what_is_there_and_what_else_there_is(desk, classic, address) -> None:
    page = text_of(desk.get(address))
    assert ("standard · Python" in page, "numpy" in page, "classic (Python 3.8.18)" in page) == (True, True, True)


def test_with_the_standard_one_alone_it_says_how_to_come_to_another(desk, address) -> None:
    assert "ask the platform's operator for an environment" in text_of(desk.get(address))


def test_a_change_shows_what_differs_and_is_made(desk, classic, task, address) -> None:
    shown = text_of(desk.get(f"{address}{task.pk}/?to=classic"))
    desk.post(f"{address}{task.pk}/", {"to": "classic"})

    task.refresh_from_db()
    assert task.environment == classic
    assert ("keras – 2.4" in shown, "Verdicts so far" in shown) == (True, False)


def test_verdicts_so_far_are_warned_of_and_judging_again_is_offered(world, desk, classic, task, address) -> None:
    hand_in(world, world.ada)

    page = desk.get(f"{address}{task.pk}/?to=classic")

    assert "Verdicts so far came from standard" in text_of(page)
    assert f"/desk/field-ai-2026/stages/task/again/new/{task.pk}/" in page.content.decode()


def test_it_goes_back_to_the_standard_one(desk, classic, task, address) -> None:
    Task.objects.filter(pk=task.pk).update(environment=classic)
    desk.post(f"{address}{task.pk}/", {"to": "standard"})
    task.refresh_from_db()
    assert task.environment is None


def test_one_that_is_not_built_or_not_there_is_refused(desk, task, address) -> None:
    Environment.objects.create(name="later", requirements="a==1")
    codes = [desk.post(f"{address}{task.pk}/", {"to": name}).status_code for name in ("later", "nowhere", "")]
    assert codes == [409, 404, 404]


def test_strangers_and_tasks_of_other_rounds_find_nothing(world, desk, classic, task, address) -> None:
    other = make_task()
    assert desk.get(f"{address}{other.pk}/?to=classic").status_code == 404
    assert client_of(world.ada).get(address).status_code == 404
    assert client_of(world.ada).post(f"{address}{task.pk}/", {"to": "classic"}).status_code == 404


def test_a_round_outside_programmes_is_changed_by_its_organiser(world, classic) -> None:
    task = make_task()
    organiser = client_of(task.round.organisers.get(), "en")
    address = f"/rounds/{task.round_id}/environments/"

    asked = organiser.get(f"{address}{task.pk}/?to=classic")
    organiser.post(f"{address}{task.pk}/", {"to": "classic"})

    assert asked.status_code == 200
    assert "classic · Python 3.8.18" in text_of(organiser.get(address))


@pytest.mark.usefixtures("classic")
@pytest.mark.parametrize("page", ["", "{}/?to=classic"])
def test_pages_ask_the_database_little(desk, task, address, page, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(20):
        desk.get(address + page.format(task.pk))
