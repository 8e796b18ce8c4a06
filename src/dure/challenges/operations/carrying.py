"""Carrying attempts over from one task to the next: they are judged there again and use up no quota."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from dure.audit.operations import record
from dure.challenges.models import Carried, CarryOver, Entrant, Submission, Task, Which
from dure.challenges.queries.carrying import due_carry_overs, to_carry
from dure.challenges.queueing import enqueue_scoring
from dure.challenges.rules import organises
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import Person

CARRY = "challenges.carry"
AT_ONCE = 50  # attempts of one job; the next goes on behind them
_NOT_YOURS = Text(ko="두 라운드의 주최자만 할 수 있습니다.", en="Only the organisers of both rounds may do this.")
_CIRCLE = Text(
    ko="이 과제의 제출을 이미 받아 오는 과제입니다. 다른 과제를 고르세요.",
    en="That task takes over the attempts of this one already. Choose another.",
)


@transaction.atomic
def carry_over_from(into: Task, source: Task, *, by: Person, which: str = Which.BEST, auto: bool = True) -> CarryOver:
    """Let ``into`` take over attempts of ``source``. What was carried before stays. Raises Forbidden, Refused."""
    if not (organises(by, into.round) and organises(by, source.round)):
        raise Forbidden("carry.not-organiser", _NOT_YOURS)
    if source.pk in _before(into):
        raise Refused("carry.circle", _CIRCLE)
    kept = {"source": source, "which": Which(which), "auto": auto}
    made, _ = CarryOver.objects.update_or_create(into=into, defaults=kept)
    record("task.carry-over", into, after={"source": source.pk, "which": which, "auto": auto})
    return made


@transaction.atomic
def drop_carry_over(carry: CarryOver, *, by: Person) -> None:
    """Carry nothing over any more; the attempts that came of it stay."""
    _check_organises(carry, by)
    record("task.carry-over-dropped", carry.into, before={"source": carry.source_id, "which": carry.which})
    carry.delete()


@transaction.atomic
def carry_now(carry: CarryOver, *, by: Person) -> CarryOver:
    """Carry over whatever can be, now and whenever somebody comes later. Asking again changes nothing."""
    _check_organises(carry, by)
    CarryOver.objects.filter(pk=carry.pk, asked_at=None).update(asked_at=clock.now())
    carry.refresh_from_db()
    record("task.carry-asked", carry.into)
    _soon(carry.pk)
    return carry


def carry_due() -> int:
    """Have done whatever can be carried over now; returns for how many tasks."""
    found = [carry for carry in due_carry_overs() if to_carry(carry).exists()]
    for carry in found:
        _soon(carry.pk)
    return len(found)


@transaction.atomic
def carry_some(carry_id: UUID) -> int:
    """Hand in the next attempts, each once: what is delivered twice finds them handed in. Returns how many."""
    carry = CarryOver.objects.select_related("into__round__worker_queue__queue").filter(pk=carry_id).first()
    if carry is None:
        return 0
    found = list(to_carry(carry)[:AT_ONCE])
    made = [_carry(carry, submission, into=target) for submission, target in _with_targets(found)]
    if made:
        record("task.carried", carry.into, after={"attempts": [str(row.pk) for row in made]})
    if len(found) == AT_ONCE:
        enqueue(CARRY, arguments={"carry": carry.pk}, key=f"{CARRY}:{carry.pk}:{found[-1].pk}")
    return len(made)


def _carry(carry: CarryOver, submission: Submission, *, into: Entrant) -> Submission:
    """The same file anew, of whoever handed it in; ``attempts`` is counted up first, which locks the entrant."""
    Entrant.objects.filter(pk=into.pk).update(attempts=F("attempts") + 1)
    into.refresh_from_db(fields=["attempts"])
    into.task, now = carry.into, clock.now()
    made = Submission(
        entrant=into, number=into.attempts, by=submission.by, kind=submission.kind, command=submission.command,
        upload_id=submission.upload_id, received_at=now, counted=False, answers=submission.answers,
        period=now.astimezone(ZoneInfo(carry.into.round.zone)).date().isoformat(),
    )  # fmt: skip
    made.job = enqueue_scoring(made)
    made.save(force_insert=True)
    Carried.objects.create(carry_over=carry, source=submission, made=made)
    return made


def _with_targets(found: Sequence[Submission]) -> list[tuple[Submission, Entrant]]:
    targets = Entrant.objects.in_bulk({row.target for row in found})  # type: ignore[attr-defined]  # told by the query
    return [(row, targets[row.target]) for row in found]  # type: ignore[attr-defined]  # as above


def _before(task: Task) -> set[UUID]:
    """The task itself, and those that take over its attempts in turn."""
    seen, fresh = set[UUID](), {task.pk}
    while fresh:
        seen |= fresh
        fresh = set(CarryOver.objects.filter(source__in=fresh).values_list("into", flat=True)) - seen
    return seen


def _soon(carry: UUID) -> None:
    enqueue(CARRY, arguments={"carry": carry}, key=f"{CARRY}:{carry}")


def _check_organises(carry: CarryOver, by: Person) -> None:
    if not organises(by, carry.into.round):
        raise Forbidden("carry.not-organiser", _NOT_YOURS)
