"""A good path at once: what climbs most for its minutes until the gap is closed; then what proved needless goes."""

from collections.abc import Mapping, Sequence

from dure.match.paths.model import Item, Lack, Plan, Run, Rung, Step, Why, Wish
from dure.match.paths.reach import climb, lacking, reachable, relevant, within_reach
from dure.match.paths.schedule import Chosen, Times, stuck, times


def quick(items: Sequence[Item], wish: Wish) -> Plan:
    """A path that closes the gap, without proof that none is shorter."""
    lacks = lacking(items, wish)
    near = within_reach(wish, lacks)
    return good(relevant(reachable(items, near), near), near, lacks)


def good(candidates: Mapping[str, Item], wish: Wish, lacks: Sequence[Lack], *, bound: int = 0) -> Plan:
    """The shorter one of two: of everything, and of what is done at one's own pace, which always fits in some order."""
    own_pace = reachable((item for item in candidates.values() if not item.runs), wish)
    plans = []
    for pool in (candidates, own_pace):
        chosen = pick(pool, wish)
        done = times(chosen, candidates, wish) if chosen is not None else None
        if chosen is not None and done is not None:
            plans.append(plan_of(chosen, candidates, wish, done, bound=bound, lacks=lacks))
    return min(plans, key=lambda plan: plan.minutes, default=too_little_time(wish, lacks, bound=bound))


def pick(pool: Mapping[str, Item], wish: Wish) -> dict[str, Run | None] | None:
    """A set that closes the gap, or None. Where a run comes too soon its item waits for the next one or goes."""
    candidates = dict(pool)
    while _closes(set(candidates), candidates, wish):
        chosen = _place(_without_needless(_gather(candidates, wish), candidates, wish), candidates, wish)
        while (early := stuck(chosen, candidates, wish)) and (later := _later(candidates[early], chosen[early])):
            chosen[early] = later
        if early is None:
            return chosen
        del candidates[early]
        candidates = {key: item for key, item in candidates.items() if item.after <= candidates.keys()}
    return None


def _without_needless(chosen: set[str], candidates: Mapping[str, Item], wish: Wish) -> set[str]:
    for key in sorted(chosen, key=lambda k: -candidates[k].minutes):
        if _closes(chosen - {key}, candidates, wish):
            chosen = chosen - {key}
    return chosen


def _later(item: Item, run: Run | None) -> Run | None:
    """The next of its runs."""
    after = [other for other in item.runs if run and other.starts > run.starts]
    return min(after, key=lambda other: other.starts, default=None)


def _gather(candidates: Mapping[str, Item], wish: Wish) -> set[str]:
    order = [item for layer in climb(candidates.values(), wish)[0] for item in layer]
    chosen: set[str] = set()
    while missing := _missing(chosen, candidates, wish):
        best = max(
            (i for i in order if i.key not in chosen), key=lambda i: len(missing & set(i.rungs)) / (i.minutes + 1)
        )
        chosen |= {best.key} | _ancestors(best.key, candidates)
    return chosen


def _missing(chosen: set[str], items: Mapping[str, Item], wish: Wish) -> set[Rung]:
    """Levels that are not climbed yet, of the gap and of the entries of what is chosen."""
    climbed = {rung for key in chosen for rung in items[key].rungs}
    asked = {rung for key in chosen for rung in wish.missing(items[key].needs)}
    return (wish.gap() | asked) - climbed


def _closes(chosen: set[str], items: Mapping[str, Item], wish: Wish) -> bool:
    """Whether all of it can be begun in turn, and the gap is closed in the end."""
    layers, levels = climb([items[key] for key in chosen], wish)
    everything = sum(map(len, layers)) == len(chosen)
    return everything and all(levels.get(skill, 0) >= level for skill, level in wish.want.items())


def _ancestors(key: str, items: Mapping[str, Item]) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        fresh = items[waiting.pop()].after - found
        found |= fresh
        waiting += fresh
    return found


def _place(chosen: set[str], items: Mapping[str, Item], wish: Wish) -> dict[str, Run | None]:
    """Layer by layer: a run begins when what stands before it can have been worked through."""
    layers, _ = climb([items[key] for key in chosen], wish)
    placed: dict[str, Run | None] = {}
    minutes = week = 0
    for layer in layers:
        for item in layer:
            run = min(
                (r for r in item.runs if r.starts >= week),
                key=lambda r: r.ends,
                default=item.runs[0] if item.runs else None,
            )
            placed[item.key] = run
            minutes += 0 if run else item.minutes
        ends = [run.ends + 1 for run in (placed[item.key] for item in layer) if run]
        week = max([week, -(-minutes // wish.minutes_a_week), *ends])
    return placed


def plan_of(
    chosen: Chosen, items: Mapping[str, Item], wish: Wish, done: Times, *, bound: int, lacks: Sequence[Lack]
) -> Plan:
    """The chosen items in the order in which they begin, each with the levels that it is the first to climb."""
    climbed: set[Rung] = set()
    steps = []
    for key, (first, last) in done.weeks.items():
        run = chosen[key]
        new = tuple(r for r in items[key].rungs if r[1] > wish.level(r[0]) and r not in climbed)
        climbed |= set(new)
        steps.append(Step(key, run.key if run else None, first, last, items[key].minutes, new))
    return Plan(tuple(steps), bound, tuple(lacks))


def too_little_time(wish: Wish, lacks: Sequence[Lack], *, bound: int) -> Plan:
    """No plan fits the weeks and the minutes there are."""
    short = tuple(Lack(skill, level, Why.TIME) for skill, level in sorted(wish.gap()))
    return Plan((), bound, (*lacks, *short))
