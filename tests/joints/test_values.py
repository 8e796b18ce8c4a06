"""Recorded values: each of the sort and within the bounds of its kind (appendix C), whatever is typed in."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.facts import evidence_of
from dure.blueprint.library import load_blueprint
from dure.core.errors import Flawed
from dure.joints.values import BOUNDS, FROM_ELSEWHERE, typed_values
from tests.programmes.build import text

KINDS = {
    "form": "{ask: [why, points: number, start: date, ready: yes-no, skills: words, colour: [red, blue]]}",
    "learn": "{mode: online, items: [{id: all, type: course, credits: 3}]}",
    "test": "{type: exam, by: judge}",
    "round": "{metric: accuracy}",
    "project": "{topic: own, milestones: [end]}",
    "event": "{type: seminar, keeps: [attendance, minutes, votes, contacts]}",
    "work": "{type: internship}",
}
STAGES = "\n".join(f"- {{id: {kind}, kind: {kind}, after: [], entry: open, do: {do}}}" for kind, do in KINDS.items())
BLUEPRINT = load_blueprint(text(STAGES).encode())
NUMBERS = [
    (stage, name)
    for stage in BLUEPRINT.stages
    for name, known in evidence_of(BLUEPRINT, stage).items()
    if known.sort == "number" and name not in FROM_ELSEWHERE
]


def typed(kind, **values):
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return typed_values(BLUEPRINT, BLUEPRINT.stage(kind), named, complete=False)


def flaw(kind, **values):
    with pytest.raises(Flawed) as flawed:
        typed(kind, **values)
    (only,) = flawed.value.facts["errors"]
    return only["en"]


@pytest.mark.parametrize(
    ("kind", "values", "kept"),
    [
        ("test", {"score": "87.50"}, {"score": 87.5}),
        ("test", {"score": 90.0, "proof": "A-1"}, {"score": 90, "proof": "A-1"}),
        ("form", {"ready": True}, {"ready": "yes"}),
        ("form", {"ready": "no", "colour": "blue"}, {"ready": "no", "colour": "blue"}),
        ("form", {"skills": "python, sql,,"}, {"skills": ["python", "sql"]}),
        ("form", {"skills": ["python", " 통계 "]}, {"skills": ["python", "통계"]}),
        ("form", {"start": "2027-03-02"}, {"start": "2027-03-02"}),
        ("form", {"why": "", "points": None}, {}),
        ("work", {"days": "30.0"}, {"days": 30}),
        ("round", {"score": -3.5, "public_score": 1e9}, {"score": -3.5, "public-score": 10**9}),
    ],
)
def test_what_is_typed_in_is_kept_as_its_sort_says(kind, values, kept):
    assert typed(kind, **values) == kept


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("test", {"score": 100.5}, "A number within 0–100."),
        ("test", {"score": True}, "Enter a number."),
        ("test", {"score": "nan"}, "Enter a number."),
        ("test", {"score": "1_0"}, "Enter a number."),
        ("test", {"score": 10**400}, "A number within 0–100."),
        ("round", {"score": 10**400}, "This number is too large to be kept."),
        ("work", {"hours": "-1"}, "A number from 0 up."),
        ("work", {"hours": "1e999"}, "A number from 0 up."),
        ("learn", {"grade": 4.6}, "A number within 0–4.5."),
        ("work", {"days": 1.5}, "Enter a whole number."),
        ("form", {"start": "2027-02-30"}, "Enter a date such as 2026-05-31."),
        ("form", {"ready": "maybe"}, "Choose one of: yes, no"),
        ("form", {"colour": "green"}, "Choose one of: red, blue"),
        ("test", {"mark": 90}, "There is no such field here."),
        ("test", {"option": "red"}, "There is no such field here."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(kind, values, sentence):
    assert flaw(kind, **values) == sentence


@given(value=st.one_of(st.floats(), st.integers(), st.text(max_size=8)))
@pytest.mark.parametrize(("stage", "name"), NUMBERS, ids=[f"{stage.id}.{name}" for stage, name in NUMBERS])
def test_a_number_is_kept_within_its_bounds_or_refused(stage, name, value):
    try:
        kept = typed_values(BLUEPRINT, stage, {name: value}, complete=False)
    except Flawed:
        return
    least, most = BOUNDS.get((stage.kind, name), (-math.inf, math.inf))
    assert all(least <= number <= most and math.isfinite(number) for number in kept.values())
