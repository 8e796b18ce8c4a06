"""One ban: why, until when, the appeal and its answer; for those it concerns and for the programme's operators."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import Ban, BanState
from dure.programmes.operations.banning import MOST_APPEAL, MOST_REASON, answer_appeal, appeal, lift
from dure.programmes.rules import concerned_by, operates
from dure.site.bans.desk import STATES
from dure.site.flaws import JudgedForm
from dure.site.visitors import person_of

ACTS = ("appeal", "answer", "lift")
_NONE = Text(ko="찾으시는 참가 제한 안내가 없습니다.", en="There is no such ban.")


class AppealForm(JudgedForm):
    text = forms.CharField(
        label=_("Why it should not be so"), max_length=MOST_APPEAL, widget=forms.Textarea(attrs={"rows": 5})
    )


class AnswerForm(JudgedForm):
    grant = forms.ChoiceField(
        label=_("The appeal"),
        choices=[("no", _("is refused: the ban stays")), ("yes", _("is granted: they take part again"))],
        widget=forms.RadioSelect,
    )
    answer_ko = forms.CharField(
        label=_("Answer, in Korean"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    answer_en = forms.CharField(
        label=_("Answer, in English"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )


@login_required
@require_safe
def show(request: HttpRequest, ban_id: UUID) -> HttpResponse:
    return _page(request, _found(request, ban_id))


@login_required
@require_POST
def act(request: HttpRequest, ban_id: UUID, what: str) -> HttpResponse:
    """Appeal, answer an appeal, or lift the ban."""
    made, by = _found(request, ban_id), person_of(request)
    if what == "appeal":
        form: JudgedForm = AppealForm(request.POST)
        taken = form.submit(lambda said: appeal(made, by=by, text=said["text"]))
        told = gettext("Your appeal is with the organisers.")
    else:
        form = AnswerForm(request.POST)
        taken = form.submit(lambda said: _answer(made, by, said)) if what == "answer" else bool(lift(made, by=by))
        told = gettext("It is settled, and they were told.")
    if not taken:
        return _page(request, made, form)
    messages.success(request, told)
    return redirect("ban", made.pk)


def _answer(made: Ban, by: Person, said: dict[str, Any]) -> None:
    answer = Text(ko=said["answer_ko"], en=said["answer_en"])
    answer_appeal(made, by=by, grant=said["grant"] == "yes", answer=answer)


def _page(request: HttpRequest, made: Ban, sent: JudgedForm | None = None) -> HttpResponse:
    person = person_of(request)
    own, runs = concerned_by(person, made), operates(person, made.programme)
    in_time = clock.now() < made.appeal_until
    seen = {
        "ban": made,
        "programme": made.programme,
        "state": STATES[BanState(made.state)],
        "persons": Person.objects.filter(pk__in=made.persons.values("person")),
        "own": own,
        "operates": runs,
        "late": made.state == BanState.STANDING and not in_time,
        "appeal_form": _kept(sent, AppealForm) if own and made.state == BanState.STANDING and in_time else None,
        "answer_form": _kept(sent, AnswerForm) if runs and not own and made.state == BanState.APPEALED else None,
        "can_lift": runs and not own and made.state in (BanState.STANDING, BanState.UPHELD),
    }
    return render(request, "bans/ban.html", seen, status=422 if sent else 200)


def _kept(sent: JudgedForm | None, kind: type[JudgedForm]) -> JudgedForm:
    return sent if isinstance(sent, kind) else kind()


def _found(request: HttpRequest, ban_id: UUID) -> Ban:
    """One that the visitor may know of."""
    found = Ban.objects.select_related("programme", "by", "appealed_by").filter(pk=ban_id).first()
    person = person_of(request)
    if found is None or not (concerned_by(person, found) or operates(person, found.programme)):
        raise Missing("ban.missing", _NONE)
    return found
