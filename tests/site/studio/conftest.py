"""Somebody who may make programmes, with a draft of a blueprint of the library."""

import pytest

from dure.people.models import Person, Role
from dure.programmes.models import Draft
from dure.programmes.operations.drafting import begin, version_in_force
from dure.site.studio.shelf import source_of
from tests.factories import make_member, make_organisation
from tests.site.conftest import client_of

RUSH = source_of("naver-ai-rush")


@pytest.fixture
def naver(db):
    return make_organisation("naver", name_ko="네이버", name_en="NAVER")


@pytest.fixture
def maker(naver) -> Person:
    return make_member(naver, role=Role.ADMIN).person


@pytest.fixture
def draft(maker) -> Draft:
    return begin(RUSH, by=maker)


@pytest.fixture
def client(maker):
    return client_of(maker, "en")


def text_of(draft: Draft) -> str:
    return version_in_force(Draft.objects.get(pk=draft.pk)).text
