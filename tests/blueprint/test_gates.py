"""Gates: order, ties, places, what is missing, what is pending; one turn alone is judged as among a million."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.gates import Tie, early_steps, facts_used, inputs_used, judge
from dure.blueprint.model import (
    DecideStep,
    ExternalStep,
    FormDo,
    Kind,
    PanelStep,
    RankStep,
    RuleStep,
    Stage,
)
from dure.blueprint.rules import parse_rule


def stage(*gate):
    return Stage("here", Kind.FORM, FormDo(), (), gate=gate)


def rule(*lines):
    return RuleStep(tuple(parse_rule(line) for line in lines))


def panel(**fields):
    return PanelStep(("judge",), {"rigour": 100}, each=2, conflicts=(), **fields)


def turns(count, **columns):
    names = {name.replace("__", "."): values for name, values in columns.items()}
    return pl.DataFrame({"turn": range(count), **names}, strict=False)


def said(judgement):
    """Each turn's verdict in one word: its place, its reason's code, or ``…`` while it waits."""
    rows = judgement.rows.iter_rows(named=True)
    return [row["place"] or row["reason"] or "…" for row in rows]


def passes(line, value):
    judged = judge(stage(rule(f"fact {line}")), pl.DataFrame({"turn": [0], "fact": value}))
    return judged.rows["verdict"][0] == "passed"


# --- rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "value", "holds"),
    [
        ("= 3", 3, True),
        ("= 3.0", 3, True),
        ("= 3", 3.0, True),
        ("= 3", "3", True),
        ("= 3.0", "3", False),
        ("= three", 3, False),
        ("!= three", 3, True),
        ("!= 3", 3, False),
        ("in 3,4", 4, True),
        ("in 3, 4", "4", True),
        ("in sme,venture", "other", False),
        ("> 0.5", 0.5, False),
        (">= 0.5", 0.5, True),
        ("< 2", "1", False),
        ("> word", 3, False),
        ("has cs", "business, cs", True),
        ("has cs", "business cs", True),
        ("has cs", "cse", False),
        ("has 3", 3, True),
        (">= 2030-01-01", date(2030, 1, 1), True),
        ("> 2030-01", date(2030, 1, 31), False),
        ("> 2030-01", date(2030, 2, 1), True),
        ("<= 2030", date(2030, 12, 31), True),
        ("< 2030", date(2029, 12, 31), True),
        ("> 2029-02-30", date(2030, 1, 1), False),
        ("> 5", date(2030, 1, 1), False),
        ("= 2030-01-01", date(2030, 1, 1), True),
    ],
)
def test_what_a_rule_compares(line, value, holds):
    assert passes(line, [value]) is holds


@pytest.mark.parametrize("line", ["= 1", "!= 1", "< 1", "in 1,2", "has 1"])
@pytest.mark.parametrize("kind", [pl.Int64, pl.Float64, pl.String, pl.Date, pl.List(pl.Int64)])
def test_a_missing_fact_never_passes(line, kind):
    judgement = judge(stage(rule(f"fact {line}")), pl.DataFrame({"turn": [0], "fact": pl.Series([None], dtype=kind)}))

    assert said(judgement) == ["missing.fact"]


def test_not_a_number_is_missing():
    assert said(judge(stage(rule("fact > 1")), turns(1, fact=[float("nan")]))) == ["missing.fact"]


def test_the_first_line_that_does_not_hold_gives_the_reason():
    gate = stage(rule("age >= 19", "year in 3,4"), rule("other.score > 0.5"))

    judgement = judge(gate, turns(4, age=[20, 18, 20, 20], year=[3, 1, 1, 4], other__score=[0.6, 0.1, 0.1, 0.5]))

    assert said(judgement) == [1, "rule.age", "rule.year", "rule.other.score"]
    assert judgement.rows["step"].to_list() == [None, 0, 0, 1]


def test_a_team_passes_where_every_member_does():
    ages = pl.Series([[20, 30], [18, 30], [None, 30], []], dtype=pl.List(pl.Int64))

    assert said(judge(stage(rule("age >= 19")), turns(4, age=ages))) == [1, "rule.age", "missing.age", "missing.age"]


# --- rank -------------------------------------------------------------------------------------------------------


def test_rank_takes_the_largest_and_reports_ties_at_the_cut():
    judgement = judge(stage(RankStep("score", 2)), turns(4, score=[0.5, 0.9, 0.5, 0.1]))

    assert said(judgement) == [2, 1, "rank", "rank"]
    assert judgement.ties == (Tie(0, None, 0.5, (0, 2)),)


def test_rank_per_option_takes_so_many_of_each():
    options = [["a"], ["a"], ["b"], ["b"]]
    judgement = judge(stage(RankStep("score", 1, per_option=True)), turns(4, options=options, score=[1, 2, 2, 2]))

    assert said(judgement) == ["rank", 1, 2, "rank"]
    assert judgement.rows["place_in_option"].to_list() == [None, 1, 1, None]
    assert judgement.ties == (Tie(0, "b", 2.0, (2, 3)),)


def test_rank_by_what_is_missing_takes_no_place():
    assert said(judge(stage(RankStep("score", 5)), turns(2, score=[None, 1.0]))) == ["missing.score", 1]


def test_a_team_ranks_by_its_members_mean():
    grades = [[3.0, 4.0], [4.5], [4.5, None]]

    assert said(judge(stage(RankStep("grade", 1)), turns(3, grade=grades))) == ["rank", 1, "missing.grade"]


@given(scores=st.lists(st.integers(0, 5), max_size=20), more=st.integers(0, 3))
def test_take_above_the_number_there_passes_all(scores, more):
    judgement = judge(
        stage(RankStep("score", len(scores) + more + 1)), turns(len(scores), score=pl.Series(scores, dtype=pl.Int64))
    )

    by_score = sorted(range(len(scores)), key=lambda turn: -scores[turn])
    assert judgement.rows.sort("place")["turn"].to_list() == by_score
    assert judgement.ties == ()


@given(scores=st.lists(st.sampled_from([0.1, 0.2, 0.3]), min_size=1, max_size=20), take=st.integers(1, 5))
def test_ties_fall_to_the_standing_order(scores, take):
    judgement = judge(stage(RankStep("score", take)), turns(len(scores), score=scores))

    passed = judgement.rows.filter(verdict="passed").sort("place")["turn"].to_list()
    by_score = sorted(range(len(scores)), key=lambda turn: -scores[turn])
    cut = scores[by_score[min(take, len(scores)) - 1]]
    split = take < len(scores) and scores[by_score[take]] == cut
    assert passed == by_score[:take]
    assert [tie.turns for tie in judgement.ties] == ([tuple(t for t in by_score if scores[t] == cut)] if split else [])


# --- panel, decide, external ------------------------------------------------------------------------------------


def test_panel_passes_by_mark_then_by_place():
    judgement = judge(stage(panel(threshold=60, take=2)), turns(4, step__0__mark=[60, 59.9, 80, 90]))

    assert said(judgement) == ["panel.full", "panel", 2, 1]
    assert judgement.rows["mark"].to_list() == [60.0, 59.9, 80.0, 90.0]


def test_a_later_rule_may_ask_the_panels_mark():
    gate = stage(panel(), rule("mark >= 70", "here.mark < 90"))

    assert facts_used(gate) == []
    assert said(judge(gate, turns(3, step__0__mark=[69, 70, 95]))) == ["rule.mark", 1, "rule.here.mark"]


def test_a_mark_before_any_panel_is_missing():
    assert said(judge(stage(rule("mark > 1"), panel()), turns(1, step__1__mark=[50]))) == ["missing.mark"]


def test_decide_takes_the_first_that_hear_yes():
    judgement = judge(stage(DecideStep("head", take=2)), turns(4, step__0__says=[True, False, True, True]))

    assert said(judgement) == [1, "decide", 2, "decide.full"]


def test_whoever_has_no_answer_finds_full_places_full():
    judgement = judge(stage(DecideStep("head", take=1)), turns(3, step__0__says=[None, True, False]))

    assert said(judgement) == ["decide.full", 1, "decide"]


def test_external_asks_for_a_proof():
    judgement = judge(stage(ExternalStep("journal", "id")), turns(3, step__0__proof=[True, False, None]))

    assert said(judgement) == [1, "external", "…"]


def test_a_step_for_some_options_lets_the_others_go_on_behind():
    gate = stage(ExternalStep("journal", "id", options=("doctor",)), RankStep("score", 2))
    options = [["master"], ["doctor"], ["doctor"], ["master", "doctor"]]

    judgement = judge(gate, turns(4, options=options, step__0__proof=[False, False, True, True], score=[1, 1, 1, 2]))

    assert said(judgement) == [2, "external", "rank", 1]
    assert judgement.judged == (3, 3)


def test_for_leaves_those_it_does_not_judge_behind():
    gate = stage(RankStep("score", 5, options=("b",)))

    assert said(judge(gate, turns(3, options=[["a"], ["b"], ["b"]], score=[9, 1, 2]))) == [3, 2, 1]


# --- what waits -------------------------------------------------------------------------------------------------


def test_turn_by_turn_only_the_row_itself_waits():
    judgement = judge(
        stage(DecideStep("head"), ExternalStep("x", "y")),
        turns(2, step__0__says=[None, True], step__1__proof=[None, True]),
    )

    assert said(judgement) == ["…", 1]
    assert judgement.rows["step"].to_list() == [0, None]


def test_what_compares_waits_for_all():
    gate = stage(DecideStep("head"), RankStep("score", 1))

    judgement = judge(gate, turns(3, step__0__says=[True, None, False], score=[3, 2, 1]))

    assert said(judgement) == ["…", "…", "decide"]


def test_a_panel_with_places_waits_for_every_mark():
    assert said(judge(stage(panel(take=1)), turns(2, step__0__mark=[90, None]))) == ["…", "…"]


def test_a_rank_for_other_options_does_not_wait():
    gate = stage(ExternalStep("x", "y", options=("a",)), RankStep("score", 1, options=("b",)))

    judgement = judge(gate, turns(3, options=[["a"], ["b"], ["b"]], step__0__proof=[None] * 3, score=[1, 2, 3]))

    assert said(judgement) == ["…", "rank", 1]


def test_early_steps_judge_at_hand_in():
    gate = stage(rule("age >= 19"), RankStep("score", 1))

    judgement = judge(gate, turns(2, age=[18, 19]), steps=early_steps(gate))

    assert early_steps(gate) == range(1)
    assert said(judgement) == ["rule.age", 1]


def test_what_a_gate_asks_for():
    gate = stage(
        rule("age >= 19", "r1.score > 0"), panel(), DecideStep("head"), ExternalStep("x", "y"), RankStep("age", 1)
    )

    assert facts_used(gate) == ["age", "r1.score"]
    assert inputs_used(gate) == ["step.1.mark", "step.2.says", "step.3.proof"]


def test_no_gate_passes_everybody_in_order():
    assert said(judge(stage(), turns(3))) == [1, 2, 3]
    assert said(judge(stage(RankStep("score", 1)), turns(0, score=pl.Series([], dtype=pl.Float64)))) == []


# --- one or many ------------------------------------------------------------------------------------------------

ROWS = st.tuples(
    st.none() | st.integers(15, 33), st.sampled_from(["cs", "art", "art, cs"]), st.sampled_from([True, False, None])
)


@given(rows=st.lists(ROWS, min_size=1, max_size=12))
def test_a_turn_alone_is_judged_as_among_others(rows):
    gate = stage(rule("age >= 19", "major has cs"), DecideStep("head"))
    ages, majors, says = map(list, zip(*rows, strict=True))
    kinds = {"age": pl.Int64, "step.1.says": pl.Boolean}
    frame = pl.DataFrame(
        {"turn": range(len(rows)), "age": ages, "major": majors, "step.1.says": says}, schema_overrides=kinds
    )

    together = judge(gate, frame).rows.select("verdict", "reason", "step").rows()

    assert together == [judge(gate, frame[k]).rows.select("verdict", "reason", "step").row(0) for k in range(len(rows))]
