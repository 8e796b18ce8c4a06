"""How every write is done: by somebody, once, in one durable transaction.

The work, what it leaves in the log and the answer kept under the caller's ``Idempotency-Key`` commit together or
not at all. A repeated key waits for the first request and gets its answer; after a refusal it may be tried again.
Files are received before the transaction, which on SQLite keeps everybody else from writing.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from pydantic import BaseModel

from dure.api.base import Asked
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.models import Answer, Person
from dure.people.operations import KeyTaken, answer_under, claim_key, keep_answer
from dure.store.transactions import durable
from dure.store.worded import found

HEADER = "Idempotency-Key"
LONGEST = 200
KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST},
    "description": "The same key with the same request is answered as the first time and does nothing more.",
}
V = TypeVar("V", bound=Callable[..., Any])
Receiving = Callable[..., AbstractContextManager[Any]]


class Shape(Protocol):
    """A document that is made of what a view returns."""

    def of(self, row: Any) -> BaseModel: ...


@dataclass(frozen=True)
class Key:
    """A caller's idempotency key, with the hash of what was asked under it."""

    person: Person
    name: str
    asked: str

    def answered(self) -> Answer | None:
        """What the same request was answered before."""
        return next(iter(found(_answers, self.person.pk, self.name, self.asked)), None)

    def claim(self) -> Answer:
        return claim_key(self.person, self.name, asked=self.asked)


def _answers(person: UUID, key: str, asked: str) -> QuerySet[Answer]:
    return Answer.objects.filter(person=person, key=key, asked=asked)


def writes(
    method: Callable[..., Callable[[Callable[..., Any]], object]],
    path: str,
    shape: Any,
    *,
    status: int = 200,
    secret: bool = False,
    before: Receiving | None = None,
    **options: Any,
) -> Callable[[V], V]:
    """Register a view that changes something: it returns the row it changed (or several), ``shape`` makes the answer.

    ``before`` receives files outside the transaction: it reads the request in the view's stead, as a context manager,
    and the view gets what it yields. A request that was answered already is not received again. The log is written by
    the operations that the view calls. ``secret``: the answer holds one, so it is not kept.
    """

    def register(view: V) -> V:
        @wraps(before or view, assigned=(), updated=())  # whose arguments are the request's
        @wraps(view)
        def once(request: Asked, *args: Any, **given: Any) -> BaseModel | HttpResponse:
            key = _key(request)
            try:
                return _earlier(key) or asked(key, request, *args, **given)
            except Refused:
                if earlier := _earlier(key):  # answered meanwhile, which used up what this request lacked
                    return earlier
                raise

        def asked(key: Key | None, request: Asked, /, *args: Any, **given: Any) -> BaseModel | HttpResponse:
            if before is None:
                return _done(key, lambda: shape.of(view(request, *args, **given)), status=status, secret=secret)
            with before(request, *args, **given) as received:
                return _done(key, lambda: shape.of(view(request, received)), status=status, secret=secret)

        if method.__name__ == "post":
            options.setdefault("openapi_extra", {"parameters": [KEY]})
        method(path, response={status: shape}, **options)(once)
        return view

    return register


def _done(key: Key | None, work: Callable[[], BaseModel], *, status: int, secret: bool) -> BaseModel | HttpResponse:
    if key is None:
        with durable():
            return work()
    try:
        return _kept(key, work, status=status, secret=secret)
    except KeyTaken:  # by the same request, which came at the same time
        return _repeated(answer_under(key.person, key.name, asked=key.asked))


def _kept(key: Key, work: Callable[[], BaseModel], *, status: int, secret: bool) -> BaseModel:
    with durable():
        answer = key.claim()
        made = work()
        keep_answer(answer, status=status, body="" if secret else made.model_dump_json())
    return made


def _key(request: Asked) -> Key | None:
    name = request.headers.get(HEADER, "")
    if not name or request.method != "POST" or not isinstance(request.auth, Person):
        return None
    if len(name) > LONGEST:
        sentence = Text(ko="Idempotency-Key는 200자까지입니다.", en="An Idempotency-Key has at most 200 characters.")
        raise Flawed("request.key-length", sentence)
    return Key(request.auth, name, _fingerprint(request))


def _fingerprint(request: Asked) -> str:
    """Of what is asked: address and body; of a form with files, which was read as a stream, its fields and files."""
    told = sha256(f"{request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        told.update(request.body)
        return told.hexdigest()
    told.update(json.dumps(sorted(request.POST.lists())).encode())
    for field, sent in sorted(request.FILES.lists()):
        for file in sent:
            told.update(json.dumps([field, file.name, file.size]).encode())
            for chunk in file.chunks():
                told.update(chunk)
            file.seek(0)
    return told.hexdigest()


def _earlier(key: Key | None) -> HttpResponse | None:
    answer = key.answered() if key else None
    return _repeated(answer) if answer else None


def _repeated(answer: Answer) -> HttpResponse:
    if not answer.body:
        sentence = Text(
            ko="같은 키의 요청은 이미 처리되었고, 비밀 값은 한 번만 보입니다. 잃어버렸다면 폐기하고 다시 발급하세요.",
            en="This was done already, and its secret is shown only once. If it is lost, revoke it and issue another.",
        )
        raise Refused("request.secret", sentence)
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response
