"""What a round asks with each attempt, and whose attempts it takes."""

import re
from collections.abc import Iterable, Sequence

from django.db import transaction

from dure.audit.operations import record
from dure.challenges.models import Allowed, Round
from dure.challenges.operations.judging import board_changed
from dure.challenges.questions import Question, check_questions
from dure.core.errors import Flawed
from dure.core.text import Text

MOST_ALLOWED = 20_000
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST = 254
_NO_ADDRESS = Text(ko="이메일 주소가 아닌 것이 있습니다: {wrong}", en="These are no email addresses: {wrong}")
_MANY = Text(ko="명단에는 {most}명까지 쓸 수 있습니다.", en="The list takes at most {most} addresses.")
_SHOWN = 5


@transaction.atomic
def set_questions(round_: Round, questions: Sequence[Question]) -> Round:
    """Ask these from now on; answers that were given stay with their attempts. Raises Flawed."""
    check_questions(questions)
    before = round_.questions
    round_.questions = [question.as_dict() for question in questions]
    round_.save(update_fields=["questions"])
    for task in round_.tasks.all():
        board_changed(task)
    record("round.questions", round_, before={"questions": before}, after={"questions": round_.questions})
    return round_


@transaction.atomic
def set_allowed(round_: Round, emails: Iterable[str] | None) -> Round:
    """Take attempts of persons with these addresses only, from now on; None: of everybody who takes part.

    What others have submitted before stays. The log has how many addresses there are, and none of them. Raises Flawed.
    """
    listed = sorted({email.strip().lower() for email in emails or () if email.strip()})
    _check(listed)
    Round.objects.select_for_update().get(pk=round_.pk)
    before = {"by_list": round_.by_list, "addresses": round_.allowed.count()}
    round_.allowed.all().delete()
    Allowed.objects.bulk_create((Allowed(round=round_, email=email) for email in listed), batch_size=1_000)
    round_.by_list = emails is not None
    round_.save(update_fields=["by_list"])
    record("round.allowed", round_, before=before, after={"by_list": round_.by_list, "addresses": len(listed)})
    return round_


def _check(listed: Sequence[str]) -> None:
    wrong = [email for email in listed if len(email) > _LONGEST or not _ADDRESS.fullmatch(email)]
    if wrong or len(listed) > MOST_ALLOWED:
        told = ", ".join(wrong[:_SHOWN])
        sentence = _NO_ADDRESS.format(wrong=told) if wrong else _MANY.format(most=MOST_ALLOWED)
        raise Flawed("challenges.allowed", sentence, errors=[{"field": "emails", **sentence.as_dict()}])
