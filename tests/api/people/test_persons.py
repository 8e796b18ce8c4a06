"""Oneself, others, what is known, agreed and stated of them."""

import pytest

from dure.people.models import Person
from tests.api.conftest import Caller
from tests.factories import make_admin, make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_one_changes_what_one_says_of_oneself(learner):
    learner.patch("/me", {"birth_date": "2001-02-03", "zone": "Europe/Berlin"})
    changed = learner.patch("/me", {"name": "Ada", "birth_date": None})

    assert (changed["name"], changed["birth_date"], changed["zone"]) == ("Ada", None, "Europe/Berlin")


@pytest.mark.parametrize("body", [{"zone": "Mars/Olympus"}, {"language": "tlh"}, {"email": "x@example.org"}])
def test_what_cannot_be_said_of_oneself_is_refused(learner, body):
    assert learner.patch("/me", body, 422)["code"] == "request.form"


def test_operator_registers_somebody_and_finds_them(operator):
    made = operator.post("/people", {"email": "Ada@Example.org", "name": "Ada", "birth_date": "2001-02-03"}, 201)

    assert operator.get("/people?email=ada@example.org")["items"] == [made]
    assert operator.post("/people", {"email": "ada@example.org"}, 409)["code"] == "person.exists"


def test_admin_sees_the_people_of_their_organisation(db):
    organisation = make_organisation()
    admin, member = Caller(make_admin(organisation)), make_member(organisation).person

    assert admin.get(f"/people/{member.pk}")["email"] == member.email
    assert admin.get(f"/people/{make_person().pk}", 404)["code"] == "person.missing"


def test_facts_tell_who_says_so_the_loudest_first(operator, learner):
    learner.patch("/me", {"birth_date": "2001-02-03"})
    learner.post("/me/facts", {"name": "degree", "value": "phd"}, 201)
    operator.post(
        f"/people/{learner.person.pk}/facts", {"name": "degree", "value": "bsc", "note": "seen the diploma"}, 201
    )

    found = {(fact["name"], fact["value"], fact["source"]) for fact in learner.get("/me/facts")["items"][1:]}

    first = learner.get("/me/facts")["items"][0]
    assert (first["name"], first["source"], first["since"]) == ("age", "birth-date", "2001-02-03")
    assert found == {("degree", "bsc", "operator"), ("degree", "phd", "asked")}
    assert [f["value"] for f in operator.get(f"/people/{learner.person.pk}/facts")["items"][1:]] == ["bsc", "phd"]


def test_consent_is_given_and_withdrawn(learner):
    asked = {"purpose": "recruiters", "scope": "small", "wording": "Show me to recruiters"}

    learner.post("/me/consents", asked, 201)
    learner.post("/me/consents/withdraw", asked)

    [answer] = learner.get("/me/consents")["items"]
    assert (answer["given_at"] < answer["withdrawn_at"], answer["wording"]) == (True, "Show me to recruiters")


def test_token_opens_the_api_until_it_is_revoked(learner):
    issued = learner.post("/me/tokens", {"name": "laptop", "expires_at": "2099-01-01T00:00:00"}, 201)
    program = Caller(secret=issued["secret"])
    assert program.get("/me")["id"] == str(learner.person.pk)

    learner.delete(f"/me/tokens/{issued['id']}")

    assert issued["expires_at"] == "2099-01-01T00:00:00+09:00"
    assert program.get("/me", 401)["code"] == "token.invalid"
    assert "laptop" not in {token["name"] for token in learner.get("/me/tokens")["items"]}


def test_token_of_somebody_else_is_issued_in_scratch_databases_alone(operator, learner, settings):
    place = f"/people/{learner.person.pk}/tokens"
    operator.post(place, {"name": "act"}, 403)

    settings.SCRATCH = True

    secret = operator.post(place, {"name": "act"}, 201)["secret"]
    assert Caller(secret=secret).get("/me")["id"] == str(learner.person.pk)
    learner.post(place, {"name": "act"}, 403)


def test_relation_is_stated_by_either_and_ended_by_whoever_stated_it(learner):
    other = Caller(make_person())
    bond = {"one": other.person.email, "other": learner.person.email, "bond": "family"}

    stated = learner.post("/relations", bond, 201)

    assert other.delete(f"/relations/{stated['id']}", 403)["code"] == "request.not-yours"
    assert Caller(make_person()).delete(f"/relations/{stated['id']}", 404)["code"] == "relation.missing"
    assert learner.delete(f"/relations/{stated['id']}")["ended_at"] is not None
    assert Caller(make_person()).post("/relations", bond, 403)["code"] == "request.not-yours"


def test_birth_date_to_come_is_refused_in_the_rooms_own_words(learner):
    assert learner.patch("/me", {"birth_date": "2999-01-01"}, 422)["code"] == "person.birth-date"
    assert Person.objects.get(pk=learner.person.pk).birth_date is None


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_moment_beyond_the_calendar_is_refused(learner, moment):
    assert learner.post("/me/tokens", {"name": "x", "expires_at": moment}, 422)["code"] == "request.form"
