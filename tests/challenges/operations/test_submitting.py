"""Accepting a submission: who, when, how often, and what the receipt says."""

import hashlib
import io
from datetime import timedelta

import pytest

from dure.challenges import files
from dure.challenges.events import EntrantCame
from dure.challenges.models import Entrant, Quota, Submission, Upload
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
        ("total", 2),
    }


@pytest.mark.usefixtures("standing")
def test_the_total_limit_holds_over_days():
    entrant = make_entrant(make_task(total=1))
    offer(entrant)

    with clock.at(START + DAY), pytest.raises(OverQuota, match="All 1 attempts are used up"):
        offer(entrant)


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
