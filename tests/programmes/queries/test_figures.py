"""Each function of the language, counted by hand in small live programmes (appendix H, left column)."""

from datetime import timedelta
from fractions import Fraction

import pytest

from dure.blueprint.expressions import measures_of
from dure.core import clock
from dure.joints.gives.recorded import revoke
from dure.joints.stages.recorded import record_evidence
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given
from dure.programmes.operations.handing import withdraw
from dure.programmes.operations.ticking import close_stage
from dure.programmes.queries.figures import LiveFigures, RehearsedFigures
from tests.factories import make_organisation, make_person
from tests.programmes.build import APPLY, at, booth, exam, live, make_team

pytestmark = pytest.mark.django_db
PASS_60 = "{rule: ['score >= 60']}"


def counted(found, function, *arguments):
    return LiveFigures(found.programme).call(function, arguments)


def measured(found):
    """The values of measures, as the programme's page shows them."""
    return measures_of(blueprint_of(found.programme), LiveFigures(found.programme))


# --- turns -------------------------------------------------------------------------------------------------------


@pytest.fixture
def exams():
    """Scores 50, 70, 80, 90; the fourth's turn is withdrawn, a fifth is still open, a sixth was never opened."""
    found = live(exam("{rule: ['score >= 60']}, {decide: {role: head}}", ", options: [red, blue]"))
    turns = []
    for score, option in ((50, "red"), (70, "red"), (80, "blue"), (90, "blue")):
        turns.append(found.hand_in(found.enter("exam", options=[option]), score=score))
    for turn in turns[1:3]:
        found.say(turn, yes=True, step=1)
    withdraw(found.again(turns[3]))
    found.enter("exam", options=["red"])
    found.enter("exam")
    return found


def test_turns_are_counted_by_what_became_of_them(exams):
    figures = {name: counted(exams, name, "exam") for name in ("in", "pass", "out", "people", "options", "per_option")}

    assert figures == {"in": 5, "pass": 2, "out": 1, "people": 5, "options": 2, "per_option": 1}


def test_whoever_was_left_behind_is_out_but_not_in_a_rehearsal(exams):
    close_stage(exams.programme, "exam", by=exams.operator)

    assert (counted(exams, "in", "exam"), counted(exams, "out", "exam")) == (5, 3)
    assert RehearsedFigures(exams.programme).call("out", ("exam",)) == 2


def test_sums_means_and_shares_are_of_those_neither_out_nor_withdrawn(exams):
    assert counted(exams, "sum", "exam", "score") == 150
    assert counted(exams, "mean", "exam", "score") == 75
    assert counted(exams, "share", "exam", "score > 75") == Fraction(1, 3)
    assert counted(exams, "share", "exam", "option = red") == Fraction(2, 3)


def test_nobody_there_is_no_number():
    found = live(exam())

    assert [counted(found, *call) for call in (("mean", "exam", "score"), ("share", "exam", "score > 1"))] == [None] * 2
    assert [counted(found, *call) for call in (("sum", "exam", "score"), ("in", "exam"), ("days", "exam"))] == [
        0,
        0,
        None,
    ]


def test_decimals_are_summed_exactly():
    found = live("- {id: talk, kind: event, entry: open, do: {type: seminar}}")
    for attended in (0.1, 0.2):
        found.enter_and_hand_in("talk", attended=attended)

    assert counted(found, "sum", "talk", "attended") == Fraction(3, 10)


def test_a_teams_persons_are_counted_each_once():
    found = live(booth(), subject="team")
    for size in (2, 3):
        found.enter("build", team=make_team(size))

    assert (counted(found, "in", "build"), counted(found, "people", "build")) == (2, 5)


def test_organisations_are_no_people():
    found = live(exam(), subject="org")
    found.enter("exam", organisation=make_organisation())

    assert (counted(found, "in", "exam"), counted(found, "people", "exam")) == (1, 0)


def test_late_are_those_handed_in_late_or_with_a_late_report():
    found = live(["- {id: build, kind: project, entry: open, do: {topic: own, milestones: [end]}}"])
    record_evidence(found.enter("build"), {"milestones": 1}, by=found.operator, late=True)
    for late in (0, 2):
        found.enter_and_hand_in("build", milestones=1, late=late)

    assert counted(found, "late", "build") == 2


def test_days_run_from_the_opening_of_a_cases_first_turn():
    clock.set_clock(at("2027-03-01T00:00:00+09:00"))
    found = live([exam(id_="first"), exam(entry="")])
    turns = found.enter_many(2, "first")
    for turn, days in zip(turns, (3, 1.5), strict=True):
        clock.pass_time(timedelta(days=days))
        found.hand_in(turn, score=1)

    assert counted(found, "days", "exam") == Fraction(15, 4)  # 3 and 4.5 days
    assert RehearsedFigures(found.programme).call("days", ("exam",)) is None


def test_hours_items_and_their_hours():
    items = "[{id: a, type: course, hours: 1.5}, {id: b, type: lab, hours: 2}, {id: c, type: path}]"
    found = live([f"- {{id: course, kind: learn, entry: open, do: {{mode: online, items: {items}}}}}",
                  "- {id: job, kind: work, entry: open, after: [], do: {type: internship}}"])  # fmt: skip
    for hours in (10, 30):
        found.enter_and_hand_in("job", hours=hours)

    assert counted(found, "hours", "job") == 40
    assert (counted(found, "items", "course"), counted(found, "sum_hours", "course")) == (3, Fraction(7, 2))


# --- what was given ----------------------------------------------------------------------------------------------

GIVES = """, gives: [
  {credential: {name: Badge, type: badge}}, {privilege: {type: lane, at: host}},
  {publish: {type: report, where: open}}, {role: {role: mentor}},
  {money: {type: prize, amount: 100, from: host, months: 2, lines: {labour: 0.25, other: 0.75}}}]""".replace("\n", "")


def test_gives_are_counted_by_name_and_any():
    found = live(exam(PASS_60, GIVES))
    found.scored(50, 70, 80)

    calls = {
        "money": "prize", "credential": "Badge", "privilege": "lane", "published": "report", "spawned": "other",
        "lines": "prize",
    }  # fmt: skip
    named = {function: counted(found, function, name) for function, name in calls.items()}
    anything = {function: counted(found, function, "any") for function in calls}

    assert named == anything == {
        "money": 400, "credential": 2, "privilege": 2, "published": 2, "spawned": 0, "lines": 1,
    }  # fmt: skip
    assert counted(found, "credential", "Medal") == 0


def test_what_was_revoked_counts_no_more():
    found = live(exam(PASS_60, GIVES))
    found.scored(70, 80)

    revoke(Given.objects.filter(name="Badge").first(), by=found.operator, reason="a mistake")

    assert counted(found, "credential", "Badge") == 1


@pytest.mark.parametrize(("per", "amount"), [("", 10), (", per: unit", 20), (", per: entry", 20)])
def test_what_is_provided_is_counted_for_the_stage_a_turn_or_a_case(per, amount):
    found = live(exam(more=f", provides: [{{type: compute, from: host, amount: 10, unit: gpu-hour{per}}}]"))
    found.enter_many(2, "exam")

    assert counted(found, "provided", "compute") == amount


def test_parties_are_the_organisations_bound():
    assert LiveFigures(live(APPLY).programme).parties() == 2


# --- measures ----------------------------------------------------------------------------------------------------


def test_measures_use_one_another_rounded_and_division_by_nothing_is_null():
    measures = """measures:
  - {id: rate, title: Rate, is: pass(exam) / in(exam)}
  - {id: twice, title: Twice, is: rate * 2}
  - {id: none, title: None, is: pass(exam) / out(final)}"""
    found = live([exam(PASS_60), exam(PASS_60, id_="final", entry="")], extra=measures)
    found.scored(50, 70, 80)

    assert measured(found) == {"rate": 0.667, "twice": 1.334, "none": None}


def test_a_measure_by_a_fact_has_one_value_for_each():
    measures = """measures:
  - {id: by-option, title: By option, is: pass(final), by: exam.option}
  - {id: by-score, title: By score, is: in(exam), by: exam.score, bands: [60, 80]}
  - {id: prize-by-option, title: Prize, is: money(prize), by: exam.option}"""
    prize = ", gives: [{money: {type: prize, amount: 100, from: host}}]"
    found = live([exam(more=", options: [red, blue]"), exam(PASS_60, prize, id_="final", entry="")], extra=measures)
    for option, score in (("red", 50), ("red", 60), ("blue", 80)):
        turn = found.hand_in(found.enter("exam", options=[option]), score=score)
        found.hand_in(found.turn(turn, "final"), score=score)

    assert measured(found) == {
        "by-option[red]": 1, "by-option[blue]": 1,
        "by-score[..60]": 1, "by-score[60..80]": 1, "by-score[80..]": 1,
        "prize-by-option[red]": 100, "prize-by-option[blue]": 100,
    }  # fmt: skip


def test_each_word_of_words_is_a_group():
    form = APPLY[:-1] + ", do: {ask: [skills: words]}}"
    found = live(form, extra="measures: [{id: skilled, title: Skilled, is: in(apply), by: apply.skills}]")
    for skills in (["python", "sql"], ["python"]):
        found.enter_and_hand_in(skills=skills)

    assert measured(found) == {"skilled[python]": 2, "skilled[sql]": 1}


def test_a_teams_money_counts_in_a_group_by_each_persons_share():
    prize = ", gives: [{money: {type: prize, amount: 100, from: host}}]"
    measures = "measures: [{id: by-score, title: By score, is: money(prize), by: solo.score}]"
    found = live([booth(prize), exam(id_="solo", entry="unit: person, ")], subject="team", extra=measures)
    people = [make_person() for _ in range(3)]
    found.hand_in(found.enter("build", team=make_team(3, people=people)), attended=1)
    for person, score in zip(people, (1, 1, 2), strict=True):
        found.hand_in(found.turn(person, "solo"), score=score)

    assert measured(found) == {"by-score[1]": 67, "by-score[2]": 33}


def test_who_left_is_in_no_group():
    found = live(exam(PASS_60), extra="measures: [{id: by-score, title: By score, is: in(exam), by: exam.score}]")
    found.scored(50, 70)
    close_stage(found.programme, "exam", by=found.operator)

    assert measured(found) == {"by-score[70]": 1}
