"""People come, say who they are, and go."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from dure.audit.models import AuditText
from dure.core.errors import Flawed, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.people.days import today
from dure.people.events import PersonForgotten, PersonRegistered
from dure.people.models import Invitation, KnownFact, Membership, Person, Relation, TeamMember
from dure.people.operations import (
    change_person,
    forget,
    form_team,
    give_consent,
    invite,
    issue_token,
    join_organisation,
    join_team,
    register,
    state_fact,
    state_relation,
)
from dure.people.queries import verified_emails_of
from tests.factories import make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


def test_registering_makes_an_account_and_tells():
    heard = []
    on(PersonRegistered)(heard.append)

    person = register(" Mina@Example.org ", name="김미나", verified=True, language="ko")

    assert (person.email, person.name, person.language, person.is_staff) == ("mina@example.org", "김미나", "ko", False)
    assert not person.has_usable_password()
    assert verified_emails_of(person) == {"mina@example.org"}
    assert heard == [PersonRegistered(person.pk)]


def test_an_address_has_one_account():
    make_person("mina@example.org")

    with pytest.raises(Refused) as refusal:
        register("MINA@example.org")

    assert refusal.value.code == "person.exists"
    with pytest.raises(Flawed):
        register("mina")


@pytest.mark.django_db(transaction=True)
def test_registering_twice_at_the_same_time_registers_once():
    outcomes = race(*[lambda: register("mina@example.org").pk] * 3)

    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["person.exists"] * 2
    assert EmailAddress.objects.count() == Person.objects.count() == 1


def test_people_change_what_they_say_of_themselves_and_nothing_else():
    person = change_person(make_person(), name="김미나", birth_date=date(2000, 2, 29), zone="Europe/Berlin")
    person.refresh_from_db()

    assert (person.name, person.birth_date, person.zone) == ("김미나", date(2000, 2, 29), "Europe/Berlin")
    with pytest.raises(TypeError):
        change_person(person, email="other@example.org")
    with pytest.raises(Flawed):
        change_person(person, birth_date=today() + timedelta(days=1))


def test_forgetting_leaves_nothing_personal_and_no_way_in():
    person = make_person("mina@example.org", name="김미나", birth_date=date(2000, 1, 1), password="a river of 9 stones")
    mate, organisation = make_person(), make_organisation()
    team = join_team(form_team("Alpha", captain=person), person=mate)
    join_organisation(organisation, person=person, department="무릎 클리닉", since=date(2020, 1, 1))
    state_fact(person, "major", "김미나학")
    state_relation(mate, to=person, bond="family", by=mate)
    invite("mina@example.org", purpose="seat", subject=1, what=Text(ko="심사", en="to judge"), by=mate)
    give_consent(person, purpose="recruiters", scope="rush")
    issue_token(person, name="notebook")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    heard = []
    on(PersonForgotten)(heard.append)

    forget(person)

    kept = Person.objects.get(pk=person.pk)
    assert (kept.name, kept.birth_date, kept.is_active, kept.has_usable_password()) == ("", None, False, False)
    everything = str([list(m.objects.values()) for m in (Person, Membership, KnownFact, Invitation, AuditText)])
    assert [word for word in ("mina@", "김미나", "무릎") if word in everything] == []
    left = (KnownFact.objects, Relation.objects, EmailAddress.objects.filter(user=person), Authenticator.objects)
    assert [rows.count() for rows in left] == [0, 0, 0, 0]
    assert list(person.memberships.values_list("until", flat=True)) == [today()]
    assert [t.revoked_at is not None for t in person.api_tokens.all()] == [True]
    team.refresh_from_db()
    assert (team.captain, TeamMember.objects.filter(left_at=None).count()) == (mate, 1)
    assert heard == [PersonForgotten(person.pk, frozenset({"mina@example.org"}))]


def test_a_sign_up_under_anothers_address_takes_nothing_of_theirs_along():
    person, host = register("mina@example.org", name="거짓"), make_person()
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified")) == [
        ("mina@example.org", False)
    ]
    invite("mina@example.org", purpose="seat", subject=1, what=Text(ko="심사", en="to judge"), by=host)
    heard = []
    on(PersonForgotten)(heard.append)

    forget(person)

    assert Invitation.objects.values_list("email", "state").get() == ("mina@example.org", "pending")
    assert heard == [PersonForgotten(person.pk, frozenset())]


def test_one_is_forgotten_once_and_may_come_back_as_somebody_new():
    person = make_person("mina@example.org")
    forget(person)

    with pytest.raises(Refused) as refusal:
        forget(person)

    assert refusal.value.code == "person.forgotten"
    assert register("mina@example.org").pk != person.pk


def test_unknown_time_zone_is_refused():
    person = make_person()

    with pytest.raises(Flawed) as flawed:
        change_person(person, zone="Mars/Olympus")

    assert flawed.value.code == "person.zone"
