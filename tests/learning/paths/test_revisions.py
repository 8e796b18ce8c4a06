"""A skill that is asked for more and more and that nothing listed teaches is asked of the provider nearest to it."""

from datetime import date, timedelta

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.learning.models import RevisionTask
from dure.learning.operations.items import list_again, retire_item, teach
from dure.learning.operations.providers import appoint_curator
from dure.learning.operations.revisions import answer, close_taught, decline, look_for_lag
from dure.learning.records import Taught
from dure.skills.models import Skill
from dure.skills.operations import report_demand
from tests.factories import make_person
from tests.learning.factories import make_item, make_provider, make_skill
from tests.learning.paths.factories import teaching

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 10)
MONTHS = [date(2026, month, 1) for month in range(6, 12)]


@pytest.fixture
def shelf():
    return make_provider("shelf")


@pytest.fixture
def curator(shelf):
    person = make_person()
    appoint_curator(shelf, person=person)
    return person


def asked_for(skill: Skill, counts: list[int]) -> None:
    """How often in each of the months; months of other skills stay."""
    for month, count in zip(MONTHS, counts, strict=True):
        report_demand({skill.pk: count}, month=month)


def standing() -> list[tuple[str, str, str]]:
    rows = RevisionTask.objects.order_by("pk").values_list("skill__code", "provider__key", "state")
    return list(rows)


def test_a_rising_skill_that_nothing_teaches_opens_one_task_and_tells_the_curators(shelf, curator):
    teaching("sql", provider=shelf, **{make_skill("sql").code: 1})
    asked_for(make_skill("agents"), [0, 0, 3, 4, 6, 8])

    opened = look_for_lag(on=NOVEMBER), look_for_lag(on=NOVEMBER)

    assert opened == (1, 0)
    assert standing() == [("agents", "shelf", "open")]
    task = RevisionTask.objects.get()
    assert (task.before, task.lately) == (1000, 6000)  # thousandths of a month's count
    assert curator.notices.get().path == f"/learn/revisions/{task.pk}/"


@pytest.mark.parametrize("counts", [[8, 8, 8, 4, 4, 4], [0, 0, 0, 0, 0, 0]])
def test_a_skill_whose_demand_does_not_grow_opens_none(shelf, counts):
    make_item(shelf)
    asked_for(make_skill("agents"), counts)

    assert look_for_lag(on=NOVEMBER) == 0


def test_a_skill_that_is_taught_opens_none_and_a_retired_item_teaches_no_more(shelf):
    make_item(make_provider("other"))
    agents = make_skill("agents")
    item = teaching("agents", provider=shelf, agents=2)
    asked_for(agents, [1, 1, 1, 5, 6, 7])
    taught = look_for_lag(on=NOVEMBER)

    retire_item(item)

    assert (taught, look_for_lag(on=NOVEMBER)) == (0, 1)
    assert standing() == [("agents", "shelf", "open")]  # who taught it last
    list_again(item)
    assert standing() == [("agents", "shelf", "closed")]


def test_the_provider_of_the_same_group_of_skills_is_asked(shelf):
    group = make_skill("ai")
    for code in ("agents", "prompting"):
        skill = make_skill(code)
        Skill.objects.filter(pk=skill.pk).update(broader=group)
    other = make_provider("other")
    for number in range(3):
        make_item(other, key=f"o{number}")
    teaching("prompting", provider=shelf, prompting=1)
    asked_for(Skill.objects.get(code="agents"), [1, 1, 1, 5, 6, 7])

    look_for_lag(on=NOVEMBER)

    assert standing() == [("agents", "shelf", "open")]


def test_without_any_item_nobody_is_asked():
    make_provider("empty")
    asked_for(make_skill("agents"), [1, 1, 1, 5, 6, 7])

    assert look_for_lag(on=NOVEMBER) == 0


def test_an_answer_stands_until_an_item_teaches_the_skill(shelf, curator):
    item, agents = make_item(shelf), make_skill("agents")
    asked_for(agents, [1, 1, 1, 5, 6, 7])
    look_for_lag(on=NOVEMBER)
    task = answer(RevisionTask.objects.get(), by=curator, text=" We write a course. ")

    with pytest.raises(Refused):
        answer(task, by=curator, text="Again.")
    teach(item, skills=[Taught("agents", 1)])

    task.refresh_from_db()
    assert (task.state, task.closing, task.item, task.answer) == ("closed", "taught", item, "We write a course.")
    assert close_taught() == 0


def test_what_was_declined_is_not_asked_again_for_ninety_days(shelf, curator):
    make_item(shelf)
    asked_for(make_skill("agents"), [1, 1, 1, 5, 6, 7])
    look_for_lag(on=NOVEMBER)
    task = RevisionTask.objects.get()

    with pytest.raises(Flawed):
        decline(task, by=curator, text=" ")
    decline(task, by=curator, text="Others teach it better.")
    soon = look_for_lag(on=NOVEMBER)
    with clock.at(clock.now() + timedelta(days=91)):
        later = look_for_lag(on=NOVEMBER)

    assert (soon, later) == (0, 1)
