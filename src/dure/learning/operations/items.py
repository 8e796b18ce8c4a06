"""Items that curators write, rework, tie to skills and retire."""

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.learning.events import ItemRetired, SkillsTaught
from dure.learning.models import Item, ItemSkill, ItemText, Provider
from dure.learning.records import Record, Taught, Words, sanitised
from dure.learning.rules import is_written_here
from dure.learning.writing import Links, name_key, skills_by, tags_for, write_links, write_texts
from dure.people.models import Organisation, Person
from dure.skills.models import Skill

_TAKEN = Text(
    ko="이 제공 기관에 같은 키의 항목이 있습니다: {key}. 다른 키를 쓰세요.",
    en="This provider has an item with the key {key} already. Choose another key.",
)
_IMPORTED = Text(
    ko="가져온 항목은 원본에서만 바뀝니다. 고쳐 쓰려면 개작본을 만드세요.",
    en="What was imported changes at its source. To rework it, make an adaptation.",
)
_NO_TITLE = Text(ko="한국어나 영어 제목을 쓰세요.", en="Write a title, in Korean or English.")
_UNKNOWN = Text(ko="없는 항목입니다: {keys}", en="There are no such items: {keys}")
_SKILLS = Text(ko="역량을 다시 확인하세요.", en="Check the skills.")
_RETIRED = Text(ko="이미 내린 항목입니다.", en="It is retired already.")


@transaction.atomic
def write_item(provider: Provider, told: Record) -> Item:
    """A new item in a curator's words. Raises Refused("item.taken"), Flawed."""
    item = Item(provider=provider, key=told.key, kind=told.kind)
    _create(item)
    _fill(item, told)
    record("item.written", item, after=_told(told))
    return item


@transaction.atomic
def edit_item(item: Item, told: Record) -> Item:
    """Say it anew, as the next version. Raises Refused("item.imported") for what was imported, Flawed."""
    if not is_written_here(item):
        raise Refused("item.imported", _IMPORTED)
    before = {"version": item.version, "kind": item.kind, "minutes": item.minutes}
    _fill(item, replace(told, version=_next(item.version)))
    record("item.edited", item, before=before, after={**_told(told), "version": item.version})
    return item


@transaction.atomic
def adapt_item(item: Item, *, into: Provider, key: str, by: Person, for_: Organisation | None = None) -> Item:
    """A copy to be reworked: it names its origin and who reworks it. Raises Refused("item.taken")."""
    made = Item(
        provider=into, key=key, kind=item.kind, minutes=item.minutes, origin=item, adapter=by, adapter_for=for_,
        name_key=item.name_key, version=f"{item.version}+1"[:40],
    )  # fmt: skip
    _create(made)
    made.tags.set(item.tags.all())
    ItemSkill.objects.bulk_create(
        [ItemSkill(item=made, skill_id=one.skill_id, level=one.level) for one in item.teaches.all()]
    )
    write_texts([(made.pk, {text.locale: _words(text) for text in item.texts.all()})])
    write_links({made.pk: Links(_ids(item, "parts", "part"), _ids(item, "needs", "before"))})
    record("item.adapted", made, after={"origin": str(item.pk), "key": key, "for": for_.short if for_ else ""})
    return made


@transaction.atomic
def teach(item: Item, *, skills: list[Taught]) -> Item:
    """Say which skills an item teaches, imported ones as well. Raises Flawed where a skill is not known."""
    before = {one.skill.code: one.level for one in item.teaches.select_related("skill")}
    _set_skills(item, skills)
    Item.objects.filter(pk=item.pk).update(changed_at=clock.now())
    record("item.skills-set", item, before=before, after={one.code: one.level for one in skills})
    return item


@transaction.atomic
def retire_item(item: Item) -> Item:
    """List it no more; whoever learns with it goes on. Raises Refused("item.retired")."""
    now = clock.now()
    if not Item.objects.filter(pk=item.pk, retired_at=None).update(retired_at=now, changed_at=now):
        raise Refused("item.retired", _RETIRED)
    item.retired_at = now
    record("item.retired", item)
    publish(ItemRetired(item.pk))
    return item


@transaction.atomic
def list_again(item: Item) -> Item:
    """Put a retired item back on the list."""
    Item.objects.filter(pk=item.pk).update(retired_at=None, changed_at=clock.now())
    item.retired_at = None
    record("item.listed", item)
    publish(SkillsTaught(item.pk))
    return item


def _create(item: Item) -> None:
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        raise Refused("item.taken", _TAKEN.format(key=item.key)) from None


def _fill(item: Item, told: Record) -> None:
    """Write all that a record says into an item that is there."""
    if not told.texts:
        raise Flawed("item.title", _NO_TITLE)
    links = Links(_by_keys(item, told.parts), _by_keys(item, told.needs))
    item.kind, item.minutes, item.version = told.kind, told.minutes, told.version
    item.name_key, item.changed_at = name_key(told.texts), clock.now()
    item.save(update_fields=["kind", "minutes", "version", "name_key", "changed_at"])
    item.tags.set(tags_for(told.tags, {}).values())
    _set_skills(item, list(told.skills))
    ItemText.objects.filter(item=item).delete()
    write_texts([(item.pk, {code: replace(one, summary=sanitised(one.summary)) for code, one in told.texts.items()})])
    write_links({item.pk: links})


def _set_skills(item: Item, skills: list[Taught]) -> None:
    found = skills_by(one.code for one in skills)
    wrong = [text.as_dict() for text in found.values() if isinstance(text, Text)]
    if wrong:
        raise Flawed("item.skills", _SKILLS, errors=[{"text": text} for text in wrong])
    ItemSkill.objects.filter(item=item).delete()
    levels = {skill.pk: one.level for one in skills if isinstance(skill := found[one.code], Skill)}
    ItemSkill.objects.bulk_create([ItemSkill(item=item, skill_id=pk, level=level) for pk, level in levels.items()])
    publish(SkillsTaught(item.pk))


def _by_keys(item: Item, keys: tuple[str, ...]) -> list[UUID]:
    """Items of the same provider by their keys, in that order. Raises Flawed with those that there are not."""
    there = dict(Item.objects.filter(provider_id=item.provider_id, key__in=keys).values_list("key", "pk"))
    unknown = [key for key in keys if key not in there or key == item.key]
    if unknown:
        raise Flawed("item.links", _UNKNOWN.format(keys=", ".join(unknown)))
    return [there[key] for key in dict.fromkeys(keys)]


def _ids(item: Item, links: str, field: str) -> list[UUID]:
    return list(getattr(item, links).values_list(field, flat=True))


def _words(text: ItemText) -> Words:
    outline = tuple((part["title"], part["minutes"]) for part in text.outline)
    return Words(text.title, text.summary, text.address, outline)


def _next(version: str) -> str:
    """The version after this one: its last number, one higher."""
    head, sign, last = version.rpartition("+")
    return f"{head}{sign}{int(last) + 1}" if last.isdecimal() else f"{version}+1"


def _told(told: Record) -> dict[str, object]:
    titles = {language: words.title for language, words in told.texts.items()}
    return {"key": told.key, "kind": told.kind, "titles": titles, "minutes": told.minutes}
