"""What people are told by mail: an offer, a receipt, a result; each in the language they chose."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from dure.blueprint.model import Kind
from dure.core import clock
from dure.core.events import on
from dure.core.text import Text
from dure.jobs.operations import enqueue, send_mail
from dure.jobs.registry import task
from dure.people.models import Person
from dure.programmes.events import OfferMade, TurnHandedIn, TurnsJudged
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Decision, Offer, Programme, Turn, TurnState
from dure.programmes.queries.members import members_by_turn

RESULTS = "joints.tell-results"
AT_ONCE = 200  # how many turns one job writes to; the next job goes on behind them

_OFFER_SUBJECT = Text(ko="[두레] {programme}: 초대가 도착했습니다", en="[Dure] {programme}: you are invited")
_OFFER = Text(
    ko="‘{programme}’의 ‘{stage}’ 단계에 초대되었습니다.\n아래에서 수락하거나 거절하세요.\n\n{link}\n",
    en="You are invited to “{stage}” of {programme}.\nAccept or decline here:\n\n{link}\n",
)
_RECEIPT_SUBJECT = Text(ko="[두레] {programme}: 접수되었습니다", en="[Dure] {programme}: received")
_RECEIPT = Text(
    ko="‘{stage}’ 단계에 제출한 내용이 {when}에 접수되었습니다. 마감 전까지 고쳐서 다시 낼 수 있습니다.\n\n{link}\n",
    en="What you handed in to “{stage}” was received at {when}. You may change it until the deadline.\n\n{link}\n",
)
_RESULT_SUBJECT = Text(ko="[두레] {programme}: ‘{stage}’ 결과", en="[Dure] {programme}: result of “{stage}”")
_PASSED = Text(
    ko="‘{stage}’ 단계를 통과했습니다. 축하합니다.\n\n{link}\n", en="You passed “{stage}”. Congratulations.\n\n{link}\n"
)
_OUT = Text(
    ko="‘{stage}’ 단계를 통과하지 못했습니다.\n사유: {reason}\n\n자세한 내용과 다음에 할 수 있는 일:\n{link}\n",
    en="You did not pass “{stage}”.\nReason: {reason}\n\nDetails and what you can do:\n{link}\n",
)


@on(OfferMade)
def tell_offer(fact: OfferMade) -> None:
    """An invitation, nomination or match: its person answers it."""
    offer = Offer.objects.select_related("person", "programme").get(pk=fact.offer)
    link = f"/offers/{offer.pk}/"
    _write(offer.person, offer.programme, offer.stage, (_OFFER_SUBJECT, _OFFER), link=link)


@on(TurnHandedIn)
def tell_receipt(fact: TurnHandedIn) -> None:
    """A form that its holders sent themselves; what others record is not their news, and rounds show theirs."""
    turn = Turn.objects.select_related("programme", "evidence").get(pk=fact.turn)
    sent = turn.evidence is not None and turn.evidence.via == "form"
    if sent and blueprint_of(turn.programme).stage(turn.stage).kind is Kind.FORM:
        when = (turn.handed_in_at or clock.now()).astimezone(ZoneInfo(turn.programme.zone))
        for person in _people([turn])[turn.pk]:
            told = {"link": f"/turns/{turn.pk}/", "when": f"{when:%Y-%m-%d %H:%M %Z}"}
            _write(person, turn.programme, turn.stage, (_RECEIPT_SUBJECT, _RECEIPT), **told)


@on(TurnsJudged)
def tell_results_soon(fact: TurnsJudged) -> None:
    """Results go out by a job of their own: a hundred thousand letters delay no verdict."""
    if settings.SCRATCH or not (fact.passed or fact.out):
        return
    ended = Turn.objects.values_list("ended_at", flat=True).get(pk=(fact.passed or fact.out)[0])
    at = "" if ended is None else ended.isoformat()
    arguments = {"programme": str(fact.programme), "stage": fact.stage, "at": at, "after": ""}
    enqueue(RESULTS, arguments=arguments, key=f"{RESULTS}:{fact.programme}:{fact.stage}:{at}")


@task(RESULTS)
def tell_results(*, programme: str, stage: str, at: str, after: str) -> None:
    """Write to those whose turns ended at that moment, some at a time."""
    ended = Turn.objects.filter(
        programme_id=UUID(programme), stage=stage, ended_at=datetime.fromisoformat(at),
        state__in=[TurnState.PASSED, TurnState.OUT],
    )  # fmt: skip
    rows = ended.filter(pk__gt=UUID(after)) if after else ended
    turns = list(rows.select_related("programme", "case").order_by("pk")[:AT_ONCE])
    people = _people(turns)
    for turn in turns:
        for person in people[turn.pk]:
            _tell_result(person, turn)
    if len(turns) == AT_ONCE:
        last = str(turns[-1].pk)
        arguments = {"programme": programme, "stage": stage, "at": at, "after": last}
        enqueue(RESULTS, arguments=arguments, key=f"{RESULTS}:{programme}:{stage}:{at}:{last}")


def _tell_result(person: Person, turn: Turn) -> None:
    link = f"/turns/{turn.pk}/"
    if turn.state == TurnState.PASSED:
        _write(person, turn.programme, turn.stage, (_RESULT_SUBJECT, _PASSED), link=link)
        return
    decision = Decision.objects.filter(turn=turn, verdict="out").order_by("-pk").first()
    reason = decision.reason if decision else Text("–", "–")
    _write(person, turn.programme, turn.stage, (_RESULT_SUBJECT, _OUT), link=link, reason=reason)


def _people(turns: list[Turn]) -> dict[UUID, list[Person]]:
    """By turn, its persons; of a case without persons, whoever entered it."""
    members = members_by_turn(turns)
    return {turn.pk: [m.person or m.case.entered_by for m in members[turn.pk]] for turn in turns}


def _write(
    person: Person, programme: Programme, stage: str, letter: tuple[Text, Text], *, link: str, **more: object
) -> None:
    """One mail (subject and body) in the person's language; a scratch database writes to nobody."""
    if settings.SCRATCH or not person.is_active:
        return
    word = blueprint_of(programme).word(stage)
    subject, body = (
        text.format(programme=programme.title, stage=word, link=f"{settings.BASE_URL}{link}", **more) for text in letter
    )
    send_mail(to=person.email, subject=subject, body=body, language=person.language or "ko")
