"""Courses as curators make them: described, filled with lessons and files, planned in cohorts, opened."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Cohort, Course, Duty, Item, Lesson, LessonFile, Provider
from dure.learning.operations import cohorts, courses
from dure.site import learning_words as labels
from dure.site import words
from dure.site.addresses import person_at
from dure.site.learning.courses import NO_COURSE, course_for
from dure.site.learning.providers import provider_for
from dure.site.learning.teaching import frame_of, run_by
from dure.site.reading import MomentField, SlugField
from dure.site.visitors import id_from, person_of

MOST_OPTIONS = 20
NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")


class CourseForm(forms.Form):
    """What a course says of itself."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    about_ko = forms.CharField(
        label=_("About it, in Korean"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown."),
    )  # fmt: skip
    about_en = forms.CharField(
        label=_("About it, in English"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    mode = forms.ChoiceField(label=_("Held"), choices=list(labels.MODES.items()))
    credits = forms.DecimalField(label=_("Credits"), min_value=0, max_value=999, decimal_places=1, initial=0)
    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_value=99_999, decimal_places=1, initial=0)
    options = forms.CharField(
        label=_("Tracks"), required=False, max_length=500,
        help_text=_("Between commas: vision, voice. Each learner takes one, and only its lessons are asked of them."),
    )  # fmt: skip
    in_order = forms.BooleanField(label=_("A lesson opens once those before it are done"), required=False, initial=True)

    def clean_options(self) -> list[str]:
        found = list(dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["options"].split(",")))))
        return [one[:80] for one in found[:MOST_OPTIONS]]


class NewCourseForm(CourseForm):
    key = SlugField(
        label=_("Address"), max_length=60, help_text=_("Small letters, digits and hyphens, such as ai-basics-2027.")
    )
    field_order = ("key",)


class LessonForm(forms.Form):
    """A lesson: what it is called, what stands in it, whose it is."""

    kind = forms.ChoiceField(label=_("Sort of lesson"), choices=list(labels.LESSON_KINDS.items()))
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    body_ko = forms.CharField(
        label=_("Text in Korean"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown. A picture that lies beside the lesson: ![what it shows](files/picture.png)."),
    )  # fmt: skip
    body_en = forms.CharField(
        label=_("Text in English"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 10})
    )
    address = forms.URLField(
        label=_("Link"), required=False, max_length=500, assume_scheme="https",
        help_text=_("A film or a page elsewhere. Films of your own are files beside the lesson."),
    )  # fmt: skip
    item = forms.CharField(
        label=_("Item of the catalogue"), required=False, max_length=160,
        help_text=_("For what is learnt elsewhere: its key, or provider/key of another provider's."),
    )  # fmt: skip
    quiz = forms.CharField(
        label=_("Quiz questions"), required=False, max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "? question, * right choice, - wrong choice, = accepted short answer, ! explanation; Korean after ||."
        ),
    )  # fmt: skip
    pass_share = forms.DecimalField(
        label=_("Passed from"), min_value=0, max_value=1, decimal_places=2, initial=Decimal("0.6"),
        help_text=_("The share of right answers, from 0 to 1."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=99_999)
    for_options = forms.MultipleChoiceField(
        label=_("Only for these tracks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    required = forms.BooleanField(label=_("It must be done to finish the course"), required=False, initial=True)
    needs = forms.MultipleChoiceField(
        label=_("Comes after"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Besides the order of the course."),
    )  # fmt: skip

    def __init__(self, course: Course, lesson: Lesson | None, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.course = course
        others = [one for one in course.lessons.filter(retired_at=None) if lesson is None or one.pk != lesson.pk]
        self._choices("for_options", [(option, option) for option in course.options])
        self._choices("needs", [(str(one.pk), words.say(one.title)) for one in others])
        if lesson is not None:
            del self.fields["kind"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField has them
        else:
            del self.fields[name]

    def clean_item(self) -> Item | None:
        written = self.cleaned_data["item"]
        if not written:
            return None
        provider, _sign, key = written.rpartition("/") if "/" in written else ("", "", written)
        rows = Item.objects.filter(key=key, provider__key=provider or self.course.provider.key)
        found = rows.first() or Item.objects.filter(key=written, provider=self.course.provider).first()
        if found is None:
            raise forms.ValidationError(gettext("The catalogue has no such item."))
        return found

    def told(self) -> dict[str, Any]:
        """What the operation takes."""
        told = dict(self.cleaned_data)
        told.setdefault("for_options", [])
        wanted = {id_from(one) for one in told.pop("needs", ())}
        return {**told, "needs": [one for one in self.course.lessons.all() if one.pk in wanted]}


class CohortForm(forms.Form):
    """When a course is taken together, and by how many."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Such as 2027-1."))
    opens_at = MomentField(_("Begins"), required=False)
    closes_at = MomentField(_("Ends"), required=False)
    join_until = MomentField(
        _("One may join until"),
        help_text=_("Left empty: until it ends. A roster takes people later, too."),
        required=False,
    )
    self_service = forms.BooleanField(label=_("People join by themselves"), required=False, initial=True)
    capacity = forms.IntegerField(
        label=_("Number of seats"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("Left empty: as many as come. Whoever comes when all are taken waits and moves up by themselves."),
    )  # fmt: skip
    price = forms.IntegerField(label=_("Price of a seat, in won"), min_value=0, max_value=10**12, initial=0)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a course of a provider."""
    provider: Provider = provider_for(request, key)
    form = NewCourseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = courses.make_course(provider, by=person_of(request), **form.cleaned_data)
            return redirect("course-edit", made.key)
        except Refused as refused:
            form.add_error("key", words.say(refused.text))
    return render(request, "learning/course_new.html", {"provider": provider, "form": form})


@login_required
@require_safe
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """A course's lessons and cohorts, and what is still to be done."""
    course = made_by(request, key)
    lessons = course.lessons.filter(retired_at=None).prefetch_related("files")
    seen = {"course": course, "lessons": lessons, "cohorts": course.cohorts.order_by("-pk"), "tab": "lessons"}
    return render(request, "learning/course_edit.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, key: str) -> HttpResponse:
    """What it says of itself."""
    course = made_by(request, key)
    told = {name: getattr(course, name) for name in CourseForm.base_fields} | {"options": ", ".join(course.options)}
    form = CourseForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            courses.describe_course(course, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("course-edit", key)
        except Refused as refused:
            form.add_error("options", words.say(refused.text))
    return render(request, "learning/course_describe.html", {"course": course, "form": form, "tab": "about"})


@login_required
@require_POST
def change_state(request: HttpRequest, key: str) -> HttpResponse:
    """Open it to learners, or archive it."""
    course = made_by(request, key)
    if "open" in request.POST:
        courses.open_course(course)
        messages.success(request, gettext("The course is open."))
    else:
        courses.archive_course(course)
        messages.success(request, gettext("The course is archived. Whoever takes it goes on."))
    return redirect("course-edit", key)


# --- lessons


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_lesson(request: HttpRequest, key: str) -> HttpResponse:
    """A lesson at the end of the course."""
    course = made_by(request, key)
    form = LessonForm(course, None, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.told()
        needs = told.pop("needs")
        if made := _judged(form, lambda: courses.write_lesson(course, **told)):
            if needs:
                courses.edit_lesson(made, needs=needs)
            return redirect("lesson-edit", made.pk)
    return render(request, "learning/lesson_form.html", {"course": course, "form": form, "tab": "lessons"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_lesson(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """Change a lesson, and what lies beside it."""
    lesson = lesson_for(request, lesson_id)
    form = LessonForm(lesson.course, lesson, request.POST if request.method == "POST" else None, initial=_told(lesson))
    saved = request.method == "POST" and form.is_valid()
    if saved and _judged(form, lambda: courses.edit_lesson(lesson, **form.told())):
        messages.success(request, gettext("Saved."))
        return redirect("course-edit", lesson.course.key)
    seen = {"course": lesson.course, "lesson": lesson, "form": form, "tab": "lessons"}
    return render(request, "learning/lesson_form.html", seen)


def _told(lesson: Lesson) -> dict[str, Any]:
    told = {name: getattr(lesson, name) for name in courses.WRITTEN}
    needs = [str(pk) for pk in lesson.needs.values_list("pk", flat=True)]
    item = f"{lesson.item.provider.key}/{lesson.item.key}" if lesson.item else ""
    return {**told, "needs": needs, "item": item}


def _judged(form: LessonForm, operation: Any) -> Lesson | None:
    """What the operation made; what it finds flawed is shown."""
    try:
        made: Lesson = operation()
    except Flawed as flawed:
        flaws: Any = flawed.facts.get("errors") or [{"text": flawed.text.as_dict()}]
        for flaw in flaws:
            form.add_error("quiz" if flawed.code.startswith("quiz") else None, flaw["text"][words.language()])
        return None
    return made


@login_required
@require_POST
def act_on_lesson(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """Move it up or down, take it out, lay a file beside it or take one away."""
    lesson = lesson_for(request, lesson_id)
    if "retire" in request.POST:
        courses.retire_lesson(lesson)
        messages.success(request, gettext("The lesson is out of the course. Whoever has done it has done it."))
    elif "move" in request.POST:
        _move(lesson, by=-1 if request.POST["move"] == "up" else 1)
    else:
        _change_files(request, lesson)
        return redirect("lesson-edit", lesson.pk)
    return redirect("course-edit", lesson.course.key)


def _move(lesson: Lesson, *, by: int) -> None:
    ids = list(lesson.course.lessons.filter(retired_at=None).values_list("pk", flat=True))
    at = ids.index(lesson.pk)
    ids.insert(max(0, min(at + by, len(ids) - 1)), ids.pop(at))
    courses.order_lessons(lesson.course, lessons=ids)


def _change_files(request: HttpRequest, lesson: Lesson) -> None:
    gone = LessonFile.objects.filter(lesson=lesson, pk=id_from(request.POST.get("detach"))).first()
    if gone is not None:
        courses.detach(gone)
        return
    file = request.FILES.get("file")
    if file is None:
        raise Flawed("import.file", NO_FILE)
    courses.attach(lesson, file.chunks(), name=file.name or "")


# --- cohorts


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_cohort(request: HttpRequest, key: str) -> HttpResponse:
    """Plan a cohort."""
    course = made_by(request, key)
    form = CohortForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = cohorts.plan_cohort(course, **form.cleaned_data)
            return redirect("cohort-settings", made.pk)
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
    return render(request, "learning/cohort_new.html", {"course": course, "form": form, "tab": "lessons"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_settings(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """A cohort's dates, seats and teachers."""
    cohort = planned_by(request, cohort_id)
    told = {name: getattr(cohort, name) for name in cohorts.PLANNED}
    form = CohortForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            cohorts.change_cohort(cohort, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("cohort-settings", cohort.pk)
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
    seen = {
        **frame_of(request, cohort, tab="settings"), "form": form, "duties": labels.DUTIES,
        "seats": cohort.seats.select_related("person").order_by("duty", "pk"),
    }  # fmt: skip
    return render(request, "learning/cohort_settings.html", seen)


@login_required
@require_POST
def seat(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Let somebody teach, or end that."""
    cohort = planned_by(request, cohort_id)
    if "end" in request.POST:
        gone = cohort.seats.filter(person=id_from(request.POST["end"])).first()
        if gone is not None:
            cohorts.unseat_teacher(gone)
        return redirect("cohort-settings", cohort.pk)
    person = person_at(request.POST.get("email", ""))
    duty = request.POST.get("duty", "")
    cohorts.seat_teacher(cohort, person=person, duty=duty if duty in Duty.values else Duty.INSTRUCTOR)
    return redirect("cohort-settings", cohort.pk)


def planned_by(request: HttpRequest, cohort_id: UUID) -> Cohort:
    """The cohort, for the curators of its course. Raises Missing."""
    cohort = run_by(request, cohort_id)
    if not rules.may_make(person_of(request), cohort.course):
        raise Missing("course.missing", NO_COURSE)
    return cohort


def made_by(request: HttpRequest, key: str) -> Course:
    """The course, for its curators. Raises Missing."""
    course = course_for(request, key)
    if not rules.may_make(person_of(request), course):
        raise Missing("course.missing", NO_COURSE)
    return course


def lesson_for(request: HttpRequest, lesson_id: UUID) -> Lesson:
    """The lesson, for the curators of its course. Raises Missing."""
    rows = Lesson.objects.select_related("course__provider__organisation", "item__provider").filter(retired_at=None)
    found = rows.filter(pk=lesson_id).first()
    if found is None or not rules.may_make(person_of(request), found.course):
        raise Missing("course.missing", NO_COURSE)
    return found
