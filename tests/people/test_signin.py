"""The ways in: sign-up, verification, second factor, reset; and what a stranger can learn on them."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from dure.audit.models import AuditRow
from dure.core.events import on
from dure.people.events import PersonRegistered
from dure.people.models import Person
from dure.people.queries import has_second_factor
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
PASSWORD = "a river of 9 stones"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def sign_up(client: Client, email: str = "mina@example.org"):
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD, "name": "김미나"})


def sign_in(client: Client, email: str = "mina@example.org", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def prove_it_again(client: Client) -> None:
    """What changes how one signs in asks for the password once more."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def who(client: Client) -> str:
    return client.get("/").content.decode()


def code_for(secret: str) -> str:
    """The code of this half minute: one before and one behind are taken as well."""
    _, now, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def activate_second_factor(client: Client) -> tuple[str, list[str]]:
    """The seed and the recovery codes of whoever is signed in."""
    prove_it_again(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    return secret, codes


def test_nobody_gets_in_before_the_address_is_verified(client):
    heard = []
    on(PersonRegistered)(heard.append)

    sign_up(client)
    assert who(client) == "nobody"
    sign_in(client)
    assert who(client) == "nobody"

    client.post(link_in(mail.outbox[0]))
    sign_in(client)
    assert who(client) == "mina@example.org"
    assert heard == [PersonRegistered(Person.objects.get(email="mina@example.org", name="김미나").pk)]


def test_addresses_are_one_whatever_their_case(client):
    make_person("mina@example.org", password=PASSWORD)

    sign_in(client, email="Mina@Example.ORG")

    assert who(client) == "mina@example.org"


def test_a_second_factor_is_asked_for_at_the_next_sign_in(client):
    person = make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    secret, _ = activate_second_factor(client)
    assert has_second_factor(person)
    cache.clear()  # the code of this half minute was used up by activating

    again = Client()
    answer = sign_in(again)

    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(again) == "nobody"
    again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert who(again) == "nobody"
    again.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert who(again) == "mina@example.org"


def test_a_code_works_once(client):
    make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    secret, _ = activate_second_factor(client)
    cache.clear()
    code = code_for(secret)
    first, second = Client(), Client()

    for browser in (first, second):
        sign_in(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": code})

    assert [who(first), who(second)] == ["mina@example.org", "nobody"]


def test_a_recovery_code_works_once(client):
    make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    _, codes = activate_second_factor(client)
    first, second = Client(), Client()

    for browser in (first, second):
        sign_in(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert [who(first), who(second)] == ["mina@example.org", "nobody"]


def test_seeds_lie_encrypted(client):
    person = make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    secret, _ = activate_second_factor(client)

    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)

    cache.clear()
    assert secret not in str(stored.data)
    assert TOTP(stored).validate_code(code_for(secret))


def test_seeds_outlive_a_changed_key(client, settings):
    make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    secret, _ = activate_second_factor(client)
    cache.clear()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether"
    again = Client()

    sign_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})

    assert who(again) == "mina@example.org"


def test_a_forgotten_password_is_replaced_through_the_mailbox(client):
    make_person("mina@example.org", password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": "mina@example.org"})
    form = client.get(link_in(mail.outbox[0]), follow=True).request["PATH_INFO"]

    client.post(form, {"password1": "another river of 9", "password2": "another river of 9"})

    assert sign_in(client).status_code == 200
    sign_in(client, password="another river of 9")
    assert who(client) == "mina@example.org"


def test_changing_the_password_ends_other_sessions_and_says_so_by_mail(client):
    make_person("mina@example.org", password=PASSWORD)
    other = Client()
    sign_in(client)
    sign_in(other)

    new = "another river of 9"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert [who(client), who(other)] == ["mina@example.org", "nobody"]
    assert [message.to for message in mail.outbox] == [["mina@example.org"]]


def test_an_address_changes_once_the_new_one_is_verified(client):
    person = make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    prove_it_again(client)

    client.post("/accounts/email/", {"action_add": "", "email": "kim@example.org"})
    person.refresh_from_db()
    assert person.email == "mina@example.org"

    to_new = next(message for message in mail.outbox if message.to == ["kim@example.org"])
    client.post(link_in(to_new))
    person.refresh_from_db()
    assert person.email == "kim@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("kim@example.org", True, True)]


def without_tokens(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())


def test_a_wrong_password_does_not_tell_whether_the_address_exists(client):
    make_person("mina@example.org", password=PASSWORD)

    known = sign_in(client, password="wrong password 1")
    unknown = sign_in(client, email="nobody@example.org", password="wrong password 1")

    assert known.status_code == unknown.status_code == 200
    known_page, unknown_page = without_tokens(known.content), without_tokens(unknown.content)
    assert known_page == unknown_page.replace("nobody@example.org", "mina@example.org")


def test_reset_and_sign_up_do_not_tell_whether_the_address_exists(client):
    make_person("mina@example.org", password=PASSWORD)

    resets = [client.post("/accounts/password/reset/", {"email": e}) for e in ("mina@example.org", "no@example.org")]
    ups = [sign_up(Client(), email=e) for e in ("mina@example.org", "new@example.org")]

    assert len({(r.status_code, r.headers["Location"]) for r in resets}) == 1
    assert len({(r.status_code, r.headers["Location"]) for r in ups}) == 1
    assert sorted(message.to[0] for message in mail.outbox) == [
        "mina@example.org",
        "mina@example.org",
        "new@example.org",
    ]


def test_guessing_is_slowed_down(client):
    make_person("mina@example.org", password=PASSWORD)
    for number in range(5):
        sign_in(client, password=f"wrong password {number}")

    sign_in(client)

    assert who(client) == "nobody"


@pytest.mark.parametrize("password", ["short1", "password123", "12345678901234", "mina@example.org"])
def test_weak_passwords_are_refused(client, password):
    client.post("/accounts/signup/", {"email": "mina@example.org", "password1": password, "name": "김미나"})

    assert not Person.objects.filter(email="mina@example.org").exists()


def test_an_account_without_password_comes_in_through_the_mailbox(client):
    make_person("mina@example.org", password=None)
    client.post("/accounts/password/reset/", {"email": "mina@example.org"})
    form = client.get(link_in(mail.outbox[0]), follow=True).request["PATH_INFO"]

    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    sign_in(client)

    assert who(client) == "mina@example.org"


@pytest.mark.django_db(transaction=True)
def test_what_changes_the_way_in_is_logged(client):
    person = make_person("mina@example.org", password=PASSWORD)
    sign_in(client)
    activate_second_factor(client)
    client.post("/accounts/2fa/totp/deactivate/")
    client.post("/accounts/email/", {"action_add": "", "email": "kim@example.org"})
    client.post(link_in(next(message for message in mail.outbox if message.to == ["kim@example.org"])))
    new = "another river of 9"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    logged = AuditRow.objects.filter(actor=f"people.person:{person.pk}").order_by("pk")

    assert list(logged.values_list("action", flat=True)) == [
        "person.registered",
        "person.second-factor-added",
        "person.second-factor-added",
        "person.second-factor-removed",
        "person.second-factor-removed",
        "person.email-changed",
        "person.password-changed",
    ]


@pytest.mark.parametrize(("language", "greeting"), [("ko", "안녕하세요."), ("en", "Hello,")])
def test_mails_speak_the_language_of_the_page(client, language, greeting):
    make_person("mina@example.org")
    headers = {"accept-language": language}

    client.post("/accounts/password/reset/", {"email": "mina@example.org"}, headers=headers)
    for email in ("mina@example.org", "new@example.org"):
        known = {"email": email, "password1": PASSWORD, "name": "Mina"}
        client.post("/accounts/signup/", known, headers=headers)

    assert [message.body.splitlines()[0] for message in mail.outbox] == [greeting] * 3
