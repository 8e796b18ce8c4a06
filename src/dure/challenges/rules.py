"""Who may see and do what in a round: who somebody is to it, for the policy that every way out asks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.challenges.models import (
    Ban,
    Boards,
    Disqualification,
    Entrant,
    EntrantMember,
    FieldState,
    FieldTrial,
    Round,
    Sharing,
    Submission,
    Task,
    Visibility,
)
from dure.challenges.models.programs import PROGRAM
from dure.challenges.policy import Seen, Viewer, What, may
from dure.core import clock
from dure.people.models import Person
from dure.store.worded import asked


def organises(person: Person | None, round_: Round) -> bool:
    """Its organisers and the platform's operators."""
    if person is None or not person.is_active:
        return False
    return person.is_staff or bool(asked(_organising, round_.pk, person.pk))


def _organising(round_: UUID, person: UUID) -> "QuerySet[Any, Any]":
    return Round.organisers.through.objects.filter(round=round_, person=person).values_list("pk")


def takes_part(person: Person | None, task: Task) -> bool:
    """Whether the person is (in) an entrant of the task. Somebody who is not signed in is never active."""
    return person is not None and person.is_active and EntrantMember.objects.filter(task=task, person=person).exists()


def belongs_to(person: Person | None, entrant: Entrant) -> bool:
    """Who may submit for an entrant, and choose."""
    return person is not None and person.is_active and bool(asked(_belonging, entrant.pk, person.pk))


def _belonging(entrant: UUID, person: UUID) -> "QuerySet[EntrantMember, Any]":
    return EntrantMember.objects.filter(entrant=entrant, person=person).values_list("pk")


def concerned_by(person: Person | None, out: Disqualification | Ban) -> bool:
    """Who may read why, and appeal: those of the entrant, or the banned person."""
    if isinstance(out, Disqualification):
        return belongs_to(person, out.entrant)
    return person is not None and person.is_active and person.pk == out.person_id


def may_lift(person: Person, out: Disqualification | Ban) -> bool:
    """Those who organise, but not in their own cause."""
    return organises(person, out.round) and not concerned_by(person, out)


def may_answer(person: Person, out: Disqualification | Ban) -> bool:
    """Who answers an appeal: neither those it concerns nor, while anybody else may, who decided what is appealed."""
    return may_lift(person, out) and (person.pk != out.by_id or person in answerers(out))


def answerers(out: Disqualification | Ban) -> list[Person]:
    """Who sees to an appeal: the other organisers; where there are none the platform's operators; else who decided."""
    organisers, operators = Q(rounds_organised=out.round), Q(is_staff=True)
    for who in (organisers & ~Q(pk=out.by_id), operators & ~Q(pk=out.by_id), Q(pk=out.by_id)):
        found = [one for one in Person.objects.filter(who, is_active=True).distinct() if not concerned_by(one, out)]
        if found:
            return found
    return []


def seen_of(task: Task) -> Seen:
    """What the task's round lets be seen of it now. A page that programs write is each task's own matter."""
    round_ = task.round
    return Seen(
        board=_reach(round_),
        boards=round_.boards,
        own_scores=round_.own_scores,
        own_logs=round_.own_logs,
        own_details=task.metric == PROGRAM and task.program.shows_details,
        shares=round_.sharing != Sharing.NONE,
        waits=round_.scores_wait,
        is_over=round_.is_over,
    )


def _reach(round_: Round) -> str:
    """Who sees its boards: nobody who takes no part learns of a round that is not public."""
    return Visibility.ENTRANTS if round_.board == Visibility.PUBLIC and not round_.is_public else round_.board


def may_see(person: Person | None, task: Task, what: What) -> bool:
    """Whether somebody may see it of a task: boards and files."""
    seen = seen_of(task)
    if may(Viewer.ANYBODY, seen, what):
        return True
    if may(Viewer.ENTRANT, seen, what) and takes_part(person, task):
        return True
    return organises(person, task.round)


def may_see_board(person: Person | None, task: Task) -> bool:
    """Whether there is any board of the task that somebody may see now."""
    return may_see(person, task, What.PUBLIC_BOARD) or may_see(person, task, What.FINAL_BOARD)


def viewer_of(person: Person | None, submission: Submission) -> Viewer:
    """Who somebody is to an attempt."""
    entrant = submission.entrant
    if organises(person, entrant.task.round):
        return Viewer.ORGANISER
    return Viewer.OWNER if belongs_to(person, entrant) else Viewer.ANYBODY


def may_see_own(task: Task, what: What) -> bool:
    """Whether entrants see it of their own attempts."""
    return may(Viewer.OWNER, seen_of(task), what)


def sees_boards_of(person: Person | None, *, at: datetime | None = None) -> Q:
    """Rounds of which somebody may see a board, now or ``at`` a moment: :func:`may_see` for many."""
    shown = Q(closes_at__lte=at or clock.now()) | (Q(boards__in=[Boards.BOTH, Boards.PUBLIC]) & Q(scores_wait=False))
    public = Q(shown, board=Visibility.PUBLIC, is_public=True)
    if person is None or not person.is_active:
        return public
    if person.is_staff:
        return Q()
    entered = EntrantMember.objects.filter(task__round=OuterRef("pk"), person=person)
    own = Round.organisers.through.objects.filter(round=OuterRef("pk"), person=person)
    return public | Q(Q(shown, board__in=[Visibility.PUBLIC, Visibility.ENTRANTS]), Exists(entered)) | Q(Exists(own))


def known_to(person: Person | None) -> Q:
    """Rounds of which somebody learns at all: public ones, those in which they are, and those that they run."""
    if person is None or not person.is_active:
        return Q(is_public=True)
    if person.is_staff:
        return Q()
    entered = EntrantMember.objects.filter(task__round=OuterRef("pk"), person=person)
    own = Round.organisers.through.objects.filter(round=OuterRef("pk"), person=person)
    return Q(is_public=True) | Q(Exists(entered)) | Q(Exists(own))


def tells_everybody(prefix: str = "", *, at: datetime | None = None) -> Q:
    """Rounds whose public board anybody may see, now or ``at`` a moment; ``prefix`` leads to the round."""
    over = Q(**{f"{prefix}closes_at__lte": at or clock.now()}) | Q(**{f"{prefix}scores_wait": False})
    boards = {
        f"{prefix}board": Visibility.PUBLIC, f"{prefix}is_public": True,
        f"{prefix}boards__in": [Boards.BOTH, Boards.PUBLIC],
    }  # fmt: skip
    return Q(over, **boards)


def may_read_talk(person: Person | None, round_: Round) -> bool:
    """Questions and announcements: whoever takes part in a task of the round, and its organisers."""
    if person is None or not person.is_active:
        return False
    return EntrantMember.objects.filter(task__round=round_, person=person).exists() or organises(person, round_)


def is_blind(round_: Round) -> bool:
    """Whether entrants do not know each other: nobody but organisers sees who is on its boards."""
    return round_.board == Visibility.HIDDEN


def may_see_field_trial(person: Person | None, trial: FieldTrial) -> bool:
    """Every request and both answers: those who organise the round and, once it has begun, the service's owner."""
    return organises(person, trial.round) or owns_field_trial(person, trial)


def owns_field_trial(person: Person | None, trial: FieldTrial) -> bool:
    """Who says in the end what becomes of the model."""
    return person is not None and person.is_active and trial.owner_id == person.pk and trial.state != FieldState.DRAFT


def may_see_own_field_trial(person: Person | None, trial: FieldTrial) -> bool:
    """The summary, for those whose model it is, where the organisers let them."""
    return trial.shared and trial.state != FieldState.DRAFT and belongs_to(person, trial.submission.entrant)
