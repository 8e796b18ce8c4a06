"""Reads that several callers share: how a draft stands, what a receipt says, how a file is handed out."""

from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet
from django.utils.http import content_disposition_header

from dure.applications import files
from dure.applications.formats import MEDIA_TYPES
from dure.applications.models import Application, Attachment, Receipt
from dure.applications.questions import NO_FILE, Answer, Flaw, flaw, judged
from dure.core import clock
from dure.core.text import Text


def attached(application: Application) -> QuerySet[Attachment]:
    """The files that stand, one for each wanted name at most."""
    return application.attachments.filter(detached_at=None).order_by("wanted")


def is_editable(application: Application) -> bool:
    """Whether the deadline has not passed."""
    return application.closes_at is None or clock.now() < application.closes_at


def standing(application: Application) -> tuple[dict[str, Answer], list[Flaw]]:
    """The answers that could be sent now, typed, and a line for everything that is missing or wrong, files too."""
    form = application.form
    right, flaws = judged(form.asked, application.answers)
    have = set(attached(application).values_list("wanted", flat=True))
    flaws += [flaw(file.name, NO_FILE) for file in form.wanted if file.required and file.name not in have]
    return right, flaws


def sources(application: Application) -> dict[str, Text]:
    """By name, from where Dure took the answers that still stand as it filled them in."""
    filled = application.prefilled.items()
    return {name: Text.of(f["source"]) for name, f in filled if application.answers.get(name) == f["value"]}


def latest_receipt(application: Application) -> Receipt | None:
    return application.receipts.order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be handed out: always to be saved, never to be shown by a browser as a page of ours."""

    path: Path
    headers: dict[str, str]


def download(attachment: Attachment) -> Download:
    """Where the bytes lie and the headers to send with them. The caller has asked whether the reader may."""
    headers = {
        "Content-Type": MEDIA_TYPES[attachment.kind],
        "Content-Length": str(attachment.size),
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=attachment.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Download(files.path_of(attachment.sha256), headers)
