"""The acts by which a case comes in: applying, invitation, nomination, match; and what it chooses."""

import pytest

from dure.core.errors import Missing, Refused
from dure.programmes.models import Case, Offer
from dure.programmes.operations.entering import accept, accept_terms, choose, decline, offer, withdraw_offer
from dure.programmes.operations.publishing import run
from dure.programmes.queries.waiting import hindrances_of
from tests.factories import make_organisation, make_person
from tests.people.races import race
from tests.programmes.build import APPLY, booth, exam, holder, live, make_team

pytestmark = pytest.mark.django_db
INVITED = APPLY.replace("open", "invite")
LATER = [exam(id_="first"), exam(id_="talk", entry="entry: invite, ")]


def refusal(act, *given, **known):
    with pytest.raises(Refused) as refused:
        act(*given, **known)
    return refused.value.code


# --- applying ----------------------------------------------------------------------------------------------------


def test_who_applies_is_a_case_with_an_open_turn():
    found = live(APPLY)
    person = make_person()

    turn = found.enter(by=person)

    case = Case.objects.get()
    assert (turn.state, turn.case, holder(turn)) == ("open", case, person)
    assert (case.number, case.sole, case.state) == (1, person, "running")


def test_nobody_applies_twice():
    found = live(APPLY)
    person = make_person()
    found.enter(by=person)

    assert refusal(found.enter, by=person) == "entry.twice"
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_applies_twice_at_once_enters_once():
    found = live(APPLY)
    person = make_person()

    got = race(*[lambda: found.enter(by=person)] * 3)

    assert sorted(type(one).__name__ for one in got) == ["Refused", "Refused", "Turn"]
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_those_who_apply_at_once_have_a_number_each():
    found = live(APPLY)

    race(*[found.enter] * 4)

    assert sorted(Case.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_one_person_keeps_the_case_at_every_start():
    found = live([APPLY, "- {id: other, kind: form, after: [], entry: open}"])
    person = make_person()

    turns = [found.enter(stage, by=person) for stage in ("apply", "other")]

    assert len({turn.case for turn in turns}) == Case.objects.count() == 1


def test_a_programme_that_runs_takes_no_new_cases():
    found = live(APPLY)
    run(found.programme)

    assert refusal(found.enter) == "programme.not-open"


@pytest.mark.parametrize("stage", ["first", "nowhere"])
def test_one_applies_only_where_the_stage_says_so(stage):
    found = live(INVITED.replace("apply", "first"))

    code = refusal(found.enter, stage)

    assert code == {"first": "entry.not-open", "nowhere": "stage.unknown"}[stage]


def test_a_later_stage_is_entered_by_those_who_came_through():
    found = live([exam(id_="first"), exam(id_="talk", entry="entry: open, ")])
    turn = found.scored(50, stage="first")[0]
    waiting = found.turn(turn, "talk").state

    entered = found.enter("talk", by=holder(turn))

    assert (waiting, entered.state, Case.objects.count()) == ("waiting", "open", 1)
    assert refusal(found.enter, "talk", by=make_person()) == "entry.not-here"


# --- organisations, consortia, items -----------------------------------------------------------------------------


def test_an_organisation_enters_through_somebody_and_travels_alone():
    found = live(APPLY, subject="org")
    organisation = make_organisation()

    turn = found.enter(organisation=organisation)

    assert (turn.case.organisation, turn.turn_members.get().member.person) == (organisation, None)
    assert refusal(found.enter) == "entry.organisation"


def test_a_consortium_is_led_by_the_kind_that_the_form_asks():
    found = live(APPLY[:-1] + ", do: {lead: university}}", subject="consortium")
    school, company = make_organisation(kind="university"), make_organisation()

    turn = found.enter(organisation=school, partners=[company])

    assert list(turn.case.partners.all()) == [company]
    assert refusal(found.enter, organisation=company, partners=[school]) == "consortium.lead"


def test_somebody_may_enter_several_items_and_bring_each_to_another_start():
    found = live([APPLY, "- {id: other, kind: form, after: [], entry: open}"], subject="item")
    person = make_person()
    first, second = (found.enter(by=person, title=title) for title in ("one", "two"))

    again = found.enter("other", by=person, case=second.case.number)

    assert (first.case != second.case, again.case) == (True, second.case)
    with pytest.raises(Missing):
        found.enter("other", by=make_person(), case=first.case.number)


# --- offers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ["invite", "nominate", "match"])
def test_who_accepts_an_offer_is_in(entry):
    needs = "needs: [{skill: python, level: 3}]" if entry == "match" else ""
    found = live(APPLY.replace("open", entry), extra=needs)
    person = make_person()
    made = offer(found.programme, "apply", to=person, by=found.operator, match=0.75 if entry == "match" else None)
    before = Case.objects.count()

    turn = accept(made)

    assert (before, holder(turn), turn.state) == (0, person, "open")
    assert turn.match == (0.75 if entry == "match" else None)


def test_only_the_partys_deciders_and_operators_nominate():
    found = live(APPLY.replace("open", "nominate"))

    offer(found.programme, "apply", to=make_person(), by=found.seats["head"])

    assert refusal(offer, found.programme, "apply", to=make_person(), by=found.seats["judge"]) == "entry.not-yours"


def test_only_operators_invite():
    found = live(INVITED)

    assert refusal(offer, found.programme, "apply", to=make_person(), by=found.seats["head"]) == "entry.not-yours"


def test_nobody_is_invited_where_one_applies():
    found = live(APPLY)

    assert refusal(offer, found.programme, "apply", to=make_person(), by=found.operator) == "entry.no-offer"


def test_an_offer_waits_for_one_answer():
    found = live(INVITED)
    person = make_person()
    made = offer(found.programme, "apply", to=person, by=found.operator)

    assert refusal(offer, found.programme, "apply", to=person, by=found.operator) == "entry.offered"
    assert decline(made).state == "declined"
    assert refusal(accept, made) == "state.move"
    assert (Case.objects.count(), Offer.objects.count()) == (0, 1)


def test_who_declined_may_be_asked_again_and_an_offer_taken_back():
    found = live(INVITED)
    person = make_person()
    decline(offer(found.programme, "apply", to=person, by=found.operator))

    again = withdraw_offer(offer(found.programme, "apply", to=person, by=found.operator))

    assert (again.state, refusal(accept, again)) == ("withdrawn", "state.move")


def test_an_offer_is_accepted_once():
    found = live(INVITED)
    made = offer(found.programme, "apply", to=make_person(), by=found.operator)
    twin = Offer.objects.get()
    accept(made)

    assert refusal(accept, twin) == "state.changed"


def test_a_fit_lies_between_none_and_full():
    found = live(APPLY.replace("open", "match"), extra="needs: [{skill: python, level: 3}]")

    assert refusal(offer, found.programme, "apply", to=make_person(), by=found.operator, match=1.1) == "entry.match"


def test_an_offer_at_a_later_stage_is_for_who_came_through():
    found = live(LATER)
    first = found.scored(50, stage="first")[0]
    talk = found.turn(first, "talk")

    made = offer(found.programme, "talk", to=holder(first), by=found.operator, turn=talk)

    assert (talk.state, accept(made).state) == ("waiting", "open")
    assert (
        refusal(offer, found.programme, "talk", to=holder(first), by=found.operator, turn=talk) == "entry.not-waiting"
    )


def test_nobody_is_let_in_at_a_later_stage_past_the_ones_before():
    found = live(LATER)
    first = found.scored(50, stage="first")[0]
    talk = found.turn(first, "talk")

    assert refusal(offer, found.programme, "talk", to=make_person(), by=found.operator) == "entry.not-here"
    assert refusal(offer, found.programme, "talk", to=make_person(), by=found.operator, turn=talk) == "entry.not-here"


# --- choices and terms -------------------------------------------------------------------------------------------


def hindrances(found, turn):
    return [text.en for text in hindrances_of(found.programme, turn.stage, [turn])[turn.pk]]


def test_a_turn_with_options_opens_when_one_is_chosen():
    found = live(exam(more=", options: [red, blue]"))
    turn = found.enter("exam")
    waited = hindrances(found, turn)

    chosen = choose(turn, ["blue"])

    assert waited == ["Choose an option."]
    assert (chosen.state, chosen.options) == ("open", ["blue"])


def test_a_choice_holds_once_the_turn_is_open():
    found = live(exam(more=", options: [red, blue]"))
    turn = found.enter("exam", options=["red"])

    assert refusal(choose, turn, ["blue"]) == "turn.chosen"
    assert found.again(turn).options == ["red"]


@pytest.mark.parametrize(
    ("options", "code"),
    [(["green"], "option.unknown"), (["red", "blue", "gold"], "option.count"), ([], "option.count")],
)
def test_one_chooses_so_many_of_what_is_offered(options, code):
    found = live(exam(more=", options: [red, blue, gold], choose: 2"))

    assert refusal(choose, found.enter("exam"), options) == code


def test_options_that_are_bound_are_the_programmes():
    found = live(exam(more=", options: bind"), bind={"options": ["north", "south"]})

    assert found.enter("exam", options=["south"]).options == ["south"]


def test_terms_are_accepted_by_every_member_before_a_turn_opens():
    terms = "provides: [{type: data, from: host, terms: no copies}]"
    found = live(booth(f", {terms}", size="{min: 2, max: 2}"), subject="team")
    team = make_team(2)
    turn = found.enter("build", by=team.captain, team=team)
    waited = hindrances(found, turn)
    captain, mate = (m.member.person for m in turn.turn_members.all())

    first = accept_terms(turn, person=captain).state
    second = accept_terms(turn, person=mate).state

    assert waited == ["Accept the terms of use: no copies"]
    assert (first, second) == ("waiting", "open")
