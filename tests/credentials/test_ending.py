"""The end of a credential is told in time, and its holder may ask for another."""

from datetime import timedelta

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.core.errors import Refused
from dure.credentials.models import Credential, CredentialState
from dure.credentials.operations import (
    allow_again,
    approve,
    ask_renewal,
    decline,
    issue,
    renew,
    retire,
    revoke,
    warn_of_ends,
)
from dure.credentials.queries import ending_by
from tests.credentials.conftest import work_off
from tests.factories import make_person


def warned(credential) -> int | None:
    warn_of_ends()
    return Credential.objects.values_list("warned", flat=True).get(pk=credential.pk)


def test_an_end_is_told_sixty_and_fourteen_days_before_once_each(issued):
    told = []
    for days in (61, 59, 30, 13, 12):
        with clock.at(issued.valid_until - timedelta(days=days)):
            told.append(warned(issued))

    assert told == [None, 60, 60, 14, 14]
    assert AuditRow.objects.filter(action="credential.end-told").count() == 2


def test_what_lasts_a_month_is_told_of_once_and_what_ended_not_at_all(issuer, achievement, registrar):
    month, past = (
        issue(achievement, to=make_person(), ground=f"{days}", until=clock.now() + timedelta(days=days), by=registrar)
        for days in (30, 20)
    )
    work_off()
    assert [warned(month), warned(past)] == [None, None]

    with clock.at(clock.now() + timedelta(days=25)):
        assert [warned(month), warned(past)] == [14, None]
        assert list(ending_by(issuer)) == [month]


def test_asked_for_twice_a_renewal_waits_once_and_takes_the_place_of_the_former(
    issued, learner, registrar, achievement
):
    achievement.signed_off = False  # the rule of the first time holds for no renewal that its holder asks for
    achievement.save()
    with clock.at(issued.valid_until - timedelta(days=20)):
        fresh = ask_renewal(issued, by=learner)
        again = ask_renewal(issued, by=learner)
        assert (fresh.pk, fresh.state) == (again.pk, CredentialState.PROPOSED)

        approve([fresh.pk], achievement=achievement, by=registrar)
        work_off()

    issued.refresh_from_db()
    fresh.refresh_from_db()
    assert (issued.state, fresh.state, fresh.renews_id) == ("superseded", "issued", issued.pk)


def test_after_a_no_it_may_be_asked_for_again_and_the_issuer_may_renew_unasked(issued, learner, registrar):
    with clock.at(issued.valid_until):
        first = ask_renewal(issued, by=learner)
        decline(first, reason="Not yet", by=registrar)
        second = ask_renewal(issued, by=learner)
        done = renew(issued, by=registrar)

    assert first.pk != second.pk == done.pk
    assert done.state == CredentialState.APPROVED


def test_it_is_not_asked_for_too_early_nor_where_nothing_is_awarded_any_more(issued, learner, registrar, achievement):
    with pytest.raises(Refused, match="60 days"):
        ask_renewal(issued, by=learner)
    retire(achievement, by=registrar)
    issued.refresh_from_db()

    with clock.at(issued.valid_until), pytest.raises(Refused):
        ask_renewal(issued, by=learner)


def test_what_was_revoked_or_is_awarded_no_more_is_not_called_early(issued, learner, registrar, achievement):
    retired = retire(achievement, by=registrar)
    issued.refresh_from_db()
    with clock.at(issued.valid_until):
        codes = [code_of(issued, learner)]
    allow_again(retired, by=registrar)
    revoke(issued, reason="Plagiarism", by=registrar)
    issued.refresh_from_db()
    codes.append(code_of(issued, learner))

    assert codes == ["credentials.retired", "credentials.renewal"]


def code_of(credential, learner) -> str:
    with pytest.raises(Refused) as refused:
        ask_renewal(credential, by=learner)
    return refused.value.code
