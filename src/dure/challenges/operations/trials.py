"""Trying a task before it opens, and the test sets that wait for the rest of their form."""

import re
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from dure.audit.operations import record as note
from dure.challenges import files
from dure.challenges.models import (
    TRIAL_MOVES,
    Embedding,
    Round,
    RoundDraft,
    Task,
    TrialKind,
    TrialRun,
    TrialState,
    Upload,
)
from dure.challenges.operations.rounds import MOST_LABELS
from dure.challenges.operations.submitting import COMMAND, MOST_CODE
from dure.challenges.outcomes import Broken, Faulty, Measured, Outcome
from dure.challenges.queueing import TRY
from dure.challenges.trying import predictions_for
from dure.compute.box import Author
from dure.compute.runners import check_runs
from dure.core import clock
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.store.models import move

DRAFT_LASTS = timedelta(days=1)
_NO_FILE = Text(ko="시험할 파일을 고르세요.", en="Choose the file to try.")
_OPENED = Text(
    ko="주소는 https://example.org처럼 한 줄에 하나씩 쓰세요. 모든 사이트에 허용하려면 https:라고 쓰세요.",
    en="Write one address a line, such as https://example.org; https: alone lets every site show it.",
)
_MOST_ANCESTORS = 20
_SITE = re.compile(r"https://(\*\.)?[A-Za-z0-9.-]{1,200}(:\d{1,5})?")


def try_task(
    task: Task, kind: TrialKind, *, by: Person, upload: IO[bytes] | None = None, name: str = "", command: str = ""
) -> TrialRun:
    """Have a submission judged that competes with nobody: the platform's own, or the one in ``upload``.

    Raises Flawed without a file of one's own, Refused where the platform cannot make one, Unready where code is not
    run, TooLarge.
    """
    is_own = kind in (TrialKind.OWN_FILE, TrialKind.OWN_CODE)
    if is_own and upload is None:
        raise Flawed("challenges.trial_file", _NO_FILE)
    if kind == TrialKind.OWN_CODE:
        check_runs(Author.PARTICIPANT)
    stream = upload if is_own and upload else predictions_for(task, kind)
    most = MOST_CODE if kind == TrialKind.OWN_CODE else max(task.most_bytes, MOST_LABELS)
    with files.received(stream, most_bytes=most, name=name) as stored, transaction.atomic():
        stored.save(force_insert=True)
        said = (command or COMMAND) if kind == TrialKind.OWN_CODE else ""
        trial = TrialRun.objects.create(task=task, by=by, kind=kind, upload=stored, command=said)
        enqueue(TRY, arguments={"trial": trial.pk})
        note("task.tried", task, after={"kind": kind})
    return trial


@transaction.atomic
def end_trial(trial_id: UUID, outcome: Outcome, *, ms: int) -> None:
    """Write what scoring found; what is delivered twice, or was cleared meanwhile, changes nothing."""
    trial = TrialRun.objects.filter(pk=trial_id, state=TrialState.WAITING).first()
    if trial is not None:
        state, told = _told(outcome)
        move(trial, state, by=TRIAL_MOVES, ms=ms, ended_at=clock.now(), **told)


def clear_trials(task: Task) -> int:
    """Forget every trial of a task that has ended, with its file; returns how many."""
    with transaction.atomic():
        ended = list(task.trials.exclude(state=TrialState.WAITING).select_related("upload"))
        TrialRun.objects.filter(pk__in=[trial.pk for trial in ended]).delete()
        Upload.objects.filter(pk__in=[trial.upload_id for trial in ended]).delete()
        note("task.trials-cleared", task, after={"trials": len(ended)})
    for trial in ended:
        files.discard(trial.upload)
    return len(ended)


def keep_labels(stream: IO[bytes], *, by: Person, name: str) -> RoundDraft:
    """Keep a test set until the rest of its round is said, for ``DRAFT_LASTS``. Raises TooLarge."""
    with files.received(stream, most_bytes=MOST_LABELS, name=name) as stored, transaction.atomic():
        stored.save(force_insert=True)
        return RoundDraft.objects.create(by=by, labels=stored)


def drop_draft(draft: RoundDraft) -> None:
    """It became a round, or nobody came back for it."""
    Upload.objects.filter(pk=draft.labels_id).delete()  # and with it the draft
    files.discard(draft.labels)


def drop_old_drafts() -> int:
    """Drop those that nobody came back for; returns how many."""
    old = list(RoundDraft.objects.filter(made_at__lt=clock.now() - DRAFT_LASTS).select_related("labels"))
    for draft in old:
        drop_draft(draft)
    return len(old)


@transaction.atomic
def let_embed(round_: Round, ancestors: list[str]) -> Embedding:
    """Let these sites (``https://HOST``, or ``https:`` for all) show the round's public boards; none: no site may."""
    if len(ancestors) > _MOST_ANCESTORS or not all(map(_is_site, ancestors)):
        raise Flawed("challenges.embedding", _OPENED, errors=[])
    before = Embedding.objects.filter(round=round_).values_list("ancestors", flat=True).first()
    made, _ = Embedding.objects.update_or_create(round=round_, defaults={"ancestors": ancestors})
    note("round.embedding", round_, before={"ancestors": before or []}, after={"ancestors": ancestors})
    return made


def _is_site(written: str) -> bool:
    """An origin and nothing else: what follows would be a directive of its own in the policy."""
    return written == "https:" or _SITE.fullmatch(written) is not None


def _told(outcome: Outcome) -> tuple[TrialState, dict[str, Any]]:
    match outcome:
        case Measured():
            return TrialState.SCORED, {"public_score": outcome.public, "final_score": outcome.final, "log": outcome.log}
        case Broken():
            return TrialState.REFUSED, {"flaws": outcome.flaws, "log": outcome.log, **_cause(outcome.cause)}
        case Faulty():
            return TrialState.FAILED, {"log": outcome.organiser_log or outcome.log, **_cause(outcome.cause)}


def _cause(cause: Text) -> dict[str, str]:
    return {"cause_ko": cause.ko, "cause_en": cause.en}
