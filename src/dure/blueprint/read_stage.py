"""The stages of a blueprint as models: what was left out is resolved (``after``, ``unit``)."""

from collections.abc import Callable, Mapping
from typing import Any

from dure.blueprint.model import (
    After,
    CredentialGive,
    DecideStep,
    Do,
    Duration,
    Entry,
    EventDo,
    ExternalStep,
    FormDo,
    Give,
    Item,
    Kind,
    LearnDo,
    MoneyGive,
    PanelStep,
    PrivilegeGive,
    ProjectDo,
    Provision,
    PublishGive,
    Question,
    RankStep,
    Recognition,
    RoleGive,
    RoundDo,
    RuleStep,
    SpawnGive,
    Stage,
    Step,
    Subject,
    TeamSize,
    TestDo,
    Unit,
    Window,
    WorkDo,
)

Read = Mapping[str, Any]  # what a record's shape read: its keys have the types of grammar.py


def read_stages(stages: tuple[Read, ...], subject: Subject) -> tuple[Stage, ...]:
    """In file order; ``after`` left out is the stage before, or a start for the first."""
    before = [None, *(stage["id"] for stage in stages)]
    return tuple(_stage(stage, previous, subject) for stage, previous in zip(stages, before, strict=False))


def _stage(read: Read, previous: str | None, subject: Subject) -> Stage:
    return Stage(
        id=read["id"],
        kind=Kind(read["kind"]),
        do=_DO[read["kind"]](read.get("do", {})),
        after=_after(read, previous),
        entry=Entry(read["entry"]) if "entry" in read else None,
        join_any=read.get("join") == "any",
        unit=_unit(read, subject),
        team=TeamSize(**read["team"]) if "team" in read else None,
        options=read.get("options"),
        choose=read.get("choose", 1),
        when=window(read["when"]) if "when" in read else None,
        provides=tuple(_provision(provision) for provision in read.get("provides", ())),
        gate=tuple(_step(step) for step in read.get("gate", ())),
        again=read.get("else") == "again",
        gives=tuple(_give(give) for give in read.get("gives", ())),
    )


def _after(read: Read, previous: str | None) -> tuple[After, ...]:
    if "after" not in read:
        return (After(previous),) if previous else ()
    return tuple(After(text.removesuffix(":out"), text.endswith(":out")) for text in read["after"])


def _unit(read: Read, subject: Subject) -> Unit | None:
    if not subject.has_persons:
        return None
    if "unit" in read:
        return Unit(read["unit"])
    return Unit.TEAM if "team" in read else Unit(subject)


def window(read: Read) -> Window:
    return Window(
        start=read.get("from"),
        end=read.get("to"),
        length=read.get("for"),
        within=read.get("within"),
        every=read.get("every"),
        beside=read.get("with"),
    )


def _provision(read: Read) -> Provision:
    return Provision(**_renamed(read, {"from": "party"}))


def _renamed(read: Read, names: Mapping[str, str]) -> dict[str, Any]:
    """The keys as the model's fields: those that are Python's words have other names there."""
    return {names.get(key, key): value for key, value in read.items()}


# --- do -----------------------------------------------------------------------------------------------------


def _form(read: Read) -> FormDo:
    return FormDo(**_renamed({**read, "ask": tuple(_question(question) for question in read.get("ask", ()))}, {}))


def _question(read: Read) -> Question:
    if isinstance(read["type"], tuple):
        return Question(read["name"], "choice", read["type"])
    return Question(read["name"], read["type"])


def _learn(read: Read) -> LearnDo:
    items = tuple(Item(**_renamed(item, {"for": "options"})) for item in read["items"])
    return LearnDo(mode=read["mode"], items=items, skip=read.get("skip"), what=read.get("what"))


def _project(read: Read) -> ProjectDo:
    return ProjectDo(**{"with_roles": {}, **_renamed(read, {"with": "with_roles"})})


def _work(read: Read) -> WorkDo:
    hosts = (read["at"],) if "at" in read else ()
    return WorkDo(**{"with_roles": {}, **_renamed(read, {"with": "with_roles"}), "at": hosts})


_DO: Mapping[str, Callable[[Read], Do]] = {
    "form": _form,
    "learn": _learn,
    "test": lambda read: TestDo(**read),
    "round": lambda read: RoundDo(**read),
    "project": _project,
    "event": lambda read: EventDo(**read),
    "work": _work,
}

# --- gate and gives -----------------------------------------------------------------------------------------


def _step(read: Read) -> Step:
    options: tuple[str, ...] = read.get("for", ())
    if "rule" in read:
        return RuleStep(read["rule"], options)
    if "rank" in read:
        rank = read["rank"]
        return RankStep(rank["by"], rank["take"], "per" in rank, options)
    if "panel" in read:
        names = {"role": "roles", "pass": "threshold"}
        return PanelStep(**_renamed(read["panel"], names), options=options)
    if "decide" in read:
        return DecideStep(**read["decide"], options=options)
    return ExternalStep(**read["external"], options=options)


def _give(read: Read) -> Give:
    (kind, fields), *_ = read.items()
    return _GIVE[kind](fields)


def _credential(read: Read) -> CredentialGive:
    if "recognised" not in read:
        return CredentialGive(**read)
    recognised = read["recognised"]
    recognition = Recognition(recognised["by"], recognised.get("from"), recognised.get("before"))
    return CredentialGive(**{**read, "recognised": recognition})


def _money(read: Read) -> MoneyGive:
    return MoneyGive(**{"every": Duration(1, "m"), **_renamed(read, {"from": "party"})})


_GIVE: Mapping[str, Callable[[Read], Give]] = {
    "credential": _credential,
    "money": _money,
    "privilege": lambda read: PrivilegeGive(**read),
    "publish": lambda read: PublishGive(**read),
    "spawn": lambda read: SpawnGive(**_renamed(read, {"as": "title"})),
    "role": lambda read: RoleGive(**read),
}
