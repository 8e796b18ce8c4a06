"""What a round asks with each submission, and whose submissions it takes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.challenges.models import Round
from dure.challenges.operations.asking import set_allowed, set_questions
from dure.challenges.questions import MOST_ABOUT, MOST_KEY, MOST_TITLE, Question, QuestionKind
from dure.core.text import Text
from dure.site.desk.rounds.door import round_at
from dure.site.flaws import JudgedForm

KINDS = {
    QuestionKind.TEXT: _("In words"), QuestionKind.YES_NO: _("Yes or no"), QuestionKind.CHOICE: _("One of the options"),
    QuestionKind.CHOICES: _("Any of the options"),
}  # fmt: skip


def _about(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=MOST_ABOUT, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands beside the question. Left empty, it is told in the other language."),
    )  # fmt: skip


class QuestionForm(JudgedForm):
    """One question; one of the same name takes its place."""

    title_ko = forms.CharField(label=_("Question in Korean"), max_length=MOST_TITLE)
    title_en = forms.CharField(label=_("Question in English"), max_length=MOST_TITLE)
    about_ko = _about(_("Help in Korean"))
    about_en = _about(_("Help in English"))
    key = forms.CharField(
        label=_("Short name"),
        max_length=MOST_KEY,
        help_text=_("Programs and spreadsheets call the answer by it. A question of the same name is replaced."),
    )
    kind = forms.ChoiceField(
        label=_("How it is answered"), choices=[(kind.value, word) for kind, word in KINDS.items()]
    )
    options = forms.CharField(label=_("Options, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    required = forms.BooleanField(label=_("It must be answered"), required=False)
    on_board = forms.BooleanField(label=_("Answers stand on the board"), required=False)

    def question(self) -> Question:
        said = self.cleaned_data
        return Question(
            said["key"], Text(ko=said["title_ko"], en=said["title_en"]), QuestionKind(said["kind"]),
            tuple(filter(None, map(str.strip, said["options"].splitlines()))), said["required"], said["on_board"],
            Text(ko=said["about_ko"] or said["about_en"], en=said["about_en"] or said["about_ko"]),
        )  # fmt: skip


class AllowedForm(JudgedForm):
    """Whose submissions are taken."""

    by_list = forms.BooleanField(label=_("Only people on this list can submit"), required=False)
    emails = forms.CharField(
        label=_("Email addresses, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("The address with which they signed up, and which they confirmed."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Both as they are; POST adds or replaces a question, removes one, or sets the list."""
    place = round_at(request, slug, stage)
    forms_ = {"form": QuestionForm(initial=_initial(place.round, request.GET.get("question", ""))),
              "allowed": AllowedForm(initial=_listed(place.round))}  # fmt: skip
    if request.method == "POST" and _saved(request, place.round, forms_):
        messages.success(request, gettext("Saved."))
        return redirect("desk-asked", slug, stage)
    asked = [(question, KINDS[question.kind]) for question in place.round.asked]
    seen = {**place.seen("asked"), **forms_, "asked": asked}
    return render(request, "desk/checks/asked.html", seen, status=422 if request.method == "POST" else 200)


def _saved(request: HttpRequest, round_: Round, shown: dict[str, Any]) -> bool:
    """Whether it was taken; a form that was not is shown with its faults."""
    others = [question for question in round_.asked if question.key != request.POST.get("key")]
    match request.POST.get("act"):
        case "remove":
            set_questions(round_, others)
            return True
        case "allowed":
            form = shown["allowed"] = AllowedForm(request.POST)
            return form.submit(lambda said: set_allowed(round_, said["emails"].split() if said["by_list"] else None))
    sent = shown["form"] = QuestionForm(request.POST)
    return sent.submit(lambda _said: set_questions(round_, _with(round_, sent.question())))


def _with(round_: Round, question: Question) -> list[Question]:
    """In its place, or behind all others."""
    known = {one.key: one for one in round_.asked}
    return list({**known, question.key: question}.values())


def _initial(round_: Round, key: str) -> dict[str, Any]:
    found = next((one for one in round_.asked if one.key == key), None)
    if found is None:
        return {}
    return {
        "key": found.key, "title_ko": found.title.ko, "title_en": found.title.en, "kind": found.kind,
        "options": "\n".join(found.options), "required": found.required, "on_board": found.on_board,
        "about_ko": found.about.ko, "about_en": found.about.en,
    }  # fmt: skip


def _listed(round_: Round) -> dict[str, Any]:
    return {
        "by_list": round_.by_list,
        "emails": "\n".join(round_.allowed.order_by("email").values_list("email", flat=True)),
    }
