"""What organisers decide and check: rules of a round, finalists run again, code that is alike."""

import io

import pytest

from dure.challenges import files
from dure.challenges.models import Program, Round, SimilarityRun, SimilarPair, Submission, Task, Verification
from dure.challenges.operations import begin, record, submit
from dure.challenges.outcomes import Measured
from dure.jobs.worker import drain
from dure.joints.stages.rounds import entrant_of, set_up_task
from dure.people.models import Person
from tests.challenges.conftest import ACCURACY, labels
from tests.challenges.test_similarity import MODEL, RENAMED, packed
from tests.site.conftest import client_of, text_of
from tests.site.world import World

pytestmark = pytest.mark.django_db

RULES = {
    "board": "public", "boards": "both", "own_scores": "on", "own_logs": "on", "select_most": "1", "at_once": "2",
    "verify_first": "0", "tolerance": "0", "ratio_to": "none",
    "monthly": "", "file_types": "", "sharing": "none", "is_public": "on", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def running(world) -> World:
    """Ada and Bo compete in one task each."""
    world.competing()
    for option in ("vision", "speech"):
        set_up_task(world.programme, "task", option, by=world.operator, labels=labels(), measure=ACCURACY)
    return world


def desk(world: World, page: str) -> str:
    return f"/desk/{world.programme.slug}/stages/task/{page}/"


def scored(world: World, person: Person, *, public: float = 0.5, final: float = 0.25) -> Submission:
    entrant = entrant_of(world.turn(person, "task"))
    receipt = submit(entrant, by=person, upload=io.BytesIO(b"id,label\n"))
    submission = Submission.objects.get(pk=receipt.id)
    begin(submission)
    record(submission.pk, Measured(public, final))
    submission.refresh_from_db()
    return submission


def test_rules_are_shown_as_they_are_and_saved(running) -> None:
    client = client_of(running.clerk, "en")
    assert "The test set has 4 public and 6 final rows." in text_of(client.get(desk(running, "rules")))

    client.post(desk(running, "rules"), {**RULES, "board": "entrants", "select_most": "3", "verify_first": "2"})

    round_ = Round.objects.get()
    assert (round_.board, round_.select_most, round_.verify_first) == ("entrants", 3, 2)


def test_what_is_taken_and_shared_is_set_with_the_rules(running) -> None:
    sent = {**RULES, "monthly": "9", "file_types": "CSV, .zip", "sharing": "chosen", "is_public": "", "is_active": ""}

    client_of(running.clerk).post(desk(running, "rules"), sent)

    round_ = Round.objects.get()
    assert (round_.monthly, round_.file_types, round_.sharing) == (9, [".csv", ".zip"], "chosen")
    assert (round_.is_public, round_.is_active) == (False, False)


def test_a_months_limit_that_does_not_fit_the_others_is_told_at_its_field(running) -> None:
    Round.objects.update(daily=5, total=20)

    for said, told in (("4", "Allow at least 5."), ("21", "Allow 20 at most")):
        page = client_of(running.clerk, "en").post(desk(running, "rules"), {**RULES, "monthly": said})

        assert page.status_code == 422
        assert told in page.context["form"].errors["monthly"][0]


def test_scores_that_were_told_cannot_be_kept_back(running) -> None:
    scored(running, running.ada)

    answer = client_of(running.clerk, "en").post(desk(running, "rules"), {**RULES, "own_scores": ""})

    assert (answer.status_code, "Scores have been told already" in text_of(answer)) == (422, True)
    assert Round.objects.get().own_scores


def test_limits_of_code_are_set_for_each_task(running) -> None:
    task = Task.objects.get(option="vision")
    sent = {"wall_seconds": "60", "cpu_seconds": "120", "memory_gib": "1.5", "most_mib": "4", "baseline_score": "0.5"}

    client_of(running.clerk).post(
        desk(running, "rules"), {"task": str(task.pk), **{f"{task.pk}-{name}": value for name, value in sent.items()}}
    )

    task.refresh_from_db()
    assert task.limits == {"wall_seconds": 60, "cpu_seconds": 120, "memory_bytes": 3 << 29}
    assert (task.most_bytes, task.baseline_score) == (4 << 20, 0.5)
    assert not Program.objects.exists()


def test_boards_show_the_ratio_that_the_round_says(running) -> None:
    scored(running, running.ada, public=0.5)
    Round.objects.update(ratio_to="baseline")
    Task.objects.update(baseline_score=0.4)
    task = Task.objects.get(option="vision")

    page = text_of(client_of(None, "en").get(f"/tasks/{task.pk}/"))
    table = client_of(None, "en").get(f"/tasks/{task.pk}/board.csv").content.decode()

    assert ("Of the baseline" in page, "1.2500" in page) == (True, True)
    assert "1.25" in table


def test_finalists_are_verified_and_one_that_differs_is_accepted_with_a_reason(running) -> None:
    Round.objects.update(verify_first=1)
    submission = scored(running, running.ada)
    client = client_of(running.clerk, "en")

    client.post(desk(running, "finalists"))
    drain(["challenges.verify"])
    assert "Could not be run" in text_of(client.get(desk(running, "finalists")))
    found = Verification.objects.get(submission=submission)
    page = desk(running, f"finalists/{found.pk}")
    refused = client.post(page, {"act": "accept", "reason": ""})
    client.post(page, {"act": "accept", "reason": "The file was lost"})

    assert refused.status_code == 422
    assert "accepted it: The file was lost" in text_of(client.get(page))
    client.post(page, {"act": "again"})
    assert Verification.objects.get().state == "waiting"


def test_code_that_is_alike_is_shown_side_by_side(running) -> None:
    Round.objects.update(code="allowed")
    task = Task.objects.get(option="vision")
    second = Task.objects.get(option="speech")
    rows = [scored(running, person) for person in (running.ada, running.bo)]
    for row, text in zip(rows, (MODEL, RENAMED), strict=True):
        upload = files.store(packed(main_dot_py=text), most_bytes=1 << 20)
        upload.save(force_insert=True)
        Submission.objects.filter(pk=row.pk).update(upload=upload, kind="code")
    run = SimilarityRun.objects.create(task=task, by=running.clerk, state="done", compared=2)
    match = {"first": "main.py", "second": "main.py", "here": [[4, 9]], "there": [[4, 9]]}
    pair = SimilarPair.objects.create(run=run, first=rows[0], second=rows[1], share="0.9123", lines=6, matches=[match])
    client = client_of(running.clerk, "en")

    assert "91%" in text_of(client.get(desk(running, "similarity")))
    page = client.get(desk(running, f"similarity/{pair.pk}"))
    assert page.content.decode().count("<mark>") == 12
    client.post(desk(running, "similarity"), {"task": str(second.pk)})
    assert second.similarity_runs.count() == 1


@pytest.mark.parametrize("shown", ["rules", "finalists", "similarity"])
def test_checks_are_the_desks_own(running, shown) -> None:
    told = {who: client_of(person).get(desk(running, shown)).status_code for who, person in
            {"clerk": running.clerk, "ada": running.ada, "stranger": running.stranger}.items()}  # fmt: skip

    assert told == {"clerk": 200, "ada": 403, "stranger": 403}


def test_several_attempts_are_chosen_and_taken_back_on_the_page(running) -> None:
    Round.objects.update(select_most=2)
    one, two, three = (scored(running, running.ada, final=final) for final in (0.1, 0.3, 0.2))
    client = client_of(running.ada, "en")
    for row in (one, two):
        client.post(f"/submissions/{row.pk}/choose/")

    refused = client.post(f"/submissions/{three.pk}/choose/")
    assert refused.status_code == 409
    client.post(f"/submissions/{one.pk}/unchoose/")

    page = text_of(client.get(f"/turns/{running.turn(running.ada, 'task').pk}/round/"))
    assert "You chose 1 of 2." in page
