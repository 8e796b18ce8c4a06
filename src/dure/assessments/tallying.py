"""Answers counted, and results that show nobody: pure.

A tally is how often each answer was given, by question and group; it holds no answers of one person together. What is
shown of an anonymous survey is a table whose every cell is empty or at least ``LEAST`` persons, by answer and by
group. Answers that too few gave are joined with others until that holds. Groups are compared by answers joined further,
never by finer ones, so that whatever is subtracted from whatever leaves no cell below ``LEAST`` either (see
docs/explanation/surveys.md; tests/assessments/test_tallying.py tries).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dure.assessments.surveying import STEPS, Answers, Question, Sort

LEAST = 5
OPEN = ""  # the answer of those who gave none, and the group of those who have none
MOST_BINS = 10
Tally = Mapping[tuple[str, str], Counter[str]]  # (question, group) to answers; the question "" counts persons


def tallied(questions: Sequence[Question], replies: Iterable[tuple[str, Answers]], *, least: int = 1) -> Tally:
    """Count (group, answers) of each person. Groups of fewer than ``least`` persons lose their name; where fewer than
    ``least`` answered at all, nothing is counted. Texts are counted without their group."""
    told = list(replies)
    if len(told) < least:
        return {}
    names = _large(Counter(group for group, _ in told), least)
    found: dict[tuple[str, str], Counter[str]] = {}
    for group, answers in told:
        name = group if group in names else OPEN
        found.setdefault((OPEN, name), Counter())[OPEN] += 1
        for one in questions:
            at = (one.key, OPEN if one.sort is Sort.TEXT else name)
            found.setdefault(at, Counter()).update(_values(one, answers.get(one.key)))
    return found


def _large(sizes: Mapping[str, int], least: int) -> set[str]:
    """Groups that keep their name: large enough, and so many that those without one are none or enough as well."""
    kept = {name for name, n in sizes.items() if name and n >= least}
    while kept and 0 < sum(n for name, n in sizes.items() if name not in kept) < least:
        kept.remove(min(kept, key=lambda name: (sizes[name], name)))
    return kept


def _values(one: Question, answer: Any) -> list[str]:
    if answer is None:
        return [] if one.sort is Sort.TEXT else [OPEN]
    if one.sort is Sort.MULTIPLE:
        return [str(place) for place in answer]
    return [str(answer)]


# --- what is shown


@dataclass(frozen=True)
class Part:
    """A row of a result: the answers joined in it and how many persons gave one of them, in all and by group."""

    values: tuple[str, ...]
    n: int
    by_group: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What is shown of one question. ``parts`` count all; ``compared`` count by group, empty where that would show
    too few. ``is_apart``: each part has all persons for itself (several choices). ``hidden``: choices of which too few
    or nearly all were made. ``mean`` follows from ``parts`` where answers are joined (``is_about``)."""

    question: Question
    n: int
    parts: tuple[Part, ...] = ()
    compared: tuple[Part, ...] = ()
    hidden: tuple[str, ...] = ()
    mean: Decimal | None = None
    is_about: bool = False
    texts: tuple[str, ...] = ()
    is_apart: bool = False
    group_sizes: Mapping[str, int] = field(default_factory=dict)


def groups_of(tally: Tally) -> dict[str, int]:
    """How many persons of each group answered."""
    return {group: counts[OPEN] for (question, group), counts in sorted(tally.items()) if question == OPEN}


def outcomes(questions: Sequence[Question], tally: Tally, *, least: int = LEAST) -> list[Outcome]:
    """The results in the order of the questions; with ``least`` of 1 everything as it was answered."""
    sizes = groups_of(tally)
    return [_outcome(one, tally, sizes, least) for one in questions]


def _outcome(one: Question, tally: Tally, sizes: Mapping[str, int], least: int) -> Outcome:
    n = sum(sizes.values())
    if n < least or not n:
        return Outcome(one, n)
    if one.sort is Sort.TEXT:
        return _texts(one, n, tally.get((one.key, OPEN), Counter()), least)
    by_group = {group: tally.get((one.key, group), Counter()) for group in sizes}
    if one.sort is Sort.MULTIPLE:
        return _apart(one, sizes, by_group, least)
    parts = _joined(one, _single_parts(one, by_group), lambda part: _fits([part.n], least))
    compared = _joined(one, parts, lambda part: _fits(part.by_group.values(), least))
    shows_groups = len(sizes) > 1 and (least == 1 or len(compared) > 1)
    mean = _mean(one, parts) if least > 1 else _exact_mean(one, by_group.values())
    is_about = least > 1 and (_is_joined(parts) or one.sort is Sort.NUMBER)
    compared = compared if shows_groups else ()
    return Outcome(one, n, parts, compared, mean=mean, is_about=is_about, group_sizes=sizes)


def _texts(one: Question, n: int, counted: Counter[str], least: int) -> Outcome:
    """In the order of their letters, which says nothing of who wrote them or when."""
    texts = tuple(sorted(counted.elements()))
    return Outcome(one, n, texts=texts if len(texts) >= least else ())


def _apart(one: Question, sizes: Mapping[str, int], by_group: Mapping[str, Counter[str]], least: int) -> Outcome:
    """Each choice for itself: those who made it and those who did not are both none or enough, or it is not shown."""
    n = sum(sizes.values())
    parts, compared, hidden = [], [], []
    for value in map(str, range(len(one.choices))):
        made = {group: counts[value] for group, counts in by_group.items()}
        part = Part((value,), sum(made.values()), made)
        if not _fits([part.n, n - part.n], least):
            hidden.append(value)
            continue
        parts.append(part)
        if len(sizes) > 1 and _fits([m for g in sizes for m in (made[g], sizes[g] - made[g])], least):
            compared.append(part)
    return Outcome(one, n, tuple(parts), tuple(compared), tuple(hidden), is_apart=True, group_sizes=sizes)


def _fits(cells: Iterable[int], least: int) -> bool:
    return all(n == 0 or n >= least for n in cells)


# --- joining answers


def _single_parts(one: Question, by_group: Mapping[str, Counter[str]]) -> tuple[Part, ...]:
    """A part for each answer that there is, in order; numbers by round steps; who gave none at the end."""
    if one.sort is Sort.NUMBER:
        return _binned(by_group)
    places = range(1, STEPS + 1) if one.sort is Sort.SCALE else range(len(one.choices))
    values = [*map(str, places), *([] if one.required else [OPEN])]
    return tuple(_part((value,), by_group) for value in values)


def _part(values: tuple[str, ...], by_group: Mapping[str, Counter[str]]) -> Part:
    made = {group: sum(counts[value] for value in values) for group, counts in by_group.items()}
    return Part(values, sum(made.values()), made)


def _binned(by_group: Mapping[str, Counter[str]]) -> tuple[Part, ...]:
    """Numbers in at most ``MOST_BINS`` steps of 1, 2 or 5 times a power of ten; a value is its step's "from|to"."""
    numbers = sorted({Decimal(value) for counts in by_group.values() for value in counts if value != OPEN})
    left = [_part((OPEN,), by_group)] if any(counts[OPEN] for counts in by_group.values()) else []
    if not numbers:
        return tuple(left)
    step = _step(numbers[-1] - numbers[0])
    if all(number == number.to_integral_value() for number in numbers):
        step = max(step, Decimal(1))
    start = numbers[0] // step * step
    start = start - step if start > numbers[0] else start  # of negative numbers // rounds towards zero
    bins = int((numbers[-1] - start) // step) + 1
    edges = [(start + step * at, start + step * (at + 1)) for at in range(bins)]
    named = {group: _by_bin(counts, start, step) for group, counts in by_group.items()}
    return (*(_part((_named(low, high),), named) for low, high in edges), *left)


def _by_bin(counts: Counter[str], start: Decimal, step: Decimal) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, n in counts.items():
        if value == OPEN:
            continue
        low = start + (Decimal(value) - start) // step * step
        found[_named(low, low + step)] += n
    return found


def _named(low: Decimal, high: Decimal) -> str:
    return f"{low.normalize():f}|{high.normalize():f}"


def _step(span: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10, 20 … (0.1, 0.2 …) that cuts ``span`` into fewer than ``MOST_BINS`` steps."""
    power = Decimal(1).scaleb(span.adjusted() - 1) if span else Decimal(1)
    return next(power * times for times in (1, 2, 5, 10, 20, 50, 100) if span / (power * times) < MOST_BINS - 1)


def _joined(one: Question, parts: Sequence[Part], fits: Callable[[Part], bool]) -> tuple[Part, ...]:
    """Join parts until each fits: neighbours where answers have an order, else the smallest with the smallest."""
    found = list(parts)
    while len(found) > 1 and (short := [part for part in found if not fits(part)]):
        least = min(short, key=lambda part: part.n)
        other = min(_beside(one, found, least), key=lambda part: (part.n == 0, part.n))
        first, second = sorted((found.index(least), found.index(other)))
        found[first] = _both(found[first], found[second])
        del found[second]
    return tuple(found)


def _beside(one: Question, parts: Sequence[Part], part: Part) -> Sequence[Part]:
    """What a part may be joined with: where answers have an order its neighbours; no answer stands at the end."""
    if one.sort is Sort.SINGLE:
        return [other for other in parts if other is not part]
    at = parts.index(part)
    return [parts[near] for near in (at - 1, at + 1) if 0 <= near < len(parts)]


def _both(one: Part, other: Part) -> Part:
    groups = {group: one.by_group[group] + other.by_group[group] for group in one.by_group}
    return Part(one.values + other.values, one.n + other.n, groups)


def _is_joined(parts: Iterable[Part]) -> bool:
    return any(len(part.values) > 1 and part.n for part in parts)


def _mean(one: Question, parts: Sequence[Part]) -> Decimal | None:
    """Of a scale or of numbers, from nothing but what is shown: joined steps count as their middle."""
    if one.sort is Sort.SINGLE or any(OPEN in part.values and len(part.values) > 1 and part.n for part in parts):
        return None
    told = [(_middle(part), part.n) for part in parts if OPEN not in part.values]
    n = sum(count for _, count in told)
    return sum((middle * count for middle, count in told), Decimal(0)) / n if n else None


def _exact_mean(one: Question, counted: Iterable[Counter[str]]) -> Decimal | None:
    told = [(Decimal(value), n) for counts in counted for value, n in counts.items() if value != OPEN]
    if one.sort is Sort.SINGLE or not told:
        return None
    return sum((value * n for value, n in told), Decimal(0)) / sum(n for _, n in told)


def _middle(part: Part) -> Decimal:
    ends = [edge for value in part.values for edge in edges_of(value)]
    return (min(ends) + max(ends)) / 2


def edges_of(value: str) -> Iterator[Decimal]:
    """The number that a step of a scale is, or the two between which a step of numbers lies."""
    return map(Decimal, value.split("|"))


# --- as it is kept


def rows_of(tally: Tally) -> list[tuple[str, str, str, int]]:
    """Question, group, answer and how often, in an order that follows from nothing else."""
    return sorted(
        (question, group, value, n) for (question, group), counts in tally.items() for value, n in counts.items() if n
    )


def tally_of(rows: Iterable[tuple[str, str, str, int]]) -> Tally:
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for question, group, value, n in rows:
        found[question, group][value] += n
    return dict(found)
