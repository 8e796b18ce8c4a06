"""Rounds that are not public, over HTTP: of their stages and of the blueprint others learn nothing."""

import pytest

from dure.joints.stages.rounds import set_up_task
from tests.api.conftest import Caller
from tests.challenges.conftest import ACCURACY, labels
from tests.factories import make_operator, make_person
from tests.joints.small_programme import make_small

pytestmark = pytest.mark.django_db
TEXT = """
blueprint: plain
title: {en: Plain, ko: 대회}
subject: person
parties: {host: {kind: company}}
stages:
  - {id: join, kind: form, entry: open}
  - {id: secret, kind: round, after: join, do: {metric: accuracy}}
  - {id: talk, kind: form, after: secret}
"""


@pytest.fixture
def root() -> Caller:
    return Caller(make_operator())


@pytest.fixture
def hidden(settings, tmp_path, root) -> str:
    """The address of a programme whose round is not public."""
    settings.MEDIA_ROOT = tmp_path
    programme = make_small("plain-1", TEXT)
    task = set_up_task(programme, "secret", by=root.person, labels=labels(sealed=False), measure=ACCURACY)
    root.call("patch", f"/rounds/{task.round.pk}/rules", {"is_public": False})
    return f"/programmes/{programme.slug}"


def test_the_stage_is_named_to_those_who_run_the_programme_alone(hidden, root):
    told = [Caller(make_person()).get(hidden), root.get(hidden)]

    assert [[stage["id"] for stage in one["stages"]] for one in told] == [["join", "talk"], ["join", "secret", "talk"]]
    assert [one["stages"][-1]["after"] for one in told] == [[], ["secret"]]


def test_the_blueprint_is_not_told_to_others(hidden, root):
    answer = Caller(make_person()).call("get", f"{hidden}/source")

    assert (answer.status_code, answer.json()["code"]) == (403, "programme.not-public")
    assert "secret" in root.get(f"{hidden}/source")["source"]
