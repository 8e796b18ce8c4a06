"""Setting up an organisation's own sign-in, and what becomes of those who stay away."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from hypothesis import given
from hypothesis import strategies as st

from dure.audit.models import AuditText
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.people.claims import as_lists, roles_from
from dure.people.metadata import read_metadata
from dure.people.models import IdentityProvider, Organisation, Role
from dure.people.operations import (
    add_domain,
    claim_domain,
    end_lapsed,
    forget,
    map_claims,
    remove_provider,
    set_up_oidc,
    set_up_saml,
    switch_sign_in,
    take_metadata,
)
from dure.people.queries import provider_for
from dure.people.queries.providers import client_secret
from tests.factories import make_member, make_organisation, make_person
from tests.people.providers.saml import ENTITY, SSO, keys_of, metadata

pytestmark = pytest.mark.django_db


def set_up(organisation: Organisation, **changes: str) -> IdentityProvider:
    known = {"issuer": "https://login.hanbit.example", "client_id": "dure", "secret": "between us"}
    return set_up_oidc(organisation, **{**known, **changes})


def test_the_secret_is_kept_encrypted_and_told_to_no_log():
    made = set_up(make_organisation())

    assert client_secret(made) == "between us"
    assert "between us" not in made.secret
    assert not AuditText.objects.filter(after__contains="between us").exists()


def test_an_empty_secret_keeps_the_one_there_is():
    organisation = make_organisation()
    set_up(organisation)

    assert client_secret(set_up(organisation, secret="", client_id="dure-2")) == "between us"


@pytest.mark.parametrize(
    "changes", [{"issuer": "http://plain.example"}, {"issuer": "login"}, {"client_id": " "}, {"secret": ""}]
)
def test_a_connection_without_its_parts_is_refused(changes):
    with pytest.raises(Flawed):
        set_up(make_organisation(), **changes)


def test_metadata_say_everything_that_saml_needs():
    made = take_metadata(make_organisation(), read_metadata(metadata()))

    body = "".join(keys_of("hanbit").certificate.splitlines()[1:-1])
    assert (made.protocol, made.issuer, made.sso_url, made.certificate) == ("saml", ENTITY, SSO, body)


@pytest.mark.parametrize(
    "text", ["", "no xml", "<a/>", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>']
)
def test_what_are_no_metadata_is_refused(text):
    with pytest.raises(Flawed):
        read_metadata(text)


def test_a_certificate_that_cannot_be_read_is_refused():
    with pytest.raises(Flawed):
        set_up_saml(make_organisation(), issuer=ENTITY, sso_url=SSO, certificate="no certificate")


def test_nothing_is_switched_on_before_a_domain_is_confirmed():
    organisation = make_organisation()
    claim_domain(organisation, name="hanbit.example")

    with pytest.raises(Refused) as refused:
        switch_sign_in(set_up(organisation), active=True)

    assert refused.value.code == "provider.domain"


def test_an_address_leads_to_the_organisation_that_has_its_domain():
    organisation = make_organisation()
    add_domain(organisation, name="hanbit.example")
    made = set_up(organisation)
    assert provider_for("mina@hanbit.example") is None  # not switched on yet

    switch_sign_in(made, active=True)

    found = [provider_for(email) for email in ("Mina@Hanbit.example ", "mina@sub.hanbit.example", "mina", "@", "")]
    assert found == [made, None, None, None, None]


def test_links_of_accounts_end_with_the_register_they_point_to():
    organisation, person = make_organisation("hanbit"), make_person()
    for change in (
        lambda: set_up(organisation, issuer="https://other.example"),
        lambda: take_metadata(organisation, read_metadata(metadata())),
        lambda: remove_provider(IdentityProvider.objects.get()),
    ):
        provider = IdentityProvider.objects.filter(organisation=organisation).first() or set_up(organisation)
        SocialAccount.objects.create(user=person, provider=provider.name, uid="u-1")
        change()
        assert SocialAccount.objects.count() == 0


def test_who_is_forgotten_is_linked_to_nothing():
    person = make_person()
    SocialAccount.objects.create(user=person, provider="hanbit", uid="u-1")

    forget(person)

    assert SocialAccount.objects.count() == 0


def test_memberships_of_those_who_stay_away_end_by_themselves():
    organisation = make_organisation("hanbit")
    add_domain(organisation, name="hanbit.example")
    provider = switch_sign_in(map_claims(set_up(organisation), lapses_after=30), active=True)
    present, away, never = (make_member(organisation) for _ in range(3))
    admin = make_member(organisation, away.person, role=Role.ADMIN)
    for uid, member in enumerate((present, away)):
        SocialAccount.objects.create(user=member.person, provider=provider.name, uid=str(uid))
    long_ago = clock.now() - timedelta(days=31)
    SocialAccount.objects.filter(user=away.person).update(last_login=long_ago)

    assert end_lapsed() == 1

    goes_on = organisation.memberships.filter(until=None)
    assert set(goes_on) == {present, never, admin}


WORDS = st.lists(st.sampled_from(["staff", "student", "alumni", "faculty"]), unique=True)


@given(WORDS, WORDS, WORDS)
def test_a_role_is_given_by_its_words_alone(said, members, students):
    provider = IdentityProvider(role_claim="is", member_words=",".join(members), student_words=", ".join(students))

    roles = roles_from(provider, {"is": [word.upper() for word in said]})

    expected = {role for role, words in (("member", members), ("student", students)) if set(said) & set(words)}
    assert roles == (expected or (set() if members else {"member"}))


def test_claims_of_any_shape_are_read_as_words():
    assert as_lists({"a": "x", "b": ["y", 1, {}], "c": None, "d": True, "e": 1.5, "f": {"k": "v"}}) == {
        "a": ["x"], "b": ["y", "1"], "c": [], "d": ["True"], "e": [], "f": ["k"],
    }  # fmt: skip
