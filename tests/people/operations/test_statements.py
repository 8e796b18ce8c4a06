"""Consent, facts and bonds: added to, never overwritten."""

import pytest

from dure.core.errors import Flawed, Refused
from dure.core.events import on
from dure.people.events import ConsentAnswered
from dure.people.models import Consent, Relation
from dure.people.operations import give_consent, state_fact, state_relation, withdraw_consent
from dure.people.queries import consenting, consents_of, has_consented, history_of
from tests.factories import make_operator, make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


def test_consent_counts_from_when_it_is_given_until_it_is_withdrawn():
    heard = []
    on(ConsentAnswered)(heard.append)
    person, about = make_person(), {"purpose": "contact", "scope": "career-day"}

    states = []
    for answer in (give_consent, give_consent, withdraw_consent, give_consent):
        answer(person, **about)
        states.append(has_consented(person, **about))

    assert states == [True, True, False, True]
    assert [fact.given for fact in heard] == [True, False, True]
    assert [(c.given_at is not None, c.withdrawn_at is not None) for c in consents_of(person)] == [
        (True, False),
        (True, True),
    ]


def test_a_no_that_follows_no_yes_is_written_too():
    person = make_person()

    answer = withdraw_consent(person, purpose="recruiters", scope="rush", wording="기업 채용 담당자에게 공개")

    assert (answer.given_at, answer.wording) == (None, "기업 채용 담당자에게 공개")
    assert consenting([person.pk], purpose="recruiters", scope="rush") == set()


def test_consent_is_to_one_purpose_in_one_scope():
    people = [make_person() for _ in range(3)]
    give_consent(people[0], purpose="recruiters", scope="rush")
    give_consent(people[1], purpose="recruiters", scope="other")
    give_consent(people[2], purpose="contact", scope="rush")

    assert consenting([p.pk for p in people], purpose="recruiters", scope="rush") == {people[0].pk}


@pytest.mark.django_db(transaction=True)
def test_consent_given_twice_at_the_same_time_stands_once():
    person = make_person()

    race(*[lambda: give_consent(person, purpose="terms", scope="lab/0").pk] * 4)

    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "source", "code"),
    [
        ("consent", "yes", "operator", "fact.name"),
        ("Major", "math", "asked", "fact.name"),
        ("major", "", "asked", "fact.value"),
        ("year", True, "asked", "fact.value"),
        ("grade", 3.7, "asked", "fact.value"),
        ("major", "math", "rumour", "fact.source"),
    ],
)
def test_what_is_no_fact_is_refused(name, value, source, code):
    with pytest.raises(Flawed) as flaw:
        state_fact(make_person(), name, value, source=source)
    assert flaw.value.code == code


def test_the_history_of_a_fact_is_kept():
    organisation, operator = make_organisation(), make_operator()
    state_fact(organisation, "staff", 10)
    state_fact(organisation, "staff", 12, source="operator", by=operator, note="고용보험 가입자 명부 확인")

    assert [(f.value, f.source, f.recorded_by, f.note) for f in history_of(organisation, "staff")] == [
        (12, "operator", operator, "고용보험 가입자 명부 확인"),
        (10, "asked", None, ""),
    ]


def test_a_mutual_bond_is_the_same_from_both_sides():
    one, other = make_person(), make_person()
    state_relation(one, to=other, bond="family", by=one)

    with pytest.raises(Refused) as refusal:
        state_relation(other, to=one, bond="family", by=other)

    assert refusal.value.code == "relation.stated"


def test_a_one_sided_bond_has_a_direction():
    manager, staff = make_person(), make_person()
    state_relation(manager, to=staff, bond="line-manager", by=staff)
    state_relation(staff, to=manager, bond="line-manager", by=staff)

    assert set(Relation.objects.values_list("one", "other")) == {(manager.pk, staff.pk), (staff.pk, manager.pk)}


def test_bonds_are_between_two_and_have_known_names():
    person = make_person()
    for to, bond, code in ((person, "family", "relation.self"), (make_person(), "friend", "relation.bond")):
        with pytest.raises(Flawed) as flaw:
            state_relation(person, to=to, bond=bond, by=person)
        assert flaw.value.code == code
