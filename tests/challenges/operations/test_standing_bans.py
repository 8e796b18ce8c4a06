"""Bans keep people out of a round until they end; the banned appeal once, and are answered."""

import io
from datetime import timedelta

import pytest

from dure.challenges.models import Ban, OutState, Task
from dure.challenges.operations import add_organiser
from dure.challenges.operations.standing import appeal, ban, decide_appeal, lift
from dure.challenges.queries.standing import bans, bans_on
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.jobs.models import Message
from dure.people.models import Notice
from tests.challenges.conftest import START, member, offer
from tests.challenges.operations.sanctions import (
    ANSWER,
    WHY,
    entrant,
    organiser,
    three_entrants,
)
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@pytest.fixture
def task() -> Task:
    return three_entrants()


def test_who_is_banned_submits_nothing_until_it_ends(task):
    first = entrant(task, "first")
    ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY, until=START + timedelta(days=1))

    with pytest.raises(Forbidden) as refused:
        offer(first)
    assert refused.value.code == "standing.banned"
    with clock.at(START + timedelta(days=1)):
        offer(first)
        ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY)
    assert Ban.objects.filter(lifted_at=None).count() == 1


def test_a_ban_is_made_once_and_lifted_once(task):
    first = entrant(task, "first")
    made = ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY)

    with pytest.raises(Refused):
        ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY)
    lift(made, by=organiser(task))
    offer(first)
    with pytest.raises(Refused) as refused:
        lift(made, by=organiser(task))
    assert refused.value.code == "standing.lifted"


def banned(task: Task, **known) -> Ban:
    return ban(
        task.round, member(entrant(task, "first")),
        **{"by": organiser(task), "ground": "conduct", "reason": WHY} | known,
    )  # fmt: skip


def test_the_banned_read_why_on_their_page_and_by_mail(task):
    Message.objects.all().delete()

    made = banned(task)

    assert list(Notice.objects.values_list("person", "path")) == [(made.person_id, f"/round-bans/{made.pk}/")]
    mail = Message.objects.get()
    assert mail.to == [made.person.email]
    assert WHY.ko in mail.text


def test_the_banned_appeal_once_within_the_stated_time(task):
    made = banned(task, appeal_until=START + timedelta(days=2))

    appeal(made, by=made.person, text="It was not me.", file=io.BytesIO(b"proof"), name="proof.txt")

    made.refresh_from_db()
    assert (made.state, made.appeal, made.appeal_file.name) == (OutState.APPEALED, "It was not me.", "proof.txt")
    assert Notice.objects.get(person=organiser(task)).path == f"/round-bans/{made.pk}/"
    with pytest.raises(Refused) as refused:
        appeal(made, by=made.person, text="again")
    assert refused.value.code == "standing.once"


def test_an_appeal_against_a_ban_comes_too_late_at_the_stated_moment(task):
    made = banned(task)

    with clock.at(START + timedelta(days=7)), pytest.raises(Refused) as refused:
        appeal(made, by=made.person, text="late")

    assert refused.value.code == "standing.late"


def test_only_the_banned_appeal_against_a_ban(task):
    made = banned(task)

    for person in (member(entrant(task, "second")), organiser(task)):
        with pytest.raises(Forbidden):
            appeal(made, by=person, text="for them")


def test_another_organiser_answers_the_banned_where_there_is_one_and_they_take_part_again(task):
    made, other = banned(task), make_person()
    add_organiser(task.round, other)
    appeal(made, by=made.person, text="It was not me.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=made.by, grant=True, answer=ANSWER)
    assert refused.value.code == "standing.own"
    decide_appeal(made, by=other, grant=True, answer=ANSWER)

    made.refresh_from_db()
    assert (made.state, made.ended_by, made.is_in_force) == (OutState.LIFTED, other, False)
    offer(entrant(task, "first"))


def test_who_is_banned_stays_so_once_the_appeal_is_refused(task):
    made = banned(task)
    appeal(made, by=made.person, text="It was not me.")

    decide_appeal(made, by=organiser(task), grant=False, answer=ANSWER)

    assert (made.state, made.answer, made.is_in_force) == (OutState.UPHELD, ANSWER, True)
    with pytest.raises(Forbidden):
        offer(entrant(task, "first"))


def test_a_ban_is_not_lifted_past_an_appeal_that_waits_nor_by_a_stale_answer(task):
    made = banned(task)
    stale = Ban.objects.get(pk=made.pk)
    appeal(made, by=made.person, text="It was not me.")

    with pytest.raises(Refused) as refused:
        lift(made, by=organiser(task))
    assert refused.value.code == "standing.appealed"
    with pytest.raises(Refused) as refused:
        lift(stale, by=organiser(task))
    assert refused.value.code == "state.changed"


def test_an_appeal_that_waits_is_listed_after_the_ban_is_over(task):
    made = banned(task, until=START + timedelta(days=1))
    appeal(made, by=made.person, text="It was not me.")

    with clock.at(START + timedelta(days=2)):
        later = banned(task)
        first = list(bans(task.round))
        decide_appeal(made, by=organiser(task), grant=True, answer=ANSWER)
        then = list(bans(task.round))

    made.refresh_from_db()
    assert (first, then, made.lifted_at) == ([later, made], [later], made.until)


def test_what_keeps_somebody_from_rounds_is_theirs_alone(task):
    made = banned(task, until=START + timedelta(days=1))

    assert list(bans_on(made.person, at=START)) == [made]
    assert list(bans_on(made.person, at=START + timedelta(days=1))) == []
    assert list(bans_on(member(entrant(task, "second")), at=START)) == []
