"""Which attempts may count in the end: of those that an entrant selects the best does."""

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.challenges.events import EntrantCame, SubmissionChosen
from dure.challenges.models import Best, Entrant, Selected, Submission, SubmissionState
from dure.challenges.operations.boards import hold, make_board
from dure.challenges.queries.standing import is_out
from dure.challenges.rules import belongs_to
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person


@transaction.atomic
def choose(submission: Submission, *, by: Person) -> None:
    """Let this attempt be among those of which the best counts in the end; possible until the deadline.

    Where the round lets one be chosen it takes the place of the one before; where it lets several and they are all
    chosen, Refused("challenges.selected") is raised.
    """
    entrant = submission.entrant
    _check(entrant, by)
    if submission.state != SubmissionState.SCORED:
        sentence = Text(ko="채점이 끝난 제출만 고를 수 있습니다.", en="Only a scored submission can be chosen.")
        raise Refused("challenges.unscored", sentence, state=submission.state)
    if is_out(submission):
        sentence = Text(
            ko="실격된 제출은 고를 수 없습니다. 다른 제출을 고르세요.",
            en="This submission is disqualified and cannot be chosen. Choose another.",
        )
        raise Refused("challenges.out", sentence)
    if entrant.task.round.select_most == 1:
        entrant.selected.exclude(submission=submission).delete()
    if not entrant.selected.filter(submission=submission).exists():
        _select(submission)
        _count(entrant)
        record("submission.chosen", submission)


@transaction.atomic
def unchoose(submission: Submission, *, by: Person) -> None:
    """Take one choice back; the others stand."""
    _check(submission.entrant, by)
    if submission.entrant.selected.filter(submission=submission).delete()[0]:
        _count(submission.entrant)
        record("submission.choice-undone", submission)


@transaction.atomic
def choose_best(entrant: Entrant, *, by: Person) -> None:
    """Take every choice back: the best by public score count again, now and in future."""
    _check(entrant, by)
    if entrant.selected.all().delete()[0]:
        _count(entrant)
        record("submission.choice-undone", Best.objects.get(entrant=entrant).best)


def _select(submission: Submission) -> None:
    """Take a free slot, by constraint: however many come at once, no more are selected than there are slots."""
    entrant = submission.entrant
    most = entrant.task.round.select_most
    taken = set(entrant.selected.values_list("slot", flat=True))
    for slot in (one for one in range(most) if one not in taken):
        try:
            with transaction.atomic():
                Selected.objects.create(entrant=entrant, submission=submission, slot=slot)
        except IntegrityError:
            continue  # another device of theirs was faster
        return
    sentence = Text(
        ko="이미 {most}개를 골랐습니다. 하나를 취소한 뒤 고르세요.",
        en="You have chosen {most} already. Take one back, then choose this one.",
    )
    raise Refused("challenges.selected", sentence.format(most=most), most=most)


def _count(entrant: Entrant) -> None:
    make_board(entrant.task, of=[entrant.pk])
    publish(SubmissionChosen(entrant.pk, Best.objects.values_list("counting", flat=True).get(entrant=entrant)))


def _check(entrant: Entrant, by: Person) -> None:
    now = clock.now()
    publish(EntrantCame(entrant.pk, now, by.pk))
    hold(entrant.task, of=[entrant.pk])
    entrant.refresh_from_db(fields=["opens_at", "closes_at", "task"])
    if not belongs_to(by, entrant):
        sentence = Text(ko="참가자만 고를 수 있습니다.", en="Only those who take part can choose.")
        raise Forbidden("challenges.not-yours", sentence)
    if entrant.deadline is not None and now >= entrant.deadline:
        sentence = Text(ko="마감 뒤에는 고를 수 없습니다.", en="Nothing can be chosen after the deadline.")
        raise Refused("challenges.closed", sentence, deadline=entrant.deadline)
