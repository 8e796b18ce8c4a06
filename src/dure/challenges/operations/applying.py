"""Ending a proposal: its verdicts take the place of those in force, at once and wholly, or it is discarded."""

from hashlib import sha256

from django.db.models import OuterRef, QuerySet, Subquery

from dure.audit.operations import record
from dure.challenges.events import BoardReplaced
from dure.challenges.models import (
    PROPOSAL_MOVES,
    NewState,
    NewVerdict,
    Program,
    ProgramPart,
    Proposal,
    ProposalState,
    Submission,
    Task,
)
from dure.challenges.models.rejudging import VERDICT
from dure.challenges.operations.boards import hold, make_board
from dure.challenges.operations.proposing import check_organises
from dure.challenges.queries.rejudging import newcomers, stuck
from dure.challenges.versions import Scoring, scoring_in, scoring_of
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import move
from dure.store.transactions import durable

_SCORES = ("public_score", "final_score")
_DRIFTED = Text(
    ko="제안한 뒤 과제의 채점 방식이 바뀌었습니다. 이 제안을 버리고 다시 제안하세요.",
    en="How the task is scored was changed since this was proposed. Discard it and propose again.",
)
_NEWCOMERS = Text(
    ko="그 사이 제출 {n}건이 들어와 새 방식으로 채점하고 있습니다. 끝난 뒤 바뀐 내용을 보고 적용하세요.",
    en="{n} submissions came in since and are being judged as well. Look at the changes then, and apply.",
)
_STUCK = Text(
    ko="새 방식으로 채점하지 못한 제출이 있습니다. 다시 채점한 뒤 적용하세요.",
    en="Some submissions could not be judged by the new version. Judge them again, then apply.",
)


def apply(proposal: Proposal, *, by: Person) -> Proposal:
    """Score the task by the proposed version from now on, and let its verdicts stand instead of those in force.

    Raises Forbidden, Refused("rejudging.newcomers") where submissions came in meanwhile, ("rejudging.stuck") where some
    have no new verdict, ("rejudging.drifted") where the task was changed otherwise, and where it is not ready.
    """
    with durable():
        check_organises(by, proposal.task)
        hold(proposal.task)
        task = Task.objects.select_for_update(of=("self",)).get(pk=proposal.task_id)
        _check(proposal, task)
        before = {"version": proposal.before.number, "verdicts": _digest(task)}
        move(proposal, ProposalState.APPLIED, by=PROPOSAL_MOVES, ended_by=by, ended_at=clock.now())
        _take_over(task, scoring_in(proposal.after))
        _replace_verdicts(proposal)
        make_board(task)
        after = {"version": proposal.after.number, "verdicts": _digest(task), "moved": proposal.moved}
        record("rejudging.applied", proposal, before=before, after=after)
        publish(BoardReplaced(task.pk))
    return proposal


def discard(proposal: Proposal, *, by: Person) -> Proposal:
    """Leave everything as it is. What was judged by the version is kept; jobs that still wait do nothing."""
    with durable():
        check_organises(by, proposal.task)
        before = {"state": proposal.state}
        move(proposal, ProposalState.DISCARDED, by=PROPOSAL_MOVES, ended_by=by, ended_at=clock.now())
        record("rejudging.discarded", proposal, before=before)
    return proposal


def _check(proposal: Proposal, task: Task) -> None:
    """Nobody submits for the entrants that are held, so what is counted here stays so."""
    if scoring_of(task) != scoring_in(proposal.before):
        raise Refused("rejudging.drifted", _DRIFTED)
    if fresh := newcomers(proposal).count():
        raise Refused("rejudging.newcomers", _NEWCOMERS.format(n=fresh), newcomers=fresh)
    if stuck(proposal).exists():
        raise Refused("rejudging.stuck", _STUCK)


def _take_over(task: Task, scoring: Scoring) -> None:
    for name, value in scoring.task.items():
        setattr(task, name, value)
    task.save(update_fields=list(scoring.task))
    if scoring.program is not None:
        Program.objects.filter(task=task).update(**scoring.program)
        for part in scoring.parts:
            ProgramPart.objects.filter(program=task.pk, number=part["number"]).update(**part)


def _replace_verdicts(proposal: Proposal) -> None:
    """Set by set, whatever state a submission is in: a job that is at it finds it judged."""
    judged = proposal.verdicts.filter(state__in=[NewState.SCORED, NewState.REFUSED])
    old = Submission.objects.filter(pk=OuterRef("submission"))
    proposal.verdicts.update(**{f"old_{name}": Subquery(old.values(name)) for name in ("state", *_SCORES)})
    new = NewVerdict.objects.filter(proposal=proposal, submission=OuterRef("pk"))
    fresh = {name: Subquery(new.values(name)) for name in VERDICT}
    Submission.objects.filter(pk__in=judged.values("submission")).update(**fresh, judged_by=None)


def _digest(task: Task) -> str:
    """The SHA-256 of every verdict in force, in the order of the submissions."""
    rows: QuerySet[Submission, tuple[object, ...]] = Submission.objects.filter(entrant__task=task).values_list(
        "pk", "state", *_SCORES
    )
    told = sha256()
    for row in rows.order_by("pk").iterator(chunk_size=5_000):
        told.update(f"{row}\n".encode())
    return told.hexdigest()
