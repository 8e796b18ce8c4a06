"""What becomes of submissions: scores, verdicts, attempts given back; nothing counts twice."""

import io

import pytest

from dure.challenges import files
from dure.challenges.events import SubmissionScored
from dure.challenges.measures import Measure
from dure.challenges.models import Best, Quota, Submission, SubmissionState, Task
from dure.challenges.operations import begin, choose, choose_best, give_up_lost, record, score_again
from dure.challenges.ranks import rank_of
from dure.challenges.scoring import Broken, Faulty, Measured
from dure.core import clock, events
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.jobs.models import Job, JobState
from dure.jobs.operations import cancel
from dure.jobs.worker import drain
from tests.challenges.conftest import (
    CLOSE,
    HOUR,
    START,
    judge,
    make_entrant,
    make_task,
    member,
    offer,
    predictions,
    scored,
)
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
WHY = Text(ko="채점기 오류", en="the scorer broke")


@pytest.fixture
def told(monkeypatch) -> list[SubmissionScored]:
    heard: list[SubmissionScored] = []
    monkeypatch.setitem(events._listeners, SubmissionScored, [heard.append])
    return heard


def stands(entrant) -> tuple[int, int]:
    """The numbers of the attempts on the public and on the final board."""
    best = Best.objects.select_related("best", "counting").get(entrant=entrant)
    return best.best.number, best.counting.number


def used(entrant) -> set[int]:
    return set(Quota.objects.filter(entrant=entrant).values_list("used", flat=True))


def test_both_parts_are_scored_and_told_once(told):
    entrant = make_entrant(make_task())

    submission = scored(entrant, public=3, final=3)

    assert (submission.state, submission.public_score, submission.final_score) == ("scored", 0.75, 0.5)
    assert told == [SubmissionScored(entrant.pk, submission.pk)]


def test_an_unsealed_round_has_one_part():
    submission = scored(make_entrant(make_task(sealed=False)), public=4, final=3)

    assert (submission.public_score, submission.final_score, submission.lasting_score) == (0.7, None, 0.7)


def test_a_score_delivered_twice_changes_nothing(told):
    entrant = make_entrant(make_task())
    submission = scored(entrant)
    before = (Best.objects.values().get(), Submission.objects.values().get(), Task.objects.values().get())

    record(submission.pk, Measured(0.1, 0.1))
    record(submission.pk, Broken(WHY))
    record(submission.pk, Faulty(WHY))

    assert (Best.objects.values().get(), Submission.objects.values().get(), Task.objects.values().get()) == before
    assert len(told) == 1
    assert used(entrant) == {1}


def test_a_worse_attempt_leaves_the_board_alone():
    entrant = make_entrant(make_task())
    scored(entrant, public=3)
    version = Task.objects.get().board_version

    scored(entrant, public=2, final=6)

    assert stands(entrant) == (1, 1)
    assert Task.objects.get().board_version == version


def test_a_better_attempt_takes_the_place_and_counts():
    entrant = make_entrant(make_task())
    scored(entrant, public=2)

    scored(entrant, public=3, final=0)

    assert stands(entrant) == (2, 2)
    assert Best.objects.get().final_rank == rank_of(0.0, greater_is_better=True)


def test_of_equal_attempts_the_earlier_stands_in_whatever_order_they_are_scored():
    entrant = make_entrant(make_task())
    first = offer(entrant, at=START)
    second = offer(entrant, at=START + HOUR)

    judge(second)
    assert stands(entrant) == (2, 2)
    judge(first)

    assert stands(entrant) == (1, 1)


def test_of_errors_the_smaller_is_better():
    task = make_task(Measure("log-loss", classes=("no", "yes")))
    entrant = make_entrant(task)
    files_ = [io.BytesIO("".join(["id,label\n", *(f"{n},{p}\n" for n in range(10))]).encode()) for p in (0.5, 0.9)]

    scores = [judge(offer(entrant, file)).public_score for file in files_]

    assert scores == [0.693147, 1.203973]
    assert stands(entrant) == (1, 1)


def test_a_broken_file_is_refused_with_its_places_and_uses_its_attempt_up():
    entrant = make_entrant(make_task(daily=5))

    submission = judge(offer(entrant, io.BytesIO(predictions().getvalue().replace(b"3,", b"33,"))))

    assert (submission.state, submission.flaw_count, submission.cause.en) == ("refused", 2, "Flaws to correct: 2.")
    assert [(flaw["code"], flaw["row"]) for flaw in submission.flaws] == [("id-unknown", 5), ("id-missing", None)]
    assert used(entrant) == {1}
    assert not Best.objects.exists()


def test_a_failing_scorer_gives_the_attempt_back():
    entrant = make_entrant(make_task(daily=5))
    submission = offer(entrant)
    begin(submission)

    record(submission.pk, Faulty(WHY, organiser_log="KeyError"))

    submission.refresh_from_db()
    assert (submission.state, submission.cause, submission.organiser_log) == ("failed", WHY, "KeyError")
    assert used(entrant) == {0}


@pytest.mark.parametrize("end", ["failed", "cancelled", "gone"])
def test_a_submission_whose_job_runs_no_more_is_given_back_once(end):
    entrant = make_entrant(make_task(daily=5))
    submission = offer(entrant)
    begin(submission)
    if end == "failed":
        Job.objects.update(state=JobState.FAILED, slot=None, trace="Damaged")
    else:
        cancel(submission.job)
    if end == "gone":
        Job.objects.all().delete()

    assert (give_up_lost(), give_up_lost()) == (1, 0)

    submission.refresh_from_db()
    assert (submission.state, submission.counted) == ("failed", False)
    assert used(entrant) == {0}


def test_what_waits_in_the_queue_is_not_given_up():
    offer(make_entrant(make_task()))

    assert give_up_lost() == 0


def test_what_failed_by_our_fault_is_judged_after_all_and_costs_nothing():
    entrant = make_entrant(make_task(daily=5))
    submission = offer(entrant)
    cancel(submission.job)
    give_up_lost()
    submission.refresh_from_db()

    with clock.at(CLOSE + HOUR):
        score_again(submission)
        judge(submission)

    assert (submission.state, submission.cause, stands(entrant)) == ("scored", None, (1, 1))
    assert used(entrant) == {0}


def test_failing_again_gives_nothing_back_twice():
    entrant = make_entrant(make_task(daily=5))
    offer(entrant)
    submission = offer(entrant)
    for _ in range(2):
        Job.objects.filter(pk=submission.job_id).update(state=JobState.FAILED, slot=None)
        give_up_lost()
        submission.refresh_from_db()
        score_again(submission)

    assert used(entrant) == {1}


def test_what_was_refused_or_scored_is_not_scored_again():
    submission = scored(make_entrant(make_task()))

    with pytest.raises(Refused, match="cannot become"):
        score_again(submission)
    assert begin(submission) is False


@pytest.mark.django_db(transaction=True)
def test_a_file_that_the_disk_lost_is_tried_again_and_then_given_back():
    entrant = make_entrant(make_task(daily=5))
    submission = offer(entrant)
    files.path_of(submission.upload).write_bytes(b"rotten")

    while Job.objects.filter(state=JobState.READY, task="challenges.score").update(run_at=START):
        drain(["challenges.score"])
    give_up_lost()

    submission.refresh_from_db()
    assert (submission.state, submission.job.attempts) == (SubmissionState.FAILED, 5)
    assert "Damaged" in submission.organiser_log
    assert used(entrant) == {0}


def test_the_chosen_attempt_counts_and_the_best_stays_on_the_public_board():
    entrant = make_entrant(make_task())
    chosen = scored(entrant, public=2, final=6)
    scored(entrant, public=4, final=1)

    choose(chosen, by=member(entrant))
    scored(entrant, public=4, final=5)

    assert stands(entrant) == (2, 1)
    assert Best.objects.get().final_rank == rank_of(1.0, greater_is_better=True)


def test_a_choice_can_be_taken_back():
    entrant = make_entrant(make_task())
    choose(scored(entrant, public=2), by=member(entrant))
    scored(entrant, public=4)

    choose_best(entrant, by=member(entrant))

    assert stands(entrant) == (2, 2)


def test_a_choice_is_the_entrants_own_and_ends_with_the_deadline():
    entrant = make_entrant(make_task())
    submission, waiting = scored(entrant), offer(entrant)

    with pytest.raises(Forbidden):
        choose(submission, by=make_person())
    with pytest.raises(Refused, match="Only a scored submission"):
        choose(waiting, by=member(entrant))
    with clock.at(CLOSE), pytest.raises(Refused, match="after the deadline"):
        choose(submission, by=member(entrant))
