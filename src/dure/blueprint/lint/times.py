"""Windows: keys that go together, dates asked before, circles of ``with``, and order of time (BP602, BP603)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dure.blueprint.dates import first_instant
from dure.blueprint.facts import Sort
from dure.blueprint.lint.gates import check_fact
from dure.blueprint.lint.look import Look
from dure.blueprint.model import Asked, Blueprint, Moment, Path, Stage, When, Window
from dure.blueprint.windows import add, moment_span

_TOGETHER = (
    {"from"}, {"to"}, {"from", "to"}, {"from", "for"}, {"for"}, {"within"}, {"with"},
    {"every"}, {"every", "from"}, {"every", "to"}, {"every", "for"}, {"every", "from", "to"}, {"every", "from", "for"},
)  # fmt: skip
_KEYS = {"start": "from", "end": "to", "length": "for", "within": "within", "every": "every", "beside": "with"}


def check_times(look: Look) -> None:
    for path, stage in look.stages():
        if stage.when:
            _check_keys(look, (*path, "when"), stage.when)
            _check_asked(look, (*path, "when"), stage, stage.when)
            _check_beside(look, (*path, "when", "with"), stage, stage.when)
    for stage in backwards(look.blueprint, ZoneInfo("Asia/Seoul")):
        path = ("stages", look.blueprint.position(stage.id), "when")
        key = next((key for key in ("to", "for", "with") if look.document.find((*path, key)) is not None), "")
        ko = "이 기간은 시작하기 전에, 또는 앞 단계가 시작하기 전에 끝납니다. 날짜를 바로잡으세요."
        en = "This window ends before it, or a stage before it, begins: correct the dates."
        look.flaw((*path, key), "BP603", ko=ko, en=en)


def _check_keys(look: Look, path: Path, window: Window) -> None:
    given = {key for name, key in _KEYS.items() if getattr(window, name) is not None}
    if given not in _TOGETHER:
        keys = ", ".join(sorted(given)) or "–"
        ko = (
            f"when에 함께 쓸 수 없는 키입니다({keys}). from·to, from·for, for, within, with, every 중 한 가지로 쓰세요."
        )
        en = f"These keys do not go together ({keys}): use from and to, from and for, for, within, with, or every."
        look.flaw(path, "BP602", ko=ko, en=en)


def _check_asked(look: Look, path: Path, stage: Stage, window: Window) -> None:
    for key, written in (("from", window.start), ("to", window.end)):
        if not isinstance(written, Asked) or not look.has_stage((*path, key), written.stage):
            continue
        if look.blueprint.position(written.stage) >= look.blueprint.position(stage.id):
            ko = f"‘{written.stage}’은(는) 이 단계보다 앞에 있지 않아 날짜를 알 수 없습니다."
            en = f"{written.stage} is not before this stage, so its date is not known yet: name an earlier form."
            look.flaw((*path, key), "BP205", ko=f"{ko} 앞 단계에서 물으세요.", en=en)
        else:
            check_fact(look, (*path, key), stage, f"{written.stage}.{written.field}", Sort.DATE)


def _check_beside(look: Look, path: Path, stage: Stage, window: Window) -> None:
    if window.beside is None or not look.has_stage(path, window.beside):
        return
    chain = [stage.id]
    while (window := _window(look.blueprint, chain[-1])).beside in look.blueprint.positions:
        chain.append(str(window.beside))
        if chain[-1] in chain[:-1]:
            break
    else:
        return
    if chain[-1] == stage.id and look.blueprint.position(stage.id) == min(map(look.blueprint.position, chain)):
        ko = f"기간이 서로를 가리켜 정해지지 않습니다({' → '.join(chain)}). 한 단계에는 날짜를 쓰세요."
        look.flaw(
            path, "BP302", ko=ko, en=f"These windows point at each other ({' → '.join(chain)}): give one its dates."
        )


def _window(blueprint: Blueprint, stage: str) -> Window:
    return blueprint.stage(stage).when or Window()


# --- order of time ------------------------------------------------------------------------------------------


def backwards(blueprint: Blueprint, zone: ZoneInfo) -> list[Stage]:
    """The stages whose window, as far as dates fix it, ends before it or a stage before it begins."""
    calendar = _Calendar(blueprint, zone)
    return [stage for stage in blueprint.stages if calendar.ends_too_early(stage)]


class _Calendar:
    """The fixed dates of a blueprint: when a stage opens at the earliest, when it closes at the latest."""

    def __init__(self, blueprint: Blueprint, zone: ZoneInfo) -> None:
        self.blueprint, self.zone = blueprint, zone
        self.earliest: dict[str, datetime | None] = {}
        for stage in blueprint.stages:  # in file order: whatever comes before is there already
            own, before = self.opens(stage), self.reached(stage)
            self.earliest[stage.id] = max((d for d in (own, before) if d), default=None)

    def ends_too_early(self, stage: Stage) -> bool:
        closes = self.closes(stage)
        begins = [moment for moment in (self.opens(stage), self.reached(stage)) if moment]
        return closes is not None and any(closes <= moment for moment in begins)

    def reached(self, stage: Stage) -> datetime | None:
        """When the stages before it let anybody through at the earliest."""
        before = [self.earliest.get(after.stage) for after in stage.after]
        known = [moment for moment in before if moment]
        if stage.join_any:
            return min(known) if known and len(known) == len(before) else None
        return max(known, default=None)

    def opens(self, stage: Stage) -> datetime | None:
        window = self.window(stage)
        return self.span(window.start)[0]

    def closes(self, stage: Stage) -> datetime | None:
        window = self.window(stage)
        opens = self.span(window.start)[0]
        if window.length and opens:
            return add(opens, window.length, self.zone)
        return self.span(window.end)[1]

    def window(self, stage: Stage) -> Window:
        """Its own, or the one that ``with`` leads to; a circle leads nowhere."""
        seen = {stage.id}
        window = stage.when or Window()
        while window.beside in self.blueprint.positions and window.beside not in seen:
            seen.add(str(window.beside))
            window = _window(self.blueprint, str(window.beside))
        return window

    def span(self, written: When | None) -> tuple[datetime | None, datetime | None]:
        if isinstance(written, Moment) and first_instant(written.text):
            return moment_span(written, self.zone)
        return None, None
