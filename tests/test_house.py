"""The house itself: what imports cannot show."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [[room.strip(" ()") for room in layer.split("|")] for layer in CONTRACTS[0]["layers"]]
FLOOR = {room: height for height, rooms in enumerate(reversed(LAYERS)) for room in rooms}
OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("dure.")]


@pytest.mark.parametrize("name", ["house.md", "ko/house.md"])
def test_house_page_equals_the_import_contracts(name):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+(?:\\\|[^|]+)*) \|", page, flags=re.MULTILINE)

    written = {int(floor): [room.strip() for room in rooms.split("\\|")] for floor, rooms in rows}

    assert written == {height + 1: rooms for height, rooms in enumerate(reversed(LAYERS))}


def test_every_room_has_a_floor():
    rooms = {path.stem for path in (ROOT / "src" / "dure").iterdir() if path.stem not in {"__init__", "__pycache__"}}

    assert rooms <= set(FLOOR)


def test_foreign_keys_point_down():
    up = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in OURS
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and isinstance(field.related_model, type)
        if (there := field.related_model._meta.app_label) != model._meta.app_label and there in FLOOR
        if FLOOR[there] >= FLOOR[model._meta.app_label]
    ]

    assert up == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_state_column_is_kept_inside_its_map_by_a_constraint(model):
    states = [f for f in model._meta.get_fields() if isinstance(f, models.CharField) and f.name == "state"]

    checked = {
        name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        for name, _ in (child for child in constraint.condition.children if isinstance(child, tuple))
    }

    assert all(field.choices and "state__in" in checked for field in states)


def test_no_model_overrides_save():
    assert [model.__name__ for model in OURS if "save" in vars(model)] == []
