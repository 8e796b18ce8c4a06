"""Parts of pages that are asked for again while they are watched: unchanged, nothing is drawn or sent."""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from dure.site import words


def unless_seen(request: HttpRequest, of: object, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``draw`` gives, unless the browser has it already. ``of``: all that it is drawn from."""
    tag = f'"{sha256(f"{of} {words.language()}".encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    answer = draw()
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer
