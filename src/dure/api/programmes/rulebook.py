"""A programme as it is answered: its rules in plain words, its stages with their windows, who takes part."""

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from dure.api.shapes import Moment, Name, OrganisationRef, Out, Words
from dure.blueprint.model import Asked, Bind, Blueprint, FormDo, Role, Stage, When, Window
from dure.blueprint.model import Moment as Day
from dure.blueprint.reasons import gate_text
from dure.blueprint.windows import Span, window_of
from dure.core import clock
from dure.joints.hiding import told_without
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Party, Programme
from dure.programmes.operations.publishing import StepPreview
from dure.programmes.windows import Closings, close_of, closings_of


class ProgrammeRow(Out):
    """A programme in a list."""

    id: UUID
    slug: str
    title: Words
    blueprint: str
    state: str
    zone: str
    made_at: Moment
    published_at: Moment | None
    opened_at: Moment | None
    closed_at: Moment | None

    @classmethod
    def told(cls, programme: Programme) -> dict[str, Any]:
        return {
            "id": programme.pk,
            "slug": programme.slug,
            "title": Words.of(programme.title),
            "blueprint": programme.blueprint_name,
            "state": programme.state,
            "zone": programme.zone,
            "made_at": programme.made_at,
            "published_at": programme.published_at,
            "opened_at": programme.opened_at,
            "closed_at": programme.closed_at,
        }


def programme_rows(programmes: Iterable[Programme]) -> list[ProgrammeRow]:
    return [ProgrammeRow(**ProgrammeRow.told(programme)) for programme in programmes]


class QuestionOut(Out):
    name: str
    title: Words
    type: str
    choices: list[str]


class StageOut(Out):
    """A stage: how one comes in, when it is open, what it asks, and how one passes, in plain words."""

    id: str
    title: Words
    kind: str
    entry: str | None
    after: list[str]
    unit: str | None
    team: dict[str, int] | None
    options: dict[str, Words]
    choose: int
    when: dict[str, str] | None
    opens_at: Moment | None
    closes_at: Moment | None
    asks: list[QuestionOut]
    rules: list[Words]
    settles_as_set: bool
    again: bool

    @classmethod
    def of(
        cls, programme: Programme, stage: Stage, closings: Closings, *, blueprint: Blueprint, hidden: frozenset[str]
    ) -> Self:
        """As ``blueprint`` tells of it, which may not name what is ``hidden``."""
        span = span_of_stage(programme, stage)
        return cls(
            id=stage.id,
            title=Words.of(blueprint.word(stage.id)),
            kind=stage.kind,
            entry=stage.entry,
            after=[f"{a.stage}:out" if a.out else a.stage for a in stage.after if a.stage not in hidden],
            unit=stage.unit,
            team={"min": stage.team.min, "max": stage.team.max} if stage.team else None,
            options={name: Words.of(blueprint.word(name)) for name in options_at(programme, stage.id)},
            choose=stage.choose,
            when=written_window(stage.when, hidden) if stage.when else None,
            opens_at=span.opens,
            closes_at=close_of(stage.id, span, closings),
            asks=_asks(blueprint, stage),
            rules=[Words.of(text) for text in gate_text(blueprint, stage)],
            settles_as_set=stage.settles_as_set,
            again=stage.again,
        )


class RoleOut(Out):
    at: list[str]
    can: list[str]
    holds: str | None

    @classmethod
    def of(cls, role: Role) -> Self:
        return cls(at=list(role.at), can=list(role.can), holds=role.holds)


class ProgrammeOut(ProgrammeRow):
    """A programme with its rules. ``missing`` is what keeps a draft from being published."""

    subject: str
    bind: dict[str, Any]
    parties: dict[str, list[OrganisationRef]]
    roles: dict[str, RoleOut]
    stages: list[StageOut]

    @classmethod
    def of(cls, programme: Programme, *, hidden: frozenset[str] = frozenset()) -> Self:
        """``hidden`` stages are left out, and named nowhere."""
        blueprint, closings = told_without(hidden, programme), closings_of(programme)
        shown = [stage for stage in blueprint.stages if stage.id not in hidden]
        return cls(
            **cls.told(programme),
            subject=blueprint.subject,
            bind=programme.bind,
            parties=_parties(blueprint, programme.parties.select_related("organisation")),
            roles={name: RoleOut.of(role) for name, role in blueprint.roles.items()},
            stages=[StageOut.of(programme, one, closings, blueprint=blueprint, hidden=hidden) for one in shown],
        )


class StepOut(Out):
    """What a step of a programme's life would do; ``refusals`` empty: it can be done."""

    step: str
    effects: list[Words]
    refusals: list[Words]

    @classmethod
    def of(cls, preview: StepPreview) -> Self:
        effects, refusals = map(Words.of, preview.effects), map(Words.of, preview.refusals)
        return cls(step=preview.step, effects=list(effects), refusals=list(refusals))


def span_of_stage(programme: Programme, stage: Stage) -> Span:
    """The window of a stage as far as it is the same for every turn."""
    if stage.when is None:
        return Span(None, None)
    blueprint = blueprint_of(programme)
    return window_of(
        stage.when,
        zone=programme.zone,
        opened=None,
        published=programme.published_at or programme.made_at,
        arrived=clock.now(),
        asked=lambda _stage, _field: None,
        bound=programme.bind,
        other=lambda other: span_of_stage(programme, blueprint.stage(other)),
    )


def written_window(window: Window, hidden: frozenset[str] = frozenset()) -> dict[str, str]:
    """A window in the language's own keys; a ``hidden`` stage beside which it stands is not named."""
    said = {
        "from": _said(window.start),
        "to": _said(window.end),
        "for": window.length and str(window.length),
        "within": window.within and str(window.within),
        "every": window.every and str(window.every),
        "with": None if window.beside in hidden else window.beside,
    }
    return {key: value for key, value in said.items() if value}


def _said(when: When | None) -> str | None:
    match when:
        case Day():
            return when.text
        case Asked():
            return f"{when.stage}.{when.field}"
        case Bind():
            return str(when)
    return None


def _asks(blueprint: Blueprint, stage: Stage) -> list[QuestionOut]:
    questions = stage.do.ask if isinstance(stage.do, FormDo) else ()
    return [
        QuestionOut(name=q.name, title=Words.of(blueprint.word(q.name)), type=q.type, choices=list(q.choices))
        for q in questions
    ]


def _parties(blueprint: Blueprint, rows: Iterable[Party]) -> dict[Name, list[OrganisationRef]]:
    found: dict[str, list[OrganisationRef]] = {key: [] for key in blueprint.parties}
    for row in rows:
        found[row.key].append(OrganisationRef.of(row.organisation))
    return found
