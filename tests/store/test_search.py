"""Keys follow the names they are made of, and rows are found by them."""

import pytest

from dure.core.hangul import key_of
from dure.people.models import Organisation, Person
from dure.people.operations import change_organisation, change_person, forget
from dure.store.search import likeliest, matching
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


def named(*names: str) -> None:
    for name in names:
        make_person(name=name)


def found(typed: str) -> list[str]:
    return list(matching(Person.objects.all(), typed).values_list("name", flat=True))


def test_names_that_begin_with_it_come_first():
    named("최김민", "김민수", "이김민정", "박서준")

    assert found("김민") == ["김민수", "이김민정", "최김민"]
    assert found("ㄱㅁ") == ["김민수", "이김민정", "최김민"]


@pytest.mark.parametrize("typed", ["김민", "ㄱㅁ", "민수", "ㅁㅅ", "김밍", "ㅣ", "박서준", "%", "없다"])
def test_the_likeliest_are_the_first_of_all_who_match(typed):
    named("최김민", "김민수", "이김민정", "박서준", "김미나", "Kim Minsu")
    everybody = Person.objects.all()

    for part in slice(0, 1), slice(0, 3), slice(1, 4), slice(10):
        found = likeliest(Person, typed, part, among=lambda: everybody)
        assert found == list(matching(everybody, typed)[part])


def test_only_who_is_among_those_that_count_is_found():
    named("김민수", "이김민정", "최김민")
    some = Person.objects.exclude(name="김민수")

    assert [row.name for row in likeliest(Person, "김민", slice(2), among=lambda: some)] == ["이김민정", "최김민"]


def test_names_are_not_read_one_by_one_where_the_index_finds_enough(django_assert_num_queries):
    named("김민수", "이김민정")

    with django_assert_num_queries(2):
        found = likeliest(Person, "김민", slice(1), among=Person.objects.all)

    assert [row.name for row in found] == ["김민수"]


def test_who_counts_is_not_asked_where_nobody_is_called_so():
    def among():
        pytest.fail("nobody is called so")

    assert likeliest(Person, "없는이름", slice(5), among=among) == []


def test_what_is_typed_is_never_a_pattern():
    named("김민수", "100%_club")

    assert (found("%"), found("_"), found("100%")) == ([], [], ["100%_club"])


def test_the_key_follows_a_changed_name():
    person = make_person(name="김민수")

    change_person(person, name="박서준")

    assert (found("김민수"), found("박서준")) == ([], ["박서준"])


def test_nobody_is_found_by_a_name_that_was_forgotten():
    forget(make_person(name="김민수"))

    assert found("김민수") == []


def test_an_organisation_is_found_by_every_name_it_has():
    made = make_organisation("naver", name_ko="네이버", name_en="NAVER Corp")
    change_organisation(made, name_en="Naver Cloud")

    for typed in ("ㄴㅇㅂ", "navercl", "naver", "Cloud"):
        assert list(matching(Organisation.objects.all(), typed)) == [made]
    made.refresh_from_db()
    assert made.name_key == key_of("naver", "네이버", "Naver Cloud")


def test_rows_written_at_once_have_keys_too():
    Organisation.objects.bulk_create([Organisation(short="kt", name_ko="케이티", name_en="KT", kind="company")])

    assert [row.short for row in matching(Organisation.objects.all(), "ㅋㅇㅌ")] == ["kt"]
