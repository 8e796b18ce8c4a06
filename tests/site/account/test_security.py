"""Devices, the second factor, keys for programs."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from dure.audit.models import AuditRow
from dure.people.models import ApiToken
from dure.site.account.devices import device_of
from tests.people.test_signin import code_for
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
PASSWORD = "a long password for tests"
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36"


def _signed_in(person, browser: str) -> Client:
    client = Client(headers={"User-Agent": browser, "Accept-Language": "ko"})
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (PHONE, "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Whale/3.24 Safari/537.36", "Whale · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8.0", "curl/8.0"),
    ],
)
def test_a_browser_is_named_as_people_know_it(written, read) -> None:
    assert device_of(written) == read


def test_other_devices_are_listed_and_signed_out(world, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    world.ada.set_password(PASSWORD)
    world.ada.save()
    phone, here = _signed_in(world.ada, PHONE), _signed_in(world.ada, "Firefox/130 (Windows)")

    listed = text_of(here.get("/me/account/security/"))
    here.post("/me/account/security/others/")

    assert ("Chrome · Android" in listed, "Firefox · Windows" in listed) == (True, True)
    assert (phone.get("/me/").status_code, here.get("/me/").status_code) == (302, 200)
    assert UserSession.objects.filter(user=world.ada).count() == 1
    assert AuditRow.objects.filter(action="person.signed-out").count() == 1


def test_a_tokens_secret_is_shown_once(world) -> None:
    client = client_of(world.ada)

    made = client.post("/me/account/tokens/", {"name": "학습 서버", "lasts": "90"})
    later = text_of(client.get("/me/account/tokens/"))

    token = ApiToken.objects.get(person=world.ada)
    assert (f"dure_{token.prefix}_" in text_of(made), f"dure_{token.prefix}_" in later) == (True, False)
    assert ("학습 서버" in later, made["Cache-Control"]) == (True, "private, no-store")


def test_a_token_is_revoked_by_its_owner_alone(world) -> None:
    client_of(world.ada).post("/me/account/tokens/", {"name": "학습 서버", "lasts": "30"})
    token = ApiToken.objects.get(person=world.ada)

    codes = [client_of(who).post(f"/me/account/tokens/{token.pk}/revoke/").status_code for who in (world.bo, world.ada)]

    token.refresh_from_db()
    assert (codes, token.revoked_at is not None) == ([404, 302], True)


def test_every_page_of_the_second_factor_leads_back_to_it(world, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    world.ada.set_password(PASSWORD)
    world.ada.save()
    browser = _signed_in(world.ada, PHONE)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    before = browser.get("/accounts/2fa/totp/activate/")
    code = code_for(before.context["form"].secret)
    browser.post("/accounts/2fa/totp/activate/", {"code": code})

    after = [browser.get(f"/accounts/2fa/{page}/") for page in ("totp/deactivate", "recovery-codes")]
    again = browser.get("/accounts/2fa/recovery-codes/generate/")

    for page in (before, *after, again):
        assert '<p class="crumbs"><a href="/accounts/2fa/">' in page.content.decode()
