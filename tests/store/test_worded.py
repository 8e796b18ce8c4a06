"""Questions that were put into words once are answered as if they were asked anew."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import Exists, QuerySet

from dure.people.models import Membership, Person
from dure.store.worded import asked, counted, found, padded, valued
from tests.factories import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


def names(*persons: UUID) -> "QuerySet[Person, tuple[str]]":
    return Person.objects.filter(pk__in=persons, is_active=True).order_by("name").values_list("name")


def test_each_asks_about_their_own():
    one, other = make_person(name="김민수"), make_person(name="박서준")

    assert (asked(names, one.pk), asked(names, other.pk)) == ([("김민수",)], [("박서준",)])


def test_one_may_ask_about_several():
    one, other = make_person(name="김민수"), make_person(name="박서준")

    assert asked(names, other.pk, one.pk) == [("김민수",), ("박서준",)]


def test_an_answer_is_as_old_as_the_question():
    person = make_person(name="김민수")
    asked(names, person.pk)

    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert asked(names, person.pk) == []


def belongs(person: UUID, organisation: UUID) -> "QuerySet[Person, tuple[bool]]":
    memberships = Membership.objects.filter(organisation=organisation, person=person)
    return Person.objects.filter(pk=person).values_list(Exists(memberships))


def test_ids_stand_where_they_were_put():
    organisation, stranger = make_organisation(), make_person()
    member = make_member(organisation).person

    answers = [bool(found) for one in (member, stranger) for (found,) in asked(belongs, one.pk, organisation.pk)]

    assert answers == [True, False]


def at_work(person: UUID, day: date) -> "QuerySet[Membership, tuple[UUID]]":
    return Membership.objects.on(day).filter(person=person).values_list("organisation")


def test_a_day_is_asked_about_as_it_is_each_time():
    ended = make_member(make_organisation(), since=date(2026, 1, 1), until=date(2026, 7, 1))

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]

    assert [len(asked(at_work, ended.person_id, day)) for day in days] == [0, 1, 1, 0]


def seen(before: datetime, day: date) -> "QuerySet[Person, tuple[UUID, datetime]]":
    rows = Person.objects.filter(last_login__lt=before, memberships__since=day)
    return rows.order_by("last_login").values_list("pk", "last_login")


def test_a_moment_is_asked_about_as_it_is_each_time_and_comes_back_as_one():
    began, day = datetime(2026, 5, 1, 9, tzinfo=UTC), date(2026, 1, 1)
    person = make_member(make_organisation(), since=day).person
    Person.objects.filter(pk=person.pk).update(last_login=began)

    answers = [valued(seen, began + timedelta(hours=n), day) for n in range(2)]

    assert answers == [[], [(person.pk, began)]]


def everybody(known: str) -> "QuerySet[Person, tuple[str]]":
    return Person.objects.filter(name__gte=known).order_by("name").values_list("name")


@pytest.mark.parametrize("part", [slice(0, 2), slice(1, 3), slice(2, 9), slice(3, 4)])
def test_a_part_is_what_a_slice_gives_and_all_are_counted(part):
    for name in ("가", "나", "다"):
        make_person(name=name)

    assert valued(everybody, "", part=part) == list(everybody("")[part])
    assert counted(everybody, "") == 3


@dataclass(frozen=True)
class Named:
    name: str

    def __call__(self, person: UUID) -> "QuerySet[Person, tuple[UUID]]":
        return Person.objects.filter(pk=person, name=self.name).values_list("pk")


def test_wordings_that_are_equal_are_one_and_others_are_not():
    person = make_person(name="김민수")

    answers = [valued(Named(name), person.pk) for name in ("김민수", "박서준", "김민수")]

    assert answers == [[(person.pk,)], [], [(person.pk,)]]


def of_domain(domain: str) -> "QuerySet[Person, tuple[str]]":
    return Person.objects.filter(email__endswith=domain).values_list("name")


def test_a_key_that_is_not_said_as_it_is_is_refused():
    with pytest.raises(ValueError, match="all of its keys"):
        asked(of_domain, "example.org")


def a_week_before(now: datetime) -> "QuerySet[Person, tuple[str]]":
    return Person.objects.filter(last_login__gt=now - timedelta(days=7)).values_list("name")


def test_a_moment_worked_out_of_a_key_is_refused():
    with pytest.raises(ValueError, match="all of its keys"):
        asked(a_week_before, datetime(2026, 5, 1, tzinfo=UTC))


def called(name: str) -> "QuerySet[Membership]":
    return Membership.objects.filter(person__name=name).select_related("person", "organisation").order_by("pk")


def test_rows_become_objects_with_those_beside_them(django_assert_num_queries):
    members = [make_member(make_organisation(), make_person(name=name)) for name in ("김민수", "박서준")]

    with django_assert_num_queries(2):
        told = [
            [(row, row.person, row.organisation.name_ko, row.since, row._state.adding) for row in found(called, name)]
            for name in ("박서준", "김민수")
        ]

    assert told == [[(one, one.person, one.organisation.name_ko, one.since, False)] for one in reversed(members)]


def test_a_part_of_the_rows_becomes_objects():
    members = [make_member(make_organisation(), make_person(name="김민수")) for _ in range(3)]

    assert found(called, "김민수", part=slice(1, 3)) == members[1:]


@pytest.mark.parametrize(("most", "size"), [(0, 4), (5, 8), (8, 8)])
def test_ids_are_filled_up_so_that_few_questions_are_put_into_words(most, size):
    ids = [make_person(name=name).pk for name in ("다", "나", "가")]

    filled = padded(ids, most)

    assert (len(filled), len(padded([])), asked(names, *filled)) == (size, 1, [("가",), ("나",), ("다",)])


def test_it_is_put_into_words_once():
    worded = []

    def wording(person: UUID) -> "QuerySet[Person, tuple[str]]":
        worded.append(person)
        return names(person)

    for _ in range(3):
        asked(wording, make_person().pk)

    assert len(worded) == 1


def of_nobody(person: UUID) -> "QuerySet[Person]":
    return Person.objects.filter(pk=person, name__in=())


def names_of_nobody(person: UUID) -> "QuerySet[Person, tuple[str]]":
    return of_nobody(person).values_list("name")


def test_what_nothing_can_fit_is_not_asked(django_assert_num_queries):
    person = make_person()

    with django_assert_num_queries(0):
        rows = asked(names_of_nobody, person.pk), valued(names_of_nobody, person.pk, part=slice(0, 5))
        assert (*rows, found(of_nobody, person.pk), counted(of_nobody, person.pk)) == ([], [], [], 0)
