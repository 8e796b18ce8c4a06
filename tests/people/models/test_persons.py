"""A name and its parts are one: whatever way a name is written, what it is found by agrees with it."""

import pytest
from django.db import connection

from dure.core.hangul import key_of
from dure.people.models import NamePart, Person
from dure.people.operations import change_person, forget
from dure.store.search import LONGEST
from tests.factories import make_person
from tests.people.parts import parts_of_names, parts_wanted

pytestmark = pytest.mark.django_db
OLD, NEW = "김민서", "Ada 러브레이스"


def _saved(person):
    person.name = NEW
    person.save()


def _saved_in_part(person):
    person.name = NEW
    person.save(update_fields=["name", "name_key"])


def _saved_as_it_was_read(person):
    there = Person.objects.only("name", "name_key").get(pk=person.pk)
    there.name = NEW
    there.save()


def _found_and_changed(person):
    Person.objects.update_or_create(email=person.email, defaults={"name": NEW})


def _told(person):
    change_person(person, name=NEW)


MADE = {
    "save": lambda: Person(email="new@example.org", name=NEW).save(),
    "create": lambda: Person.objects.create(email="new@example.org", name=NEW),
    "create_user": lambda: Person.objects.create_user("new@example.org", name=NEW),
    "get_or_create": lambda: Person.objects.get_or_create(email="new@example.org", defaults={"name": NEW}),
    "register": lambda: make_person("new@example.org", name=NEW),
    "bulk_create": lambda: Person.objects.bulk_create(
        [Person(email="new@example.org", name=NEW), Person(email="nobody@example.org")], batch_size=1
    ),
}
CHANGED = [_saved, _saved_in_part, _saved_as_it_was_read, _found_and_changed, _told]


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_new_name_has_its_parts(make):
    make()

    assert key_of("러브레이스")[1:] in parts_of_names()["new@example.org"]
    assert parts_of_names() == parts_wanted()


@pytest.mark.parametrize("change", CHANGED, ids=lambda change: change.__name__)
def test_a_changed_name_has_its_own_parts_and_none_of_the_old(change):
    person, other = make_person(name=OLD), make_person(name=OLD)

    change(person)

    assert key_of("러브레이스")[1:] in parts_of_names()[person.email]
    assert parts_of_names() == parts_wanted()
    assert parts_of_names()[other.email] == {key_of("민서")[1:], key_of("서")[1:]}


def test_names_are_not_changed_past_their_parts():
    person = make_person(name=OLD)

    for way in (
        lambda: Person.objects.update(name=NEW),
        lambda: Person.objects.filter(pk=person.pk).update(name_key=NEW),
        lambda: Person.objects.bulk_update([person], ["name"]),
        lambda: Person.objects.bulk_create([person], update_conflicts=True, unique_fields=["id"]),
        lambda: Person.objects.bulk_create([person], None, True),
    ):
        with pytest.raises(TypeError):
            way()


def test_what_else_is_changed_asks_for_no_parts(django_assert_num_queries):
    person = make_person(name=OLD)

    with django_assert_num_queries(1):
        person.save(update_fields=["last_login"])
    with django_assert_num_queries(2):
        person.save()
    with django_assert_num_queries(1):
        Person.objects.update(language="ko")


def test_nothing_is_left_of_a_name_that_was_forgotten_or_deleted():
    forgotten, deleted = make_person(name=OLD), make_person(name=NEW)

    forget(forgotten)
    Person.objects.filter(pk=deleted.pk).delete()

    assert not NamePart.objects.exists()


def test_a_part_is_as_long_as_is_typed_at_most():
    make_person("long@example.org", name="가나다라" * 30)

    assert {len(part) for part in parts_of_names()["long@example.org"]} == {*range(3, LONGEST + 1, 3)}


@pytest.mark.django_db(transaction=True)
def test_where_parts_cannot_be_written_no_name_is(monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError

    monkeypatch.setattr(NamePart.objects, "bulk_create", fail)

    for way in (MADE["create"], MADE["bulk_create"]):
        with pytest.raises(RuntimeError):
            way()

    assert not connection.in_atomic_block
    assert not Person.objects.exists()
