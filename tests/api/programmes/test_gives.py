"""Binding a programme's credential to what an organisation awards."""

import pytest

from dure.core.text import Text
from dure.credentials.models import Kind, Method
from dure.credentials.operations import Content, become_issuer, define
from dure.people.models import Role
from tests.api.conftest import Caller
from tests.factories import make_member, make_organisation, make_person
from tests.programmes.build import exam, live

pytestmark = pytest.mark.django_db
SAID = Text(ko="배지", en="Badge")


def test_who_operates_and_looks_after_the_issuer_binds_and_nobody_else():
    found = live(exam(more=", gives: [{credential: {name: Badge, type: badge}}]"))
    issuer = become_issuer(make_organisation(), method=Method.WEB)
    badge = define(issuer, code="badge", kind=Kind.BADGE, content=Content(SAID, SAID, SAID), by=None)
    path = f"/programmes/{found.programme.slug}/credentials"
    asked = {"name": "Badge", "achievement": str(badge.pk)}

    refused = Caller(found.operator).post(path, asked, 404)["code"]
    make_member(issuer.organisation, found.operator, role=Role.ADMIN)
    bound = Caller(found.operator).post(path, asked, 201)

    assert refused == "achievement.missing"
    assert bound == {"programme": found.programme.slug, "name": "Badge", "level": "", "achievement": str(badge.pk)}
    Caller(make_person()).post(path, asked, 403)
