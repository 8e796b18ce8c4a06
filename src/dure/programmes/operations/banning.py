"""Banning people from a whole programme, their one appeal, its end and undoing it: what was given or paid stays.

What a ban withdrew goes back when its period ends, as far as it is still open. Only lifting it, which says that it was
wrong, also has judged what had been handed in where everything is over.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.programmes.events import BanEnded, BanMoved, TurnsBack
from dure.programmes.models import (
    BACK_MOVES,
    BAN_MOVES,
    LIVE,
    Ban,
    BannedPerson,
    BanState,
    Offer,
    OfferState,
    Programme,
    Turn,
    TurnState,
    TurnTaken,
)
from dure.programmes.operations.cases import refresh_cases
from dure.programmes.operations.entering import withdraw_offer
from dure.programmes.operations.handing import withdraw
from dure.programmes.operations.opening import open_ready, provide_again
from dure.programmes.queries.bans import operators_of, turns_to_give_back, turns_to_take
from dure.programmes.queries.settled import is_settled
from dure.programmes.rules import concerned_by, operates
from dure.programmes.windows import is_over
from dure.store.models import move

APPEALED_FOR = timedelta(days=7)
MOST_REASON, MOST_APPEAL = 2_000, 5_000
_NOT_YOURS = Text(ko="이 프로그램의 운영자만 할 수 있습니다.", en="Only the operators of the programme may do this.")
_NOBODY = Text(ko="참가를 제한할 사람이 없습니다.", en="Nobody was named.")
_RUNS_IT = Text(
    ko="{who} 님은 이 프로그램의 운영자입니다. 먼저 역할을 해제하세요.",
    en="{who} operates this programme. Take the role away first.",
)
_NO_REASON = Text(
    ko="당사자가 읽을 사유를 한국어와 영어로 모두 쓰세요({most:,}자 이내).",
    en="Write the reason that they read, in both Korean and English (at most {most:,} letters).",
)
_PAST = Text(ko="이미 지난 시각입니다. 앞으로의 시각을 고르세요.", en="This moment has passed. Choose a later one.")
_ALREADY = Text(
    ko="이미 참가가 제한된 사람이 있습니다. 먼저 제한을 해제하세요.",
    en="Somebody of them is banned already. Lift that ban first.",
)
_NOT_APPEALER = Text(ko="당사자만 이의를 신청할 수 있습니다.", en="Only those it concerns can appeal.")
_NO_APPEAL = Text(ko="이의 신청 내용을 {most:,}자 이내로 쓰세요.", en="Write your appeal in at most {most:,} letters.")
_ONCE = Text(ko="이의 신청은 한 번만 할 수 있습니다.", en="One can appeal once.")
_TOO_LATE = Text(ko="이의 신청 기한이 지났습니다.", en="The time to appeal has passed.")
_APPEALED = Text(ko="이의 신청을 먼저 판단하세요.", en="Decide the appeal first.")
_ANOTHER = Text(
    ko="참가를 제한한 사람이 아닌 다른 운영자가 이의 신청을 판단해야 합니다.",
    en="Another operator than the one who banned decides an appeal.",
)
_CONCERNED = Text(
    ko="본인의 참가 제한은 결정할 수 없습니다. 다른 운영자에게 맡기세요.",
    en="You cannot decide on a ban of your own. Leave it to another operator.",
)


@transaction.atomic
def ban(
    programme: Programme,
    persons: Sequence[Person],
    *,
    by: Person,
    reason: Text,
    title: str = "",
    until: datetime | None = None,
    appeal_until: datetime | None = None,
) -> Ban:
    """Keep a person, or everybody of a team (``title``), out of the programme ``until`` then or for good.

    Live turns in which nobody else takes part are withdrawn; where mates go on, only the banned can do nothing. Open
    offers are taken back. Raises Forbidden, Flawed, Refused("ban.already").
    """
    _check_operates(by, programme)
    _check_persons(programme, persons)
    now = clock.now()
    why = {"reason_ko": _said(reason.ko), "reason_en": _said(reason.en)}
    ends = _ahead(appeal_until or now + APPEALED_FOR)
    made = Ban.objects.create(
        programme=programme, title=(title or persons[0].name)[:200], by=by, at=now,
        until=_ahead(until) if until else None, appeal_until=ends, **why,
    )  # fmt: skip
    _name(made, persons)
    taken = _take_turns(made, persons)
    offers = _take_offers(programme, persons)
    told = {
        "programme": programme.slug, "persons": [person.pk for person in persons], "until": made.until,
        "reason": reason.as_dict(), "withdrawn": [str(turn.pk) for turn in taken], "offers": offers,
    }  # fmt: skip
    record("programme.banned", made, after=told, about=persons[0])
    publish(BanMoved(made.pk, made.state))
    return made


def end_bans() -> None:
    """End every ban whose period is over."""
    for made in _over(BannedPerson.objects.all()):
        _end(made)


@transaction.atomic
def lift(made: Ban, *, by: Person) -> Ban:
    """Undo it: they may take part again, and turns go back to where they stood unless their stage is over."""
    _check_operates(by, made.programme)
    _check_unconcerned(by, made)
    if made.state == BanState.APPEALED:
        raise Refused("ban.appealed", _APPEALED)
    return _lift(made, by)


@transaction.atomic
def appeal(made: Ban, *, by: Person, text: str) -> Ban:
    """Say once, in time, why it should not be so. Raises Forbidden, Flawed, Refused."""
    if not concerned_by(by, made):
        raise Forbidden("ban.not-yours", _NOT_APPEALER)
    if not text.strip() or len(text) > MOST_APPEAL:
        raise Flawed("ban.appeal", _NO_APPEAL.format(most=MOST_APPEAL), errors=[])
    if made.state != BanState.STANDING:
        raise Refused("ban.once", _ONCE)
    if clock.now() >= made.appeal_until:
        raise Refused("ban.late", _TOO_LATE, appeal_until=made.appeal_until)
    move(made, BanState.APPEALED, by=BAN_MOVES, appeal=text.strip(), appealed_by=by, appealed_at=clock.now())
    record("programme.ban-appealed", made, about=by)
    publish(BanMoved(made.pk, made.state))
    return made


@transaction.atomic
def answer_appeal(made: Ban, *, by: Person, grant: bool, answer: Text) -> Ban:
    """Lift it, or uphold it, with an answer that they read. Raises Forbidden, Flawed, Refused("ban.own")."""
    _check_operates(by, made.programme)
    _check_unconcerned(by, made)
    said = {"answer_ko": _said(answer.ko), "answer_en": _said(answer.en)}
    if by.pk == made.by_id and _others(made):
        raise Refused("ban.own", _ANOTHER)
    if grant:
        return _lift(made, by, **said)
    move(made, BanState.UPHELD, by=BAN_MOVES, ended_by=by, ended_at=clock.now(), **said)
    record("programme.ban-upheld", made, after={"answer": answer.as_dict()}, about=made.appealed_by)
    publish(BanMoved(made.pk, made.state))
    return made


def _others(made: Ban) -> list[Person]:
    """Operators who may answer in the place of who banned."""
    return [one for one in operators_of(made.programme) if one.pk != made.by_id and not concerned_by(one, made)]


def _check_unconcerned(by: Person, made: Ban) -> None:
    if concerned_by(by, made):
        raise Refused("ban.own", _CONCERNED)


def _lift(made: Ban, by: Person, **said: str) -> Ban:
    now = clock.now()
    move(made, BanState.LIFTED, by=BAN_MOVES, ended_by=by, ended_at=now, **said)
    made.persons.filter(over_at=None).update(over_at=now)
    back = _give_back(made, over={TurnState.HANDED_IN})
    record("programme.ban-lifted", made, after={**said, "back": back})
    publish(BanMoved(made.pk, made.state))
    return made


@transaction.atomic
def _end(made: Ban) -> None:
    """Once: by compare-and-set."""
    if made.persons.filter(over_at=None).update(over_at=F("until")):
        record("programme.ban-ended", made, after={"back": _give_back(made)})
        publish(BanEnded(made.pk))


def _over(rows: QuerySet[BannedPerson]) -> QuerySet[Ban]:
    """Bans that these stand under and that have run out."""
    due = rows.filter(over_at=None, until__lte=clock.now())
    return Ban.objects.filter(pk__in=due.values("ban")).select_related("programme")


def _give_back(made: Ban, *, over: Collection[TurnState] = ()) -> list[str]:
    """Put turns back; ``over``: states to which they go back even where their window has closed."""
    back = [row for row in turns_to_give_back(made) if _put_back(row, over)]
    TurnTaken.objects.filter(pk__in=[row.pk for row in back]).delete()
    for stage in {row.turn.stage for row in back}:
        open_ready(made.programme, stage)
    publish(TurnsBack(tuple(row.turn_id for row in back)))
    return [str(row.turn_id) for row in back]


def _put_back(row: TurnTaken, over: Collection[TurnState]) -> bool:
    """Where it stood, unless that has ended; what was handed in is judged after all."""
    turn, state = row.turn, TurnState(row.state)
    ended = turn.programme.state not in LIVE or is_settled(turn)
    if ended or (state not in over and is_over(turn)):
        return False
    move(turn, state, by=BACK_MOVES, ended_at=None)
    provide_again(turn)
    refresh_cases(turn.programme, [turn.pk])
    record("turn.back", turn, before={"state": TurnState.WITHDRAWN}, after={"state": state})
    if state == TurnState.HANDED_IN:
        enqueue("programmes.judge", arguments={"turn": str(turn.pk)})
    return True


def _name(made: Ban, persons: Sequence[Person]) -> None:
    """Each by constraint once; what has run out meanwhile ends first."""
    for old in _over(BannedPerson.objects.filter(programme=made.programme, person__in=persons)):
        _end(old)
    rows = [BannedPerson(ban=made, programme=made.programme, person=person, until=made.until) for person in persons]
    try:
        with transaction.atomic():
            BannedPerson.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused("ban.already", _ALREADY) from None


def _take_turns(made: Ban, persons: Sequence[Person]) -> list[Turn]:
    turns = list(turns_to_take(made.programme, persons).select_related("programme"))
    TurnTaken.objects.bulk_create([TurnTaken(ban=made, turn=turn, state=turn.state) for turn in turns])
    return [withdraw(turn) for turn in turns]


def _take_offers(programme: Programme, persons: Sequence[Person]) -> int:
    offers = Offer.objects.filter(programme=programme, person__in=persons, state=OfferState.OFFERED)
    return len([withdraw_offer(made) for made in offers])


def _check_operates(by: Person, programme: Programme) -> None:
    if not operates(by, programme):
        raise Forbidden("ban.not-operator", _NOT_YOURS)


def _check_persons(programme: Programme, persons: Sequence[Person]) -> None:
    if not persons:
        raise Flawed("ban.nobody", _NOBODY, errors=[])
    runs = next((person for person in persons if operates(person, programme)), None)
    if runs is not None:
        raise Refused("ban.operator", _RUNS_IT.format(who=runs.name))


def _said(text: str) -> str:
    if not text.strip() or len(text) > MOST_REASON:
        raise Flawed("ban.reason", _NO_REASON.format(most=MOST_REASON), errors=[])
    return text.strip()


def _ahead(moment: datetime) -> datetime:
    if moment <= clock.now():
        raise Refused("ban.past", _PAST)
    return moment
