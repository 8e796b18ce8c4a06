"""Errors as problem+json (RFC 9457), in the reader's language."""

import json
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from dure.core.errors import Flawed, Refused, TooOften, Unready
from dure.core.text import Text

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: Text(ko="요청을 읽을 수 없습니다", en="The request cannot be read"),
    401: Text(ko="로그인이 필요합니다", en="Sign in first"),
    403: Text(ko="권한이 없습니다", en="Not allowed"),
    404: Text(ko="찾을 수 없습니다", en="Not found"),
    405: Text(ko="이 주소에서 쓸 수 없는 메서드입니다", en="Method not allowed"),
    409: Text(ko="지금은 할 수 없습니다", en="Not possible as things stand"),
    413: Text(ko="요청이 너무 큽니다", en="The request is too large"),
    422: Text(ko="고칠 곳이 있습니다", en="Something has to be corrected"),
    429: Text(ko="한도를 모두 썼습니다", en="The limit is reached"),
    500: Text(ko="서버 오류입니다", en="The server failed"),
    503: Text(ko="잠시 뒤에 다시 시도하세요", en="Try again in a moment"),
}
log = logging.getLogger("dure.api")


class Unknown(Refused):
    """Who asks is not known."""

    status = 401


def unknown_caller() -> Unknown:
    sentence = Text(
        ko="로그인하거나 Authorization: Bearer 머리글에 토큰을 넣어 보내세요.",
        en="Sign in, or send a token in the header Authorization: Bearer.",
    )
    return Unknown("request.unknown-caller", sentence)


def problem(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The document of one refusal; ``facts`` are its numbers, ``facts.errors`` its single flaws."""
    language = language_of(request)
    status = refusal.status
    document = {
        "type": f"urn:dure:problem:{refusal.code}",
        "title": TITLES.get(status, TITLES[409])[language],
        "status": status,
        "code": refusal.code,
        "detail": refusal.text[language],
        "facts": refusal.facts,
    }
    body = json.dumps(document, cls=_Encoder, ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    response["Content-Language"] = language
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooOften):
        response["Retry-After"] = str(refusal.facts["seconds"])
    return response


def language_of(request: HttpRequest) -> str:
    """The caller's own choice, else what the request accepts, else Korean."""
    own: str = getattr(getattr(request, "auth", None), "language", "")
    return own or getattr(request, "LANGUAGE_CODE", "ko")


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return problem(request, unknown_caller())


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    sentence = Text(
        ko="본문이 올바른 JSON인지, 주소의 값이 올바른 글자인지 확인하세요.",
        en="Check that the body is sound JSON and the query sound text.",
    )
    return problem(request, _at(error.status_code, "request.unreadable", sentence))


def oversized(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        sentence = Text(ko="본문을 나누어 보내세요.", en="Send the body in several parts.")
        return problem(request, _at(413, "request.too-large", sentence))
    return problem(request, _at(400, "request.suspicious", TITLES[400]))


def flawed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the shapes of path, query and body refuse: each flaw with its place."""
    errors = [{"field": _place(flaw["loc"]), "code": flaw["type"], "en": flaw["msg"]} for flaw in error.errors]
    sentence = Text(
        ko="형식이 맞지 않는 값이 있습니다. facts.errors에 적힌 곳을 고쳐 다시 보내세요.",
        en="Some values have the wrong form. Correct the places named in facts.errors and send it again.",
    )
    return problem(request, Flawed("request.form", sentence, errors=errors))


def busy(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database did not come round to it (a lock that lasted, a lost connection)."""
    log.warning("request %s found the database busy: %s", getattr(request, "request_id", ""), error)
    sentence = Text(
        ko="데이터베이스가 바쁩니다. 같은 Idempotency-Key로 다시 시도하세요.",
        en="The database is busy. Try again, with the same Idempotency-Key.",
    )
    response = problem(request, Unready("server.busy", sentence))
    response["Retry-After"] = "1"
    return response


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug: logged with its trace, told without it."""
    number = getattr(request, "request_id", "")
    log.error("request %s failed", number, exc_info=error)
    sentence = Text(
        ko="서버에서 문제가 생겼습니다. 요청 번호 {number}와(과) 함께 운영자에게 알려 주세요.",
        en="Something broke on the server. Tell the operators, with the request number {number}.",
    ).format(number=number)
    return problem(request, _at(500, "server.failed", sentence, request=number))


def not_there(request: HttpRequest) -> HttpResponse:
    """The answer for an address of the API at which there is nothing."""
    sentence = Text(
        ko="이 주소에는 아무것도 없습니다. /api/v1/openapi.json에서 주소를 확인하세요.",
        en="There is nothing at this address. See /api/v1/openapi.json for those there are.",
    )
    return problem(request, _at(404, "request.address", sentence))


def not_this_way(request: HttpRequest, allowed: str) -> HttpResponse:
    sentence = Text(ko="쓸 수 있는 메서드: {allowed}", en="Methods that work here: {allowed}").format(allowed=allowed)
    response = problem(request, _at(405, "request.method", sentence, allowed=allowed))
    response["Allow"] = allowed
    return response


def _at(status: int, code: str, sentence: Text, **facts: object) -> Refused:
    refusal = Refused(code, sentence, **facts)
    refusal.status = status
    return refusal


def _place(location: tuple[str | int, ...]) -> str:
    """``body.stages.0.id``: the parameter's own name is left out, for callers never wrote it."""
    source, *rest = location
    return ".".join(map(str, rest[1:] if source == "body" and len(rest) > 1 else rest)) or str(source)
