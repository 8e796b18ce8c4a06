"""Public ids: UUID version 7, in the order in which they were made, also across threads."""

import time
from concurrent.futures import ThreadPoolExecutor

from dure.core.ids import uuid7


def test_ids_are_of_version_7_and_carry_their_moment():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000 + 1000  # a counter that ran over borrows from the milliseconds to come

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_ids_rise_within_a_process_and_none_is_made_twice():
    ids = [uuid7() for _ in range(10_000)]

    assert ids == sorted(set(ids))


def test_threads_make_different_ids():
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: [uuid7() for _ in range(1_000)], range(4)))

    assert len({each for some in made for each in some}) == 4_000
    assert all(some == sorted(some) for some in made)
