"""How templates show levels."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dure.skills.levels import LEVELS

register = template.Library()
WORDS: dict[str, Promise] = {
    "skill": _("Ability"), "knowledge": _("Knowledge"), "technology": _("Technology"), "attitude": _("Attitude"),
    "signed": _("verified signature"), "measured": _("measured by Dure"), "judged": _("judged by rubric"),
    "recorded": _("recorded by a person"), "self": _("own word"),
    "test": _("Test"), "round": _("Challenge"), "learn": _("Course"), "project": _("Project"),
    "placement": _("Work placement"), "credential": _("Credential"), "publish": _("Publication"),
    "event": _("Event"), "form": _("Form"),
    "new": _("New in this edition"), "renamed": _("Renamed"), "changed": _("Changed otherwise"),
    "retired": _("No longer in it"), "same": _("The same"),
    "skills": _("Skills"), "roles": _("Job roles"), "links": _("What roles ask for"),
}  # fmt: skip
MEANINGS: dict[int, Promise] = {
    0: _("not shown yet"), 1: _("knows of it"), 2: _("does it with help"), 3: _("does it alone"),
    4: _("leads others at it"), 5: _("moves its field"),
}  # fmt: skip


@register.filter
def skill_word(value: str) -> str:
    """The word for a kind of skill or evidence, for who vouches, for what an edition changes."""
    return str(WORDS.get(value, value))


@register.filter
def meaning(level: int) -> str:
    """What a level means in a few words."""
    return str(MEANINGS[level])


@register.inclusion_tag("skills/steps.html")
def steps(level: int, asked: int = 0) -> dict[str, object]:
    """Five steps: those reached, those asked for and not reached."""
    marks = ["on" if step <= level else "asked" if step <= asked else "" for step in LEVELS]
    return {"level": level, "asked": asked, "marks": marks}
