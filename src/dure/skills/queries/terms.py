"""Skills and job roles as people look for them."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, QuerySet, Value, When

from dure.skills.models import JobRole, RoleSkill, Skill, Taxonomy
from dure.store.search import matching

OWN = "dure"  # the key of the taxonomy that comes with Dure


def skills_found(typed: str = "", *, taxonomy: str = "", kind: str = "") -> QuerySet[Skill]:
    """Skills in use, those that come with Dure first; found by parts of names in both languages and by 초성."""
    rows = Skill.objects.filter(retired_in=None).select_related("taxonomy", "broader")
    if taxonomy:
        rows = rows.filter(taxonomy__key=taxonomy)
    if kind:
        rows = rows.filter(kind=kind)
    return matching(rows, typed) if typed else rows.order_by(_own_first(), "name_key", "pk")


def roles_found(typed: str = "", *, taxonomy: str = "") -> QuerySet[JobRole]:
    """Job roles in use, in the same way."""
    rows = JobRole.objects.filter(retired_in=None).select_related("taxonomy")
    if taxonomy:
        rows = rows.filter(taxonomy__key=taxonomy)
    return matching(rows, typed) if typed else rows.order_by(_own_first(), "name_key", "pk")


def _own_first() -> Case:
    return Case(When(taxonomy__key=OWN, then=Value(0)), default=Value(1), output_field=IntegerField())


def skill_by_name(name: str) -> Skill | None:
    """The skill that a blueprint means by a name: ours, else the only one in use of that code."""
    found = list(Skill.objects.filter(code=name, retired_in=None).select_related("taxonomy")[:2])
    own = [skill for skill in found if skill.taxonomy.key == OWN]
    return own[0] if own else found[0] if len(found) == 1 else None


def asked_by(skill: Skill) -> QuerySet[RoleSkill]:
    """The roles in use that ask for a skill, first those that cannot do without it."""
    rows = RoleSkill.objects.filter(skill=skill, role__retired_in=None).select_related("role")
    return rows.order_by("-weight", "-level", "role__name_key", "pk")


def attributions(shown: Iterable[Skill | JobRole]) -> list[Taxonomy]:
    """Whose words a page shows and must name: taxonomies with an attribution, each once."""
    found = {term.taxonomy_id: term.taxonomy for term in shown if term.taxonomy.attribution_en}
    return sorted(found.values(), key=lambda taxonomy: taxonomy.key)
