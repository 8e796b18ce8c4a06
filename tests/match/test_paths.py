"""The shortest learning path: against every path there is, on small catalogues."""

from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.match.paths import Item, Lack, Run, Wish, quick, shortest
from dure.match.paths.model import Why
from dure.match.paths.reach import climb, lacking, open_items, within_reach
from dure.match.paths.schedule import times

SKILLS = ("data", "models", "ops")


def item(key, minutes, /, after=(), entry=None, runs=(), **teaches):
    return Item(key, minutes, teaches, entry or {}, frozenset(after), tuple(runs))


def wish(*, have=None, minutes_a_week=300, weeks=10, done=(), **want):
    return Wish(have or {}, want, minutes_a_week, weeks, frozenset(done))


def test_two_short_items_lose_against_one_that_is_shorter_than_both():
    items = [item("a1", 100, data=1), item("a2", 100, data=2), item("both", 150, entry={"data": 0}, data=2)]

    plan = shortest(items, wish(data=2))

    assert [step.item for step in plan.steps] == ["both"]
    assert (plan.minutes, plan.proven, plan.weeks) == (150, True, 1)
    assert plan.steps[0].climbs == (("data", 1), ("data", 2))


def test_prerequisites_come_first_and_cost_their_minutes():
    items = [item("intro", 50), item("deep", 100, after={"intro"}, data=1), item("long", 160, data=1)]

    assert [step.item for step in shortest(items, wish(data=1)).steps] == ["intro", "deep"]


def test_what_is_done_already_costs_nothing():
    items = [item("intro", 90), item("deep", 100, after={"intro"}, data=1), item("long", 160, data=1)]

    assert [step.item for step in shortest(items, wish(data=1, done={"intro"})).steps] == ["deep"]


def test_an_item_is_understood_only_from_its_entry():
    items = [item("m2", 100, models=2, entry={"models": 0, "data": 1}), item("d1", 60, data=1)]

    plan = shortest(items, wish(models=2))

    assert [(step.item, step.first) for step in plan.steps] == [("d1", 0), ("m2", 0)]


def test_items_that_need_each_other_lead_nowhere():
    items = [
        item("chicken", 10, data=1, entry={"models": 1}),
        item("egg", 10, models=1, entry={"data": 1}),
        item("way", 500, models=1),
    ]

    plan = shortest(items, wish(data=1))

    assert [step.item for step in plan.steps] == ["way", "chicken"]


def test_a_full_run_is_left_for_the_next_one():
    full, free = Run("spring", 0, 1, seats=0), Run("summer", 4, 5, seats=1)

    plan = shortest([item("class", 300, runs=[full, free], data=1)], wish(data=1))

    assert [(step.run, step.first, step.last) for step in plan.steps] == [("summer", 4, 5)]


def test_of_equally_short_ways_the_one_that_ends_first_is_taken():
    late, soon = Run("late", 6, 7), Run("soon", 2, 3)

    plan = shortest([item("x", 100, runs=[late, soon], data=1)], wish(data=1))

    assert plan.steps[0].run == "soon"


def test_a_run_begins_after_what_it_needs_could_be_worked_through():
    early, late = Run("early", 1, 1), Run("late", 3, 3)
    items = [item("d1", 600, data=1), item("d2", 100, runs=[early, late], data=2)]

    plan = shortest(items, wish(data=2))

    assert [(step.item, step.run, step.first, step.last) for step in plan.steps] == [
        ("d1", None, 0, 1),
        ("d2", "late", 3, 3),
    ]


def test_what_is_held_too_soon_for_what_it_needs_is_no_way():
    items = [
        item("slow", 500, data=1),
        item("fast", 550, data=1, runs=[Run("fast", 0, 1)]),
        item("last", 100, runs=[Run("only", 2, 2)], data=2),
    ]

    tight = shortest(items, wish(data=2, minutes_a_week=240, weeks=12))
    roomy = shortest(items, wish(data=2, minutes_a_week=275, weeks=12))

    assert ([step.item for step in tight.steps], tight.lacks) == (["slow"], (Lack("data", 2, Why.TIME),))
    assert [step.item for step in roomy.steps] == ["slow", "last"]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([], Why.UNTAUGHT),
        ([item("late", 10, runs=[Run("r", 30, 31)], data=1)], Why.CLOSED),
        ([item("full", 10, runs=[Run("r", 0, 1, seats=0)], data=1)], Why.CLOSED),
        ([Item("unheld", 10, {"data": 1}, held=True)], Why.CLOSED),
        ([item("huge", 10_000, data=1)], Why.TIME),
    ],
)
@pytest.mark.parametrize("solve", [quick, shortest])
def test_what_cannot_be_reached_is_named_with_its_reason(solve, items, why):
    assert solve(items, wish(data=1)).lacks == (Lack("data", 1, why),)


@pytest.mark.parametrize("solve", [quick, shortest])
def test_the_reachable_part_is_planned_where_a_part_is_not(solve):
    plan = solve([item("d1", 10, data=1)], wish(data=2, models=1))

    assert [step.item for step in plan.steps] == ["d1"]
    assert plan.lacks == (Lack("data", 2, Why.UNTAUGHT), Lack("models", 1, Why.UNTAUGHT))


def test_nothing_to_learn_is_an_empty_plan():
    plan = shortest([item("d1", 10, data=1)], wish(data=1, have={"data": 1}))

    assert (plan.steps, plan.lacks, plan.weeks, plan.proven) == ((), (), 0, True)


runs = st.lists(
    st.builds(
        lambda key, starts, length, seats: Run(key, starts, starts + length, seats),
        st.sampled_from("abc"),
        st.integers(0, 4),
        st.integers(0, 1),
        st.sampled_from([None, 0, 2]),
    ),
    max_size=2,
    unique_by=lambda run: run.key,
)


@st.composite
def catalogues(draw):
    size = draw(st.integers(1, 5))
    items = []
    for number in range(size):
        teaches = draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 2), max_size=2))
        entry = draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 1), max_size=1))
        after = draw(st.sets(st.sampled_from([f"i{n}" for n in range(size) if n != number] or ["i0"]), max_size=1))
        own = draw(runs)
        items.append(
            Item(f"i{number}", draw(st.integers(1, 40)), teaches, entry, frozenset(after - {f"i{number}"}), tuple(own))
        )
    return items


wishes = st.builds(
    Wish,
    st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 1), max_size=2),
    st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 2), min_size=1, max_size=3),
    st.integers(10, 50),
    st.integers(1, 6),
)


def fewest(items, wish):
    """The fewest minutes of any set of items, each in any of its runs, that can be laid out and closes the gap."""
    open_ones = open_items(items, wish)
    best = None
    for keys in chain.from_iterable(combinations(open_ones, n) for n in range(len(open_ones) + 1)):
        chosen = [open_ones[key] for key in keys]
        _, levels = climb(chosen, wish)
        if any(levels.get(skill, 0) < level for skill, level in wish.want.items()):
            continue
        minutes = sum(one.minutes for one in chosen)
        ways = product(*(one.runs or (None,) for one in chosen))
        if (best is None or minutes < best) and any(
            times(dict(zip(keys, way, strict=True)), open_ones, wish) for way in ways
        ):
            best = minutes
    return best


@given(catalogues(), wishes)
@settings(max_examples=300, deadline=None)
def test_the_shortest_path_is_as_short_as_any_there_is(items, wish):
    plan = shortest(items, wish)
    near = within_reach(wish, lacking(items, wish))

    least = fewest(items, near)

    if least is None:
        assert plan.steps == ()
        assert Why.TIME in {lack.why for lack in plan.lacks}
    else:
        assert (plan.minutes, plan.proven) == (least, True)


@given(catalogues(), wishes, st.sampled_from([quick, shortest]))
@settings(max_examples=300, deadline=None)
def test_a_plan_keeps_every_rule(items, wish, solve):
    plan = solve(items, wish)
    by_key = {one.key: one for one in items}
    levels, done, begun = dict(wish.have), {}, sorted(plan.steps, key=lambda step: (step.first, step.last))

    for week in range(wish.weeks):
        held = [s for s in plan.steps if s.run and s.first <= week <= s.last]
        assert sum(-(-s.minutes // (s.last - s.first + 1)) for s in held) <= wish.minutes_a_week
        assert sum(s.minutes for s in plan.steps if s.last <= week) <= wish.minutes_a_week * (week + 1)
    for step in begun:
        one = by_key[step.item]
        assert all(done[key] <= step.first for key in one.after - wish.done)
        run = next((run for run in one.runs if run.key == step.run), None)
        assert (run is None) == (not one.runs)
        assert run is None or ((run.starts, run.ends) == (step.first, step.last) and run.seats != 0)
        done[step.item] = step.last
        levels |= {skill: max(levels.get(skill, 0), level) for skill, level in one.teaches.items()}
    lowest = {lack.skill: min(one.level for one in plan.lacks if one.skill == lack.skill) for lack in plan.lacks}
    assert all(levels.get(s, 0) >= min(level, lowest.get(s, 99) - 1) for s, level in wish.want.items())


@given(catalogues(), wishes)
@settings(max_examples=100, deadline=None)
def test_more_minutes_a_week_never_make_a_path_longer(items, wish):
    roomier = replace(wish, minutes_a_week=wish.minutes_a_week * 2)
    tight, loose = shortest(items, wish), shortest(items, roomier)

    assert loose.minutes <= tight.minutes or len(loose.lacks) < len(tight.lacks)
