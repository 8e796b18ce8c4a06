"""Answers kept under a caller's idempotency key: what is asked twice is done once."""

from datetime import datetime

from django.db import IntegrityError

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.people.models import Answer, Person


class KeyTaken(Exception):  # noqa: N818 -- a fact for the caller, not a fault
    """The key stands already; ``answer_under`` has its answer once the caller's transaction is given up."""


def claim_key(person: Person, key: str, *, asked: str) -> Answer:
    """A new answer under ``key``, to be filled by ``keep_answer``. ``asked`` is a hash of the request.

    Call it first in the transaction that does the work: a second request with the same key then waits for the first
    one's commit and raises KeyTaken, and where the first one fails nothing stays.
    """
    try:
        return Answer.objects.create(person=person, key=key, asked=asked)
    except IntegrityError:
        raise KeyTaken from None


def answer_under(person: Person, key: str, *, asked: str) -> Answer:
    """The answer that stands under the key. Raises Flawed("request.key") where it was used for another request."""
    earlier = Answer.objects.get(person=person, key=key)
    if earlier.asked != asked:
        sentence = Text(
            ko="같은 Idempotency-Key로 다른 요청을 보냈습니다. 새 요청에는 새 키를 쓰세요.",
            en="This Idempotency-Key was used for another request. Use a new key for a new request.",
        )
        raise Flawed("request.key", sentence)
    return earlier


def keep_answer(answer: Answer, *, status: int, body: str) -> None:
    """Fill in what was answered."""
    Answer.objects.filter(pk=answer.pk).update(status=status, body=body)


def forget_answers(*, before: datetime) -> int:
    """Forget answers given before that moment: their keys may be used again."""
    return Answer.objects.filter(at__lt=before).delete()[0]
