"""Judging by a proposal's version beside the verdicts in force: some submissions after others, each exactly once."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from dure.challenges.models import (
    NEW_MOVES,
    PROPOSAL_MOVES,
    NewState,
    NewVerdict,
    Proposal,
    ProposalState,
)
from dure.challenges.operations.comparing import compare
from dure.challenges.operations.proposing import check_organises, collect_soon
from dure.challenges.outcomes import Broken, Faulty, Measured, Outcome
from dure.challenges.queries.rejudging import newcomers, stuck
from dure.core import clock
from dure.core.text import Text
from dure.jobs.models import Job, JobState
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.store.models import move

REJUDGE, FINISH = "challenges.rejudge", "challenges.finish-rejudging"
AT_ONCE = 100  # submissions that one job collects
BESIDE = 4  # jobs of one proposal that run beside each other
BEHIND = -2  # what is handed in now goes first


@transaction.atomic
def collect(proposal_id: UUID) -> None:
    """List the next submissions and have each judged; the last of these jobs lets the proposal go on."""
    proposal = Proposal.objects.get(pk=proposal_id)
    if proposal.state != ProposalState.COLLECTING:
        return
    found = list(newcomers(proposal)[:AT_ONCE])
    rows = [NewVerdict(proposal=proposal, submission=one) for one in found]
    NewVerdict.objects.bulk_create(rows)
    for row in rows:
        row.job = _enqueue(row)
    NewVerdict.objects.bulk_update(rows, ["job"])
    Proposal.objects.filter(pk=proposal.pk).update(collected=F("collected") + len(rows))
    if len(found) == AT_ONCE:
        collect_soon(proposal)
        return
    move(proposal, ProposalState.JUDGING, by=PROPOSAL_MOVES)
    _finish_soon(proposal.pk)


def _enqueue(verdict: NewVerdict) -> Job:
    """In a share of its own, behind what is handed in now."""
    name = f"rejudging:{verdict.proposal_id}"
    return enqueue(REJUDGE, arguments={"verdict": verdict.pk}, share=name, lane=name, at_once=BESIDE, priority=BEHIND)


@transaction.atomic
def record_new(verdict_id: int, outcome: Outcome) -> None:
    """Write what the version says of a submission: the effect of its job. What is delivered twice changes nothing."""
    verdict = NewVerdict.objects.get(pk=verdict_id)
    if verdict.state == NewState.WAITING:
        if isinstance(outcome, Measured) and outcome.details:
            outcome.details.save(force_insert=True)
        _end(verdict, *_said(outcome))


def _said(outcome: Outcome) -> tuple[NewState, Mapping[str, Any]]:
    match outcome:
        case Measured():
            said = {
                "public_score": outcome.public, "final_score": outcome.final, "log": outcome.log,
                "notes": [note.as_dict() for note in outcome.notes], "details": outcome.details,
                "values": {key: str(value) for key, value in outcome.values.items()}, **asdict(outcome.how),
            }  # fmt: skip
            return NewState.SCORED, said
        case Broken():
            flaws = {"flaws": outcome.flaws, "flaw_count": outcome.total}
            logs = {"log": outcome.log, "organiser_log": outcome.organiser_log}
            return NewState.REFUSED, {**logs, **flaws, **_cause(outcome.cause)}
        case Faulty():
            logs = {"log": outcome.log, "organiser_log": outcome.organiser_log}
            return NewState.FAILED, {**logs, **_cause(outcome.cause)}


def _end(verdict: NewVerdict, state: NewState, said: Mapping[str, Any]) -> None:
    """The proposal's row is counted up under its lock, so that of two last verdicts one sees the other."""
    move(verdict, state, by=NEW_MOVES, judged_at=clock.now(), **said)
    Proposal.objects.filter(pk=verdict.proposal_id).update(judged=F("judged") + 1)
    _finish_soon(verdict.proposal_id)


def _finish_soon(proposal: UUID) -> None:
    rows = Proposal.objects.filter(pk=proposal, state=ProposalState.JUDGING, judged=F("collected"))
    if rows.exists():
        enqueue(FINISH, arguments={"proposal": proposal}, key=f"{FINISH}:{proposal}")


@transaction.atomic
def finish(proposal_id: UUID) -> None:
    """Every submission has its new verdict: work out who would stand where, and let the organisers look."""
    proposal = Proposal.objects.select_related("task").get(pk=proposal_id)
    if proposal.state != ProposalState.JUDGING or proposal.judged != proposal.collected:
        return
    failed = stuck(proposal).exists()
    move(proposal, ProposalState.FAILED if failed else ProposalState.READY, by=PROPOSAL_MOVES)
    if not failed:
        compare(proposal)


@transaction.atomic
def judge_failed_again(proposal: Proposal, *, by: Person) -> Proposal:
    """Try the submissions again that got no new verdict. Raises Forbidden, Refused."""
    check_organises(by, proposal.task)
    move(proposal, ProposalState.JUDGING, by=PROPOSAL_MOVES)
    failed = list(proposal.verdicts.filter(state=NewState.FAILED))
    for verdict in failed:
        move(verdict, NewState.WAITING, by=NEW_MOVES, job=_enqueue(verdict), **_cause(Text(ko="", en="")))
    Proposal.objects.filter(pk=proposal.pk).update(judged=F("judged") - len(failed))
    proposal.refresh_from_db()
    return proposal


@transaction.atomic
def catch_up() -> int:
    """Judge by open proposals what came in since, and end what no job will judge any more; returns how many."""
    done = 0
    for proposal in Proposal.objects.filter(state=ProposalState.COLLECTING):
        collect_soon(proposal)
    for proposal in Proposal.objects.filter(state=ProposalState.READY):
        if newcomers(proposal).exists():
            move(proposal, ProposalState.COLLECTING, by=PROPOSAL_MOVES)
            collect_soon(proposal)
            done += 1
    ended = Q(job__state__in=[JobState.FAILED, JobState.CANCELLED]) | Q(job=None)
    lost = NewVerdict.objects.filter(ended, state=NewState.WAITING, proposal__state=ProposalState.JUDGING)
    for verdict in lost.select_related("job"):
        trace = verdict.job.trace or verdict.job.cause_en if verdict.job else ""
        _end(verdict, NewState.FAILED, {"organiser_log": trace, **_cause(_LOST)})
        done += 1
    return done


_LOST = Text(
    ko="플랫폼 문제로 다시 채점하지 못했습니다. 다시 시도하세요.",
    en="We could not judge this again by our own fault. Try once more.",
)


def _cause(cause: Text) -> dict[str, str]:
    return {"cause_ko": cause.ko, "cause_en": cause.en}
