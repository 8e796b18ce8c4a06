"""Durable transactions: on disk before they return (SQLite: synchronous FULL, on the outermost only)."""

import pytest
from django.db import connection, transaction

from dure.people.models import Organisation
from dure.store.transactions import durable
from tests.factories import make_organisation

NORMAL, FULL = 1, 2


def synchronous():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL commits are on disk by default")
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA synchronous").fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_sqlite_writes_through_inside_and_as_usual_after():
    before = synchronous()
    with durable():
        inside = synchronous()

    assert (before, inside, synchronous()) == (NORMAL, FULL, NORMAL)


@pytest.mark.django_db(transaction=True)
def test_an_inner_one_joins_the_outer():
    with durable(), durable():
        make_organisation("kept")

    assert Organisation.objects.filter(short="kept").exists()


@pytest.mark.django_db(transaction=True)
def test_inside_an_ordinary_transaction_it_is_part_of_it():
    class Undone(Exception):  # noqa: N818 -- no fault: it undoes
        pass

    with pytest.raises(Undone), transaction.atomic():
        with durable():
            make_organisation("lost")
        raise Undone

    assert not Organisation.objects.filter(short="lost").exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_undoes_everything_and_the_usual_is_back():
    with pytest.raises(ValueError, match="no"), durable():
        make_organisation("lost")
        raise ValueError("no")

    assert (Organisation.objects.count(), synchronous()) == (0, NORMAL)
