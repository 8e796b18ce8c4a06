"""The blueprint frozen inside a programme, as models: read once a process, bound, its windows overridden."""

import json
from dataclasses import replace
from functools import lru_cache

from dure.blueprint.binding import bound
from dure.blueprint.library import load_blueprint
from dure.blueprint.model import Blueprint, Stage
from dure.blueprint.overriding import read_window
from dure.programmes.models import Programme


def blueprint_of(programme: Programme) -> Blueprint:
    """The programme's rules as they hold now."""
    return _read(programme.source, _key(programme.bind), _key(programme.windows))


def stage_of(programme: Programme, stage: str) -> Stage:
    return blueprint_of(programme).stage(stage)


def options_at(programme: Programme, stage: str) -> tuple[str, ...]:
    """The options in force at ``stage``; empty where there are none."""
    source = blueprint_of(programme).options_stage(stage)
    return source.options if source and isinstance(source.options, tuple) else ()


def _key(values: dict[str, object]) -> str:
    return json.dumps(values, sort_keys=True)


@lru_cache(maxsize=256)
def _read(source: str, bind: str, windows: str) -> Blueprint:
    blueprint = bound(load_blueprint(source.encode()), json.loads(bind))
    overrides = {stage: read_window(window) for stage, window in json.loads(windows).items()}
    stages = tuple(replace(s, when=overrides.get(s.id, s.when)) for s in blueprint.stages)
    return replace(blueprint, stages=stages)
