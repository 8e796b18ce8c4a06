"""Joining a team by its code: short enough to be read aloud, open for a week, and not to be guessed."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.people.models import CodeTries, Person, Team, TeamCode
from dure.people.models.teams import LONGEST_CODE
from dure.people.operations.team_bounds import check_changeable
from dure.people.operations.teams import join_team

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another: 31^8 codes
LASTS = timedelta(days=7)
MOST_TRIES = 10  # an hour, right or wrong


class TooManyTries(Refused):
    """Too many codes were tried in an hour."""

    status = 429


@transaction.atomic
def issue_code(team: Team, *, lasts: timedelta = LASTS) -> TeamCode:
    """Let whoever has a new code join; the one before opens nothing any more. Raises as joining does."""
    check_changeable(team)
    expires = clock.now() + lasts
    code = _write(team, expires_at=expires)
    record("team.code-issued", team, after={"expires_at": expires})
    return code


def _write(team: Team, **known: object) -> TeamCode:
    """A code that no other team has."""
    while True:
        word = "".join(secrets.choice(LETTERS) for _ in range(LONGEST_CODE))
        try:
            with transaction.atomic():
                return TeamCode.objects.update_or_create(team=team, defaults={"code": word, **known})[0]
        except IntegrityError:
            continue


@transaction.atomic
def revoke_code(team: Team) -> None:
    """Take the team's code back, whether or not it has one."""
    if TeamCode.objects.filter(team=team).delete()[0]:
        record("team.code-revoked", team)


@transaction.atomic
def take_try(person: Person) -> None:
    """Use up one of somebody's tries in this hour; before :func:`join_by_code`, in a transaction of its own: what is
    refused later stays counted. Raises TooManyTries."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    CodeTries.objects.filter(person=person, hour__lt=hour).delete()
    CodeTries.objects.get_or_create(person=person, hour=hour)
    if not CodeTries.objects.filter(person=person, hour=hour, used__lt=MOST_TRIES).update(used=F("used") + 1):
        sentence = Text(
            ko="코드를 한 시간에 {most}번까지 입력할 수 있습니다. 잠시 뒤 다시 시도하거나 팀장에게 초대를 요청하세요.",
            en="Codes can be tried {most} times an hour. Try again later, or ask the captain to invite you.",
        )
        raise TooManyTries("team.tries", sentence.format(most=MOST_TRIES), of=MOST_TRIES)


@transaction.atomic
def join_by_code(typed: str, *, person: Person) -> Team:
    """Join the team whose code this is, however it was typed. Raises Missing("team.code"), and as ``join_team``."""
    word = "".join(letter for letter in typed.upper() if letter.isalnum())
    code = TeamCode.objects.select_related("team").filter(code=word, expires_at__gt=clock.now()).first()
    if code is None:
        sentence = Text(
            ko="맞는 팀이 없는 코드입니다. 잘못 입력했거나 기한이 지났을 수 있습니다. 팀장에게 확인하세요.",
            en="No team has this code. It may be mistyped or have expired: ask the captain.",
        )
        raise Missing("team.code", sentence)
    return join_team(code.team, person=person)
