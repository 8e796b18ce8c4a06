"""A round from a form: the blueprint of a plain challenge is written, made a draft programme, and its task set up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from dure.blueprint.model import RoundDo
from dure.blueprint.sheet import Plain, block, item
from dure.challenges.measures import Measure
from dure.challenges.metrics import METRICS
from dure.challenges.models import Visibility
from dure.challenges.operations import receive_task
from dure.challenges.operations.ruling import Rules, set_rules
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.stages.rounds import TaskSetting, accept_task
from dure.people.models import Organisation, Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.programmes.operations.publishing import make_programme

JOIN, ROUND, HOST, ORGANISER = "join", "round", "host", "organiser"
OWN = "own metric"
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,59}")
_NO_SLUG = Text(
    ko="주소는 영문 소문자로 시작해 소문자, 숫자, 하이픈으로 쓰세요.",
    en="Begin the address with a small letter, then small letters, digits and hyphens.",
)
_BACKWARDS = Text(ko="마감은 시작보다 나중이어야 합니다.", en="The close must come after the opening.")
_MORE_A_DAY = Text(
    ko="하루 제출 횟수({daily}회)가 전체 제출 횟수({total}회)보다 많습니다. 하루 횟수를 줄이거나 전체 횟수를 늘리세요.",
    en="These are more attempts a day ({daily}) than in all ({total}). Allow fewer a day, or more in all.",
)


@dataclass(frozen=True)
class Wanted:
    """A round as its form says it. ``opens`` and ``closes`` hold in ``zone``; ``prizes`` in won, from the first place.

    ``entry``: open to all, ``approve``: an organiser admits each one, ``invite``: who was invited. ``team``: how many
    persons compete as one at most.
    """

    title: Text
    slug: str
    host: Organisation
    zone: str
    opens: datetime
    closes: datetime
    metric: str
    entry: str = "open"
    team: int = 1
    daily: int | None = None
    total: int | None = None
    sealed: bool = True
    code: str = "none"
    board: str = Visibility.PUBLIC
    at_once: int = 2
    prizes: Sequence[int] = ()


def make_round(wanted: Wanted, *, by: Person, measure: Measure, **sent: Any) -> Programme:
    """A draft programme with one round whose task is set up; for callers that hold no transaction.

    ``sent`` is the rest of what ``challenges.operations.receive_task`` takes. All of it is there, or nothing. Raises
    Flawed for an address, dates or limits that cannot be, and what making a programme and receiving a task raise.
    """
    _check(wanted)
    source = source_of(wanted)
    with receive_task(sealed=wanted.sealed, measure=measure, **sent) as received, transaction.atomic():
        programme = make_programme(
            source, slug=wanted.slug, by=by, title=wanted.title, parties={HOST: [wanted.host]}, zone=wanted.zone
        )
        stage = blueprint_of(programme).stage(ROUND)
        if not isinstance(stage.do, RoundDo):
            raise TypeError("its second stage is a round")
        task = accept_task(TaskSetting(programme, stage, stage.do, "", by, received))
        set_rules(task.round, replace(Rules.of(task.round), board=wanted.board, at_once=wanted.at_once))
    return programme


def source_of(wanted: Wanted) -> str:
    """The YAML of its blueprint."""
    head: dict[str, Plain] = {
        "blueprint": wanted.slug,
        "title": {"en": wanted.title.en, "ko": wanted.title.ko},
        "subject": "team" if wanted.team > 1 else "person",
    }
    parts = [
        block(head, 0),
        block({"parties": {HOST: {"kind": wanted.host.kind, "bind": "true"}}}, 0),
        "roles:\n  " + block({ORGANISER: {"at": HOST, "can": ["operate", "decide"]}}, 2),
        "stages:\n" + "\n\n".join(f"  {item(stage, 2)}" for stage in (_join(wanted), _round(wanted))),
        "words:\n  " + block({name: {**text.as_dict()} for name, text in _words(wanted).items()}, 2),
    ]
    return "\n\n".join(parts) + "\n"


def _check(wanted: Wanted) -> None:
    wrong = []
    if not _SLUG.fullmatch(wanted.slug):
        wrong.append({"field": "slug", **_NO_SLUG.as_dict()})
    if wanted.closes <= wanted.opens:
        wrong.append({"field": "closes", **_BACKWARDS.as_dict()})
    if wanted.daily and wanted.total and wanted.daily > wanted.total:
        told = _MORE_A_DAY.format(daily=wanted.daily, total=wanted.total)
        wrong.append({"field": "daily", **told.as_dict()})
    if wrong:
        raise Flawed("round.form", Text.of(wrong[0]), errors=wrong)


def _join(wanted: Wanted) -> dict[str, Plain]:
    stage: dict[str, Plain] = {"id": JOIN, "kind": "form"}
    stage["entry"] = "invite" if wanted.entry == "invite" else "open"
    if wanted.team > 1:
        stage["team"] = {"min": "1", "max": str(wanted.team)}
    stage["when"] = {"to": _written(wanted.closes, wanted.zone)}
    if wanted.entry == "approve":
        stage["gate"] = [{"decide": {"role": ORGANISER}}]
    return stage


def _round(wanted: Wanted) -> dict[str, Plain]:
    do: dict[str, Plain] = {"metric": wanted.metric if wanted.metric in METRICS else OWN}
    told = {"daily": wanted.daily, "total": wanted.total, "sealed": "true" if wanted.sealed else None}
    do |= {name: str(value) for name, value in told.items() if value is not None}
    if wanted.code != "none":
        do["code"] = wanted.code
    when: dict[str, Plain] = {
        "from": _written(wanted.opens, wanted.zone), "to": _written(wanted.closes, wanted.zone)
    }  # fmt: skip
    stage: dict[str, Plain] = {"id": ROUND, "kind": "round", "after": JOIN, "when": when, "do": do}
    if wanted.prizes:
        stage["gate"] = [{"rank": {"by": "score", "take": str(len(wanted.prizes))}}]
        ranks: list[Plain] = [str(amount) for amount in wanted.prizes]
        stage["gives"] = [{"money": {"type": "prize", "ranks": ranks, "from": HOST}}]
    return stage


def _words(wanted: Wanted) -> Mapping[str, Text]:
    known = METRICS.get(wanted.metric)
    own = Text(ko="주최자의 채점기", en="The organiser's own scorer")
    words = {
        HOST: Text(ko="주최 기관", en="Host"),
        ORGANISER: Text(ko="운영자", en="Organiser"),
        JOIN: Text(ko="참가 등록", en="Registration"),
        ROUND: Text(ko="대회", en="Competition"),
        (known.name if known else OWN): known.title if known else own,
    }
    return words | ({"prize": Text(ko="상금", en="Prize")} if wanted.prizes else {})


def _written(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
