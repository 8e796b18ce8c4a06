"""Which attempt counts in the end."""

from django.db import transaction

from dure.audit.operations import record
from dure.challenges.events import EntrantCame, SubmissionChosen
from dure.challenges.models import Best, Entrant, Submission, SubmissionState
from dure.challenges.operations.judging import put_on_final_board
from dure.challenges.rules import belongs_to
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person


@transaction.atomic
def choose(submission: Submission, *, by: Person) -> None:
    """Let this attempt count in the end instead of the best by public score; possible until the deadline."""
    _check(submission.entrant, by)
    if submission.state != SubmissionState.SCORED:
        sentence = Text(ko="채점이 끝난 제출만 고를 수 있습니다.", en="Only a scored submission can be chosen.")
        raise Refused("challenges.unscored", sentence, state=submission.state)
    _count(submission, chosen=True)
    record("submission.chosen", submission)


@transaction.atomic
def choose_best(entrant: Entrant, *, by: Person) -> None:
    """Take a choice back: the best by public score counts again, now and in future."""
    _check(entrant, by)
    rows = Best.objects.select_for_update(of=("self",)).select_related("best__entrant__task")
    best = rows.filter(entrant=entrant).first()  # locked: a better one may be scored at this moment
    if best is not None:
        _count(best.best, chosen=False)
        record("submission.choice-undone", best.best)


def _count(submission: Submission, *, chosen: bool) -> None:
    put_on_final_board(submission, chosen=chosen)
    publish(SubmissionChosen(submission.entrant_id, submission.pk))


def _check(entrant: Entrant, by: Person) -> None:
    now = clock.now()
    publish(EntrantCame(entrant.pk, now))
    entrant.refresh_from_db(fields=["opens_at", "closes_at", "task"])
    if not belongs_to(by, entrant):
        sentence = Text(ko="참가자만 고를 수 있습니다.", en="Only those who take part can choose.")
        raise Forbidden("challenges.not-yours", sentence)
    if entrant.deadline is not None and now >= entrant.deadline:
        sentence = Text(ko="마감 뒤에는 고를 수 없습니다.", en="Nothing can be chosen after the deadline.")
        raise Refused("challenges.closed", sentence, deadline=entrant.deadline)
