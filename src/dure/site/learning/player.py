"""Learning: the way through a course and one lesson of it, on a phone as on a desk, going on where one was."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Missing
from dure.joints.learning.lessons import own_marks
from dure.learning import rules
from dure.learning.files import SHELF
from dure.learning.models import (
    SEATED,
    Assignment,
    AssignmentState,
    Enrolment,
    Lesson,
    LessonFile,
    LessonKind,
)
from dure.learning.operations import progressing
from dure.learning.queries.courses import evidence_of
from dure.learning.quizzes import Question, read_quiz
from dure.learning.steps import Step, next_of, steps_of
from dure.site import words
from dure.site.learning.courses import NO_ENROLMENT, own_enrolment
from dure.site.markdown import as_html
from dure.site.reading import number_from
from dure.site.sending import sent
from dure.site.visitors import person_of


@dataclass(frozen=True)
class Asked:
    """A question as it is shown: with what was answered and, once it was, whether that is right."""

    number: int
    question: Question
    answer: Sequence[str]
    right: bool | None

    @property
    def chosen(self) -> set[int]:
        return {int(place) for place in self.answer if place.isdecimal()}

    @property
    def written(self) -> str:
        return self.answer[0] if self.answer else ""


@login_required
@require_safe
def show(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """The way through the course, and where to go on."""
    enrolment = own_enrolment(request, enrolment_id)
    way = steps_of(enrolment)
    seen = {
        **_frame(enrolment, way),
        "next": next_of(way, enrolment.last_id) if enrolment.state in SEATED else None,
        "evidence": evidence_of(enrolment),
    }
    return render(request, "learning/enrolment.html", seen)


@login_required
@require_safe
def lesson(request: HttpRequest, enrolment_id: UUID, lesson_id: UUID) -> HttpResponse:
    """One lesson; that it was opened is where the next device goes on."""
    enrolment, found = _found(request, enrolment_id, lesson_id)
    progressing.open_lesson(enrolment, found)
    return _drawn(request, enrolment, found, marked=None)


@login_required
@require_POST
def act(request: HttpRequest, enrolment_id: UUID, lesson_id: UUID) -> HttpResponse:
    """Say that one has done it, answer its quiz, or (``position``) say where in it one is."""
    enrolment, found = _found(request, enrolment_id, lesson_id)
    if "position" in request.POST:
        progressing.keep_position(enrolment, found, position=number_from(request.POST["position"]) or 0)
        return HttpResponse(status=204)
    if found.kind == LessonKind.QUIZ:
        questions = read_quiz(found.quiz)
        answers = [[one[:200] for one in request.POST.getlist(f"q{at}")] for at in range(len(questions))]
        marked = progressing.answer(enrolment, found, answers=answers)
        return _drawn(request, enrolment, found, marked=(answers, marked.right))
    progressing.finish_lesson(enrolment, found)
    return _onward(request, enrolment)


def _onward(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """To the next lesson, or to the end."""
    enrolment.refresh_from_db()
    after = next_of(steps_of(enrolment), None)
    if after is None:
        messages.success(request, gettext("That was the last lesson that is open to you."))
        return redirect("enrolment", enrolment.pk)
    return redirect("lesson", enrolment.pk, after.lesson.pk)


def _drawn(
    request: HttpRequest,
    enrolment: Enrolment,
    found: Lesson,
    *,
    marked: tuple[list[list[str]], list[bool]] | None,
) -> HttpResponse:
    way = steps_of(enrolment)
    here = next(step for step in way if step.lesson.pk == found.pk)
    at = way.index(here)
    files = reverse("lesson-file", args=[enrolment.pk, found.pk, "-"]).removesuffix("-")
    seen = {
        **_frame(enrolment, way),
        "step": here,
        "lesson": found,
        "number": at + 1,
        "body": as_html(words.say(found.body), files=files),
        "files": [(file, mimetypes.guess_type(file.name)[0] or "") for file in found.files.all()],
        "questions": _asked(found, here, marked) if found.kind == LessonKind.QUIZ else (),
        "tried": marked is not None,
        "before": way[at - 1] if at else None,
        "after": next((step for step in way[at + 1 :] if not step.locked), None),
        "is_proven": LessonKind(found.kind).is_proven,
        "assignment": _assignment(enrolment, found) if found.kind == LessonKind.ASSIGNMENT else None,
        "sessions": own_marks(enrolment, found) if found.kind == LessonKind.SESSION else (),
    }
    return render(request, "learning/lesson.html", seen)


def _assignment(enrolment: Enrolment, found: Lesson) -> Assignment | None:
    rows = Assignment.objects.filter(cohort=enrolment.cohort_id, lesson=found, state=AssignmentState.OPEN)
    return rows.first()


def _asked(found: Lesson, here: Step, marked: tuple[list[list[str]], list[bool]] | None) -> list[Asked]:
    """The questions; once it is done, with the best try."""
    questions = read_quiz(found.quiz)
    best = list(here.progress.answers) if here.progress and here.is_done else []
    answers = marked[0] if marked else [*best, *([[]] * len(questions))][: len(questions)]
    if marked:
        right: Sequence[bool | None] = marked[1]
    else:
        right = [q.is_right(a) if best else None for q, a in zip(questions, answers, strict=True)]
    return [
        Asked(at, question, answer, verdict)
        for at, (question, answer, verdict) in enumerate(zip(questions, answers, right, strict=True))
    ]


def _frame(enrolment: Enrolment, way: Sequence[Step]) -> dict[str, object]:
    return {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "course": enrolment.cohort.course,
        "way": way,
        "done": sum(step.is_done for step in way),
    }


def _found(request: HttpRequest, enrolment_id: UUID, lesson_id: UUID) -> tuple[Enrolment, Lesson]:
    enrolment = own_enrolment(request, enrolment_id)
    rows = enrolment.cohort.course.lessons.filter(retired_at=None).select_related("item")
    found = rows.filter(pk=lesson_id).first()
    if found is None:
        raise Missing("lesson.missing", NO_ENROLMENT)
    return enrolment, found


@login_required
@require_safe
def file(request: HttpRequest, enrolment_id: UUID, lesson_id: UUID, name: str) -> HttpResponseBase:
    """A file beside a lesson, for those who take the course; films in pieces, as phones ask for them."""
    rows = LessonFile.objects.filter(lesson=lesson_id, name=name)
    enrolment = Enrolment.objects.select_related("cohort__course").filter(pk=enrolment_id).first()
    found = rows.filter(lesson__course=enrolment.cohort.course).first() if enrolment else None
    if enrolment is None or found is None or not rules.may_learn(person_of(request), enrolment):
        raise Missing("enrolment.missing", NO_ENROLMENT)
    return sent(request, found, shelf=SHELF)
