"""What scripts in pages ask for: parts that are watched, of which nothing is sent while they are unchanged; ways on."""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect

from dure.site import words


def unless_seen(request: HttpRequest, of: object, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``draw`` gives, unless the browser has it already. ``of``: all that it is drawn from."""
    tag = f'"{sha256(f"{of} {words.language()}".encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    answer = draw()
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


def lead(request: HttpRequest, path: str) -> HttpResponse:
    """Go on at ``path``; a form that htmx sent is told so by a header."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": path})
    return redirect(path)
