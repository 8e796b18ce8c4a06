"""A programme's own life: made from a blueprint, published, opened, run, closed, each step with a preview."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.blueprint.document import Flaw, Flaws
from dure.blueprint.library import load_blueprint
from dure.blueprint.model import Blueprint
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish as tell
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.programmes.checks import check_source, check_window, flaws_of_binding, lacking_parties
from dure.programmes.events import ProgrammeMoved
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import give_kinds
from dure.programmes.models import (
    ALIVE,
    PROGRAMME_MOVES,
    Party,
    Programme,
    ProgrammeState,
    Turn,
    TurnState,
)
from dure.programmes.operations.audited import listed
from dure.programmes.operations.cases import refresh_cases
from dure.programmes.operations.giving import KINDS
from dure.programmes.operations.judging import close_provisions
from dure.programmes.operations.listing import put_on_list
from dure.programmes.operations.opening import provided, put_at_disposal
from dure.programmes.operations.ticking import tick
from dure.programmes.windows import DATES, set_dates
from dure.store.bulk import update_rows
from dure.store.models import move

STILL_LACKING = frozenset({"BP901", "BP903"})  # what a draft may still lack


@transaction.atomic
def make_programme(
    source: str,
    *,
    slug: str,
    by: Person,
    title: Text | None = None,
    bind: Mapping[str, Any] | None = None,
    parties: Mapping[str, Sequence[Organisation]] | None = None,
    zone: str = "Asia/Seoul",
) -> Programme:
    """A draft from a blueprint's text, which is frozen inside. Raises Flaws where the text is not sound.

    ``bind`` fills amounts, options and dates; ``parties`` names the organisations that stand for each party.
    """
    check_source(source, slug)
    blueprint = load_blueprint(source.encode(), slug)
    _check_zone(zone)
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                slug=slug, source=source, sha256=hashlib.sha256(source.encode()).hexdigest(),
                blueprint_name=blueprint.name, bind=_plain(bind or {}), zone=zone, made_by=by,
                title_ko=(title or blueprint.title).ko, title_en=(title or blueprint.title).en,
            )  # fmt: skip
    except IntegrityError:
        sentence = Text(ko="‘{slug}’(이)라는 프로그램이 이미 있습니다.", en="A programme {slug} exists already.")
        raise Refused("programme.slug", sentence.format(slug=slug), slug=slug) from None
    named = {**_by_their_key(blueprint), **(parties or {})}
    for key, organisations in named.items():
        _let_stand(programme, key, organisations)
    record("programme.made", programme, after=_told(programme))
    return programme


def _by_their_key(blueprint: Blueprint) -> dict[str, list[Organisation]]:
    """A party that is not bound is the organisation whose short name is its key (appendix A)."""
    keys = [key for key, party in blueprint.parties.items() if not party.bind]
    return {organisation.short: [organisation] for organisation in Organisation.objects.filter(short__in=keys)}


@transaction.atomic
def bind_party(programme: Programme, key: str, *, organisations: Sequence[Organisation]) -> None:
    """Let ``organisations`` stand for party ``key`` of a draft."""
    _is_draft(programme)
    before = {key: _bound_parties(programme).get(key, [])}
    _let_stand(programme, key, organisations)
    record("programme.party", programme, before=before, after={key: [o.short for o in organisations]})


def _let_stand(programme: Programme, key: str, organisations: Sequence[Organisation]) -> None:
    known = blueprint_of(programme).parties
    if key not in known:
        sentence = Text(ko="‘{key}’ 참여 기관이 없습니다: {known}", en="There is no party {key}: {known}")
        raise Refused("party.unknown", sentence.format(key=key, known=", ".join(known)), party=key)
    programme.parties.filter(key=key).delete()
    Party.objects.bulk_create([Party(programme=programme, key=key, organisation=o) for o in organisations])


@transaction.atomic
def bind_values(programme: Programme, bind: Mapping[str, Any]) -> Programme:
    """Fill in (more of) what the blueprint leaves to a draft; null takes a value back. Raises Flaws for what it
    does not leave open or what is of the wrong sort."""
    _is_draft(programme)
    merged = {name: value for name, value in {**programme.bind, **_plain(bind)}.items() if value is not None}
    blueprint = load_blueprint(programme.source.encode(), programme.slug)
    wrong = [f for f in _binding_flaws(programme, blueprint, merged) if f.code not in STILL_LACKING]
    if wrong:
        raise Flaws(wrong)
    before, programme.bind = programme.bind, merged
    programme.save(update_fields=["bind"])
    record("programme.bound", programme, before={"bind": before}, after={"bind": merged})
    return programme


@transaction.atomic
def complete(
    programme: Programme, *, parties: Mapping[str, Sequence[Organisation]], bind: Mapping[str, Any]
) -> Programme:
    """Fill in a draft, whole or not at all: what differs of ``parties`` (``bind_party``) and ``bind``
    (``bind_values``)."""
    _is_draft(programme)
    before = _bound_parties(programme)
    for key, organisations in parties.items():
        if sorted(before.get(key, [])) != sorted(organisation.short for organisation in organisations):
            bind_party(programme, key, organisations=organisations)
    return bind_values(programme, bind) if bind != _bound_values(programme, bind) else programme


def _bound_values(programme: Programme, names: Iterable[str]) -> dict[str, Any]:
    return {name: programme.bind.get(name) for name in names}


@transaction.atomic
def set_window(programme: Programme, stage_id: str, when: Mapping[str, Any] | None) -> Programme:
    """Put another ``when`` in the place of the blueprint's (None: the blueprint's again), also while it runs.

    Turns that have not ended get their windows anew.
    """
    if programme.state == ProgrammeState.CLOSED:
        raise Refused("programme.closed", Text(ko="종료된 프로그램입니다.", en="This programme is closed."))
    blueprint = blueprint_of(programme)
    if stage_id not in {stage.id for stage in blueprint.stages}:
        sentence = Text(ko="‘{stage}’ 단계가 없습니다.", en="There is no stage {stage}.").format(stage=stage_id)
        raise Refused("stage.unknown", sentence, stage=stage_id)
    windows = {k: v for k, v in programme.windows.items() if k != stage_id}
    if when is not None:
        check_window(programme.source.encode(), stage_id, when, draft=programme.state == ProgrammeState.DRAFT)
        windows[stage_id] = dict(when)
    before, programme.windows = programme.windows.get(stage_id), windows
    programme.save(update_fields=["windows"])
    told = {"stage": stage_id, "when": windows.get(stage_id)}
    record("stage.dated", programme, before={"stage": stage_id, "when": before}, after=told)
    _redate(programme)
    if programme.state != ProgrammeState.DRAFT:
        put_on_list(programme)
    tick(programme)
    return programme


def _redate(programme: Programme) -> None:
    """Give the turns that have not ended their windows anew; only what becomes other is written."""
    known = ("stage", "opened_at", "arrived_at", *DATES)
    turns = list(Turn.objects.filter(programme=programme, state__in=ALIVE).only(*known))
    before = {turn.pk: _dates_of(turn) for turn in turns}
    set_dates(programme, turns)
    changed = [(*_dates_of(turn), turn.pk) for turn in turns if _dates_of(turn) != before[turn.pk]]
    update_rows(Turn, DATES, changed)


def _dates_of(turn: Turn) -> tuple[Any, ...]:
    return tuple(getattr(turn, name) for name in DATES)


@dataclass(frozen=True)
class StepPreview:
    """What a step of a programme's life would do and what stands in its way; ``refusals`` empty: it can be done."""

    step: str
    effects: list[Text] = field(default_factory=list)
    refusals: list[Text] = field(default_factory=list)


def preview_step(programme: Programme, step: str) -> StepPreview:
    """Before publish, open, run or close: what follows, and what is missing."""
    refusals = _unbound(programme) if step == "publish" else []
    alive = Turn.objects.filter(programme=programme, state__in=ALIVE)
    effects = {
        "publish": [Text(ko="규칙이 공개되고 더는 바뀌지 않습니다.", en="The rules become public and change no more.")],
        "open": [Text(ko="참가 신청을 받기 시작합니다.", en="Entries are taken from now on.")],
        "run": [Text(ko="새 참가 신청을 더 받지 않습니다.", en="No new entries are taken.")],
        "close": [
            Text(
                ko=f"진행 중인 차례 {alive.count():,}건이 끝납니다. 되돌릴 수 없습니다.",
                en=f"{alive.count():,} turns still under way end. This cannot be undone.",
            )
        ],
    }
    if step not in effects:
        sentence = Text(ko="publish, open, run, close 중에서 고르세요.", en="Choose publish, open, run or close.")
        raise Refused("programme.step", sentence, step=step)
    return StepPreview(step, effects[step], refusals)


@transaction.atomic
def publish(programme: Programme) -> Programme:
    """Make the rules public. Everything to be bound must be bound, nothing else; money must add up."""
    refusals = _unbound(programme)
    if refusals:
        raise Flawed("programme.unbound", refusals[0], errors=[r.as_dict() for r in refusals])
    return _moved(programme, ProgrammeState.PUBLISHED, "programme.published", published_at=clock.now())


@transaction.atomic
def open_programme(programme: Programme) -> Programme:
    """Take entries."""
    first = programme.opened_at is None
    _moved(programme, ProgrammeState.OPEN, "programme.opened", opened_at=programme.opened_at or clock.now())
    if first:
        _share(programme)
    tick(programme)
    return programme


def _share(programme: Programme) -> None:
    """What a stage's turns share is at disposal from the first day."""
    shared = [
        provided(programme, stage, index, None)
        for stage in blueprint_of(programme).stages
        for index, provision in enumerate(stage.provides)
        if provision.per is None
    ]
    put_at_disposal(shared)


@transaction.atomic
def run(programme: Programme) -> Programme:
    """Take no more new cases; those there go on."""
    return _moved(programme, ProgrammeState.RUNNING, "programme.running")


@transaction.atomic
def close(programme: Programme) -> Programme:
    """End the programme. Refused while handed-in work waits for a verdict: what was received is judged."""
    waiting = Turn.objects.filter(programme=programme, state=TurnState.HANDED_IN).count()
    if waiting:
        sentence = Text(
            ko="판정을 기다리는 제출이 {n:,}건 있어 종료할 수 없습니다.",
            en="{n:,} hand-ins await a verdict; judge them before closing.",
        )
        raise Refused("programme.awaited", sentence.format(n=waiting), awaited=waiting)
    withdrawn: list[UUID] = []
    for stage in blueprint_of(programme).stages:
        alive = Turn.objects.filter(programme=programme, stage=stage.id, state__in=ALIVE)
        ending = list(alive.values_list("pk", flat=True))
        alive.update(state=TurnState.WITHDRAWN, ended_at=clock.now())
        close_provisions(programme, stage, ending)
        refresh_cases(programme, ending)
        withdrawn += ending
    told = {"withdrawn": listed(withdrawn)}
    return _moved(programme, ProgrammeState.CLOSED, "programme.closed", told, closed_at=clock.now())


def _moved(
    programme: Programme, state: ProgrammeState, action: str, told: Mapping[str, Any] | None = None, **also: Any
) -> Programme:
    before = programme.state
    move(programme, state, by=PROGRAMME_MOVES, **also)
    record(action, programme, before={"state": before}, after={**_told(programme), **(told or {})})
    put_on_list(programme)
    tell(ProgrammeMoved(programme.pk, state))
    return programme


def _told(programme: Programme) -> dict[str, Any]:
    """What the log keeps of a programme: where it stands and by which rules."""
    kept = {"state": programme.state, "bind": programme.bind, "windows": programme.windows}
    return {**kept, "sha256": programme.sha256, "parties": _bound_parties(programme)}


def _unbound(programme: Programme) -> list[Text]:
    """What still has to be filled in, or should not be there (BP901 to BP903)."""
    blueprint = load_blueprint(programme.source.encode(), programme.slug)
    missing = [Text(ko=f"‘{kind}’ 연결이 없습니다.", en=f"No joint for {kind}.") for kind in _unplugged(blueprint)]
    parties = _bound_parties(programme)
    flaws = _binding_flaws(programme, blueprint, programme.bind)
    return [flaw.text for flaw in flaws] + lacking_parties(blueprint, parties) + missing


def _binding_flaws(programme: Programme, blueprint: Blueprint, bind: Mapping[str, Any]) -> list[Flaw]:
    parties = _bound_parties(programme)
    return flaws_of_binding(blueprint, bind, parties, slug=programme.slug, zone=programme.zone)


def _bound_parties(programme: Programme) -> dict[str, list[str]]:
    """By party, the short names of the organisations that stand for it."""
    parties: dict[str, list[str]] = {}
    for party in programme.parties.select_related("organisation"):
        parties.setdefault(party.key, []).append(party.organisation.short)
    return parties


def _unplugged(blueprint: Blueprint) -> list[str]:
    return sorted({KINDS[type(g)] for stage in blueprint.stages for g in stage.gives} - set(give_kinds.names()))


def _is_draft(programme: Programme) -> None:
    if programme.state != ProgrammeState.DRAFT:
        sentence = Text(ko="공고한 뒤에는 바꿀 수 없습니다.", en="This can only be changed in a draft.")
        raise Refused("programme.frozen", sentence, state=programme.state)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        sentence = Text(ko="‘{zone}’ 시간대를 알 수 없습니다.", en="Unknown time zone {zone}.").format(zone=zone)
        raise Refused("programme.zone", sentence, zone=zone) from None


def _plain(bind: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in bind.items()}
