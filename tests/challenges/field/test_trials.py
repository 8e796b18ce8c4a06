"""A field trial from its plan to the owner's word: what is refused, asked, counted, ended, kept and forgotten."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dure.challenges import files
from dure.challenges.events import FieldTrialJudged
from dure.challenges.field.answers import answers_in
from dure.challenges.field.tally import Tally
from dure.challenges.metrics import Sort
from dure.challenges.models import FieldRequest, FieldTrial, Submission, Upload
from dure.challenges.operations.fielding import forget_requests, see_to_field_trials
from dure.challenges.operations.fieldtrials import (
    ASK,
    check_source,
    discard_field_trial,
    judge_field_trial,
    pause_field_trial,
    resume_field_trial,
    share_field_trial,
    start_field_trial,
    stop_field_trial,
)
from dure.challenges.predictions import Format
from dure.challenges.queries.fieldtrials import (
    briefs_of,
    days_of,
    differing,
    field_trials,
    runnable,
    total_of,
    trials_shared_with,
)
from dure.challenges.rules import may_see_field_trial, may_see_own_field_trial
from dure.challenges.tasks import ask_model
from dure.compute.box import Level
from dure.compute.proof import level
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import on
from dure.jobs.models import Job
from dure.jobs.worker import drain
from tests.challenges.conftest import START, make_entrant, member, scored
from tests.challenges.field.played import brought, outcome, played
from tests.challenges.field.world import make_trial, that_counts, told
from tests.factories import make_person

pytestmark = pytest.mark.django_db
boxed = pytest.mark.skipif(level() < Level.FULL, reason="participants' code needs the full sandbox")


@pytest.fixture(autouse=True)
def _standing():
    with clock.at(START):
        yield


def again(trial: FieldTrial) -> FieldTrial:
    return field_trials().get(pk=trial.pk)


def asked(trial: FieldTrial, *, moments: int = 30) -> FieldTrial:
    """Started, and all that is due within some minutes."""
    check_source(trial)
    start_field_trial(trial)
    for minute in range(moments):
        with clock.at(START + timedelta(minutes=minute)):
            drain([ASK])
    return again(trial)


def total(trial: FieldTrial) -> Tally:
    return sum((tally for _, tally in days_of(trial)), Tally())


def test_only_code_that_counts_and_can_be_asked_is_tried():
    counting = that_counts()
    round_ = counting.entrant.task.round
    file = scored(make_entrant(counting.entrant.task))
    later = Submission.objects.get(pk=scored(counting.entrant, 0, 0).pk)
    Submission.objects.filter(pk=later.pk).update(kind="code")
    later.refresh_from_db()

    codes = []
    for submission in (file, later):
        with pytest.raises(Refused) as refused:
            make_trial(submission)
        codes.append(refused.value.code)

    assert codes == ["field.predictions", "field.not-final"]
    assert runnable(round_) == [counting]


def test_a_plan_tells_every_field_that_is_wrong():
    past = {"starts_at": START - timedelta(days=2), "ends_at": START - timedelta(days=1)}
    wrong = {"share": 0, "total": 10**6, "file_name": "../x.csv", "answers_address": "ftp://x", "most_ms": 0,
             "tolerance": Decimal("NaN"), **past}  # fmt: skip

    with pytest.raises(Flawed) as flawed:
        make_trial(None, told(1), **wrong)

    assert {flaw["field"] for flaw in flawed.value.facts["errors"]} == {*wrong} - {"starts_at"}
    assert not FieldTrial.objects.exists()
    assert {row.kind for row in Submission.objects.all()} == {"code"}


@pytest.mark.parametrize("address", ["http://example.org/", "https://", "file:///etc/passwd", "https://[x/"])
def test_an_address_that_is_not_called_is_refused(address):
    with pytest.raises(Flawed):
        make_trial(address=address)


def test_a_draft_is_discarded_with_its_file_and_one_that_began_is_not():
    trial = make_trial()
    path = files.path_of(trial.upload)

    discard_field_trial(trial)

    assert not FieldTrial.objects.exists()
    assert not path.exists()
    begun = start_field_trial(make_trial())
    with pytest.raises(Refused):
        discard_field_trial(begun)


@boxed
def test_both_sides_are_counted_and_kept_with_what_was_asked():
    requests = [
        told(1, truth="yes"), told(2, "no", truth="yes"), told(3, "no", answer="no", truth="no"),
        told(4, "silent"), told(5, answer=None, service_ms=None),
    ]  # fmt: skip

    trial = asked(make_trial(None, *requests, batch=2))

    found = total(trial)
    assert (trial.state, trial.ending, trial.read) == ("ended", "source", 5)
    assert (found.tried, found.failed, found.compared, found.agreed) == (5, 1, 3, 2)
    assert (found.judged, found.right, found.service_judged, found.service_right) == (3, 2, 3, 3)
    assert (sum(found.ms.values()), dict(found.service_ms)) == (4, {20: 4})
    assert [(row.name, row.asked, row.answer, row.service_answer) for row in differing(trial)] == [
        ("r2", {"text": "no"}, ["no"], ["yes"])
    ]
    assert list(FieldRequest.objects.exclude(cause="").values_list("name", "cause")) == [("r4", "missing")]


@boxed
def test_a_share_of_the_requests_is_tried_up_to_the_total():
    trial = asked(make_trial(None, *[told(n) for n in range(60)], share=50, batch=10, total=20))

    assert (trial.ending, total(trial).tried) == ("total", 20)
    assert trial.read > 20


@boxed
def test_the_guard_stops_a_model_that_fails_and_says_why():
    trial = asked(make_trial(None, *[told(n, "crash") for n in range(40)], batch=10))

    assert (trial.state, trial.ending, total(trial).failed) == ("stopped", "failures", 20)
    assert "canary-of-a-model" in trial.log
    assert set(FieldRequest.objects.values_list("cause", flat=True)) == {"exit"}


@boxed
def test_no_more_requests_a_minute_than_agreed():
    trial = make_trial(None, *[told(n) for n in range(9)], batch=3, per_minute=3)

    start_field_trial(trial)
    drain([ASK])
    drain([ASK])

    assert total(trial).tried == 3
    assert again(trial).next_at == START + timedelta(minutes=1)


@boxed
def test_a_batch_that_is_delivered_twice_counts_once():
    trial = make_trial(None, *[told(n) for n in range(4)], batch=2)
    start_field_trial(trial)
    late = ask_model(None, trial=str(trial.pk))
    twin = ask_model(None, trial=str(trial.pk))

    late()
    twin()

    assert total(trial).tried == 2
    assert FieldRequest.objects.count() == 2
    assert Job.objects.filter(task=ASK, state="ready").count() == 1


def test_what_is_kept_in_all_and_for_charts_is_what_the_days_add_up_to():
    trial = played(make_trial(ends_at=START + timedelta(days=9)), over=False)
    for number in range(1, 4):
        with clock.at(START + timedelta(days=number)):
            brought(trial, outcome(10 * number, ms=30 * number), outcome(10 * number + 1, mine=None))

    days = days_of(trial)

    assert len(days) == 4
    assert total_of(trial) == total(trial) == Tally.total(tally for _, tally in days)
    assert briefs_of(trial) == [(day, tally.brief) for day, tally in days]


@boxed
def test_a_request_that_its_service_tells_twice_is_tried_once():
    trial = start_field_trial(make_trial(None, told(1), told(2)))
    drain([ASK])
    other = FieldTrial.objects.filter(pk=trial.pk)
    other.update(cursor="0", state="running", ended_at=None, ending="", next_at=START)

    drain([ASK])
    see_to_field_trials()
    drain([ASK])

    assert total(trial).tried == 2
    assert again(trial).ending == "source"


@boxed
def test_what_runs_when_it_is_paused_is_kept_and_nothing_follows_until_it_goes_on():
    trial = make_trial(None, *[told(n) for n in range(4)], batch=2)
    start_field_trial(trial)
    effect = ask_model(None, trial=str(trial.pk))
    pause_field_trial(trial)
    effect()
    drain([ASK])
    while_paused = total(trial).tried

    resume_field_trial(again(trial))
    drain([ASK])

    assert (while_paused, total(trial).tried) == (2, 4)


@boxed
def test_what_runs_when_it_is_stopped_changes_nothing():
    trial = make_trial()
    start_field_trial(trial)
    effect = ask_model(None, trial=str(trial.pk))

    stop_field_trial(again(trial))
    effect()

    assert (again(trial).state, again(trial).ending, total(trial).tried) == ("stopped", "person", 0)


def test_it_ends_with_its_time_whatever_its_jobs_do():
    trial = start_field_trial(make_trial())
    Job.objects.filter(task=ASK).update(state="failed", finished_at=START)

    with clock.at(START + timedelta(hours=1)):
        see_to_field_trials()
        again_asked = Job.objects.filter(task=ASK, state="ready").count()
    with clock.at(START + timedelta(days=1)):
        see_to_field_trials()

    assert again_asked == 1
    assert (again(trial).state, again(trial).ending) == ("ended", "period")


def test_nothing_is_asked_before_it_begins():
    trial = make_trial(starts_at=START + timedelta(hours=2))

    start_field_trial(trial)
    drain([ASK])

    assert (total(trial).tried, Job.objects.get(task=ASK).run_at) == (0, START + timedelta(hours=2))


@boxed
def test_requests_are_forgotten_after_the_days_that_were_agreed_and_numbers_stay():
    trial = asked(make_trial(None, told(1, "no"), keep_days=3))
    path = files.path_of(trial.upload)

    with clock.at(START + timedelta(days=2)):
        early = forget_requests()
    with clock.at(START + timedelta(days=4)):
        late = forget_requests()

    row = FieldRequest.objects.get()
    assert (early, late, total(trial).tried) == (0, 1, 1)
    assert (row.name, row.asked, row.answer, row.service_answer, row.agrees) == ("", {}, None, None, False)
    assert not path.exists()
    assert not Upload.objects.filter(pk=trial.upload_id).exists()


@boxed
def test_nothing_personal_is_ever_kept_where_no_days_were_agreed():
    trial = asked(make_trial(None, told(1, "crash"), keep_days=0))

    row = FieldRequest.objects.get()
    assert (row.name, row.asked, row.service_answer, row.kept, trial.log) == ("", {}, None, False, "")


def test_the_owner_judges_once_and_when_it_is_over():
    facts = []
    on(FieldTrialJudged)(facts.append)
    trial = start_field_trial(make_trial())
    with pytest.raises(Refused) as early:
        judge_field_trial(trial, "adopt", because="Good")
    stop_field_trial(trial)
    with pytest.raises(Flawed):
        judge_field_trial(trial, "adopt", because=" ")

    judge_field_trial(trial, "later", because="Good, but slow")
    with pytest.raises(Refused) as twice:
        judge_field_trial(again(trial), "adopt", because="Changed my mind")

    assert (early.value.code, twice.value.code) == ("field.not-over", "field.judged")
    assert (again(trial).adoption, again(trial).statement) == ("later", "Good, but slow")
    assert facts == [FieldTrialJudged(trial.pk)]


def test_who_may_see_it():
    trial = make_trial()
    organiser, ours, stranger = trial.made_by, member(trial.submission.entrant), make_person()
    people = {"organiser": organiser, "owner": trial.owner, "entrant": ours, "stranger": stranger, "nobody": None}

    def sees(rule):
        return {name for name, person in people.items() if rule(person, again(trial))}

    assert sees(may_see_field_trial) == {"organiser"}
    start_field_trial(trial)
    assert (sees(may_see_field_trial), sees(may_see_own_field_trial)) == ({"organiser", "owner"}, set())
    share_field_trial(trial, shared=True)
    assert (sees(may_see_field_trial), sees(may_see_own_field_trial)) == ({"organiser", "owner"}, {"entrant"})
    assert [list(trials_shared_with(person, trial.round)) for person in (ours, stranger)] == [[trial], []]


def test_a_file_of_requests_may_not_be_larger_than_agreed(monkeypatch):
    monkeypatch.setattr("dure.challenges.operations.fieldtrials.MOST_SOURCE", 10)

    with pytest.raises(Refused):
        make_trial()


def test_probabilities_are_compared_by_the_likeliest_class():
    two = Format("id", ["p"], Sort.PROBABILITIES, ["no", "yes"], 0, 1)
    three = Format("id", ["a", "b", "c"], Sort.PROBABILITIES, ["a", "b", "c"], 0, 1)

    assert answers_in(b"id,p\nx,0.5\ny,0.49\nz,2\nx2,\n", two) == {"x": ("yes",), "y": ("no",)}
    assert answers_in(b"id,a,b,c\nx,0.1,0.6,0.3\n", three) == {"x": ("b",)}
