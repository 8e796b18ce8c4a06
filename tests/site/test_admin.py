"""The admin shows every row to operators and changes none, whoever asks and however."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import RequestFactory
from django.urls import reverse

from dure.people.operations import issue_token
from dure.site.admin import LEFT_OUT, SECRET, site
from tests.site.conftest import client_of
from tests.site.world import World

MODELS = sorted(site._registry, key=lambda model: model._meta.label)


def test_every_table_is_there_but_those_that_open_a_door():
    assert set(MODELS) == set(apps.get_models()) - LEFT_OUT


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_row_can_be_added_changed_or_deleted(world, model):
    request = RequestFactory().get("/admin/")
    request.user = world.operator
    table = site._registry[model]
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    client = client_of(world.operator)

    assert table.has_view_permission(request)
    assert not any([
        table.has_add_permission(request), table.has_change_permission(request), table.has_delete_permission(request),
        table.get_actions(request),
    ])  # fmt: skip
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
    assert client.post(reverse(f"admin:{name}_add"), {}).status_code == 403
    row = model._base_manager.first()
    if row is not None:
        assert client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
        assert client.post(reverse(f"admin:{name}_change", args=[row.pk]), {"_save": "1"}).status_code == 403
        assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_secrets_are_shown_nowhere(world):
    token = issue_token(world.ada, name="mine").row
    page = client_of(world.operator).get(f"/admin/people/apitoken/{token.pk}/change/").content.decode()
    account = client_of(world.operator).get(f"/admin/people/person/{world.ada.pk}/change/").content.decode()

    assert token.name in page
    assert token.sha256 not in page
    assert world.ada.password not in account
    shown = {field for model in MODELS for field in site._registry[model].get_fields(None)}
    assert not shown & SECRET


def test_strangers_are_told_that_there_is_nothing(world: World):
    assert client_of(None).get("/admin/").status_code == 302
    assert client_of(world.clerk).get("/admin/").status_code == 404
    assert client_of(world.clerk).get("/admin/people/person/").status_code == 404


def test_operators_need_their_second_factor_here_too(world, settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    client = client_of(world.operator)

    refused = client.get("/admin/people/person/").status_code
    Authenticator.objects.create(user=world.operator, type=Authenticator.Type.TOTP, data={})

    assert (refused, client.get("/admin/people/person/").status_code) == (403, 200)


def test_the_policy_is_wider_here_and_nowhere_else(world):
    client = client_of(world.operator)

    admin, page = (client.get(path)["Content-Security-Policy"] for path in ("/admin/", "/operator/"))

    assert "'unsafe-eval'" in admin
    assert "unsafe" not in page
    assert "script-src 'self' 'unsafe-eval'" in admin


def test_signing_in_and_out_and_passwords_are_the_sites_own(world):
    client = client_of(world.operator)

    assert client.get("/admin/login/").url == "/accounts/login/"
    assert client.get("/admin/logout/").url == "/accounts/logout/"
    assert client.get("/admin/password_change/").url == "/accounts/password/change/"
