"""Signing in with an organisation's accounts by SAML, with answers that are signed as a provider signs them."""

from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from dure.people.metadata import read_metadata
from dure.people.models import IdentityProvider, Membership, Person
from dure.people.operations import add_domain, map_claims, switch_sign_in, take_metadata
from tests.factories import make_organisation, make_person
from tests.people.providers.saml import Answer, asked_by, metadata, post, sign_in
from tests.people.test_signin import who

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]


def browser() -> Client:
    return Client(headers={"Host": "testserver"})  # browsers send it; the library reads it


@pytest.fixture
def client() -> Client:
    return browser()


MINA = {"mail": "mina@hanbit.example", "displayName": "김미나"}


@pytest.fixture
def hanbit(settings) -> IdentityProvider:
    """Hanbit's sign-in is on, set up from its metadata; ``hanbit.example`` is its own."""
    settings.BASE_URL = "http://testserver"
    cache.clear()
    organisation = make_organisation("hanbit")
    add_domain(organisation, name="hanbit.example")
    return switch_sign_in(take_metadata(organisation, read_metadata(metadata())), active=True)


@pytest.mark.parametrize("signs", ["assertion", "response"])
def test_a_signed_answer_signs_in(hanbit, client, signs):
    answer = sign_in(client, Answer(attributes=MINA, signs=signs))

    person = Person.objects.get()
    assert (answer.status_code, who(client), person.name) == (302, "mina@hanbit.example", "김미나")
    assert Membership.objects.values_list("person", "role").get() == (person.pk, "member")
    assert SocialAccount.objects.values_list("provider", "uid", "extra_data").get() == ("saml:hanbit", "u-1", {})


def test_it_comes_back_to_the_page_one_came_from(hanbit, client):
    request = asked_by(client, next_page="/programmes/")

    assert post(client, Answer(attributes=MINA).to(request))["Location"] == "/programmes/"


def test_affiliations_become_memberships(hanbit, client):
    map_claims(hanbit, role_claim="eduPersonAffiliation", student_words="student", department_claim="ou")

    sign_in(client, Answer(attributes={**MINA, "eduPersonAffiliation": "student", "ou": "컴퓨터공학부"}))

    assert Membership.objects.values_list("role", "department").get() == ("student", "컴퓨터공학부")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(attributes=MINA, signs="nothing"),
        Answer(attributes=MINA, by="somebody else"),
        Answer(attributes=MINA, audience="https://another.example/metadata"),
        Answer(attributes=MINA, since=timedelta(hours=-2), lasts=timedelta(hours=1)),
        Answer(attributes=MINA, since=timedelta(hours=1)),
    ],
    ids=["unsigned", "foreign key", "wrong audience", "expired", "not yet valid"],
)
def test_an_answer_that_is_not_right_is_refused(hanbit, client, answer):
    assert sign_in(client, answer).status_code == 403
    assert (who(client), Person.objects.count()) == ("nobody", 0)


def test_a_changed_answer_is_refused(hanbit, client):
    right = Answer(attributes=MINA).to(asked_by(client))
    changed = b64encode(b64decode(right).replace(b"mina@hanbit", b"boss@hanbit")).decode()

    assert post(client, changed).status_code == 403
    assert (who(client), Person.objects.count()) == ("nobody", 0)


def test_an_answer_is_good_once(hanbit, client):
    response = Answer(attributes=MINA).to(asked_by(client))
    post(client, response)
    client.post("/accounts/logout/")

    assert post(client, response).status_code == 403
    assert who(client) == "nobody"


def test_an_answer_to_somebody_elses_request_is_refused(hanbit, client):
    response = Answer(attributes=MINA).to(asked_by(client))

    thief = browser()
    asked_by(thief)

    assert post(thief, response).status_code == 403
    assert who(thief) == "nobody"


def test_an_assertion_is_not_used_again_in_an_envelope_of_ones_own(hanbit, client):
    """Signed without naming its request, it fits every one; it is burnt with its first use."""
    request = asked_by(client)
    response = Answer(attributes=MINA, names_request=False).to(request)
    assert post(client, response).status_code == 302
    thief = browser()
    other = asked_by(thief)
    envelope = b64encode(b64decode(response).replace(request.encode(), other.encode())).decode()

    assert post(thief, envelope).status_code == 403
    assert who(thief) == "nobody"


def test_an_answer_without_a_request_is_refused(hanbit, client):
    assert post(client, Answer(attributes=MINA).to("")).status_code == 403
    assert who(client) == "nobody"


def test_a_provider_opens_no_account_of_a_foreign_address(hanbit, client):
    victim = make_person("boss@other.example")

    answer = sign_in(client, Answer(attributes={"mail": "boss@other.example"}))

    assert (answer.status_code, who(client)) == (403, "nobody")
    assert (set(Person.objects.all()), SocialAccount.objects.count()) == ({victim}, 0)


def test_the_metadata_say_where_answers_go(hanbit, client):
    page = client.get("/accounts/saml/hanbit/metadata/")

    assert "http://testserver/accounts/saml/hanbit/acs/" in page.content.decode()
