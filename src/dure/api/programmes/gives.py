"""What followed from verdicts, and what is put at a turn's disposal: lists, confirmations, the funds behind money."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.db.models import Q
from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one, operated_programme, seen_programme, seen_turn, staffed_programme
from dure.api.shapes import (
    In,
    Line,
    Moment,
    Money,
    OrganisationRef,
    Out,
    Page,
    Paging,
    PersonRef,
    Prose,
    paged,
)
from dure.api.writing import writes
from dure.core.text import Text
from dure.funding.models import Fund
from dure.funding.rules import may_run_fund
from dure.joints.gives.credential import achievements_to_bind, bind_credential
from dure.joints.gives.money import bind_fund
from dure.joints.gives.recorded import confirm, revoke
from dure.joints.models import ProgrammeCredential, ProgrammeFund
from dure.joints.provides.recorded import confirm_provided
from dure.programmes import rules
from dure.programmes.models import Given, GivenState, Provided, Turn

router = Router(tags=["gives"])
Kind = Literal["credential", "money", "privilege", "publish", "spawn", "role"]


class NoteIn(In):
    note: Prose = ""


class ReasonIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class FundIn(In):
    """``money``: the type of money, as the blueprint names it."""

    money: Line
    fund: UUID


class CredentialIn(In):
    """``name``: the credential, as the blueprint names it. ``level``: only at that one; left out, at every."""

    name: Line
    achievement: UUID
    level: Annotated[str, Field(max_length=80)] = ""


class GivenOut(Out):
    """One give of one turn to one receiver (a person, an organisation, or neither: the turn itself)."""

    id: UUID
    programme: str
    turn: UUID | None
    stage: str
    kind: str
    name: str
    person: PersonRef | None
    organisation: OrganisationRef | None
    money: Money | None
    details: dict[str, Any]
    state: str
    via: str
    given_at: Moment
    expires_at: Moment | None
    done_at: Moment | None

    @classmethod
    def of(cls, given: Given) -> Self:
        place = given.organisation
        return cls(
            id=given.pk,
            programme=given.programme.slug,
            turn=given.turn_id,
            stage=given.stage,
            kind=given.kind,
            name=given.name,
            person=PersonRef.of(given.person) if given.person else None,
            organisation=OrganisationRef.of(place) if place else None,
            money=Money(amount=given.amount, currency=given.currency) if given.amount is not None else None,
            details=given.details,
            state=given.state,
            via=given.via,
            given_at=given.given_at,
            expires_at=given.expires_at,
            done_at=given.done_at,
        )


class ProvidedOut(Out):
    """``turn`` null: shared by the stage. ``amount`` null: not metered."""

    id: UUID
    programme: str
    turn: UUID | None
    stage: str
    type: str
    amount: float | None
    unit: str
    state: str
    opened_at: Moment
    closed_at: Moment | None

    @classmethod
    def of(cls, provided: Provided) -> Self:
        return cls(
            id=provided.pk,
            programme=provided.programme.slug,
            turn=provided.turn_id,
            stage=provided.stage,
            type=provided.type,
            amount=None if provided.amount is None else float(provided.amount),
            unit=provided.unit,
            state=provided.state,
            opened_at=provided.opened_at,
            closed_at=provided.closed_at,
        )


class ProgrammeCredentialOut(Out):
    programme: str
    name: str
    level: str
    achievement: UUID

    @classmethod
    def of(cls, bound: ProgrammeCredential) -> Self:
        return cls(programme=bound.programme.slug, name=bound.name, level=bound.level, achievement=bound.achievement_id)


class ProgrammeFundOut(Out):
    programme: str
    money: str
    fund: UUID

    @classmethod
    def of(cls, bound: ProgrammeFund) -> Self:
        return cls(programme=bound.programme.slug, money=bound.money, fund=bound.fund_id)


def _gives(rows: Iterable[Given]) -> list[GivenOut]:
    return [GivenOut.of(given) for given in rows]


_WITH = ("programme", "person", "organisation")


@router.get("/programmes/{slug:slug}/gives", response=Page[GivenOut])
def listed(
    request: Asked,
    slug: str,
    paging: Query[Paging],
    kind: Kind | None = None,
    state: GivenState | None = None,
) -> Page[GivenOut]:
    """What followed from the programme's verdicts: all of it for who oversees it, else from the turns one is with."""
    programme = staffed_programme(request.auth, slug)
    rows = Given.objects.filter(programme=programme).select_related(*_WITH)
    if not rules.oversees(request.auth, programme):
        rows = rows.filter(turn__in=Turn.objects.filter(rules.seen_alone(request.auth)).values("pk"))
    rows = rows.filter(kind=kind) if kind else rows
    return paged(rows.filter(state=state) if state else rows, paging, _gives)


@router.get("/me/gives", response=Page[GivenOut])
def mine(request: Asked, paging: Query[Paging], kind: Kind | None = None) -> Page[GivenOut]:
    """What one received: by name, or by a turn of one's own."""
    own = Turn.objects.filter(rules.held_by(request.auth)).values("pk")
    by_turn = Q(person__isnull=True, turn__in=own)
    rows = Given.objects.filter(Q(person=request.auth) | by_turn).select_related(*_WITH)
    return paged(rows.filter(kind=kind) if kind else rows, paging, _gives)


@writes(router.post, "/gives/{uuid:given_id}/confirm", GivenOut)
def confirm_given(request: Asked, given_id: UUID, body: NoteIn) -> Given:
    """It was done."""
    return confirm(_given(request, given_id), by=request.auth, note=body.note)


@writes(router.post, "/gives/{uuid:given_id}/revoke", GivenOut)
def revoke_given(request: Asked, given_id: UUID, body: ReasonIn) -> Given:
    """Take it back, with a reason."""
    return revoke(_given(request, given_id), by=request.auth, reason=body.reason)


def _given(request: Asked, given_id: UUID) -> Given:
    """A give, for whoever may see its turn (of a whole stage: its programme)."""
    rows = Given.objects.select_related(*_WITH)
    what = Text(ko="지급·발급", en="give")
    given = one(rows, "give.missing", what, pk=given_id)
    if given.turn_id:
        seen_turn(request.auth, given.turn_id)
    else:
        seen_programme(request.auth, given.programme.slug)
    return given


@router.get("/programmes/{slug:slug}/provided", response=Page[ProvidedOut])
def provisions(request: Asked, slug: str, paging: Query[Paging]) -> Page[ProvidedOut]:
    """What is or was at the disposal of turns, for those who have a part in running it."""
    rows = Provided.objects.filter(programme=staffed_programme(request.auth, slug)).select_related("programme")
    return paged(rows, paging, lambda found: [ProvidedOut.of(row) for row in found])


@writes(router.post, "/provided/{uuid:provided_id}/confirm", ProvidedOut)
def confirm_provision(request: Asked, provided_id: UUID) -> Provided:
    """The party says that it is there."""
    rows = Provided.objects.select_related("programme", "turn")
    provided = one(rows, "provision.missing", Text(ko="제공", en="provision"), pk=provided_id)
    seen_programme(request.auth, provided.programme.slug)
    return confirm_provided(provided, by=request.auth)


@writes(
    router.post,
    "/programmes/{slug:slug}/credentials",
    ProgrammeCredentialOut,
    status=201,
)
def bind_achievement(request: Asked, slug: str, body: CredentialIn) -> ProgrammeCredential:
    """Have the programme's credential signed as what an organisation awards, which one must look after as well."""
    programme = operated_programme(request.auth, slug)
    what = Text(ko="수여 항목", en="achievement")
    achievement = one(achievements_to_bind(request.auth), "achievement.missing", what, pk=body.achievement)
    return bind_credential(programme, body.name, achievement=achievement, by=request.auth, level=body.level)


@writes(
    router.post,
    "/programmes/{slug:slug}/funds",
    ProgrammeFundOut,
    status=201,
)
def bind(request: Asked, slug: str, body: FundIn) -> ProgrammeFund:
    """Pay the programme's money of one type from a fund, which one must run as well."""
    programme = operated_programme(request.auth, slug)
    fund = one(Fund.objects.all(), "fund.missing", Text(ko="기금", en="fund"), pk=body.fund)
    allow(may_run_fund(request.auth, fund), "fund.not-yours")
    return bind_fund(programme, body.money, fund=fund, by=request.auth)
