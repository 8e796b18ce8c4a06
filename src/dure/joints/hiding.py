"""Stages whose rounds are not public: whoever takes no part in them learns nothing of them, not even their names.

All tasks of a stage stand in one round, so a stage is told whole or not at all.
"""

from dataclasses import replace

from dure.blueprint.model import Blueprint
from dure.challenges.models import Round
from dure.challenges.rules import known_to
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme

_NAMELESS = Text(ko="비공개 단계", en="A stage that is not public")


def hidden_stages(programme: Programme, person: Person | None) -> frozenset[str]:
    """Stages of which somebody learns nothing; whoever operates the programme sees all."""
    rows = RoundTask.objects.filter(programme=programme, task__round__is_public=False)
    unknown = frozenset(
        rows.exclude(task__round__in=Round.objects.filter(known_to(person))).values_list("stage", flat=True)
    )
    return frozenset() if unknown and person and rules.operates(person, programme) else unknown


def told_without(hidden: frozenset[str], programme: Programme) -> Blueprint:
    """The programme's blueprint as others are told it: what is promised at hidden stages, but not their names."""
    blueprint = blueprint_of(programme)
    if not hidden:
        return blueprint
    return replace(blueprint, words={**(blueprint.words or {}), **dict.fromkeys(hidden, _NAMELESS)})
