"""One disqualification: why, until when one may appeal, the appeal and its answer."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.challenges import files
from dure.challenges.models import Disqualification, Ground, OutState
from dure.challenges.operations.standing import MOST_APPEAL, appeal, decide_appeal, lift
from dure.challenges.rules import belongs_to
from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import RoundTurn
from dure.joints.running import runs
from dure.joints.stages.disqualified import released_to
from dure.joints.stages.rejudged import let_organise
from dure.people.models import Person
from dure.site.flaws import JudgedForm
from dure.site.rejudging.standing import GROUNDS, STATES
from dure.site.visitors import person_of

ACTS = ("appeal", "answer", "lift")
_NONE = Text(ko="찾으시는 실격 안내가 없습니다.", en="There is no such disqualification.")


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
def show(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """For those it concerns and for the round's organisers."""
    return _page(request, _found(request, out_id))


@login_required
@require_POST
def act(request: HttpRequest, out_id: UUID, what: str) -> HttpResponse:
    """Appeal, answer an appeal, or lift it."""
    out, by = _found(request, out_id), person_of(request)
    if what == "appeal":
        form: JudgedForm = AppealForm(request.POST, request.FILES)
        taken = form.submit(lambda said: _appeal(out, by, said))
        told = gettext("Your appeal is with the organisers.")
    else:
        let_organise(by, out.entrant.task.round)
        form = AnswerForm(request.POST)
        taken = form.submit(lambda said: _answer(out, by, said)) if what == "answer" else bool(lift(out, by=by))
        told = gettext("It is settled, and they were told.")
    if not taken:
        return _page(request, out, form)
    messages.success(request, told)
    return redirect("disqualification", out.pk)


@login_required
@require_safe
def file(request: HttpRequest, out_id: UUID) -> FileResponse:
    """The file of an appeal."""
    out = _found(request, out_id)
    if out.appeal_file is None:
        raise Missing("standing.no-file", _NONE)
    content = files.path_of(out.appeal_file).open("rb")
    return FileResponse(content, as_attachment=True, filename=files.plain_name(out.appeal_file))


def _page(request: HttpRequest, out: Disqualification, sent: JudgedForm | None = None) -> HttpResponse:
    person, now = person_of(request), clock.now()
    own = belongs_to(person, out.entrant)
    row = RoundTurn.objects.select_related("turn__programme").filter(entrant=out.entrant_id).first()
    organises = runs(person, out.entrant.task.round)
    can_appeal = own and out.state == OutState.STANDING and now < out.appeal_until
    seen = {
        "out": out,
        "round": out.entrant.task.round,
        "turn": row.turn if row else None,
        "state": STATES[OutState(out.state)],
        "ground": GROUNDS[Ground(out.ground)],
        "own": own,
        "organises": organises,
        "late": out.state == OutState.STANDING and now >= out.appeal_until,
        "appeal_form": _kept(sent, AppealForm) if can_appeal else None,
        "answer_form": _kept(sent, AnswerForm) if organises and out.state == OutState.APPEALED else None,
        "can_lift": organises and out.state in (OutState.STANDING, OutState.UPHELD),
        "given": list(released_to(out)) if organises else [],
    }
    return render(request, "rejudging/disqualification.html", seen)


def _kept(sent: JudgedForm | None, kind: type[JudgedForm]) -> JudgedForm:
    return sent if isinstance(sent, kind) else kind()


def _appeal(out: Disqualification, by: Person, said: dict[str, Any]) -> None:
    sent = said["file"]
    appeal(out, by=by, text=said["text"], file=cast("Any", sent) or None, name=sent.name if sent else "")


def _answer(out: Disqualification, by: Person, said: dict[str, Any]) -> None:
    answer = Text(ko=said["answer_ko"], en=said["answer_en"])
    decide_appeal(out, by=by, grant=said["grant"] == "yes", answer=answer)


def _found(request: HttpRequest, out_id: UUID) -> Disqualification:
    """One that the visitor may know of."""
    needed = ("entrant__task__round", "submission", "by", "ended_by", "appealed_by", "appeal_file", "choice")
    out = Disqualification.objects.select_related(*needed).filter(pk=out_id).first()
    person = person_of(request)
    if out is None or not (belongs_to(person, out.entrant) or runs(person, out.entrant.task.round)):
        raise Missing("standing.missing", _NONE)
    return out
