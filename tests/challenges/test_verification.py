"""Finalists' attempts are run again, and their scores hold only where they are reproduced."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.audit.models import AuditRow
from dure.challenges.models import Round, Submission, Verification, VerificationState
from dure.challenges.operations.verification import (
    accept_differing,
    begin_verification,
    end_verification,
    give_up_lost_verifications,
    verify_again,
    verify_due,
    verify_finalists,
)
from dure.challenges.outcomes import Broken, HowRun, Measured
from dure.challenges.queries.verification import finalists, unverified
from dure.challenges.verification import differences, is_apart
from dure.core import clock
from dure.core.errors import Flawed, Refused, Unready
from dure.core.text import Text
from dure.jobs.models import Job, Worker
from dure.jobs.operations import cancel
from dure.jobs.worker import drain
from dure.jobs.worker import name as this_worker
from tests.challenges.conftest import CLOSE, make_entrant, make_task, offer, predictions, scored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SCORES = st.floats(-1e6, 1e6).map(lambda score: round(score, 6))


def verifying(first: int = 2, **known):
    """A task whose round verifies its first places, and three entrants on its board."""
    task = make_task()
    Round.objects.update(verify_first=first, **known)
    task.round.refresh_from_db()
    entrants = [make_entrant(task) for _ in range(3)]
    for entrant, right in zip(entrants, (6, 5, 4), strict=True):
        scored(entrant, 4, right)
    return task, entrants


def states() -> dict[int, str]:
    """By right answers of the final part."""
    rows = Verification.objects.values_list("submission__final_score", "state")
    return {round(6 * score): state for score, state in rows}


def test_once_a_round_is_over_its_first_places_are_run_again_and_reproduced():
    task, entrants = verifying()
    assert (verify_due(), unverified([task])) == (0, {entrants[0].pk, entrants[1].pk})

    with clock.at(CLOSE):
        assert verify_due() == 2
        drain(["challenges.verify"])
        assert verify_due() == 0

    assert states() == {6: VerificationState.REPRODUCED, 5: VerificationState.REPRODUCED}
    assert unverified([task]) == set()
    one = Verification.objects.first()
    assert (one.worker, one.public_score, one.differences) == (this_worker(), one.submission.public_score, [])


def test_nothing_is_verified_by_itself_while_something_is_being_judged():
    _, entrants = verifying()
    offer(entrants[2], predictions(4, 6))

    with clock.at(CLOSE):
        assert verify_due() == 0


def test_a_score_that_is_not_reproduced_holds_only_where_an_organiser_says_why():
    task, _ = verifying(1)
    organiser = task.round.organisers.get()
    verify_finalists(task.round)
    Submission.objects.filter(final_score=1).update(final_score=0.99)
    drain(["challenges.verify"])
    row = Verification.objects.get()
    assert (row.state, row.differences) == (
        VerificationState.DIFFERS,
        [
            {
                "ko": "최종 점수가 0.99에서 1.0으로 달라졌습니다. 허용 오차는 0입니다.",
                "en": "The final score was 0.99 and is 1.0 now; 0 is tolerated.",
            }
        ],
    )

    with pytest.raises(Flawed):
        accept_differing(row, by=organiser, reason=" ")
    accept_differing(row, by=organiser, reason="The seed of a library cannot be set.")

    assert unverified([task]) == set()
    assert AuditRow.objects.filter(action="verification.accepted").count() == 1
    with pytest.raises(Refused):
        accept_differing(row, by=organiser, reason="again")


def test_what_lies_within_the_tolerance_is_reproduced():
    task, _ = verifying(1, tolerance=Decimal("0.01"))
    Submission.objects.filter(final_score=1).update(final_score=0.99)

    verify_finalists(task.round)
    drain(["challenges.verify"])

    assert states().popitem()[1] == VerificationState.REPRODUCED


def test_it_is_run_again_on_demand_and_what_it_found_before_is_in_the_log():
    task, _ = verifying(1)
    verify_finalists(task.round)
    row = Verification.objects.get()
    assert begin_verification(row, worker="w")
    end_verification(row.pk, Broken(Text(ko="느립니다", en="Too slow")), worker="w")
    row.refresh_from_db()
    assert (row.state, row.differences) == (VerificationState.FAILED, [{"ko": "느립니다", "en": "Too slow"}])

    verify_again(row)
    drain(["challenges.verify"])

    row.refresh_from_db()
    assert row.state == VerificationState.REPRODUCED
    assert AuditRow.objects.filter(action="verification.again").count() == 1


def test_the_worker_that_judged_first_leaves_it_to_another_while_there_is_one():
    task, _ = verifying(1)
    verify_finalists(task.round)
    row = Verification.objects.get()
    Verification.objects.update(first_worker="one")
    row.refresh_from_db()
    Worker.objects.create(name="one")
    other = Worker.objects.create(name="other")

    with pytest.raises(Unready):
        begin_verification(row, worker="one")
    other.delete()

    assert begin_verification(row, worker="one")
    end_verification(row.pk, Measured(1.0, 1.0), worker="one")
    row.refresh_from_db()
    assert row.is_alone


def test_what_is_delivered_twice_changes_nothing():
    task, _ = verifying(1)
    verify_finalists(task.round)
    row = Verification.objects.get()
    begin_verification(row, worker="w")
    for score in (1.0, 0.5):
        end_verification(row.pk, Measured(1.0, score), worker="w")

    row.refresh_from_db()
    assert (row.state, row.final_score) == (VerificationState.REPRODUCED, 1.0)


def test_a_run_that_is_lost_is_told_and_can_be_asked_for_again():
    task, _ = verifying(1)
    verify_finalists(task.round)
    cancel(Job.objects.get(task="challenges.verify"))

    give_up_lost_verifications()

    assert Verification.objects.get().state == VerificationState.FAILED


def test_who_moves_up_is_verified_as_well():
    task, entrants = verifying(1)
    with clock.at(CLOSE):
        verify_due()
        Submission.objects.filter(entrant=entrants[0]).update(state="refused", public_score=None, final_score=None)
        entrants[0].best.delete()

        assert verify_due() == 1
    assert [row.entrant for row in finalists(task)] == [entrants[1]]


def test_other_code_inputs_packages_or_seed_are_no_reproduction():
    before = Submission(public_score=1.0, code_sha256="a", inputs_sha256="b", environment_digest="c", seed=1)
    same = HowRun("a", "b", "c", 1)

    def found(how: HowRun) -> int:
        return len(list(differences(before, Measured(1.0, None, how=how), tolerance=Decimal(0))))

    assert [found(how) for how in (same, HowRun("x", "b", "c", 1), HowRun("x", "x", "x", 2))] == [0, 1, 4]
    before.code_sha256 = ""  # it was judged before this was kept
    assert found(same) == 0


@given(old=SCORES, new=SCORES, tolerance=st.decimals(0, 10, places=6))
def test_scores_are_compared_exactly(old, new, tolerance):
    apart = is_apart(old, new, tolerance)

    assert apart == is_apart(new, old, tolerance)
    assert apart == (abs(round(old * 1e6) - round(new * 1e6)) > round(tolerance * 1_000_000))
    assert not is_apart(old, old, Decimal(0))
    assert is_apart(old, None, tolerance)
