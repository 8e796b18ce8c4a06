"""Migrations of an empty database in a fraction of their time.

After each operation Django renders anew every model that is related to the one it changed, and what is related to
those: with some 250 tables that is nine tenths of what migrating takes. What only adds to one table needs its own
model alone. What does more (it alters a field, or runs Python) sees every model anew, as Django has it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OF_ONE_TABLE = (
    migrations.CreateModel, migrations.AddField, migrations.AddIndex, migrations.RemoveIndex,
    migrations.AddConstraint, migrations.RemoveConstraint, migrations.AlterModelOptions,
    migrations.AlterModelManagers, migrations.AlterUniqueTogether,
    migrations.RunPython,  # which has every model rendered for itself where some may be old
)  # fmt: skip
_apply = migrations.Migration.apply


@contextmanager
def each_model_alone() -> Iterator[None]:
    """Within it, migrations render each table's own model alone wherever that is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations.Migration, "apply", _applied)
        yield


def _applied(migration: migrations.Migration, state: ProjectState, *args, **how) -> ProjectState:
    if all(map(_is_of_one_table, migration.operations)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ProjectState, "reload_model", _reload_alone)
            return _apply(migration, state, *args, **how)
    state.clear_delayed_apps_cache()
    return _apply(migration, state, *args, **how)


def _is_of_one_table(operation: Operation) -> bool:
    """An altered field is, unless it refers to another table or may be referred to."""
    if isinstance(operation, migrations.AlterField):
        return not (operation.field.is_relation or operation.field.unique)
    return isinstance(operation, OF_ONE_TABLE)


def _reload_alone(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    if "apps" in state.__dict__:  # asking for it otherwise would render it
        state.is_delayed = True  # whoever needs the others as well has them rendered first
        state._reload({(app_label, model_name)})
