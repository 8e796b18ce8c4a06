"""What can be reached at all, and which items could be part of a path: the problem before it is solved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

from dure.match.paths.model import Item, Lack, Run, Rung, Why, Wish

Need = Rung | str


def usable(item: Item, wish: Wish) -> tuple[Run, ...] | None:
    """The runs that somebody could still take; None where the item cannot be taken at all. () is one's own pace."""
    if not item.runs:
        return None if item.held else ()
    load = wish.minutes_a_week
    fits = [
        run
        for run in item.runs
        if 0 <= run.starts <= run.ends < wish.weeks
        if run.seats is None or run.seats > 0
        if -(-item.minutes // run.weeks) <= load
    ]
    return tuple(fits) or None


def open_items(items: Iterable[Item], wish: Wish) -> dict[str, Item]:
    """Items not done yet that can be taken, with their usable runs only, as far as what they come after can be too."""
    left = {}
    for item in items:
        runs = usable(item, wish)
        if item.key not in wish.done and runs is not None:
            left[item.key] = Item(
                item.key, item.minutes, item.teaches, item.entry, item.after - wish.done, runs, item.held
            )
    while dangling := [key for key, item in left.items() if not item.after <= left.keys()]:
        for key in dangling:
            del left[key]
    return left


def climb(items: Iterable[Item], wish: Wish) -> tuple[list[list[Item]], dict[str, int]]:
    """The items that can be begun one layer after the other, and the levels that are had in the end."""
    levels = dict(wish.have)
    waiting, done, layers = list(items), set(wish.done), []
    while ready := [item for item in waiting if _ready(item, levels, done)]:
        layers.append(ready)
        done |= {item.key for item in ready}
        waiting = [item for item in waiting if item.key not in done]
        for item in ready:
            for skill, level in item.teaches.items():
                levels[skill] = max(levels.get(skill, 0), level)
    return layers, levels


def _ready(item: Item, levels: Mapping[str, int], done: set[str]) -> bool:
    return item.after <= done and all(levels.get(skill, 0) >= level for skill, level in item.needs.items())


def reachable(items: Iterable[Item], wish: Wish) -> dict[str, Item]:
    """What somebody could do within the weeks who had nothing else to do, with the runs that come late enough."""
    left = open_items(items, wish)
    begins = _soonest(left, wish)
    return {key: _with_later_runs(left[key], moment, wish) for key, moment in begins.items()}


def _soonest(items: Mapping[str, Item], wish: Wish) -> dict[str, int]:
    """Item → the moment, in minutes of study, before which it cannot be begun; without those that never can.

    The item that ends first is settled first, as Dijkstra does: nothing that ends later can bring it forward.
    """
    asks: dict[str, set[Need]] = {key: {*wish.missing(item.needs), *item.after} for key, item in items.items()}
    askers: dict[Need, list[str]] = {}
    for key, needs in asks.items():
        for need in needs:
            askers.setdefault(need, []).append(key)
    begins = {key: 0 for key, needs in asks.items() if not needs}
    queue = [(end, key) for key in begins if (end := _end(items[key], 0, wish)) is not None]
    heapify(queue)
    ended = set()
    while queue:
        moment, key = heappop(queue)
        ended.add(key)
        for free in _freed((key, *items[key].rungs), asks, askers):
            begins[free] = moment
            if (end := _end(items[free], moment, wish)) is not None:
                heappush(queue, (end, free))
    return {key: begins[key] for key in items if key in ended}


def _freed(had: Iterable[Need], asks: Mapping[str, set[Need]], askers: dict[Need, list[str]]) -> list[str]:
    """The items that waited for nothing but this."""
    free = []
    for need in had:
        for key in askers.pop(need, []):
            asks[key].discard(need)
            free += [] if asks[key] else [key]
    return free


def _end(item: Item, begins: int, wish: Wish) -> int | None:
    """When it ends that begins then; None: not within the weeks."""
    ends = [(run.ends + 1) * wish.minutes_a_week for run in item.runs if run.starts * wish.minutes_a_week >= begins]
    end = min(ends, default=None) if item.runs else begins + item.minutes
    return end if end is not None and end <= wish.minutes_a_week * wish.weeks else None


def _with_later_runs(item: Item, begins: int, wish: Wish) -> Item:
    return replace(item, runs=tuple(run for run in item.runs if run.starts * wish.minutes_a_week >= begins))


def lacking(items: Sequence[Item], wish: Wish) -> list[Lack]:
    """Levels of the gap that nothing leads to, each with why (``Why``)."""
    out = sorted(wish.gap() - _climbed(reachable(items, wish)))
    if not out:
        return []
    some_day = _climbed(
        reachable([replace(i, runs=(), held=False) for i in items], replace(wish, weeks=1 + _all(items)))
    )
    at_once = _climbed(reachable([replace(item, minutes=0) for item in items], wish))
    return [
        Lack(*rung, Why.TIME if rung in at_once else Why.CLOSED if rung in some_day else Why.UNTAUGHT) for rung in out
    ]


def _all(items: Iterable[Item]) -> int:
    return sum(item.minutes for item in items)


def _climbed(items: Mapping[str, Item]) -> set[Rung]:
    return {rung for item in items.values() for rung in item.rungs}


def undominated(items: Mapping[str, Item], wish: Wish) -> dict[str, Item]:
    """Without the items for which another does as much in no more minutes, asks no more and can be done at any time."""
    asked = wish.gap().union(*(wish.missing(item.needs) for item in items.values()))
    use = {key: asked & set(item.rungs) for key, item in items.items()}
    entry = {key: wish.missing(item.needs) for key, item in items.items()}
    wanted = {key for item in items.values() for key in item.after}
    free = [item for item in items.values() if not item.runs and not item.after]
    kept = dict(items)
    for key in sorted(items.keys() - wanted, key=lambda key: (-items[key].minutes, key)):
        for other in free:
            better = other.key in kept and other.key != key and other.minutes <= items[key].minutes
            if better and use[other.key] >= use[key] and entry[other.key] <= entry[key]:
                del kept[key]
                break
    return kept


def within_reach(wish: Wish, lacks: Iterable[Lack]) -> Wish:
    """The wish without the levels that cannot be had."""
    lowest: dict[str, int] = {}
    for lack in lacks:
        lowest[lack.skill] = min(lowest.get(lack.skill, lack.level), lack.level)
    want = {skill: min(level, lowest.get(skill, level + 1) - 1) for skill, level in wish.want.items()}
    return Wish(wish.have, want, wish.minutes_a_week, wish.weeks, wish.done)


def relevant(items: Mapping[str, Item], wish: Wish) -> dict[str, Item]:
    """The items that could help: those that climb a level of the gap, and what they themselves need."""
    teachers: dict[Rung, list[Item]] = {}
    for item in items.values():
        for rung in item.rungs:
            teachers.setdefault(rung, []).append(item)
    found: dict[str, Item] = {}
    open_rungs, seen = list(wish.gap()), set(wish.gap())
    while open_rungs:
        fresh = [item for item in teachers.get(open_rungs.pop(), ()) if item.key not in found]
        while fresh:
            item = fresh.pop()
            found[item.key] = item
            fresh += [items[key] for key in item.after if key not in found]
            asked = wish.missing(item.needs)
            open_rungs += asked - seen
            seen |= asked
    return found
