"""What somebody decides of their path: which items they do without, and which they have done elsewhere."""

from django.db import transaction

from dure.audit.operations import record
from dure.learning.models import Item, ItemSaid, LearningPath
from dure.learning.operations.paths.planning import plan_at_once, put
from dure.people.models import Person


def leave_out(path: LearningPath, *, item: Item) -> None:
    """Plan without an item; something else takes its place where there is something. Raises Refused("path.left")."""
    with transaction.atomic():
        path.without.add(item)
        put(path, *plan_at_once(path))
        record("path.item-left-out", path, after={"item": item.key}, about=path.person)


def take_in_again(path: LearningPath, *, item: Item) -> None:
    """Let an item be part of it again. Raises Refused("path.left")."""
    with transaction.atomic():
        path.without.remove(item)
        put(path, *plan_at_once(path))
        record("path.item-let-in", path, after={"item": item.key}, about=path.person)


@transaction.atomic
def say_done(person: Person, *, item: Item) -> None:
    """Keep somebody's word that they have done an item; their paths go on from it, their levels do not change."""
    row, made = ItemSaid.objects.get_or_create(person=person, item=item)
    if made:
        record("item.said-done", row, after={"item": item.key}, about=person)
        _plan_anew(person, item)


@transaction.atomic
def take_word_back(person: Person, *, item: Item) -> None:
    """Take it back; nothing happens where nothing was said."""
    row = ItemSaid.objects.filter(person=person, item=item).first()
    if row:
        record("item.said-undone", row, before={"item": item.key}, about=person)
        row.delete()
        _plan_anew(person, item)


def _plan_anew(person: Person, item: Item) -> None:
    for path in LearningPath.objects.filter(person=person, left_at=None, steps__item=item).select_related("role"):
        put(path, *plan_at_once(path))
