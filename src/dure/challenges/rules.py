"""Who may see and do what in a round: the one place that every way out asks."""

from django.db.models import Exists, OuterRef, Q

from dure.challenges.models import Entrant, EntrantMember, Round, Submission, Task, Visibility
from dure.challenges.models.programs import PROGRAM
from dure.people.models import Person


def organises(person: Person | None, round_: Round) -> bool:
    """Its organisers and the platform's operators."""
    if person is None or not person.is_active:
        return False
    return person.is_staff or round_.organisers.filter(pk=person.pk).exists()


def takes_part(person: Person | None, task: Task) -> bool:
    """Whether the person is (in) an entrant of the task. Somebody who is not signed in is never active."""
    return person is not None and person.is_active and EntrantMember.objects.filter(task=task, person=person).exists()


def belongs_to(person: Person | None, entrant: Entrant) -> bool:
    """Who may submit for an entrant, and choose."""
    return person is not None and person.is_active and entrant.members.filter(person=person).exists()


def may_have_files(person: Person | None, task: Task) -> bool:
    """The starter files, the kit, and what a file is checked by (the ids that are asked, never a label)."""
    return takes_part(person, task) or organises(person, task.round)


def may_see_board(person: Person | None, task: Task) -> bool:
    """Organisers always; else as the round says. A hidden board is hidden from entrants as well."""
    match task.round.board:
        case Visibility.PUBLIC:
            return True
        case Visibility.ENTRANTS:
            return takes_part(person, task) or organises(person, task.round)
    return organises(person, task.round)


def sees_boards_of(person: Person | None) -> Q:
    """Rounds whose boards somebody may see: :func:`may_see_board` for many."""
    public = Q(board=Visibility.PUBLIC)
    if person is None or not person.is_active:
        return public
    if person.is_staff:
        return Q()
    entered = EntrantMember.objects.filter(task__round=OuterRef("pk"), person=person)
    own = Round.organisers.through.objects.filter(round=OuterRef("pk"), person=person)
    return public | Q(Q(board=Visibility.ENTRANTS), Exists(entered)) | Q(Exists(own))


def may_see_final(person: Person | None, round_: Round) -> bool:
    """Final scores and the final board: nobody but organisers before the round is over."""
    return round_.is_over or organises(person, round_)


def may_see_submission(person: Person | None, submission: Submission) -> bool:
    """Its verdict, its log and its public score."""
    entrant = submission.entrant
    return belongs_to(person, entrant) or organises(person, entrant.task.round)


def may_see_organiser_log(person: Person | None, submission: Submission) -> bool:
    return organises(person, submission.entrant.task.round)


def may_see_details(person: Person | None, submission: Submission) -> bool:
    """The page that a scorer wrote: organisers, and the entrant where the task says so."""
    task = submission.entrant.task
    if organises(person, task.round):
        return True
    return task.metric == PROGRAM and task.program.shows_details and belongs_to(person, submission.entrant)


def may_read_talk(person: Person | None, round_: Round) -> bool:
    """Questions and announcements: whoever takes part in a task of the round, and its organisers."""
    if person is None or not person.is_active:
        return False
    return EntrantMember.objects.filter(task__round=round_, person=person).exists() or organises(person, round_)


def is_blind(round_: Round) -> bool:
    """Whether entrants do not know each other: nobody but organisers sees who is on its boards."""
    return round_.board == Visibility.HIDDEN
