"""Finalists run again and code compared, over HTTP."""

import pytest

from dure.challenges.models import Round, SimilarityRun, SimilarPair, Submission, Task
from dure.challenges.operations.verification import end_verification
from dure.challenges.outcomes import Measured
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.challenges.conftest import make_entrant, make_task, member, scored
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(settings, tmp_path) -> Task:
    settings.MEDIA_ROOT = tmp_path
    made = make_task(opens_at=None, closes_at=None)
    Round.objects.update(verify_first=1)
    scored(make_entrant(made, title="right"))
    return made


@pytest.fixture
def organiser(task) -> Caller:
    return Caller(task.round.organisers.get())


@pytest.fixture
def holder(task) -> Caller:
    return Caller(member(task.entrants.get()))


def asked(task: Task, organiser: Caller) -> str:
    told = organiser.post(f"/rounds/{task.round_id}/finalists/verify", {})
    return f"/verifications/{told['items'][0]['verification']}"


def test_a_finalist_is_verified_and_both_runs_are_told(task, organiser):
    before = organiser.get(f"/rounds/{task.round_id}/finalists")["items"]
    place = asked(task, organiser)
    drain()

    told = organiser.get(place)
    assert [(row["place"], row["title"], row["verification"], row["state"]) for row in before] == [
        (1, "right", None, None)
    ]
    assert (told["state"], told["first"]["final_score"], told["again"]["final_score"]) == ("reproduced", 1.0, 1.0)


def test_one_that_differs_is_accepted_with_a_reason_or_run_again(task, organiser):
    place = asked(task, organiser)
    found = Submission.objects.get().verification
    found.__class__.objects.update(state="running")
    end_verification(found.pk, Measured(0.5, 0.5), worker="other")

    assert (organiser.get(place)["state"], organiser.call("post", f"{place}/accept", {"reason": " "}).status_code) == (
        "differs", 422,
    )  # fmt: skip
    accepted = organiser.post(f"{place}/accept", {"reason": "The library is not deterministic"})
    assert (accepted["state"], accepted["reason"]) == ("accepted", "The library is not deterministic")
    assert organiser.post(f"{place}/again", {})["state"] == "waiting"


def test_code_is_compared_and_pairs_are_told_with_their_lines(task, organiser):
    assert organiser.call("get", f"/tasks/{task.pk}/similarity").status_code == 404
    asked_for = organiser.post(f"/tasks/{task.pk}/similarity", {}, 201)
    assert organiser.call("post", f"/tasks/{task.pk}/similarity", {}).status_code == 409
    drain()
    first, second = Submission.objects.get(), scored(make_entrant(task, title="also"))
    match = {"first": "main.py", "second": "run.py", "here": [[1, 3]], "there": [[2, 4]]}
    SimilarPair.objects.create(
        run=SimilarityRun.objects.get(), first=first, second=second, share="0.9", lines=3, matches=[match]
    )

    told = organiser.get(f"/tasks/{task.pk}/similarity")
    pairs = organiser.get(f"/tasks/{task.pk}/similarity/pairs")["items"]
    assert (told["id"], told["state"]) == (asked_for["id"], "done")
    assert [(pair["first"]["title"], pair["second"]["title"], pair["matches"]) for pair in pairs] == [
        ("right", "also", [match])
    ]


def test_checks_are_the_organisers_own(task, organiser, holder):
    place = asked(task, organiser)
    reads = (f"/rounds/{task.round_id}/finalists", f"/tasks/{task.pk}/similarity", f"/tasks/{task.pk}/similarity/pairs")
    writes = (f"/rounds/{task.round_id}/finalists/verify", f"/tasks/{task.pk}/similarity")

    for caller in (holder, Caller(make_person())):
        assert {caller.call("get", path).status_code for path in reads} == {403}
        assert {caller.call("post", path, {}).status_code for path in writes} == {403}
        assert caller.call("get", place).status_code == 404
        assert {caller.call("post", f"{place}/{act}", {"reason": "x"}).status_code for act in ("again", "accept")} == {
            404
        }


def test_rules_are_read_and_decided_by_organisers_alone(task, organiser, holder):
    place = f"/rounds/{task.round_id}/rules"
    known = organiser.get(place)

    told = organiser.put(place, {**known, "at_once": 5, "select_most": 3})

    assert (told["at_once"], told["select_most"]) == (5, 3)
    assert organiser.call("put", place, {**known, "at_once": 0}).status_code == 422
    assert {holder.call("get", place).status_code, holder.call("put", place, known).status_code} == {403}
