"""Awards: by two people, never before the audit finds everything."""

from decimal import Decimal

import pytest

from dure.core.errors import Forbidden, Refused
from dure.learning.models import CandidacyState
from dure.learning.operations.degrees import (
    award,
    decline_award,
    forget_degrees,
    guide,
    leave_degree,
    propose_awards,
    resume_degree,
    strike_credit,
    write_requirement,
    write_transcript,
)
from dure.learning.queries.degrees import audit_of, candidates_of, standing_records
from dure.match.audits import Record
from dure.people.days import today
from tests.factories import make_person
from tests.learning.degrees.factories import (
    REQUIREMENT,
    earn,
    make_candidacy,
    make_degree,
    make_member,
    make_ready,
    make_registrar,
)

pytestmark = pytest.mark.django_db


def state_of(candidacy) -> str:
    candidacy.refresh_from_db()
    return candidacy.state


def test_nobody_is_proposed_at_23_of_24_credits_and_what_is_missing_is_named():
    degree = make_degree()
    ready, short = make_ready(degree), make_candidacy(degree)
    for course, area, amount in (("ml", "majors", 12), ("basics", "core", 6), ("more", "", 5)):
        earn(short, course, amount, area=area)

    with pytest.raises(Refused) as told:
        propose_awards(degree, candidacies=[ready.pk, short.pk], by=make_registrar(degree))

    assert "Credits in all: 23 of 24. Earn 1 more." in told.value.text.en
    assert "1학점을 더 이수하세요" in told.value.text.ko
    assert [error["candidate"] for error in told.value.facts["errors"]] == [str(short.pk)]
    assert {state_of(ready), state_of(short)} == {CandidacyState.STUDYING}


def test_award_takes_a_registrar_and_another_person_of_the_committee():
    degree = make_degree()
    candidacy, registrar, member = make_ready(degree), make_registrar(degree), make_member(degree)

    propose_awards(degree, candidacies=[candidacy.pk], by=registrar)
    proposed = state_of(candidacy)
    with pytest.raises(Forbidden) as alone:
        award(degree, candidacies=[candidacy.pk], by=registrar)
    with pytest.raises(Forbidden) as own:
        award(degree, candidacies=[candidacy.pk], by=candidacy.person)
    award(degree, candidacies=[candidacy.pk], by=member)

    assert (proposed, state_of(candidacy), candidacy.awarded_on) == ("proposed", "awarded", today())
    assert (alone.value.code, own.value.code) == ("award.two", "award.own")


def test_what_was_struck_meanwhile_is_found_by_the_committees_own_audit():
    degree = make_degree()
    candidacy = make_ready(degree)
    propose_awards(degree, candidacies=[candidacy.pk], by=make_registrar(degree))
    rows = standing_records([candidacy.pk]).select_related("candidacy__person")
    strike_credit(rows.get(course="more"), by=make_person())

    with pytest.raises(Refused) as told:
        award(degree, candidacies=[candidacy.pk], by=make_member(degree))

    assert (told.value.code, state_of(candidacy)) == ("award.unmet", "proposed")


def test_declined_proposal_says_why_and_can_be_made_again():
    degree = make_degree()
    candidacy, registrar = make_ready(degree), make_registrar(degree)
    propose_awards(degree, candidacies=[candidacy.pk], by=registrar)

    candidacy.refresh_from_db()
    decline_award(candidacy, reason="논문 심사본 확인 필요", by=make_member(degree))
    declined = (state_of(candidacy), candidacy.reason)
    propose_awards(degree, candidacies=[candidacy.pk], by=registrar)

    assert declined == ("studying", "논문 심사본 확인 필요")
    assert (state_of(candidacy), candidacy.reason) == ("proposed", "")


def test_proposal_of_somebody_of_another_degree_is_refused():
    degree, other = make_degree(), make_ready()
    with pytest.raises(Refused) as told:
        propose_awards(degree, candidacies=[other.pk], by=make_registrar(degree))
    assert told.value.code == "state.changed"


def test_new_version_is_for_who_begins_now_and_others_are_moved_by_hand():
    degree = make_degree()
    before = make_ready(degree)
    by = make_registrar(degree)
    version = write_requirement(degree, source=REQUIREMENT.replace("credits: 24", "credits: 30"), by=by)
    after = make_candidacy(degree)

    as_it_is, what_if = audit_of(before), audit_of(before, version=version)
    guide(before, version=version, track="", advisor=None, by=by)

    assert (after.version, as_it_is.met, what_if.met, what_if.further) == (version, True, False, 6)
    before.refresh_from_db()
    assert (before.met, before.further) == (False, 6)


def test_planned_courses_are_counted_as_if_they_were_passed():
    candidacy = make_candidacy()
    home = candidacy.degree.organisation.short
    planned = [Record("p", home, "ml", Decimal(12), today()), Record("q", home, "x", Decimal(12), today(), area="core")]

    found = audit_of(candidacy, planned=planned)

    assert {line.sort.value for line in found.missing} == {"grade"}
    assert not candidacy.records.exists()


def test_list_shows_who_is_ready():
    degree = make_degree()
    ready, short = make_ready(degree), make_candidacy(degree)

    assert list(candidates_of(degree, group="ready")) == [ready]
    assert set(candidates_of(degree)) == {ready, short}
    assert list(candidates_of(degree, typed=short.person.email[:12])) == [short]


def test_who_left_can_come_back():
    candidacy = make_candidacy()
    leave_degree(candidacy, by=make_person())
    gone = list(candidates_of(candidacy.degree))
    resume_degree(candidacy, by=make_person())
    assert (gone, list(candidates_of(candidacy.degree))) == ([], [candidacy])


def test_same_transcript_of_one_day_is_made_once_and_goes_with_who_is_forgotten():
    candidacy = make_ready()

    first, second = (write_transcript(candidacy, by=candidacy.person) for _ in range(2))
    earn(candidacy, "late", 3)
    third = write_transcript(candidacy, by=candidacy.person)

    assert (first, candidacy.transcripts.count()) == (second, 2)
    assert candidacy.person.name in third.content
    forget_degrees(candidacy.person)
    assert candidacy.transcripts.count() == 0
    assert (state_of(candidacy), candidacy.records.count()) == ("left", 4)
