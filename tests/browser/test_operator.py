"""The way of an operator through an evening: something failed; see why, try it again, look at who did what."""

import pytest

from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.jobs.worker import drain

pytestmark = [pytest.mark.browser]
WORDS = {
    "ko": {"failed": "실패한 작업: 1건", "again": "다시 시도", "verify": "지금 검증", "sealed": "모두 맞습니다"},
    "en": {"failed": "Failed jobs: 1.", "again": "Try the job again", "verify": "Verify the chain now",
           "sealed": "seals hold"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_failed_job_is_found_and_tried_again_and_the_log_verified(world, visit, language) -> None:
    words = WORDS[language]
    failed = {"state": JobState.FAILED, "attempts": 5, "finished_at": clock.now(), "cause_code": "jobs.fault"}
    Job.objects.create(task="jobs.prune", most_attempts=5, cause_ko="까닭", cause_en="a cause", **failed)
    window = visit(world.operator, language=language, width=390)

    window.go("/operator/").press(words["failed"])
    window.page.get_by_role("link", name="jobs.prune").press("Enter")
    window.page.get_by_role("button", name=words["again"]).press("Enter")
    window.page.wait_for_selector(".note.success")
    assert Job.objects.filter(task="jobs.prune").get().state == JobState.READY

    window.go("/operator/audit/")
    window.page.get_by_role("button", name=words["verify"]).press("Enter")
    window.page.wait_for_selector("progress")
    drain(["audit.seal", "audit.verify"])
    window.page.wait_for_selector(f"text={words['sealed']}")


def test_a_page_that_is_kept_open_shows_what_has_changed(world, visit) -> None:
    window = visit(world.operator)
    window.go("/operator/")
    assert "실패한 작업: 1건" not in window.text

    Job.objects.create(task="jobs.prune", most_attempts=5, state=JobState.FAILED, finished_at=clock.now())
    window.page.evaluate("htmx.ajax('GET', '/operator/now/', document.querySelector('[hx-get=\"/operator/now/\"]'))")

    window.page.wait_for_selector("text=실패한 작업: 1건")
