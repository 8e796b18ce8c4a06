"""What workers do for this room and those below: deliver the outbox, seal and verify the log, measure, forget."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial

from dure.audit.checks import findings_of
from dure.audit.operations import seal
from dure.audit.queries import Anchor, verify
from dure.core import clock
from dure.core.findings import Finding
from dure.jobs import operations
from dure.jobs.leases import Lost
from dure.jobs.mail import Rejected, carry
from dure.jobs.models import DELIVER, Check, Message, MessageState
from dure.jobs.registry import Claim, Effect, long_task, task
from dure.jobs.worker import name
from dure.store.checks import database, disk
from dure.store.measures import stored

KEPT = timedelta(days=90)


@long_task(DELIVER)
def deliver(_claim: Claim, *, message: str) -> Effect:
    """At least once: a worker that dies between the delivery and its note is followed by one that delivers again."""
    row = Message.objects.get(pk=message)
    if row.state != MessageState.WAITING:
        return lambda: None
    operations.note_attempt(row)
    try:
        refused = carry(row)
    except Rejected:
        return partial(operations.mark_refused, row)
    return partial(operations.mark_sent, row, refused=refused)


@task("audit.seal", every=timedelta(seconds=5))
def seal_log() -> None:
    """Chain what was logged since the last seal; a backlog is worked off in pieces."""
    seal()


@task("jobs.prune", every=timedelta(days=1))
def prune() -> None:
    operations.prune(before=clock.now() - KEPT)


@long_task("audit.verify", every=timedelta(days=1))
def verify_log(claim: Claim) -> Effect:
    """The whole chain, and against the newest seal of the time before: a log rewritten as a whole shows as well."""
    before = _anchor()

    def tell(done: int, of: int) -> None:
        if claim.lost.is_set():
            raise Lost(claim)
        operations.note_progress("audit", done=done, of=of)

    report = verify(anchor=before, tell=tell)
    anchor = report.anchor if report.sound else before
    return _kept("audit", findings_of(report), {"anchor": anchor, "seals": report.seals})


def _anchor() -> Anchor | None:
    kept = Check.objects.filter(name="audit").first()
    anchor = kept.figures.get("anchor") if kept else None
    return (anchor[0], anchor[1]) if anchor else None


@long_task("jobs.measure", every=timedelta(days=1))
def measure_storage(_claim: Claim) -> Effect:
    """What each room has stored, in rows and in files."""
    rooms, folders = stored(lambda done, of: operations.note_progress("storage", done=done, of=of))
    findings = [*database(), *disk()]
    return _kept("storage", findings, {"rooms": rooms, "folders": folders})


def _kept(check: str, findings: Iterable[Finding], figures: Mapping[str, object]) -> Effect:
    return partial(operations.keep_findings, check, findings=list(findings), figures=figures, worker=name())
