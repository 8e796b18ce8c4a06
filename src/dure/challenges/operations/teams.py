"""Teams in rounds: rules for those that enter by themselves, and entrants that follow their team."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.challenges.models import Departed, Entrant, EntrantMember, EntrantTeam, Round, Task, TeamRule
from dure.challenges.operations.entering import enter
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.models import Person, Team
from dure.people.operations import bind_team, lock_teams
from dure.people.queries import mates_in

LARGEST = 100


def bound_of(round_: Round) -> str:
    """What a round's bound of a team is called."""
    return f"round {round_.pk}"


@transaction.atomic
def open_to_teams(
    round_: Round, *, least: int = 1, most: int | None = None, locks_at: datetime | None = None
) -> TeamRule:
    """Let people enter the round by themselves, in teams of that size; or change that.

    Another size holds for teams that enter from now on; another lock for all. Raises Flawed("round.team-size").
    """
    if not 1 <= least <= (LARGEST if most is None else most) <= LARGEST:
        sentence = Text(
            ko="팀 인원은 1명에서 {most}명 사이이고, 최소가 최대보다 클 수 없습니다.",
            en="A team has 1 to {most} members, and the least is not above the most.",
        )
        raise Flawed("round.team-size", sentence.format(most=LARGEST))
    told = {"least": least, "most": most, "locks_at": locks_at}
    rule, fresh = TeamRule.objects.get_or_create(round=round_, defaults=told)
    before = None if fresh else {name: getattr(rule, name) for name in told}
    TeamRule.objects.filter(pk=rule.pk).update(**told)
    lock_teams([bound_of(round_)], at=locks_at)
    record("round.teams", round_, before=before, after=told)
    rule.refresh_from_db()
    return rule


@transaction.atomic
def enter_team(task: Task, team: Team) -> Entrant:
    """A team enters a task of a round that is open to teams; its captain has asked for it.

    Raises Refused("round.no-teams", "challenges.closed", "team.small", "team.full", "challenges.entered",
    "challenges.left").
    """
    rule = TeamRule.objects.filter(round=task.round).first()
    if rule is None:
        sentence = Text(
            ko="직접 참가하는 라운드가 아닙니다. 주최자에게 참가 방법을 문의하세요.",
            en="One does not enter this round by oneself. Ask its organiser how to take part.",
        )
        raise Refused("round.no-teams", sentence)
    if task.round.is_over:
        raise Refused("challenges.closed", Text(ko="이미 끝난 라운드입니다.", en="This round is over."))
    bound = bind_team(team, of=bound_of(task.round), least=rule.least, most=rule.most, locks_at=rule.locks_at)
    check_complete(bound)
    persons = [mate.person for mate in mates_in(team)]
    if Departed.objects.filter(task=task, person__in=persons).exists():
        raise _left()
    entrant = enter(task, persons=persons, title=bound.name)
    EntrantTeam.objects.create(entrant=entrant, team=team)
    return entrant


def check_complete(team: Team) -> None:
    """Raises Refused("team.small") for a team with fewer members than it needs."""
    if team.size < team.least:
        sentence = Text(
            ko="팀원이 {least}명 이상이어야 합니다(지금 {size}명). 팀원을 더 초대하세요.",
            en="A team needs {least} members here (now {size}). Invite more.",
        )
        raise Refused("team.small", sentence.format(least=team.least, size=team.size), least=team.least, size=team.size)


def bring(entrant: Entrant, persons: Sequence[Person]) -> None:
    """Who joined the team submits for it, too. Raises Refused("challenges.entered" or "challenges.left")."""
    if Departed.objects.filter(task=entrant.task_id, person__in=persons).exclude(entrant=entrant).exists():
        raise _left()
    Departed.objects.filter(entrant=entrant, person__in=persons).delete()
    rows = [EntrantMember(entrant=entrant, task_id=entrant.task_id, person=person) for person in persons]
    try:
        with transaction.atomic():
            EntrantMember.objects.bulk_create(rows)
    except IntegrityError:
        sentence = Text(
            ko="이미 이 과제에 다른 팀으로 참가한 사람이 있습니다. 한 과제에는 한 팀으로만 참가할 수 있습니다.",
            en="Somebody of them takes part in this task in another team already. One is in one team of a task.",
        )
        raise Refused("challenges.entered", sentence) from None
    record("entrant.joined", entrant, after={"persons": [person.pk for person in persons]})


def let_go(entrant: Entrant, person: Person) -> None:
    """Who left the team submits for it no more; where it has used attempts, for no other team of the task either."""
    if not EntrantMember.objects.filter(entrant=entrant, person=person).delete()[0]:
        return
    if Entrant.objects.filter(pk=entrant.pk, attempts__gt=0).exists():
        Departed.objects.get_or_create(task_id=entrant.task_id, person=person, defaults={"entrant": entrant})
    record("entrant.left", entrant, after={"person": person.pk}, about=person)


def rename(entrant: Entrant, title: str) -> None:
    """Show the entrant under its team's new name."""
    entrant.title = title
    entrant.save(update_fields=["title", "name_key"])


def _left() -> Refused:
    sentence = Text(
        ko="다른 팀에서 제출한 뒤 나온 사람이 있습니다. 그 사람은 이 과제에 다시 참가할 수 없습니다.",
        en="Somebody of them has used attempts with a team that they left. They cannot take part in this task again.",
    )
    return Refused("challenges.left", sentence)
