"""Who must not review whom."""

from datetime import date

import pytest

from dure.blueprint.model import CONFLICTS
from dure.people.models import Bond, Role
from dure.people.operations import end_relation, form_team, join_organisation, join_team, leave_team, state_relation
from dure.people.queries import conflicts_between, ties
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
LONG_AGO, BEFORE = date(2015, 1, 1), date(2020, 1, 1)


def between(reviewer, *persons, organisations=(), kinds=CONFLICTS) -> set[str]:
    ids = [person.pk for person in persons]
    return conflicts_between(reviewer.pk, ids, [organisation.pk for organisation in organisations], kinds, on=DAY)


@pytest.fixture
def two():
    return make_person(), make_person()


def test_strangers_have_none(two):
    reviewer, applicant = two
    join_organisation(make_organisation(), person=reviewer, department="AI", since=BEFORE)
    join_organisation(make_organisation(), person=applicant, department="AI", since=BEFORE)

    assert between(reviewer, applicant, organisations=[make_organisation()]) == set()


def test_departments_and_teams_are_compared_within_one_organisation(two):
    reviewer, applicant = two
    lge = make_organisation()
    join_organisation(lge, person=reviewer, department="Vision ", team="A", since=BEFORE)
    join_organisation(lge, person=applicant, department="vision", team="a", since=BEFORE)

    assert between(reviewer, applicant) == {"same-org", "same-department", "same-team"}


def test_an_unwritten_department_is_not_the_same_department(two):
    reviewer, applicant = two
    lge = make_organisation()
    for person in two:
        join_organisation(lge, person=person, since=BEFORE)

    assert between(reviewer, applicant) == {"same-org"}


def test_only_the_kinds_asked_for_are_named(two):
    reviewer, applicant = two
    lge = make_organisation()
    for person in two:
        join_organisation(lge, person=person, department="AI", since=BEFORE)

    assert between(reviewer, applicant, kinds=["same-department", "family"]) == {"same-department"}


def test_one_belongs_where_one_studies(two):
    reviewer, applicant = two
    kaist = make_organisation(kind="university")
    join_organisation(kaist, person=reviewer, since=BEFORE)
    join_organisation(kaist, person=applicant, role=Role.STUDENT, since=BEFORE)

    assert between(reviewer, applicant) == {"same-org"}


def test_a_case_may_be_an_organisation(two):
    reviewer, _ = two
    now, before = make_organisation(), make_organisation()
    join_organisation(now, person=reviewer, since=BEFORE)
    join_organisation(before, person=reviewer, since=LONG_AGO, until=BEFORE)

    assert between(reviewer, organisations=[now]) == {"same-org"}
    assert between(reviewer, organisations=[before]) == {"past-employer"}


@pytest.mark.parametrize("reviewer_left", [True, False])
def test_a_past_employer_is_one_that_either_of_the_two_has_left(two, reviewer_left):
    gone, there = two if reviewer_left else reversed(two)
    lge = make_organisation()
    join_organisation(lge, person=gone, since=LONG_AGO, until=BEFORE)
    join_organisation(lge, person=there, since=BEFORE)

    assert between(two[0], two[1]) == {"past-employer"}


def test_a_former_school_is_no_employer(two):
    reviewer, applicant = two
    kaist = make_organisation(kind="university")
    join_organisation(kaist, person=reviewer, role=Role.STUDENT, since=LONG_AGO, until=BEFORE)
    join_organisation(kaist, person=applicant, since=BEFORE)

    assert between(reviewer, applicant) == set()


def test_coming_back_is_no_past(two):
    reviewer, applicant = two
    lge = make_organisation()
    join_organisation(lge, person=reviewer, since=LONG_AGO, until=BEFORE)
    for person in two:
        join_organisation(lge, person=person, since=BEFORE)

    assert between(reviewer, applicant) == {"same-org"}


def test_what_begins_later_does_not_count_yet(two):
    reviewer, applicant = two
    lge = make_organisation()
    for person in two:
        join_organisation(lge, person=person, since=date(2027, 1, 1))

    assert between(reviewer, applicant) == set()


def test_team_mates_are_of_the_same_team_until_one_leaves(two):
    reviewer, applicant = two
    team = join_team(form_team("Alpha", captain=applicant), person=reviewer)
    assert between(reviewer, applicant) == {"same-team"}

    leave_team(team, person=reviewer)

    assert between(reviewer, applicant) == set()


@pytest.mark.parametrize("bond", list(Bond))
def test_stated_bonds_count_from_both_sides_until_they_end(two, bond):
    one, other = two
    relation = state_relation(one, to=other, bond=bond, by=one)
    assert [between(one, other), between(other, one)] == [{bond}, {bond}]

    end_relation(relation)

    assert between(one, other) == set()


def test_any_person_of_the_case_is_enough(two):
    reviewer, sister = two
    state_relation(reviewer, to=sister, bond="family", by=sister)

    assert between(reviewer, make_person(), sister) == {"family"}


def test_many_cases_are_read_once(django_assert_num_queries):
    reviewers, applicants = [make_person() for _ in range(3)], [make_person() for _ in range(20)]
    lge = make_organisation()
    for person in (reviewers[0], *applicants[:5]):
        join_organisation(lge, person=person, since=BEFORE)
    everybody = [person.pk for person in (*reviewers, *applicants)]

    with django_assert_num_queries(3):
        read = ties(everybody, on=DAY)
        barred = {(r, a) for r in reviewers for a in applicants if read.between(r.pk, [a.pk], [], CONFLICTS)}

    assert barred == {(reviewers[0], applicant) for applicant in applicants[:5]}
