"""Providers, items and courses for tests, made by the room's own operations."""

from itertools import count

from dure.learning.models import Item, Provider
from dure.learning.operations.items import write_item
from dure.learning.operations.providers import open_provider
from dure.learning.records import Record, Words
from dure.skills.models import Skill, Taxonomy
from tests.factories import make_organisation

_numbers = count(1)


def make_provider(key: str = "", **known) -> Provider:
    key = key or f"provider-{next(_numbers)}"
    return open_provider(known.pop("organisation", None) or make_organisation(), key=key,
                         **{"name_ko": f"{key} 제공", "name_en": key.title(), **known})  # fmt: skip


def a_record(key: str = "", *, title: str = "", kind: str = "module", **known) -> Record:
    """A record with a Korean title."""
    key = key or f"item-{next(_numbers)}"
    texts = known.pop("texts", None) or {"ko": Words(title or f"{key} 과정")}
    return Record(key=key, kind=kind, texts=texts, **known)


def make_item(provider: Provider | None = None, **known) -> Item:
    return write_item(provider or make_provider(), a_record(**known))


def make_skill(code: str, *, taxonomy: str = "starter", name_ko: str = "") -> Skill:
    words, _ = Taxonomy.objects.get_or_create(key=taxonomy, defaults={"title_ko": taxonomy, "title_en": taxonomy})
    return Skill.objects.create(taxonomy=words, code=code, name_ko=name_ko or code, name_en=code.title())
