"""Lists by name: any part of them is the same, walked or sorted."""

import pytest

from dure.people.models import Membership
from dure.people.queries import by_name, names
from tests.factories import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("many", [0, names.MANY])
def test_every_part_of_a_list_stands_in_the_order_of_names(monkeypatch, many):
    monkeypatch.setattr(names, "MANY", many)
    monkeypatch.setattr(names, "NEAR", 1)
    home = make_organisation()
    for name in ("김하나", "이둘", "김하나", "Bo", "박셋", "ada"):
        make_member(home, make_person(name=name))
    make_member(make_organisation(), make_person(name="Elsewhere"))
    rows = Membership.objects.filter(organisation=home)

    whole = list(rows.order_by("person__name_key", "person"))
    parts = [
        by_name(rows, whose="person", part=slice(start, start + size), count=6)
        for start in range(7)
        for size in (1, 2, 6)
    ]

    assert parts == [whole[start : start + size] for start in range(7) for size in (1, 2, 6)]


def test_a_part_in_the_middle_is_sorted_for_walking_there_reads_too_many_names():
    ways = [names.is_near(slice(start, start + 50), 10_000) for start in (0, 1_200, 5_000, 8_800, 9_950)]

    assert ways == [True, True, False, True, True]
    assert not names.is_near(slice(0, 50), 900)
