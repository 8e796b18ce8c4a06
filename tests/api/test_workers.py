"""Organisers' own workers over HTTP: only their queue's jobs, fenced like the platform's own, revocable."""

import io
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now

from dure.audit.models import AuditRow
from dure.challenges.models import Best, Submission, WorkerToken
from dure.challenges.operations.workers import issue_worker_token, score_by_own
from dure.challenges.order import outcome_as_dict, submission_of
from dure.challenges.queueing import SCORE
from dure.challenges.scoring import outcome_of
from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.jobs.worker import drain
from dure.joints.stages.rounds import set_up_task
from tests.api.conftest import Caller
from tests.challenges.conftest import ACCURACY, labels, make_entrant, make_task, offer, predictions
from tests.factories import make_operator, make_person
from tests.jobs.conftest import ROOT
from tests.jobs.test_worker import LONG, wait_for
from tests.joints.small_programme import make_small

pytestmark = pytest.mark.django_db
OPEN = {"opens_at": None, "closes_at": None}
COMPETITION = """
blueprint: plain
title: {en: Plain, ko: 대회}
subject: person
parties: {host: {kind: company}}
stages:
  - {id: join, kind: form, entry: open}
  - {id: compete, kind: round, after: join, do: {metric: accuracy}}
"""


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def lab():
    """A round that its organiser's own workers score."""
    return Lab()


class Lab:
    def __init__(self, queue="lab"):
        self.task = make_task(**OPEN)
        self.entrant = make_entrant(self.task)
        self.organiser = self.task.round.organisers.get()
        self.queue = score_by_own(self.task.round, queue=queue, by=self.organiser)
        self.token, self.secret = self.issue()

    def issue(self):
        issued = issue_worker_token(self.queue, title="gpu-1", by=self.organiser)
        return issued.row, issued.secret

    @property
    def machine(self):
        return Caller(secret=self.secret)

    @property
    def desk(self):
        return Caller(self.organiser)

    def claim(self):
        return self.machine.post("/worker/claims", {"worker": "box:1", "queue": self.queue.name})["work"]

    def send(self, work, outcome, status=200):
        body = {"fence": work["fence"], "outcome": json.dumps(outcome)}
        headers = {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}
        answer = self.machine.client.post(f"/api/v1/worker/jobs/{work['job']}/result", body, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def measured(public=1.0, final=0.5):
    how = {"code_sha256": "", "inputs_sha256": "", "environment_digest": "", "seed": None, "seconds": None}
    return {
        "kind": "measured", "public": public, "final": final, "notes": [], "log": "", "values": {}, "how": how,
    }  # fmt: skip


def lose(work):
    """As if the database's clock had passed the lease."""
    Job.objects.filter(pk=work["job"]).update(leased_until=Now() - timedelta(seconds=1))


def test_the_platform_leaves_the_round_to_its_own_workers(lab):
    submission = offer(lab.entrant)

    drain([SCORE])
    work = lab.claim()

    submission.refresh_from_db()
    assert (submission.state, work["order"]["submission"]["id"]) == ("scoring", str(submission.pk))


def test_an_order_is_enough_to_score_and_tells_nothing_of_whose_it_is(lab):
    submission = offer(lab.entrant, predictions(public=2, final=3))

    order = lab.claim()["order"]

    assert outcome_of(submission_of(order)) == outcome_of(submission)
    assert str(lab.entrant.pk) not in json.dumps(order)
    assert lab.entrant.title not in json.dumps(order)


def test_a_result_is_written_once_and_names_who_judged(lab):
    submission = offer(lab.entrant)
    work = lab.claim()

    lab.send(work, measured())
    late = lab.send(work, measured(public=0.0), status=409)

    submission.refresh_from_db()
    assert (submission.state, submission.public_score, submission.final_score) == ("scored", 1.0, 0.5)
    assert (submission.judged_by, late["code"]) == (lab.token, "work.lost")
    assert Best.objects.get().best == submission


def test_a_machine_that_was_thought_dead_changes_nothing(lab):
    submission = offer(lab.entrant)
    first = lab.claim()
    lose(first)
    assert lab.claim() is None  # taken back: it waits out its delay
    Job.objects.update(run_at=clock.now())
    second = lab.claim()

    late = [
        lab.send(first, measured(public=0.0), status=409),
        lab.machine.post(f"/worker/jobs/{first['job']}/heartbeat", {"fence": first["fence"], "worker": "b"}, 409),
        lab.machine.post(f"/worker/jobs/{first['job']}/fault", {"fence": first["fence"], "fault": "no"}, 409),
    ]
    lab.send(second, measured())

    submission.refresh_from_db()
    assert {one["code"] for one in late} == {"work.lost"}
    assert (second["fence"], submission.public_score) == (first["fence"] + 1, 1.0)


def test_a_heartbeat_lengthens_the_lease(lab):
    offer(lab.entrant)
    work = lab.claim()
    before = Job.objects.get(pk=work["job"]).leased_until

    lab.machine.post(f"/worker/jobs/{work['job']}/heartbeat", {"fence": work["fence"], "worker": "box:1"})

    assert Job.objects.get(pk=work["job"]).leased_until > before


def test_a_fault_is_kept_and_the_submission_is_tried_again(lab):
    submission = offer(lab.entrant)
    work = lab.claim()

    lab.machine.post(f"/worker/jobs/{work['job']}/fault", {"fence": work["fence"], "fault": "the disk is full"})

    job = Job.objects.get(pk=submission.job_id)
    assert (job.state, job.attempts) == (JobState.READY, 1)
    assert "the disk is full" in job.cause_en


def test_what_could_not_begin_costs_no_attempt(lab):
    submission = offer(lab.entrant)
    work = lab.claim()

    told = {"fence": work["fence"], "fault": "no box here", "unready": True}
    lab.machine.post(f"/worker/jobs/{work['job']}/fault", told)

    assert Job.objects.get(pk=submission.job_id).attempts == 0


def test_a_machine_sees_the_files_of_its_job_and_no_other(lab):
    offer(lab.entrant)
    elsewhere = offer(make_entrant(make_task(**OPEN)))
    work = lab.claim()
    base = f"/worker/jobs/{work['job']}/files"
    own = work["order"]["submission"]["upload"]["id"]

    sent = lab.machine.call("get", f"{base}/{own}?fence={work['fence']}")
    stranger = lab.machine.get(f"{base}/{elsewhere.upload_id}?fence={work['fence']}", 404)
    wrong = lab.machine.get(f"{base}/{own}?fence={work['fence'] + 1}", 409)

    assert b"".join(sent) == predictions().getvalue()
    assert (stranger["code"], wrong["code"]) == ("work.file", "work.lost")


def test_who_operates_the_programme_looks_after_its_rounds_workers_and_the_log_names_them():
    programme = make_small("plain-1", COMPETITION)
    task = set_up_task(programme, "compete", by=make_operator(), labels=labels(sealed=False), measure=ACCURACY)
    head = Caller(programme.made_by)

    queue = head.get(f"/rounds/{task.round_id}/queue")

    assert queue["name"] is None
    became = AuditRow.objects.filter(action="round.organiser", object_id=task.round_id).latest("pk")
    assert became.actor == f"people.person:{programme.made_by_id}"


def test_a_machine_sees_the_jobs_of_its_queue_only(lab):
    other = Lab("other-lab")
    offer(other.entrant)
    held = other.claim()

    assert lab.claim() is None
    assert lab.send(held, measured(), status=409)["code"] == "work.lost"
    wrong = lab.machine.post("/worker/claims", {"worker": "b", "queue": "other-lab"}, 403)
    assert wrong["code"] == "work.queue"


def test_a_revoked_key_opens_nothing(lab):
    offer(lab.entrant)
    work = lab.claim()

    lab.desk.delete(f"/worker-tokens/{lab.token.pk}")

    for path in ("claims", f"jobs/{work['job']}/heartbeat", f"jobs/{work['job']}/fault"):
        assert lab.machine.post(f"/worker/{path}", {}, 401)["code"] == "token.invalid"
    assert Submission.objects.get().state == "scoring"


def test_keys_of_machines_and_of_people_open_different_doors(lab):
    assert lab.desk.post("/worker/claims", {"worker": "b", "queue": "lab"}, 401)["code"] == "token.invalid"
    assert lab.machine.get(f"/rounds/{lab.task.round_id}/queue", 401)["code"] == "token.invalid"


@pytest.mark.parametrize(
    "outcome",
    [
        "{",
        '{"kind": "won"}',
        json.dumps(measured(public=float("nan"))),
        json.dumps(measured() | {"rank": 1}),
        json.dumps(measured() | {"values": {"a": "Infinity"}}),
    ],
)
def test_a_result_that_is_none_is_refused_and_changes_nothing(lab, outcome):
    offer(lab.entrant)
    work = lab.claim()
    headers = {"Authorization": f"Bearer {lab.secret}"}

    sent = {"fence": work["fence"], "outcome": outcome}
    answer = lab.machine.client.post(f"/api/v1/worker/jobs/{work['job']}/result", sent, headers=headers)

    assert (answer.status_code, Submission.objects.get().state) == (422, "scoring")


@pytest.mark.parametrize("outcome", ["broken", "faulty"])
def test_verdicts_that_are_no_score_come_through(lab, outcome):
    submission = offer(lab.entrant, io.BytesIO(b"id,label\n"))
    work = lab.claim()
    told = outcome_as_dict(outcome_of(submission))
    if outcome == "faulty":
        told = {"kind": "faulty", "cause": {"ko": "오류", "en": "fault"}, "log": "", "organiser_log": "trace"}

    lab.send(work, json.loads(json.dumps(told)))

    submission.refresh_from_db()
    assert submission.state == {"broken": "refused", "faulty": "failed"}[outcome]


def test_an_organiser_sets_it_up_and_takes_it_back():
    task = make_task(**OPEN)
    submission = offer(make_entrant(task))
    desk, base = Caller(task.round.organisers.get()), f"/rounds/{task.round_id}/queue"

    put = desk.put(base, {"name": "lab"})
    secret = desk.post(f"{base}/tokens", {"title": "gpu-1"}, 201)["secret"]
    seen = desk.get(base)
    back = desk.delete(base)

    assert (put["name"], put["waiting"], secret.partition("_")[0]) == ("lab", 1, "durew")
    assert [token["title"] for token in seen["tokens"]] == ["gpu-1"]
    assert (back["name"], back["waiting"], back["tokens"]) == (None, 1, [])
    drain([SCORE])
    submission.refresh_from_db()
    assert (submission.state, submission.judged_by) == ("scored", None)


def test_nobody_else_has_a_say(lab):
    stranger, rival = Caller(make_person()), make_task(**OPEN)

    assert stranger.get(f"/rounds/{lab.task.round_id}/queue", 403)
    assert stranger.post(f"/rounds/{lab.task.round_id}/queue/tokens", {"title": "x"}, 403)
    assert stranger.delete(f"/worker-tokens/{lab.token.pk}", 403)
    taken = Caller(rival.round.organisers.get()).put(f"/rounds/{rival.round_id}/queue", {"name": "lab"}, 409)
    assert taken["code"] == "queue.taken"


def test_a_secret_is_kept_as_a_hash(lab):
    kept = WorkerToken.objects.values().get()

    rest = lab.secret.partition(f"{kept['prefix']}_")[2]
    assert len(rest) > 30
    assert rest not in str(kept)


# --- the program itself, on a machine of its own: another disk, no database


@pytest.fixture
def hire(live_server, tmp_path, transactional_db):
    hired = []

    def start(lab, *words, home="home"):
        folder = tmp_path / home
        command = [sys.executable, "-c", "import sys; from dure.cli import main; sys.exit(main())", "worker"]
        command += ["--url", live_server.url, "--token", lab.secret, "--queue", "lab", *words]
        known = {**os.environ, "DURE_HOME": str(folder), "PYTHONPATH": str(ROOT / "src"), "LANG": "en_GB.UTF-8"}
        known["DATABASE_URL"] = "postgresql://nobody@/nowhere?host=/nonexistent"
        process = subprocess.Popen(command, env=known, stderr=subprocess.PIPE, cwd=tmp_path)
        hired.append(process)
        return process

    yield start
    for process in hired:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_machine_without_a_database_scores_as_the_platform_does(hire):
    lab = Lab()
    good, broken = offer(lab.entrant, predictions(2, 3)), offer(lab.entrant, io.BytesIO(b"id,label\n"))

    worker = hire(lab, "--drain")
    _, said = worker.communicate(timeout=LONG)

    good.refresh_from_db()
    broken.refresh_from_db()
    assert worker.returncode == 0, said.decode()
    assert (good.state, good.public_score, good.final_score, good.judged_by) == ("scored", 0.5, 0.5, lab.token)
    assert (broken.state, broken.judged_by) == ("refused", lab.token)


@pytest.mark.django_db(transaction=True)
def test_machines_killed_while_they_work_lose_nothing(hire, tmp_path):
    lab = Lab()
    entrants = [lab.entrant, *(make_entrant(lab.task) for _ in range(5))]
    for entrant in entrants:
        for _ in range(4):
            offer(entrant)

    for kill in range(3):
        victim = hire(lab, home=f"home-{kill}")
        wait_for(lambda: Job.objects.filter(state=JobState.RUNNING).exists() or not left())
        victim.kill()
        victim.wait()
        time.sleep(0.2)
        Job.objects.filter(state=JobState.RUNNING).update(leased_until=Now() - timedelta(seconds=1))
    survivor = hire(lab)
    wait_for(lambda: not left())
    survivor.terminate()

    assert set(Submission.objects.values_list("state", "public_score")) == {("scored", 1.0)}
    assert Best.objects.count() == len(entrants)
    leftover = [path for path in Path(tmp_path, "home").rglob("*") if path.is_file() and path.stat().st_size == 0]
    assert leftover == []


def left():
    return Submission.objects.exclude(state="scored").exists()


@pytest.mark.django_db(transaction=True)
def test_a_wrong_key_ends_the_program_with_a_sentence(hire):
    lab = Lab()
    lab.secret = "durew_x_y"

    worker = hire(lab, "--once")
    _, said = worker.communicate(timeout=LONG)

    assert worker.returncode == 3
    assert "This worker token is wrong or revoked" in said.decode()
