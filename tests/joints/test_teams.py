"""Teams of programmes: their turns and entrants follow who is in them, and evidence is of those who were."""

from datetime import UTC, datetime, timedelta

import pytest

from dure.applications.operations import save, send
from dure.challenges.models import Entrant
from dure.challenges.operations import begin, record, submit
from dure.challenges.scoring import outcome_of
from dure.core import clock
from dure.core.errors import Refused
from dure.jobs.worker import drain
from dure.joints.stages.forms import application_of
from dure.joints.stages.rounds import entrant_of, set_up_task
from dure.joints.teams import outlooks, team_of
from dure.people.models import TeamMember
from dure.people.operations import accept_merge, ask_merge, dismiss, form_team, join_team, leave_team, rename_team
from dure.programmes.models import Turn, TurnMember, TurnTeam
from dure.programmes.operations.entering import enter
from dure.programmes.operations.entering import form_team as form_turn
from dure.programmes.operations.settling import release, settle
from dure.programmes.operations.teams import set_team_lock
from dure.programmes.operations.ticking import tick
from dure.skills.models import Showing
from tests.challenges.conftest import ACCURACY, labels, predictions
from tests.factories import make_person
from tests.joints.small_programme import make_small
from tests.people.races import race

pytestmark = pytest.mark.django_db
START = datetime(2027, 3, 2, tzinfo=UTC)
CLOSE = datetime(2027, 3, 31, 15, tzinfo=UTC)
PERSONS = """
blueprint: cup
title: {en: Cup, ko: 대회}
subject: person
parties: {host: {kind: company}}
stages:
  - id: join
    kind: form
    entry: open
  - id: solve
    kind: round
    team: {min: 2, max: 3}
    when: {from: 2027-03-01, to: 2027-03-31}
    do: {metric: accuracy, daily: 3}
    gate:
      - rank: {by: score, take: 5}
"""
TEAMS = """
blueprint: cup
title: {en: Cup, ko: 대회}
subject: team
parties: {host: {kind: company}}
stages:
  - id: solve
    kind: round
    entry: open
    team: {min: 1, max: 3}
    when: {from: 2027-03-01, to: 2027-03-31}
    do: {metric: accuracy, daily: 3}
    gate:
      - rank: {by: score, take: 5}
  - id: final
    kind: round
    when: {from: 2027-04-01, to: 2027-04-30}
    do: {metric: accuracy, daily: 3}
    gate:
      - rank: {by: score, take: 1}
"""


@pytest.fixture(autouse=True)
def _standing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(START):
        yield


@pytest.fixture
def cup():
    """A programme for teams whose first round is scored here."""
    programme = make_small("cup-1", TEAMS)
    set_up_task(programme, "solve", by=programme.made_by, labels=labels(sealed=False), measure=ACCURACY)
    return programme


def entered(cup, name: str = "Alpha", size: int = 1) -> tuple:
    """A team and its turn."""
    team = form_team(name, captain=make_person())
    for _ in range(size - 1):
        join_team(team, person=make_person())
    return team, enter(cup, "solve", person=team.captain, team=team)


def scored(turn: Turn, by, right: int = 4) -> None:
    receipt = submit(entrant_of(turn), by=by, upload=predictions(right, right))
    submission = entrant_of(turn).submissions.get(pk=receipt.id)
    begin(submission)
    record(submission.pk, outcome_of(submission))
    turn.refresh_from_db()


def people_of(turn: Turn) -> set:
    return {row.member.person for row in TurnMember.objects.filter(turn=turn)}


def submitting(turn: Turn) -> set:
    return {row.person for row in entrant_of(turn).members.all()}


def shown_by(turn: Turn) -> set:
    """Whose evidence the hand-in is."""
    return {row.person for row in Showing.objects.filter(evidence=turn.evidence)}


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code


def test_who_joins_is_in_the_turn_and_submits(cup):
    team, turn = entered(cup)
    mate = make_person()

    join_team(team, person=mate)

    assert people_of(turn) == submitting(turn) == {team.captain, mate}
    assert team_of(entrant_of(turn)) == team


def test_the_size_is_the_blueprints(cup):
    team, _ = entered(cup, size=3)
    assert refused(lambda: join_team(team, person=make_person())) == "team.full"


def test_evidence_is_of_those_who_were_in_the_team_when_it_was_handed_in(cup):
    team, turn = entered(cup, size=2)
    mate = team.members.exclude(person=team.captain).get().person
    scored(turn, team.captain, right=2)
    first = turn.evidence
    dismiss(team, person=mate)
    late = make_person()
    join_team(team, person=late)

    scored(turn, late, right=3)

    assert shown_by(turn) == {team.captain, late}
    assert {row.person for row in Showing.objects.filter(evidence=first)} == {team.captain, mate}


def test_a_new_name_is_shown_everywhere(cup):
    team, turn = entered(cup)
    rename_team(team, "Omega")
    turn.refresh_from_db()
    assert (turn.title, entrant_of(turn).title) == ("Omega", "Omega")


def test_the_last_who_leaves_withdraws_the_turn(cup):
    team, turn = entered(cup)
    leave_team(team, person=team.captain)
    turn.refresh_from_db()
    assert turn.state == "withdrawn"


def test_the_programmes_lock_holds_for_its_teams(cup):
    team, _ = entered(cup)
    lock = START + timedelta(days=3)
    assert set_team_lock(cup, at=lock) == 1

    with clock.at(lock):
        assert refused(lambda: join_team(team, person=make_person())) == "team.locked"
    with clock.at(lock - timedelta(seconds=1)):
        join_team(team, person=make_person())
    assert set_team_lock(cup, at=None) == 1


def test_teams_that_enter_after_the_lock_was_set_have_it(cup):
    set_team_lock(cup, at=START + timedelta(days=3))
    team, _ = entered(cup)
    assert team.bounds.get().locks_at == START + timedelta(days=3)


def test_after_the_close_a_team_may_change_but_not_what_it_did(cup):
    team, turn = entered(cup, size=2)
    mate = team.members.exclude(person=team.captain).get().person
    scored(turn, mate)

    with clock.at(CLOSE):
        leave_team(team, person=mate)

    assert people_of(turn) == submitting(turn) == {team.captain, mate}


def test_a_team_that_has_passed_a_stage_takes_nobody_in(cup):
    team, turn = entered(cup)
    scored(turn, team.captain)
    with clock.at(CLOSE):
        release(settle(cup, "solve", by=cup.made_by), by=cup.made_by)
        assert TurnTeam.objects.filter(team=team, turn__stage="final").count() == 1
        assert refused(lambda: join_team(team, person=make_person())) == "team.judged"


def test_merged_teams_have_one_turn_one_entrant_and_the_best_of_both(cup):
    into, turn = entered(cup, "Alpha", 1)
    gone, other = entered(cup, "Beta", 2)
    scored(turn, into.captain, right=1)
    scored(other, gone.captain, right=3)
    everybody = people_of(turn) | people_of(other)
    assert [(one.used, one.of) for one in outlooks(into, gone)] == [(2, 6)]

    accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    for one in (turn, other):
        one.refresh_from_db()
    assert (other.state, people_of(other), entrant_of(other)) == ("withdrawn", set(), None)
    assert people_of(turn) == submitting(turn) == shown_by(turn) == everybody
    assert turn.evidence.values == {"score": 0.6, "public-score": 0.6, "attempts": 2, "code": "no"}
    assert Entrant.objects.count() == 1


def test_teams_that_would_be_too_large_stay_two(cup):
    (into, _), (gone, _) = entered(cup, "Alpha", 2), entered(cup, "Beta", 2)
    asked = ask_merge(into, other=gone, by=into.captain)
    assert refused(lambda: accept_merge(asked, by=gone.captain)) == "team.full"
    assert Entrant.objects.count() == 2


@pytest.fixture
def league():
    """A programme for persons who form teams at its round."""
    programme = make_small("cup-1", PERSONS)
    set_up_task(programme, "solve", by=programme.made_by, labels=labels(sealed=False), measure=ACCURACY)
    return programme


def come_through(league, count: int) -> list:
    """Persons who wait at the round."""
    people = [make_person() for _ in range(count)]
    for person in people:
        application = application_of(enter(league, "join", person=person), by=person)
        saved = save(application, answers={}, version=application.version, by=person)
        send(saved, version=saved.version, by=person)
    drain()
    return people


def formed(league, people, name: str = "Alpha") -> tuple:
    team = form_team(name, captain=people[0])
    for person in people[1:]:
        join_team(team, person=person)
    return team, form_turn(league, "solve", team, by=people[0])


def test_who_came_through_may_join_a_team_that_is_at_work(league):
    people = come_through(league, 3)
    team, turn = formed(league, people[:2])

    join_team(team, person=people[2])

    assert people_of(turn) == submitting(turn) == set(people)
    assert Turn.objects.filter(programme=league, stage="solve").count() == 1


def test_who_did_not_come_through_stays_out(league):
    people = come_through(league, 2)
    team, _ = formed(league, people)
    assert refused(lambda: join_team(team, person=make_person())) == "team.not-here"


def test_who_leaves_a_team_at_work_has_withdrawn_from_the_round(league):
    people = come_through(league, 3)
    team, turn = formed(league, people)

    leave_team(team, person=people[0])

    turn.refresh_from_db()
    own = Turn.objects.exclude(pk=turn.pk).get(stage="solve")
    assert (own.state, people_of(own), people_of(turn)) == ("withdrawn", {people[0]}, set(people[1:]))
    assert turn.case.sole == people[1]


def test_formed_teams_merge_too(league):
    people = come_through(league, 4)
    into, turn = formed(league, people[:2], "Alpha")
    gone, _ = formed(league, people[2:], "Beta")
    leave_team(gone, person=people[3])

    accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    assert people_of(turn) == submitting(turn) == set(people[:3])


@pytest.mark.django_db(transaction=True)
def test_who_joins_two_teams_of_a_stage_at_once_is_in_one_of_them():
    programme = make_small("cup-1", TEAMS)
    teams = [entered(programme, name)[0] for name in ("Alpha", "Beta")]

    for person in [make_person() for _ in range(8)]:
        got = race(*[lambda team=team, person=person: join_team(team, person=person) for team in teams])

        assert [one.code for one in got if isinstance(one, Refused)] == ["team.not-here"]
        assert TurnMember.objects.filter(member__person=person, stage="solve").count() == 1
        assert TeamMember.objects.filter(person=person, left_at=None).count() == 1
        [joined] = [one for one in got if not isinstance(one, Refused)]
        leave_team(joined, person=person)


def test_a_mate_of_another_team_of_the_stage_keeps_a_team_out_and_no_round_from_opening():
    with clock.at(START - timedelta(days=5)):
        programme = make_small("cup-1", TEAMS)
        set_up_task(programme, "solve", by=programme.made_by, labels=labels(sealed=False), measure=ACCURACY)
        alpha, turn = entered(programme, "Alpha")
        beta = form_team("Beta", captain=make_person())
        join_team(beta, person=alpha.captain)

        assert refused(lambda: enter(programme, "solve", person=beta.captain, team=beta)) == "team.not-here"

    tick(programme)
    turn.refresh_from_db()
    assert (turn.state, submitting(turn), Turn.objects.count()) == ("open", {alpha.captain}, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_teams_with_a_mate_in_common_that_enter_at_once_one_takes_part():
    programme = make_small("cup-1", TEAMS)
    mate, teams = make_person(), [form_team(name, captain=make_person()) for name in ("Alpha", "Beta")]
    for team in teams:
        join_team(team, person=mate)

    got = race(*[lambda team=team: enter(programme, "solve", person=team.captain, team=team) for team in teams])

    assert [one.code for one in got if isinstance(one, Refused)] == ["team.not-here"]
    assert TurnMember.objects.filter(member__person=mate).count() == 1
