"""Assignments of a cohort as those who run it set them: what is asked, the rubric, graders, groups, the scale."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.learning.marks import Compared, read_scale, written_scale
from dure.learning.models import Assignment, Cohort, LessonKind, MarkingState, WorkMember, scale_of
from dure.learning.operations import assignments as operations
from dure.learning.operations.assignments.making import SET
from dure.learning.queries.assignments import expected, graders_compared, markings_of, rubric_of
from dure.people.models import Person
from dure.site import learning_words as labels
from dure.site import words
from dure.site.assignments.doors import cohort_run_by, moderated_by
from dure.site.learning.teaching import frame_of
from dure.site.reading import MomentField
from dure.site.visitors import person_of

MOST_GRADERS, MOST_LINES = 200, 2_000
NOBODY = Text(ko="가입한 사람이 아닙니다: {email}", en="Nobody is registered as {email}")
NOT_HERE = Text(ko="이 과제를 하는 수강생이 아닙니다: {email}", en="Not among those who do this assignment: {email}")
SAMPLE = """? Idea || 아이디어
= 5 Clear and new || 명확하고 새로움
= 3 Clear || 명확함
= 0 Not to be seen || 보이지 않음
"""


class AssignmentForm(forms.Form):
    """What an assignment asks for and how it counts."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    about_ko = forms.CharField(
        label=_("What to do, in Korean"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Markdown."),
    )  # fmt: skip
    about_en = forms.CharField(
        label=_("What to do, in English"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 5})
    )
    lesson = forms.ChoiceField(
        label=_("Lesson that it fills"), required=False,
        help_text=_("It is done once a mark that passes is released."),
    )  # fmt: skip
    due_at = MomentField(
        label=_("Hand in by"), required=False,
    )  # fmt: skip
    grace_minutes = forms.IntegerField(
        label=_("Minutes of grace"), min_value=0, max_value=1440, initial=0, help_text=_("So long, lateness is free.")
    )
    late_days = forms.IntegerField(label=_("Days on which it is taken late"), min_value=0, max_value=365, initial=0)
    late_per_day = forms.DecimalField(
        label=_("Lost a day"), min_value=0, max_value=1, decimal_places=3, initial=0,
        help_text=_("A share of all points, such as 0.1, for each day that has begun."),
    )  # fmt: skip
    group_most = forms.IntegerField(
        label=_("Largest group"), min_value=1, max_value=50, initial=1, help_text=_("1: everybody hands in alone.")
    )
    each = forms.TypedChoiceField(
        label=_("Graders for each hand-in"), coerce=int, choices=[(1, "1"), (2, "2")], initial=1
    )
    gap = forms.DecimalField(
        label=_("Two graders differ from"), min_value=0, max_value=1, decimal_places=2, initial=Decimal("0.15"),
        help_text=_("A share of all points. Further apart, a third grader or you decide."),
    )  # fmt: skip
    scheme = forms.ChoiceField(label=_("How it counts"), choices=list(labels.SCHEMES.items()))
    weight = forms.DecimalField(label=_("Weight in the grade"), min_value=0, max_value=999, decimal_places=2, initial=1)
    pass_share = forms.DecimalField(
        label=_("Passed from"), min_value=0, max_value=1, decimal_places=2, initial=Decimal("0.6"),
        help_text=_("A share of all points, from 0 to 1."),
    )  # fmt: skip
    regrade_days = forms.IntegerField(label=_("Days to ask for a regrade"), min_value=0, max_value=365, initial=7)
    rubric = forms.CharField(
        label=_("Rubric"), max_length=50_000, initial=SAMPLE,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "translate": "no"}),
        help_text=_("? criterion, = points and level; Korean after ||. A change is a new version."),
    )  # fmt: skip

    def __init__(self, cohort: Cohort, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = cohort.course.lessons.filter(kind=LessonKind.ASSIGNMENT, retired_at=None)
        self.lessons = {str(row.pk): row for row in rows}
        choices = [("", gettext("None")), *((pk, words.say(row.title)) for pk, row in self.lessons.items())]
        self.fields["lesson"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    def told(self) -> dict[str, Any]:
        """What the operation takes, without the rubric."""
        told = {name: self.cleaned_data[name] for name in SET}
        return told | {"lesson": self.lessons.get(told["lesson"])}

    def judged(self, operation: Any) -> Assignment | None:
        """What the operation made; what it finds wrong is shown."""
        try:
            made: Assignment = operation()
        except Refused as refused:
            flaws: Any = refused.facts.get("errors") or [{"text": refused.text.as_dict()}]
            field = {"rubric": "rubric", "assignment": "lesson"}.get(refused.code.partition(".")[0])
            for flaw in flaws:
                self.add_error(field, flaw["text"][words.language()])
            return None
        return made


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """The assignments of a cohort, and from which share on which grade stands."""
    cohort = cohort_run_by(request, cohort_id)
    wrong: Flawed | None = None
    if request.method == "POST":
        try:
            operations.set_scale(cohort, cuts=read_scale(request.POST.get("scale", "")))
            messages.success(request, gettext("Saved. Grades are counted by it from the next release on."))
            return redirect("cohort-assignments", cohort.pk)
        except Flawed as flawed:
            wrong = flawed
    seen = {
        **frame_of(request, cohort, tab="assignments"),
        "rows": cohort.assignments.select_related("lesson").order_by("due_at", "pk"),
        "scale": request.POST.get("scale", written_scale(scale_of(cohort))),
        "flaws": wrong.facts["errors"] if wrong else [],
    }
    return render(request, "assignments/cohort.html", seen, status=wrong.status if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Set an assignment; a draft until it is opened."""
    cohort = cohort_run_by(request, cohort_id)
    form = AssignmentForm(cohort, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.judged(
            lambda: operations.make_assignment(
                cohort, rubric=form.cleaned_data["rubric"], by=person_of(request), **form.told()
            )
        )
        if made:
            return redirect("assignment-settings", made.pk)
    return render(request, "assignments/new.html", {**frame_of(request, cohort, tab="assignments"), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Change it, open it."""
    assignment = moderated_by(request, assignment_id)
    before = rubric_of(assignment)
    told = {name: getattr(assignment, name) for name in SET} | {
        "lesson": str(assignment.lesson_id or ""), "rubric": before.source,
    }  # fmt: skip
    form = AssignmentForm(assignment.cohort, request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and "open" in request.POST:
        operations.open_assignment(assignment)
        messages.success(request, gettext("The assignment is open, and those who do it are told."))
        return redirect("assignment-settings", assignment.pk)
    if request.method == "POST" and form.is_valid() and form.judged(lambda: _change(request, assignment, form)):
        messages.success(request, gettext("Saved."))
        return redirect("assignment-settings", assignment.pk)
    seen = {**room_of(request, assignment, tab="settings"), "form": form, "version": before}
    return render(request, "assignments/settings.html", seen)


def _change(request: HttpRequest, assignment: Assignment, form: AssignmentForm) -> Assignment:
    source = form.cleaned_data["rubric"].replace("\r\n", "\n")
    operations.write_rubric(assignment, source=source, by=person_of(request))
    return operations.change_assignment(assignment, **form.told())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Who marks, who hands in together, who has more time."""
    assignment = moderated_by(request, assignment_id)
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            _change_people(request, assignment)
            messages.success(request, gettext("Saved."))
            return redirect("assignment-people", assignment.pk)
        except Refused as refused:
            wrong = refused
    extended = WorkMember.objects.filter(assignment=assignment, work__extended_until__isnull=False)
    seen = {
        **room_of(request, assignment, tab="people"),
        "graders": _written(request, "graders", "\n".join(_emails(assignment.seats.select_related("person")))),
        "groups": _written(request, "groups", "\n".join(_groups(assignment))),
        "extended": extended.select_related("work", "enrolment__person").order_by("enrolment__person__name_key"),
        "compared": _compared(request, assignment),
        "wrong": wrong,
        "flaws": wrong.facts.get("errors", []) if wrong else [],
    }
    return render(request, "assignments/people.html", seen, status=wrong.status if wrong else 200)


def _compared(request: HttpRequest, assignment: Assignment) -> list[tuple[Person, Compared]]:
    """How the graders mark; who marks there as well sees it once all of their own marks are sent."""
    drafts = markings_of(person_of(request), assignment).filter(state=MarkingState.DRAFT)
    return [] if drafts.exists() else graders_compared(assignment)


def _written(request: HttpRequest, name: str, stands: str) -> str:
    return request.POST.get(name, stands)


def _emails(seats: Any) -> list[str]:
    return sorted(seat.person.email for seat in seats)


def _groups(assignment: Assignment) -> list[str]:
    rows = WorkMember.objects.filter(assignment=assignment).exclude(work__name="")
    found: dict[str, list[str]] = {}
    for row in rows.select_related("work", "enrolment__person").order_by("work__name", "enrolment__person__email"):
        found.setdefault(row.work.name, []).append(row.enrolment.person.email)
    return [f"{name}: {', '.join(emails)}" for name, emails in found.items()]


def _change_people(request: HttpRequest, assignment: Assignment) -> None:
    if "graders" in request.POST:
        operations.seat_graders(assignment, people=_persons(request.POST["graders"]))
    elif "groups" in request.POST:
        operations.form_groups(assignment, groups=_read_groups(request.POST["groups"]))
    else:
        email = request.POST.get("email", "").strip().lower()[:254]
        enrolment = expected(assignment).select_related("person").filter(person__email=email).first()
        if enrolment is None:
            raise Missing("person.missing", NOT_HERE.format(email=email))
        field = MomentField(required=False)
        try:
            until = field.clean(request.POST.get("until", ""))
        except forms.ValidationError as wrong:
            said = wrong.messages[0]
            raise Flawed("work.until", said, errors=[{"text": {"ko": said, "en": said}}]) from None
        operations.extend(assignment, enrolment=enrolment, until=until)


def _persons(written: str) -> list[Person]:
    emails = list(dict.fromkeys(written.replace(",", " ").lower().split()))[:MOST_GRADERS]
    found = {person.email: person for person in Person.objects.filter(email__in=emails, is_active=True)}
    errors = [{"text": NOBODY.format(email=email).as_dict()} for email in emails if email not in found]
    if errors:
        raise Flawed("person.missing", Text.of(errors[0]["text"]), errors=errors)
    return [found[email] for email in emails]


def _read_groups(written: str) -> dict[str, list[str]]:
    """``name: one@…, two@…``, a group a line."""
    found: dict[str, list[str]] = {}
    for line in written.splitlines()[:MOST_LINES]:
        name, _sign, rest = line.partition(":")
        if name.strip() and rest.strip():
            found.setdefault(name.strip()[:80], []).extend(rest.replace(",", " ").lower().split())
    return found


def room_of(request: HttpRequest, assignment: Assignment, *, tab: str) -> dict[str, Any]:
    """What the frame of an assignment's pages shows."""
    seen = {**frame_of(request, assignment.cohort, tab="assignments"), "assignment": assignment, "here": tab}
    return seen | {"marks": assignment.seats.filter(person=person_of(request)).exists()}
