"""Degrees between rooms: what is awarded is issued, or not awarded; what its issuer takes back is held no more."""

import json
import zipfile

import pytest

from dure.core.errors import Refused
from dure.credentials.keys import make as make_key
from dure.credentials.models import Credential, Issuer, Kind, Method
from dure.credentials.operations import add_key, become_issuer, decline, define
from dure.jobs.worker import drain
from dure.learning.models import Candidacy
from dure.learning.operations.degrees import award, propose_awards, write_transcript
from dure.people.operations import ask_for_export
from tests.credentials.conftest import CONTENT
from tests.factories import make_organisation, make_person
from tests.learning.degrees.factories import REQUIREMENT, make_degree, make_member, make_ready, make_registrar

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer(settings, tmp_path) -> Issuer:
    settings.KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path
    made = become_issuer(make_organisation(), method=Method.WEB)
    add_key(made, public=make_key())
    return made


def proposed(issuer: Issuer, requirement: str = "award: joint\n") -> Candidacy:
    degree = make_degree(REQUIREMENT + requirement, organisation=issuer.organisation)
    candidacy = make_ready(degree)
    propose_awards(degree, candidacies=[candidacy.pk], by=make_registrar(degree))
    return candidacy


def awarded(candidacy: Candidacy) -> Candidacy:
    award(candidacy.degree, candidacies=[candidacy.pk], by=make_member(candidacy.degree))
    candidacy.refresh_from_db()
    return candidacy


def test_degree_whose_credential_its_issuer_declines_is_taken_back(issuer):
    define(issuer, code="joint", kind=Kind.DEGREE, content=CONTENT, by=None, signed_off=True)
    candidacy = awarded(proposed(issuer))

    decline(Credential.objects.get(), reason="이름이 다릅니다.", by=make_person())

    candidacy.refresh_from_db()
    assert (candidacy.state, candidacy.reason) == ("revoked", "이름이 다릅니다.")


def test_what_cannot_be_issued_is_not_awarded(issuer):
    candidacy = proposed(issuer)

    with pytest.raises(Refused) as told:
        awarded(candidacy)

    candidacy.refresh_from_db()
    assert (told.value.code, candidacy.state) == ("award.achievement", "proposed")


def test_degree_without_an_achievement_is_awarded_and_nothing_is_issued(issuer):
    assert awarded(proposed(issuer, "")).state == "awarded"
    assert not Credential.objects.exists()


def test_candidate_takes_records_and_transcripts_along(issuer):
    candidacy = make_ready()
    write_transcript(candidacy, by=candidacy.person)
    export = ask_for_export(candidacy.person)
    drain()

    export.refresh_from_db()
    with zipfile.ZipFile(export.file) as archive:
        told = json.loads(archive.read("degrees.json"))

    assert [(len(one["records"]), len(one["transcripts"])) for one in told] == [(3, 1)]
