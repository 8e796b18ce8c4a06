"""Who may take no part in a programme: bans, the one appeal, its answer, and undoing it."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import StringConstraints

from dure.api.base import Asked
from dure.api.find import one, operated_programme, person_by
from dure.api.shapes import Email, GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Whole, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import Ban, Programme
from dure.programmes.operations import banning
from dure.programmes.operations.banning import MOST_APPEAL, MOST_REASON
from dure.programmes.queries.bans import bans_of, case_numbered, persons_of_case, persons_of_team, team_called
from dure.programmes.rules import concerned_by, operates

router = Router(tags=["programmes"])
BAN = Text(ko="참가 제한", en="ban")
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=MOST_REASON)]


class BanSaid(In):
    """A sentence in both languages, as its reader gets it."""

    ko: Sentence
    en: Sentence

    def text(self) -> Text:
        return Text(ko=self.ko, en=self.en)


class ProgrammeBanIn(In):
    """Whom: the person of an ``email``, everybody of the ``case`` of that number, or everybody of the ``team`` of that
    name. ``until`` null: for good; ``appeal_until`` null: seven days."""

    email: Email | None = None
    case: Whole | None = None
    team: Line | None = None
    reason: BanSaid
    until: GivenMoment | None = None
    appeal_until: GivenMoment | None = None

    def whom(self, programme: Programme) -> tuple[Sequence[Person], str]:
        """The persons, and what the desk calls them."""
        if self.case is not None:
            case = case_numbered(programme, self.case)
            return persons_of_case(case), str(case)
        if self.team is not None:
            return persons_of_team(team_called(programme, self.team)), self.team
        return ([person_by(self.email)], "") if self.email else ([], "")


class ProgrammeAppealIn(In):
    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_APPEAL)]


class ProgrammeAnswerIn(In):
    grant: bool
    answer: BanSaid


class ProgrammeBanOut(Out):
    """``state``: standing, appealed, upheld or lifted; ``in_force``: whether it keeps anybody from anything now."""

    id: UUID
    title: str
    persons: list[PersonRef]
    reason: Words
    state: str
    in_force: bool
    at: Moment
    until: Moment | None
    appeal_until: Moment
    appeal: str
    answer: Words | None

    @classmethod
    def of(cls, row: Ban) -> Self:
        told = {name: getattr(row, name) for name in ("id", "title", "state", "at", "until", "appeal_until", "appeal")}
        return cls(
            **told, persons=[PersonRef.of(banned.person) for banned in row.persons.select_related("person")],
            reason=Words.of(row.reason), in_force=row.is_in_force, answer=Words.of(row.answer) if row.answer else None,
        )  # fmt: skip


@router.get("/programmes/{slug:slug}/bans", response=Page[ProgrammeBanOut])
def bans(request: Asked, slug: str, paging: Query[Paging]) -> Any:
    """All there ever were, for those who operate the programme."""
    return paged(bans_of(operated_programme(request.auth, slug)), paging, _listed)


@writes(router.post, "/programmes/{slug:slug}/bans", ProgrammeBanOut, status=201)
def ban(request: Asked, slug: str, body: ProgrammeBanIn) -> Ban:
    """Keep a person or a team out of the whole programme; what was given and paid stays."""
    programme = operated_programme(request.auth, slug)
    persons, title = body.whom(programme)
    return banning.ban(
        programme, persons, by=request.auth, reason=body.reason.text(), title=title, until=body.until,
        appeal_until=body.appeal_until,
    )  # fmt: skip


@router.get("/programme-bans/{uuid:ban_id}", response=ProgrammeBanOut)
def shown(request: Asked, ban_id: UUID) -> ProgrammeBanOut:
    """For those it concerns and the programme's operators."""
    return ProgrammeBanOut.of(_found(request, ban_id))


@writes(router.post, "/programme-bans/{uuid:ban_id}/appeal", ProgrammeBanOut)
def appeal(request: Asked, ban_id: UUID, body: ProgrammeAppealIn) -> Ban:
    """Say once why it should not be so."""
    return banning.appeal(_found(request, ban_id), by=request.auth, text=body.text)


@writes(router.post, "/programme-bans/{uuid:ban_id}/answer", ProgrammeBanOut)
def answer(request: Asked, ban_id: UUID, body: ProgrammeAnswerIn) -> Ban:
    """Grant an appeal or refuse it; by another operator than the one who banned, where there is one."""
    said = body.answer.text()
    return banning.answer_appeal(_found(request, ban_id), by=request.auth, grant=body.grant, answer=said)


@writes(router.post, "/programme-bans/{uuid:ban_id}/lift", ProgrammeBanOut)
def lift(request: Asked, ban_id: UUID) -> Ban:
    """Let them take part again; turns go back to where they stood, unless their stage is over."""
    return banning.lift(_found(request, ban_id), by=request.auth)


def _found(request: Asked, ban_id: UUID) -> Ban:
    rows = Ban.objects.select_related("programme")
    found = one(rows, "ban.missing", BAN, pk=ban_id)
    if not (concerned_by(request.auth, found) or operates(request.auth, found.programme)):
        return one(rows.none(), "ban.missing", BAN)
    return found


def _listed(rows: Sequence[Ban]) -> list[ProgrammeBanOut]:
    return [ProgrammeBanOut.of(row) for row in rows]
