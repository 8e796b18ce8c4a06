"""Seats: who acts in which role, and exactly so many with a turn."""

import pytest

from dure.core.errors import Refused
from dure.people.models import Source
from dure.people.operations import state_fact
from dure.programmes.models import Attendant, Seat
from dure.programmes.operations.seating import attach, detach, missing_company, seat, unseat
from tests.factories import make_organisation, make_person
from tests.people.races import race
from tests.programmes.build import APPLY, HEAD, exam, live, project

pytestmark = pytest.mark.django_db
BUILD = project()


def refusal(act, *given, **known):
    with pytest.raises(Refused) as refused:
        act(*given, **known)
    return refused.value.code


def mentors(found, count):
    people = [make_person() for _ in range(count)]
    for person in people:
        seat(found.programme, "mentor", person=person)
    return people


# --- seats -------------------------------------------------------------------------------------------------------


def test_somebody_sits_for_the_only_party_of_the_role():
    found = live(APPLY)

    assert Seat.objects.get(role="head").organisation == found.parties["host"]


def test_a_seat_is_of_a_role_and_a_party_that_are_there():
    found = live(APPLY)

    assert refusal(seat, found.programme, "king", person=make_person()) == "seat.role"
    elsewhere = make_organisation()
    assert refusal(seat, found.programme, "head", person=make_person(), organisation=elsewhere) == "seat.party"


def test_a_role_of_two_parties_asks_for_which():
    found = live(APPLY, roles=False, head=HEAD.replace("judge: {at: host", "judge: {at: [host, school]"))
    school = found.parties["school"]

    assert refusal(seat, found.programme, "judge", person=make_person()) == "seat.party"
    assert seat(found.programme, "judge", person=make_person(), organisation=school).organisation == school


def test_nobody_sits_twice_in_a_role_but_again_after_leaving_it():
    found = live(APPLY)
    person = make_person()
    first = seat(found.programme, "head", person=person)

    assert refusal(seat, found.programme, "head", person=person) == "seat.taken"
    unseat(first)
    assert refusal(unseat, first) == "seat.ended"
    assert seat(found.programme, "head", person=person).ended_at is None


@pytest.mark.django_db(transaction=True)
def test_somebody_seated_twice_at_once_sits_once():
    found = live(APPLY)
    person = make_person()

    race(*[lambda: seat(found.programme, "head", person=person)] * 3)

    assert Seat.objects.filter(role="head", person=person).count() == 1


# --- credentials that a role asks --------------------------------------------------------------------------------


def licensed():
    stage = exam(more=", gives: [{credential: {name: Licence, type: licence}}]")
    return live(stage, roles=False, head=HEAD.replace("judge: {at: host", "judge: {holds: Licence, at: host"))


def test_a_role_that_holds_a_credential_is_for_who_has_it():
    found = licensed()
    given, vouched = make_person(), make_person()
    found.enter_and_hand_in("exam", by=given, score=1)
    state_fact(vouched, "credential", "Licence", source=Source.OPERATOR, by=found.operator)

    assert refusal(seat, found.programme, "judge", person=make_person()) == "seat.credential"
    assert {seat(found.programme, "judge", person=person).person for person in (given, vouched)} == {given, vouched}


def test_ones_own_word_is_no_credential():
    found = licensed()
    person = make_person()
    state_fact(person, "credential", "Licence")

    assert refusal(seat, found.programme, "judge", person=person) == "seat.credential"


# --- with --------------------------------------------------------------------------------------------------------


def test_a_turn_has_exactly_so_many_of_a_role():
    found = live(BUILD)
    turn = found.enter("build")
    people = mentors(found, 3)

    attach(turn, "mentor", person=people[0])
    lacking = missing_company(turn)
    attach(turn, "mentor", person=people[1])

    assert (lacking, missing_company(turn)) == ({"mentor": 1}, {})
    assert refusal(attach, turn, "mentor", person=people[2]) == "with.full"


def test_only_seated_people_are_with_a_turn_and_only_in_the_stages_roles():
    found = live(BUILD)
    turn = found.enter("build")

    assert refusal(attach, turn, "mentor", person=make_person()) == "with.not-seated"
    assert refusal(attach, turn, "judge", person=found.seats["judge"]) == "with.role"


def test_the_same_person_is_with_a_turn_once():
    found = live(BUILD)
    turn = found.enter("build")
    person = mentors(found, 1)[0]
    attach(turn, "mentor", person=person)

    assert refusal(attach, turn, "mentor", person=person) == "with.taken"


def test_a_project_is_handed_in_when_its_company_is_complete():
    found = live(BUILD)
    turn = found.enter("build")
    people = mentors(found, 2)
    attached = [attach(turn, "mentor", person=person) for person in people]
    detach(attached[1])

    with pytest.raises(Refused) as refused:
        found.hand_in(turn, milestones=1)
    attach(turn, "mentor", person=people[1])

    assert (refused.value.code, refused.value.facts) == ("turn.company", {"missing": {"mentor": 1}})
    assert found.hand_in(turn, milestones=1).state == "passed"


@pytest.mark.django_db(transaction=True)
def test_four_who_are_attached_at_once_leave_no_more_than_two():
    found = live(BUILD)
    turn = found.enter("build")
    people = mentors(found, 4)

    got = race(*[lambda person=person: attach(turn, "mentor", person=person) for person in people])

    there = Attendant.objects.filter(turn=turn).count()
    assert there == sum(isinstance(one, Attendant) for one in got)
    assert 1 <= there <= 2
