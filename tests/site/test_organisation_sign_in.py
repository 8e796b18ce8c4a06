"""Where an address leads at sign-in, and the pages on which an organisation sets its sign-in up."""

import pytest

from dure.people.models import Domain, IdentityProvider, Role
from dure.people.operations import add_domain, set_up_oidc, switch_sign_in
from tests.factories import make_member, make_operator, make_organisation, make_person
from tests.people.providers.saml import ENTITY, metadata
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
OWN = "/organisations/hanbit/sign-in/"
PASSWORD = "a river of 9 stones"
CONNECTION = {"issuer": "https://login.hanbit.example", "client_id": "dure", "secret": "between us"}


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def hanbit():
    return make_organisation("hanbit", name_ko="한빛전자", name_en="Hanbit")


@pytest.fixture
def admin(hanbit):
    return make_member(hanbit, make_person("admin@hanbit.example", password=PASSWORD), role=Role.ADMIN).person


@pytest.fixture
def provider(hanbit) -> IdentityProvider:
    add_domain(hanbit, name="hanbit.example")
    return switch_sign_in(set_up_oidc(hanbit, **CONNECTION), active=True)


def sign_in(email: str, password: str = ""):
    return client_of(None).post("/accounts/login/", {"login": email, "password": password, "next": "/me/"})


def test_an_address_of_the_organisation_is_led_there(provider):
    assert sign_in("mina@hanbit.example")["Location"] == "/sign-in/hanbit/?next=%2Fme%2F"
    page = client_of(None).get("/sign-in/hanbit/", {"next": "/me/"}).content.decode()
    assert '"/accounts/oidc/hanbit/login/?next=%2Fme%2F"' in page


def test_other_addresses_are_asked_for_their_password(provider):
    answer = sign_in("mina@home.example")

    assert (answer.status_code, bool(answer.context["form"].errors["password"])) == (200, True)


def test_a_password_still_works_where_it_is_not_ruled_out(provider):
    make_person("mina@hanbit.example", password=PASSWORD)

    assert sign_in("mina@hanbit.example", PASSWORD)["Location"] == "/me/"


def test_where_it_is_required_a_password_opens_nothing_but_for_administrators(provider, admin):
    switch_sign_in(provider, active=True, required=True)
    make_person("mina@hanbit.example", password=PASSWORD)

    assert sign_in("mina@hanbit.example", PASSWORD)["Location"].startswith("/sign-in/hanbit/")
    assert sign_in("admin@hanbit.example", PASSWORD)["Location"] == "/me/"


def test_the_page_says_it_while_one_types(provider):
    client = client_of(None)

    known, unknown = (client.get("/sign-in/hint/", {"login": f"mina@{d}.example"}) for d in ("hanbit", "home"))

    assert ("한빛전자" in text_of(known), text_of(unknown).strip()) == (True, "")


def test_an_administrator_sets_it_up_from_domain_to_switch(hanbit, admin):
    client, operator = client_of(admin), client_of(make_operator())
    client.post(f"{OWN}domains/", {"name": "hanbit.example"})
    domain = Domain.objects.get()
    assert f"dure-verification={domain.token}" in text_of(client.get(OWN))

    assert client.post(f"{OWN}domains/{domain.pk}/confirm/").status_code == 404  # an operator's to say
    operator.post(f"{OWN}domains/{domain.pk}/confirm/")
    client.post(f"{OWN}oidc/", CONNECTION)
    client.post(f"{OWN}claims/", {"role_claim": "groups", "member_words": "staff", "lapses_after": "90"})
    client.post(f"{OWN}switch/", {"to": "required"})

    made = IdentityProvider.objects.get()
    assert (made.active, made.required, made.role_claim, made.lapses_after) == (True, True, "groups", 90)
    assert made.ends_memberships is False  # the box was not ticked
    assert "between us" not in client.get(OWN).content.decode()


def test_saml_is_set_up_from_metadata(hanbit, admin):
    client = client_of(admin)

    client.post(f"{OWN}saml/", {"metadata": metadata()})

    assert IdentityProvider.objects.values_list("protocol", "issuer").get() == ("saml", ENTITY)
    assert "/accounts/saml/hanbit/acs/" in text_of(client.get(OWN))


@pytest.mark.parametrize(
    ("by", "sent"),
    [("oidc", {"issuer": "x"}), ("oidc", {**CONNECTION, "issuer": "http://a.b"}), ("saml", {"metadata": "<a/>"})],
)
def test_what_is_wrong_is_said_at_the_form(hanbit, admin, by, sent):
    answer = client_of(admin).post(f"{OWN}{by}/", sent)

    assert (answer.status_code, bool(answer.context[by].errors)) == (200, True)
    assert IdentityProvider.objects.count() == 0


def test_it_is_removed_with_its_links(provider, admin):
    client_of(admin).post(f"{OWN}switch/", {"to": "remove"})

    assert IdentityProvider.objects.count() == 0


def test_others_are_not_told_how_an_organisation_signs_in(provider):
    domain = Domain.objects.get()
    member = make_member(provider.organisation).person
    addresses = (
        OWN,
        f"{OWN}oidc/",
        f"{OWN}claims/",
        f"{OWN}switch/",
        f"{OWN}domains/",
        f"{OWN}domains/{domain.pk}/remove/",
    )
    for person in (make_person(), member):
        client = client_of(person)
        answers = {a: (client.get(a) if a == OWN else client.post(a, CONNECTION)).status_code for a in addresses}
        assert answers == dict.fromkeys(addresses, 404)
    assert Domain.objects.filter(pk=domain.pk).exists()


def test_pages_of_the_library_that_are_of_no_use_lead_to_the_account(client):
    for path in ("/accounts/3rdparty/", "/accounts/3rdparty/signup/", "/accounts/social/connections/"):
        assert client.get(path)["Location"] == "/me/account/"
