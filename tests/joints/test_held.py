"""Holders hear what becomes of their credentials, with the reason."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.moments import day_text
from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.models import Kind, Method
from dure.credentials.operations import (
    Content,
    add_key,
    become_issuer,
    define,
    issue,
    reinstate,
    retire,
    revoke,
    suspend,
    warn_of_ends,
)
from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.people.days import day_of
from tests.factories import make_admin, make_organisation, make_person

pytestmark = pytest.mark.django_db
NAME = Text(ko="현장 배지", en="Field badge")


@pytest.fixture
def held(settings, tmp_path):
    """Ada's badge, which her issuer looks after."""
    settings.KEYS = tmp_path
    keys.private.cache_clear()
    host, ada = make_organisation(), make_person(language="en")
    issuer, admin = become_issuer(host, method=Method.WEB), make_admin(host)
    add_key(issuer, public=keys.make())
    badge = define(issuer, code="field", kind=Kind.BADGE, content=Content(NAME, NAME, NAME, valid_months=12), by=admin)
    held = issue(badge, to=ada, ground="test", by=admin)
    drain()
    held.refresh_from_db()
    return held


def test_an_end_is_told_with_the_way_to_renew_it_or_that_there_is_none(held):
    letters = []
    for days, retired in ((59, False), (13, True)):
        if retired:
            retire(held.achievement, by=held.approved_by)
        with clock.at(held.valid_until - timedelta(days=days)):
            warn_of_ends()
        letters.append(Message.objects.latest("pk").text)

    day = day_text(day_of(held.valid_until)).en
    renewable, ends = letters
    assert "Ask for its renewal" in renewable
    assert f"/me/credentials/{held.pk}/" in renewable
    assert "cannot be renewed" in ends
    assert held.person.notices.latest("pk").text_en == f"Your credential Field badge ends on {day}."


def test_issued_on_their_pages_suspended_good_again_and_revoked_by_letter_as_well(held):
    ada, admin = held.person, held.approved_by
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
