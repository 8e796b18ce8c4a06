"""A reviewer at work: the hand-in beside the rubric, one after the other, kept while one writes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import Blueprint, PanelStep
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.joints.asked import (
    Place,
    at,
    calibration_of,
    left_at,
    means_at,
    own_at,
    panels_mean,
    states_at,
    to_mark,
)
from dure.joints.gates.panel import declare_conflict, give_marks, is_blind, keep_draft, stands, take_back, title_told
from dure.joints.models import Review, ReviewState
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn
from dure.site import words
from dure.site.drawing import addresses, drawn
from dure.site.flaws import JudgedForm
from dure.site.reviews.evidence import NO_FILE, Part, earlier_parts, handed_in, names_by_turn, part_of, review_page
from dure.site.reviews.files import answer_with
from dure.site.reviews.queue import REVIEW, first_review, list_address
from dure.site.visitors import person_of
from dure.store.worded import found as rows_of

PAGE = 50
MANY = 500  # so many that are left are counted; above it, it is only said that there are more
CONFLICT_MOST = 200
_LINE = (
    '<tr><td>{}</td><th scope="row"><a href="{}">{}</a></th><td><span class="tag {}">{}</span>{}</td>'
    '<td class="right num">{}</td><td class="right num">{}</td></tr>'
)
_PICK = (
    '<label class="choice"><input type="checkbox" name="r" value="{}" data-each><span class="unseen">{}</span></label>'
)
_DRAFT = ' <span class="muted small">{}</span>'
NO_REVIEW = Text(
    ko="배정된 심사가 아닙니다. 심사 목록에서 고르세요.", en="This review is not yours. Choose one from your list."
)


class MarksForm(JudgedForm):
    """One field a criterion, 0 to 100; what is right is the operation's word."""

    spent = forms.IntegerField(required=False, min_value=0, initial=0, widget=forms.HiddenInput({"data-spent": ""}))

    def __init__(self, review: Review, data: Any = None) -> None:
        known = review.draft.get("marks", {})
        super().__init__(data, initial={**known, "comment": review.draft.get("comment", "")})
        blueprint = blueprint_of(review.turn.programme)
        self.rubric = panel_of(review).rubric
        for name, weight in self.rubric.items():
            widget = forms.NumberInput({"min": 0, "max": 100, "step": "any", "required": True, "data-points": weight})
            self.fields[name] = forms.FloatField(label=words.word(blueprint, name), required=False, widget=widget)
        self.fields["comment"] = forms.CharField(
            label=gettext("Comment"), required=False, widget=forms.Textarea({"rows": 4}),
            help_text=gettext("For the operators; the applicant does not see it."),
        )  # fmt: skip

    def criteria(self) -> list[tuple[forms.BoundField, float]]:
        """The fields of the rubric, each with its weight."""
        return [(self[name], weight) for name, weight in self.rubric.items()]

    def marks(self) -> dict[str, int | float]:
        """Points by criterion, those that were given and are numbers; whole ones as people write them."""
        given = {name: self.cleaned_data.get(name) for name in self.rubric}
        return {name: int(one) if one.is_integer() else one for name, one in given.items() if one is not None}

    def draft(self, review: Review, by: Person) -> Review:
        """Keep what is written so far, right or wrong."""
        self.is_valid()
        comment, spent = self.cleaned_data.get("comment", ""), self.cleaned_data.get("spent") or 0
        return keep_draft(review, marks=self.marks(), by=by, comment=comment, seconds=spent)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """What was handed in, beside the criteria; POST gives the marks and goes on to the next."""
    person, found = person_of(request), _own(request, review_id)
    form = MarksForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if "draft" in request.POST:
            form.draft(found, person)
            messages.success(request, gettext("The draft is saved."))
            return redirect("review", found.pk)
        if form.submit(lambda said: _sent(found, form, person, said)):
            messages.success(request, _told(found))
            return redirect(first_review(person, place_of(found)))
    return render(request, "reviews/review.html", {**_seen(found, person), "form": form if _open(found) else None})


def _sent(found: Review, form: MarksForm, person: Person, said: dict[str, Any]) -> None:
    if said.get("spent"):
        form.draft(found, person)
    give_marks(found, marks=form.marks(), by=person, comment=said["comment"])


def _told(found: Review) -> str:
    """What was sent, and whether it can be taken back."""
    case = gettext("case %(n)s") % {"n": found.turn.case.number}
    if panel_can_wait(found):
        return gettext("Marks for %(case)s are sent. You can take them back until the result is set.") % {"case": case}
    return gettext("Marks for %(case)s are sent.") % {"case": case}


def panel_can_wait(found: Review) -> bool:
    """Whether the stage is judged as a set: then marks can be taken back until an operator settles it."""
    return blueprint_of(found.turn.programme).stage(found.turn.stage).settles_as_set


def _open(found: Review) -> bool:
    return found.state == ReviewState.ASSIGNED and not stands(found)


def _seen(found: Review, person: Person) -> dict[str, object]:
    place, turn = place_of(found), found.turn
    blueprint = blueprint_of(place.programme)
    waiting = at(to_mark(person), place).values_list("pk", flat=True)
    blind = is_blind(blueprint.stage(turn.stage))
    is_set = stands(found)
    panel = panel_of(found)
    return {
        "review": found,
        "turn": turn,
        "programme": place.programme,
        "title": words.word(blueprint, turn.stage),
        "heading": heading_of(turn, blind=blind),
        "blind": blind,
        "handed_in": part_of(turn, found.evidence, page=review_page(found.pk), named=not blind),
        "earlier": [] if blind else earlier_parts(turn, page=review_page(found.pk)),
        "panel": panel,
        "marks": _marks(blueprint, panel, found),
        "others": panels_mean(found) if is_set else None,
        "stands": is_set,
        "replaced": found.evidence_id != turn.evidence_id,
        "conflicts": [words.word(blueprint, kind) for kind in panel.conflicts],
        "before": waiting.filter(pk__lt=found.pk).last(),
        "after": waiting.filter(pk__gt=found.pk).first(),
        "left": waiting[:MANY].count(),
        "many": MANY,
        "list": list_address(REVIEW, place),
    }


def _marks(blueprint: Blueprint, panel: PanelStep, found: Review) -> list[tuple[str, float, float]]:
    return [(words.word(blueprint, name), weight, found.marks.get(name)) for name, weight in panel.rubric.items()]


def heading_of(turn: Turn, *, blind: bool) -> str:
    """What one judges: its title, and whose it is where that may be known."""
    return headings_of([turn], blind=blind)[turn.pk]


def headings_of(turns: Sequence[Turn], *, blind: bool) -> dict[UUID, str]:
    """The same of each turn, by its id."""
    if blind:
        return {turn.pk: _unnamed(turn) for turn in turns}
    names = names_by_turn([turn for turn in turns if not (turn.title or turn.case.title)])
    return {turn.pk: turn.title or turn.case.title or names[turn.pk] for turn in turns}


def _unnamed(turn: Turn) -> str:
    number = gettext("Case %(n)s") % {"n": turn.case.number}
    title = title_told(turn, blind=True)
    return f"{number} · {title}" if title else number


@login_required
@require_POST
def draft(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Keep the marks while they are written; the answer says when."""
    found = _own(request, review_id)
    MarksForm(found, request.POST).draft(found, person_of(request))
    return render(request, "reviews/saved.html", {"at": clock.now()})


@login_required
@require_POST
def undo(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Take marks back to change them."""
    found = take_back(_own(request, review_id), by=person_of(request))
    messages.success(request, gettext("Your marks are taken back. Change them and send them again."))
    return redirect("review", found.pk)


@login_required
@require_POST
def step_back(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """The reviewer declares a conflict of interest."""
    found, person = _own(request, review_id), person_of(request)
    why = " · ".join(filter(None, [*request.POST.getlist("kind"), request.POST.get("why", "").strip()]))
    declare_conflict(found, by=person, why=why[:CONFLICT_MOST])
    messages.success(request, gettext("You have stepped back. The operators will seat somebody else."))
    return redirect(first_review(person, place_of(found)))


@login_required
@require_safe
def file(request: HttpRequest, review_id: UUID, file_id: UUID) -> FileResponse:
    """A file of the hand-in; of a blind panel under what it is and not under the name it came with."""
    found = _own(request, review_id)
    stage = blueprint_of(found.turn.programme).stage(found.turn.stage)
    for label, attached in handed_in(found.turn):
        if attached.pk == file_id and found.evidence_id == found.turn.evidence_id:
            name = label if is_blind(stage) else attached.name.rpartition(".")[0]
            return answer_with(attached, name=name, save="save" in request.GET)
    raise Missing("file.none", NO_FILE)


@login_required
@require_safe
def panel(request: HttpRequest, slug: str, stage: str, step: int) -> HttpResponse:
    """Everything one has to mark and has marked at one panel, and how one's marks compare once they are set."""
    person, place = person_of(request), _place(slug, stage, step)
    counts = states_at(person, place)
    if not counts:
        raise Missing("review.missing", NO_REVIEW)
    chosen = request.GET.get("state", "")
    state = chosen if chosen in ReviewState.values else ""
    count = counts.get(state, 0) if state else sum(counts.values())
    page = Paginator(range(count), PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    rows = own_at(person, place, state=state, part=slice(start, start + PAGE))
    blueprint, means = blueprint_of(place.programme), means_at(person, place)
    blind = is_blind(blueprint.stage(stage))
    known = calibration_of(at(Review.objects.filter(reviewer=person), place), means)
    seen = {
        "programme": place.programme,
        "title": words.word(blueprint, stage),
        "rows": rows,
        "lines": _lines(rows, headings_of([row.turn for row in rows], blind=blind), means),
        "page": page,
        "state": state,
        "states": words.REVIEW_STATES,
        "left": left_at(person, place),
        "done": counts.get(ReviewState.DONE, 0),
        "next": f"{list_address(REVIEW, place)}next/",
        "known": known,
        "spent": timedelta(seconds=round(known.seconds)) if known.seconds else None,
    }
    return render(request, "reviews/panel.html", seen)


def _lines(rows: Sequence[Review], headings: Mapping[UUID, str], means: Mapping[UUID, Decimal]) -> SafeString:
    """The lines of the list: there are fifty, and a template takes three times as long for each."""
    address = addresses("review")
    lines = (_line(row, headings[row.turn_id], address(row.pk), means.get(row.pk)) for row in rows)
    return SafeString("".join(lines))


def _line(row: Review, heading: str, address: str, mean: Decimal | None) -> SafeString:
    pick = "" if row.state == ReviewState.DECLINED else drawn(_PICK, row.pk, heading)
    begun = drawn(_DRAFT, gettext("Draft")) if row.state == ReviewState.ASSIGNED and row.draft else ""
    told = words.REVIEW_STATES[row.state]
    return drawn(_LINE, pick, address, heading, row.state, told, begun, *map(_rounded, (row.mark, mean)))


def _rounded(mark: Decimal | None) -> str:
    return "" if mark is None else str(floatformat(mark, 1))


@login_required
@require_safe
def next_of_panel(request: HttpRequest, slug: str, stage: str, step: int) -> HttpResponse:
    """The oldest review that is left there."""
    return redirect(first_review(person_of(request), _place(slug, stage, step)))


@login_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two or three hand-ins of one panel side by side, with one's own marks."""
    chosen = [_own(request, pk) for pk in _ids(request)]
    if not 2 <= len(chosen) <= 3 or len({place_of(one) for one in chosen}) > 1:
        sentence = Text(
            ko="같은 심사의 제출물을 두세 건 골라 주세요.", en="Choose two or three hand-ins of the same panel."
        )
        raise Refused("compare.few", sentence, chosen=len(chosen))
    place = place_of(chosen[0])
    blueprint = blueprint_of(place.programme)
    blind = is_blind(blueprint.stage(place.stage))
    seen = {
        "programme": place.programme,
        "title": words.word(blueprint, place.stage),
        "list": list_address(REVIEW, place),
        "columns": [(one, heading_of(one.turn, blind=blind)) for one in chosen],
        "rows": _side_by_side([
            part_of(one.turn, one.evidence, page=review_page(one.pk), named=not blind) for one in chosen
        ]),
        "files": [part_of(one.turn, one.evidence, page=review_page(one.pk), named=not blind).files for one in chosen],
        "criteria": [
            (words.word(blueprint, name), weight, [_points(one, name) for one in chosen])
            for name, weight in panel_of(chosen[0]).rubric.items()
        ],
    }  # fmt: skip
    return render(request, "reviews/compare.html", seen)


def _points(found: Review, name: str) -> float | None:
    points: float | None = (found.marks or found.draft.get("marks", {})).get(name)
    return points


def _side_by_side(parts: list[Part]) -> list[tuple[str, list[object]]]:
    """By label, what each of the parts says."""
    labels = dict.fromkeys(answer.label for part in parts for answer in part.answers)
    said = [{answer.label: answer.value for answer in part.answers} for part in parts]
    return [(label, [one.get(label, "") for one in said]) for label in labels]


def _ids(request: HttpRequest) -> list[UUID]:
    found = []
    for written in request.GET.getlist("r")[:4]:
        try:
            found.append(UUID(written))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def panel_of(found: Review) -> PanelStep:
    """The step of the gate at which the review sits."""
    step = blueprint_of(found.turn.programme).stage(found.turn.stage).gate[found.step]
    if not isinstance(step, PanelStep):
        raise TypeError("a review sits at a panel")
    return step


def place_of(found: Review) -> Place:
    return Place(found.turn.programme, found.turn.stage, found.step)


def _place(slug: str, stage: str, step: int) -> Place:
    return Place(get_object_or_404(Programme, slug=slug), stage, step)


def _own(request: HttpRequest, review_id: UUID) -> Review:
    for own in rows_of(_review, review_id, person_of(request).pk):
        return own
    raise Missing("review.missing", NO_REVIEW)


def _review(review: UUID, person: UUID) -> "QuerySet[Review]":
    rows = Review.objects.filter(pk=review, reviewer=person)
    return rows.select_related("turn__programme", "turn__case", "evidence")
