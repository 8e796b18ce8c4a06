"""The API itself: who calls, how bodies are read, how errors are told, and its OpenAPI document."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NoReturn

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie

from dure.api import problems
from dure.audit.acting import known_to_act
from dure.audit.models import thing_name
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.people.operations import authenticate_token


class Asked(HttpRequest):
    """A request whose caller is known: ``auth`` is who asks."""

    auth: Person
    request_id: str


class AskedByAnybody(HttpRequest):
    """A request that needs no account."""

    auth: Person | AnonymousUser
    request_id: str


def caller(request: AskedByAnybody) -> Person | None:
    """Who asks, where the request says so."""
    return request.auth if isinstance(request.auth, Person) else None


class Bearer(HttpBearer):
    """``Authorization: Bearer dure_…``: a key that a person issued for their programs."""

    def authenticate(self, request: HttpRequest, token: str) -> Person:
        try:
            person = authenticate_token(token).person
        except Forbidden as wrong:
            raise problems.Unknown(wrong.code, wrong.text) from None
        known_to_act(thing_name(person))
        return person


class Session(APIKeyCookie):
    """The cookie of somebody who signed in; what changes anything needs the CSRF token as well."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Person | None:
        if not isinstance(request.user, Person):
            return None
        if not _Csrf.holds(request):
            sentence = Text(
                ko="CSRF 토큰이 없거나 맞지 않습니다. 화면을 새로 고친 뒤 다시 시도하세요.",
                en="The CSRF token is missing or wrong. Reload the page and try again.",
            )
            raise Forbidden("request.csrf", sentence)
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        return self(request)


def nobody(_request: HttpRequest) -> AnonymousUser:
    return AnonymousUser()


class _Csrf(CsrfViewMiddleware):
    """Django's check, for views that are exempt from its middleware; it answers no page of its own."""

    @classmethod
    def holds(cls, request: HttpRequest) -> bool:
        check = cls(lambda _request: HttpResponse())
        request.csrf_processing_done = False  # type: ignore[attr-defined]  # set by Django's own middleware
        check.process_request(request)
        return check.process_view(request, lambda *_: HttpResponse(), (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


SIGNED_IN = (Bearer(), Session())
ANYBODY = (*SIGNED_IN, nobody)


class StrictParser(Parser):
    """JSON as its standard has it, without what no database can hold: no NaN, no NUL, no half of a surrogate pair."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(request.body, parse_constant=_refuse)
        if b"\\u" in request.body:
            _check(body)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, values in data.lists():
            try:
                _check([name, *values])
            except ValueError as wrong:
                raise HttpError(400, str(wrong)) from wrong
        return super().parse_querydict(data, list_fields, request)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _check(value: object) -> None:
    match value:
        case str():
            value.encode()
            if "\0" in value:
                raise ValueError("NUL in a text")
        case list():
            for item in value:
                _check(item)
        case dict():
            for key, item in value.items():
                _check(key)
                _check(item)


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "facts"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "For programs: room.what"},
        "detail": {"type": "string", "description": "For people: what is wrong and what to do, in their language"},
        "facts": {"type": "object", "description": "The numbers behind it; `errors` lists single flaws"},
    },
}


class Api(NinjaAPI):
    """Ninja's, with problem+json for every error, in the document as well, which is written once a process."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        if path_prefix is None and not path_params:
            return self._document
        return self._written(path_prefix=path_prefix, path_params=path_params)

    @cached_property
    def _document(self) -> OpenAPISchema:
        return self._written(path_prefix=None, path_params=None)

    def _written(self, *, path_prefix: str | None, path_params: dict[str, Any] | None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        told = {"schema": {"$ref": "#/components/schemas/Problem"}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"]["default"] = {
                    "description": "What stands in the way",
                    "content": {problems.MEDIA_TYPE: told},
                }
        return schema


HANDLERS: Mapping[type[Exception], Callable[..., HttpResponse]] = {
    Refused: problems.problem,
    AuthenticationError: problems.unknown,
    HttpError: problems.unreadable,
    ValidationError: problems.flawed,
    SuspiciousOperation: problems.oversized,
    OperationalError: problems.busy,
    Exception: problems.failed,
}


def made_api() -> Api:
    api = Api(
        title="Dure",
        version="1",
        description="Programmes that grow AI talent. Errors are problem+json, lists are keyset pages, times RFC 3339.",
        docs_url=None,
        auth=SIGNED_IN,
        parser=StrictParser(),
    )
    for kind, told in HANDLERS.items():
        api.add_exception_handler(kind, told)
    return api
