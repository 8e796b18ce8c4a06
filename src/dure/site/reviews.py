"""What waits for a reviewer or a decider: their queue, and the page on which they mark or decide."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import DecideStep, PanelStep
from dure.blueprint.reasons import fact_text
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.gates.panel import declare_conflict, give_marks
from dure.joints.models import Review, ReviewState, Say
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Seat, Turn
from dure.programmes.operations.judging import awaiting
from dure.site import words
from dure.site.flaws import JudgedForm
from dure.site.visitors import person_of

SHOWN = 100
NO_REVIEW = Text(
    ko="배정된 심사가 아닙니다. 심사 목록에서 고르세요.", en="This review is not yours. Choose one from your list."
)


class MarksForm(JudgedForm):
    """One field a criterion, 0 to 100; what is right is the operation's word."""

    def __init__(self, review: Review, data: "dict[str, str] | None" = None) -> None:
        super().__init__(data)
        blueprint = blueprint_of(review.turn.programme)
        self.rubric = panel_of(review).rubric
        for name, weight in self.rubric.items():
            label = f"{words.word(blueprint, name)} ({weight}%)"
            numbers = forms.NumberInput(attrs={"min": 0, "max": 100, "step": "any", "required": True})
            self.fields[name] = forms.FloatField(label=label, required=False, widget=numbers)
        self.fields["comment"] = forms.CharField(
            label=gettext("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 4})
        )

    def marks(self) -> dict[str, float]:
        """Points by criterion, those that were given."""
        return {name: self.cleaned_data[name] for name in self.rubric if self.cleaned_data[name] is not None}


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Reviews to mark, decisions to take, and what was done."""
    person = person_of(request)
    own = Review.objects.filter(reviewer=person).select_related("turn__programme", "turn__case").order_by("pk")
    seen = {
        "todo": [_row(r) for r in own.filter(state=ReviewState.ASSIGNED, turn__programme__state__in=LIVE)[:SHOWN]],
        "done": [_row(r) for r in own.exclude(state=ReviewState.ASSIGNED).order_by("-done_at")[:SHOWN]],
        "decisions": decisions_for(person),
    }
    return render(request, "reviews/queue.html", seen)


def decisions_for(person: Person) -> list[tuple[Turn, int, str]]:
    """Handed-in turns that a role of the person decides on and has not: (turn, step, stage's title)."""
    seats = Seat.objects.filter(person=person, ended_at__isnull=True, programme__state__in=LIVE)
    found: list[tuple[Turn, int, str]] = []
    for seat in seats.select_related("programme"):
        blueprint = blueprint_of(seat.programme)
        for stage in blueprint.stages:
            for number, step in enumerate(stage.gate):
                if isinstance(step, DecideStep) and step.role == seat.role:
                    title = words.word(blueprint, stage.id)
                    turns = awaiting(seat.programme, stage.id, number)
                    said = _said(turns, number)
                    found += [(turn, number, title) for turn in turns if (turn.pk, turn.evidence_id) not in said]
    return found[:SHOWN]


def _said(turns: list[Turn], step: int) -> set[tuple[UUID, UUID | None]]:
    rows = Say.objects.filter(turn__in=turns, step=step)
    return set(rows.values_list("turn_id", "evidence_id"))


def _row(review: Review) -> tuple[Review, str]:
    return review, words.word(blueprint_of(review.turn.programme), review.turn.stage)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """What was handed in, beside the criteria; POST gives the marks."""
    found = _own(request, review_id)
    form = MarksForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.submit(
        lambda said: give_marks(found, marks=form.marks(), by=person_of(request), comment=said["comment"])
    ):
        messages.success(request, gettext("Your marks are noted. Thank you."))
        return redirect("reviews")
    blueprint = blueprint_of(found.turn.programme)
    seen = {
        "review": found,
        "turn": found.turn,
        "programme": found.turn.programme,
        "title": words.word(blueprint, found.turn.stage),
        "shown": [(words.say(fact_text(blueprint, n)), v) for n, v in found.evidence.values.items()],
        "marks": [(words.word(blueprint, name), points) for name, points in found.marks.items()],
        "panel": panel_of(found),
        "form": form if found.state == ReviewState.ASSIGNED else None,
    }
    return render(request, "reviews/review.html", seen)


@login_required
@require_POST
def step_back(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """The reviewer declares a conflict of interest."""
    declare_conflict(_own(request, review_id), by=person_of(request), why=request.POST.get("why", ""))
    messages.success(request, gettext("You have stepped back. The operators will seat somebody else."))
    return redirect("reviews")


@login_required
@require_safe
def decision(request: HttpRequest, turn_id: UUID, step: int) -> HttpResponse:
    """What was handed in, and yes or no."""
    for turn, number, title in decisions_for(person_of(request)):
        if turn.pk == turn_id and number == step:
            blueprint = blueprint_of(turn.programme)
            values = turn.evidence.values if turn.evidence else {}
            shown = [(words.say(fact_text(blueprint, name)), value) for name, value in values.items()]
            written = blueprint.stage(turn.stage).gate[number]
            seen = {"turn": turn, "programme": turn.programme, "title": title, "shown": shown, "step": number,
                    "written": written, "blueprint": blueprint}  # fmt: skip
            return render(request, "reviews/decision.html", seen)
    raise Missing("decision.missing", NO_REVIEW)


def panel_of(found: Review) -> PanelStep:
    """The step of the gate at which the review sits."""
    step = blueprint_of(found.turn.programme).stage(found.turn.stage).gate[found.step]
    if not isinstance(step, PanelStep):
        raise TypeError("a review sits at a panel")
    return step


def _own(request: HttpRequest, review_id: UUID) -> Review:
    rows = Review.objects.filter(pk=review_id, reviewer=person_of(request))
    found = rows.select_related("turn__programme", "turn__case", "evidence").first()
    if found is None:
        raise Missing("review.missing", NO_REVIEW)
    return found
