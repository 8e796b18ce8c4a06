"""Disqualified entrants and banned persons, for tests."""

from dure.challenges.models import Best, Disqualification, Task
from dure.challenges.operations.standing import ban, disqualify
from dure.core.text import Text
from tests.challenges.conftest import make_entrant, make_task, member, scored

WHY = Text(ko="다른 팀의 코드를 제출했습니다.", en="Another team's code was handed in.")
ANSWER = Text(ko="확인했습니다.", en="We have looked into it.")


def organiser(task: Task):
    return task.round.organisers.order_by("pk").first()


def out(entrant, **known) -> Disqualification:
    return disqualify(entrant, **{"by": organiser(entrant.task), "ground": "sharing", "reason": WHY} | known)


def banned_from(entrant):
    return ban(entrant.task.round, member(entrant), by=organiser(entrant.task), ground="sharing", reason=WHY)


def board(task: Task) -> list[str]:
    rows = Best.objects.filter(task=task).order_by("public_rank", "public_at")
    return list(rows.values_list("entrant__title", flat=True))


def three_entrants() -> Task:
    """A task with three on its board, best first."""
    made = make_task()
    for title, right in (("first", 4), ("second", 3), ("third", 2)):
        scored(make_entrant(made, title=title), right, 6)
    return made


def entrant(task: Task, title: str):
    return task.entrants.select_related("task__round").get(title=title)
