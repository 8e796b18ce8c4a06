"""Keeping somebody out of a whole programme: what it closes, what it leaves, the appeal, and undoing it."""

from datetime import timedelta

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.funding.models import Payment
from dure.jobs.models import Message
from dure.people.operations import form_team, join_team
from dure.programmes import rules
from dure.programmes.models import Ban, BanState, Given, Turn
from dure.programmes.operations.banning import answer_appeal, appeal, ban, end_bans, lift
from dure.programmes.operations.entering import accept, enter, offer
from tests.factories import make_person
from tests.programmes.build import APPLY, Live, booth, exam, live

pytestmark = pytest.mark.django_db
WHY = Text(ko="계정을 여러 개 썼습니다.", en="Several accounts were used.")
SORRY = Text(ko="확인했습니다.", en="We looked.")


@pytest.fixture
def made() -> Live:
    """An exam of which the best passes."""
    return live(exam("rank: {by: score, take: 1}"))


def banned(made: Live, *persons, **known) -> Ban:
    return ban(made.programme, persons, by=known.pop("by", made.operator), reason=WHY, **known)


def test_live_turns_are_withdrawn_and_nothing_can_be_entered_again(made) -> None:
    person = make_person()
    turn = made.enter("exam", by=person)

    banned(made, person)

    assert made.again(turn).state == "withdrawn"
    with pytest.raises(Forbidden) as refused:
        enter(made.programme, "exam", person=person)
    assert (refused.value.code, "Several accounts were used." in refused.value.text.en) == ("programme.banned", True)


def test_what_was_given_and_paid_stays(made) -> None:
    person = make_person()
    turn = made.enter_and_hand_in("exam", by=person, score=90)
    made.settle_and_release("exam")
    before = (list(Given.objects.values()), list(Payment.objects.values()), made.again(turn).state)

    banned(made, person)

    assert (list(Given.objects.values()), list(Payment.objects.values()), made.again(turn).state) == before


def test_mates_go_on_while_the_banned_one_can_do_nothing() -> None:
    made = live(booth(entry="entry: open, "), subject="team")
    captain, mate = make_person(), make_person()
    team = join_team(form_team("Han", captain=captain), person=mate)
    turn = made.enter("build", by=captain, team=team)

    banned(made, mate)

    turn = made.again(turn)
    assert turn.state == "open"
    assert {who: rules.holds(person, turn) for who, person in (("captain", captain), ("mate", mate))} == {
        "captain": True, "mate": False,
    }  # fmt: skip
    assert rules.may_see(mate, turn)


def test_a_whole_team_is_banned_at_once() -> None:
    made = live(booth(entry="entry: open, "), subject="team")
    captain, mate = make_person(), make_person()
    team = join_team(form_team("Han", captain=captain), person=mate)
    turn = made.enter("build", by=captain, team=team)

    banned(made, captain, mate, title="Han")

    assert (made.again(turn).state, Ban.objects.get().title) == ("withdrawn", "Han")


def test_a_ban_for_a_time_ends_by_itself(made) -> None:
    person, until = make_person(), clock.now() + timedelta(days=3)
    banned(made, person, until=until)

    with clock.at(until):
        assert made.enter("exam", by=person).state == "open"
        assert not Ban.objects.get().is_in_force


def test_what_is_still_open_goes_back_when_the_time_is_over_and_they_are_told(made) -> None:
    people, until = [make_person(email="ada@example.org"), make_person()], clock.now() + timedelta(days=3)
    handed_in = made.enter_and_hand_in("exam", by=people[0], score=70)
    open_ = made.enter("exam", by=people[1])
    banned(made, *people, until=until)

    end_bans()
    before = {made.again(turn).state for turn in (handed_in, open_)}
    with clock.at(until):
        end_bans()
        end_bans()

    assert (before, made.again(handed_in).state, made.again(open_).state) == ({"withdrawn"}, "handed-in", "open")
    letters = Message.objects.filter(receiver="ada@example.org").order_by("pk").values_list("subject", flat=True)
    assert [subject.partition(": ")[2] for subject in letters] == ["참가가 제한되었습니다", "참가 제한 기간 종료"]
    assert AuditRow.objects.filter(action="programme.ban-ended").count() == 1


def test_what_ended_meanwhile_stays_ended_unless_the_ban_is_lifted(made) -> None:
    people, until = [make_person(), make_person()], clock.now() + timedelta(days=3)
    handed_in = made.enter_and_hand_in("exam", by=people[0], score=70)
    open_ = made.enter("exam", by=people[1])
    made_ban = banned(made, *people, until=until)
    Turn.objects.update(closes_at=until)

    with clock.at(until):
        end_bans()
        ended = made.again(handed_in).state, made.again(open_).state
        lift(made_ban, by=made.operator)

    assert ended == ("withdrawn", "withdrawn")
    assert (made.again(handed_in).state, made.again(open_).state) == ("handed-in", "withdrawn")


def test_a_team_goes_on_once_one_of_it_may() -> None:
    made = live(booth(entry="entry: open, "), subject="team")
    captain, mate = make_person(), make_person()
    turn = made.enter("build", by=captain, team=join_team(form_team("Han", captain=captain), person=mate))
    until = clock.now() + timedelta(days=3)
    banned(made, mate, until=until)
    banned(made, captain)
    gone = made.again(turn).state

    with clock.at(until):
        end_bans()

    assert (gone, made.again(turn).state) == ("withdrawn", "open")


def test_who_is_banned_again_when_the_first_ban_is_over_loses_what_came_back(made) -> None:
    person, until = make_person(), clock.now() + timedelta(days=3)
    turn = made.enter("exam", by=person)
    banned(made, person, until=until)

    with clock.at(until):
        again = banned(made, person)
        end_bans()
        held = made.again(turn).state
        lift(again, by=made.operator)

    assert (held, made.again(turn).state) == ("withdrawn", "open")


def test_one_is_banned_once_at_a_time(made) -> None:
    person, until = make_person(), clock.now() + timedelta(days=3)
    banned(made, person, until=until)

    with pytest.raises(Refused) as refused:
        banned(made, person)
    assert refused.value.code == "ban.already"
    with clock.at(until):
        assert banned(made, person).is_in_force


def test_lifting_puts_turns_back_where_they_stood(made) -> None:
    people = [make_person(), make_person()]
    handed_in = made.enter_and_hand_in("exam", by=people[0], score=70)
    open_ = made.enter("exam", by=people[1])
    made_ban = banned(made, *people)

    lift(made_ban, by=made.seats["clerk"])

    assert (made.again(handed_in).state, made.again(open_).state) == ("handed-in", "open")
    assert made.again(handed_in).case.state == "running"


def test_what_was_settled_meanwhile_stays_withdrawn(made) -> None:
    person = make_person()
    turn = made.enter_and_hand_in("exam", by=person, score=70)
    made.scored(50)
    made_ban = banned(made, person)
    made.settle_and_release("exam")

    lift(made_ban, by=made.operator)

    assert made.again(turn).state == "withdrawn"


def test_a_turn_that_waits_is_not_opened_while_its_person_is_banned() -> None:
    made = live([APPLY, "- {id: talk, kind: event, after: apply, do: {type: seminar}}"])
    person = make_person()
    made.enter_and_hand_in("apply", by=person)
    Turn.objects.filter(stage="talk").update(state="waiting", opened_at=None)
    made_ban = banned(made, person)
    assert made.states("talk") == ["withdrawn"]

    lift(made_ban, by=made.operator)

    assert made.states("talk") == ["open"]


def test_an_appeal_is_made_once_and_answered_by_another(made) -> None:
    person = make_person()
    turn = made.enter("exam", by=person)
    made_ban = banned(made, person, by=made.seats["clerk"])
    appeal(made_ban, by=person, text="It was my brother's account.")

    for again in (lambda: appeal(made_ban, by=person, text="again"), lambda: lift(made_ban, by=made.operator),
                  lambda: answer_appeal(made_ban, by=made.seats["clerk"], grant=True, answer=SORRY)):  # fmt: skip
        with pytest.raises(Refused):
            again()
    answer_appeal(made_ban, by=made.operator, grant=True, answer=SORRY)

    assert (Ban.objects.get().state, made.again(turn).state) == (BanState.LIFTED, "open")


def seated_since(made_ban: Ban, person) -> None:
    """Somebody operates the programme from which they were banned."""
    made_ban.programme.seats.create(role="clerk", person=person)


def test_nobody_lifts_a_ban_of_their_own_or_answers_their_own_appeal(made) -> None:
    person = make_person()
    made_ban = banned(made, person)
    seated_since(made_ban, person)
    appeal(made_ban, by=person, text="It was my brother's account.")

    refusals = []
    for own in (
        lambda: lift(made_ban, by=person),
        lambda: answer_appeal(made_ban, by=person, grant=True, answer=SORRY),
    ):
        with pytest.raises(Refused) as refused:
            own()
        refusals.append(refused.value.code)

    assert (refusals, Ban.objects.get().state) == (["ban.own", "ban.own"], BanState.APPEALED)


def test_who_banned_answers_only_where_no_other_operator_could(made) -> None:
    person, clerk = make_person(), made.seats["clerk"]
    made_ban = banned(made, person, by=made.operator)
    seated_since(made_ban, person)
    appeal(made_ban, by=person, text="Please.")

    with pytest.raises(Refused) as refused:
        answer_appeal(made_ban, by=made.operator, grant=False, answer=SORRY)
    made.programme.seats.filter(person=clerk).update(ended_at=clock.now())  # whom it concerns is left beside them

    assert refused.value.code == "ban.own"
    assert answer_appeal(made_ban, by=made.operator, grant=False, answer=SORRY).state == BanState.UPHELD


def test_an_appeal_that_is_refused_leaves_it_in_force(made) -> None:
    person = make_person()
    made_ban = banned(made, person, by=made.seats["clerk"])
    appeal(made_ban, by=person, text="Please.")

    answer_appeal(made_ban, by=made.operator, grant=False, answer=SORRY)

    assert (made_ban.state, made_ban.is_in_force) == ("upheld", True)


def test_nobody_appeals_too_late_or_for_others(made) -> None:
    person = make_person()
    made_ban = banned(made, person)

    with pytest.raises(Forbidden):
        appeal(made_ban, by=make_person(), text="for them")
    with clock.at(made_ban.appeal_until), pytest.raises(Refused) as refused:
        appeal(made_ban, by=person, text="late")
    assert refused.value.code == "ban.late"


def test_only_operators_ban_and_no_operator_is_banned(made) -> None:
    with pytest.raises(Forbidden):
        banned(made, make_person(), by=made.seats["judge"])
    with pytest.raises(Refused) as refused:
        banned(made, made.seats["clerk"])
    assert refused.value.code == "ban.operator"
    with pytest.raises(Flawed):
        ban(made.programme, [make_person()], by=made.operator, reason=Text(ko="사유", en=" "))
    with pytest.raises(Flawed):
        banned(made)


def test_offers_are_taken_back_and_none_is_made() -> None:
    made = live("- {id: talk, kind: event, entry: invite, do: {type: seminar}}")
    person = make_person()
    sent = offer(made.programme, "talk", to=person, by=made.operator)

    banned(made, person)

    sent.refresh_from_db()
    assert sent.state == "withdrawn"
    with pytest.raises(Forbidden):
        offer(made.programme, "talk", to=person, by=made.operator)
    with pytest.raises(Forbidden):
        accept(sent)


def test_those_it_concerns_are_told_why_and_where_to_appeal(made) -> None:
    person = make_person(email="banned@example.org")

    made_ban = banned(made, person)

    letter = Message.objects.get(receiver="banned@example.org")
    assert ("계정을 여러 개 썼습니다." in letter.text, f"/bans/{made_ban.pk}/" in letter.text) == (True, True)


def test_every_step_is_in_the_log(made) -> None:
    person = make_person()
    made.enter("exam", by=person)
    made_ban = banned(made, person, by=made.seats["clerk"])
    appeal(made_ban, by=person, text="Please.")
    answer_appeal(made_ban, by=made.operator, grant=True, answer=SORRY)

    told = set(AuditRow.objects.filter(action__startswith="programme.ban").values_list("action", flat=True))
    assert told == {"programme.banned", "programme.ban-appealed", "programme.ban-lifted"}
