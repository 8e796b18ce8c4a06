"""The made-up cohort: what people bring unless the file says otherwise."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from dure.blueprint.cohort import Cohort
from dure.blueprint.library import load_blueprint
from dure.blueprint.model import Subject

HEAD = """
blueprint: made-up
title: {en: Made up, ko: 가상}
subject: person
parties: {host: {kind: company}}
roles: {head: {at: host, can: [decide, review]}}
stages:
"""
MANY = np.arange(200)


def cohort(stages, rehearse="{entries: 5}"):
    blueprint = load_blueprint(f"{HEAD}{stages}\nrehearse: {rehearse}\n".encode())
    return Cohort(blueprint), blueprint.stages[0]


def test_answers_come_from_facts_else_by_their_type():
    people, apply = cohort(
        "  - {id: apply, kind: form, entry: open, do: {ask: [why, {size: number}, {ok: yes-no}, {due: date},"
        " {field: [a, b]}, {year: number}], attach: [cv, plan]}}",
        "{entries: 5, facts: {year: [3, 4]}}",
    )

    answers = {name: set(people.evidence(apply, name, MANY)) for name in ("why", "ok", "due", "field", "year", "files")}
    assert answers == {
        "why": {"text"},
        "ok": {"yes", "no"},
        "due": {date(2030, 1, 1)},
        "field": {"a", "b"},
        "year": {3, 4},
        "files": {2},
    }
    assert people.evidence(apply, "year", MANY).equals(people.facts("year", MANY))
    assert people.evidence(apply, "size", MANY).is_between(0, 100).all()


def test_evidence_of_the_file_wins():
    people, apply = cohort(
        "  - {id: apply, kind: form, entry: open, do: {ask: [{year: number}]}}",
        '{entries: 5, facts: {year: [1, 2]}, evidence: {"apply.year": 9}}',
    )

    assert set(people.evidence(apply, "year", MANY)) == {9}


def test_a_fact_that_nobody_draws_is_missing():
    people, _ = cohort("  - {id: apply, kind: form, entry: open}")

    assert people.facts("age", MANY).null_count() == len(MANY)


def test_credits_are_the_completed_part_of_ones_own_items():
    people, study = cohort(
        "  - {id: study, kind: learn, entry: open, options: [a, b], do: {mode: online, items: ["
        "{id: all, type: course, credits: 5}, {id: only-a, type: course, credits: 10, for: [a]}]}}"
    )
    options = pl.Series([["a"], ["b"]] * 100)

    earned = people.evidence(study, "credits", MANY, options)

    completion = people.evidence(study, "completion", MANY)
    full = pl.Series([15, 5] * 100)
    assert earned.dtype == pl.Int64
    assert earned.to_list() == [
        9 if f == 15 and c < 1 else 3 if c < 1 else f for c, f in zip(completion, full, strict=True)
    ]


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        ("kind: test, do: {type: exam, by: head}", {"score": (30, 100)}),
        ("kind: round, do: {metric: accuracy}", {"score": (0, 1), "public-score": (0, 1), "attempts": (1, 20)}),
        (
            "kind: project, do: {topic: own, milestones: [end]}",
            {"milestones": (0.5, 1), "reports": (1, 1), "late": (0, 0)},
        ),
        ("kind: event, do: {type: fair}", {"attended": (0, 1), "votes": (0, 1), "contacts": (0, 10)}),
        ("kind: work, do: {type: hire}", {"days": (30, 180), "hours": (4, 60), "rating": (40, 100)}),
    ],
)
def test_evidence_lies_where_the_language_says(stage, fields):
    people, here = cohort(f"  - {{id: here, entry: open, {stage}}}")

    for field, (low, high) in fields.items():
        values = people.evidence(here, field, np.arange(2000))
        assert low <= values.min() < low + (high - low) / 10 + 1e-9
        assert high - (high - low) / 10 - 1e-9 < values.max() <= high


def test_deciders_say_yes_to_the_first_ones_where_places_are_counted():
    people, apply = cohort("  - {id: apply, kind: form, entry: open, gate: [{decide: {role: head, take: 2}}]}")

    assert people.says(apply, 0, np.arange(4)).to_list() == [True, True, None, None]


def test_deciders_say_yes_four_times_in_five():
    people, apply = cohort("  - {id: apply, kind: form, entry: open, gate: [{decide: {role: head}}]}")

    assert 0.77 < people.says(apply, 0, np.arange(10_000)).mean() < 0.83


def test_so_many_proofs_first_in_order():
    stages = "  - {id: apply, kind: form, entry: open, gate: [{external: {body: journal, proof: id}}]}"
    counted, apply = cohort(stages, "{entries: 5, external: {apply: 2}}")
    drawn, _ = cohort(stages)

    assert counted.proofs(apply, 0, np.array([9, 4, 7])).to_list() == [True, True, False]
    assert 0.67 < drawn.proofs(apply, 0, np.arange(10_000)).mean() < 0.73


def test_a_panels_mark_is_the_mean_of_its_reviewers():
    people, apply = cohort(
        "  - {id: apply, kind: form, entry: open,"
        " gate: [{panel: {role: head, rubric: {value: 100}, each: 3, conflicts: []}}]}"
    )
    given = [people.marks(apply, 0, reviewer, MANY) for reviewer in range(3)]

    assert people.mark(apply, 0, MANY).to_list() == [sum(marks) / 3 for marks in zip(*given, strict=True)]
    assert all(50 <= mark <= 95 for marks in given for mark in marks)


def test_values_do_not_depend_on_what_is_asked_with_them():
    people, apply = cohort("  - {id: apply, kind: form, entry: open, do: {ask: [{size: number}]}}")

    together = people.evidence(apply, "size", MANY)
    assert together[17] == people.evidence(apply, "size", np.array([17]))[0]


def test_a_team_comes_with_as_many_as_its_size_allows():
    people, _ = cohort("  - {id: apply, kind: form, entry: open, team: {min: 2, max: 4}}")
    team = Cohort(replace(people.blueprint, subject=Subject.TEAM))

    assert (people.members, people.travellers) == (1, 5)
    assert (team.members, team.travellers) == (4, 20)
