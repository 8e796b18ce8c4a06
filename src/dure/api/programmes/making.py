"""Making programmes and walking them through their life: draft, published, open, running, closed."""

from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from ninja import Query, Router
from pydantic import Field, StringConstraints

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import (
    allow,
    operated_programme,
    organisations_by,
    seen_programme,
    staffed_programme,
    stage_of,
)
from dure.api.programmes.rulebook import ProgrammeOut, ProgrammeRow, StepOut, programme_rows
from dure.api.shapes import In, Line, Number, Out, Page, Paging, paged
from dure.api.writing import writes
from dure.blueprint.library import Library
from dure.core.errors import Flawed, Forbidden, Missing
from dure.core.text import Text
from dure.joints.hiding import hidden_stages
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Programme, ProgrammeState, Seat
from dure.programmes.operations import publishing, ticking
from dure.programmes.queries.outcome import outcome

router = Router(tags=["programmes"])

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Bound = dict[Line, Number | Line | list[Line]]
Step = Literal["publish", "open", "run", "close"]
_NOT_PUBLIC = Text(
    ko="이 프로그램에는 비공개 라운드가 있어, 블루프린트는 그 라운드의 참가자와 운영자만 볼 수 있습니다.",
    en="This programme has a round that is not public: only those who take part in it or run it read the blueprint.",
)


class TitleIn(In):
    ko: Line
    en: Line


class NewProgramme(In):
    """``blueprint`` names one of the library; ``source`` is a blueprint's own text. Exactly one of them."""

    slug: Slug
    blueprint: Line | None = None
    source: Annotated[str, StringConstraints(max_length=1024 * 1024)] | None = None
    title: TitleIn | None = None
    bind: Bound = {}
    parties: dict[Line, list[Line]] = {}
    zone: Line = "Asia/Seoul"


class BindIn(In):
    """A null takes a value back."""

    bind: dict[Line, Number | Line | list[Line] | None]


class PartyIn(In):
    organisations: list[Line] = Field(max_length=200)


class WhenIn(In):
    """``when`` in the language's own keys; null gives the blueprint's back."""

    when: dict[Line, Line] | None


class SourceOut(Out):
    """The blueprint's text as it is frozen inside, and its SHA-256."""

    source: str
    sha256: str


class OutcomeOut(Out):
    """How it stands, in the shape of a rehearsal's outcome."""

    blueprint: str
    cases: int
    stages: list[dict[str, Any]]
    money: dict[str, int]
    credentials: dict[str, int]
    privileges: dict[str, int]
    published: dict[str, int]
    spawned: dict[str, int]
    roles: dict[str, int]
    provided: dict[str, Any]
    measures: dict[str, Any]
    expect: list[dict[str, Any]]


@router.get("/programmes", response=Page[ProgrammeRow], auth=ANYBODY)
def listed(
    request: AskedByAnybody, paging: Query[Paging], state: ProgrammeState | None = None, blueprint: Line = ""
) -> Page[ProgrammeRow]:
    """Programmes that are public, and the drafts that one has to do with."""
    rows = _seen_by(caller(request))
    rows = rows.filter(state=state) if state else rows
    return paged(rows.filter(blueprint_name=blueprint) if blueprint else rows, paging, programme_rows)


def _seen_by(person: Person | None) -> QuerySet[Programme]:
    if person is None:
        return Programme.objects.exclude(state=ProgrammeState.DRAFT)
    if rules.is_operator(person):
        return Programme.objects.all()
    seated = Seat.objects.filter(person=person, ended_at__isnull=True).values("programme")
    return Programme.objects.filter(~Q(state=ProgrammeState.DRAFT) | Q(made_by=person) | Q(pk__in=seated))


@writes(router.post, "/programmes", ProgrammeOut, status=201)
def make(request: Asked, body: NewProgramme) -> Programme:
    """A draft from a blueprint, whose text is frozen inside."""
    allow(rules.may_make(request.auth), "programme.not-yours-to-make")
    return publishing.make_programme(
        _source(body),
        slug=body.slug,
        by=request.auth,
        title=Text(ko=body.title.ko, en=body.title.en) if body.title else None,
        bind=body.bind,
        parties={key: organisations_by(shorts) for key, shorts in body.parties.items()},
        zone=body.zone,
    )


def _source(body: NewProgramme) -> str:
    if (body.blueprint is None) == (body.source is None):
        sentence = Text(ko="blueprint와 source 가운데 하나만 보내세요.", en="Send exactly one of blueprint and source.")
        raise Flawed("programme.source", sentence)
    if body.source is not None:
        return body.source
    found = Library.around(()).source("blueprint", body.blueprint or "")
    if found is None:
        sentence = Text(ko="라이브러리에 ‘{name}’ 블루프린트가 없습니다.", en="The library has no blueprint {name}.")
        raise Missing("blueprint.missing", sentence.format(name=body.blueprint))
    return found.decode()


@router.get("/programmes/{slug:slug}", response=ProgrammeOut, auth=ANYBODY)
def shown(request: AskedByAnybody, slug: str) -> ProgrammeOut:
    """One programme: its rules in plain words, stages with their windows, parties, roles."""
    person, programme = caller(request), seen_programme(caller(request), slug)
    return ProgrammeOut.of(programme, hidden=hidden_stages(programme, person))


@router.get("/programmes/{slug:slug}/source", response=SourceOut, auth=ANYBODY)
def source(request: AskedByAnybody, slug: str) -> SourceOut:
    """The blueprint that the programme keeps; of a stage that is not public, those who take no part read none of it."""
    person, programme = caller(request), seen_programme(caller(request), slug)
    if hidden_stages(programme, person):
        raise Forbidden("programme.not-public", _NOT_PUBLIC)
    return SourceOut(source=programme.source, sha256=programme.sha256)


@writes(router.put, "/programmes/{slug:slug}/bind", ProgrammeOut)
def bind(request: Asked, slug: str, body: BindIn) -> Programme:
    """Fill in (more of) what the blueprint leaves to a draft."""
    return publishing.bind_values(operated_programme(request.auth, slug), body.bind)


@writes(router.put, "/programmes/{slug:slug}/parties/{slug:key}", ProgrammeOut)
def bind_party(request: Asked, slug: str, key: str, body: PartyIn) -> Programme:
    """Let organisations stand for a party of a draft."""
    programme = operated_programme(request.auth, slug)
    publishing.bind_party(programme, key, organisations=organisations_by(body.organisations))
    return programme


@writes(router.put, "/programmes/{slug:slug}/stages/{slug:stage}/when", ProgrammeOut)
def set_when(request: Asked, slug: str, stage: str, body: WhenIn) -> Programme:
    """Give a stage other dates, also while the programme runs; null: the blueprint's again."""
    programme = operated_programme(request.auth, slug)
    return publishing.set_window(programme, stage_of(programme, stage).id, body.when)


@router.get("/programmes/{slug:slug}/preview", response=StepOut)
def preview(request: Asked, slug: str, step: Step) -> StepOut:
    """What publish, open, run or close would do, and what stands in its way."""
    return StepOut.of(publishing.preview_step(operated_programme(request.auth, slug), step))


@writes(router.post, "/programmes/{slug:slug}/publish", ProgrammeOut)
def publish(request: Asked, slug: str) -> Programme:
    """Make the rules public; they change no more."""
    return publishing.publish(operated_programme(request.auth, slug))


@writes(router.post, "/programmes/{slug:slug}/open", ProgrammeOut)
def open_entries(request: Asked, slug: str) -> Programme:
    """Take entries."""
    return publishing.open_programme(operated_programme(request.auth, slug))


@writes(router.post, "/programmes/{slug:slug}/run", ProgrammeOut)
def run(request: Asked, slug: str) -> Programme:
    """Take no more new cases; those there go on."""
    return publishing.run(operated_programme(request.auth, slug))


@writes(router.post, "/programmes/{slug:slug}/close", ProgrammeOut)
def close(request: Asked, slug: str) -> Programme:
    """End it, for good."""
    return publishing.close(operated_programme(request.auth, slug))


@writes(router.post, "/programmes/{slug:slug}/tick", ProgrammeOut)
def tick(request: Asked, slug: str) -> Programme:
    """Do now what the windows make due; a worker does the same every few seconds."""
    programme = operated_programme(request.auth, slug)
    ticking.tick(programme)
    return programme


@router.get("/programmes/{slug:slug}/outcome", response=OutcomeOut)
def counted(request: Asked, slug: str, as_rehearsed: bool = False) -> OutcomeOut:
    """Stages, money, credentials and measures as they stand, for those who have a part in running it."""
    return OutcomeOut(**outcome(staffed_programme(request.auth, slug), as_rehearsed=as_rehearsed))
