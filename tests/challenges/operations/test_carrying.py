"""Attempts that go on to the next task: once each, judged there, without quota, for whoever may hand in there."""

from datetime import timedelta

import pytest
from django.db import transaction

from dure.challenges.models import Best, Carried, CarryOver, Entrant, Quota, Round, Submission, Task, Which
from dure.challenges.operations import enter
from dure.challenges.operations.carrying import carry_due, carry_now, carry_over_from, carry_some, drop_carry_over
from dure.challenges.operations.standing import disqualify
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.jobs.worker import drain
from tests.challenges.conftest import CLOSE, START, make_entrant, make_task, member, scored
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@pytest.fixture
def phases() -> tuple[Task, Task]:
    """Two tasks of one organiser; in the first one attempt a day is allowed, in the second as well."""
    first, second = make_task(), make_task()
    Round.objects.update(daily=9, total=9)
    second.round.organisers.set(first.round.organisers.all())
    return Task.objects.select_related("round").get(pk=first.pk), Task.objects.select_related("round").get(pk=second.pk)


def organiser(task: Task):
    return task.round.organisers.first()


def goes_on(phases, **known) -> CarryOver:
    first, second = phases
    return carry_over_from(second, first, by=organiser(first), **known)


def there(phases, entrant: Entrant) -> Entrant:
    return enter(phases[1], persons=[member(entrant)])


def test_the_best_attempt_is_judged_in_the_next_task_and_uses_up_no_quota(phases):
    entrant = make_entrant(phases[0])
    scored(entrant, 1, 1)
    best = scored(entrant, 4, 5)
    goes_on(phases)
    target = there(phases, entrant)

    carry_due()
    drain()

    made = Submission.objects.get(entrant=target)
    assert (made.upload_id, made.counted, made.state, made.final_score) == (
        best.upload_id, False, "scored", best.final_score,
    )  # fmt: skip
    assert not Quota.objects.filter(entrant=target).exists()
    assert Best.objects.get(entrant=target).counting == made


def test_all_scored_attempts_go_on_where_the_format_says_so(phases):
    entrant = make_entrant(phases[0])
    rows = [scored(entrant, right, 1) for right in (1, 4, 2)]
    goes_on(phases, which=Which.ALL)
    target = there(phases, entrant)

    carry_due()
    drain()

    made = Submission.objects.filter(entrant=target).order_by("number")
    assert [row.upload_id for row in made] == [row.upload_id for row in rows]


def test_whoever_comes_later_has_theirs_carried_then(phases):
    early, late = make_entrant(phases[0]), make_entrant(phases[0])
    for entrant in (early, late):
        scored(entrant)
    goes_on(phases)
    there(phases, early)
    carry_due()
    drain()

    target = there(phases, late)
    carry_due()
    drain()

    assert (Submission.objects.filter(entrant=target).count(), Carried.objects.count()) == (1, 2)


def test_what_is_delivered_twice_is_carried_once(phases):
    entrant = make_entrant(phases[0])
    scored(entrant)
    carry = goes_on(phases)
    there(phases, entrant)

    assert [carry_some(carry.pk), carry_some(carry.pk)] == [1, 0]
    assert (carry_due(), Carried.objects.count()) == (0, 1)


def test_a_worker_that_dies_on_the_way_leaves_nothing_half(phases):
    entrant = make_entrant(phases[0])
    scored(entrant)
    carry = goes_on(phases)
    target = there(phases, entrant)

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        carry_some(carry.pk)
        raise KeyboardInterrupt
    assert not Submission.objects.filter(entrant=target).exists()

    assert (carry_some(carry.pk), Submission.objects.filter(entrant=target).count()) == (1, 1)


def test_many_go_on_some_at_a_time(phases, monkeypatch):
    monkeypatch.setattr("dure.challenges.operations.carrying.AT_ONCE", 2)
    for _ in range(5):
        entrant = make_entrant(phases[0])
        scored(entrant)
        there(phases, entrant)
    goes_on(phases)

    carry_due()
    drain()

    assert Submission.objects.filter(entrant__task=phases[1], state="scored").count() == 5


def test_by_hand_nothing_goes_on_before_it_is_asked_for(phases):
    entrant = make_entrant(phases[0])
    scored(entrant)
    carry = goes_on(phases, auto=False)
    there(phases, entrant)
    assert carry_due() == 0

    carry_now(carry, by=organiser(phases[0]))
    drain()

    assert Carried.objects.count() == 1


def test_only_what_counts_goes_on_to_where_it_may_be_handed_in(phases):
    out, shut = make_entrant(phases[0]), make_entrant(phases[0])
    for entrant in (out, shut):
        scored(entrant)
        there(phases, entrant)
    disqualify(out, by=organiser(phases[0]), ground="rules", reason=Text(ko="규칙", en="Rules"))
    Entrant.objects.filter(task=phases[1], members__person=member(shut)).update(closes_at=START)
    goes_on(phases)

    assert carry_due() == 0
    with clock.at(CLOSE + timedelta(days=1)):
        assert carry_due() == 0


def test_a_setting_is_the_organisers_of_both_and_goes_in_no_circle(phases):
    first, second = phases
    carry = goes_on(phases)

    with pytest.raises(Forbidden):
        carry_over_from(second, first, by=make_person())
    with pytest.raises(Refused) as refused:
        carry_over_from(first, second, by=organiser(first))
    assert refused.value.code == "carry.circle"
    drop_carry_over(carry, by=organiser(first))
    assert not CarryOver.objects.exists()
