"""Files that people laid on a shelf, as browsers get them: pictures and films on the page, the rest as downloads."""

import mimetypes
import re
from pathlib import Path
from typing import Protocol

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from dure.store.shelves import Shelf

SHOWN_HERE = {"video/mp4", "video/webm", "audio/mpeg", "image/png", "image/jpeg", "image/gif", "image/webp",
              "application/pdf"}  # fmt: skip
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_MOST_AT_ONCE = 4 << 20


class Shelved(Protocol):
    """A row of a file on a shelf."""

    name: str
    sha256: str
    size: int


def sent(request: HttpRequest, file: Shelved, *, shelf: Shelf) -> HttpResponseBase:
    """The bytes, or the part of them that was asked for, as phones ask for films."""
    guessed = mimetypes.guess_type(file.name)[0] or ""
    here = guessed in SHOWN_HERE
    kind, path = guessed if here else "application/octet-stream", shelf.path_of(file.sha256)
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and int(asked[1]) < file.size:
        answer = _part(path, file.size, int(asked[1]), asked[2], kind)
    else:
        answer = FileResponse(path.open("rb"), as_attachment=not here, filename=file.name, content_type=kind)
    answer["Accept-Ranges"] = "bytes"
    return answer


def _part(path: Path, size: int, first: int, until: str, kind: str) -> HttpResponseBase:
    last = min(int(until or size - 1), size - 1, first + _MOST_AT_ONCE - 1)
    with path.open("rb") as opened:
        opened.seek(first)
        answer = HttpResponse(opened.read(last - first + 1), status=206, content_type=kind)
    answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer
