"""One turn of mine: where it stands and why, its history, and everything that can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import Kind, Stage, Subject
from dure.core.errors import Missing
from dure.joints.models import CourseTurn
from dure.joints.stages.exams import exam_of
from dure.joints.stages.interviews import interview_of
from dure.joints.stages.rounds import entrant_of
from dure.joints.stages.surveys import survey_of
from dure.people.models import Person, Team
from dure.people.queries import has_consented, mates_in, teams_of
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Turn, TurnState
from dure.programmes.operations.entering import accept_terms, choose, form_team
from dure.programmes.operations.handing import try_again, verdicts_of, withdraw
from dure.programmes.queries.members import members_of
from dure.programmes.queries.waiting import hindrances_of, terms_scope
from dure.site import proofs, words
from dure.site.applications import Filling, filling_of
from dure.site.entry import choices_for
from dure.site.mine.history import given_by, history_of
from dure.site.mine.work import can_try_again, stage_of, title_of
from dure.site.programmes.pages import terms_of
from dure.site.visitors import NO_TURN, id_from, person_of, turn_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """One turn: where it stands and why, and everything that can be done about it; POST: its application."""
    found = turn_for(request, turn_id)
    person = person_of(request)
    holder = rules.holds(person, found)
    filling = filling_of(request, found, person) if holder else None
    if request.method == "POST" and filling is not None and filling.taken():
        if filling.said:
            messages.success(request, filling.said)
        return redirect(filling.leads_to)
    return render(request, "mine/turn.html", _seen(found, person, holder=holder, filling=filling))


def _seen(found: Turn, person: Person, *, holder: bool, filling: Filling | None) -> dict[str, object]:
    programme = found.programme
    blueprint, stage = blueprint_of(programme), stage_of(found)
    waiting = found.state == TurnState.WAITING
    verdicts, gives = verdicts_of(found), given_by(found, to=person if holder else None)
    return {
        "turn": found,
        "programme": programme,
        "blueprint": blueprint,
        "stage": stage,
        "title": words.word(blueprint, stage.id),
        "asks": words.asks_of(blueprint, stage),
        "holder": holder,
        "filling": filling,
        "terms_page": terms_of(found.programme) if filling else None,
        "entrant": entrant_of(found) if holder else None,
        "members": [member.person for member in members_of([found]) if member.person],
        "waits": hindrances_of(programme, stage.id, [found])[found.pk] if waiting else [],
        "choices": choices_for(programme, stage, person) if waiting and stage.options is not None else None,
        "terms": words.terms_of(blueprint, stage) if waiting and not _has_accepted(found, stage, person) else [],
        "teams": _teams(stage, blueprint.subject, person) if waiting and found.formed_at is None else None,
        "verdicts": verdicts,
        "history": history_of(found, verdicts, gives) if holder else [],
        "gives": gives,
        "provided": found.provided.order_by("index") if stage.provides else (),
        "attendants": found.attendants.select_related("person"),
        "elsewhere": _elsewhere(found) if holder and found.opened_at else None,
        "proofs": proofs.asked_of(found, stage),
        "can_again": holder and can_try_again(found),
        "can_withdraw": holder and found.state in ALIVE,
    }


@dataclass(frozen=True)
class Elsewhere:
    """The page of a room where a turn's work is done."""

    title: str
    about: str
    label: str
    url: str


def _elsewhere(found: Turn) -> Elsewhere | None:
    """The exam that a turn is sat in, its interview, the survey that is answered, or the course that is taken."""
    match stage_of(found).kind:
        case Kind.TEST:
            return _tested(found)
        case Kind.LEARN:
            return _learnt(found)
    return None


def _tested(found: Turn) -> Elsewhere | None:
    if exam := exam_of(found):
        about = gettext("You sit it here. Its result is this stage's result once it is released.")
        return Elsewhere(words.say(exam.title), about, gettext("To the exam"), reverse("exam", args=[exam.pk]))
    if interview := interview_of(found):
        about = gettext("Choose a time for it there. Its result is this stage's result once it is released.")
        url = reverse("interview", args=[interview.pk])
        return Elsewhere(words.say(interview.title), about, gettext("To the interview"), url)
    if survey := survey_of(found):
        about = gettext("Answering it hands this stage in. What you answer is joined to nothing here.")
        return Elsewhere(words.say(survey.title), about, gettext("To the survey"), reverse("survey", args=[survey.pk]))
    return None


def _learnt(found: Turn) -> Elsewhere | None:
    row = CourseTurn.objects.filter(turn=found).select_related("enrolment__cohort__course").first()
    if row is None:
        return None
    about = gettext("You learn here. When all of your lessons are done, this stage is handed in.")
    title, url = words.say(row.enrolment.cohort.course.title), reverse("enrolment", args=[row.enrolment_id])
    return Elsewhere(title, about, gettext("To the course"), url)


def _teams(stage: Stage, subject: Subject, person: Person) -> list[tuple[Team, list[Person]]] | None:
    """The person's teams with their members, where the stage forms teams; else None."""
    if stage.team is None or subject is not Subject.PERSON:
        return None
    return [(team, [mate.person for mate in mates_in(team)]) for team in teams_of(person)]


def _has_accepted(found: Turn, stage: Stage, person: Person) -> bool:
    """Whether the person has accepted the terms of everything that the stage provides."""
    scopes = [
        terms_scope(found.programme, stage.id, index)
        for index, provision in enumerate(stage.provides)
        if provision.terms
    ]
    return all(has_consented(person, purpose="terms", scope=scope) for scope in scopes)


# --- what a holder does


def _own(request: HttpRequest, turn_id: UUID) -> Turn:
    """A turn of the visitor's own. Raises Missing."""
    found = turn_for(request, turn_id)
    if not rules.holds(person_of(request), found):
        raise Missing("turn.missing", NO_TURN)
    return found


def _choose(request: HttpRequest, found: Turn) -> str:
    choose(found, request.POST.getlist("options"))
    return gettext("Your choice is noted.")


def _accept_terms(request: HttpRequest, found: Turn) -> str:
    accept_terms(found, person=person_of(request))
    return gettext("You have accepted the terms.")


def _enter_team(request: HttpRequest, found: Turn) -> str:
    person = person_of(request)
    team = teams_of(person).filter(pk=id_from(request.POST.get("team"))).first()
    if team is None:
        raise Missing("team.missing", NO_TURN)
    form_team(found.programme, found.stage, team, by=person)
    return gettext("Your team has entered this stage.")


def _again(_request: HttpRequest, found: Turn) -> str:
    try_again(found)
    return gettext("You can try again.")


def _withdraw(_request: HttpRequest, found: Turn) -> str:
    withdraw(found)
    return gettext("You have withdrawn.")


ACTS: dict[str, Callable[[HttpRequest, Turn], str]] = {
    "options": _choose, "terms": _accept_terms, "team": _enter_team, "again": _again, "withdraw": _withdraw,
    "proof": proofs.enter,
}  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, turn_id: UUID, what: str) -> HttpResponse:
    """One of the things a holder does about a turn; the answer is the turn's page."""
    found = _own(request, turn_id)
    messages.success(request, ACTS[what](request, found))
    return redirect("turn", Turn.objects.filter(rules.held_by(person_of(request)), programme=found.programme,
                                                stage=found.stage).values_list("pk", flat=True)[0])  # fmt: skip


@login_required
@require_safe
def confirm_withdrawal(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """What withdrawing means, before it is done."""
    found = _own(request, turn_id)
    title = title_of(found)
    return render(request, "mine/withdraw.html", {"turn": found, "programme": found.programme, "title": title})
