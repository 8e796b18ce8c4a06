"""Learning paths and revision tasks over the API."""

from datetime import date, timedelta

import pytest

from dure.learning.models import RevisionTask
from dure.learning.operations.providers import appoint_curator
from dure.learning.operations.revisions import look_for_lag
from dure.people.days import today
from dure.skills.operations import report_demand
from tests.api.conftest import Caller
from tests.factories import make_person
from tests.learning.factories import make_item, make_provider, make_skill
from tests.learning.paths.factories import make_role, solved, teaching

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_path_is_planned_proven_changed_and_given_up():
    role, person = make_role(sql=1, rust=1), make_person()
    short, slow = teaching("short", minutes=60, sql=1), teaching("slow", minutes=90, sql=1)
    call, until = Caller(person), (today() + timedelta(weeks=8)).isoformat()

    made = call.post("/me/paths", {"role": str(role.pk), "minutes_a_week": 120, "until": until}, status=201)
    way = f"/me/paths/{made['id']}"
    solved(person.learning_paths.get())
    found = call.get(way)
    without = call.put(f"{way}/items/{short.pk}", {"says": "without"})
    done = call.put(f"{way}/items/{slow.pk}", {"says": "done"})
    faster = call.put(way, {"minutes_a_week": 300, "until": until})

    assert (made["sought"], made["proven"]) == (True, False)
    assert (found["sought"], found["proven"], found["minutes"], found["bound"]) == (False, True, 60, 60)
    assert [(step["item"], step["instead"]) for step in found["steps"]] == [(str(short.pk), [str(slow.pk)])]
    assert [(lack["name"]["en"], lack["why"]) for lack in found["lacks"]] == [("Rust", "untaught")]
    assert [step["item"] for step in without["steps"]] == [str(slow.pk)]
    assert (done["steps"], done["done"]) == ([], [str(slow.pk)])
    assert faster["minutes_a_week"] == 300
    Caller(make_person()).get(way, status=404)
    call.delete(way)
    assert call.get("/me/paths")["items"] == []


def test_curators_read_and_answer_revision_tasks():
    shelf, curator, agents = make_provider("shelf"), make_person(), make_skill("agents")
    make_item(shelf)
    appoint_curator(shelf, person=curator)
    for month, count in ((8, 2), (9, 5), (10, 7), (11, 9)):
        report_demand({agents.pk: count}, month=date(2026, month, 1))
    look_for_lag(on=date(2026, 11, 10))
    way = f"/learning/revisions/{RevisionTask.objects.get().pk}/answer"

    listed = Caller(curator).get("/learning/revisions")["items"]
    answered = Caller(curator).post(way, {"text": "We write a course."})
    closed = Caller(curator).post(way, {"text": "We cannot.", "declines": True})

    assert [(one["name"]["en"], one["before"], one["lately"]) for one in listed] == [("Agents", 2.0, 7.0)]
    assert (answered["state"], closed["state"], closed["closing"]) == ("answered", "closed", "declined")
    Caller(make_person()).post(way, {"text": "Mine."}, status=404)
