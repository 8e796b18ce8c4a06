"""Other people's verifier (npm ``@digitalbazaar/vc`` and ``jose``) accepts all that is issued, and nothing changed."""

import json
import shutil
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3.contexts import bundled_contexts

from dure.credentials import keys
from dure.credentials.addresses import PURPOSES, status_list
from dure.credentials.dids import did_document
from dure.credentials.models import Kind, Method, StatusList
from dure.credentials.operations import (
    add_key,
    become_issuer,
    define,
    issue,
    reinstate,
    revoke,
    rotate_key,
    suspend,
)
from dure.jobs.worker import drain
from dure.learning.operations.degrees import write_transcript
from dure.skills.operations import record
from tests.credentials.conftest import CONTENT, work_off
from tests.credentials.mutations import mutations, omissions
from tests.factories import make_organisation
from tests.learning.degrees.factories import make_degree, make_ready
from tests.learning.factories import make_skill

VERIFIER = Path(__file__).resolve().parents[2] / "tools" / "verifier"
pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (VERIFIER / "node_modules").is_dir()),
    reason="the npm verifier is not installed: npm ci --prefix tools/verifier",
)


def verdicts(cases):
    """What the verifier says of each case: True, or why not."""
    issuers = {listed.issuer for listed in StatusList.objects.select_related("issuer__organisation")}
    documents = {issuer.did: did_document(issuer) for issuer in issuers if issuer.did}
    for listed in StatusList.objects.select_related("issuer__organisation"):
        for purpose in PURPOSES:
            url = status_list(listed.issuer.organisation.short, listed.pk, purpose)
            documents[url] = json.loads(getattr(listed, purpose))
    asked = {"contexts": bundled_contexts(), "documents": documents, "cases": cases}
    done = subprocess.run(
        ["node", "verify.mjs"], cwd=VERIFIER, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return [told["verified"] or told["why"] for told in json.loads(done.stdout)]


def given(made):
    made.refresh_from_db()
    return [{"document": json.loads(made.document)}, {"token": made.token}]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_accepted(kind, issuer, learner, registrar):
    achievement = define(issuer, code="one", kind=kind, content=CONTENT, by=registrar)
    evidence = record("round", {"score": 0.91}, persons=[learner], via="round", by=None)
    made = issue(achievement, to=learner, ground="a", because=[evidence], by=registrar)
    work_off()

    assert verdicts(given(made)) == [True, True]


@pytest.mark.parametrize("method", [Method.HOST, Method.KEY])
def test_every_name_of_an_issuer_is_accepted(method, learner, registrar, db):
    issuer = become_issuer(make_organisation("other"), method=method)
    add_key(issuer, public=keys.make())
    made = issue(define(issuer, code="one", kind=Kind.BADGE, content=CONTENT, by=None), to=learner, ground="a")
    work_off()

    assert verdicts(given(made)) == [True, True]


@pytest.fixture
def full(issuer, learner, registrar):
    """One that has every field that a credential can have."""
    aligned = replace(CONTENT, skills={make_skill("mlops"): 3})
    achievement = define(issuer, code="full", kind=Kind.CERTIFICATE, content=aligned, by=registrar)
    evidence = record("round", {"score": 0.91}, persons=[learner], via="round", by=None)
    made = issue(achievement, to=learner, ground="full", because=[evidence], by=registrar)
    work_off()
    made.refresh_from_db()
    return made


def test_nothing_that_was_changed_or_left_out_is_accepted(full):
    document = json.loads(full.document)
    assert set(document) >= {"evidence", "validUntil", "credentialStatus"}
    assert set(document["credentialSubject"]["achievement"]) >= {"alignment", "resultDescription", "image"}
    places, others = zip(*mutations(document), *omissions(document), strict=True)

    told = verdicts([{"document": one} for one in others])

    assert [place for place, verdict in zip(places, told, strict=True) if verdict is True] == []


def test_a_token_of_which_anything_was_changed_or_left_out_is_refused(full):
    head, body, signature = full.token.split(".")
    places, claims = zip(*mutations(_read(body)), *omissions(_read(body)), strict=True)
    heads = [other for _, other in mutations(_read(head))]
    cases = [f"{head}.{_written(one)}.{signature}" for one in claims]
    cases += [f"{_written(one)}.{body}.{signature}" for one in heads]
    cases.append(f"{head}.{body}.{signature[:-4]}AAAA")

    whole, *told = verdicts([{"token": one} for one in (full.token, *cases)])

    assert whole is True
    assert [place for place, verdict in zip((*places, *heads, "signature"), told, strict=True) if verdict is True] == []


def _read(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _written(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part, ensure_ascii=False).encode()).decode().rstrip("=")


def test_after_the_key_was_rotated_both_hold(achievement, issuer, issued, learner, registrar):
    rotate_key(issuer, public=keys.make())
    later = issue(achievement, to=learner, ground="later", by=registrar)
    work_off()

    assert verdicts([*given(issued), *given(later)]) == [True] * 4


def test_lists_tell_what_was_suspended_and_revoked(issued, registrar):
    case = given(issued)[:1]
    told = []
    for act in (suspend, reinstate, revoke):
        act(issued, reason="Because", by=registrar)
        work_off()
        told += verdicts(case)

    assert told == ["suspension", True, "revocation"]


@pytest.mark.usefixtures("issued")
def test_a_transcript_is_accepted_and_nothing_of_it_that_was_changed(issuer):
    candidacy = make_ready(make_degree(organisation=issuer.organisation))
    write_transcript(candidacy, by=candidacy.person)
    drain(["joints.sign-transcript"])
    work_off()
    document = json.loads(candidacy.transcripts.get().document)
    places, others = zip(*mutations(document), strict=True)

    whole, *told = verdicts([{"document": one} for one in (document, *others)])

    assert whole is True
    assert [place for place, verdict in zip(places, told, strict=True) if verdict is True] == []
