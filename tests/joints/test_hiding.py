"""Rounds that are not public: what others are told of their programme."""

from dataclasses import replace

import pytest
from django.test import Client

from dure.challenges.operations.ruling import Rules, set_rules
from dure.core import clock
from dure.joints.hiding import hidden_stages
from dure.joints.stages.rounds import set_up_task
from dure.programmes.models import Programme
from dure.programmes.operations.entering import enter
from tests.challenges.conftest import ACCURACY, labels
from tests.factories import make_person
from tests.joints.small_programme import make_small
from tests.joints.test_rounds import SOURCE, START

pytestmark = pytest.mark.django_db
FINAL = """
  - id: final
    kind: form
    gate:
      - rule: [solve.score >= 0.5]
"""


@pytest.fixture
def programme(settings, tmp_path) -> Programme:
    settings.MEDIA_ROOT = tmp_path
    with clock.at(START):
        yield make_small("cup-1", SOURCE + FINAL.lstrip("\n"))


def make_hidden(programme: Programme) -> None:
    task = set_up_task(programme, "solve", "image", by=programme.made_by, labels=labels(), measure=ACCURACY)
    set_rules(task.round, replace(Rules.of(task.round), is_public=False))


def told(programme: Programme) -> tuple[str, dict]:
    """The programme's page and API, as anybody reads them."""
    page = Client(headers={"accept-language": "en"}).get(f"/programmes/{programme.slug}/").content.decode()
    return page, Client().get(f"/api/v1/programmes/{programme.slug}").json()


def test_a_stage_whose_round_is_hidden_is_named_nowhere_not_even_by_the_rules_of_others(programme):
    make_hidden(programme)

    page, api = told(programme)

    assert [(stage["id"], stage["after"]) for stage in api["stages"]] == [("final", [])]
    rules = api["stages"][0]["rules"]
    assert ("solve" in str(rules), "A stage that is not public" in str(rules)) == (False, True)
    assert ("A stage that is not public – score" in page, "solve – score" in page) == (True, False)


def test_who_takes_part_and_who_operates_are_told_everything(programme):
    make_hidden(programme)
    entrant = make_person()
    enter(programme, "solve", person=entrant, options=["image"])

    told_all = [hidden_stages(programme, person) for person in (entrant, programme.made_by)]

    assert told_all == [frozenset(), frozenset()]
    assert hidden_stages(programme, make_person()) == hidden_stages(programme, None) == {"solve"}
