"""Which of several sources counts, and what profile facts come from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.core import clock
from dure.people.days import today
from dure.people.models import KnownFact, Membership, Person, Role, Source
from dure.people.operations import give_consent, join_organisation, leave, state_fact, withdraw_consent
from dure.people.queries import Known, history_of, known, known_of_organisations, sources_of
from tests.factories import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


def told(person: Person, *names: str, on: date = DAY, scope: str = "") -> dict[str, object]:
    return {name: fact.value for name, fact in known([person.pk], names, on=on, scope=scope).get(person.pk, {}).items()}


class TestPrecedence(TestCase):
    """Whatever was stated in whatever order: the loudest source, and of it the last word."""

    @given(st.lists(st.tuples(st.sampled_from(Source.values), st.integers(0, 99)), max_size=8), st.booleans())
    def test_operator_over_credential_over_birth_date_over_asked(self, statements, born):
        person = make_person(birth_date=date(2000, 1, 1) if born else None)
        for source, value in statements:
            state_fact(person, "age", value, source=source)

        last = dict(statements) | ({"birth-date": 26} if born else {})
        order = [name for name in ("operator", "credential", "birth-date", "asked") if name in last]
        assert [(fact.source, fact.value) for fact in sources_of(person, "age", on=DAY)] == [
            (name, last[name]) for name in order
        ]
        assert told(person, "age") == ({"age": last[order[0]]} if order else {})
        assert history_of(person, "age").count() == len(statements)


def test_age_counts_whole_years_on_the_day():
    person = make_person(birth_date=date(2007, 11, 3))

    assert [told(person, "age", on=DAY + timedelta(days=days)) for days in (0, 1)] == [{"age": 18}, {"age": 19}]


def test_employer_is_every_organisation_one_works_at_on_the_day():
    person = make_person()
    lge, sk, kaist = make_organisation("lge"), make_organisation("sk"), make_organisation("kaist")
    join_organisation(sk, person=person, since=date(2020, 1, 1))
    join_organisation(lge, person=person, since=date(2021, 1, 1))
    join_organisation(lge, person=person, role=Role.ADMIN, since=date(2022, 1, 1))
    join_organisation(kaist, person=person, role=Role.STUDENT, since=date(2020, 1, 1))

    found = known([person.pk], ["employer"], on=DAY)

    assert found == {person.pk: {"employer": Known("lge sk", "membership", date(2021, 1, 1))}}
    assert told(person, "employer", on=date(2020, 5, 1)) == {"employer": "sk"}


def test_the_last_day_of_a_membership_is_the_day_before_it_ends():
    membership = make_member(make_organisation("lge"), since=date(2020, 1, 1))
    leave(membership, on=date(2024, 7, 1))

    days = (date(2019, 12, 31), date(2020, 1, 1), date(2024, 6, 30), date(2024, 7, 1))

    assert [told(membership.person, "employer", on=day) for day in days] == [
        {},
        {"employer": "lge"},
        {"employer": "lge"},
        {},
    ]


def test_what_one_says_counts_where_nothing_better_is_known():
    person = make_person()
    state_fact(person, "employer", "moon-base", by=person)
    state_fact(person, "year", 3, by=person)
    state_fact(person, "degree", "bachelor", by=person)

    assert told(person, "employer", "degree", "major", "year") == {
        "employer": "moon-base",
        "degree": "bachelor",
        "year": 3,
    }


def test_consent_is_asked_for_each_programme_and_counts_as_answered_last():
    yes, no, changed, silent = (make_person() for _ in range(4))
    for person in (yes, changed):
        give_consent(person, purpose="recruiters", scope="rush-2026")
    for person in (no, changed):
        withdraw_consent(person, purpose="recruiters", scope="rush-2026")
    give_consent(silent, purpose="recruiters", scope="another")

    assert [told(person, "consent", scope="rush-2026") for person in (yes, no, changed, silent)] == [
        {"consent": "yes"},
        {"consent": "no"},
        {"consent": "no"},
        {},
    ]
    give_consent(changed, purpose="recruiters", scope="rush-2026")
    assert told(changed, "consent", scope="rush-2026") == {"consent": "yes"}


def test_since_tells_the_day_it_was_stated():
    person = make_person()
    with clock.at(datetime(2026, 5, 1, 15, 0, tzinfo=UTC)):
        state_fact(person, "major", "math physics", source=Source.CREDENTIAL)

    assert sources_of(person, "major", on=DAY) == [Known("math physics", "credential", date(2026, 5, 2))]


def test_organisations_have_a_kind_and_a_size():
    known_size, stated = make_organisation(kind="sme", staff=40), make_organisation()
    state_fact(stated, "staff", 900)
    state_fact(known_size, "staff", 41)

    found = known_of_organisations([known_size.pk, stated.pk])

    assert found == {
        known_size.pk: {"kind": Known("sme", "register", None), "staff": Known(40, "register", None)},
        stated.pk: {
            "kind": Known("company", "register", None),
            "staff": Known(900, "asked", today()),
        },
    }


def test_many_persons_take_few_queries(django_assert_num_queries):
    persons = Person.objects.bulk_create(Person(email=f"p{n}@example.org", birth_date=DAY) for n in range(12_000))
    lge = make_organisation("lge")
    Membership.objects.bulk_create(Membership(person=p, organisation=lge, since=date(2020, 1, 1)) for p in persons)
    KnownFact.objects.bulk_create(KnownFact(person=p, name="year", value=2, source="asked") for p in persons)

    with django_assert_num_queries(12):  # four for each 5,000
        found = known((p.pk for p in persons), ["age", "employer", "year", "consent"], on=DAY, scope="any")

    assert {tuple((n, k.value) for n, k in sorted(facts.items())) for facts in found.values()} == {
        (("age", 0), ("employer", "lge"), ("year", 2))
    }
    assert len(found) == len(persons)
