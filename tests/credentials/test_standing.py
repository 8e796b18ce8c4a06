"""What was issued is suspended, reinstated, revoked, renewed, shown, forgotten; who may do it."""

import json
from datetime import timedelta

import pytest
from openbadgeslib.ob3 import decode_encoded_list

from dure.audit.models import AuditRow
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.findings import State
from dure.credentials import keys, rules
from dure.credentials.models import Credential, CredentialState
from dure.credentials.operations import (
    allow_again,
    ask_renewal,
    decline,
    edit,
    forget,
    new_link,
    propose,
    reinstate,
    renew,
    retire,
    revoke,
    rotate_key,
    show,
    suspend,
    warn_of_ends,
)
from dure.credentials.operations.proposing import Deserved
from dure.credentials.queries import held_by, issued_by, shown_as, standing_of
from dure.credentials.verifying import verified_here
from dure.site.operator.events import CREDENTIALS
from tests.credentials.conftest import CONTENT, work_off
from tests.factories import make_admin, make_operator, make_organisation, make_person


def bits(credential):
    """What the lists tell: (revoked, suspended)."""
    work_off()
    listed, index = credential.status_list, credential.status_index
    listed.refresh_from_db()
    raw = [json.loads(text)["credentialSubject"]["encodedList"] for text in (listed.revocation, listed.suspension)]
    return tuple(bool(decode_encoded_list(one)[index // 8] & 0x80 >> index % 8) for one in raw)


def test_what_was_suspended_may_hold_again_and_what_was_revoked_may_not(issued, registrar):
    assert bits(issued) == (False, False)
    suspend(issued, reason="Under review", by=registrar)
    assert bits(issued) == (False, True)
    reinstate(issued, reason="Cleared", by=registrar)
    assert bits(issued) == (False, False)
    revoke(issued, reason="Plagiarism", by=registrar)
    assert bits(issued) == (True, False)

    with pytest.raises(Refused, match="cannot become"):
        reinstate(issued, reason="Again", by=registrar)
    issued.refresh_from_db()
    assert issued.reason == "Plagiarism"


def test_a_reason_is_needed(issued, registrar):
    with pytest.raises(Flawed, match="why"):
        revoke(issued, reason=" ", by=registrar)


def test_the_page_knows_at_once(issued, registrar):
    assert verified_here(issued).state == State.OK
    suspend(issued, reason="Under review", by=registrar)

    report = verified_here(issued)
    assert [finding.name for finding in report.findings if finding.state == State.FAIL] == ["status"]


def test_it_expires_by_itself(issued):
    with clock.at(issued.valid_until + timedelta(seconds=1)):
        report = verified_here(issued)
        standing = standing_of(issued)

    assert [finding.name for finding in report.findings if finding.state == State.FAIL] == ["dates"]
    assert standing == "expired"


def test_renewal_takes_the_place_of_the_former_once(issued, registrar):
    with clock.at(issued.valid_until + timedelta(days=1)):
        fresh = renew(issued, by=registrar)
        assert renew(issued, by=registrar).pk == fresh.pk
        work_off()

    issued.refresh_from_db()
    fresh.refresh_from_db()
    assert (issued.state, fresh.state) == (CredentialState.SUPERSEDED, CredentialState.ISSUED)
    assert fresh.renews_id == issued.pk
    assert fresh.valid_until > issued.valid_until


def test_what_was_revoked_is_not_renewed(issued, registrar):
    revoke(issued, reason="Plagiarism", by=registrar)

    with pytest.raises(Refused, match="can be renewed"):
        renew(issued, by=registrar)


def test_its_page_opens_by_its_link_or_to_everybody(issued):
    old = issued.share
    assert shown_as(old) == issued
    assert shown_as(str(issued.pk)) is None

    show(issued, public=True)
    assert shown_as(str(issued.pk)) == issued

    new_link(issued)
    assert shown_as(old) is None
    assert shown_as(issued.share) == issued


def test_of_somebody_who_is_forgotten_only_the_bits_stay(issued, achievement, learner, registrar):
    show(issued, public=True)
    suspend(issued, reason="김하나 under review", by=registrar)
    [waiting] = propose(achievement, [Deserved(learner, "later")], by=None)

    forget(learner)

    issued.refresh_from_db()
    waiting.refresh_from_db()
    told = [getattr(issued, field.attname) for field in Credential._meta.concrete_fields]
    assert not any("김하나" in str(value) or "hana" in str(value) for value in told)
    assert waiting.state == CredentialState.DECLINED
    assert shown_as(str(issued.pk)) is None
    assert list(held_by(learner)) == []
    assert bits(issued) == (False, True)


def test_who_runs_an_issuer(issuer, issued, registrar, learner):
    stranger, other = make_person(), make_admin(make_organisation())
    people = [registrar, learner, stranger, other, make_operator()]

    assert [rules.may_run(person, issuer) for person in people] == [True, False, False, False, True]
    assert [rules.holds(person, issued) for person in people] == [False, True, False, False, False]


def test_issued_are_found_by_the_name_of_their_holder(issuer, issued):
    assert list(issued_by(issuer, typed="김하")) == [issued]
    assert list(issued_by(issuer, typed="박")) == []


def test_the_log_tells_every_act(achievement, learner, registrar, issuer, issued):
    suspend(issued, reason="Under review", by=registrar)
    reinstate(issued, reason="Cleared", by=registrar)
    renew(issued, by=registrar)
    work_off()
    issued.refresh_from_db()
    show(issued, public=True)
    new_link(issued)
    edit(achievement, content=CONTENT, by=registrar)
    allow_again(retire(achievement, by=registrar), by=registrar)
    [waiting] = propose(achievement, [Deserved(learner, "later")], by=None)
    decline(waiting, reason="No", by=registrar)
    rotate_key(issuer, public=keys.make())
    fresh = Credential.objects.get(renews=issued)
    with clock.at(fresh.valid_until - timedelta(days=1)):
        warn_of_ends()
        ask_renewal(fresh, by=learner)
    revoke(fresh, reason="Plagiarism", by=registrar)

    told = set(AuditRow.objects.values_list("action", flat=True))
    assert {action for action in told if action.startswith(("credential.", "achievement.", "issuer."))} == set(
        CREDENTIALS
    )
