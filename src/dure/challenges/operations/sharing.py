"""Attempts that their entrants let others see."""

from django.db import transaction

from dure.audit.operations import record
from dure.challenges.models import Sharing, Submission
from dure.challenges.rules import belongs_to
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.people.models import Person

_NOT_YOURS = Text(ko="제출한 팀만 정할 수 있습니다.", en="Only those whose attempt it is can say so.")
_NOT_HERE = Text(ko="이 라운드에서는 제출물을 공개할 수 없습니다.", en="Attempts cannot be made public in this round.")


@transaction.atomic
def share(submission: Submission, *, by: Person, public: bool) -> Submission:
    """Let whoever sees the board see this attempt and its file, or no longer. What was downloaded is out.

    Raises Forbidden, Refused where the round shares no attempts.
    """
    if not belongs_to(by, submission.entrant):
        raise Forbidden("challenges.not-yours", _NOT_YOURS)
    if public and submission.entrant.task.round.sharing == Sharing.NONE:
        raise Refused("challenges.not-shared", _NOT_HERE)
    task = submission.entrant.task if public else None
    if Submission.objects.filter(pk=submission.pk, shared_in__isnull=public).update(shared_in=task):
        submission.shared_in = task
        record("submission.shared" if public else "submission.unshared", submission)
    return submission
