"""What people are told, on their pages and by mail: an offer, an opening, a receipt, a result, a payment."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from dure.blueprint.model import Kind, Stage
from dure.core import clock
from dure.core.currencies import named
from dure.core.events import on
from dure.core.moments import Told
from dure.core.text import Text
from dure.funding.events import PaymentPaid
from dure.funding.models import Commitment, Payment
from dure.jobs.operations import enqueue
from dure.jobs.registry import task
from dure.joints.gives.money import PURPOSE
from dure.people.models import NoticeKind, Person
from dure.people.operations import Letter, write_to
from dure.programmes.events import Approached, OfferMade, TurnHandedIn, TurnsJudged, TurnsOpened
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Approach, Decision, Given, Offer, Programme, Turn, TurnState
from dure.programmes.queries.members import members_by_turn

RESULTS, OPENINGS = "joints.tell-results", "joints.tell-openings"
AT_ONCE = 200  # how many turns one job writes to; the next job goes on behind them


OFFER = Letter(
    NoticeKind.INVITATION,
    Text(ko="{programme}: ‘{stage}’에 초대되었습니다.", en="{programme}: you are invited to “{stage}”."),
    Text(ko="[두레] {programme}: 초대가 도착했습니다", en="[Dure] {programme}: you are invited"),
    Text(
        ko="‘{programme}’의 ‘{stage}’ 단계에 초대되었습니다.\n아래에서 수락하거나 거절하세요.\n\n{link}\n",
        en="You are invited to “{stage}” of {programme}.\nAccept or decline here:\n\n{link}\n",
    ),
)
OPENED = Letter(
    NoticeKind.OPENED,
    Text(ko="{programme}: ‘{stage}’ 단계가 열렸습니다.{until}", en="{programme}: “{stage}” is open.{until}"),
    Text(ko="[두레] {programme}: ‘{stage}’ 단계가 열렸습니다", en="[Dure] {programme}: “{stage}” is open"),
    Text(
        ko="‘{stage}’ 단계가 열렸습니다.{until}\n\n{link}\n",
        en="“{stage}” is open.{until}\n\n{link}\n",
    ),
)
RECEIPT = Letter(
    NoticeKind.RECEIPT,
    Text(ko="{programme}: ‘{stage}’ 제출이 접수되었습니다.", en="{programme}: “{stage}” was received."),
    Text(ko="[두레] {programme}: 접수되었습니다", en="[Dure] {programme}: received"),
    Text(
        ko="‘{stage}’ 단계에 제출한 내용이 {when}에 접수되었습니다. 마감 전까지 고쳐 다시 낼 수 있습니다.\n\n{link}\n",
        en="What you handed in to “{stage}” was received on {when}. You may change it until the deadline.\n\n{link}\n",
    ),
)
_RESULT = Text(ko="[두레] {programme}: ‘{stage}’ 결과", en="[Dure] {programme}: result of “{stage}”")
PASSED = Letter(
    NoticeKind.RESULT,
    Text(ko="{programme}: ‘{stage}’ 단계를 통과했습니다.", en="{programme}: you passed “{stage}”."),
    _RESULT,
    Text(
        ko="‘{stage}’ 단계를 통과했습니다. 축하합니다.\n\n{link}\n",
        en="You passed “{stage}”. Congratulations.\n\n{link}\n",
    ),
)
OUT = Letter(
    NoticeKind.RESULT,
    Text(ko="{programme}: ‘{stage}’ 단계를 통과하지 못했습니다.", en="{programme}: you did not pass “{stage}”."),
    _RESULT,
    Text(
        ko="‘{stage}’ 단계를 통과하지 못했습니다.\n사유: {reason}\n\n자세한 내용과 다음에 할 수 있는 일:\n{link}\n",
        en="You did not pass “{stage}”.\nReason: {reason}\n\nDetails and what you can do:\n{link}\n",
    ),
)
PAID = Letter(
    NoticeKind.PAYMENT,
    Text(ko="{what}: {amount} 지급이 완료되었습니다.", en="{what}: {amount} was paid to you."),
    Text(ko="[두레] 지급 안내: {amount}", en="[Dure] Paid to you: {amount}"),
    Text(
        ko="{what}\n{amount} 지급이 완료되었습니다. 은행에 따라 입금까지 하루 이틀 걸릴 수 있습니다.\n\n{link}\n",
        en="{what}\n{amount} was paid to you. Some banks take a day or two.\n\n{link}\n",
    ),
)
APPROACHED = Letter(
    NoticeKind.INVITATION,
    Text(ko="{programme}: {who}에서 메시지를 보냈습니다.", en="{programme}: {who} has written to you."),
    Text(ko="[두레] {programme}: {who}에서 보낸 메시지", en="[Dure] {programme}: a message from {who}"),
    Text(
        ko="{who} 채용 담당자 {name} 님이 보낸 메시지입니다.\n\n{text}\n\n"
        "답장은 다음 주소로 보내세요: {reply_to}\n답장하기 전에는 내 연락처가 전달되지 않습니다.\n{link}\n",
        en="{name}, a recruiter of {who}, writes to you.\n\n{text}\n\n"
        "Answer to {reply_to}. They do not get your address unless you answer.\n{link}\n",
    ),
)
_UNTIL = Text(ko=" 마감: {when}", en=" Deadline: {when}")


@on(OfferMade)
def tell_offer(fact: OfferMade) -> None:
    """An invitation, nomination or match: its person answers it."""
    offer = Offer.objects.select_related("person", "programme").get(pk=fact.offer)
    _tell_stage([offer.person], OFFER, offer.programme, offer.stage, path=f"/offers/{offer.pk}/")


@on(TurnsOpened)
def tell_openings_soon(fact: TurnsOpened) -> None:
    """What opens by itself is news; what opens because its holder has just done something is not."""
    turn = Turn.objects.select_related("programme").get(pk=fact.turns[0])
    if not _waits_for_holder(blueprint_of(turn.programme).stage(fact.stage)):
        _tell_soon(OPENINGS, fact.programme, fact.stage, turn.opened_at)


@on(TurnHandedIn)
def tell_receipt(fact: TurnHandedIn) -> None:
    """A form that its holders sent themselves; what others record is not their news, and rounds show theirs."""
    turn = Turn.objects.select_related("programme", "evidence").get(pk=fact.turn)
    sent = turn.evidence is not None and turn.evidence.via == "form"
    if sent and blueprint_of(turn.programme).stage(turn.stage).kind is Kind.FORM:
        path, when = f"/turns/{turn.pk}/", Told(turn.handed_in_at or clock.now(), turn.programme.zone)
        _tell_stage(_people([turn])[turn.pk], RECEIPT, turn.programme, turn.stage, path=path, when=when)


@on(TurnsJudged)
def tell_results_soon(fact: TurnsJudged) -> None:
    if turns := fact.passed or fact.out:
        ended = Turn.objects.values_list("ended_at", flat=True).get(pk=turns[0])
        _tell_soon(RESULTS, fact.programme, fact.stage, ended)


@on(Approached)
def tell_approach(fact: Approached) -> None:
    """A recruiter's words, with the address to answer to."""
    made = Approach.objects.select_related("person", "programme", "organisation", "by").get(pk=fact.approach)
    who = made.organisation.title if made.organisation else Text(ko=made.by.name, en=made.by.name)
    told = {"who": who, "name": made.by.name, "text": made.text, "reply_to": made.reply_to}
    write_to([made.person], APPROACHED, path=f"/approaches/{made.pk}/", programme=made.programme.title, **told)


@on(PaymentPaid)
def tell_payment(fact: PaymentPaid) -> None:
    """Money that has left for a person; an organisation's books are its own."""
    payment = Payment.objects.select_related("person", "commitment").get(pk=fact.payment)
    if payment.person is not None:
        amount = named(fact.amount, fact.currency)
        write_to([payment.person], PAID, path="/me/", what=_what_for(payment.commitment), amount=amount)


def _what_for(commitment: Commitment) -> Text:
    """What was paid for, as people know it: a programme's give, else in the words of whoever committed it."""
    if commitment.purpose.startswith(PURPOSE):
        given = Given.objects.select_related("programme").get(pk=commitment.purpose.removeprefix(PURPOSE))
        word, title = blueprint_of(given.programme).word(given.name), given.programme.title
        return Text(ko=f"{title.ko} {word.ko}", en=f"{title.en}, {word.en}")
    return Text(ko=commitment.what, en=commitment.what)


def _tell_soon(name: str, programme: UUID, stage: str, at: datetime | None) -> None:
    """What concerns a whole stage goes out by a job of its own: a hundred thousand letters delay no verdict."""
    if not settings.SCRATCH:
        moment = "" if at is None else at.isoformat()
        arguments = {"programme": str(programme), "stage": stage, "at": moment, "after": ""}
        enqueue(name, arguments=arguments, key=f"{name}:{programme}:{stage}:{moment}")


@task(RESULTS)
def tell_results(*, programme: str, stage: str, at: str, after: str) -> None:
    """Write to those whose turns ended at that moment, some at a time."""
    ended = Turn.objects.filter(
        programme_id=UUID(programme), stage=stage, ended_at=datetime.fromisoformat(at),
        state__in=[TurnState.PASSED, TurnState.OUT],
    )  # fmt: skip
    _tell_some(RESULTS, ended, _tell_result, programme=programme, stage=stage, at=at, after=after)


@task(OPENINGS)
def tell_openings(*, programme: str, stage: str, at: str, after: str) -> None:
    """Write to those whose turns opened at that moment and are open still, some at a time."""
    opened = Turn.objects.filter(
        programme_id=UUID(programme), stage=stage, opened_at=datetime.fromisoformat(at), state=TurnState.OPEN
    )
    _tell_some(OPENINGS, opened, _tell_opening, programme=programme, stage=stage, at=at, after=after)


def _tell_some(
    name: str, rows: "QuerySet[Turn]", one: Callable[[list[Person], Turn], None], *, after: str, **which: str
) -> None:
    later = rows.filter(pk__gt=UUID(after)) if after else rows
    turns = list(later.select_related("programme", "case").order_by("pk")[:AT_ONCE])
    people = _people(turns)
    for turn in turns:
        one(people[turn.pk], turn)
    if len(turns) == AT_ONCE:
        last = str(turns[-1].pk)
        enqueue(name, arguments={**which, "after": last}, key=":".join([name, *which.values(), last]))


def _tell_result(people: list[Person], turn: Turn) -> None:
    path = f"/turns/{turn.pk}/"
    if turn.state == TurnState.PASSED:
        _tell_stage(people, PASSED, turn.programme, turn.stage, path=path)
        return
    decision = Decision.objects.filter(turn=turn, verdict="out").order_by("-pk").first()
    reason = decision.reason if decision else Text("–", "–")
    _tell_stage(people, OUT, turn.programme, turn.stage, path=path, reason=reason)


def _tell_opening(people: list[Person], turn: Turn) -> None:
    until = Told(turn.closes_at, turn.programme.zone, closes=True, sentence=_UNTIL) if turn.closes_at else ""
    _tell_stage(people, OPENED, turn.programme, turn.stage, path=f"/turns/{turn.pk}/", until=until)


def _waits_for_holder(stage: Stage) -> bool:
    """Whether somebody does something before a turn opens: enters, chooses, forms a team, accepts terms."""
    return bool(stage.entry or stage.options or stage.team or any(p.terms for p in stage.provides))


def _people(turns: Sequence[Turn]) -> dict[UUID, list[Person]]:
    """By turn, its persons; of a case without persons, whoever entered it."""
    members = members_by_turn(turns)
    return {turn.pk: [m.person or m.case.entered_by for m in members[turn.pk]] for turn in turns}


def _tell_stage(
    people: Sequence[Person], letter: Letter, programme: Programme, stage: str, *, path: str, **more: object
) -> None:
    write_to(people, letter, path=path, programme=programme.title, stage=blueprint_of(programme).word(stage), **more)
