"""Who does the work, what waits and failed, and the checks that workers make: told as findings with what to do."""

from datetime import timedelta

import pytest

from dure.audit.models import AuditRow, AuditText, Seal
from dure.audit.operations import record, seal
from dure.core import clock
from dure.core.errors import Refused
from dure.core.findings import Finding, State
from dure.core.text import Text
from dure.jobs.checks import queue
from dure.jobs.models import Check, Job, JobState, Worker
from dure.jobs.operations import CHECKS, ask_for_check, cancel, enqueue, mark_sent, resend, retry, retry_all, send_mail
from dure.jobs.presence import presence
from dure.jobs.queries import checked, failures, standing, workers
from dure.jobs.registry import every_task
from dure.jobs.worker import drain
from tests.jobs import witness  # noqa: F401 -- registers the tasks

pytestmark = pytest.mark.django_db


def states() -> dict[str, State]:
    return {finding.name: finding.state for finding in queue()}


def test_an_idle_platform_without_a_worker_is_told_to_start_one():
    assert states() == {"workers": "warn", "queue": "ok", "failed-jobs": "ok", "failed-mail": "ok"}


def test_a_worker_is_there_from_its_first_word_to_its_last():
    with presence("here:1", ["witness.note"]) as here:
        here()
        assert [(worker.name, worker.tasks, alive) for worker, alive in workers()] == [
            ("here:1", ["witness.note"], True)
        ]
        assert states()["workers"] is State.OK

    assert workers() == []


def test_a_worker_that_was_killed_is_shown_as_one_that_stopped_answering():
    with presence("here:1", None) as here:
        here()
        Worker.objects.update(seen_at=clock.now() - timedelta(minutes=10))

        assert [alive for _, alive in workers()] == [False]
        assert standing().workers == 0


def test_a_worker_at_a_long_job_is_alive_by_its_lease():
    with presence("here:1", None) as here:
        here()
        Worker.objects.update(seen_at=clock.now() - timedelta(minutes=10))
        job = enqueue("witness.note", arguments={"job": 1})
        lease = {"leased_until": clock.now() + timedelta(hours=1), "worker": "here:1"}
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, **lease)

        assert [alive for _, alive in workers()] == [True]


def test_work_that_waits_and_failed_is_a_warning_with_a_remedy():
    enqueue("witness.closed")
    drain()
    enqueue("witness.note", arguments={"job": 1}, run_at=clock.now() - timedelta(hours=1))

    found = {finding.name: finding for finding in queue()}

    assert (found["queue"].state, found["failed-jobs"].state) == (State.WARN, State.WARN)
    assert found["queue"].text.en == "The oldest job has waited for 60 minutes."
    assert all(finding.remedy for finding in found.values() if finding.state is not State.OK)


def test_failures_are_gathered_by_cause_and_tried_again_together():
    for _ in range(3):
        enqueue("witness.closed")
    drain()

    assert [(failure.task, failure.count) for failure in failures()] == [("witness.closed", 3)]
    assert retry_all(task="witness.closed", cause_code=failures()[0].code) == (3, 0)
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.READY, 0)}
    assert list(AuditRow.objects.filter(head=None).values_list("action", "object_id")) == [
        ("jobs.retried", "witness.closed")
    ]


def test_of_two_failures_of_the_same_work_one_is_tried_again():
    for _ in range(2):
        enqueue("witness.closed", key="stage:1")
        drain()

    assert retry_all(task="witness.closed", cause_code=failures()[0].code) == (1, 1)


def test_what_operators_do_to_a_job_is_logged():
    enqueue("witness.closed")
    drain()
    retry(Job.objects.get())
    cancel(Job.objects.get())

    assert list(AuditRow.objects.order_by("pk").values_list("action", flat=True)) == ["job.retried", "job.cancelled"]


def test_a_letter_that_left_is_not_sent_again():
    letter = Text(ko="편지", en="letter")
    message = mark_sent(send_mail(to="a@example.org", subject=letter, body=letter, language="ko"))

    with pytest.raises(Refused):
        resend(message)
    assert not AuditRow.objects.exists()


def test_every_check_has_its_task():
    assert set(CHECKS.values()) <= set(every_task())


def test_a_check_that_is_asked_for_is_made_once_and_kept():
    assert checked()["audit"].kept is None
    record("thing.done", ("thing", 1))
    seal()

    ask_for_check("audit")
    ask_for_check("audit")
    assert checked()["audit"].asked
    drain(["audit.verify"])

    check = checked()["audit"]
    assert not check.asked
    assert check.kept is not None
    assert [finding.state for finding in check.kept.found] == [State.OK]
    assert check.kept.figures["anchor"] == [1, Seal.objects.get().hash]
    assert Check.objects.count() == 1


def test_a_log_that_was_rewritten_as_a_whole_shows_against_the_seal_of_the_time_before():
    record("thing.done", ("thing", 1))
    seal()
    ask_for_check("audit")
    drain(["audit.verify"])
    AuditText.objects.all().delete()
    AuditRow.objects.all().delete()
    Seal.objects.all().delete()
    record("thing.done", ("thing", 2))
    seal()

    ask_for_check("audit")
    drain(["audit.verify"])

    kept = checked()["audit"].kept
    assert kept is not None
    assert kept.worst is State.FAIL
    assert [finding.text.en for finding in kept.found] == ["Seal 1 was changed."]


def test_storage_is_measured_in_rows_and_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "challenges" / "a").mkdir(parents=True)
    (tmp_path / "challenges" / "a" / "one.csv").write_bytes(b"12345")
    record("thing.done", ("thing", 1))

    ask_for_check("storage")
    drain(["jobs.measure"])

    kept = checked()["storage"].kept
    assert kept is not None
    assert kept.figures["folders"][0] == {"name": "challenges", "files": 1, "bytes": 5}
    assert {"name": "audit", "rows": 2} in kept.figures["rooms"]  # the row above and the wish


def test_a_finding_comes_back_as_it_was_written():
    finding = Finding("disk", State.WARN, Text(ko="가", en="a"), Text(ko="나", en="b"))

    assert Finding.of(finding.as_dict()) == finding
    assert Finding.of(Finding("disk", State.OK, Text(ko="가", en="a")).as_dict()).remedy is None
