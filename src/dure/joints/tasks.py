"""The joints' jobs, where workers look for them."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from dure.bundles.drafting import USUAL_TEAM
from dure.jobs.registry import Claim, Effect, long_task, task
from dure.joints import batches
from dure.joints.exports import gather
from dure.joints.importing import sent
from dure.joints.importing.programme import Competitor
from dure.joints.learning import degrees, lessons, sessions, signing
from dure.joints.letters import tell_openings, tell_results
from dure.joints.sheets import batched
from dure.joints.surveys import write_letters
from dure.learning.models import Cohort, Lesson, Transcript

__all__ = [
    "act_on_next", "count_attendance", "enter_sheet", "forget_files", "gather", "keep_attendees", "prove_attended",
    "take_in_bundle", "tell_openings", "tell_results", "write_letters", "write_sheet",
]  # fmt: skip


@task(batches.ACT)
def act_on_next(*, batch: str) -> None:
    batches.act_on_next(UUID(batch))


@long_task(batched.OUT)
def write_sheet(_claim: Claim, *, batch: str) -> Effect:
    return batched.write_sheet(UUID(batch))


@long_task(batched.IN)
def enter_sheet(_claim: Claim, *, batch: str) -> Effect:
    return batched.enter_sheet(UUID(batch))


@long_task(sent.TAKE_IN)
def take_in_bundle(_claim: Claim, *, bundle: str, case: Competitor = "person", team_most: int = USUAL_TEAM) -> Effect:
    return sent.take_in(UUID(bundle), case=case, team_most=team_most)


@task("joints.forget-files", every=timedelta(hours=1))
def forget_files() -> None:
    batches.forget_files()


@task(sessions.KEEP)
def keep_attendees(*, cohort: str) -> None:
    row = Cohort.objects.get(pk=UUID(cohort))
    if series := sessions.series_of(row):
        sessions.keep_attendees(row, series)


@task(sessions.COUNT)
def count_attendance(*, cohort: str) -> None:
    row = Cohort.objects.get(pk=UUID(cohort))
    if series := sessions.series_of(row):
        sessions.count_attendance(row, series)


@task(lessons.PROVE)
def prove_attended(*, cohort: str, lesson: str) -> None:
    lessons.prove_attended(Cohort.objects.get(pk=UUID(cohort)), Lesson.objects.get(pk=UUID(lesson)))


@long_task(degrees.SIGN)
def sign_transcript(_claim: Claim, *, transcript: str) -> Effect:
    """Sign a transcript with its institution's key, which only workers read."""
    row = Transcript.objects.select_related("candidacy__degree__organisation", "candidacy__person").get(pk=transcript)
    return partial(signing.keep_signed, row, signing.signed(row))
