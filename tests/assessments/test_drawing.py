"""Papers drawn from banks."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from dure.assessments.drawing import Offered, Wanted, draw

TOPICS, KINDS = st.sampled_from(["a", "b"]), st.sampled_from(["single", "short"])
POOLS = st.lists(st.tuples(TOPICS, st.integers(1, 2), KINDS), max_size=8).map(
    lambda rows: [Offered(UUID(int=at), *row) for at, row in enumerate(rows)]
)
LINES = st.lists(
    st.builds(Wanted, st.integers(1, 3), st.sampled_from(["", "a", "b"]), st.sampled_from([None, 1, 2]),
              st.sampled_from(["", "single", "short"])),
    min_size=1, max_size=3,
)  # fmt: skip


def test_a_question_that_another_line_needs_is_left_to_it():
    pool = [Offered(UUID(int=1), "a", 1, "single"), Offered(UUID(int=2), "b", 1, "single")]

    drawn = [draw([Wanted(1), Wanted(1, topic="a")], pool, seed=seed) for seed in range(20)]

    assert {tuple(one.questions) for one in drawn} == {((0, UUID(int=2)), (1, UUID(int=1)))}


def test_what_a_line_lacks_is_named():
    pool = [Offered(UUID(int=1), "a", 1, "single")]

    assert draw([Wanted(1, topic="a"), Wanted(2, topic="b")], pool, seed=1).lacks == {1: 2}


def test_seeds_draw_different_papers_and_one_seed_the_same():
    pool = [Offered(UUID(int=at), "a", 1, "single") for at in range(40)]

    papers = [tuple(draw([Wanted(5)], pool, seed=seed).questions) for seed in (1, 2, 1)]

    assert papers[0] == papers[2] != papers[1]


@given(LINES, POOLS, st.integers(0, 2**62))
def test_every_question_fits_its_line_stands_once_and_as_many_as_can_be_are_drawn(lines, pool, seed):
    drawn = draw(lines, pool, seed=seed)

    by_id = {one.id: one for one in pool}
    counted = Counter(line for line, _ in drawn.questions)
    assert all(lines[line].fits(by_id[pk]) for line, pk in drawn.questions)
    assert len({pk for _, pk in drawn.questions}) == len(drawn.questions) == most_of(lines, pool)
    assert {at: line.count - counted[at] for at, line in enumerate(lines) if counted[at] < line.count} == drawn.lacks


def most_of(lines, pool):
    """The largest matching, by trying every question in every slot."""
    slots = [line for line in lines for _ in range(line.count)]
    reached = {0: 0}  # slots taken, as bits, to how many
    for one in pool:
        for taken, n in list(reached.items()):
            for at, line in enumerate(slots):
                if not taken >> at & 1 and line.fits(one):
                    reached[taken | 1 << at] = n + 1
    return max(reached.values())
