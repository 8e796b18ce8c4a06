"""One act from a blueprint's text to its outcome, in a database that is empty but for its tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from dure.act.cast import Cast
from dure.act.client import ApiClient
from dure.act.doors import OPERATOR, HttpDoors
from dure.act.player import Player
from dure.blueprint.binding import bound
from dure.blueprint.cohort import SEED, Cohort
from dure.blueprint.library import load_blueprint
from dure.blueprint.model import Blueprint, Bound, Moment
from dure.blueprint.rehearsal import rehearse
from dure.blueprint.windows import moment_span
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.operations import issue_token, register

MOST_CASES = 200
AHEAD = timedelta(days=30)  # the act begins so long before the first date of the blueprint
ZONE = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Act:
    """What came of it live, what the rehearsal says, and where they differ (key → (rehearsed, live))."""

    live: dict[str, Any]
    rehearsed: dict[str, Any]
    requests: int

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        keys = [key for key in self.rehearsed if key != "seconds"]
        return {k: (self.rehearsed[k], self.live.get(k)) for k in keys if self.rehearsed[k] != self.live.get(k)}


def play(
    source: str, *, cases: int | None = None, seed: int = SEED, bind: Bound | None = None, slug: str = "act"
) -> Act:
    """Play a sound blueprint live with ``cases`` cases (at most 200; else its own entries, at most 200)."""
    began = perf_counter()
    blueprint = load_blueprint(source.encode(), slug)
    count = _cases(blueprint, cases)
    values = {**(blueprint.rehearse.bind if blueprint.rehearse else {}), **(bind or {})}
    filled = bound(blueprint, values)
    cohort = Cohort(filled, seed, cases=count)
    before = clock.now()
    clock.set_clock(_first_day(filled) or before)
    try:
        doors = HttpDoors(slug, ApiClient(tokens={OPERATOR: _operator_token()}))
        cast = Cast(filled, cohort)
        _set_up(doors, cast, source, values)
        Player(filled, cohort, cast, doors).play()
        live = {**doors.outcome(), "seed": seed, "seconds": round(perf_counter() - began, 3)}
    finally:
        clock.set_clock(None)
    rehearsed = rehearse(blueprint, cases=count, seed=seed, bind=bind).as_json()
    return Act({key: live[key] for key in rehearsed}, rehearsed, doors.api.requests)


def _set_up(doors: HttpDoors, cast: Cast, source: str, values: Bound) -> None:
    parties = cast.found_parties(doors)
    plain = {key: list(v) if isinstance(v, tuple) else v for key, v in values.items() if key not in parties}
    doors.make(source, bind=plain, parties=parties)
    cast.fill_roles(doors)
    cast.fill_funds(doors)
    doors.publish()
    cast.invite_everybody(doors, clock.now().astimezone(ZONE).date())


def _cases(blueprint: Blueprint, cases: int | None) -> int:
    if cases is None and blueprint.rehearse is None:
        sentence = Text(
            ko="이 파일에는 rehearse 항목이 없습니다. --cases로 몇 건을 실행할지 정해 주세요.",
            en="This file has no rehearse section: say with --cases how many cases to play.",
        )
        raise Refused("act.unplanned", sentence)
    wanted = cases if cases is not None else blueprint.rehearse.entries if blueprint.rehearse else 0
    return min(wanted, MOST_CASES)


def _first_day(blueprint: Blueprint) -> datetime | None:
    """A month before the first date that the blueprint names; None where it names none."""
    written = [
        moment_span(end, ZONE)[0]
        for stage in blueprint.stages
        if stage.when
        for end in (stage.when.start, stage.when.end)
        if isinstance(end, Moment)
    ]
    return min(written) - AHEAD if written else None


def _operator_token() -> str:
    operator = register("operator@act.example.org", name="operator", verified=True, operator=True)
    return issue_token(operator, name="act").secret
