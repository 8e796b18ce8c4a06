"""Judging turn by turn: each verdict is a decision that says what decided, when, on which facts and from where."""

import pytest

from dure.core import clock
from dure.people.models import Source
from dure.people.operations import give_consent, join_organisation, state_fact
from dure.programmes.models import Decision
from dure.programmes.operations.entering import accept, offer
from dure.programmes.operations.judging import awaiting, judge_handed_in
from tests.factories import make_organisation, make_person
from tests.programmes.build import APPLY, at, booth, exam, live, make_team

pytestmark = pytest.mark.django_db


def facts(turn):
    return Decision.objects.filter(turn=turn).latest("pk").facts


def test_a_decision_says_what_decided_on_which_evidence_under_which_rules():
    clock.set_clock(at("2027-03-01T09:00:00+09:00"))
    found = live(exam("{rule: ['score >= 60']}"))
    turn = found.scored(50)[0]

    decided = Decision.objects.get()

    assert (decided.verdict, decided.code, decided.step, decided.settlement) == ("out", "rule.score", 0, None)
    assert (decided.evidence, decided.sha256, decided.at) == (turn.evidence, found.programme.sha256, clock.now())
    assert decided.facts == {"score": {"value": 50.0, "source": "exam"}}
    assert decided.reason.en == "Score must be at least 60, but is 50."
    assert decided.reason.ko == "점수: 60 이상이어야 하는데 50입니다."


def test_who_hands_in_passes_where_no_gate_stands():
    found = live(exam())

    assert [turn.state for turn in found.scored(0)] == ["passed"]


def test_judging_again_changes_nothing():
    found = live(exam("{rule: ['score >= 60']}"))
    found.scored(50, 70)

    judged = judge_handed_in(found.programme, "exam")

    assert judged.ruled == []
    assert Decision.objects.count() == 2


def test_a_missing_fact_never_passes_and_the_reason_says_so():
    found = live(exam("{rule: ['age >= 19']}"))

    found.scored(70)

    assert found.reasons("exam") == ["missing.age"]


def test_the_profile_is_read_on_the_day_and_its_sources_are_kept():
    clock.set_clock(at("2027-03-01T09:00:00+09:00"))
    rules = "'age >= 19', 'degree = master', 'employer has naver', 'consent = yes'"
    found = live(exam(f"{{rule: [{rules}]}}"))
    person = make_person(birth_date=at("2008-03-01T00:00:00+09:00").date())
    state_fact(person, "degree", "bachelor")
    state_fact(person, "degree", "master", source=Source.OPERATOR, by=found.operator)
    join_organisation(make_organisation("naver"), person=person)
    give_consent(person, purpose="recruiters", scope=found.programme.slug)

    turn = found.enter_and_hand_in("exam", by=person, score=1)

    assert turn.state == "passed"
    assert facts(turn) == {
        "age": {"value": 19.0, "source": "birth-date"},
        "degree": {"value": "master", "source": "operator"},
        "employer": {"value": "naver", "source": "membership"},
        "consent": {"value": "yes", "source": "consent"},
    }


def test_a_day_before_the_birthday_somebody_is_a_year_younger():
    clock.set_clock(at("2027-02-28T23:59:00+09:00"))
    found = live(exam("{rule: ['age >= 19']}"))
    person = make_person(birth_date=at("2008-03-01T00:00:00+09:00").date())

    assert found.enter_and_hand_in("exam", by=person, score=1).state == "out"


def test_an_answer_of_an_earlier_form_is_a_fact_of_its_stage():
    form = APPLY[:-1] + ", do: {ask: [points: number]}}"
    found = live([form, exam("{rule: ['points > 2', 'apply.points > 2']}", entry="")])
    turn = found.enter_and_hand_in(points=3)

    found.hand_in(found.turn(turn, "exam"), score=1)

    assert facts(found.turn(turn, "exam")) == {
        "points": {"value": 3.0, "source": "apply"},
        "apply.points": {"value": 3.0, "source": "apply"},
    }


def test_a_teams_fact_must_hold_for_every_member():
    found = live(booth(", gate: [{rule: ['year > 2']}]"), subject="team")
    for years in ((3, 4), (3, 2), (3, None)):
        people = [make_person() for _ in years]
        for person, year in zip(people, years, strict=True):
            if year:
                state_fact(person, "year", year)
        found.hand_in(found.enter("build", team=make_team(2, people=people)), attended=1)

    assert found.reasons("build") == ["", "rule.year", "missing.year"]


def test_an_organisations_kind_and_staff_are_facts():
    found = live(exam("{rule: ['kind in sme,startup', 'staff <= 10']}"), subject="org")
    for kind, staff in (("startup", 10), ("startup", 11), ("company", 3)):
        turn = found.enter("exam", organisation=make_organisation(kind=kind, staff=staff))
        found.hand_in(turn, score=1)

    assert found.reasons("exam") == ["", "rule.staff", "rule.kind"]


def test_the_fit_of_a_match_is_a_fact():
    found = live(exam("{rule: ['match >= 0.5']}", entry="entry: match, "), extra="needs: [{skill: python, level: 3}]")
    for match in (0.4, 0.5):
        made = offer(found.programme, "exam", to=make_person(), by=found.operator, match=match)
        found.hand_in(accept(made), score=1)

    assert found.reasons("exam") == ["rule.match", ""]


def test_a_step_for_an_option_judges_only_its_turns():
    found = live(exam("{decide: {role: head}, for: [red]}", ", options: [red, blue]"))
    for option in ("red", "blue"):
        found.hand_in(found.enter("exam", options=[option]), score=1)

    assert found.states("exam") == ["handed-in", "passed"]


def test_a_step_hears_those_whom_the_steps_before_let_through():
    found = live(exam("{rule: ['score >= 60']}, {decide: {role: head}}"))
    _, second = found.scored(50, 70)

    assert awaiting(found.programme, "exam", 1) == [second]


def test_a_mark_of_a_panel_is_a_fact_from_then_on():
    panel = "{panel: {role: judge, rubric: {idea: 40, craft: 60}, each: 1, pass: 60, conflicts: []}}"
    found = live([exam(panel), exam("{rule: ['exam.mark >= 70']}", id_="final", entry="")])
    turns = found.scored(1, 1)
    for turn, points in zip(turns, (65, 75), strict=True):
        found.mark(turn, points)
        found.hand_in(found.turn(turn, "final"), score=1)

    assert [found.again(turn).mark for turn in turns] == [65.0, 75.0]
    assert found.reasons("final") == ["rule.exam.mark", ""]
