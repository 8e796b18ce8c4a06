"""What follows from verdicts: to whom, how much, exactly once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from dure.core import clock
from dure.core.errors import Refused
from dure.joints.gates.decide import decide
from dure.joints.gives.money import bind_fund
from dure.joints.gives.recorded import revoke
from dure.people.operations import give_consent
from dure.programmes.models import Given, Turn
from dure.programmes.operations.handing import try_again, withdraw
from dure.programmes.operations.judging import judge_handed_in
from dure.programmes.operations.seating import attach, holds_credential, seat
from dure.programmes.queries.contacts import contact_scope
from tests.factories import make_organisation, make_person
from tests.people.races import race
from tests.programmes.build import APPLY, at, booth, exam, holder, live, make_team, project

pytestmark = pytest.mark.django_db
BADGE = "{credential: {name: Badge, type: badge}}"
PASS_60 = "{rule: ['score >= 60']}"


def gives(*written):
    return f", gives: [{', '.join(written)}]"


def receivers(name):
    return list(Given.objects.filter(name=name).order_by("pk").values_list("person", flat=True))


def paid(name):
    return list(Given.objects.filter(name=name).order_by("pk").values_list("amount", flat=True))


# --- once --------------------------------------------------------------------------------------------------------


def test_who_passes_receives_once_however_often_it_is_retried():
    found = live(exam(PASS_60, gives(BADGE)))
    turns = found.scored(70, 50)

    for _ in range(3):
        judge_handed_in(found.programme, "exam")
        found.tick()

    assert receivers("Badge") == [holder(turns[0]).pk]


def test_who_passes_after_trying_again_receives_once_and_entrants_only_the_first_time():
    found = live(exam(PASS_60, gives(BADGE, "{privilege: {type: lounge, at: host, to: entrants}}") + ", else: again"))
    turn = found.scored(50)[0]
    try_again(turn)
    found.hand_in(turn, score=70)

    assert found.given() == [("privilege", "lounge", None), ("credential", "Badge", None)]


@pytest.mark.django_db(transaction=True)
def test_judging_at_once_gives_once():
    found = live(exam("{decide: {role: head}}", gives(BADGE)))
    turn = found.scored(70)[0]
    decide(turn, 0, by=found.seats["head"], yes=True)

    race(*[lambda: judge_handed_in(found.programme, "exam")] * 3)

    assert (found.states("exam"), len(found.given())) == (["passed"], 1)


def test_the_database_itself_holds_a_give_to_once():
    found = live(exam(more=gives(BADGE)))
    found.scored(70)
    given = Given.objects.get()
    given.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        given.save(force_insert=True)


def test_one_publication_for_the_whole_stage_is_made_once():
    found = live(exam(more=gives("{publish: {type: report, where: open, once: true}}")))

    found.scored(70, 80, 90)

    assert found.given() == [("publish", "report", None)]
    assert Given.objects.get().turn is None


# --- to whom -----------------------------------------------------------------------------------------------------


def test_entrants_of_work_receive_when_it_opens_and_of_a_test_at_the_hand_in():
    pass_ = "{privilege: {type: card, at: host, to: entrants}}"
    found = live([f"- {{id: job, kind: work, entry: open, do: {{type: internship}}{gives(pass_)}}}",
                  exam(more=gives(pass_), entry="entry: open, after: [], ")])  # fmt: skip
    worker, taker = found.enter("job"), found.enter("exam")
    at_opening = receivers("card")

    found.hand_in(taker, score=1)

    assert at_opening == [holder(worker).pk]
    assert receivers("card") == [holder(worker).pk, holder(taker).pk]


def test_every_person_of_a_team_receives():
    found = live(booth(gives(BADGE)), subject="team")
    people = [make_person() for _ in range(3)]

    found.hand_in(found.enter("build", team=make_team(3, people=people)), attended=1)

    assert receivers("Badge") == [person.pk for person in people]


def test_an_organisation_receives_itself_and_an_item_through_who_entered_it():
    organisation, person = make_organisation(), make_person()
    of_organisation = live(exam(more=gives(BADGE)), subject="org")
    of_item = live(exam(more=gives(BADGE)), subject="item")

    of_organisation.hand_in(of_organisation.enter("exam", organisation=organisation), score=1)
    of_item.hand_in(of_item.enter("exam", by=person), score=1)

    rows = Given.objects.order_by("pk").values_list("organisation", "person")
    assert list(rows) == [(organisation.pk, None), (None, person.pk)]


def test_contacts_left_at_an_event_receive_with_their_consent():
    to = "{privilege: {type: letter, at: host, to: contacts}}"
    found = live(f"- {{id: fair, kind: event, entry: open, do: {{type: fair, keeps: [contacts]}}{gives(to)}}}")
    turn = found.enter("fair")
    yes, no = make_person(), make_person()
    give_consent(yes, purpose="contact", scope=contact_scope(turn.pk))
    give_consent(no, purpose="contact", scope="another")

    found.hand_in(turn, contacts=2)

    assert receivers("letter") == [yes.pk]


def test_a_role_under_with_receives_for_the_turn_that_it_was_with():
    fee = "{money: {type: fee, amount: 100, from: host, to: mentor}}"
    found = live(project(gives("{privilege: {type: thanks, at: host, to: mentor}}", fee)))
    other = make_person()
    seat(found.programme, "mentor", person=other)
    turn = found.enter("build")
    for person in (found.seats["mentor"], other):
        attach(turn, "mentor", person=person)

    found.hand_in(turn, milestones=1, reports=1)

    assert receivers("thanks") == [found.seats["mentor"].pk, other.pk]
    shares = Given.objects.get(name="fee").details["shares"]
    assert [(share["person"], share["amount"]) for share in shares] == [
        (str(found.seats["mentor"].pk), 50), (str(other.pk), 50),
    ]  # fmt: skip


# --- money -------------------------------------------------------------------------------------------------------


def money(**fields):
    written = ", ".join(f"{key}: {value}" for key, value in {"type": "prize", "from": "host", **fields}.items())
    return f"{{money: {{{written}}}}}"


def test_places_are_paid_in_the_order_of_the_gate_and_the_rest_is_not_paid():
    found = live(exam("{rank: {by: score, take: 4}}", gives(money(ranks="[300, 200, 100]"))))
    found.scored(10, 40)

    found.settle_and_release()

    prizes = Given.objects.order_by("-amount").values_list("turn__case__number", "amount")
    assert list(prizes) == [(2, 300), (1, 200)]


def test_places_of_each_option_are_paid():
    gate = "{rank: {by: score, take: 2, per: option}}"
    found = live(exam(gate, gives(money(ranks="[300, 100]", per="option")) + ", options: [red, blue]"))
    for option, score in (("red", 10), ("red", 20), ("blue", 5)):
        found.hand_in(found.enter("exam", options=[option]), score=score)

    found.settle_and_release()

    assert dict(Given.objects.values_list("turn__case__number", "amount")) == {1: 100, 2: 300, 3: 300}


def test_a_pool_is_shared_equally_and_the_odd_won_go_to_the_first():
    found = live(exam("{rank: {by: score, take: 3}}", gives(money(pool=1001))))
    found.scored(10, 40, 20)

    found.settle_and_release()

    assert dict(Given.objects.values_list("turn__case__number", "amount")) == {1: 333, 2: 335, 3: 333}


def test_a_pool_for_all_who_took_part_is_shared_when_the_stage_settles():
    found = live(exam("{rule: ['score >= 15']}, {rank: {by: score, take: 1}}", gives(money(pool=1000, to="entrants"))))
    turns = found.scored(10, 40, 20, 30)
    withdraw(found.again(turns[3]))
    before = found.given()

    found.settle_and_release()

    assert before == []
    assert dict(Given.objects.values_list("turn__case__number", "amount")) == {1: 334, 2: 333, 3: 333}


def test_a_teams_money_is_paid_in_equal_shares_odd_won_to_the_first():
    found = live(booth(gives(money(amount=100))), subject="team")
    people = [make_person() for _ in range(3)]

    found.hand_in(found.enter("build", team=make_team(3, people=people)), attended=1)

    given = Given.objects.get()
    assert given.amount == 100
    assert [(s["person"], s["amount"]) for s in given.details["shares"]] == [
        (str(person.pk), share) for person, share in zip(people, (34, 33, 33), strict=True)
    ]


def test_an_amount_for_each_entry_is_paid_once_a_case():
    each = f"- {{id: each, kind: work, unit: person, do: {{type: internship}}{gives(money(amount=100, per='entry'))}}}"
    found = live([booth(), each], subject="team")
    people = [make_person() for _ in range(3)]
    found.hand_in(found.enter("build", team=make_team(3, people=people)), attended=1)

    for person in people:
        found.hand_in(found.turn(person, "each"), days=1)

    assert paid("prize") == [100]


def test_instalments_add_up_to_the_whole():
    found = live(exam(more=gives(money(amount=100, months=12, every="3m"))))

    found.scored(1)

    given = Given.objects.get()
    assert (given.amount, given.details["instalments"], given.details["every"]) == (400, 4, "3m")


def test_what_is_bound_is_paid():
    found = live(exam(more=gives(money(amount="bind"))), bind={"prize": 777})

    found.scored(1)

    assert paid("prize") == [777]


def test_a_short_fund_refuses_the_whole_settlement_and_writes_nothing():
    found = live(exam("{rank: {by: score, take: 2}}", gives(BADGE, money(ranks="[300, 200]"))))
    fund = found.fund("prize", 499)
    found.scored(10, 40)

    with pytest.raises(Refused) as refused:
        found.settle()

    assert refused.value.code == "funding.short"
    assert (found.states("exam"), found.given(), fund.commitments.count()) == (["handed-in"] * 2, [], 0)


def test_a_fund_that_runs_short_before_the_release_refuses_the_whole_release():
    found = live(exam("{rank: {by: score, take: 2}}", gives(BADGE, money(ranks="[300, 200]"))))
    fund = found.fund("prize", 500)
    other = live(exam(more=gives(money(amount=1))))
    bind_fund(other.programme, "prize", fund=fund, by=other.operator)
    found.scored(10, 40)
    settlement = found.settle()
    other.scored(1)

    with pytest.raises(Refused) as refused:
        found.release(settlement)

    settlement.refresh_from_db()
    assert (refused.value.code, settlement.state) == ("funding.short", "confirmed")
    assert (found.states("exam"), found.given()) == (["handed-in"] * 2, [])


# --- credentials and privileges ----------------------------------------------------------------------------------


def test_a_credential_before_its_recognition_is_a_certificate_of_another_name():
    recognised = "recognised: {by: school, from: 2027-03-01, before: Course certificate}"
    found = live(exam(more=gives(f"{{credential: {{name: Master, type: degree, {recognised}}}}}")))

    for moment in ("2027-02-28T23:59:59+09:00", "2027-03-01T00:00:00+09:00"):
        clock.set_clock(at(moment))
        found.scored(1)

    shown = [(g.name, g.details["type"], g.details["title"], g.details["recognised_by"]) for g in
             Given.objects.order_by("pk")]  # fmt: skip
    assert shown == [
        ("Master", "certificate", "Course certificate", None),
        ("Master", "degree", "Master", "school"),
    ]


def test_recognition_may_begin_on_another_day_for_each_option():
    recognised = "recognised: {by: school, from: {red: 2027-03-01, blue: 2028-03-01}}"
    found = live(
        exam(more=gives(f"{{credential: {{name: Badge, type: badge, level: option, {recognised}}}}}")
             + ", options: [red, blue]")
    )  # fmt: skip
    clock.set_clock(at("2027-06-01T00:00:00+09:00"))

    for option in ("red", "blue"):
        found.hand_in(found.enter("exam", options=[option]), score=1)

    shown = [(g.details["level"], g.details["recognised_by"]) for g in Given.objects.order_by("pk")]
    assert shown == [("red", "school"), ("blue", None)]


def test_a_credential_is_valid_to_its_day_and_not_after():
    clock.set_clock(at("2027-03-01T10:00:00+09:00"))
    found = live(exam(more=gives("{credential: {name: Badge, type: badge, valid: 365d}}")))
    person = make_person()
    found.enter_and_hand_in("exam", by=person, score=1)

    expires = Given.objects.get().expires_at
    clock.set_clock(expires)
    on_the_day = holds_credential(person, "Badge")
    clock.set_clock(expires + timedelta(days=1))

    assert expires == at("2028-02-29T10:00:00+09:00")
    assert (on_the_day, holds_credential(person, "Badge")) == (True, False)


def test_a_privilege_ends_after_its_length_and_one_without_never():
    clock.set_clock(at("2027-03-01T10:00:00+09:00"))
    found = live(exam(more=gives("{privilege: {type: lane, at: host, within: 1y, uses: 2, job: engineer}}",
                                 "{privilege: {type: lounge, at: host}}")))  # fmt: skip

    found.scored(1)

    lane, lounge = Given.objects.order_by("pk")
    assert (lane.expires_at, lounge.expires_at) == (at("2028-03-01T10:00:00+09:00"), None)
    assert lane.details == {"at": "host", "job": "engineer", "uses": 2}


def test_a_revoked_credential_is_held_no_more():
    found = live(exam(more=gives(BADGE)))
    person = make_person()
    found.enter_and_hand_in("exam", by=person, score=1)
    held = holds_credential(person, "Badge")

    revoke(Given.objects.get(), by=found.operator, reason="a mistake")

    assert (held, holds_credential(person, "Badge")) == (True, False)


def test_what_is_published_by_option_takes_the_options_name():
    found = live(exam(more=gives("{publish: {type: option, where: hub, licence: MIT}}") + ", options: [model, data]"))

    found.hand_in(found.enter("exam", options=["data"]), score=1)

    given = Given.objects.get()
    assert (given.name, given.details) == ("data", {"where": "hub", "licence": "MIT", "metadata": None, "what": None})


def test_nothing_is_given_for_who_withdrew():
    found = live([APPLY, exam(more=gives(BADGE), entry="")])
    turn = found.turn(found.enter_and_hand_in(), "exam")

    withdraw(turn)

    assert (found.given(), Turn.objects.get(pk=turn.pk).state) == ([], "withdrawn")
