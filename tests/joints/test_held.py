"""Holders hear what becomes of their credentials, with the reason."""

import pytest

from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.models import Kind, Method
from dure.credentials.operations import Content, add_key, become_issuer, define, issue, reinstate, revoke, suspend
from dure.jobs.models import Message
from dure.jobs.worker import drain
from tests.factories import make_admin, make_organisation, make_person

pytestmark = pytest.mark.django_db
NAME = Text(ko="현장 배지", en="Field badge")


def test_issued_on_their_pages_suspended_good_again_and_revoked_by_letter_as_well(settings, tmp_path):
    settings.KEYS = tmp_path
    keys.private.cache_clear()
    host, ada = make_organisation(), make_person(language="en")
    issuer, admin = become_issuer(host, method=Method.WEB), make_admin(host)
    add_key(issuer, public=keys.make())
    badge = define(issuer, code="field", kind=Kind.BADGE, content=Content(NAME, NAME, NAME), by=admin)
    held = issue(badge, to=ada, ground="test", by=admin)
    drain()
    held.refresh_from_db()
    mailed = Message.objects.count()

    for act in (suspend, reinstate, revoke):
        act(held, reason="as we found", by=admin)
        held.refresh_from_db()

    notices = list(ada.notices.filter(kind="credential").order_by("pk").values_list("text_en", "path"))
    assert notices == [
        (text, f"/me/credentials/{held.pk}/")
        for text in (
            "You were issued a credential: Field badge.", "Your credential Field badge is suspended.",
            "Your credential Field badge holds again.", "Your credential Field badge was revoked.",
        )
    ]  # fmt: skip
    letters = list(Message.objects.order_by("pk")[mailed:])
    assert ["as we found" in letter.text for letter in letters] == [True] * 3
