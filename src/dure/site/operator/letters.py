"""The outbox: letters on their way, sent and not sent; one as its reader sees it; another try."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.audit.queries import history
from dure.jobs.models import Message, MessageState
from dure.jobs.operations import note_reading, resend
from dure.jobs.queries import delivery_of, standing, why
from dure.site import words
from dure.site.operator.door import operators
from dure.site.operator.events import events_of
from dure.site.operator.lists import newest

HEADERS: dict[str, Promise] = {
    "From": _("Sender"), "To": _("Receiver"), "Cc": _("Copy to"), "Reply-To": _("Answers go to"),
    "Subject": _("Subject"),
}  # fmt: skip
# What opens an account or an invitation: for the reader of the letter alone.
_SECRET = re.compile(r"(/(?:accounts|invitations)/(?:[^\s/]+/)*?)[^\s/]{20,}")


@dataclass(frozen=True)
class Letter:
    """A letter as it is read, without the secrets in its links."""

    headers: list[tuple[Promise, str]]
    body: str
    attached: list[str]


@operators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """By state and receiver, the newest first."""
    asked = {"state": request.GET.get("state", ""), "to": request.GET.get("to", "").strip()[:320]}
    rows = Message.objects.defer("content", "text")
    if asked["state"] in MessageState.values:
        rows = rows.filter(state=asked["state"])
    if asked["to"]:
        rows = rows.filter(receiver=asked["to"].lower())
    seen = {
        "tab": "mail",
        "asked": asked,
        "states": words.MESSAGE_STATES.items(),
        "listed": newest(rows, request.GET),
        "standing": standing(),
    }
    return render(request, "operator/mail.html", seen)


@operators
@require_safe
def show(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The letter, what became of it, and who else looked into it: that somebody does is written down."""
    message = get_object_or_404(Message, pk=message_id)
    note_reading(message)
    delivery = delivery_of(message)
    seen = {
        "tab": "mail",
        "message": message,
        "letter": letter_of(message),
        "delivery": delivery,
        "why": why(delivery) if delivery else None,
        "events": events_of(history(message)[:20]),
    }
    return render(request, "operator/letter.html", seen)


def letter_of(message: Message) -> Letter:
    parsed = message_from_bytes(bytes(message.content), _class=EmailMessage, policy=policy.default)
    headers = [(label, str(parsed[name])) for name, label in HEADERS.items() if parsed[name]]
    text = parsed.get_body(preferencelist=("plain", "html"))
    body = str(text.get_content()) if text else ""
    return Letter(
        headers, _SECRET.sub(r"\1••••", body), [part.get_filename() or "" for part in parsed.iter_attachments()]
    )


@operators
@require_POST
def again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    resend(get_object_or_404(Message, pk=message_id))
    messages.success(request, gettext("The letter is sent again."))
    return redirect("operator-letter", message_id)
