"""A catalogue against what is there: what is new, changed, the same, gone; and the rows that make it so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dure.core import clock
from dure.core.ids import uuid7
from dure.core.text import Text
from dure.learning.models import Item, ItemSkill, ItemText, Provider
from dure.learning.records import Flaw, Listing, Record, Words
from dure.learning.writing import Links, links_of, name_key, skills_by, tags_for, write_links, write_texts
from dure.skills.models import Skill
from dure.store.bulk import update_rows
from dure.store.chunks import chunked

LISTED = 500  # keys of each sort that a report names


@dataclass
class Report:
    """What an import does, by the keys of items. ``dangling``: references that lead to nothing, by who has them."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    dangling: list[tuple[str, str]] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        sorts = ("new", "changed", "same", "retired")
        return {
            "counts": {name: len(getattr(self, name)) for name in (*sorts, "dangling", "flaws")},
            **{name: getattr(self, name)[:LISTED] for name in ("new", "changed", "retired")},
            "dangling": self.dangling,
            "flaws": [flaw.as_dict() for flaw in self.flaws[:LISTED]],
        }


@dataclass
class Change:
    """One record and the item that it meets. ``own``: this feed says what the item is, not only its words."""

    record: Record
    item: Item
    is_new: bool
    own: bool
    attributes: bool
    words: Mapping[str, Words]

    @property
    def changes(self) -> bool:
        return self.is_new or self.attributes or bool(self.words)


class Comparison:
    """A listing beside a provider's items, read once. ``report`` says what ``apply`` would do."""

    def __init__(self, provider: Provider, listing: Listing, *, whole: bool) -> None:
        self.provider, self.listing = provider, listing
        self.items = {item.key: item for item in provider.items.all()}
        self.skills = skills_by({taught.code for record in listing.records for taught in record.skills})
        self.report = Report(flaws=[*listing.flaws, *self._unknown_skills()])
        self.changes = self._changes()
        self.links = self._links()
        self.gone = self._gone() if whole else []
        self._sort()

    def _changes(self) -> list[Change]:
        texts = {
            (text.item_id, text.locale): text.fingerprint
            for text in ItemText.objects.filter(item__provider=self.provider).only("item", "locale", "fingerprint")
        }
        return [self._change(record, texts) for record in self.listing.records]

    def _change(self, record: Record, texts: Mapping[tuple[UUID, str], str]) -> Change:
        there = self.items.get(record.key)
        item = there or Item(id=uuid7(), provider=self.provider, key=record.key)
        own = there is None or there.retired_at is not None or there.feed in {"", self.listing.feed}
        attributes = own and (item.fingerprint != record.fingerprint or item.retired_at is not None)
        words = {
            language: words
            for language, words in record.texts.items()
            if texts.get((item.pk, language)) != words.fingerprint
        }
        return Change(record, item, there is None, own, attributes, words)

    def _links(self) -> dict[UUID, Links]:
        """Parts and prerequisites of the items whose feed this is; what leads nowhere goes to the report."""
        known = {
            **{key: item.pk for key, item in self.items.items()},
            **{c.record.key: c.item.pk for c in self.changes},
        }
        wanted = {}
        for change in (one for one in self.changes if one.own):
            record = change.record
            wanted[change.item.pk] = Links(
                [known[key] for key in record.parts if key in known and key != record.key],
                [known[key] for key in record.needs if key in known and key != record.key],
            )
            named = (*record.parts, *record.needs)
            self.report.dangling += [(record.key, key) for key in named if key not in known]
        there = links_of(list(wanted))
        return {pk: links for pk, links in wanted.items() if links != there.get(pk, Links([], []))}

    def _gone(self) -> list[Item]:
        listed = {record.key for record in self.listing.records}
        return [
            item
            for key, item in self.items.items()
            if key not in listed and item.feed == self.listing.feed and item.retired_at is None
        ]

    def _sort(self) -> None:
        for change in self.changes:
            changed = change.changes or change.item.pk in self.links
            sort = self.report.new if change.is_new else self.report.changed if changed else self.report.same
            sort.append(change.record.key)
        self.report.retired = [item.key for item in self.gone]

    def _unknown_skills(self) -> Iterable[Flaw]:
        for record in self.listing.records:
            for taught in record.skills:
                if isinstance(found := self.skills[taught.code], Text):
                    yield Flaw(record.place or record.key, found, "skills")

    # --- what it does

    def apply(self) -> None:
        """Write what the report says, in the caller's transaction."""
        now = clock.now()
        self._write_items([change for change in self.changes if change.is_new or change.attributes])
        self._write_texts([change for change in self.changes if change.words])
        write_links(self.links)
        Item.objects.filter(pk__in=[item.pk for item in self.gone]).update(retired_at=now, changed_at=now)
        touched = [change.item.pk for change in self.changes if change.changes or change.item.pk in self.links]
        for piece in chunked(touched):
            Item.objects.filter(pk__in=piece).update(changed_at=now)

    def _write_items(self, changes: Sequence[Change]) -> None:
        for change in changes:
            item, record = change.item, change.record
            item.kind, item.version, item.minutes = record.kind, record.version, record.minutes
            item.fingerprint, item.feed, item.retired_at = record.fingerprint, self.listing.feed, None
            item.name_key = name_key(record.texts)
        Item.objects.bulk_create([change.item for change in changes if change.is_new], batch_size=500)
        columns = ("kind", "version", "minutes", "fingerprint", "feed", "retired_at")
        old = [change.item for change in changes if not change.is_new]
        update_rows(Item, columns, [(*(getattr(item, name) for name in columns), item.pk) for item in old])
        self._write_tags(changes)
        self._write_skills(changes)

    def _write_tags(self, changes: Sequence[Change]) -> None:
        tags = tags_for({tag for change in changes for tag in change.record.tags}, self.listing.names)
        through = Item.tags.through
        for piece in chunked(change.item.pk for change in changes if not change.is_new):
            through.objects.filter(item_id__in=piece).delete()
        through.objects.bulk_create(
            [
                through(item_id=change.item.pk, tag_id=tags[tag])
                for change in changes
                for tag in dict.fromkeys(change.record.tags)
            ],
            batch_size=1000,
        )

    def _write_skills(self, changes: Sequence[Change]) -> None:
        """Skills that a curator tied to imported items stay where the catalogue itself names none."""
        telling = [change for change in changes if change.record.skills]
        for piece in chunked(change.item.pk for change in telling if not change.is_new):
            ItemSkill.objects.filter(item__in=piece).delete()
        rows = {}
        for change in telling:
            for taught in change.record.skills:
                if isinstance(skill := self.skills[taught.code], Skill):
                    row = ItemSkill(item_id=change.item.pk, skill=skill, level=taught.level)
                    rows[change.item.pk, skill.pk] = row
        ItemSkill.objects.bulk_create(rows.values(), batch_size=1000)

    def _write_texts(self, changes: Sequence[Change]) -> None:
        for piece in chunked(changes):
            for language in {language for change in piece for language in change.words}:
                old = [change.item.pk for change in piece if language in change.words and not change.is_new]
                ItemText.objects.filter(item__in=old, locale=language).delete()
        write_texts([(change.item.pk, change.words) for change in changes])
