"""Keyset pages: every row once, in order, also while rows arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.people.models import Organisation
from dure.store.pages import MOST, page_of
from tests.factories import make_organisation


def walked(limit):
    """All rows, page by page."""
    after, found = None, []
    while True:
        page = page_of(Organisation.objects.all(), after=after, limit=limit)
        found.append([row.short for row in page.rows])
        if page.next is None:
            return found
        after = page.next


class Pages(TestCase):
    @given(count=st.integers(0, 7), limit=st.integers(1, 4))
    def test_pages_together_are_all_rows_in_the_order_they_were_made(self, count, limit):
        Organisation.objects.all().delete()
        made = [make_organisation().short for _ in range(count)]

        pages = walked(limit)

        assert [short for page in pages for short in page] == made
        assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.django_db
def test_a_row_that_arrives_meanwhile_comes_last_and_moves_no_other():
    made = [make_organisation().short for _ in range(3)]
    first = page_of(Organisation.objects.all(), limit=2)
    late = make_organisation().short

    second = page_of(Organisation.objects.all(), after=first.next, limit=2)

    assert [row.short for row in (*first.rows, *second.rows)] == [*made, late]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "got"), [(0, 1), (-3, 1), (MOST + 1, 2)])
def test_a_page_has_at_least_one_row_and_never_more_than_the_most(asked, got):
    for _ in range(2):
        make_organisation()

    assert len(page_of(Organisation.objects.all(), limit=asked).rows) == got
