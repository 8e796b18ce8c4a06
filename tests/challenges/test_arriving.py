"""Files in parts: what has come stays, grows where it ended, and is nobody else's."""

import os
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges import arriving
from dure.challenges.arriving import Arriving, add, arrived, forget, opened, sweep
from dure.core.errors import Missing, Refused, TooLarge
from tests.people.races import race

TASK, PERSON, OTHER = (UUID(int=number) for number in (1, 2, 3))
FILE = Arriving(TASK, PERSON, "a" * 64)


def content(file: Arriving = FILE) -> bytes:
    with opened(file) as there:
        return there.read()


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=6))
def test_parts_in_order_make_the_whole(parts):
    file = Arriving(TASK, PERSON, "b" * 64)
    forget(file)

    for part in parts:
        add(file, part, offset=arrived(file), most=1000)

    assert content(file) == b"".join(parts)


def test_part_that_begins_elsewhere_is_refused_with_where_to_go_on():
    add(FILE, b"12345", offset=0, most=100)

    for offset in (0, 4, 6):
        with pytest.raises(Refused) as refused:
            add(FILE, b"6", offset=offset, most=100)
        assert (refused.value.code, refused.value.facts) == ("upload.offset", {"offset": 5})
    assert content() == b"12345"


def test_of_parts_that_come_at_once_one_is_added():
    answers = race(*[lambda: add(FILE, b"x" * 1000, offset=0, most=10_000)] * 8)

    assert [answer for answer in answers if isinstance(answer, int)] == [1000]
    assert arrived(FILE) == 1000


def test_part_above_the_bound_is_refused_and_changes_nothing():
    add(FILE, b"123", offset=0, most=5)

    with pytest.raises(TooLarge):
        add(FILE, b"456", offset=3, most=5)

    assert content() == b"123"


def test_another_file_takes_the_place_of_the_first_but_of_nobody_elses():
    theirs = Arriving(TASK, OTHER, FILE.sha256)
    elsewhere = Arriving(OTHER, PERSON, FILE.sha256)
    for file in (FILE, theirs, elsewhere):
        add(file, b"1", offset=0, most=5)

    add(Arriving(TASK, PERSON, "c" * 64), b"2", offset=0, most=5)

    assert [arrived(file) for file in (FILE, theirs, elsewhere)] == [0, 1, 1]


def test_what_has_not_grown_for_a_day_goes():
    old = Arriving(TASK, OTHER, "d" * 64)
    for file in (FILE, old):
        add(file, b"1", offset=0, most=5)
    os.utime(old.path, (0, 0))

    assert (sweep(), arrived(old), arrived(FILE)) == (1, 0, 1)


def test_what_never_came_is_not_there():
    with pytest.raises(Missing):
        content(Arriving(TASK, PERSON, "e" * 64))
    assert arriving.sweep() == 0
