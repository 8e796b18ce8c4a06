"""Audits: what counts, what is missing, what would complete it; the best placing against every placing there is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.core.text import Text
from dure.match.audits import Area, Core, Recognition, Record, Requirement, Sort, Why, audit
from dure.match.audits.sayings import said

DAY = date(2026, 6, 30)
TITLE = Text(ko="학위", en="Degree")


def record(course, amount=3, /, **known) -> Record:
    told = {"key": course, "issuer": "home", "earned": date(2025, 12, 20), **known}
    return Record(course=course, credits=Decimal(str(amount)), **told)


def area(key, amount, *courses) -> Area:
    return Area(key, Text(ko=key, en=key), Decimal(amount), frozenset(courses))


def core(*courses, take) -> Core:
    return Core(Text(ko="핵심", en="Core"), courses, take)


def asks(amount=24, **known) -> Requirement:
    return Requirement(TITLE, "home", Decimal(amount), **known)


def lacking(found) -> dict[str, Decimal]:
    return {line.title.en: line.lacks for line in found.missing}


def test_23_of_24_credits_are_refused_by_name_and_the_24th_completes_them():
    seven = [record(f"c{n}", 3) for n in range(7)]

    short = audit([*seven, record("last", 2)], asks(), on=DAY)
    whole = audit([*seven, record("last", 3)], asks(), on=DAY)

    assert (short.met, short.further, whole.met) == (False, 1, True)
    assert [said(line).en for line in short.missing] == ["Credits in all: 23 of 24. Earn 1 more."]
    assert [said(line).ko for line in short.missing] == [
        "총 이수 학점: 24학점 가운데 23학점입니다. 1학점을 더 이수하세요."
    ]


def test_credits_of_three_issuers_add_up():
    three = [record("a", 6, issuer="mysuni"), record("b", 6, issuer="microsoft"), record("c", 12)]

    joint = audit(three, asks(partners=frozenset({"mysuni", "microsoft"}), residency=Decimal(12)), on=DAY)
    alone = audit(three, asks(), on=DAY)

    assert (joint.met, alone.met) == (True, False)
    assert {left.record.course: left.why for left in alone.left} == {"a": Why.ISSUER, "b": Why.ISSUER}


def test_course_of_two_areas_goes_where_it_is_needed():
    wanted = asks(9, areas=(area("theory", 6, "ml", "stats"), area("field", 3, "ml", "lab")))

    found = audit([record("ml"), record("stats"), record("other", area="theory")], wanted, on=DAY)

    assert found.met
    assert {one.record.course: one.area.key for one in found.placed} == {
        "ml": "field", "stats": "theory", "other": "theory",
    }  # fmt: skip


def test_one_course_fills_one_place_of_core_lists():
    lists = (core("ml", "stats", take=1), core("ml", take=1))

    alone = audit([record("ml", 24)], asks(core=lists), on=DAY)
    both = audit([record("ml", 12), record("stats", 12)], asks(core=lists), on=DAY)

    assert [(line.sort, line.courses) for line in alone.missing] in ([(Sort.CORE, ("stats",))], [(Sort.CORE, ())])
    assert both.met


def test_of_what_is_transferred_no_more_counts_than_the_cap_and_the_best_choice_of_it():
    moved = {"issuer": "other", "recognised": frozenset({"other"})}
    known = moved.pop("recognised")
    wanted = asks(9, areas=(area("field", 4, "lab"),), transfer=Decimal(5), recognised=known)

    found = audit([record("own", 5), record("idle", 3, **moved), record("lab", 4, **moved)], wanted, on=DAY)

    assert found.met
    assert [(left.record.course, left.why) for left in found.left] == [("idle", Why.CAP)]


def test_what_does_not_count_says_why():
    wanted = asks(years=5, transfer=Decimal(6), recognised=frozenset({"other"}))
    told = [
        record("failed", grade=Decimal("0.5")), record("old", earned=date(2021, 6, 30)),
        record("young", earned=date(2021, 7, 1)), record("later", earned=date(2026, 7, 1)),
        record("strange", issuer="nobody"), record("twice", key="first", earned=date(2024, 1, 1)), record("twice"),
    ]  # fmt: skip

    found = audit(told, wanted, on=DAY)

    assert {left.record.key: left.why for left in found.left} == {
        "failed": Why.FAILED, "old": Why.EXPIRED, "later": Why.LATER, "strange": Why.ISSUER, "first": Why.REPLACED,
    }  # fmt: skip
    assert {one.record.key for one in found.placed} == {"young", "twice"}


def test_29_february_is_valid_until_the_end_of_february():
    leap = record("leap", 24, earned=date(2024, 2, 29))
    assert audit([leap], asks(years=2), on=date(2026, 2, 28)).met
    assert not audit([leap], asks(years=2), on=date(2026, 3, 1)).met


def test_mean_just_below_is_not_rounded_up():
    graded = [record("a", 12, grade=Decimal("2.99")), record("b", 12, grade=Decimal("3.00"))]

    found = audit(graded, asks(grade=Decimal(3)), on=DAY)

    assert [(line.sort, line.has, line.best) for line in found.missing] == [
        (Sort.GRADE, Decimal("2.99"), Decimal("0.1"))
    ]


def test_failed_course_pulls_the_mean_down_until_it_is_taken_again():
    told = [record("a", 24, grade=Decimal(4)), record("b", 8, grade=Decimal(0))]
    again = record("b", 8, key="again", grade=Decimal(4), earned=date(2026, 6, 1))

    assert audit(told, asks(grade=Decimal(3)), on=DAY).met
    assert [line.has for line in audit(told, asks(grade=Decimal("3.5")), on=DAY).missing] == [3]
    assert audit([*told, again], asks(grade=Decimal("3.5")), on=DAY).met


def test_attendance_and_thesis_are_conditions():
    wanted = asks(attendance=Decimal("0.75"), thesis=True)
    course = record("a", 24, attendance=Decimal("0.7"))
    thesis = record("thesis", 0, thesis=True)

    assert {line.sort for line in audit([course], wanted, on=DAY).missing} == {Sort.ATTENDANCE, Sort.THESIS}
    assert audit([replace(course, attendance=Decimal("0.75")), thesis], wanted, on=DAY).met


def test_same_transcript_is_a_certificate_the_day_before_recognition_and_a_degree_on_it():
    known = Recognition(
        Text(ko="교육부", en="MOE"), date(2026, 6, 30), Text(ko="사내 수료증", en="Internal certificate")
    )
    wanted, told = asks(recognition=known), [record("a", 24)]

    names = [audit(told, wanted, on=day).name.en for day in (date(2026, 6, 29), DAY)]

    assert names == ["Internal certificate", "Degree"]


# --- against every placing there is

AREAS = (area("x", 6, "c0", "c1", "c2"), area("y", 4, "c1", "c2", "c3"), area("z", 3, "c2", "c4"))
CORES = (core("c0", "c1", "c2", take=2), core("c1", "c5", take=1))

records = st.builds(
    lambda n, issuer, amount, own, grade, year, at: record(
        f"c{n}", amount, key=f"{at}", issuer=issuer, area=own, grade=grade, earned=date(year, 3, 1)
    ),
    st.integers(0, 6), st.sampled_from(["home", "partner", "other", "nobody"]), st.sampled_from([1, 1.5, 2, 3, 4]),
    st.sampled_from(["", "", "x", "y"]), st.sampled_from([None, Decimal("0.5"), Decimal("2.5"), Decimal(4)]),
    st.sampled_from([2018, 2023, 2024, 2025]), st.uuids(),
)  # fmt: skip
requirements = st.builds(
    lambda total, areas, cores, most, grade, residency: asks(
        total, areas=AREAS[:areas], core=CORES[:cores], transfer=Decimal(most), grade=grade, years=6,
        residency=Decimal(residency), partners=frozenset({"partner"}), recognised=frozenset({"other"}),
    ),
    st.integers(1, 16), st.integers(0, 3), st.integers(0, 2), st.integers(0, 6), st.sampled_from([None, Decimal(3)]),
    st.integers(0, 6),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(records, max_size=6), requirements)
def test_audit_says_what_looking_at_every_placing_says(transcript, requirement):
    found = audit(transcript, requirement, on=DAY)

    assert (found.met, _told(found)) == _by_looking(transcript, requirement)


@settings(max_examples=100, deadline=None)
@given(st.lists(records, max_size=6), requirements)
def test_further_credits_where_they_are_missing_complete_all_that_is_counted_in_credits(transcript, requirement):
    found = audit(transcript, requirement, on=DAY)
    gaps = {line.title.en: line.lacks for line in found.missing if line.sort is Sort.AREA}
    more = [record(f"more-{key}", lacks, area=key, earned=DAY) for key, lacks in gaps.items()]
    rest = found.further - sum(gaps.values())
    more += [record("more", rest, earned=DAY)] if rest else []

    again = audit([*transcript, *more], requirement, on=DAY)

    counted = {Sort.CREDITS, Sort.AREA, Sort.RESIDENCY}
    assert [line for line in again.missing if line.sort in counted] == []


def _told(found) -> tuple[Decimal, Decimal, int, Decimal]:
    """Credits lacking, core places empty, conditions of both unmet, credits counted."""
    gaps = [line for line in found.lines if line.sort in (Sort.CREDITS, Sort.AREA)]
    cores = [line for line in found.lines if line.sort is Sort.CORE]
    return (
        sum((line.lacks for line in gaps), Decimal(0)), sum((line.lacks for line in cores), Decimal(0)),
        sum(not line.met for line in gaps + cores), sum((one.record.credits for one in found.placed), Decimal(0)),
    )  # fmt: skip


def _by_looking(transcript, wanted):
    """The same by trying everything: the verdict, and what ``_told`` tells of the best placing."""
    latest = {}
    for one in sorted(transcript, key=lambda one: one.earned):
        latest[one.issuer, one.course] = one
    open_ = [one for one in latest.values() if one.issuer != "nobody" and one.earned.year > 2020]
    open_ = [one for one in open_ if one.issuer != "other" or wanted.transfer]
    good = [one for one in open_ if one.grade is None or one.grade >= 1]
    own = [one for one in open_ if one.issuer != "other"]
    graded = [one for one in own if one.grade is not None]
    points, weight = sum(o.grade * o.credits for o in graded), sum(o.credits for o in graded)
    fixed = wanted.grade is None or (bool(weight) and points >= wanted.grade * weight)
    fixed &= sum((o.credits for o in good if o.issuer == "home"), Decimal(0)) >= wanted.residency
    best = None
    for ways in product(*(_ways(one, wanted) for one in good)):
        moved = sum(o.credits for o, way in zip(good, ways, strict=True) if way and o.issuer == "other")
        fills = [sum(bool(way) and way[1] == at for way in ways) for at in range(len(wanted.core))]
        if moved > wanted.transfer or any(n > c.take for n, c in zip(fills, wanted.core, strict=True)):
            continue
        counted = sum((o.credits for o, way in zip(good, ways, strict=True) if way), Decimal(0))
        amounts = [
            sum((o.credits for o, way in zip(good, ways, strict=True) if way and way[0] == at), Decimal(0))
            for at in range(len(wanted.areas))
        ]
        gaps = [max(a.credits - has, Decimal(0)) for a, has in zip(wanted.areas, amounts, strict=True)]
        gaps.append(max(wanted.credits - counted, Decimal(0)))
        empty = [c.take - n for c, n in zip(wanted.core, fills, strict=True)]
        key = (sum(gaps), sum(empty), sum(bool(gap) for gap in gaps + empty), -counted)
        best = key if best is None else min(best, key)
    return (fixed and best[2] == 0), (*best[:3], -best[3])


def _ways(one, wanted):
    """Nowhere at all (only what is transferred), or in one area or none, for one core list or none."""
    areas = [at for at, a in enumerate(wanted.areas) if one.area == a.key or one.course in a.courses]
    cores = [at for at, c in enumerate(wanted.core) if one.course in c.courses]
    ways = [(area_, core_) for area_ in [None, *areas] for core_ in [None, *cores]]
    return [*ways, None] if one.issuer == "other" else ways


@pytest.mark.parametrize("n", [40])
def test_long_transcript_with_many_choices_is_audited_exactly(n):
    told = [record(f"c{at}", 1.5 + at % 3, key=str(at), area="x" if at % 2 else "y") for at in range(n)]
    wanted = asks(60, areas=(area("x", 20, *(f"c{at}" for at in range(n))), area("y", 20), area("z", 20, "c1", "c2")))

    found = audit(told, wanted, on=DAY)

    assert lacking(found) == {"z": Decimal(20) - Decimal("2.5") - Decimal("3.5")}
