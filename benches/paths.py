"""What a learning path costs: `python benches/paths.py [COURSES] [SKILLS]` (default 300 and 12; no database).

Forty made-up catalogues, each with prerequisites, courses held at dates, and full runs. The proven shortest path beside
the one that is answered at once: how long each takes, and how much longer the quick one's path is.
"""

import sys
import time
from collections.abc import Callable
from random import Random
from statistics import median, quantiles

from benches._table import show

from dure.match.paths import Item, Plan, Run, Wish, quick, shortest

CATALOGUES = 40
WEEKS = 52
Timed = tuple[float, Plan]


def catalogue(courses: int, skills: int, seed: int) -> tuple[list[Item], Wish]:
    """Courses in fields of three skills; what leads far asks for its field's basics, and for some of a neighbour's."""
    draw = Random(seed)
    fields = [[f"f{field}.{number}" for number in range(3)] for field in range(max(skills, 3))]
    items = [_course(number, fields, draw) for number in range(courses)]
    gap = {
        name: draw.choice([2, 3, 3, 4]) for name in draw.sample([name for field in fields for name in field], skills)
    }
    return items, Wish({name: draw.choice([0, 0, 1]) for name in gap}, gap, 600, WEEKS)


def _course(number: int, fields: list[list[str]], draw: Random) -> Item:
    place = draw.randrange(len(fields))
    level = draw.choice([1, 1, 2, 2, 3, 4])
    teaches = dict.fromkeys(draw.sample(fields[place], draw.choice([1, 1, 2])), level)
    entry = {draw.choice(fields[place - 1]): 1} if level > 1 and draw.random() < 0.2 else {}
    after = {f"c{draw.randrange(number)}"} if number and draw.random() < 0.1 else set()
    starts = sorted(draw.sample(range(WEEKS - 8), 4)) if draw.random() < 0.3 else []
    runs = tuple(Run(f"r{week}", week, week + draw.randint(1, 6), draw.choice([None, 0, 5])) for week in starts)
    return Item(f"c{number}", draw.choice([60, 120, 240, 480, 900]), teaches, entry, frozenset(after), runs)


def timed(solve: Callable[[], Plan]) -> Timed:
    began = time.perf_counter()
    plan = solve()
    return (time.perf_counter() - began) * 1000, plan


def main() -> None:
    courses = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    skills = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    shortest(*catalogue(10, 2, 0))  # the solver's library is loaded before anything is timed
    pairs = []
    for seed in range(CATALOGUES):
        items, wish = catalogue(courses, skills, seed)
        pairs.append((timed(lambda: shortest(items, wish)), timed(lambda: quick(items, wish))))  # noqa: B023 -- called here
    show(
        f"{courses} courses, a gap of {skills} skills, {CATALOGUES} catalogues, {_proven(pairs)} proven",
        ("path", "p50 ms", "p95 ms", "most ms", "minutes, ratio"),
        [
            _row("shortest", [best for best, _ in pairs], "1"),
            _row("quick", [good for _, good in pairs], _longer(pairs)),
        ],
    )


def _row(name: str, solved: list[Timed], ratio: str) -> list[str]:
    took = [milliseconds for milliseconds, _ in solved]
    return [name, *(f"{n:.1f}" for n in (median(took), quantiles(took, n=20)[-1], max(took))), ratio]


def _proven(pairs: list[tuple[Timed, Timed]]) -> int:
    return sum(best.proven for (_, best), _ in pairs)


def _longer(pairs: list[tuple[Timed, Timed]]) -> str:
    both = [(best.minutes, good.minutes) for (_, best), (_, good) in pairs if best.steps and good.steps]
    return f"{sum(good for _, good in both) / sum(best for best, _ in both):.2f} ({len(both)} with both)"


if __name__ == "__main__":
    main()
