"""What scripts in pages ask for: parts that are watched, of which nothing is sent while they are unchanged; ways on."""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response

from dure.site import words

Draw = Callable[[], HttpResponse]


def unless_seen(request: HttpRequest, of: object, draw: Draw) -> HttpResponse:
    """What ``draw`` gives, unless the browser has it already. ``of``: all that it is drawn from."""
    return unless_tagged(request, f"{of} {words.language()}", draw)


def unless_tagged(request: HttpRequest, of: str, draw: Draw, *, kept: str = "private") -> HttpResponse:
    """:func:`unless_seen` where ``of`` tells the language too; ``kept``: by whom, as Cache-Control says it."""
    tag = f'"{sha256(of.encode()).hexdigest()[:20]}"'
    answer = get_conditional_response(request, etag=tag) or draw()
    answer["ETag"], answer["Cache-Control"] = tag, f"{kept}, no-cache"
    return answer


def lead(request: HttpRequest, path: str) -> HttpResponse:
    """Go on at ``path``; a form that htmx sent is told so by a header."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": path})
    return redirect(path)
