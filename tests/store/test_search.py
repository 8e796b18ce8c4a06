"""Keys follow the names they are made of, and rows are found by them."""

import pytest

from dure.core.hangul import key_of
from dure.people.models import Organisation, Person
from dure.people.operations import change_organisation, change_person, forget
from dure.store.search import matching
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
