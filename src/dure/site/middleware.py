"""What every page has in common: the visitor's language and clock, and what a refusal looks like."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from dure.core.errors import Flawed, Refused, TooOften
from dure.core.text import Text
from dure.people.days import zone_of
from dure.people.models import Person
from dure.site.flaws import flaws_of

Answer = Callable[[HttpRequest], HttpResponse]
STAYS = "Dure-Form"  # sent by a form that stays as it is filled in; answered with "refused" or with where to go on
NULL = Text(
    ko="보이지 않는 문자(NUL)가 들어 있습니다. 붙여 넣은 내용을 지우고 직접 입력하세요.",
    en="It holds a character that cannot be seen (NUL). Delete what you pasted and type it instead.",
)

BY_BUTTON = Text(
    ko="이 주소는 페이지의 버튼으로만 열립니다. 도중에 로그인이 풀렸다면 그 페이지로 돌아가 다시 하세요.",
    en="This address is reached by a button of a page only. If you were signed out meanwhile, go back and do it again.",
)


def choices(answer: Answer) -> Answer:
    """A person's own language and time zone win over the browser's (which ``LocaleMiddleware`` has read)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) and person.language in dict(settings.LANGUAGES):
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        with timezone.override(zone_of(person.zone if isinstance(person, Person) else "")):
            return answer(request)

    return middleware


class RefusedPages:
    """The one handler for ``Refused`` on pages: its sentence, every flaw, and the way back."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if STAYS in request.headers and response.has_header("Location"):
            return _onward(response)
        if response.status_code != 405 or response.content or request.path.startswith("/api/"):
            return response
        page = render(request, "pages/refused.html", _told(request, Refused("page.by-button", BY_BUTTON)), status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """A character that no database holds is refused before a page reads it; programs are answered by the API."""
        if request.path.startswith("/api/"):
            return None
        sent = (value for asked in (request.GET, request.POST) for _name, values in asked.lists() for value in values)
        return self.process_exception(request, Flawed("page.null", NULL)) if any("\0" in one for one in sent) else None

    def process_exception(self, request: HttpRequest, refused: Exception) -> HttpResponse | None:
        if not isinstance(refused, Refused):
            return None
        stays = STAYS in request.headers
        template = "pages/refused_part.html" if stays or is_part(request) else "pages/refused.html"
        response = render(request, template, _told(request, refused), status=refused.status)
        if stays:
            response[STAYS] = "refused"
        if isinstance(refused, TooOften):
            response["Retry-After"] = str(refused.facts["seconds"])
        return response


def _onward(response: HttpResponse) -> HttpResponse:
    """Where a taken form leads, for a script to go there; followed by itself it would read the page's messages."""
    response.status_code, response[STAYS] = 204, response["Location"]
    del response["Location"]
    return response


def is_part(request: HttpRequest) -> bool:
    """Whether only a part of a page was asked for."""
    return bool(getattr(request, "htmx", False))


def _told(request: HttpRequest, refused: Refused) -> dict[str, Any]:
    flaws = [flaw for flaw in flaws_of(refused) if Text.of(flaw.get("text", flaw)) != refused.text]
    return {
        "refused": refused, "errors": flaws,
        "back": _way_back(request), "written": _written(request),
    }  # fmt: skip


def _written(request: HttpRequest) -> list[str]:
    """The sentences that were sent with a form: what somebody would have to write again, never a password."""
    sent = [value for name, values in request.POST.lists() if "password" not in name for value in values]
    return [value for value in dict.fromkeys(sent) if len(value.split()) > 1]


def _way_back(request: HttpRequest) -> str:
    """The page that the visitor came from, where it is one of ours and not the one that refused."""
    came = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    path = urlsplit(came).path
    return path if ours and (request.method == "POST" or path != request.path) else "/"
