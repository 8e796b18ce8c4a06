"""How what a record says becomes rows: texts and what they are found by, tags, skills, parts and prerequisites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from dure.core.hangul import key_of
from dure.core.text import Text
from dure.learning.models import Facet, ItemNeed, ItemPart, ItemPieces, ItemText, Tag
from dure.learning.names import KOREAN
from dure.learning.records import Words, plain
from dure.skills.models import Skill
from dure.store.chunks import chunked
from dure.store.fulltext import pieces_of

_NO_SKILL = Text(ko="없는 역량입니다: {code}", en="There is no such skill: {code}")
_WHICH_SKILL = Text(
    ko="역량 코드가 여러 분류 체계에 있습니다: {code}. 분류 체계를 앞에 붙이세요.",
    en="More than one taxonomy has the skill {code}. Write the taxonomy before it.",
)


@dataclass(frozen=True)
class Links:
    """What an item is made of, in order, and what comes before it."""

    parts: list[UUID]
    needs: list[UUID]


def links_of(items: Sequence[UUID]) -> dict[UUID, Links]:
    found: dict[UUID, Links] = {}
    for piece in chunked(items):
        for whole, part in ItemPart.objects.filter(whole__in=piece).order_by("place").values_list("whole", "part"):
            found.setdefault(whole, Links([], [])).parts.append(part)
        for item, before in ItemNeed.objects.filter(item__in=piece).order_by("pk").values_list("item", "before"):
            found.setdefault(item, Links([], [])).needs.append(before)
    return found


def write_links(links: Mapping[UUID, Links]) -> None:
    for piece in chunked(links):
        ItemPart.objects.filter(whole__in=piece).delete()
        ItemNeed.objects.filter(item__in=piece).delete()
    ItemPart.objects.bulk_create(
        [
            ItemPart(whole_id=pk, part_id=part, place=at)
            for pk, one in links.items()
            for at, part in enumerate(one.parts)
        ],
        batch_size=1000,
    )
    ItemNeed.objects.bulk_create(
        [ItemNeed(item_id=pk, before_id=before) for pk, one in links.items() for before in one.needs], batch_size=1000
    )


def write_texts(rows: Sequence[tuple[UUID, Mapping[str, Words]]]) -> None:
    """The texts of items that have none in these languages, and what they are found by."""
    texts = [
        ItemText(
            item_id=pk, locale=language, title=words.title, summary=words.summary, address=words.address,
            outline=[{"title": title, "minutes": minutes} for title, minutes in words.outline],
            fingerprint=words.fingerprint,
        )
        for pk, told in rows
        for language, words in told.items()
    ]  # fmt: skip
    made = ItemText.objects.bulk_create(texts, batch_size=500)
    found = [ItemPieces(text=text, title=pieces_of(text.title), body=_body(text)) for text in made]
    ItemPieces.objects.bulk_create(found, batch_size=500)


def _body(text: ItemText) -> str:
    inside = [part["title"] for part in text.outline]
    return pieces_of(text.title, plain(text.summary), *inside)


def name_key(texts: Mapping[str, Words]) -> str:
    """What lists are ordered by: the Korean title, else the English one, else any."""
    first = next((texts[language] for language in ("ko", "en") if language in texts), None)
    return key_of(first.title if first else next(iter(texts.values())).title)[:300]


def tags_for(
    wanted: Iterable[tuple[str, str]], names: Mapping[tuple[str, str, str], str]
) -> dict[tuple[str, str], int]:
    """The tags of these facets and keys, made where there are none; names that are told now fill what is empty."""
    pairs = sorted(set(wanted))
    there = {(tag.facet, tag.key): tag for tag in Tag.objects.filter(_any_of(pairs))} if pairs else {}
    fresh = [_tag(facet, key, names) for facet, key in pairs if (facet, key) not in there]
    Tag.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        there = {(tag.facet, tag.key): tag for tag in Tag.objects.filter(_any_of(pairs))}
    return {pair: tag.pk for pair, tag in there.items()}


def _tag(facet: str, key: str, names: Mapping[tuple[str, str, str], str]) -> Tag:
    """A new tag, by the names that are told, else by those that are known of it."""
    korean = names.get((facet, key, "ko")) or KOREAN.get((facet, key), "")
    english = names.get((facet, key, "en")) or (key.replace("-", " ").capitalize() if korean else "")
    return Tag(facet=facet, key=key, name_ko=korean, name_en=english)


def _any_of(pairs: Iterable[tuple[str, str]]) -> Q:
    by_facet: dict[str, list[str]] = {facet: [] for facet in Facet.values}
    for facet, key in pairs:
        by_facet[facet].append(key)
    found = Q(pk__in=[])
    for facet, keys in by_facet.items():
        found |= Q(facet=facet, key__in=keys)
    return found


def skills_by(codes: Iterable[str]) -> dict[str, Skill | Text]:
    """Each code's skill, or the sentence that says why there is none."""
    wanted = {code: code.rpartition("/") for code in codes}
    rows: dict[tuple[str, str], Skill] = {}
    by_code: dict[str, list[Skill]] = {}
    plain_codes = {code for _, _, code in wanted.values()}
    for skill in Skill.objects.filter(code__in=plain_codes, retired_in=None).select_related("taxonomy"):
        rows[skill.taxonomy.key, skill.code] = skill
        by_code.setdefault(skill.code, []).append(skill)
    found: dict[str, Skill | Text] = {}
    for written, (taxonomy, _, code) in wanted.items():
        fitting = [rows[taxonomy, code]] if (taxonomy, code) in rows else [] if taxonomy else by_code.get(code, [])
        sentence = _WHICH_SKILL if len(fitting) > 1 else _NO_SKILL
        found[written] = fitting[0] if len(fitting) == 1 else sentence.format(code=written)
    return found
