"""Lists by name: any part of them is the same, walked or sorted."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.people.models import Membership, Person
from dure.people.queries import by_name, likeliest_persons, names, persons_called
from dure.store import search
from dure.store.search import called, matching
from tests.factories import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("many", [0, names.MANY])
def test_every_part_of_a_list_stands_in_the_order_of_names(monkeypatch, many):
    monkeypatch.setattr(names, "MANY", many)
    monkeypatch.setattr(names, "NEAR", 1)
    home = make_organisation()
    for name in ("김하나", "이둘", "김하나", "Bo", "박셋", "ada"):
        make_member(home, make_person(name=name))
    make_member(make_organisation(), make_person(name="Elsewhere"))
    rows = Membership.objects.filter(organisation=home)

    whole = list(rows.order_by("person__name_key", "person"))
    parts = [
        by_name(rows, whose="person", part=slice(start, start + size), count=6)
        for start in range(7)
        for size in (1, 2, 6)
    ]

    assert parts == [whole[start : start + size] for start in range(7) for size in (1, 2, 6)]


LETTERS = st.sampled_from("김민밍서석수이강가각닭달ㄱㄳㅁㅅㅇㅏㅣabcz0%_|·\\é ")
TYPED = ["민서", "ㅁㅅ", "김밍", "ㅣ", "서", "민", "a", "da l", "%", "없다", "ㄱ", "김ㅣ", "민서" * 11]


@pytest.fixture
def _several():
    for name in (
        "김민서",
        "이민서",
        "민서",
        "최김민",
        "김민김민",
        "Ada 러브레이스",
        "ada",
        "아다",
        "民서",
        "민서" * 12,
        "닭",
    ):
        make_person(name=name)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(LETTERS, min_size=1, max_size=7), other=st.text(LETTERS, max_size=4), data=st.data())
def test_by_its_parts_a_name_is_found_by_all_that_it_has_and_nothing_else(name, other, data):
    start = data.draw(st.integers(0, len(name) - 1))
    typed = data.draw(st.sampled_from([other, name[start:], name[start : start + 2], name[start : start + 1] + other]))
    make_person(name=name)
    everybody = Person.objects.order_by("pk")

    found = everybody.filter(pk__in=persons_called(typed))

    assert list(found) == list(everybody.filter(called(typed)))
    Person.objects.all().delete()


@pytest.mark.usefixtures("_several")
@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("many", [0, 2, 1_000])
def test_the_likeliest_persons_are_the_first_of_all_who_match(monkeypatch, typed, many):
    monkeypatch.setattr(names, "MANY", many)
    monkeypatch.setattr(search, "FEW", many)
    everybody = Person.objects.all()
    few = names.few_called(typed)

    for part in slice(0, 1), slice(0, 3), slice(1, 4), slice(20):
        assert likeliest_persons(typed, part, among=lambda: everybody) == list(matching(everybody, typed)[part])
    assert {*everybody.filter(pk__in=persons_called(typed))} == {*matching(everybody, typed)}
    assert few is None or {*everybody.filter(pk__in=few)} == {*matching(everybody, typed)}


@pytest.mark.usefixtures("_several")
def test_where_nobody_has_it_no_name_is_read(django_assert_num_queries):
    with django_assert_num_queries(2) as asked:
        assert likeliest_persons("없다", slice(5), among=Person.objects.all) == []

    assert all("instr" not in one["sql"].lower() and "strpos" not in one["sql"].lower() for one in asked)


def test_a_part_in_the_middle_is_sorted_for_walking_there_reads_too_many_names():
    ways = [names.is_near(slice(start, start + 50), 10_000) for start in (0, 1_200, 5_000, 8_800, 9_950)]

    assert ways == [True, True, False, True, True]
    assert not names.is_near(slice(0, 50), 900)
