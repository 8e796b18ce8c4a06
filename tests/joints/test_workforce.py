"""What an organisation sees of its own people, and of whom it sees it."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.models import Credential, CredentialState, Kind, Method
from dure.credentials.operations import Content, add_key, become_issuer, define, issue
from dure.jobs.worker import drain
from dure.joints.workforce import (
    Found,
    Numbers,
    Standing,
    Wanted,
    employers_of,
    employers_to_ask,
    numbers,
    workers,
    workforce,
)
from dure.learning.models import Cohort, Enrolment
from dure.people.operations import give_consent, withdraw_consent
from dure.people.queries import names
from dure.people.queries.consent import EMPLOYER
from dure.skills.models import JobRole, OwnRole
from tests.factories import make_member, make_operator, make_organisation, make_person
from tests.learning.factories import make_cohort, make_enrolment, make_skill

pytestmark = pytest.mark.django_db
NAME = Text(ko="현장 배지", en="Field badge")


@pytest.fixture
def company(settings, tmp_path):
    settings.KEYS = tmp_path
    keys.private.cache_clear()
    return make_organisation("acme")


@pytest.fixture
def school():
    return make_organisation("school")


def badge_for(person, host, **content):
    """Issued by ``host`` and held by ``person``."""
    issuer, admin = become_issuer(host, method=Method.WEB), make_operator()
    add_key(issuer, public=keys.make())
    said = Content(NAME, NAME, NAME, valid_months=12, level="Gold", **content)
    held = issue(define(issuer, code="field", kind=Kind.BADGE, content=said, by=admin), to=person, ground="t", by=admin)
    drain(["credentials.sign"])
    return held


def shared(company, *people):
    for person in people:
        give_consent(person, purpose=EMPLOYER, scope=company.short)


def named(company, **wanted) -> set[str]:
    return {person.name for person in workforce(company, Wanted(**wanted))}


def test_its_people_are_who_belongs_today_and_whom_it_sends(company, school):
    make_member(company, person=make_person(name="Ada"))
    make_member(
        company,
        person=make_person(name="Gone"),
        since=clock.now().date() - timedelta(days=9),
        until=clock.now().date() - timedelta(days=3),
    )
    make_member(school, person=make_person(name="Other"))
    make_enrolment(person=make_person(name="Sent"), organisation=company)

    assert named(company) == {"Ada", "Sent"}
    assert named(company, text="ada") == {"Ada"}


def test_what_others_issued_is_seen_of_who_agreed_and_not_once_they_withdraw(company, school):
    ada = make_member(company, person=make_person(name="Ada")).person
    held = badge_for(ada, school)

    seen = []
    for step in (
        None,
        lambda: shared(company, ada),
        lambda: withdraw_consent(ada, purpose=EMPLOYER, scope=company.short),
    ):
        if step:
            step()
        [worker] = workers(company, [ada.pk])
        seen.append([(one.name.en, one.level, one.until) for one in worker.certificates])
    held.refresh_from_db()

    assert seen == [[], [("Field badge", "Gold", held.valid_until)], []]


def test_what_it_issued_itself_and_what_everybody_may_see_is_seen_unasked(company, school):
    ada, bo = (make_member(company, person=make_person(name=name)).person for name in ("Ada", "Bo"))
    badge_for(ada, company)
    Credential.objects.filter(pk=badge_for(bo, school).pk).update(public=True)

    assert named(company, standing=Standing.CERTIFIED) == {"Ada", "Bo"}


@pytest.mark.parametrize("change", [{"state": CredentialState.REVOKED}, {"valid_until": clock.now()}])
def test_what_does_not_hold_certifies_nobody(company, change):
    ada = make_member(company, person=make_person(name="Ada")).person
    Credential.objects.filter(pk=badge_for(ada, company).pk).update(**change)

    assert named(company, standing=Standing.NEITHER) == {"Ada"}


def test_a_course_is_seen_by_who_pays_for_it_and_of_who_agreed(company):
    cohort = make_cohort()
    sent, own, shy = (make_member(company, person=make_person(name=name)).person for name in ("Sent", "Own", "Shy"))
    make_enrolment(cohort, person=sent, organisation=company)
    make_enrolment(cohort, person=own)
    make_enrolment(cohort, person=shy)
    shared(company, own)

    assert named(company, standing=Standing.LEARNING) == named(company, cohort=cohort.pk) == {"Sent", "Own"}
    assert {w.name: [one.state for one in w.learning] for w in workers(company, [sent.pk, own.pk, shy.pk])} == {
        "Sent": ["active"], "Own": ["active"], "Shy": [],
    }  # fmt: skip


@pytest.mark.parametrize("many", [1, 1_000])
def test_parts_of_those_who_are_looked_for_are_all_of_them_by_name(company, school, many, monkeypatch):
    monkeypatch.setattr(names, "MANY", many)
    cohort = make_cohort()
    for place, name in enumerate(("Ada", "Bo", "Cy", "Di", "Ed", "Fay", "Gil")):
        person = make_member(company, person=make_person(name=name)).person
        if place % 2:
            make_enrolment(cohort, person=person, organisation=company)
    badge_for(person, company)
    make_person(name="Hal")

    for wanted in (Wanted(), *(Wanted(standing=one) for one in Standing), Wanted(cohort=cohort.pk), Wanted(text="d")):
        found = Found(company, wanted)
        parts = [pk for start in range(0, len(found), 2) for pk in found[start : start + 2]]
        assert parts == list(workforce(company, wanted).values_list("pk", flat=True))


def test_of_nobody_there_is_nothing_to_see(company):
    assert workers(company, []) == []


def test_stuck_is_who_opened_nothing_for_two_weeks_or_is_over_the_date(company):
    now = clock.now()
    late, quiet, fresh = make_cohort(), make_cohort(), make_cohort()
    for name, cohort in (("Late", late), ("Quiet", quiet), ("Fresh", fresh)):
        make_enrolment(cohort, person=make_person(name=name), organisation=company)
    Enrolment.objects.filter(cohort=quiet).update(asked_at=now - timedelta(days=20))
    Cohort.objects.filter(pk=late.pk).update(closes_at=now - timedelta(days=1))

    assert named(company, standing=Standing.STUCK) == {"Late", "Quiet"}
    Enrolment.objects.filter(cohort=late).update(extended_until=now + timedelta(days=5))
    assert named(company, standing=Standing.STUCK) == {"Quiet"}


def test_people_are_found_by_skill_and_by_the_role_they_aim_at_where_they_share_it(company):
    skill = make_skill("sql")
    role = JobRole.objects.create(taxonomy=skill.taxonomy, code="analyst", name_ko="분석가", name_en="Analyst")
    ada, bo = (make_member(company, person=make_person(name=name)).person for name in ("Ada", "Bo"))
    badge_for(ada, company, skills={skill: 3})
    for person in (ada, bo):
        OwnRole.objects.create(person=person, role=role)
    shared(company, bo)

    assert (named(company, skill=skill.pk), named(company, role=role.pk)) == ({"Ada"}, {"Bo"})


def test_the_numbers_are_those_of_the_lists(company):
    ada, bo = (make_member(company, person=make_person(name=name)).person for name in ("Ada", "Bo"))
    badge_for(ada, company)
    make_enrolment(person=bo, organisation=company)
    shared(company, ada)

    assert numbers(company) == Numbers(people=2, sharing=1, certified=1, learning=1, stuck=0)


def test_somebody_is_asked_by_each_organisation_once(company, school):
    ada = make_member(company, person=make_person(name="Ada")).person
    make_enrolment(person=ada, organisation=school)
    shared(company, ada)

    assert set(employers_of(ada)) == {company, school}
    assert list(employers_to_ask(ada)) == [school]
