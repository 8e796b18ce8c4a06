"""Accepting a submission: who, when, how often, and what the receipt says."""

import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from dure.challenges import files
from dure.challenges.events import EntrantCame
from dure.challenges.models import Allowed, Entrant, Quota, Submission, Upload
from dure.challenges.operations import (
    OverQuota,
    Receipt,
    accept,
    enter,
    receive,
    set_entrant_window,
    set_window,
    submit,
)
from dure.challenges.operations.asking import set_allowed, set_questions
from dure.challenges.operations.quotas import give_back
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.queries.entered import as_they_stand
from dure.challenges.questions import Question
from dure.compute import proof
from dure.core import clock, events
from dure.core.errors import Flawed, Forbidden, Refused, TooLarge, Unready
from dure.core.text import Text
from dure.jobs.models import Job
from tests.challenges.conftest import CLOSE, HOUR, START, make_entrant, make_task, member, offer, predictions
from tests.factories import make_operator, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def on_disk() -> set[str]:
    return {path.name for path in files._folder().glob("??/*")}


@pytest.mark.usefixtures("standing")
def test_a_receipt_says_what_was_accepted():
    entrant = make_entrant(make_task(daily=5, total=7))
    upload = predictions()

    receipt = submit(entrant, by=member(entrant), upload=upload, name="mine.csv")

    submission = Submission.objects.get()
    sha256 = hashlib.sha256(upload.getvalue()).hexdigest()
    assert receipt == Receipt(submission.pk, START, CLOSE, used=1, of=5, sha256=sha256)
    assert (submission.number, submission.state, submission.upload.name) == (1, "received", "mine.csv")
    assert files.read(submission.upload) == upload.getvalue()
    assert submission.job.arguments == {"submission": str(submission.pk)}


@pytest.mark.usefixtures("standing")
def test_the_receipt_tells_the_limit_that_has_the_fewest_attempts_left():
    entrant = make_entrant(make_task(daily=5, total=2))

    assert (offer(entrant).number, submit(entrant, by=member(entrant), upload=predictions()).of) == (1, 2)


@pytest.mark.usefixtures("standing")
def test_without_limits_attempts_are_counted_all_the_same():
    entrant = make_entrant(make_task())
    offer(entrant)

    receipt = submit(entrant, by=member(entrant), upload=predictions())

    assert (receipt.used, receipt.of) == (2, None)


@pytest.mark.usefixtures("standing")
def test_an_attempt_asks_the_database_little(django_assert_max_num_queries):
    entrant = make_entrant(make_task(daily=5, total=7))
    offer(entrant)  # the first of a day makes its rows

    with django_assert_max_num_queries(22):
        offer(entrant)


def test_what_arrives_before_the_close_is_taken_and_what_arrives_at_it_is_refused():
    entrant = make_entrant(make_task())

    with clock.at(CLOSE - timedelta(microseconds=1)):
        offer(entrant)
    with clock.at(CLOSE), pytest.raises(Refused) as refused:
        offer(entrant)

    assert (refused.value.code, refused.value.facts) == ("challenges.closed", {"deadline": CLOSE})
    assert Submission.objects.count() == 1


def test_the_moment_of_arrival_counts_however_long_receiving_takes():
    entrant = make_entrant(make_task())

    with (
        clock.at(CLOSE - HOUR),
        receive(entrant, by=member(entrant), upload=predictions()) as received,
        clock.at(CLOSE + HOUR),
    ):
        accept(received)

    assert Submission.objects.get().received_at == CLOSE - HOUR


@pytest.mark.usefixtures("standing")
def test_what_was_received_is_refused_where_others_were_faster_and_leaves_nothing():
    entrant = make_entrant(make_task(total=1))

    with pytest.raises(OverQuota), receive(entrant, by=member(entrant), upload=predictions()) as received:
        offer(entrant)
        accept(received)

    assert Submission.objects.count() == 1
    assert on_disk() == {upload.id.hex for upload in Upload.objects.all()}


@pytest.mark.usefixtures("standing")
def test_what_is_received_and_not_accepted_leaves_nothing():
    entrant = make_entrant(make_task())
    before = on_disk()

    with receive(entrant, by=member(entrant), upload=predictions()):
        assert len(on_disk() - before) == 1

    assert (on_disk(), Submission.objects.count()) == (before, 0)


def test_nothing_is_taken_before_the_round_opens():
    entrant = make_entrant(make_task())

    with clock.at(START - HOUR), pytest.raises(Refused) as refused:
        offer(entrant)

    assert refused.value.code == "challenges.early"


@pytest.mark.usefixtures("standing")
def test_an_entrants_own_deadline_comes_before_the_rounds():
    entrant = make_entrant(make_task(), closes_at=START + HOUR)
    assert submit(entrant, by=member(entrant), upload=predictions()).deadline == START + HOUR

    set_entrant_window(entrant, opens_at=None, closes_at=START)

    with pytest.raises(Refused, match="deadline has passed"):
        offer(entrant)


@pytest.mark.usefixtures("standing")
def test_a_deadline_that_was_moved_meanwhile_holds():
    entrant = make_entrant(make_task())
    set_window(make_task().round, opens_at=None, closes_at=None)
    stale = Entrant.objects.select_related("task__round").get(pk=entrant.pk)
    set_window(entrant.task.round, opens_at=None, closes_at=START)

    with pytest.raises(Refused, match="deadline has passed"):
        offer(stale)


@pytest.mark.usefixtures("standing")
def test_only_those_who_take_part_can_submit():
    entrant = make_entrant(make_task())

    for stranger in (make_person(), make_operator(), member(make_entrant(entrant.task))):
        with pytest.raises(Forbidden):
            submit(entrant, by=stranger, upload=predictions())

    assert on_disk() == {upload.id.hex for upload in Upload.objects.all()}


@pytest.mark.usefixtures("standing")
def test_every_member_of_a_team_draws_on_the_same_quota():
    one, other = make_person(), make_person()
    team = enter(make_task(daily=2), persons=[one, other], title="team")

    submit(team, by=one, upload=predictions())
    submit(team, by=other, upload=predictions())

    with pytest.raises(OverQuota):
        submit(team, by=one, upload=predictions())


def test_the_daily_limit_starts_anew_at_midnight_of_the_rounds_zone():
    entrant = make_entrant(make_task(daily=1))
    midnight = START.replace(hour=15)  # in Seoul

    with clock.at(midnight - timedelta(seconds=1)):
        offer(entrant)
        with pytest.raises(OverQuota) as refused:
            offer(entrant)
    with clock.at(midnight):
        offer(entrant)

    assert refused.value.status == 429
    assert refused.value.facts == {"used": 1, "of": 1, "period": "2026-05-01"}
    assert set(Quota.objects.values_list("period", "used")) == {
        ("2026-05-01", 1),
        ("2026-05-02", 1),
        ("2026-05", 2),
        ("total", 2),
    }


@pytest.mark.usefixtures("standing")
def test_the_total_limit_holds_over_days():
    entrant = make_entrant(make_task(total=1))
    offer(entrant)

    with clock.at(START + DAY), pytest.raises(OverQuota, match="All 1 attempts are used up"):
        offer(entrant)


def test_the_monthly_limit_starts_anew_with_the_month_of_the_rounds_zone():
    task = make_task(closes_at=None)
    set_rules(task.round, replace(Rules.of(task.round), monthly=2))
    entrant = make_entrant(task)
    june = START.replace(day=31, hour=15)  # the first of June in Seoul

    for day in (0, 3):
        with clock.at(START + day * DAY):
            offer(entrant)
    with clock.at(june - timedelta(seconds=1)), pytest.raises(OverQuota, match="attempts of this month") as refused:
        offer(entrant)
    with clock.at(june):
        stands = as_they_stand([entrant])[0].month
        offer(entrant)

    assert refused.value.facts == {"used": 2, "of": 2, "period": "2026-05"}
    assert (stands.left, stands.renews_at) == (2, START.replace(month=6, day=30, hour=15))


@pytest.mark.usefixtures("standing")
def test_an_attempt_that_failed_by_our_fault_counts_in_no_period():
    entrant = make_entrant(make_task(daily=1))
    submission = offer(entrant)

    give_back(submission)
    give_back(submission)

    assert set(Quota.objects.values_list("used", flat=True)) == {0}


@pytest.mark.usefixtures("standing")
def test_a_file_above_the_bound_is_refused_and_leaves_nothing():
    task = make_task()
    task.most_bytes = 20
    task.save()
    entrant = make_entrant(task)

    with pytest.raises(TooLarge, match="up to 20 bytes"):
        offer(entrant, io.BytesIO(b"x" * 21))

    assert (Submission.objects.count(), Job.objects.filter(task="challenges.score").count()) == (0, 0)
    assert on_disk() == {upload.id.hex for upload in Upload.objects.all()}


@pytest.mark.usefixtures("standing")
def test_a_listener_may_refuse_on_grounds_of_its_own(monkeypatch):
    monkeypatch.setitem(events._listeners, EntrantCame, [refuse])
    entrant = make_entrant(make_task())

    with pytest.raises(Refused, match="elsewhere"):
        offer(entrant)

    assert not Submission.objects.exists()


def refuse(fact: EntrantCame) -> None:
    raise Refused("test.elsewhere", Text(ko="다른 곳", en="elsewhere"))


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("code", "kind", "refusal"),
    [("none", "code", "challenges.no-code"), ("required", "file", "challenges.code-required")],
)
def test_a_kind_that_the_round_does_not_take_is_refused(code, kind, refusal):
    entrant = make_entrant(make_task(code=code))

    with pytest.raises(Refused) as refused:
        offer(entrant, kind=kind)

    assert refused.value.code == refusal


@pytest.mark.usefixtures("standing")
def test_only_types_that_the_round_takes_are_taken():
    task = make_task()
    set_rules(task.round, replace(Rules.of(task.round), file_types=["CSV", " .json ", ".csv"]))
    entrant = make_entrant(task)

    with pytest.raises(Refused, match=r"these types only: \.csv, \.json"):
        offer(entrant, name="mine.xlsx")

    assert offer(entrant, name="MINE.CSV").upload.name == "MINE.CSV"


@pytest.mark.usefixtures("standing")
def test_where_the_organisers_take_nothing_nothing_is_taken():
    task = make_task()
    set_rules(task.round, replace(Rules.of(task.round), is_active=False))

    with pytest.raises(Refused) as refused:
        offer(make_entrant(task))

    assert refused.value.code == "challenges.paused"


@pytest.mark.usefixtures("standing")
def test_a_round_may_take_attempts_of_listed_addresses_only():
    listed, other = make_person("mina@example.org"), make_person()
    team = enter(make_task(), persons=[listed, other])
    set_allowed(team.task.round, [" Mina@Example.org ", "later@example.org"])

    submit(team, by=listed, upload=predictions())
    with pytest.raises(Forbidden) as refused:
        submit(team, by=other, upload=predictions())
    set_allowed(team.task.round, None)
    submit(team, by=other, upload=predictions())

    assert (refused.value.code, Allowed.objects.count()) == ("challenges.not-listed", 0)


@pytest.mark.parametrize("emails", [["mina"], ["a@b"], ["x" * 250 + "@example.org"]])
def test_a_list_holds_addresses_only(emails):
    with pytest.raises(Flawed):
        set_allowed(make_task().round, emails)


@pytest.mark.usefixtures("standing")
def test_what_the_round_asks_is_answered_with_the_attempt():
    task = make_task()
    set_questions(task.round, [Question("model", Text(ko="모델", en="Model"), required=True)])
    entrant = make_entrant(task)

    with pytest.raises(Flawed, match="Answer “Model”"):
        offer(entrant)

    assert offer(entrant, answers={"model": "ResNet"}).answers == {"model": "ResNet"}


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("sharing", "wanted", "is_public"),
    [
        ("none", True, False),
        ("chosen", None, False),
        ("chosen", True, True),
        ("open", None, True),
        ("open", False, False),
    ],
)
def test_an_attempt_is_public_as_its_round_and_its_entrant_have_it(sharing, wanted, is_public):
    task = make_task()
    set_rules(task.round, replace(Rules.of(task.round), sharing=sharing))

    assert offer(make_entrant(task), public=wanted).is_public is is_public


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("command", ["python3 main.py\0", "a\nb", "x" * 401])
def test_a_command_is_one_line(command):
    with pytest.raises(Flawed, match="one line"):
        offer(make_entrant(make_task(code="allowed")), kind="code", command=command)


@pytest.mark.usefixtures("standing")
def test_code_is_refused_where_this_server_cannot_hold_it(monkeypatch):
    monkeypatch.setenv("DURE_SANDBOX", "none")
    proof.proof.cache_clear()
    try:
        with pytest.raises(Unready) as refused:
            offer(make_entrant(make_task(code="allowed")), kind="code")
    finally:
        proof.proof.cache_clear()

    assert refused.value.code == "compute.below_full"


@pytest.mark.usefixtures("standing")
def test_nobody_is_in_two_entrants_of_a_task():
    person, task = make_person(), make_task()
    enter(task, persons=[person])

    with pytest.raises(Refused, match="takes part in this task already"):
        enter(task, persons=[make_person(), person])

    assert Entrant.objects.count() == 1


def test_an_entrant_is_somebody():
    with pytest.raises(Refused, match="Nobody"):
        enter(make_task(), persons=[])


@pytest.mark.django_db(transaction=True)
def test_ten_people_with_one_attempt_left_get_one_each_however_many_post_at_once():
    people, posts = 10, 8
    task = make_task(daily=2, opens_at=None, closes_at=None)
    entrants = [make_entrant(task) for _ in range(people)]
    for entrant in entrants:
        offer(entrant)

    outcomes = [race(*[posting(entrant) for _ in range(posts)]) for entrant in entrants]

    accepted = [one for outcome in outcomes for one in outcome if isinstance(one, Receipt)]
    refused = [one for outcome in outcomes for one in outcome if isinstance(one, OverQuota)]
    assert (len(accepted), len(refused)) == (people, people * (posts - 1))
    assert {one.status for one in refused} == {429}
    assert sorted(Submission.objects.values_list("number", flat=True)) == [1] * people + [2] * people
    assert set(Quota.objects.values_list("used", flat=True)) == {2}
    assert Job.objects.filter(task="challenges.score").count() == 2 * people
    assert on_disk() == {upload.id.hex for upload in Upload.objects.all()}


def posting(entrant: Entrant):
    mine = Entrant.objects.get(pk=entrant.pk)
    person = member(entrant)
    return lambda: submit(mine, by=person, upload=predictions())
