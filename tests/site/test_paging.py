"""A list is read a page at a time, and counted only where it is longer than one."""

import pytest

from dure.people.models import Person
from dure.site.paging import page_of
from tests.factories import make_person

pytestmark = [pytest.mark.django_db]


def names(number: str | None, *, size: int) -> tuple[list[str], int, int]:
    page = page_of(Person.objects.order_by("name"), number, size=size)
    return [person.name for person in page], page.number, page.paginator.count


@pytest.mark.parametrize(("size", "queries"), [(4, 1), (3, 1), (2, 2)])
def test_a_list_of_one_page_is_not_counted(django_assert_num_queries, size, queries) -> None:
    for name in "가나다":
        make_person(name=name)

    with django_assert_num_queries(queries):
        assert names(None, size=size) == (["가", "나", "다"][:size], 1, 3)


@pytest.mark.parametrize(
    ("number", "shown"), [("1", (["가", "나"], 1)), ("2", (["다"], 2)), ("9", (["다"], 2)), ("x", (["가", "나"], 1))]
)
def test_a_page_is_the_one_that_is_asked_for_as_far_as_there_is_one(number, shown) -> None:
    for name in "가나다":
        make_person(name=name)

    assert names(number, size=2) == (*shown, 3)
