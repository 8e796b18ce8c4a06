"""Receipts of applications: what was sent, when, and that it was received."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.applications.models import Application, Attachment
from dure.applications.queries import is_editable
from dure.applications.questions import Question
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import FormTurn
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE
from dure.site import words
from dure.site.applications import written
from dure.site.visitors import turn_for

NO_RECEIPT = Text(
    ko="찾으시는 접수증이 없습니다. 내 일에서 진행 상황을 확인하세요.",
    en="There is no such receipt. See My work for where things stand.",
)


@login_required
@require_safe
def show(request: HttpRequest, turn_id: UUID, number: int) -> HttpResponse:
    """What was sent, when, and that it was received: to be kept or printed."""
    turn = turn_for(request, turn_id)
    row = FormTurn.objects.filter(turn=turn).select_related("application__form").first()
    found = row.application.receipts.select_related("sent_by").filter(number=number).first() if row else None
    if row is None or found is None:
        raise Missing("receipt.missing", NO_RECEIPT)
    seen = {
        "turn": turn,
        "programme": turn.programme,
        "title": words.word(blueprint_of(turn.programme), turn.stage),
        "receipt": found,
        "answers": _answered(row.application, found.answers),
        "files": _files_in(row.application, found.files),
        "is_last": number == row.application.sendings,
        "is_editable": turn.state in ALIVE and is_editable(row.application),
    }
    return render(request, "applications/receipt.html", seen)


def _answered(application: Application, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question with its answer as people read it."""
    return [(words.say(q.label), _said(q, answers[q.name])) for q in application.form.asked if q.name in answers]


def _said(question: Question, answer: object) -> str:
    labels = {choice.value: words.say(choice.label) for choice in question.choices}
    return labels.get(str(answer)) or str(written(answer))


def _files_in(application: Application, digests: Mapping[str, str]) -> list[tuple[str, Attachment]]:
    """The files that a receipt tells of, each with what it is; one that came back later is the same file."""
    labels = {wanted.name: words.say(wanted.label) for wanted in application.form.wanted}
    rows = application.attachments.filter(wanted__in=digests).order_by("wanted", "pk")
    found = {row.wanted: row for row in rows if digests[row.wanted] == row.sha256}
    return [(labels.get(name, name), row) for name, row in found.items()]
