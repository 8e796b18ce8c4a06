"""A round stage whose options are tasks: turns enter them, scores come back as evidence."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from dure.challenges.labels import Part
from dure.challenges.measures import Measure
from dure.challenges.models import Entrant, Round, Submission, Task, Verification
from dure.challenges.operations import begin, choose, record, submit
from dure.challenges.queries import board
from dure.challenges.scoring import Broken, outcome_of
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.jobs.operations import schedule
from dure.jobs.worker import drain
from dure.joints.models import RoundTask, RoundTurn
from dure.joints.stages.recorded import record_evidence
from dure.joints.stages.rounds import RoundStage, entrant_of, set_up_task
from dure.people.operations import form_team, join_team
from dure.programmes.models import Programme, Turn
from dure.programmes.operations.banning import ban, end_bans
from dure.programmes.operations.entering import enter
from dure.programmes.operations.handing import withdraw
from dure.programmes.operations.judging import judge_handed_in
from dure.programmes.operations.publishing import set_window
from dure.programmes.operations.settling import release, settle
from dure.programmes.operations.ticking import tick
from tests.challenges.conftest import ACCURACY, labels, predictions
from tests.factories import make_person
from tests.joints.small_programme import make_small

pytestmark = pytest.mark.django_db
START = datetime(2027, 3, 2, tzinfo=UTC)
CLOSE = datetime(2027, 3, 31, 15, tzinfo=UTC)  # the end of the day in Seoul
LATER = CLOSE + timedelta(hours=1)
SOURCE = """
blueprint: cup
title: {en: Cup, ko: 대회}
subject: person
parties: {host: {kind: company}}
stages:
  - id: solve
    kind: round
    entry: open
    options: [image, text]
    when: {from: 2027-03-01, to: 2027-03-31}
    do: {metric: accuracy, daily: 3, sealed: true}
    gate:
      - rank: {by: score, take: 1, per: option}
"""


APPLY = """
  - id: apply
    kind: form
    entry: open
    options: [image, text]
  - id: solve
    kind: round
""".lstrip("\n")


@pytest.fixture(autouse=True)
def _standing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(START):
        yield


@pytest.fixture
def programme() -> Programme:
    return make_small("cup-1", SOURCE)


def set_up(programme: Programme, option: str = "image", **known) -> Task:
    return set_up_task(
        programme, "solve", option, by=programme.made_by, **{"labels": labels(), "measure": ACCURACY, **known}
    )


def entered(programme: Programme, option: str = "image") -> Turn:
    return enter(programme, "solve", person=make_person(), options=[option])


def offered(turn: Turn, public: int = 4, final: int = 6, upload=None):
    """A submission of the turn's holder; ``public`` and ``final`` right answers."""
    entrant = entrant_of(turn)
    by = turn.turn_members.first().member.person
    receipt = submit(entrant, by=by, upload=upload or predictions(public, final))
    return Submission.objects.get(pk=receipt.id)


def judged(submission, turn: Turn):
    begin(submission)
    record(submission.pk, outcome_of(submission))
    submission.refresh_from_db()
    turn.refresh_from_db()
    return submission


def scored(turn: Turn, public: int = 4, final: int = 6):
    return judged(offered(turn, public, final), turn)


def shown(turn: Turn) -> dict:
    turn.refresh_from_db()
    return Turn.objects.select_related("evidence").get(pk=turn.pk).evidence.values


def test_a_stage_has_one_round_with_the_published_rules_and_a_task_an_option(programme):
    set_up(programme, "image")
    set_up(programme, "text")

    round_ = Round.objects.get()
    assert (round_.daily, round_.sealed, round_.zone, round_.code) == (3, True, "Asia/Seoul", "none")
    assert set(RoundTask.objects.values_list("option", "task__round")) == {("image", round_.pk), ("text", round_.pk)}
    assert round_.title == Text(ko="대회 – solve", en="Cup – solve")


def test_a_turn_enters_the_task_of_its_option_with_its_window(programme):
    image, text = set_up(programme, "image"), set_up(programme, "text")

    turns = [entered(programme, "image"), entered(programme, "text")]

    entrants = [entrant_of(turn) for turn in turns]
    assert [entrant.task for entrant in entrants] == [image, text]
    assert {entrant.closes_at for entrant in entrants} == {CLOSE}
    assert [entrant.members.get().person for entrant in entrants] == [t.turn_members.get().member.person for t in turns]


def test_turns_that_were_open_before_the_task_enter_it(programme):
    early, other = entered(programme, "image"), entered(programme, "text")

    set_up(programme, "image")

    assert (entrant_of(early) is None, entrant_of(other) is None) == (False, True)


def test_an_option_without_a_task_stays_recorded(programme):
    set_up(programme, "text")
    turn = entered(programme, "image")

    record_evidence(turn, {"score": 0.9, "public-score": 0.9, "attempts": 1, "code": "no"}, by=programme.made_by)

    assert (turn.state, turn.evidence.via) == ("handed-in", "recorded")
    assert not RoundTurn.objects.exists()


def test_the_first_valid_attempt_hands_in_and_later_ones_replace_it(programme):
    set_up(programme)
    turn = entered(programme)

    broken = judged(offered(turn, upload=io.BytesIO(b"id,label\n")), turn)
    assert (broken.state, turn.state) == ("refused", "open")
    with clock.at(START + timedelta(hours=1)):
        scored(turn, public=2)
    assert (turn.state, turn.handed_in_at, turn.evidence.via) == ("handed-in", START + timedelta(hours=1), "round")
    assert shown(turn) == {"score": 0.5, "public-score": 0.5, "attempts": 2, "code": "no"}
    with clock.at(START + timedelta(hours=2)):
        scored(turn, public=3)

    assert shown(turn) == {"score": 0.75, "public-score": 0.75, "attempts": 3, "code": "no"}
    assert turn.handed_in_at == START + timedelta(hours=2)


def test_a_worse_attempt_counts_as_one_and_leaves_the_hand_in_where_it_stands(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn, public=3)

    with clock.at(START + timedelta(hours=1)):
        scored(turn, public=1)

    assert shown(turn) == {"score": 0.75, "public-score": 0.75, "attempts": 2, "code": "no"}
    assert turn.handed_in_at == START


def test_evidence_of_an_error_metric_is_turned_so_that_more_is_better():
    programme = make_small("cup-1", SOURCE.replace("accuracy", "given formula"))
    measure = Measure("log-loss", classes=("no", "yes"))
    set_up(programme, measure=measure)
    turn = entered(programme)
    upload = io.BytesIO("".join(["id,label\n", *(f"{n},0.5\n" for n in range(10))]).encode())

    judged(offered(turn, upload=upload), turn)

    assert shown(turn)["score"] == -0.693147


def test_the_final_part_stays_out_of_the_evidence_until_the_round_ends(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn, public=4, final=3)
    assert shown(turn)["score"] == 1.0

    with clock.at(LATER):
        RoundStage().final(Turn.objects.filter(pk=turn.pk))

    assert shown(turn) == {"score": 0.5, "public-score": 1.0, "attempts": 1, "code": "no"}
    assert turn.handed_in_at == START


def test_the_chosen_attempt_is_the_one_that_counts(programme):
    set_up(programme)
    turn = entered(programme)
    chosen = scored(turn, public=2, final=6)
    scored(turn, public=4, final=0)

    choose(chosen, by=chosen.by)
    with clock.at(LATER):
        RoundStage().final(Turn.objects.filter(pk=turn.pk))

    assert shown(turn) == {"score": 1.0, "public-score": 0.5, "attempts": 2, "code": "no"}


def test_a_receipt_from_before_the_close_counts_though_it_is_scored_after(programme):
    set_up(programme)
    turn = entered(programme)
    with clock.at(CLOSE - timedelta(seconds=1)):
        submission = offered(turn)

    with clock.at(LATER):
        assert RoundStage().pending(Turn.objects.all()) == {turn.pk}
        judged(submission, turn)
        assert RoundStage().pending(Turn.objects.all()) == set()

    assert (turn.state, turn.handed_in_at) == ("handed-in", CLOSE - timedelta(seconds=1))


def test_submissions_follow_a_window_that_was_moved(programme):
    set_up(programme)
    turn = entered(programme)
    set_window(programme, "solve", {"from": "2027-03-01", "to": "2027-04-30"})

    with clock.at(LATER):
        submission = offered(turn)

    assert submission.entrant.closes_at == datetime(2027, 4, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize("end", ["closed", "withdrawn", "settled"])
def test_a_turn_that_takes_nothing_more_takes_no_submission(programme, end):
    set_up(programme)
    turn = entered(programme)
    scored(turn)
    if end == "withdrawn":
        withdraw(turn)
    if end == "settled":
        settle(programme, "solve", by=programme.made_by)

    with clock.at(CLOSE if end == "closed" else START), pytest.raises(Refused) as refused:
        offered(turn)

    assert refused.value.code == "round.not-open"


def test_what_is_scored_after_the_turn_has_ended_changes_nothing_there(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn, public=1)
    late = offered(turn)
    withdraw(turn)

    judged(late, turn)

    assert (late.state, turn.state, shown(turn)["score"]) == ("scored", "withdrawn", 0.25)


def test_a_stage_is_not_settled_while_a_submission_awaits_its_score(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn, public=1)
    offered(turn)

    with pytest.raises(Refused) as refused:
        settle(programme, "solve", by=programme.made_by)

    assert (refused.value.code, refused.value.facts["awaited"]) == ("settle.awaited", 1)


def test_final_boards_stay_hidden_until_the_verdicts_are_released(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn, final=3)

    with clock.at(LATER):
        RoundStage().final(Turn.objects.filter(pk=turn.pk))

    assert not Round.objects.get().is_over


def test_a_window_that_is_moved_on_hides_final_scores_again(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn)
    with clock.at(LATER):
        RoundStage().final(Turn.objects.filter(pk=turn.pk))
        set_window(programme, "solve", {"from": "2027-03-01", "to": "2027-04-30"})
        offered(turn)

        assert not Round.objects.get().is_over


def test_final_boards_are_shown_with_the_verdicts(programme):
    task = set_up(programme)
    turn = entered(programme)
    scored(turn, public=4, final=3)
    settlement = settle(programme, "solve", by=programme.made_by)
    assert board(Task.objects.get(), viewer=None).part is Part.PUBLIC

    release(settlement, by=programme.made_by)

    page = board(Task.objects.get(), viewer=None)
    assert (page.part, [row.score for row in page.rows]) == (Part.FINAL, [0.5])
    assert task.round.title_en == "Cup – solve"


def test_a_team_enters_as_one_and_every_member_may_submit_but_who_is_banned():
    source = SOURCE.replace("subject: person", "subject: team").replace(
        "options:", "team: {min: 1, max: 2}\n    options:"
    )
    programme = make_small("cup-1", source)
    set_up(programme)
    captain, mate = make_person(), make_person()
    team = form_team("둘이서", captain=captain)
    join_team(team, person=mate)
    turn = enter(programme, "solve", person=captain, team=team, options=["image"])

    entrant = entrant_of(turn)
    for person in (captain, mate):
        submit(entrant, by=person, upload=predictions())

    assert Entrant.objects.get().attempts == 2
    assert {member.person for member in entrant.members.all()} == {captain, mate}

    ban(programme, [mate], by=programme.made_by, reason=Text(ko="계정 공유", en="Shared accounts"))
    with pytest.raises(Forbidden) as refused:
        submit(entrant, by=mate, upload=predictions())
    assert refused.value.code == "programme.banned"
    submit(entrant, by=captain, upload=predictions())


def test_what_was_scored_during_a_ban_is_handed_in_when_it_is_over(programme):
    set_up(programme)
    turn, until = entered(programme), START + timedelta(days=3)
    submission = offered(turn)
    person = turn.turn_members.get().member.person
    ban(programme, [person], by=programme.made_by, reason=Text(ko="계정 공유", en="Shared accounts"), until=until)
    judged(submission, turn)
    meanwhile = turn.state

    with clock.at(until):
        end_bans()
        turn.refresh_from_db()

    assert (meanwhile, turn.state) == ("withdrawn", "handed-in")
    assert shown(turn)["public-score"] == 1


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"option": "sound"}, "round.option"),
        ({"option": ""}, "round.option"),
        ({"measure": Measure("f1", classes=("no", "yes"))}, "round.metric"),
    ],
)
def test_a_task_that_does_not_fit_the_published_rules_is_refused(programme, known, code):
    with pytest.raises(Refused) as refused:
        set_up(programme, **known)

    assert refused.value.code == code


def test_only_those_who_operate_the_programme_set_up_tasks(programme):
    with pytest.raises(Forbidden):
        set_up_task(programme, "solve", "image", by=make_person(), labels=labels(), measure=ACCURACY)


def test_a_choice_made_at_an_earlier_stage_holds():
    source = SOURCE.replace("  - id: solve\n    kind: round\n    entry: open\n    options: [image, text]\n", APPLY)
    programme = make_small("cup-1", source)
    text = set_up(programme, "text")
    turn = enter(programme, "apply", person=make_person(), options=["text"])

    record_evidence(turn, {}, by=programme.made_by)
    judge_handed_in(programme, "apply")

    assert entrant_of(Turn.objects.get(stage="solve")).task == text


def test_where_several_options_are_chosen_scores_stay_recorded():
    programme = make_small(
        "cup-1",
        SOURCE.replace("per: option", "")
        .replace("take: 1, ", "take: 1")
        .replace("options: [image, text]", "options: [image, text]\n    choose: 2"),
    )

    with pytest.raises(Refused) as refused:
        set_up(programme)

    assert refused.value.code == "round.choose"


def test_a_refused_file_is_no_hand_in(programme):
    set_up(programme)
    turn = entered(programme)
    submission = offered(turn)
    begin(submission)

    record(submission.pk, Broken(Text(ko="깨짐", en="broken")))

    turn.refresh_from_db()
    assert turn.state == "open"


def test_ticking_over_a_scored_round_leaves_it_to_be_settled(programme):
    set_up(programme)
    turn = entered(programme)
    scored(turn)

    with clock.at(LATER):
        tick(programme)

    turn.refresh_from_db()
    assert turn.state == "handed-in"


def test_a_stage_is_not_settled_before_its_first_places_are_verified(programme):
    set_up(programme)
    turns = [entered(programme) for _ in range(3)]
    for turn, final in zip(turns, (6, 5, 4), strict=True):
        scored(turn, 4, final)
    Round.objects.update(verify_first=2)

    with clock.at(LATER):
        with pytest.raises(Refused, match="2 turns still await"):
            settle(programme, "solve", by=programme.made_by)
        schedule()
        drain(["challenges.verify-finalists", "challenges.verify"])
        settle(programme, "solve", by=programme.made_by)

    assert set(Verification.objects.values_list("state", flat=True)) == {"reproduced"}


def test_where_scores_wait_evidence_holds_none_before_the_stage_is_judged(programme):
    set_up(programme)
    Round.objects.update(scores_wait=True)
    turn = entered(programme)
    scored(turn)

    assert shown(turn) == {"attempts": 1, "code": "no"}
    with clock.at(LATER):
        settle(programme, "solve", by=programme.made_by)
    assert shown(turn)["score"] == 1.0


def test_evidence_does_not_tell_which_of_several_selected_attempts_counts(programme):
    set_up(programme)
    Round.objects.update(select_most=2)
    turn = entered(programme)
    weak, strong = scored(turn, 4, 1), scored(turn, 1, 6)
    for submission in (weak, strong):
        choose(submission, by=submission.by)

    turn.refresh_from_db()
    assert (shown(turn)["public-score"], turn.evidence.proof) == (1.0, f"submission {weak.pk}")
    with clock.at(LATER):
        settle(programme, "solve", by=programme.made_by)
    assert (shown(turn)["score"], shown(turn)["public-score"]) == (1.0, 0.25)
