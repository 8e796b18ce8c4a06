"""Settling a set: previewed, confirmed, undone, settled again, released; once, and for all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.core import clock
from dure.core.errors import Refused
from dure.people.models import Person
from dure.programmes.models import Case, Decision, Given, Member, Settlement, Turn, TurnMember
from dure.programmes.operations.handing import try_again, withdraw
from dure.programmes.operations.settling import preview, release, settle, undo
from dure.skills.models import Evidence
from tests.factories import make_person
from tests.people.races import race
from tests.programmes.build import APPLY, at, exam, live

pytestmark = pytest.mark.django_db
BEST_TWO = "{rank: {by: score, take: 2}}"
PRIZES = ", gives: [{money: {type: prize, ranks: [300, 100], from: host}}, {credential: {name: Medal, type: badge}}]"


@pytest.fixture
def contest():
    """Three have handed in, a fourth has not; the best two win."""
    found = live(exam(BEST_TWO, PRIZES))
    found.turns = [*found.scored(50, 90, 70), found.enter("exam")]
    return found


# --- the preview -------------------------------------------------------------------------------------------------


def test_the_preview_counts_what_settling_would_do_and_writes_nothing(contest):
    seen = preview(contest.programme, "exam")

    assert (seen.passed, seen.out, seen.awaited, seen.not_handed_in) == (2, {"rank": 1, "not-handed-in": 1}, 0, 1)
    assert (seen.money, seen.gives) == ({"prize": 400}, {"credential": {"Medal": 2}})
    assert seen.sentence().en == "2 pass, 2 out, 400 won due."
    assert seen.sentence().ko == "2건 통과, 2건 탈락, 지급할 금액 400원입니다."
    assert (Decision.objects.count(), Given.objects.count(), Settlement.objects.count()) == (0, 0, 0)


def test_the_preview_says_why_settling_is_refused(contest):
    contest.fund("prize", 399)

    seen = preview(contest.programme, "exam")

    assert seen.refusal is not None
    assert seen.sentence().en.startswith("2 pass, 2 out, 400 won due. Settling is refused: The fund prize is short:")


def test_the_preview_counts_who_may_still_come():
    contest = live([exam(id_="first"), exam(BEST_TWO, entry="")])
    contest.scored(90, stage="first")
    contest.enter_many(2, "first")

    assert preview(contest.programme, "exam").still_coming == 2


# --- confirmed: nobody is told -----------------------------------------------------------------------------------


def test_a_confirmed_set_changes_no_turn_and_gives_nothing(contest):
    settlement = contest.settle()

    assert settlement.state == "confirmed"
    assert contest.states("exam") == ["handed-in", "handed-in", "handed-in", "open"]
    assert contest.reasons("exam") == ["rank", "", "", "not-handed-in"]
    assert contest.given() == []


def test_nothing_can_be_handed_in_once_a_set_is_settled(contest):
    contest.settle()

    for turn in contest.turns[0], contest.turns[3]:
        with pytest.raises(Refused) as refused:
            contest.hand_in(turn, score=100)
        assert refused.value.code == "turn.closed"
    assert contest.again(contest.turns[0]).evidence.values == {"score": 50}


def test_nobody_enters_a_stage_that_is_settled(contest):
    contest.settle()

    with pytest.raises(Refused) as refused:
        contest.enter("exam")

    assert refused.value.code == "entry.closed"


def test_settling_twice_is_refused(contest):
    contest.settle()

    with pytest.raises(Refused) as refused:
        contest.settle()

    assert refused.value.code == "settle.twice"
    assert Settlement.objects.count() == 1


def test_a_set_somebody_is_still_asked_about_cannot_be_settled():
    contest = live(exam("{decide: {role: head, take: 2}}"))
    first, _ = contest.scored(80, 60)
    contest.say(first, yes=True)

    with pytest.raises(Refused) as refused:
        contest.settle()

    assert (refused.value.code, refused.value.facts) == ("settle.awaited", {"awaited": 2})


def test_who_was_never_opened_is_out_when_the_set_is_released():
    contest = live(exam(BEST_TWO, ", options: [red, blue]"))
    contest.hand_in(contest.enter("exam", options=["red"]), score=1)
    contest.enter("exam")

    seen = preview(contest.programme, "exam")
    contest.settle_and_release()

    assert seen.out == {"not-opened": 1}
    assert (contest.states("exam"), contest.reasons("exam")) == (["passed", "out"], ["", "not-opened"])


# --- undone ------------------------------------------------------------------------------------------------------


def test_an_undone_settlement_lets_the_stage_go_on_and_it_can_be_settled_again(contest):
    undone = undo(contest.settle(), by=contest.operator)
    contest.hand_in(contest.turns[3], score=95)

    contest.settle_and_release()

    assert undone.state == "undone"
    assert undone.ended_by == contest.operator
    assert contest.states("exam") == ["out", "passed", "out", "passed"]
    assert Decision.objects.filter(settlement=undone).count() == 4


def test_what_is_released_cannot_be_undone(contest):
    released = contest.settle_and_release()

    with pytest.raises(Refused) as refused:
        undo(released, by=contest.operator)

    assert refused.value.code == "state.move"


# --- released: final ---------------------------------------------------------------------------------------------


def test_a_release_ends_turns_pays_the_places_and_is_signed(contest):
    released = contest.settle_and_release()

    assert (released.state, released.ended_by) == ("released", contest.operator)
    assert contest.states("exam") == ["out", "passed", "passed", "out"]
    assert contest.reasons("exam") == ["rank", "", "", "not-handed-in"]
    assert contest.given() == [
        ("money", "prize", 300), ("money", "prize", 100), ("credential", "Medal", None), ("credential", "Medal", None),
    ]  # fmt: skip


def test_a_release_happens_once(contest):
    settlement = contest.settle()
    twin = Settlement.objects.get()
    contest.release(settlement)

    with pytest.raises(Refused) as refused:
        contest.release(twin)

    assert refused.value.code == "state.changed"
    assert len(contest.given()) == 4


def test_who_withdrew_before_the_release_gets_nothing_and_keeps_no_place_warm(contest):
    settlement = contest.settle()
    withdraw(contest.again(contest.turns[1]))

    contest.release(settlement)

    assert contest.states("exam") == ["out", "withdrawn", "passed", "out"]
    assert contest.given("money") == [("money", "prize", 100)]


def test_a_settled_stage_is_not_tried_again():
    contest = live(exam(BEST_TWO, ", else: again"))
    turns = contest.scored(50, 90, 70)
    contest.settle_and_release()

    with pytest.raises(Refused) as refused:
        try_again(contest.again(turns[0]))

    assert refused.value.code == "turn.closed"


def test_a_stage_that_settles_leads_on_when_it_is_released():
    contest = live([exam(BEST_TWO), exam(id_="final", entry=""), "- {id: care, kind: form, after: ['exam:out']}"])
    contest.scored(50, 90, 70)

    settlement = contest.settle()
    before = contest.states("final"), contest.states("care")
    contest.release(settlement)

    assert before == ([], [])
    assert (contest.states("final"), contest.states("care")) == (["open", "open"], ["open"])


# --- the order ---------------------------------------------------------------------------------------------------


def test_a_tie_at_the_cut_goes_to_who_handed_in_first_and_is_reported():
    contest = live(exam(BEST_TWO))
    turns = contest.scored(70, 90, 70)

    seen = preview(contest.programme, "exam")
    settlement = contest.settle_and_release()

    tie = {"step": 0, "option": None, "value": 70.0, "turns": [str(turns[0].pk), str(turns[2].pk)]}
    assert seen.ties == settlement.ties == [tie]
    assert contest.states("exam") == ["passed", "passed", "out"]


def test_a_later_hand_in_stands_behind_in_a_tie():
    contest = live(exam(BEST_TWO))
    turns = contest.scored(70, 90, 70)
    contest.hand_in(turns[0], score=70)

    contest.settle_and_release()

    assert contest.states("exam") == ["out", "passed", "passed"]


def test_places_are_counted_in_each_option():
    contest = live(exam("{rank: {by: score, take: 1, per: option}}", ", options: [red, blue]"))
    for option, score in (("red", 50), ("blue", 90), ("red", 60), ("blue", 95)):
        contest.hand_in(contest.enter("exam", options=[option]), score=score)

    contest.settle_and_release()

    assert contest.states("exam") == ["out", "out", "passed", "passed"]


def test_steps_before_the_first_that_compares_judge_at_hand_in():
    contest = live(exam("{rule: ['score >= 60']}, {rank: {by: score, take: 1}}"))

    contest.scored(50, 90)

    assert contest.states("exam") == ["out", "handed-in"]
    assert contest.reasons("exam") == ["rule.score"]


def test_each_period_of_a_stage_settles_for_itself():
    clock.set_clock(at("2027-01-10T00:00:00+09:00"))
    when = ", when: {every: 1m, from: 2027-02-01}"
    contest = live([APPLY, exam("{rank: {by: score, take: 1}}", when, entry="")])
    january = contest.enter_and_hand_in()
    clock.set_clock(at("2027-02-10T00:00:00+09:00"))
    contest.tick()
    contest.hand_in(contest.turn(january, "exam"), score=10)
    february = contest.enter_and_hand_in()
    _settle_period_of(contest, january)

    clock.set_clock(at("2027-03-10T00:00:00+09:00"))
    contest.tick()
    contest.hand_in(contest.turn(february, "exam"), score=5)
    _settle_period_of(contest, february)

    assert contest.states("exam") == ["passed", "passed"]


def _settle_period_of(contest, turn):
    occurrence = contest.turn(turn, "exam").occurrence
    release(settle(contest.programme, "exam", by=contest.operator, occurrence=occurrence), by=contest.operator)


# --- at once -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_settle_at_once_settle_once():
    contest = live(exam(BEST_TWO, PRIZES))
    contest.scored(50, 90, 70)
    other = make_person()

    got = race(contest.settle, lambda: settle(contest.programme, "exam", by=other))

    assert sorted(type(one).__name__ for one in got) == ["Refused", "Settlement"]
    assert (Settlement.objects.count(), Decision.objects.count()) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_release_at_once_give_once():
    contest = live(exam(BEST_TWO, PRIZES))
    contest.scored(50, 90, 70)
    contest.settle()

    got = race(*[lambda: release(Settlement.objects.get(), by=contest.operator)] * 2)

    assert sorted(type(one).__name__ for one in got) == ["Refused", "Settlement"]
    assert len(contest.given()) == 4


@pytest.mark.django_db(transaction=True)
def test_a_hand_in_that_races_with_the_settlement_is_judged_or_refused():
    contest = live(exam(BEST_TWO))
    turn, _ = contest.scored(50, 70)
    late = contest.again(turn)

    settled, handed_in = race(contest.settle, lambda: contest.hand_in(late, score=99))

    judged = Decision.objects.get(turn=turn, settlement=settled).evidence.values
    refused = isinstance(handed_in, Refused)
    assert judged == ({"score": 50} if refused else {"score": 99})
    assert contest.again(turn).evidence.values == judged


# --- many --------------------------------------------------------------------------------------------------------


def test_settling_five_thousand_asks_a_bounded_number_of_queries():
    contest = live(exam("{rank: {by: score, take: 2500}}", ", gives: [{credential: {name: Medal, type: badge}}]"))
    _hand_in_many(contest, 5_000)

    with CaptureQueriesContext(connection) as asked:
        released = contest.settle_and_release()

    assert released.decisions.count() == 5_000
    assert Turn.objects.filter(state="passed").count() == Given.objects.count() == 2_500
    assert len(asked) < 120  # fifty rows a statement where a database bounds its parameters; never one a turn


def _hand_in_many(contest, count):
    """Rows as an import would write them: one person, case, turn and hand-in each."""
    people = Person.objects.bulk_create([Person(email=f"many{n}@example.org") for n in range(count)])
    cases = Case.objects.bulk_create(
        [Case(programme=contest.programme, number=n, entered_by=p, sole=p) for n, p in enumerate(people, 1)]
    )
    members = Member.objects.bulk_create([Member(case=c, person=c.sole) for c in cases])
    shown = Evidence.objects.bulk_create(
        [Evidence(kind="test", values={"score": n % 101}, via="recorded") for n in range(count)]
    )
    now = clock.now()
    turns = Turn.objects.bulk_create(
        [
            Turn(
                programme=contest.programme,
                stage="exam",
                case=c,
                state="handed-in",
                evidence=e,
                entered_at=now,
                opened_at=now,
                handed_in_at=now,
            )
            for c, e in zip(cases, shown, strict=True)
        ]
    )
    TurnMember.objects.bulk_create(
        [TurnMember(turn=t, member=m, stage="exam") for t, m in zip(turns, members, strict=True)]
    )
