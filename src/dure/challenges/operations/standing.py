"""Disqualifying an entrant or one of its submissions, bans, and appeals: boards follow at once, nothing is lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import IO, Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.events import Disqualified, EntrantsMerged, SubmissionChosen
from dure.challenges.models import (
    IN_FORCE,
    OUT_MOVES,
    Ban,
    Best,
    Disqualification,
    Entrant,
    Ground,
    OutState,
    Round,
    Submission,
    Upload,
)
from dure.challenges.operations.boards import hold, make_board
from dure.challenges.queries.standing import ban_of, people_of
from dure.challenges.rules import answerers, concerned_by, may_answer, may_lift, organises
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import on, publish
from dure.core.text import Text
from dure.jobs.operations import send_mail
from dure.people.days import for_reader
from dure.people.models import NoticeKind, Person
from dure.people.operations.notices import tell
from dure.store.models import move

APPEALED_FOR = timedelta(days=7)
MOST_APPEAL = 5_000
MOST_FILE = 16 << 20
_NOT_YOURS = Text(ko="이 라운드의 주최자만 할 수 있습니다.", en="Only the organisers of the round may do this.")
_NO_REASON = Text(
    ko="참가자가 읽을 사유를 한국어와 영어로 모두 쓰세요.",
    en="Write the reason that the entrant reads, in both Korean and English.",
)
_PAST = Text(ko="이미 지난 시각입니다. 앞으로의 시각을 고르세요.", en="This moment has passed. Choose a later one.")
_OUT_ALREADY = Text(ko="이미 실격 처리되었습니다.", en="This is disqualified already.")
_BANNED_ALREADY = Text(ko="이미 참가가 제한된 사람입니다.", en="They are banned already.")
_LIFTED_ALREADY = Text(ko="이미 해제되었습니다.", en="This was lifted already.")
_APPEALED = Text(ko="이의 신청을 먼저 판단하세요.", en="Decide the appeal first.")
_NO_APPEAL = Text(ko="이의 신청 내용을 {most:,}자 이내로 쓰세요.", en="Write your appeal in at most {most:,} letters.")
_NOT_APPEALER = Text(ko="당사자만 이의를 신청할 수 있습니다.", en="Only those it concerns can appeal.")
_TOO_LATE = Text(ko="이의 신청 기한이 지났습니다.", en="The time to appeal has passed.")
_ONCE = Text(ko="이의 신청은 한 번만 할 수 있습니다.", en="One can appeal once.")
_ANOTHER = Text(
    ko="처음에 결정한 사람은 이의 신청을 판단할 수 없습니다. 다른 주최자나 플랫폼 운영자에게 맡기세요.",
    en="Who decided this at first cannot answer the appeal. Leave it to another organiser or the platform's operators.",
)
_CONCERNED = Text(
    ko="본인이나 본인 팀의 일은 결정할 수 없습니다. 다른 주최자나 플랫폼 운영자에게 맡기세요.",
    en="You cannot decide what concerns you or your team. Leave it to another organiser or the platform's operators.",
)
_MERGING = Text(
    ko="실격 상태인 팀은 합칠 수 없습니다. 주최자에게 문의하세요.",
    en="A team that is disqualified cannot merge. Ask the organisers.",
)
_BANNED = Text(
    ko="이 라운드 참가가 제한되었습니다{until}. 이의 신청 방법은 알림에서 확인하세요. 사유: {reason}",
    en="You are banned from this round{until}. Your notices tell how to appeal. Reason: {reason}",
)
_UNTIL = Text(ko=" ({when}까지)", en=" until {when}")
_OUT = Text(
    ko="이 라운드에서 실격되어 제출할 수 없습니다. 사유와 이의 신청 방법은 알림에서 확인하세요.",
    en="You are disqualified in this round and cannot submit. Your notices tell why, and how to appeal.",
)
_TOLD_OUT = Text(ko="{round}: 실격 처리되었습니다.", en="{round}: you are disqualified.")
_TOLD_ONE = Text(ko="{round}: {number}번 제출이 실격되었습니다.", en="{round}: attempt {number} is disqualified.")
_TOLD_BACK = Text(ko="{round}: 실격이 취소되었습니다.", en="{round}: the disqualification is lifted.")
_TOLD_UPHELD = Text(ko="{round}: 이의 신청이 받아들여지지 않았습니다.", en="{round}: your appeal was refused.")
_TOLD_APPEAL = Text(ko="{round}: ‘{who}’의 이의 신청이 있습니다.", en="{round}: {who} has appealed.")
_TOLD_BAN = Text(ko="{round}: 참가가 제한되었습니다.", en="{round}: you are banned.")
_TOLD_ALLOWED = Text(ko="{round}: 참가 제한이 해제되었습니다.", en="{round}: the ban is lifted.")

Out = TypeVar("Out", bound=Disqualification | Ban)


class _Sort(NamedTuple):
    """What is told of a disqualification or a ban that is lifted, under which name it is logged, and its page."""

    told: Text
    logged: str
    page: str


_OUTS = _Sort(_TOLD_BACK, "standing.lifted", "/disqualifications/{}/")
_BANS = _Sort(_TOLD_ALLOWED, "standing.ban-lifted", "/round-bans/{}/")


@transaction.atomic
def disqualify(
    entrant: Entrant,
    *,
    by: Person,
    ground: str,
    reason: Text,
    submission: Submission | None = None,
    appeal_until: datetime | None = None,
) -> Disqualification:
    """Keep an entrant, or one submission of it, off the boards; its people are told why and may appeal once.

    ``appeal_until``: left out, in ``APPEALED_FOR``. Raises Forbidden, Flawed, Refused("standing.out") the second time.
    """
    task = entrant.task
    _check_organises(by, task.round)
    until = _ahead(appeal_until or clock.now() + APPEALED_FOR)
    hold(task, of=[entrant.pk])
    try:
        with transaction.atomic():
            out = Disqualification.objects.create(
                entrant=entrant, submission=submission, by=by, appeal_until=until, choice=_choice(entrant, submission),
                **_why(ground, reason),
            )  # fmt: skip
    except IntegrityError:
        raise Refused("standing.out", _OUT_ALREADY) from None
    _board_follows(out)
    told = {"entrant": entrant.pk, "submission": out.submission_id, "ground": out.ground, "reason": reason.as_dict()}
    record("standing.disqualified", out, after={**told, "appeal_until": until}, about=entrant)
    if submission:
        _tell_concerned(out, _TOLD_ONE, reason, number=submission.number)
    else:
        _tell_concerned(out, _TOLD_OUT, reason)
    return out


@transaction.atomic
def ban(
    round_: Round,
    person: Person,
    *,
    by: Person,
    ground: str,
    reason: Text,
    until: datetime | None = None,
    appeal_until: datetime | None = None,
) -> Ban:
    """Keep somebody from submitting, ``until`` then or for good; what they have done stays. They may appeal once.

    ``appeal_until``: left out, in ``APPEALED_FOR``. Raises Forbidden, Flawed, Refused("standing.banned") where they
    are banned already.
    """
    _check_organises(by, round_)
    now = clock.now()
    round_.bans.filter(person=person, lifted_at=None, until__lte=now).update(lifted_at=F("until"))
    why = _why(ground, reason)
    until, appeal_until = _ahead(until) if until else None, _ahead(appeal_until or now + APPEALED_FOR)
    try:
        with transaction.atomic():
            made = Ban.objects.create(
                round=round_, person=person, by=by, at=now, until=until, appeal_until=appeal_until, **why
            )
    except IntegrityError:
        raise Refused("standing.banned", _BANNED_ALREADY) from None
    told = {**why, "round": round_.pk, "until": until, "appeal_until": appeal_until}
    record("standing.banned", made, after=told, about=person)
    _tell_concerned(made, _TOLD_BAN, reason)
    return made


@transaction.atomic
def lift(out: Out, *, by: Person) -> Out:
    """Let everything be as it was. An appeal that waits is decided by ``decide_appeal``."""
    _check_organises(by, out.round)
    if not may_lift(by, out):
        raise Refused("standing.own", _CONCERNED)
    if out.state == OutState.LIFTED:
        raise Refused("standing.lifted", _LIFTED_ALREADY)
    if out.state == OutState.APPEALED:
        raise Refused("standing.appealed", _APPEALED)
    return _lift(out, by)


def appeal(
    out: Disqualification | Ban, *, by: Person, text: str, file: IO[bytes] | None = None, name: str = ""
) -> None:
    """Say once, within the stated time, why it should not be so. Raises Forbidden, Flawed, Refused, TooLarge."""
    _check_appeal(out, by, text)
    if file is None:
        _appeal(out, by, text, None)
        return
    with files.received(file, most_bytes=MOST_FILE, name=name) as stored:
        _appeal(out, by, text, stored)


@transaction.atomic
def decide_appeal(out: Out, *, by: Person, grant: bool, answer: Text) -> Out:
    """Lift it, or uphold it, with an answer that those concerned read. Raises Forbidden, Refused("standing.own")."""
    _check_organises(by, out.round)
    if not (answer.ko.strip() and answer.en.strip()):
        raise Flawed("standing.reason", _NO_REASON, errors=[])
    if not may_answer(by, out):
        raise Refused("standing.own", _CONCERNED if concerned_by(by, out) else _ANOTHER)
    said = {"answer_ko": answer.ko, "answer_en": answer.en}
    if grant:
        return _lift(out, by, **said)
    move(out, OutState.UPHELD, by=OUT_MOVES, ended_by=by, ended_at=clock.now(), **said)
    record("standing.upheld", out, after={"answer": answer.as_dict()}, about=out.whom)
    _publish(out)
    _tell_concerned(out, _TOLD_UPHELD, answer)
    return out


def check_may_submit(entrant: Entrant, by: Person) -> None:
    """Raises Forbidden("standing.banned") for a banned person, Refused("standing.out") for a disqualified entrant."""
    found = ban_of(by, entrant.task.round, at=clock.now())
    if found:
        when = for_reader(found.until, entrant.task.round.zone, closes=True) if found.until else None
        until = _UNTIL.format(when=when) if when else Text(ko="", en="")
        raise Forbidden("standing.banned", _BANNED.format(until=until, reason=found.reason))
    if entrant.disqualifications.filter(submission=None, state__in=IN_FORCE).exists():
        raise Refused("standing.out", _OUT)


@on(EntrantsMerged)
def follow_merged(fact: EntrantsMerged) -> None:
    """What was lifted goes with the attempts; who is out cannot become one with others."""
    both = Disqualification.objects.filter(entrant__in=[fact.into, fact.gone])
    if both.filter(submission=None, state__in=IN_FORCE).exists():
        raise Refused("merge.held", _MERGING)
    both.update(entrant=fact.into)


def _lift(out: Out, by: Person, **said: str) -> Out:
    if isinstance(out, Disqualification):
        hold(out.entrant.task, of=[out.entrant_id])
    else:
        Ban.objects.filter(pk=out.pk, lifted_at=None).update(lifted_at=clock.now())
        out.refresh_from_db(fields=["lifted_at"])
    move(out, OutState.LIFTED, by=OUT_MOVES, ended_by=by, ended_at=clock.now(), **said)
    if isinstance(out, Disqualification):
        _board_follows(out, again=out.choice)
    record(_sort(out).logged, out, after=said, about=out.whom)
    _tell_concerned(out, _sort(out).told, out.answer or Text(ko="", en=""))
    return out


def _board_follows(out: Disqualification, *, again: Submission | None = None) -> None:
    """``again``: what had been chosen, unless the entrant has chosen since."""
    entrant = out.entrant
    chosen_since = Best.objects.filter(entrant=entrant, chosen=True).exists()
    chosen = {} if again is None or chosen_since else {entrant.pk: again.pk}
    make_board(entrant.task, of=[entrant.pk], chosen=chosen)
    publish(Disqualified(out.pk))
    if best := Best.objects.filter(entrant=entrant).first():
        publish(SubmissionChosen(entrant.pk, best.counting_id))


def _choice(entrant: Entrant, submission: Submission | None) -> Submission | None:
    best = Best.objects.select_related("counting").filter(entrant=entrant, chosen=True).first()
    if best is None or (submission is not None and best.counting_id != submission.pk):
        return None
    return best.counting


def _check_appeal(out: Disqualification | Ban, by: Person, text: str) -> None:
    if not concerned_by(by, out):
        raise Forbidden("standing.not-yours", _NOT_APPEALER)
    if not text.strip() or len(text) > MOST_APPEAL:
        raise Flawed("standing.appeal", _NO_APPEAL.format(most=MOST_APPEAL), errors=[])
    if out.state != OutState.STANDING:
        raise Refused("standing.once", _ONCE)
    if clock.now() >= out.appeal_until:
        raise Refused("standing.late", _TOO_LATE, appeal_until=out.appeal_until)


@transaction.atomic
def _appeal(out: Disqualification | Ban, by: Person, text: str, file: Upload | None) -> None:
    if file:
        file.save(force_insert=True)
    move(
        out, OutState.APPEALED, by=OUT_MOVES, appeal=text.strip(), appeal_file=file, appealed_by=by,
        appealed_at=clock.now(),
    )  # fmt: skip
    record("standing.appealed", out, after={"file": file.sha256 if file else ""}, about=out.whom)
    _publish(out)
    sentence = _TOLD_APPEAL.format(round=out.round.title, who=str(out.whom))
    people = {person.pk: person for person in (*out.round.organisers.all(), *answerers(out))}
    _tell(people.values(), sentence, Text(ko=out.appeal, en=out.appeal), path=_page(out))


def _publish(out: Disqualification | Ban) -> None:
    """Verdicts wait for disqualifications alone."""
    if isinstance(out, Disqualification):
        publish(Disqualified(out.pk))


def _check_organises(by: Person, round_: Round) -> None:
    if not organises(by, round_):
        raise Forbidden("challenges.not-organiser", _NOT_YOURS)


def _why(ground: str, reason: Text) -> dict[str, Any]:
    if not (reason.ko.strip() and reason.en.strip()):
        raise Flawed("standing.reason", _NO_REASON, errors=[])
    return {"ground": Ground(ground), "reason_ko": reason.ko.strip(), "reason_en": reason.en.strip()}


def _ahead(moment: datetime) -> datetime:
    if moment <= clock.now():
        raise Refused("standing.past", _PAST)
    return moment


def _sort(out: Disqualification | Ban) -> _Sort:
    return _OUTS if isinstance(out, Disqualification) else _BANS


def _page(out: Disqualification | Ban) -> str:
    return _sort(out).page.format(out.pk)


def _tell_concerned(out: Disqualification | Ban, sentence: Text, why: Text, **more: object) -> None:
    _tell(people_of(out), sentence.format(round=out.round.title, **more), why, path=_page(out))


def _tell(people: Iterable[Person], sentence: Text, why: Text, *, path: str) -> None:
    """On their pages and by mail: it is a verdict. A scratch database tells nobody."""
    if settings.SCRATCH:
        return
    active = [person for person in people if person.is_active]
    tell([person.pk for person in active], kind=NoticeKind.RESULT, text=sentence, path=path)
    link = f"{settings.BASE_URL}{path}"
    body = Text(*("\n\n".join(filter(None, [sentence[tongue], why[tongue], link, ""])) for tongue in ("ko", "en")))
    for person in active:
        send_mail(to=person.email, subject=sentence, body=body, language=person.language or "ko")
