"""From a proposal to a signed credential: once for each ground, never by editing, signed by workers alone."""

import json
from datetime import timedelta

import pytest

from dure.core import clock, events
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.credentials.events import CredentialIssued
from dure.credentials.models import Batch, Credential, CredentialState, Kind
from dure.credentials.moments import months_after
from dure.credentials.operations import (
    Deserved,
    Recognition,
    SignOff,
    approve,
    decline,
    define,
    edit,
    end_key,
    issue,
    propose,
    retire,
)
from dure.credentials.queries import active_key, progress_of
from dure.people.days import today
from dure.skills.operations import record
from tests.credentials.conftest import CONTENT, work_off
from tests.factories import make_person


def test_what_is_proposed_waits_for_a_person_and_a_worker(achievement, learner, registrar):
    [proposed] = propose(achievement, [Deserved(learner, "verdict:1")], by=None)
    assert proposed.state == CredentialState.PROPOSED

    batch = approve([proposed.pk], achievement=achievement, by=registrar)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.document) == (CredentialState.APPROVED, "")

    work_off()
    proposed.refresh_from_db()
    assert proposed.state == CredentialState.ISSUED
    assert json.loads(proposed.document)["credentialSubject"]["achievement"]["humanCode"] == "ai-leader"
    assert (progress_of(batch).done, progress_of(batch).of) == (1, 1)


def test_the_same_ground_proposes_once(achievement, learner):
    [first] = propose(achievement, [Deserved(learner, "verdict:1")], by=None)
    [again] = propose(achievement, [Deserved(learner, "verdict:1")], by=None)
    [other] = propose(achievement, [Deserved(learner, "verdict:2")], by=None)

    assert first.pk == again.pk != other.pk
    assert Credential.objects.count() == 2


def test_nothing_waits_where_nobody_signs_off(issuer, learner, registrar):
    open_badge = define(issuer, code="badge", kind=Kind.BADGE, content=CONTENT, by=registrar, signed_off=False)
    propose(open_badge, [Deserved(learner, "verdict:1")], by=None)
    work_off()

    assert Credential.objects.get().state == CredentialState.ISSUED


def test_approving_is_for_all_or_none(achievement, learner, registrar):
    rows = propose(achievement, [Deserved(learner, "a"), Deserved(make_person(), "a")], by=None)
    decline(rows[0], reason="No", by=registrar)

    with pytest.raises(Refused, match="decided meanwhile"):
        approve([row.pk for row in rows], achievement=achievement, by=registrar)

    states = set(Credential.objects.values_list("state", flat=True))
    assert states == {CredentialState.DECLINED, CredentialState.PROPOSED}
    assert not Batch.objects.exists()


def test_nobody_proposes_or_signs_off_their_own(achievement, registrar):
    with pytest.raises(Forbidden, match="their own"):
        propose(achievement, [Deserved(registrar, "a")], by=registrar)
    [own] = propose(achievement, [Deserved(registrar, "a")], by=None)

    with pytest.raises(Forbidden, match="their own"):
        approve([own.pk], achievement=achievement, by=registrar)


def test_without_a_key_nothing_is_approved(achievement, learner, registrar, issuer):
    end_key(active_key(issuer))

    with pytest.raises(Refused, match="dure keys new"):
        issue(achievement, to=learner, ground="a", by=registrar)
    assert not Credential.objects.exists()


def test_what_is_retired_is_proposed_to_nobody(achievement, learner, registrar):
    retire(achievement, by=registrar)

    with pytest.raises(Refused, match="no more"):
        propose(achievement, [Deserved(learner, "a")], by=None)


def test_editing_makes_a_version_and_changes_nothing_that_was_issued(achievement, issued, registrar, learner):
    before = issued.document
    renamed = Text(ko="새 이름", en="New name")
    edit(achievement, content=type(CONTENT)(renamed, CONTENT.description, CONTENT.criteria), by=registrar)
    work_off()
    issued.refresh_from_db()
    later = issue(achievement, to=learner, ground="later", by=registrar)
    work_off()
    later.refresh_from_db()

    assert issued.document == before
    assert (issued.version.number, later.version.number) == (1, 2)
    assert json.loads(later.document)["name"] == "새 이름 (New name)"


def test_before_recognition_it_is_a_certificate_of_another_name(issuer, learner, registrar):
    recognition = Recognition("교육부", today() + timedelta(days=30), Text(ko="사내 인증", en="Internal certificate"))
    content = type(CONTENT)(CONTENT.name, CONTENT.description, CONTENT.criteria, recognition=recognition)
    degree = define(issuer, code="master", kind=Kind.DEGREE, content=content, by=registrar)

    def said(ground):
        made = issue(degree, to=learner, ground=ground, by=registrar)
        work_off()
        made.refresh_from_db()
        achievement = json.loads(made.document)["credentialSubject"]["achievement"]
        return achievement["achievementType"], achievement["name"]

    before = said("a")
    with clock.at(clock.now() + timedelta(days=31)):
        after = said("b")
    assert before == ("Certificate", "사내 인증 (Internal certificate)")
    assert after == ("Degree", "제조 AI 리더 (Manufacturing AI leader)")


def test_it_ends_when_the_achievement_says(issued):
    assert issued.valid_until == months_after(issued.issued_at, 24)


def test_evidence_is_named_by_its_hash_and_not_told(achievement, learner, registrar):
    evidence = record("round", {"score": 0.91}, persons=[learner], via="round", by=None, proof="secret address")
    made = issue(achievement, to=learner, ground="a", because=[evidence], by=registrar)
    work_off()
    made.refresh_from_db()

    [told] = json.loads(made.document)["evidence"]
    assert (told["id"], told["name"]) == (evidence.pk.urn, "round")
    assert evidence.sha256 in told["narrative"]
    assert "secret address" not in made.document


def test_many_are_issued_by_several_jobs_and_told_once_each(achievement, registrar, monkeypatch):
    told = []
    monkeypatch.setitem(events._listeners, CredentialIssued, [told.append])
    people = [make_person() for _ in range(205)]
    for _ in range(2):
        propose(achievement, [Deserved(person, "edition") for person in people], by=registrar, sign_off=SignOff.GIVEN)
        work_off()

    rows = Credential.objects.all()
    assert {row.state for row in rows} == {CredentialState.ISSUED}
    assert len({row.status_index for row in rows}) == len({fact.credential for fact in told}) == len(told) == 205
