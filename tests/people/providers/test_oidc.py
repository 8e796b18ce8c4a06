"""Signing in with an organisation's accounts by OpenID Connect, against a provider that really runs."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from dure.audit.models import AuditRow
from dure.people.models import IdentityProvider, Membership, Person, Role
from dure.people.operations import (
    add_domain,
    change_person,
    claim_domain,
    issue_token,
    map_claims,
    remove_domain,
    set_up_oidc,
    switch_sign_in,
)
from tests.factories import make_member, make_operator, make_organisation, make_person
from tests.people.providers.oidc import HOST, Provider, running
from tests.people.test_signin import PASSWORD, activate_second_factor, code_for, who

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.people.urls"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the provider, which runs beside the tests
]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as started:
        yield started


@pytest.fixture
def hanbit(settings, provider) -> IdentityProvider:
    """Hanbit's sign-in is on; ``hanbit.example`` is its own."""
    settings.PRIVATE_HOSTS = [HOST]
    cache.clear()
    provider.asked.clear()
    organisation = make_organisation("hanbit", name_ko="한빛전자", name_en="Hanbit")
    add_domain(organisation, name="hanbit.example")
    made = set_up_oidc(organisation, issuer=provider.issuer, client_id="dure", secret="between us")
    return switch_sign_in(made, active=True)


def roles_of(person: Person) -> set[tuple[str, str, bool]]:
    rows = Membership.objects.filter(person=person)
    return {(row.role, row.department, row.until is None) for row in rows}


def test_the_first_sign_in_makes_the_account_and_the_membership(hanbit, provider, client):
    provider.knows("u-1", email="Mina@Hanbit.example", name="김미나", team="연구소")
    map_claims(hanbit, department_claim="team")

    answer = provider.sign_in(client, "hanbit", "u-1", next_page="/programmes/")

    person = Person.objects.get(email="mina@hanbit.example")
    assert (answer.status_code, answer["Location"], who(client)) == (302, "/programmes/", person.email)
    assert (person.name, person.has_usable_password(), roles_of(person)) == (
        "김미나",
        False,
        {("member", "연구소", True)},
    )
    assert EmailAddress.objects.filter(user=person, verified=True, primary=True).exists()


def test_code_state_nonce_and_proof_key_travel_as_they_should(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example")

    provider.sign_in(client, "hanbit", "u-1")

    (_, asked), (_, exchanged) = provider.asked
    challenge = urlsafe_b64encode(sha256(exchanged["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert (asked["response_type"], asked["code_challenge_method"], asked["code_challenge"]) == (
        "code",
        "S256",
        challenge,
    )
    assert min(len(asked["state"]), len(asked["nonce"])) >= 16
    assert {"openid", "email"} <= set(asked["scope"].split())
    assert exchanged["redirect_uri"] == asked["redirect_uri"]


def test_an_answer_nobody_asked_for_is_refused(hanbit, provider, client):
    """Somebody else's sign-in, sent to this browser as a link."""
    provider.knows("u-1", email="mina@hanbit.example")
    stranger = Client()
    there = stranger.get("/accounts/oidc/hanbit/login/")
    back = urlsplit(provider.approve(there["Location"], "u-1"))

    answer = client.get(f"{back.path}?{back.query}")

    assert (answer.status_code, who(client), Person.objects.count()) == (403, "nobody", 0)


def test_an_answer_is_good_once(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example")
    there = client.get("/accounts/oidc/hanbit/login/")
    back = urlsplit(provider.approve(there["Location"], "u-1"))
    client.get(f"{back.path}?{back.query}")
    client.post("/accounts/logout/")

    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert who(client) == "nobody"


def test_an_identity_made_for_another_request_is_refused(hanbit, provider, client):
    """The nonce of the session is not the one in the token."""
    provider.knows("u-1", email="mina@hanbit.example")
    there = client.get("/accounts/oidc/hanbit/login/")["Location"]
    changed = there.replace(parse_qs(urlsplit(there).query)["nonce"][0], "another-nonce")
    back = urlsplit(provider.approve(changed, "u-1"))

    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert (who(client), Person.objects.count()) == ("nobody", 0)


@pytest.mark.parametrize(
    "email", ["boss@other.example", "boss@sub.hanbit.example", "boss@hanbit.example.evil", "", "x"]
)
def test_a_provider_opens_no_account_of_a_foreign_address(hanbit, provider, client, email):
    victim = make_person("boss@other.example")
    provider.knows("u-9", email=email, email_verified=True)

    answer = provider.sign_in(client, "hanbit", "u-9")

    assert (answer.status_code, who(client)) == (403, "nobody")
    assert (set(Person.objects.all()), SocialAccount.objects.count()) == ({victim}, 0)


def test_a_claimed_domain_that_was_not_shown_opens_nothing(hanbit, provider, client):
    victim = make_person("boss@other.example")
    claim_domain(hanbit.organisation, name="other.example")
    provider.knows("u-9", email="boss@other.example", email_verified=True)

    assert provider.sign_in(client, "hanbit", "u-9").status_code == 403
    assert (who(client), SocialAccount.objects.filter(user=victim).count()) == ("nobody", 0)


def test_an_address_that_the_provider_has_not_verified_is_refused(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example", email_verified=False)

    assert provider.sign_in(client, "hanbit", "u-1").status_code == 403


def test_an_account_with_the_address_is_opened(hanbit, provider, client):
    mina = make_person("mina@hanbit.example", password=PASSWORD)
    provider.knows("u-1", email="mina@hanbit.example")

    provider.sign_in(client, "hanbit", "u-1")

    mina.refresh_from_db()
    assert (who(client), mina.has_usable_password()) == ("mina@hanbit.example", True)


def test_what_somebody_else_prepared_on_the_address_is_closed(hanbit, provider, client):
    """They signed up with it, never showed that it is theirs, and kept a password and a key."""
    prepared = make_person("mina@hanbit.example", password=PASSWORD, verified=False)
    key = issue_token(prepared, name="for later").row
    provider.knows("u-1", email="mina@hanbit.example")

    provider.sign_in(client, "hanbit", "u-1")

    prepared.refresh_from_db()
    key.refresh_from_db()
    assert who(client) == "mina@hanbit.example"
    assert (prepared.has_usable_password(), key.revoked_at is not None) == (False, True)


def test_who_took_their_address_along_is_no_longer_the_organisations_to_open(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example")
    provider.sign_in(client, "hanbit", "u-1")
    client.post("/accounts/logout/")
    mina = Person.objects.get()
    Person.objects.update(email="mina@home.example")
    EmailAddress.objects.filter(user=mina).update(email="mina@home.example")

    assert provider.sign_in(client, "hanbit", "u-1").status_code == 403
    assert who(client) == "nobody"


def test_a_domain_that_was_taken_away_opens_nothing_any_more(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example")
    provider.sign_in(client, "hanbit", "u-1")
    client.post("/accounts/logout/")
    remove_domain(hanbit.organisation.domains.get())

    assert provider.sign_in(client, "hanbit", "u-1").status_code == 403


def test_nobody_links_an_account_of_their_own_choice(hanbit, provider, client):
    client.force_login(make_person("mina@home.example"))
    provider.knows("u-1", email="mina@hanbit.example")

    there = client.get("/accounts/oidc/hanbit/login/", {"process": "connect"})
    back = urlsplit(provider.approve(there["Location"], "u-1"))

    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert SocialAccount.objects.count() == 0


def test_claims_begin_change_and_end_memberships(hanbit, provider, client):
    map_claims(
        hanbit, role_claim="groups", member_words="staff", student_words="student, 대학원", department_claim="unit"
    )
    steps = []
    for claims in (
        {"groups": ["student"], "unit": "AI"},
        {"groups": ["Staff", "대학원"], "unit": "AI"},
        {"groups": ["staff"], "unit": "Robotics"},
    ):
        provider.knows("u-1", email="mina@hanbit.example", **claims)
        provider.sign_in(client, "hanbit", "u-1")
        steps.append({each for each in roles_of(Person.objects.get()) if each[2]})

    assert steps == [
        {("student", "AI", True)},
        {("student", "AI", True), ("member", "AI", True)},
        {("member", "Robotics", True)},
    ]
    told = AuditRow.objects.filter(action__startswith="membership.").values_list("action", "actor")
    organisation = f"people.organisation:{hanbit.organisation_id}"
    assert set(told) == {("membership.began", organisation), ("membership.ended", organisation)}


def test_who_has_left_the_organisation_comes_in_no_more(hanbit, provider, client):
    map_claims(hanbit, role_claim="groups", member_words="staff")
    provider.knows("u-1", email="mina@hanbit.example", groups=["staff"])
    provider.sign_in(client, "hanbit", "u-1")
    client.post("/accounts/logout/")
    provider.knows("u-1", email="mina@hanbit.example", groups=["alumni"])

    answer = provider.sign_in(client, "hanbit", "u-1")

    assert (answer.status_code, who(client)) == (403, "nobody")
    assert {each[2] for each in roles_of(Person.objects.get())} == {False}


def test_a_provider_makes_no_administrators_and_ends_none(hanbit, provider, client):
    admin = make_member(hanbit.organisation, make_person("mina@hanbit.example"), role=Role.ADMIN).person
    map_claims(hanbit, role_claim="groups", member_words="admin")
    provider.knows("u-1", email="mina@hanbit.example", groups=["admin"])

    provider.sign_in(client, "hanbit", "u-1")

    assert roles_of(admin) == {("admin", "", True), ("member", "", True)}


def test_an_operator_is_asked_for_the_second_factor(hanbit, provider, client):
    make_operator(email="ops@hanbit.example", password=PASSWORD)
    provider.knows("u-1", email="ops@hanbit.example")
    assert provider.sign_in(client, "hanbit", "u-1").status_code == 403  # none yet: not this way

    client.post("/accounts/login/", {"login": "ops@hanbit.example", "password": PASSWORD})
    secret, _ = activate_second_factor(client)
    client.post("/accounts/logout/")
    cache.clear()
    provider.sign_in(client, "hanbit", "u-1")
    assert who(client) == "nobody"
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})

    assert who(client) == "ops@hanbit.example"


def test_what_was_said_is_not_kept_beside_what_it_became(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example", salary="secret")

    provider.sign_in(client, "hanbit", "u-1")

    assert SocialAccount.objects.values_list("provider", "uid", "extra_data").get() == ("hanbit", "u-1", {})


def test_a_provider_in_ones_own_network_is_not_called_unless_it_is_named(hanbit, client, settings):
    settings.PRIVATE_HOSTS = []

    assert client.get("/accounts/oidc/hanbit/login/").status_code == 503


def test_a_provider_that_is_off_is_not_there(hanbit, client):
    switch_sign_in(hanbit, active=False)

    assert client.get("/accounts/oidc/hanbit/login/").status_code == 404


def test_one_who_changes_their_mind_is_told_how_to_go_on(hanbit, client):
    there = client.get("/accounts/oidc/hanbit/login/")["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]

    answer = client.get("/accounts/oidc/hanbit/login/callback/", {"state": state, "error": "access_denied"})

    assert (answer.status_code, "취소" in answer.content.decode()) == (403, True)


def test_a_changed_name_stays_the_persons_own(hanbit, provider, client):
    provider.knows("u-1", email="mina@hanbit.example", name="Kim Mina")
    provider.sign_in(client, "hanbit", "u-1")
    change_person(Person.objects.get(), name="김미나")

    provider.sign_in(client, "hanbit", "u-1")

    assert Person.objects.get().name == "김미나"
