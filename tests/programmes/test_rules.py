"""Who may do what: the whole set of those who may, out of everybody there is."""

import pytest

from dure.blueprint.model import Ability
from dure.programmes import rules
from dure.programmes.models import Turn
from dure.programmes.operations.seating import attach, seat, unseat
from tests.factories import make_admin, make_member, make_operator, make_person
from tests.programmes.build import HEAD, holder, live

STAGES = [
    "- {id: exam, kind: test, entry: open, do: {type: exam, by: judge}}",
    "- {id: build, kind: project, do: {topic: own, milestones: [end], with: {mentor: 1}}}",
    "- {id: course, kind: learn, entry: open, after: [], do: {mode: online, items: [{id: a, type: lab, by: school}]}}",
]


class Crowd:
    """Everybody who could come near a programme."""

    def __init__(self):
        self.live = live(STAGES)
        made = self.live
        other, ended = make_person(), seat(made.programme, "clerk", person=make_person())
        unseat(ended)
        asleep = make_operator()
        asleep.is_active = False
        asleep.save(update_fields=["is_active"])
        self.exam = made.hand_in(made.enter("exam"), score=1)
        self.build = made.turn(self.exam, "build")
        self.course = made.enter("course")
        attach(self.build, "mentor", person=made.seats["mentor"])
        self.people = {
            "maker": made.operator, **made.seats, "platform": make_operator(), "asleep": asleep,
            "holder": holder(self.exam), "learner": holder(self.course), "ended": ended.person,
            "host-admin": make_admin(made.parties["host"]), "host-member": make_member(made.parties["host"]).person,
            "school-admin": make_admin(made.parties["school"]), "stranger": other,
        }  # fmt: skip

    def who(self, rule, *about):
        return {name for name, person in self.people.items() if rule(person, *about)}


@pytest.fixture
def crowd(db):
    return Crowd()


def test_the_maker_its_operators_and_the_platforms_operate(crowd):
    assert crowd.who(rules.operates, crowd.live.programme) == {"maker", "clerk", "platform"}


def test_programmes_are_made_by_platform_operators_and_whoever_looks_after_an_organisation(crowd):
    assert crowd.who(rules.may_make) == {"platform", "host-admin", "school-admin"}


def test_abilities_come_from_seats(crowd):
    may = {ability: crowd.who(rules.can, crowd.live.programme, ability) for ability in Ability}

    assert {ability.value: who for ability, who in may.items() if who} == {
        "operate": {"clerk"}, "decide": {"head"}, "review": {"judge", "mentor"}, "supervise": {"mentor"},
        "mentor": {"mentor"}, "work": {"mentor"},
    }  # fmt: skip


def test_a_partys_operators_and_deciders_nominate(crowd):
    assert crowd.who(rules.may_nominate, crowd.live.programme) == {"clerk", "head"}


def test_those_seated_at_a_party_and_its_admins_stand_for_it(crowd):
    assert crowd.who(rules.stands_for, crowd.live.programme, "host") == {"clerk", "head", "judge", "host-admin"}
    assert crowd.who(rules.stands_for, crowd.live.programme, "school") == {"mentor", "school-admin"}


def test_a_turn_is_its_members(crowd):
    assert crowd.who(rules.holds, crowd.exam) == {"holder"}
    assert crowd.who(rules.holds, crowd.course) == {"learner"}


def test_an_item_is_whoevers_who_entered_it(db):
    made = live(STAGES[0], subject="item")
    person, other = make_person(), make_person()
    turn = made.enter("exam", by=person)

    assert (rules.holds(person, turn), rules.holds(other, turn)) == (True, False)


def test_holders_company_deciders_and_operators_see_a_turn_and_who_only_reviews_does_not(crowd):
    overseeing = {"maker", "clerk", "head", "platform"}
    assert crowd.who(rules.oversees, crowd.live.programme) == overseeing
    assert crowd.who(rules.may_see, crowd.build) == {"holder", "mentor", *overseeing}


def test_the_turns_that_are_seen_one_by_one_are_those_that_a_list_shows(crowd):
    turns = (crowd.exam, crowd.build, crowd.course)
    programme = crowd.live.programme

    one_by_one = {turn.stage: crowd.who(rules.may_see, turn) for turn in turns}
    listed = {t.stage: crowd.who(lambda p, t: _lists(p, programme, t), t) for t in turns}

    assert listed == one_by_one


def _lists(person, programme, turn):
    return turn in Turn.objects.filter(rules.seen_at(person, programme, turn.stage), stage=turn.stage)


def test_a_role_that_could_decide_and_is_only_asked_to_mark_sees_nobody(db):
    head = HEAD.replace("judge: {at: host, can: [review]}", "judge: {at: host, can: [review, decide]}")
    made = live("- {id: apply, kind: form, entry: open, gate: [{panel: {role: judge, rubric: {idea: 100}, each: 1, "
                "conflicts: []}}]}", head=head)  # fmt: skip

    assert not rules.oversees(made.seats["judge"], made.programme)
    assert rules.overseen_by(made.seats["judge"]) == set()
    assert rules.overseen_by(made.seats["head"]) == {made.programme.pk}


def test_the_role_or_party_that_a_stage_names_records_and_who_is_with_the_turn(crowd):
    operators = {"maker", "clerk", "platform"}
    assert crowd.who(rules.may_record, crowd.exam) == operators | {"judge"}
    assert crowd.who(rules.may_record, crowd.build) == operators | {"mentor"}
    assert crowd.who(rules.may_record, crowd.course) == operators | {"mentor", "school-admin"}


def test_the_platforms_operators_are_those_who_are_active(crowd):
    assert crowd.who(rules.is_operator) == {"platform"}
