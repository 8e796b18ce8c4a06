"""When each item of a chosen set is done: held ones in their weeks, the rest beside them, urgent ones first."""

from collections.abc import Mapping
from dataclasses import dataclass

from dure.match.paths.model import Item, Run, Wish

Chosen = Mapping[str, Run | None]
"""Item → the run that is taken; None where it is done at one's own pace."""


@dataclass(frozen=True, slots=True)
class Times:
    """Item → its first and last week, in the order in which they begin."""

    weeks: Mapping[str, tuple[int, int]]


def times(chosen: Chosen, items: Mapping[str, Item], wish: Wish) -> Times | None:
    """Week by week; None where it cannot be done in the weeks there are, or where items wait for each other."""
    return _Diary(chosen, items, wish).fill()


def stuck(chosen: Chosen, items: Mapping[str, Item], wish: Wish) -> str | None:
    """The held item whose run comes too soon: what it needs is not done by then, or its weeks are full."""
    diary = _Diary(chosen, items, wish)
    diary.fill()
    return diary.stuck


class _Diary:
    """One walk over the weeks. What is begun may be left and taken up again, as people do."""

    def __init__(self, chosen: Chosen, items: Mapping[str, Item], wish: Wish) -> None:
        self.chosen, self.items, self.wish = chosen, items, wish
        self.levels, self.done = dict(wish.have), set(wish.done)
        self.left = {key: items[key].minutes for key, run in chosen.items() if run is None}
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self.due = self._deadlines()
        self.stuck: str | None = None

    def fill(self) -> Times | None:
        for week in range(self.wish.weeks):
            if not self._week(week):
                return None
            if len(self.last) == len(self.chosen):
                return Times({key: (begun, self.last[key]) for key, begun in self.first.items()})
        return Times({}) if not self.chosen else None

    def _week(self, week: int) -> bool:
        """False where a run begins that cannot be begun, or more is held than there are minutes."""
        held = [(key, run) for key, run in self.chosen.items() if run and run.starts <= week <= run.ends]
        spare = self.wish.minutes_a_week - sum(-(-self.items[key].minutes // run.weeks) for key, run in held)
        fresh = [key for key, run in held if run.starts == week]
        self.stuck = next((key for key in fresh if spare < 0 or not self._ready(key)), None)
        if self.stuck:
            return False
        self.first |= {key: week for key, run in held if run.starts == week}
        self._work(week, spare)
        for key, run in held:
            if run.ends == week:
                self._finish(key, week)
        return True

    def _work(self, week: int, spare: int) -> None:
        while spare and (ready := [key for key in self.left if self._ready(key)]):
            key = min(ready, key=lambda k: (self.due.get(k, self.wish.weeks), k not in self.first, k))
            spent = min(spare, self.left[key])
            self.first.setdefault(key, week)
            self.left[key] -= spent
            spare -= spent
            if not self.left[key]:
                del self.left[key]
                self._finish(key, week)

    def _ready(self, key: str) -> bool:
        item = self.items[key]
        reached = all(self.levels.get(skill, 0) >= level for skill, level in item.needs.items())
        return reached and item.after <= self.done

    def _finish(self, key: str, week: int) -> None:
        self.last[key] = week
        self.done.add(key)
        for skill, level in self.items[key].teaches.items():
            self.levels[skill] = max(self.levels.get(skill, 0), level)

    def _deadlines(self) -> dict[str, int]:
        """Item → the week before which it must be done, for a held item waits for it, by whatever way."""
        due = {key: run.starts for key, run in self.chosen.items() if run}
        waiting = sorted(due, key=lambda key: due[key])
        while waiting:
            key = waiting.pop(0)
            for before in self._before(key):
                if due[key] < due.get(before, self.wish.weeks + 1) and self.chosen[before] is None:
                    due[before] = due[key]
                    waiting.append(before)
        return due

    def _before(self, key: str) -> list[str]:
        """Chosen items that ``key`` waits for."""
        item = self.items[key]
        asked = self.wish.missing(item.needs)
        return [
            other
            for other in self.chosen
            if other != key and (other in item.after or asked & set(self.items[other].rungs))
        ]
