"""Whose names can be found by their parts as they are."""

from dure.core.hangul import endings
from dure.people.models import NamePart, Person
from dure.store.search import LONGEST


def parts_of_names() -> dict[str, set[str]]:
    """What is kept, by address."""
    kept = {address: set() for address in Person.objects.values_list("email", flat=True)}
    for address, part in NamePart.objects.values_list("person__email", "part"):
        kept[address].add(part)
    return kept


def parts_wanted() -> dict[str, set[str]]:
    """What the names have that stand there."""
    names = Person.objects.values_list("email", "name_key")
    return {address: {ending[:LONGEST] for ending in endings(key)} for address, key in names}
