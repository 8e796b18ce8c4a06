"""A field trial above its round: whose service it may be, evidence of persons, and the turn of a later stage."""

import pytest

from dure.challenges.models import FieldTrial
from dure.challenges.operations.fieldtrials import draft_field_trial, judge_field_trial
from dure.core import clock
from dure.core.errors import Flawed
from dure.jobs.worker import drain
from dure.joints.fieldtrials import count_at, organisations_near, owner_called, stages_after
from dure.joints.stages.rounds import entrant_of
from dure.people.models import Person
from dure.programmes.models import Turn
from dure.programmes.operations.settling import release, settle
from dure.skills.models import Evidence
from tests.challenges.field.played import played
from tests.challenges.field.world import make_plan, make_trial, that_counts
from tests.factories import make_organisation, make_person
from tests.joints import test_rounds
from tests.joints.small_programme import make_small, seated
from tests.joints.test_rounds import LATER, entered, set_up

pytestmark = pytest.mark.django_db
_standing = test_rounds._standing
SOURCE = """
blueprint: field-cup
title: {en: Cup, ko: 대회}
subject: person
parties: {host: {kind: company}}
roles: {owner: {at: host, can: [decide]}}
stages:
  - id: solve
    kind: round
    entry: open
    options: [image]
    when: {from: 2027-03-01, to: 2027-03-31}
    do: {metric: accuracy, daily: 3, sealed: true, code: allowed}
    gate:
      - rank: {by: score, take: 1, per: option}
  - id: field
    kind: test
    do: {type: external, by: host, what: field trial}
    gate:
      - rule: ["field.score >= 50"]
"""


@pytest.fixture
def programme():
    return make_small("field-cup-1", SOURCE)


@pytest.fixture
def turn(programme) -> Turn:
    """Somebody's turn in the round, whose code counts."""
    set_up(programme)
    turn = entered(programme)
    that_counts(entrant_of(turn))
    turn.refresh_from_db()
    return turn


def tried(turn: Turn, owner: Person) -> FieldTrial:
    """A trial of their code that is over and waits for its owner's word."""
    submission = entrant_of(turn).submissions.select_related("entrant__task__round").get()
    round_ = submission.entrant.task.round
    return played(draft_field_trial(round_, make_plan(submission, owner=owner), by=owner))


def passed_on(programme) -> Turn:
    release(settle(programme, "solve", by=programme.made_by), by=programme.made_by)
    drain()
    return Turn.objects.get(programme=programme, stage="field")


def test_only_somebody_with_a_seat_answers_for_a_service(programme, turn):
    round_ = entrant_of(turn).task.round
    owner, stranger = seated(programme, "owner"), make_person()

    assert owner_called(f" {owner.email.upper()} ", round_) == owner
    for email in (stranger.email, "nobody@example.org"):
        with pytest.raises(Flawed):
            owner_called(email, round_)


def test_services_are_those_of_the_programmes_parties_and_stages_those_that_follow(programme, turn):
    make_organisation("elsewhere")
    round_ = entrant_of(turn).task.round

    assert organisations_near(round_, programme.made_by) == [programme.parties.get().organisation]
    assert [stage.id for stage in stages_after(round_)] == ["field"]


def test_the_owners_word_makes_the_comparison_evidence_of_each_member(programme, turn):
    trial = tried(turn, seated(programme, "owner"))

    judge_field_trial(trial, "adopt", because="Better than ours")

    evidence = Evidence.objects.get(via="field-trial")
    person = turn.turn_members.get().member.person
    assert [showing.person for showing in evidence.showings.all()] == [person]
    assert (evidence.kind, evidence.values["score"]) == ("test", 50.0)
    assert f"field trial {trial.pk}" in evidence.proof
    assert not Turn.objects.filter(stage="field").exists()


def test_a_turn_that_is_open_when_the_owner_judges_is_handed_in_and_its_gate_reads_the_score(programme, turn):
    owner = seated(programme, "owner")
    trial = tried(turn, owner)
    count_at(trial, "field")
    with clock.at(LATER):
        later = passed_on(programme)
        judge_field_trial(trial, "adopt", because="Better than ours")
        drain()
    later.refresh_from_db()

    assert (later.evidence.via, later.evidence.values["score"], later.state) == ("field-trial", 50.0, "passed")


def test_a_turn_that_opens_after_the_owner_judged_is_handed_in_at_once(programme, turn):
    trial = tried(turn, seated(programme, "owner"))
    count_at(trial, "field")
    judge_field_trial(trial, "not", because="Worse than ours")

    with clock.at(LATER):
        later = passed_on(programme)

    assert (later.evidence.via, later.state) == ("field-trial", "passed")


def test_it_counts_only_at_a_test_stage_that_follows(programme, turn):
    trial = tried(turn, seated(programme, "owner"))

    for stage in ("solve", "nothing"):
        with pytest.raises(Flawed):
            count_at(trial, stage)


def test_a_trial_of_a_round_outside_programmes_is_evidence_of_its_persons():
    trial = played(make_trial())

    judge_field_trial(trial, "adopt", because="Good")

    person = trial.submission.entrant.members.get().person
    assert [showing.evidence.kind for showing in person.showings.all()] == ["test"]
    assert organisations_near(trial.round, trial.made_by) == []
    assert owner_called(make_person("anybody@example.org").email, trial.round).email == "anybody@example.org"
