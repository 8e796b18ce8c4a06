"""One disqualification, or one ban from a round: why, until when one may appeal, the appeal and its answer."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.challenges import files
from dure.challenges.models import Ban, Disqualification, Ground, OutState, Round
from dure.challenges.operations.standing import MOST_APPEAL, appeal, decide_appeal, lift
from dure.challenges.rules import concerned_by, may_answer, may_lift
from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import RoundTask, RoundTurn
from dure.joints.running import let_organise, runs
from dure.joints.stages.disqualified import released_to
from dure.people.models import Person
from dure.site.flaws import JudgedForm
from dure.site.rejudging.standing import BAN_STATES, GROUNDS, STATES
from dure.site.visitors import person_of
from dure.store.worded import found

ACTS = ("appeal", "answer", "lift")
DISQUALIFICATION, BAN = "disqualification", "round-ban"
_SHARED = ("by", "ended_by", "appealed_by", "appeal_file")
_NONE = {
    DISQUALIFICATION: Text(ko="찾으시는 실격 안내가 없습니다.", en="There is no such disqualification."),
    BAN: Text(ko="찾으시는 참가 제한 안내가 없습니다.", en="There is no such ban."),
}


class AppealForm(JudgedForm):
    text = forms.CharField(
        label=_("Why it should not be so"), max_length=MOST_APPEAL, widget=forms.Textarea(attrs={"rows": 5})
    )
    file = forms.FileField(label=_("A file, if it helps"), required=False)


class AnswerForm(JudgedForm):
    grant = forms.ChoiceField(
        label=_("The appeal"),
        choices=[("no", _("is refused: it stays as it is")), ("yes", _("is granted: everything is put back"))],
        widget=forms.RadioSelect,
    )
    answer_ko = forms.CharField(label=_("Answer, in Korean"), widget=forms.Textarea(attrs={"rows": 2}))
    answer_en = forms.CharField(label=_("Answer, in English"), widget=forms.Textarea(attrs={"rows": 2}))


@login_required
@require_safe
def show(request: HttpRequest, out_id: UUID, kind: str) -> HttpResponse:
    """For those it concerns and for the round's organisers."""
    return _page(request, _found(request, out_id, kind), kind)


@login_required
@require_POST
def act(request: HttpRequest, out_id: UUID, kind: str, what: str) -> HttpResponse:
    """Appeal, answer an appeal, or lift it."""
    out, by = _found(request, out_id, kind), person_of(request)
    if what == "appeal":
        form: JudgedForm = AppealForm(request.POST, request.FILES)
        taken = form.submit(lambda said: _appeal(out, by, said))
        told = gettext("Your appeal is with the organisers.")
    else:
        let_organise(by, out.round)
        form = AnswerForm(request.POST)
        taken = form.submit(lambda said: _answer(out, by, said)) if what == "answer" else bool(lift(out, by=by))
        told = gettext("It is settled, and they were told.")
    if not taken:
        return _page(request, out, kind, form)
    messages.success(request, told)
    return redirect(kind, out.pk)


@login_required
@require_safe
def file(request: HttpRequest, out_id: UUID, kind: str) -> FileResponse:
    """The file of an appeal."""
    out = _found(request, out_id, kind)
    if out.appeal_file is None:
        raise Missing("standing.no-file", _NONE[kind])
    content = files.path_of(out.appeal_file).open("rb")
    return FileResponse(content, as_attachment=True, filename=files.plain_name(out.appeal_file))


def _page(request: HttpRequest, out: Disqualification | Ban, kind: str, sent: JudgedForm | None = None) -> HttpResponse:
    person, in_time = person_of(request), clock.now() < out.appeal_until
    own, organises = concerned_by(person, out), runs(person, out.round)
    can_appeal = own and out.state == OutState.STANDING and in_time
    seen = {
        "out": out,
        "round": out.round,
        "ground": GROUNDS[Ground(out.ground)],
        "own": own,
        "organises": organises,
        "late": out.state == OutState.STANDING and not in_time,
        "appeal_form": _kept(sent, AppealForm) if can_appeal else None,
        "answer_form": _kept(sent, AnswerForm) if out.state == OutState.APPEALED and may_answer(person, out) else None,
        "is_for_others": organises and out.state == OutState.APPEALED and not may_answer(person, out),
        "can_lift": may_lift(person, out) and out.state in (OutState.STANDING, OutState.UPHELD),
        **{f"{what}_at": reverse(f"{kind}-{what}", args=[out.pk]) for what in (*ACTS, "file")},
        "desk": _desk(out.round),
        "state": (STATES if kind == DISQUALIFICATION else BAN_STATES)[OutState(out.state)],
        **(_of_entrant(out, organises) if isinstance(out, Disqualification) else {}),
    }
    return render(request, f"rejudging/{kind}.html", seen)


def _of_entrant(out: Disqualification, organises: bool) -> Mapping[str, object]:
    """Where it hands in, and for organisers what it was given before."""
    row = RoundTurn.objects.select_related("turn__programme").filter(entrant=out.entrant_id).first()
    return {"turn": row.turn if row else None, "given": list(released_to(out)) if organises else []}


def _desk(round_: Round) -> str:
    """The list of those who are out; none where the round stands alone."""
    place = RoundTask.objects.select_related("programme").filter(task__round=round_).first()
    return reverse("desk-out", args=[place.programme.slug, place.stage]) if place else ""


def _kept(sent: JudgedForm | None, kind: type[JudgedForm]) -> JudgedForm:
    return sent if isinstance(sent, kind) else kind()


def _appeal(out: Disqualification | Ban, by: Person, said: dict[str, Any]) -> None:
    sent = said["file"]
    appeal(out, by=by, text=said["text"], file=cast("Any", sent) or None, name=sent.name if sent else "")


def _answer(out: Disqualification | Ban, by: Person, said: dict[str, Any]) -> None:
    answer = Text(ko=said["answer_ko"], en=said["answer_en"])
    decide_appeal(out, by=by, grant=said["grant"] == "yes", answer=answer)


def _found(request: HttpRequest, out_id: UUID, kind: str) -> Disqualification | Ban:
    """One that the visitor may know of."""
    outs: Sequence[Disqualification | Ban] = found(_out if kind == DISQUALIFICATION else _ban, out_id)
    out = next(iter(outs), None)
    person = person_of(request)
    if out is None or not (concerned_by(person, out) or runs(person, out.round)):
        raise Missing("standing.missing", _NONE[kind])
    return out


def _out(out: UUID) -> "QuerySet[Disqualification]":
    needed = ("entrant__task__round", "submission", "choice", *_SHARED)
    return Disqualification.objects.filter(pk=out).select_related(*needed)


def _ban(out: UUID) -> "QuerySet[Ban]":
    return Ban.objects.filter(pk=out).select_related("round", "person", *_SHARED)
