"""Who comes through, to which stages, and with whom."""

import pytest

from dure.core.errors import Refused
from dure.programmes.models import Turn, TurnMember
from dure.programmes.operations.entering import form_team
from dure.programmes.operations.handing import try_again, withdraw
from dure.programmes.operations.ticking import close_stage
from dure.programmes.queries.waiting import hindrances_of
from tests.factories import make_person
from tests.people.races import race
from tests.programmes.build import APPLY, booth, exam, holder, live, make_team

pytestmark = pytest.mark.django_db
PASS_60 = "{rule: ['score >= 60']}"


def came(found, *stages):
    """By stage, the numbers of the cases that have a turn there."""
    rows = TurnMember.objects.order_by("member__case__number").values_list("stage", "member__case__number")
    return {stage: [number for name, number in rows if name == stage] for stage in stages}


# --- ways --------------------------------------------------------------------------------------------------------


def test_who_passes_goes_on_and_who_is_out_takes_the_other_way():
    found = live([exam(PASS_60), exam(id_="final", entry=""), "- {id: care, kind: form, after: ['exam:out']}"])

    found.scored(50, 70)

    assert came(found, "final", "care") == {"final": [2], "care": [1]}


def test_joining_all_waits_for_every_stage_and_any_for_the_first():
    found = live(
        [
            exam(PASS_60, id_="a"),
            exam(PASS_60, id_="b", entry="after: [], entry: open, "),
            "- {id: both, kind: form, after: [a, b]}",
            "- {id: either, kind: form, after: [a, b], join: any}",
        ]
    )
    one = make_person()

    found.enter_and_hand_in("a", by=one, score=70)
    first = came(found, "both", "either")
    found.enter_and_hand_in("b", by=one, score=70)

    assert first == {"both": [], "either": [1]}
    assert came(found, "both", "either") == {"both": [1], "either": [1]}


def test_who_may_try_again_is_out_for_good_only_when_the_stage_is_closed():
    found = live([exam(PASS_60, ", else: again"), "- {id: care, kind: form, after: ['exam:out']}"])
    turn = found.scored(50)[0]
    before = came(found, "care")

    close_stage(found.programme, "exam", by=found.operator)

    assert (before, came(found, "care")) == ({"care": []}, {"care": [1]})
    with pytest.raises(Refused):
        try_again(found.again(turn))


def test_who_tries_again_and_passes_goes_on():
    found = live([exam(PASS_60, ", else: again"), exam(id_="final", entry="")])
    turn = found.scored(50)[0]
    try_again(found.again(turn))

    found.hand_in(turn, score=80)

    assert (found.states("exam"), came(found, "final")) == (["passed"], {"final": [1]})
    assert [d.verdict for d in turn.decisions.order_by("pk")] == ["out", "passed"]


def test_a_case_is_running_then_finished_or_ended():
    found = live([exam(PASS_60), exam(PASS_60, id_="final", entry="")])
    turns = found.scored(50, 70, 80)
    found.hand_in(found.turn(turns[1], "final"), score=90)

    states = [found.again(turn).case.state for turn in turns]

    assert states == ["ended", "finished", "running"]


def test_who_withdraws_ends_their_case_and_goes_nowhere():
    found = live([APPLY, exam(entry="")])
    turn = found.enter()

    withdraw(turn)

    assert (found.again(turn).state, found.again(turn).case.state) == ("withdrawn", "ended")
    assert came(found, "exam") == {"exam": []}


def test_nobody_withdraws_from_what_has_ended():
    found = live(exam(PASS_60))
    turn = found.scored(70)[0]

    with pytest.raises(Refused) as refused:
        withdraw(turn)

    assert refused.value.code == "state.move"


# --- teams formed on the way -------------------------------------------------------------------------------------

FORMED = [APPLY, booth(entry="")]


def arrived(found, count):
    """So many who came through to ``build``."""
    people = [make_person() for _ in range(count)]
    for person in people:
        found.enter_and_hand_in(by=person)
    return people


def test_a_team_joins_its_members_turns_into_one():
    found = live(FORMED)
    people = arrived(found, 3)
    waiting = found.states("build")

    turn = form_team(found.programme, "build", make_team(3, people=people, name="Three"), by=people[0])

    assert waiting == ["waiting"] * 3
    assert (turn.state, turn.title, turn.turn_members.count()) == ("open", "Three", 3)
    assert Turn.objects.filter(stage="build").count() == 1


def test_a_rest_that_joins_no_team_stays_behind():
    found = live(FORMED)
    people = arrived(found, 3)

    form_team(found.programme, "build", make_team(2, people=people[:2]), by=people[0])

    rest = found.turn(people[2], "build")
    assert rest.state == "waiting"
    assert [text.en for text in hindrances_of(found.programme, "build", [rest])[rest.pk]] == ["Form a team."]


@pytest.mark.parametrize(("size", "arriving"), [(1, 1), (4, 4)])
def test_a_team_has_the_size_that_the_stage_asks(size, arriving):
    found = live(FORMED)
    people = arrived(found, arriving)

    with pytest.raises(Refused) as refused:
        form_team(found.programme, "build", make_team(size, people=people), by=people[0])

    assert (refused.value.code, refused.value.facts) == ("team.size", {"size": size})


def test_a_team_is_formed_of_people_who_came_through_and_are_free():
    found = live(FORMED)
    people = arrived(found, 2)
    form_team(found.programme, "build", make_team(2, people=people), by=people[0])
    late = arrived(found, 1)[0]

    for mates in ([late, people[0]], [late, make_person()]):
        with pytest.raises(Refused) as refused:
            form_team(found.programme, "build", make_team(2, people=mates), by=late)
        assert refused.value.code == "team.not-here"


def test_only_a_member_or_an_operator_enters_a_team():
    found = live(FORMED)
    people = arrived(found, 2)

    with pytest.raises(Refused) as refused:
        form_team(found.programme, "build", make_team(2, people=people), by=make_person())

    assert refused.value.code == "team.not-yours"


@pytest.mark.django_db(transaction=True)
def test_two_teams_that_want_the_same_mate_at_once_get_them_once():
    found = live(FORMED)
    one, other, mate = arrived(found, 3)
    teams = [make_team(2, people=[captain, mate]) for captain in (one, other)]

    got = race(*[lambda team=team: form_team(found.programme, "build", team, by=team.captain) for team in teams])

    assert sorted(type(one).__name__ for one in got) == ["Refused", "Turn"]
    assert sorted(t.turn_members.count() for t in Turn.objects.filter(stage="build")) == [1, 2]


# --- teams kept --------------------------------------------------------------------------------------------------

SHOW = "- {id: show, kind: event, unit: team, do: {type: fair}}"
KEPT = [
    *FORMED,
    exam(PASS_60, id_="solo", entry="unit: person, "),
    SHOW,
]


def test_a_kept_team_waits_for_its_mates_and_opens_with_whoever_came_through():
    found = live(KEPT)
    people = arrived(found, 3)
    build = form_team(found.programme, "build", make_team(3, people=people, name="Three"), by=people[0])
    found.hand_in(build, attended=1)

    found.hand_in(found.turn(people[0], "solo"), score=90)
    first = found.turn(people[0], "show")
    waited = [text.en for text in hindrances_of(found.programme, "show", [first])[first.pk]]
    found.hand_in(found.turn(people[1], "solo"), score=90)
    found.hand_in(found.turn(people[2], "solo"), score=10)

    show = found.turn(people[0], "show")
    assert waited == ["Waiting for team mates who are still in a stage before."]
    assert (show.state, show.title) == ("open", "Three")
    assert [m.member.person for m in show.turn_members.all()] == people[:2]


def test_a_kept_team_of_a_team_case_waits_for_its_mates_as_well():
    found = live([booth(), exam(PASS_60, id_="solo", entry="unit: person, "), SHOW], subject="team")
    build = found.enter("build", team=make_team(3))
    found.hand_in(build, attended=1)
    people = [m.member.person for m in build.turn_members.all()]

    for person, score in zip(people, (90, 80, 10), strict=True):
        found.hand_in(found.turn(person, "solo"), score=score)

    show = Turn.objects.get(stage="show")
    assert (show.state, [m.member.person for m in show.turn_members.all()]) == ("open", people[:2])


def test_a_kept_team_does_not_wait_for_what_runs_beside_it():
    beside = "- {id: talk, kind: event, unit: team, after: [build], do: {type: seminar}}"
    found = live([*FORMED, SHOW.replace("unit: team", "unit: team, after: [build]"), beside])
    people = arrived(found, 2)

    found.hand_in(form_team(found.programme, "build", make_team(2, people=people), by=people[0]), attended=1)

    assert (found.states("show"), found.states("talk")) == (["open"], ["open"])


def test_a_kept_team_is_the_one_formed_last_though_another_way_leads_there():
    again = booth(entry="").replace("build", "two")
    found = live([*FORMED, exam(PASS_60, id_="solo", entry="after: [apply], "), again,
                  SHOW.replace("unit: team", "unit: team, after: [apply]")])  # fmt: skip
    people = arrived(found, 3)
    found.hand_in(
        form_team(found.programme, "build", make_team(3, people=people, name="All"), by=people[0]), attended=1
    )
    for person, score in zip(people, (90, 90, 10), strict=True):
        found.hand_in(found.turn(person, "solo"), score=score)
    two = form_team(found.programme, "two", make_team(2, people=people[:2], name="Two"), by=people[0])
    before = came(found, "show")

    found.hand_in(two, attended=1)

    assert before == {"show": [3]}
    assert sorted(Turn.objects.filter(stage="show").values_list("title", "state")) == [("All", "open"), ("Two", "open")]


def test_a_kept_team_opens_when_the_last_mate_withdraws():
    found = live(KEPT)
    people = arrived(found, 2)
    found.hand_in(form_team(found.programme, "build", make_team(2, people=people), by=people[0]), attended=1)
    found.hand_in(found.turn(people[0], "solo"), score=90)

    withdraw(found.turn(people[1], "solo"))

    assert found.turn(people[0], "show").state == "open"


def test_a_case_that_is_a_team_has_the_size_of_its_first_stage():
    found = live(booth(), subject="team")

    turn = found.enter("build", team=make_team(3, name="Three"))

    assert (turn.title or turn.case.title, turn.turn_members.count()) == ("Three", 3)
    for team, code in ((make_team(1), "team.size"), (None, "entry.team")):
        with pytest.raises(Refused) as refused:
            found.enter("build", team=team)
        assert refused.value.code == code


def test_members_of_a_team_may_take_a_stage_each():
    found = live(
        [
            booth(),
            exam(PASS_60, id_="solo", entry="unit: person, "),
        ],
        subject="team",
    )
    build = found.enter("build", team=make_team(2))

    found.hand_in(build, attended=1)

    assert found.states("solo") == ["open", "open"]
    assert holder(build) == holder(found.turn(holder(build), "solo"))
