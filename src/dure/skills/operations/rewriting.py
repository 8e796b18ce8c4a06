"""What an edition changes, written in bulk in the caller's transaction."""

from uuid import UUID

from dure.core.hangul import key_of
from dure.skills.models import Edition, JobRole, RoleSkill, Skill, SkillLevel
from dure.skills.operations.comparing import TOLD, Found, Terms, Values
from dure.store.bulk import insert_rows, update_rows
from dure.store.chunks import chunked

_COMMON = ("code", *TOLD, "name_key")


def write(found: Found, *, edition: Edition) -> None:
    """Everything that a comparison found."""
    _write(Skill, found.skills, edition, ("kind", "broader"))
    _write(JobRole, found.roles, edition, ("titles",))
    _write_levels(found.skills)
    insert_rows(RoleSkill, ("role", "skill", "level", "weight"), found.links)
    update_rows(RoleSkill, ("level", "weight"), found.changed_links)
    for some in chunked(found.gone_links):
        RoleSkill.objects.filter(pk__in=some).delete()


def _write(model: type[Skill] | type[JobRole], terms: Terms, edition: Edition, own: tuple[str, ...]) -> None:
    """Inserted with the edition that brought them, rewritten, retired by it."""
    columns = (*_COMMON, *own)
    fresh = ("id", "taxonomy", "since", "retired_in")
    origin = edition.taxonomy_id, edition.pk, None
    new = ((key, *origin, *_values(values, columns, terms)) for key, values in terms.new)
    insert_rows(model, (*fresh, *columns), new)
    changed = ((None, *_values(values, columns, terms), key) for key, values in terms.changed)
    update_rows(model, ("retired_in", *columns), changed)
    update_rows(model, ("retired_in",), ((edition.pk, key) for key in terms.gone))


def _values(values: Values, columns: tuple[str, ...], terms: Terms) -> list[object]:
    made: dict[str, str | UUID | None] = {
        "name_key": key_of(values["code"], values["name_ko"], values["name_en"]),
        "broader": terms.ids.get(values.get("broader", "")),
    }
    return [made[column] if column in made else values[column] for column in columns]


def _write_levels(skills: Terms) -> None:
    for some in chunked([key for key, _ in skills.changed]):
        SkillLevel.objects.filter(skill__in=some).delete()
    rows = [
        (key, level, ko, en)
        for key, values in (*skills.new, *skills.changed)
        for level, (ko, en) in sorted(values["levels"].items())
    ]
    insert_rows(SkillLevel, ("skill", "level", "says_ko", "says_en"), rows)
