"""Spreadsheets out and in: what comes out changes nothing on its way back, what is wrong is placed, all or nothing."""

import csv
import io

import pytest

from dure.audit.models import AuditRow
from dure.core.errors import Flawed, Forbidden, Missing, Refused
from dure.funding.operations import open_fund
from dure.joints.gates.decide import decide
from dure.joints.gates.panel import assign
from dure.joints.gives.money import bind_fund
from dure.joints.models import Proof, Review, Say
from dure.joints.sheets import SHEETS, export_sheet, import_sheet, tables, transfer
from dure.joints.sheets.cells import text_of
from dure.joints.stages.recorded import record_evidence
from dure.programmes.models import Given, Provided, Turn, TurnState
from dure.programmes.operations.entering import enter
from dure.programmes.operations.handing import withdraw
from dure.programmes.operations.judging import judge_handed_in
from tests.factories import make_person
from tests.joints.small_programme import ANSWERS, entered, make_small, seated


@pytest.fixture
def programme(db):
    return make_small()


def table(data):
    """The cells of a CSV by column: a dict for each row."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def named(row):
    """A row by the names that count, without their Korean words."""
    return {heading.rpartition("(")[2].rstrip(")"): cell for heading, cell in row.items()}


def taken_out(programme, stage, what, by):
    return [named(row) for row in table(export_sheet(programme, stage, what, as_="csv", by=by))]


def csv_of(*rows, encoding="utf-8"):
    """A file with the columns of its first row."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def brought(programme, stage, what, *rows, by, check_only=False):
    return import_sheet(
        programme, stage, what, tables.read(csv_of(*rows)), filename="x.csv", by=by, check_only=check_only
    )


def errors_of(refusal):
    return {(error["row"], error["column"]) for error in refusal.value.facts["errors"]}


def handed_in(programme, **answers):
    turn = record_evidence(entered(programme), {**ANSWERS, "files": 1, **answers}, by=programme.made_by)
    return Turn.objects.get(pk=turn.pk)


def passed(programme):
    """A turn at the second stage, open."""
    turn = handed_in(programme)
    decide(turn, 0, by=seated(programme, "head"), yes=True)
    judge_handed_in(programme, "apply")
    return Turn.objects.get(stage="plan", case=turn.case)


def at_exam(programme):
    """A turn at the last stage, handed in."""
    plan = record_evidence(passed(programme), {"motive": "m", "topic": "t", "degree": "d"}, by=programme.made_by)
    judge = seated(programme, "judge")
    review = assign(plan, 0, reviewer=judge, by=programme.made_by)
    brought(programme, "plan", "reviews", {"review": review.pk, "depth": 90, "clarity": 80}, by=judge)
    judge_handed_in(programme, "plan")
    exam = Turn.objects.get(stage="exam", case=plan.case)
    return record_evidence(exam, {"score": 70}, by=programme.made_by)


# --- evidence -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_evidence_of_a_stage_is_a_line_a_turn(programme):
    turn = handed_in(programme)

    (row,) = taken_out(programme, "apply", "evidence", programme.made_by)

    shown = {name: text_of(value) for name, value in ANSWERS.items()}
    assert row == {
        "turn": str(turn.pk), "case": "1", "title": "", "members": turn.turn_members.get().member.person.name,
        "state": "handed-in", **shown, "motive": "함께 배우고 싶습니다.\n=꼭", "files": "1", "proof": "",
        "as-of": str(turn.evidence_id),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["evidence", "decisions"])
def test_what_comes_out_changes_nothing_on_its_way_back(programme, what, format_):
    for motive in ["=1+1", "@SUM(A1)", "\t=1", "''=1", "＝1", 'a "quoted", text', "한글\r\n두 줄", "_x000D_"]:
        handed_in(programme, motive=motive, gpa=0.1 + 0.2, skills=["a, b", "=c"])
    head = seated(programme, "head")
    decide(Turn.objects.filter(stage="apply").first(), 0, by=head, yes=False, reason="=reason\n'")
    by = programme.made_by if what == "evidence" else head

    data = export_sheet(programme, "apply", what, as_=format_, by=by)
    found = import_sheet(programme, "apply", what, tables.read(data), filename=f"x.{format_}", by=by)

    assert (found.rows, found.changed, found.unchanged) == (8, 0, 8)


@pytest.mark.django_db
def test_changed_lines_are_handed_in_and_the_others_are_left_alone(programme):
    first, second = entered(programme), handed_in(programme)
    stood = second.evidence_id
    rows = taken_out(programme, "apply", "evidence", programme.made_by)
    rows[0] |= {name: text_of(value) for name, value in ANSWERS.items()} | {"files": "1", "proof": "by mail"}

    found = brought(programme, "apply", "evidence", *rows, by=programme.made_by)

    assert (found.changed, found.unchanged) == (1, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.evidence.values) == (TurnState.HANDED_IN, {**ANSWERS, "files": 1})
    assert (first.evidence.via, first.evidence.proof, second.evidence_id) == ("recorded", "by mail", stood)
    assert AuditRow.objects.filter(action="sheet.imported").count() == 1


@pytest.mark.django_db
def test_only_the_columns_that_are_there_are_entered_and_an_empty_cell_clears(programme):
    turn = at_exam(programme)

    brought(programme, "exam", "evidence", {"turn": turn.pk, "proof": "A-1"}, by=programme.made_by)
    turn.refresh_from_db()
    kept = turn.evidence.values
    brought(programme, "exam", "evidence", {"turn": turn.pk, "score": ""}, by=programme.made_by)

    turn.refresh_from_db()
    assert (kept, turn.evidence.values) == ({"score": 70, "proof": "A-1"}, {"proof": "A-1"})


@pytest.mark.django_db
def test_one_wrong_row_and_nothing_is_saved(programme):
    turns = [entered(programme) for _ in range(3)]
    good = {name: text_of(value) for name, value in ANSWERS.items()}
    rows = [{"turn": turn.pk, **good} for turn in turns]
    rows[1] |= {"gpa": "high", "track": "sports", "start": "31.5.2027"}
    rows[2] |= {"motive": ""}

    with pytest.raises(Flawed) as refusal:
        brought(programme, "apply", "evidence", *rows, by=programme.made_by)

    assert errors_of(refusal) == {(3, "gpa"), (3, "track"), (3, "start"), (4, "motive")}
    assert all(error["ko"] and error["en"] for error in refusal.value.facts["errors"])
    assert set(Turn.objects.values_list("state", flat=True)) == {TurnState.OPEN}


@pytest.mark.django_db
def test_at_most_fifty_errors_are_listed_and_all_are_counted(programme):
    turns = [entered(programme) for _ in range(9)]

    with pytest.raises(Flawed) as refusal:
        brought(programme, "apply", "evidence", *[{"turn": t.pk, "gpa": "x"} for t in turns], by=programme.made_by)

    assert (len(refusal.value.facts["errors"]), refusal.value.facts["total"]) == (50, 63)


@pytest.mark.django_db
def test_so_many_changes_that_others_would_wait_too_long_are_refused(programme, monkeypatch):
    monkeypatch.setattr(transfer, "MOST_CHANGES", 1)
    rows = [{"turn": entered(programme).pk, "gpa": 1} for _ in range(2)]

    with pytest.raises(Refused) as refusal:
        brought(programme, "apply", "evidence", *rows, by=programme.made_by)

    assert (refusal.value.code, refusal.value.facts) == ("sheet.many", {"changes": 2})


@pytest.mark.django_db
def test_a_check_finds_the_same_and_saves_nothing(programme):
    turn = entered(programme)
    good = {"turn": turn.pk, **{name: text_of(value) for name, value in ANSWERS.items()}}

    found = brought(programme, "apply", "evidence", good, by=programme.made_by, check_only=True)
    with pytest.raises(Flawed):
        brought(programme, "apply", "evidence", {**good, "gpa": "x"}, by=programme.made_by, check_only=True)

    (change,) = found.changes
    assert (found.changed, change.row, change.cells["gpa"]) == (1, 2, ("", "3.5"))
    turn.refresh_from_db()
    assert (turn.state, turn.evidence_id) == (TurnState.OPEN, None)
    assert not AuditRow.objects.filter(action="sheet.imported").exists()


@pytest.mark.django_db
def test_a_line_that_somebody_changed_meanwhile_is_not_overwritten(programme):
    turn = handed_in(programme)
    (row,) = taken_out(programme, "apply", "evidence", programme.made_by)
    record_evidence(turn, {"gpa": 4}, by=programme.made_by)

    with pytest.raises(Flawed) as refusal:
        brought(programme, "apply", "evidence", {**row, "motive": "older"}, by=programme.made_by)

    assert errors_of(refusal) == {(2, "as-of")}


@pytest.mark.django_db
def test_headings_and_lines_that_do_not_belong_are_refused_with_their_place(programme):
    turn = entered(programme).pk

    for text, places in (
        ("motive,motive,점수\n", {(1, "점수"), (1, "motive"), (1, "turn")}),
        (f"turn,gpa\n{turn},1\n{turn},2\nsomebody,3\n", {(3, "turn"), (4, "turn")}),
        (f"turn,gpa\n\n{turn},1,2", {(3, "")}),
        (f"turn,,gpa,\n{turn},2,1,", {(2, "")}),
        ("", {(1, "turn")}),
    ):
        by = programme.made_by
        with pytest.raises(Flawed) as refusal:
            import_sheet(programme, "apply", "evidence", tables.read(text.encode()), filename="x.csv", by=by)
        assert errors_of(refusal) == places


@pytest.mark.django_db
def test_what_the_operation_refuses_is_placed_too(programme):
    turn = entered(programme)
    withdraw(turn)

    with pytest.raises(Flawed) as refusal:
        brought(
            programme, "apply", "evidence", {"turn": turn.pk, **{n: text_of(v) for n, v in ANSWERS.items()}},
            by=programme.made_by,
        )  # fmt: skip

    assert errors_of(refusal) == {(2, "motive")}


CLASHING = """
blueprint: clashing
title: {en: Clashing, ko: 겹침}
subject: item
item: paper
parties: {host: {kind: company}}
stages:
  - {id: submit, kind: form, entry: open, do: {ask: [title, proof, state]}}
"""


@pytest.mark.django_db
def test_questions_named_as_a_column_of_the_sheet_keep_a_column_of_their_own():
    programme = make_small("clashing", CLASHING)
    turn = enter(programme, "submit", person=make_person(), title="A paper")
    answers = {"submit.title": "T", "submit.proof": "P", "submit.state": "S"}

    brought(programme, "submit", "evidence", {"turn": turn.pk, **answers, "proof": "letter"}, by=programme.made_by)
    with pytest.raises(Flawed) as refusal:
        brought(programme, "submit", "evidence", {"turn": turn.pk, "submit.title": ""}, by=programme.made_by)

    turn.refresh_from_db()
    assert turn.evidence.values == {"title": "T", "proof": "P", "state": "S"}
    assert turn.evidence.proof == "letter"
    assert errors_of(refusal) == {(2, "submit.title")}


# --- what people say ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_decisions_are_entered_with_their_reasons(programme):
    turns = [handed_in(programme) for _ in range(2)]
    head = seated(programme, "head")
    rows = taken_out(programme, "apply", "decisions", head)
    rows[0] |= {"decision": "예"}
    rows[1] |= {"decision": "no"}

    with pytest.raises(Flawed) as refusal:
        brought(programme, "apply", "decisions", *rows, by=head)
    rows[1] |= {"reason": "too early"}
    found = brought(programme, "apply", "decisions", *rows, by=head)

    assert errors_of(refusal) == {(3, "reason")}
    assert found.changed == 2
    assert {(s.turn, s.yes, s.reason) for s in Say.objects.all()} == {
        (turns[0], True, ""),
        (turns[1], False, "too early"),
    }


@pytest.mark.django_db
def test_a_decision_about_an_older_hand_in_is_refused(programme):
    turn, head = handed_in(programme), seated(programme, "head")
    (row,) = taken_out(programme, "apply", "decisions", head)
    record_evidence(turn, {"gpa": 4}, by=programme.made_by)

    with pytest.raises(Flawed) as refusal:
        brought(programme, "apply", "decisions", {**row, "decision": "yes"}, by=head)

    assert errors_of(refusal) == {(2, "as-of")}


@pytest.mark.django_db
def test_reviewers_mark_their_own_seats_in_a_sheet(programme):
    judges = [seated(programme, "judge") for _ in range(2)]
    for judge in judges:
        plan = record_evidence(passed(programme), {"motive": "m", "topic": "t", "degree": "d"}, by=programme.made_by)
        assign(plan, 0, reviewer=judge, by=programme.made_by)
    (row,) = taken_out(programme, "plan", "reviews", judges[0])

    with pytest.raises(Flawed) as refusal:
        brought(programme, "plan", "reviews", {**row, "depth": "much", "clarity": "80"}, by=judges[0])
    with pytest.raises(Flawed) as partly:
        brought(programme, "plan", "reviews", {**row, "depth": "90"}, by=judges[0])
    brought(programme, "plan", "reviews", {**row, "depth": "90", "clarity": "80", "comment": "=good"}, by=judges[0])

    assert (errors_of(refusal), errors_of(partly)) == ({(2, "depth")}, {(2, "clarity")})
    review = Review.objects.get(reviewer=judges[0])
    assert (review.marks, review.mark, review.comment) == ({"depth": 90, "clarity": 80}, 86, "=good")
    assert len(taken_out(programme, "plan", "reviews", programme.made_by)) == 2


@pytest.mark.django_db
def test_proofs_are_entered_and_verified_in_one_go(programme):
    turns = [at_exam(programme) for _ in range(3)]
    rows = taken_out(programme, "exam", "proofs", programme.made_by)
    rows[0] |= {"reference": "A-1", "verified": "yes"}
    rows[1] |= {"verified": "no", "note": "none came"}
    rows[2] |= {"verified": "yes"}

    with pytest.raises(Flawed) as refusal:
        brought(programme, "exam", "proofs", *rows, by=programme.made_by)
    rows[2] |= {"verified": "", "reference": "A-3"}
    brought(programme, "exam", "proofs", *rows, by=programme.made_by)

    assert errors_of(refusal) == {(4, "reference")}
    assert {(p.turn, p.reference, p.state) for p in Proof.objects.all()} == {
        (turns[0], "A-1", "verified"),
        (turns[1], "–", "refused"),
        (turns[2], "A-3", "entered"),
    }


# --- what followed --------------------------------------------------------------------------------------------


@pytest.fixture
def ended(programme):
    """One case that has been through everything, its prize paid from a fund."""
    host = programme.parties.get().organisation
    fund = open_fund(host, name="Prizes", amount=5000)
    bind_fund(programme, "prize", fund=fund, by=programme.made_by)
    turn = at_exam(programme)
    row = {"turn": turn.pk, "step": 0, "reference": "A-1", "verified": "yes"}
    brought(programme, "exam", "proofs", row, by=programme.made_by)
    judge_handed_in(programme, "exam")
    return programme


@pytest.mark.django_db
def test_gives_are_confirmed_in_a_sheet_and_taken_back_elsewhere(ended):
    rows = taken_out(ended, "exam", "gives", ended.made_by)
    certificate = next(row for row in rows if row["kind"] == "credential")

    brought(ended, "exam", "gives", {**certificate, "done": "예", "note": "sent"}, by=ended.made_by)
    (again,) = [row for row in taken_out(ended, "exam", "gives", ended.made_by) if row["kind"] == "credential"]
    with pytest.raises(Flawed) as refusal:
        brought(ended, "exam", "gives", {**again, "done": "no"}, by=ended.made_by)

    given_ = Given.objects.get(kind="credential")
    assert (given_.state, given_.done_by, again["done"], again["note"]) == ("done", ended.made_by, "yes", "sent")
    assert errors_of(refusal) == {(2, "done")}
    assert {row["amount"] for row in rows} == {"", "1000"}


@pytest.mark.django_db
def test_provisions_are_confirmed_in_a_sheet(programme):
    passed(programme)
    (row,) = taken_out(programme, "plan", "provided", programme.made_by)

    brought(programme, "plan", "provided", {**row, "done": "yes"}, by=programme.made_by)

    assert (row["type"], row["amount"], row["unit"], row["done"]) == ("compute", "10", "gpu-hour", "no")
    assert Provided.objects.get().state == "open"


@pytest.mark.django_db
def test_the_cohort_shows_how_everybody_stands_at_every_stage(ended):
    entered(ended, name="=Kim", email="kim@example.org")

    rows = taken_out(ended, "", "cohort", ended.made_by)

    assert [(row["name"], row["apply"], row["plan"], row["exam"]) for row in rows[1:]] == [("'=Kim", "open", "", "")]
    assert [(row["state"], row["apply"], row["plan"], row["exam"]) for row in rows[:1]] == [
        ("finished", "passed", "passed", "passed")
    ]


@pytest.mark.django_db
def test_payments_are_listed_with_payee_amount_and_day(ended):
    (row,) = taken_out(ended, "", "payments", ended.made_by)

    payee = str(Given.objects.get(kind="credential").person)
    wanted = {"name": "prize", "payee": payee, "amount": "1000", "currency": "KRW", "number": "1", "of": "1"}
    assert {name: row[name] for name in wanted} == wanted


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_sheet_is_seen_by_those_who_may_enter_or_run_and_by_nobody_else(ended):
    plan = record_evidence(passed(ended), {"motive": "m", "topic": "t", "degree": "d"}, by=ended.made_by)
    judge = seated(ended, "judge")
    assign(plan, 0, reviewer=judge, by=ended.made_by)
    people = {"operator": ended.made_by, "head": seated(ended, "head"), "judge": judge, "stranger": make_person()}
    stages = {"evidence": "exam", "decisions": "apply", "reviews": "plan", "proofs": "exam", "gives": "exam",
              "provided": "plan", "cohort": "", "payments": ""}  # fmt: skip

    may = set()
    for what, stage in stages.items():
        for name, person in people.items():
            try:
                export_sheet(ended, stage, what, as_="csv", by=person)
                may.add((name, what))
            except Forbidden:
                pass

    assert may == {("operator", what) for what in SHEETS} | {
        ("head", "decisions"), ("judge", "evidence"), ("judge", "reviews"),
        ("head", "provided"), ("judge", "provided"),
    }  # fmt: skip


@pytest.mark.django_db
def test_lists_are_only_taken_out_and_unknown_sheets_stages_and_formats_are_named(ended):
    for call, kind, code in (
        (lambda: brought(ended, "", "cohort", {"case": 1}, by=ended.made_by), Refused, "sheet.read-only"),
        (lambda: export_sheet(ended, "x", "evidence", as_="csv", by=ended.made_by), Missing, "stage.unknown"),
        (lambda: export_sheet(ended, "plan", "marks", as_="csv", by=ended.made_by), Missing, "sheet.unknown"),
        (lambda: export_sheet(ended, "plan", "evidence", as_="pdf", by=ended.made_by), Missing, "sheet.format"),
    ):
        with pytest.raises(kind) as refusal:
            call()
        assert refusal.value.code == code


@pytest.mark.django_db
def test_a_sheet_is_taken_out_with_a_bounded_number_of_queries(programme, django_assert_max_num_queries):
    for _ in range(8):
        handed_in(programme)

    for stage, what in (("apply", "evidence"), ("apply", "decisions"), ("", "cohort")):
        with django_assert_max_num_queries(12):
            export_sheet(programme, stage, what, as_="csv", by=programme.made_by)
