"""Learning items: what there is to learn, in which words, from whom, at which version."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.text import Text
from dure.learning.models.providers import Provider
from dure.people.models import Organisation, Person
from dure.skills.models import Skill
from dure.store.fulltext import PiecesField
from dure.store.models import Row, one_of


class Facet(models.TextChoices):
    """What items are sorted by besides provider, skill and hours."""

    ROLE = "role"
    LEVEL = "level"
    PRODUCT = "product"
    SUBJECT = "subject"


class Tag(models.Model):
    """A word of one facet, shared by all providers; ``key`` as the first provider to use it wrote it."""

    facet = models.CharField(max_length=7, choices=Facet.choices)
    key = models.CharField(max_length=80)
    name_ko = models.CharField(max_length=160, blank=True)
    name_en = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            one_of("facet", Facet, "tag_facet_known"),
            UniqueConstraint(fields=["facet", "key"], name="tag_once_a_facet"),
        ]

    def __str__(self) -> str:
        return f"{self.facet}:{self.key}"

    @property
    def name(self) -> Text:
        """English serves where there is no Korean, and the key where there is neither."""
        english = self.name_en or self.key
        return Text(ko=self.name_ko or english, en=english)


class ItemKind(models.TextChoices):
    COURSE = "course"
    MODULE = "module"
    PATH = "path"
    LAB = "lab"
    OUTSIDE = "outside"  # a book, a video, a conference: opened elsewhere


class Item(Row):
    """One thing to learn. ``key`` is the provider's own name for it; ``version`` says which state of it this is.

    ``origin`` is the item that was reworked into this one, by ``adapter`` (a person, for an organisation). ``feed`` is
    the locale of the catalogue that it was imported from (empty: written here) and ``fingerprint`` what that said, so
    that the same again changes nothing. A retired item is no longer listed, and stays where somebody learns with it.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="items")
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=7, choices=ItemKind.choices)
    version = models.CharField(max_length=40, default="1")
    minutes = models.PositiveIntegerField(null=True)
    tags = models.ManyToManyField(Tag, related_name="items")
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="adaptations")
    adapter = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    adapter_for = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name_key = models.CharField(max_length=300, default="")  # of its first title: what lists are ordered by
    feed = models.CharField(max_length=10, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", ItemKind, "item_kind_known"),
            UniqueConstraint(fields=["provider", "key"], name="item_once_a_provider"),
            CheckConstraint(condition=~Q(origin=F("pk")), name="item_not_of_itself"),
        ]
        indexes = [
            Index(fields=["name_key", "id"], name="item_listed", condition=Q(retired_at=None)),
            Index(fields=["provider", "retired_at"], name="item_of_provider"),
            Index(fields=["changed_at"], name="item_changed"),
        ]

    def __str__(self) -> str:
        return self.key


class ItemText(models.Model):
    """What an item is called and about in one language (``ko``, ``en``, ``ja``).

    ``summary`` is sanitised HTML. ``outline`` lists what the provider says stands in it: [{title, minutes}].
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="texts")
    locale = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    outline = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["item", "locale"], name="item_text_once_a_locale")]

    def __str__(self) -> str:
        return self.title


class ItemPieces(models.Model):
    """What an item's text in one language is found by."""

    text = models.OneToOneField(ItemText, models.CASCADE, related_name="pieces")
    title = PiecesField()
    body = PiecesField()

    def __str__(self) -> str:
        return str(self.text_id)


class ItemSkill(models.Model):
    """A skill that an item teaches, and the level that it leads to."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="teaches")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="taught_by")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["item", "skill"], name="item_teaches_once"),
            CheckConstraint(condition=Q(level__range=(1, 5)), name="taught_level_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} teaches {self.skill_id} to {self.level}"


class ItemPart(models.Model):
    """What a path or a course is made of, in order."""

    whole = models.ForeignKey(Item, models.CASCADE, related_name="parts")
    part = models.ForeignKey(Item, models.PROTECT, related_name="part_of")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["whole", "part"], name="item_part_once"),
            CheckConstraint(condition=~Q(whole=F("part")), name="item_part_of_another"),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.whole_id} {self.place}"


class ItemNeed(models.Model):
    """What should be known before: the item that comes first."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="needs")
    before = models.ForeignKey(Item, models.PROTECT, related_name="needed_by")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["item", "before"], name="item_need_once"),
            CheckConstraint(condition=~Q(item=F("before")), name="item_needs_another"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} after {self.before_id}"
