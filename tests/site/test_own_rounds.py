"""The list of rounds that somebody runs, or helps in."""

import io

import pytest

from dure.challenges.measures import Measure
from dure.challenges.operations import open_round
from dure.core.text import Text
from dure.joints.stages.rounds import set_up_task
from tests.challenges.conftest import make_task
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
LABELS = b"id,label\n" + b"".join(b"%d,%d\n" % (n, n % 2) for n in range(40))


@pytest.fixture
def round_(world):
    """Of the programme, with a task."""
    labels = io.BytesIO(LABELS)
    return set_up_task(
        world.programme, "task", "vision", by=world.operator, labels=labels, measure=Measure("accuracy")
    ).round


def page_of(person, query: str = ""):
    return client_of(person, "en").get(f"/rounds/{query}")


def test_whoever_operates_the_programme_is_led_to_the_rounds_desk(world, round_) -> None:
    assert f"/desk/{world.programme.slug}/stages/task/round/" in page_of(world.clerk).content.decode()


def test_a_reviewer_of_the_programme_finds_the_round_without_its_desk(world, round_) -> None:
    page = page_of(world.judge)

    assert ("Online round" in text_of(page), "/desk/" in page.content.decode()) == (True, False)


def test_a_round_outside_programmes_is_its_organisers(world) -> None:
    task = make_task()
    task.round.organisers.set([world.ada])

    assert f"/rounds/{task.round_id}/talk/" in page_of(world.ada).content.decode()
    assert f"/rounds/{task.round_id}/talk/" not in page_of(world.bo).content.decode()


def test_who_has_none_is_led_on(world) -> None:
    """To what they may do: open or import one, else take part."""
    operator, ada = page_of(world.operator).content.decode(), page_of(world.ada).content.decode()

    assert ("/rounds/new/" in operator, "/rounds/import/" in operator) == (True, True)
    assert ("/rounds/new/" in ada, 'href="/challenges/"' in ada) == (False, True)


def test_rounds_are_found_by_name(world, round_) -> None:
    page = page_of(world.clerk, "?q=zzz")

    assert "None of your rounds has that name" in text_of(page)


def test_many_rounds_cost_as_many_queries_as_few(world, round_, django_assert_max_num_queries) -> None:
    for number in range(30):
        task = make_task()
        open_round(Text(ko=f"{number}", en=f"{number}"), by=world.clerk)
        task.round.organisers.set([world.clerk])

    client = client_of(world.clerk)
    with django_assert_max_num_queries(20):
        client.get("/rounds/")
