"""What a batch of a field trial leaves behind: its requests, the day's numbers, the next batch or the end; and purging.

The effect of one job, in its fenced transaction. What was delivered twice finds the source further on and is dropped.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from dure.challenges import files
from dure.challenges.field.answers import measure_of
from dure.challenges.field.running import Ran
from dure.challenges.field.sources import Read, Unreached
from dure.challenges.field.tally import Measure, Outcome, Tally, guarded, tally_of, verdict_of
from dure.challenges.models import (
    FIELD_ALIVE,
    Ending,
    FieldDay,
    FieldRequest,
    FieldState,
    FieldTotal,
    FieldTrial,
    Upload,
)
from dure.challenges.operations.fieldtrials import ask_next, end_field_trial
from dure.challenges.queries.fieldtrials import field_trials, total_of
from dure.core import clock

LATER = timedelta(minutes=1)  # where the source has nothing yet, or cannot be reached
_PURGED_AT_ONCE = 5_000


@transaction.atomic
def keep_batch(trial_id: UUID, before: tuple[str, int], found: Read, ran: Ran) -> None:
    """Write what became of a batch that was read from ``before`` (cursor, skip) on, and go on or end."""
    own = FieldTrial.objects.filter(pk=trial_id)
    held = own.filter(cursor=before[0], skip=before[1], next_at__isnull=False, state__in=FIELD_ALIVE)
    if not held.update(cursor=found.cursor, skip=found.skip, read=F("read") + found.many, fault_ko="", fault_en=""):
        return
    trial = field_trials().get(pk=trial_id)
    measure = measure_of(trial)
    _keep_requests(trial, ran.outcomes, measure)
    _add_up(trial, tally_of(ran.outcomes, measure))
    wait = timedelta(minutes=len(ran.outcomes) / trial.per_minute) if found.many else LATER
    trial.next_at = clock.now() + wait
    own.update(next_at=trial.next_at, log=ran.log if ran.log and trial.keep_days else trial.log)
    _go_on(trial, found)


def _go_on(trial: FieldTrial, found: Read) -> None:
    total = total_of(trial)
    ending = guarded(total, most_failed=trial.most_failed, most_ms=trial.most_ms)
    if ending is None and total.tried >= trial.total:
        ending = Ending.TOTAL
    if ending is None and found.is_over:
        ending = Ending.SOURCE
    if ending is not None:
        end_field_trial(trial, ending)
    elif trial.state == FieldState.RUNNING:
        ask_next(trial)


@transaction.atomic
def keep_fault(trial_id: UUID, fault: Unreached) -> None:
    """Note that the source could not be read, and try again in a while; its end comes by time all the same."""
    trial = field_trials().filter(pk=trial_id, state=FieldState.RUNNING).first()
    if trial is not None:
        trial.next_at = clock.now() + LATER
        told = {"fault_ko": fault.text.ko, "fault_en": fault.text.en}
        FieldTrial.objects.filter(pk=trial_id).update(next_at=trial.next_at, **told)
        ask_next(trial)


def left_to_try(trial: FieldTrial) -> int:
    """How many requests the next batch may try."""
    return max(0, min(trial.batch, trial.total - total_of(trial).tried))


@transaction.atomic
def see_to_field_trials() -> None:
    """End those whose time is over, and ask on where a job was lost."""
    now = clock.now()
    for trial in field_trials().filter(state__in=FIELD_ALIVE, ends_at__lte=now):
        end_field_trial(trial, Ending.PERIOD)
    for trial in field_trials().filter(state=FieldState.RUNNING, next_at__lte=now):
        ask_next(trial)


def forget_requests() -> int:
    """Erase requests and answers whose days are over, and the files that they came from; returns how many requests."""
    now = clock.now()
    trials = FieldTrial.objects.exclude(state=FieldState.DRAFT).select_related("upload")
    return sum(_forget(trial, now - timedelta(days=trial.keep_days)) for trial in trials)


def _forget(trial: FieldTrial, before: datetime) -> int:
    blank = {"kept": False, "name": "", "asked": {}, "answer": None, "service_answer": None, "truth": None}
    gone = 0
    while many := list(trial.requests.filter(kept=True, at__lte=before).values_list("pk", flat=True)[:_PURGED_AT_ONCE]):
        gone += FieldRequest.objects.filter(pk__in=many).update(**blank)
    if trial.ended_at is not None and trial.ended_at <= before:
        _forget_source(trial)
    return gone


def _forget_source(trial: FieldTrial) -> None:
    """The file, and what the code printed of it."""
    FieldTrial.objects.filter(pk=trial.pk).exclude(log="").update(log="")
    upload = trial.upload
    if upload is not None:
        Upload.objects.filter(pk=upload.pk).delete()  # the trial lets go of it
        files.discard(upload)


def _keep_requests(trial: FieldTrial, outcomes: Sequence[Outcome], measure: Measure) -> None:
    FieldRequest.objects.bulk_create(_row(trial, outcome, measure) for outcome in outcomes)


def _row(trial: FieldTrial, outcome: Outcome, measure: Measure) -> FieldRequest:
    asked, told = outcome.shadow, verdict_of(outcome, measure)
    kept = trial.keep_days > 0
    content = {
        "name": asked.id, "asked": dict(asked.input), "answer": outcome.answer, "service_answer": asked.answer,
        "truth": asked.truth,
    }  # fmt: skip
    return FieldRequest(
        trial=trial, key=asked.key, at=clock.now(), cause=outcome.cause, agrees=told.agrees, right=told.right,
        service_right=told.service_right, ms=outcome.ms, service_ms=asked.ms, kept=kept, **(content if kept else {}),
    )  # fmt: skip


def _add_up(trial: FieldTrial, tally: Tally) -> None:
    """The trial's row is held, so the numbers of one trial are written one after the other."""
    if not tally.tried:
        return
    today = clock.now().astimezone(ZoneInfo(trial.round.zone)).date()
    day = FieldDay.objects.filter(trial=trial, day=today).first()
    of_day = Tally.read(day.tally) + tally if day else tally
    numbers = {"tally": of_day.as_dict(), "brief": asdict(of_day.brief)}
    FieldDay.objects.update_or_create(trial=trial, day=today, defaults=numbers)
    in_all = (total_of(trial) + tally).as_dict()
    FieldTotal.objects.update_or_create(trial=trial, defaults={"tally": in_all})
