"""A number for every request, who acts in it, and problem+json where no view was reached."""

import re
from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase

from dure.api.problems import MEDIA_TYPE, not_this_way
from dure.audit.acting import acting
from dure.audit.models import thing_name
from dure.core.ids import uuid7

HEADER = "X-Request-ID"
_SOUND = re.compile(r"[A-Za-z0-9._:-]{1,80}")
Answering = Callable[[HttpRequest], HttpResponseBase]


def numbered(answer: Answering) -> Answering:
    """Ties log rows to the request that caused them; a caller's own number is kept where it is sound."""

    def answer_numbered(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        number = given if _SOUND.fullmatch(given) else str(uuid7())
        request.request_id = number  # type: ignore[attr-defined]  # read by dure.api.base.Asked
        with acting(actor=_actor(request), request_id=number):
            response = answer(request)
        if response.status_code == 405 and request.path.startswith("/api/"):
            response = _told(request, response)
        response[HEADER] = number
        return response

    return answer_numbered


def _actor(request: HttpRequest) -> str:
    """Whoever is signed in by cookie; a bearer of a token is known later, once the API has read it."""
    user = request.user
    return thing_name(user) if isinstance(user, AbstractBaseUser) else "anonymous"


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response["Content-Type"].startswith(MEDIA_TYPE):
        return response
    return not_this_way(request, ", ".join(sorted(response.get("Allow", "").split(", "))))
