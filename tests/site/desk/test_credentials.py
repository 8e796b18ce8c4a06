"""The desk's page of credentials: what the programme gives, and binding it to what an organisation awards."""

import pytest

from dure.core.text import Text
from dure.credentials.models import Kind, Method
from dure.credentials.operations import Content, become_issuer, define
from dure.people.models import Role
from tests.factories import make_member, make_organisation
from tests.programmes.build import exam, live

pytestmark = pytest.mark.django_db
BADGE = ", gives: [{credential: {name: Badge, type: badge}}]"
SAID = Text(ko="제조 배지", en="Making badge")


@pytest.fixture
def running(client):
    found = live(exam(more=BADGE))
    client.force_login(found.operator)
    return found


def awarded(kind=Kind.BADGE):
    issuer = become_issuer(make_organisation(), method=Method.WEB)
    return define(issuer, code=kind, kind=kind, content=Content(SAID, SAID, SAID), by=None)


def page(client, found):
    return client.get(f"/desk/{found.programme.slug}/credentials/", headers={"accept-language": "en"})


def test_without_an_issuer_to_look_after_the_page_says_what_to_do(client, running):
    awarded()

    assert "Ask its administrator to bind it" in page(client, running).content.decode()


def test_an_achievement_of_the_same_kind_is_bound(client, running):
    badge, title = awarded(), awarded(Kind.TITLE)
    for achievement in (badge, title):
        make_member(achievement.issuer.organisation, running.operator, role=Role.ADMIN)
    offered = page(client, running).content.decode()

    sent = client.post(
        f"/desk/{running.programme.slug}/credentials/", {"name": "Badge", "achievement": badge.pk, "level": ""}
    )

    assert (str(badge.pk) in offered, str(title.pk) in offered) == (True, False)
    assert sent.status_code == 302
    assert "Making badge" in page(client, running).content.decode()
    assert running.programme.credentials.get().achievement == badge


def test_somebody_elses_achievement_is_not_found(client, running):
    sent = client.post(f"/desk/{running.programme.slug}/credentials/", {"name": "Badge", "achievement": awarded().pk})

    assert (sent.status_code, running.programme.credentials.count()) == (404, 0)
