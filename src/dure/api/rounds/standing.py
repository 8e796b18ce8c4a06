"""Who is out of a round: disqualifications with their appeals, and bans."""

from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Router
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.find import one, person_by
from dure.api.rounds.found import check_organises, organised_round
from dure.api.shapes import Email, GivenMoment, In, Moment, Out, Words
from dure.api.writing import writes
from dure.challenges.models import Ban, Disqualification, Entrant, Submission
from dure.challenges.operations import standing
from dure.challenges.operations.standing import MOST_APPEAL
from dure.challenges.rules import concerned_by, organises
from dure.core.text import Text
from dure.joints.running import let_organise

router = Router(tags=["rounds"])
ENTRANT = Text(ko="참가자", en="entrant")
OUT = Text(ko="실격", en="disqualification")
BAN = Text(ko="참가 제한", en="ban")
Ground = Literal["rules", "sharing", "accounts", "leak", "attack", "conduct", "other"]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Said(In):
    """A sentence in both languages, as its reader gets it."""

    ko: Sentence
    en: Sentence

    def text(self) -> Text:
        return Text(ko=self.ko, en=self.en)


class OutIn(In):
    """``attempt``: the number of one submission; null: the entrant as a whole. ``appeal_until`` null: seven days."""

    ground: Ground
    reason: Said
    attempt: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    appeal_until: GivenMoment | None = None


class AppealIn(In):
    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_APPEAL)]


class RoundAnswerIn(In):
    grant: bool
    answer: Said


class BanIn(In):
    """``until`` null: as long as the round lasts. ``appeal_until`` null: seven days."""

    email: Email
    ground: Ground
    reason: Said
    until: GivenMoment | None = None
    appeal_until: GivenMoment | None = None


class OutOut(Out):
    """``state``: standing, appealed, upheld or lifted."""

    id: UUID
    entrant: UUID
    submission: UUID | None
    ground: str
    reason: Words
    state: str
    appeal_until: Moment
    appeal: str
    answer: Words | None

    @classmethod
    def of(cls, row: Disqualification) -> Self:
        answer = Words.of(row.answer) if row.answer else None
        return cls(
            id=row.pk, entrant=row.entrant_id, submission=row.submission_id, ground=row.ground,
            reason=Words.of(row.reason), state=row.state, appeal_until=row.appeal_until, appeal=row.appeal,
            answer=answer,
        )  # fmt: skip


class BanOut(Out):
    """``state``: standing, appealed, upheld or lifted."""

    id: UUID
    round: UUID
    person: UUID
    ground: str
    reason: Words
    until: Moment | None
    lifted_at: Moment | None
    state: str
    appeal_until: Moment
    appeal: str
    answer: Words | None

    @classmethod
    def of(cls, row: Ban) -> Self:
        return cls(
            id=row.pk, round=row.round_id, person=row.person_id, ground=row.ground, reason=Words.of(row.reason),
            until=row.until, lifted_at=row.lifted_at, state=row.state, appeal_until=row.appeal_until,
            appeal=row.appeal, answer=Words.of(row.answer) if row.answer else None,
        )  # fmt: skip


@writes(router.post, "/entrants/{uuid:entrant_id}/disqualify", OutOut, status=201)
def disqualify(request: Asked, entrant_id: UUID, body: OutIn) -> Disqualification:
    """Take an entrant, or one attempt of it, off the boards; it is told why and may appeal once."""
    entrant = one(Entrant.objects.select_related("task__round"), "entrant.missing", ENTRANT, pk=entrant_id)
    check_organises(request.auth, entrant.task.round)
    submission = None
    if body.attempt is not None:
        what = Text(ko="제출", en="submission")
        submission = one(Submission.objects.filter(entrant=entrant), "submission.missing", what, number=body.attempt)
    return standing.disqualify(
        entrant, by=request.auth, ground=body.ground, reason=body.reason.text(), submission=submission,
        appeal_until=body.appeal_until,
    )  # fmt: skip


@router.get("/disqualifications/{uuid:out_id}", response=OutOut)
def disqualification(request: Asked, out_id: UUID) -> OutOut:
    """For those it concerns and the round's organisers."""
    return OutOut.of(_found(request, out_id))


@writes(router.post, "/disqualifications/{uuid:out_id}/appeal", OutOut)
def appeal(request: Asked, out_id: UUID, body: AppealIn) -> Disqualification:
    """Say once why it should not be so."""
    out = _found(request, out_id)
    standing.appeal(out, by=request.auth, text=body.text)
    return out


@writes(router.post, "/disqualifications/{uuid:out_id}/answer", OutOut)
def answer(request: Asked, out_id: UUID, body: RoundAnswerIn) -> Disqualification:
    """Grant an appeal or refuse it; another organiser than the one who disqualified, where there is one."""
    return standing.decide_appeal(_found(request, out_id), by=request.auth, grant=body.grant, answer=body.answer.text())


@writes(router.post, "/disqualifications/{uuid:out_id}/lift", OutOut)
def lift(request: Asked, out_id: UUID) -> Disqualification:
    """Put everything back as it was."""
    return standing.lift(_found(request, out_id), by=request.auth)


@writes(router.post, "/rounds/{uuid:round_id}/bans", BanOut, status=201)
def ban(request: Asked, round_id: UUID, body: BanIn) -> Ban:
    """Keep somebody from handing anything in."""
    round_ = organised_round(request.auth, round_id)
    return standing.ban(
        round_, person_by(body.email), by=request.auth, ground=body.ground, reason=body.reason.text(),
        until=body.until, appeal_until=body.appeal_until,
    )  # fmt: skip


@router.get("/bans/{uuid:ban_id}", response=BanOut)
def shown_ban(request: Asked, ban_id: UUID) -> BanOut:
    """For whom it concerns and the round's organisers."""
    return BanOut.of(_ban(request, ban_id))


@writes(router.post, "/bans/{uuid:ban_id}/appeal", BanOut)
def appeal_ban(request: Asked, ban_id: UUID, body: AppealIn) -> Ban:
    """Say once why it should not be so."""
    found = _ban(request, ban_id)
    standing.appeal(found, by=request.auth, text=body.text)
    return found


@writes(router.post, "/bans/{uuid:ban_id}/answer", BanOut)
def answer_ban(request: Asked, ban_id: UUID, body: RoundAnswerIn) -> Ban:
    """Grant an appeal or refuse it; another organiser than the one who banned, where there is one."""
    return standing.decide_appeal(_ban(request, ban_id), by=request.auth, grant=body.grant, answer=body.answer.text())


@writes(router.post, "/bans/{uuid:ban_id}/lift", BanOut)
def lift_ban(request: Asked, ban_id: UUID) -> Ban:
    """Let them take part again."""
    return standing.lift(_ban(request, ban_id), by=request.auth)


def _found(request: Asked, out_id: UUID) -> Disqualification:
    rows = Disqualification.objects.select_related("entrant__task__round", "submission", "choice")
    out = one(rows, "disqualification.missing", OUT, pk=out_id)
    return out if _concerns(request, out) else one(rows.none(), "disqualification.missing", OUT)


def _ban(request: Asked, ban_id: UUID) -> Ban:
    rows = Ban.objects.select_related("round", "person")
    found = one(rows, "ban.missing", BAN, pk=ban_id)
    return found if _concerns(request, found) else one(rows.none(), "ban.missing", BAN)


def _concerns(request: Asked, out: Disqualification | Ban) -> bool:
    """Whether it is against the caller, or in a round that they organise."""
    let_organise(request.auth, out.round)
    return concerned_by(request.auth, out) or organises(request.auth, out.round)
