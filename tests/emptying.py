"""A database emptied after a test that committed, without making anew what it never touched."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

OF_MODELS = (Permission, ContentType)  # rows that migrating makes: a few for each model, and nobody changes them


@contextmanager
def but_for_rows_of_models() -> Iterator[None]:
    """Within it, permissions and content types stay; Django deletes them and has every room make them again."""
    empty, at_first = TransactionTestCase._fixture_teardown, _counted()

    def emptied(case: TransactionTestCase) -> None:
        if _counted() == at_first:
            _empty_the_rest()
        else:
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


def _counted() -> list[int]:
    return [model.objects.count() for model in OF_MODELS]


def _empty_the_rest() -> None:
    kept = {model._meta.db_table for model in OF_MODELS}
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), [t for t in tables if t not in kept]))
