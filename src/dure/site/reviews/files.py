"""Handed-in files for those who judge them: in their place on the page where a browser can show them safely."""

from codecs import getincrementaldecoder
from pathlib import Path

from django.http import FileResponse
from django.utils.http import content_disposition_header

from dure.applications.models import Attachment
from dure.applications.queries import download

IMAGES = frozenset({"png", "jpg", "gif", "webp"})
FRAMES = frozenset({"pdf", "txt"})
HEAD = 1 << 16
ALONE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def shown_as(kind: str) -> str:
    """How a page shows a file of that kind: ``image``, ``frame``, or (empty) by saving it."""
    return "image" if kind in IMAGES else "frame" if kind in FRAMES else ""


def answer_with(file: Attachment, *, name: str, save: bool) -> FileResponse:
    """The file under ``name``. What is shown is of a type that was read from its bytes, is never guessed at, may load
    nothing and stands in no page but ours."""
    found = download(file)
    answer = FileResponse(found.path.open("rb"))
    for header, value in found.headers.items():
        answer[header] = value
    shown = not save and shown_as(file.kind)
    disposition = content_disposition_header(as_attachment=not shown, filename=f"{name}.{file.kind}")
    answer["Content-Disposition"] = disposition or "attachment"
    if file.kind == "txt":
        answer["Content-Type"] = f"text/plain; charset={_charset(found.path)}"
    if shown:
        answer["Content-Security-Policy"] = ALONE if file.kind == "pdf" else f"{ALONE}; sandbox"
        answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _charset(path: Path) -> str:
    """What its letters are written in: UTF-8, else what Korean Windows writes."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8"
