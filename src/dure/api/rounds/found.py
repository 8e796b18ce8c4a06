"""What an address of a round names, for whoever asks."""

from uuid import UUID

from django.db.models import QuerySet

from dure.api.find import allow, one
from dure.challenges.models import Entrant, EntrantMember, Round, Submission, Task
from dure.challenges.policy import What
from dure.challenges.rules import may_see, organises
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.joints.running import let_organise
from dure.people.models import Person
from dure.store.worded import found

ROUND = Text(ko="라운드", en="round")
TASK = Text(ko="과제", en="task")
SUBMISSION = Text(ko="제출", en="submission")
_NO_FILES = Text(
    ko="내려받을 수 있는 시작 파일이 없습니다. 참가자에게만 보입니다.",
    en="There are no starter files to download; they are for those who take part.",
)
_NOT_IN_IT = Text(
    ko="이 과제의 참가자만 제출할 수 있습니다. 프로그램에 참가 신청하고 과제를 고르세요.",
    en="Only those who take part can submit. Apply to the programme and choose the task.",
)


def organised_round(person: Person, round_id: UUID) -> Round:
    """The round, for those who run it or operate its programme. Raises Missing, Forbidden."""
    round_ = one(Round.objects.all(), "round.missing", ROUND, pk=round_id)
    check_organises(person, round_)
    return round_


def check_organises(person: Person, round_: Round) -> None:
    """Raise Forbidden for whoever neither runs the round nor operates its programme."""
    let_organise(person, round_)
    allow(organises(person, round_))


def task_by(task_id: UUID) -> Task:
    for task in found(_task, task_id):
        return task
    return one(Task.objects.none(), "task.missing", TASK)


def _task(task_id: UUID) -> QuerySet[Task]:
    return Task.objects.filter(pk=task_id).select_related("round", "starter")


def task_with_files(person: Person | None, task_id: UUID) -> Task:
    """The task, for one who may have its files."""
    task = task_by(task_id)
    if not may_see(person, task, What.FILES):
        raise no_starter()
    return task


def no_starter() -> Missing:
    return Missing("starter.missing", _NO_FILES)


def submission_by(submission_id: UUID) -> Submission:
    rows = Submission.objects.select_related("entrant__task__round", "upload", "job__lane")
    return one(rows, "submission.missing", SUBMISSION, pk=submission_id)


def membership(task: Task, person: Person | None) -> EntrantMember | None:
    rows = EntrantMember.objects.filter(task=task, person=person)
    return rows.select_related("entrant__task__round").first() if person else None


def entered(task_id: UUID, person: Person) -> Entrant:
    """Who one is in the task. Raises Missing where there is none, Forbidden for those who take no part."""
    for entrant in found(_entrants, task_id, person.pk):
        return entrant
    task_by(task_id)
    raise Forbidden("challenges.not-yours", _NOT_IN_IT)


def _entrants(task: UUID, person: UUID) -> QuerySet[Entrant]:
    return Entrant.objects.filter(members__task=task, members__person=person).select_related("task__round")
