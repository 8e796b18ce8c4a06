"""Disqualified entrants and attempts are on no board and lose nothing; they appeal once, and are answered."""

import io
from datetime import timedelta

import pytest

from dure.challenges.models import Best, OutState, Quota, Submission, SubmissionState, Task
from dure.challenges.operations import add_organiser, choose, merge_entrants
from dure.challenges.operations.forgetting import forget_said
from dure.challenges.operations.standing import appeal, decide_appeal, lift
from dure.challenges.queries.standing import outs_on
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.jobs.models import Message
from dure.people.models import Notice
from tests.challenges.conftest import CLOSE, START, judge, make_entrant, make_task, member, offer, scored
from tests.challenges.operations.sanctions import (
    ANSWER,
    banned_from,
    board,
    entrant,
    organiser,
    out,
    three_entrants,
)
from tests.factories import make_operator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@pytest.fixture
def task() -> Task:
    return three_entrants()


def test_ranks_close_up_at_once_and_open_again_when_it_is_lifted(task):
    version = Task.objects.get(pk=task.pk).board_version
    made = out(entrant(task, "first"))
    without = board(task)

    lift(made, by=organiser(task))

    assert (without, board(task)) == (["second", "third"], ["first", "second", "third"])
    assert Task.objects.get(pk=task.pk).board_version == version + 2


def test_a_disqualified_attempt_leaves_the_place_to_the_next_best(task):
    second = entrant(task, "second")
    best = scored(second, 4, 6)

    out(second, submission=best)

    assert Best.objects.get(entrant=second).best.number == 1


def test_nothing_is_deleted_and_quotas_stay():
    made = make_task(daily=3)
    one = make_entrant(made)
    scored(one)

    out(one)

    assert Submission.objects.get().state == SubmissionState.SCORED
    assert set(Quota.objects.values_list("used", flat=True)) == {1}


def test_what_is_scored_while_one_is_out_takes_no_place(task):
    first = entrant(task, "first")
    waiting = offer(first)
    out(first)

    judge(waiting)

    assert board(task) == ["second", "third"]


def test_a_disqualified_entrant_hands_nothing_in_and_a_disqualified_attempt_is_not_chosen(task):
    first, second = entrant(task, "first"), entrant(task, "second")
    out(first)
    out(second, submission=second.submissions.get())

    with pytest.raises(Refused) as refused:
        offer(first)
    assert refused.value.code == "standing.out"
    with pytest.raises(Refused) as refused:
        choose(second.submissions.get(), by=member(second))
    assert refused.value.code == "challenges.out"


def test_what_was_chosen_counts_again_when_it_is_lifted(task):
    first = entrant(task, "first")
    weak = scored(first, 1, 2)
    choose(weak, by=member(first))
    made = out(first)

    lift(made, by=organiser(task))

    best = Best.objects.get(entrant=first)
    assert (best.counting_id, best.chosen) == (weak.pk, True)


def test_one_is_disqualified_once_at_a_time(task):
    first = entrant(task, "first")
    made = out(first)

    with pytest.raises(Refused) as refused:
        out(first)
    assert refused.value.code == "standing.out"
    lift(made, by=organiser(task))
    out(first)
    assert [row.state for row in first.disqualifications.order_by("pk")] == ["lifted", "standing"]


def test_the_reason_is_told_in_both_languages_on_the_page_and_by_mail(task):
    first = entrant(task, "first")
    Message.objects.all().delete()

    made = out(first)

    notice = Notice.objects.get(person=member(first))
    assert notice.path == f"/disqualifications/{made.pk}/"
    assert [mail.to for mail in Message.objects.all()] == [[member(first).email]]
    with pytest.raises(Flawed):
        out(entrant(task, "second"), reason=Text(ko="이유", en=" "))


def test_strangers_and_entrants_disqualify_nobody(task):
    for person in (make_person(), member(entrant(task, "second"))):
        with pytest.raises(Forbidden):
            out(entrant(task, "first"), by=person)


def test_one_appeals_once_within_the_stated_time(task):
    first = entrant(task, "first")
    made = out(first, appeal_until=START + timedelta(days=2))

    appeal(made, by=member(first), text="It is our own.", file=io.BytesIO(b"proof"), name="proof.txt")

    made.refresh_from_db()
    assert (made.state, made.appeal, made.appeal_file.name) == (OutState.APPEALED, "It is our own.", "proof.txt")
    with pytest.raises(Refused) as refused:
        appeal(made, by=member(first), text="again")
    assert refused.value.code == "standing.once"


def test_an_appeal_comes_too_late_at_the_stated_moment(task):
    first = entrant(task, "first")
    made = out(first, appeal_until=START + timedelta(days=2))

    with clock.at(START + timedelta(days=2)), pytest.raises(Refused) as refused:
        appeal(made, by=member(first), text="late")

    assert refused.value.code == "standing.late"


def test_only_those_it_concerns_appeal(task):
    made = out(entrant(task, "first"))

    with pytest.raises(Forbidden):
        appeal(made, by=member(entrant(task, "second")), text="for them")


def test_nobody_decides_in_their_own_cause(task):
    first = entrant(task, "first")
    add_organiser(task.round, member(first))
    made = out(first)
    with pytest.raises(Refused) as lifted:
        lift(made, by=member(first))
    appeal(made, by=member(first), text="It is our own.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=member(first), grant=True, answer=ANSWER)

    assert (lifted.value.code, refused.value.code) == ("standing.own", "standing.own")
    decide_appeal(made, by=made.by, grant=False, answer=ANSWER)  # nobody else is there who is not concerned
    assert made.state == OutState.UPHELD


def test_where_the_platform_has_operators_one_of_them_answers_for_an_only_organiser(task):
    made, operator = out(entrant(task, "first")), make_operator()
    appeal(made, by=member(made.entrant), text="It is our own.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=made.by, grant=True, answer=ANSWER)
    decide_appeal(made, by=operator, grant=True, answer=ANSWER)

    assert (refused.value.code, made.state) == ("standing.own", OutState.LIFTED)


def test_what_disqualifies_somebody_is_listed_while_it_matters(task):
    first = entrant(task, "first")
    made = out(first)

    told = {at: list(outs_on(member(first), at=at)) for at in (START, CLOSE, CLOSE + timedelta(days=30))}

    assert told == {START: [made], CLOSE: [], CLOSE + timedelta(days=30): []}
    assert list(outs_on(member(entrant(task, "second")), at=START)) == []


def test_another_organiser_decides_where_there_is_one(task):
    first, other = entrant(task, "first"), make_person()
    add_organiser(task.round, other)
    made = out(first)
    appeal(made, by=member(first), text="It is our own.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=made.by, grant=True, answer=ANSWER)
    assert refused.value.code == "standing.own"
    decide_appeal(made, by=other, grant=True, answer=ANSWER)
    assert (made.state, board(task)) == (OutState.LIFTED, ["first", "second", "third"])


def test_an_only_organiser_decides_and_an_upheld_one_stays_out(task):
    first = entrant(task, "first")
    made = out(first)
    appeal(made, by=member(first), text="It is our own.")

    decide_appeal(made, by=organiser(task), grant=False, answer=ANSWER)

    assert (made.state, board(task)) == (OutState.UPHELD, ["second", "third"])
    with pytest.raises(Refused):
        appeal(made, by=member(first), text="again")


def test_who_is_out_becomes_one_with_nobody_and_what_was_lifted_goes_along(task):
    first, second = entrant(task, "first"), entrant(task, "second")
    made = out(second)

    with pytest.raises(Refused) as refused:
        merge_entrants(first, second)
    assert refused.value.code == "merge.held"
    lift(made, by=organiser(task))
    merge_entrants(first, second)
    made.refresh_from_db()
    assert made.entrant_id == first.pk


@pytest.mark.parametrize("sanctioned", [out, banned_from], ids=["out", "banned"])
def test_what_somebody_forgotten_appealed_with_is_gone(task, sanctioned):
    first = entrant(task, "first")
    made = sanctioned(first)
    appeal(made, by=member(first), text="I was ill.", file=io.BytesIO(b"proof"), name="doctor.txt")

    forget_said(member(first))

    made.refresh_from_db()
    assert (made.appeal, made.appeal_file.name) == ("–", "")
