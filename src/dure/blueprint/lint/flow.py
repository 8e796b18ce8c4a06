"""How stages follow each other: order, reach, teams, options, match (BP203, BP301, BP303 to BP307)."""

from collections.abc import Iterator, Mapping

from dure.blueprint.lint.look import Look, roles_held
from dure.blueprint.model import (
    CredentialGive,
    Entry,
    FormDo,
    LearnDo,
    MoneyGive,
    PanelStep,
    Path,
    PublishGive,
    RankStep,
    Stage,
    Subject,
    Unit,
)

OPTION = "option"


def check_flow(look: Look) -> None:
    for path, stage in look.stages():
        _check_after(look, path, stage)
        _check_reach(look, path, stage)
        _check_teams(look, path, stage)
        _check_options(look, path, stage)
        _check_include(look, path, stage)
        if stage.entry is Entry.MATCH and not look.blueprint.needs:
            ko, en = (
                "match로 제안하려면 필요한 역량이 있어야 합니다. 맨 위에 needs를 쓰세요.",
                "match needs something to fit: write needs.",
            )
            look.flaw((*path, "entry"), "BP306", ko=ko, en=en)
        if isinstance(stage.do, FormDo) and stage.do.lead and look.blueprint.subject is not Subject.CONSORTIUM:
            ko, en = "lead는 주체가 consortium일 때만 씁니다. 지우세요.", "Only a consortium has a lead: remove it."
            look.flaw((*path, "do", "lead"), "BP304", ko=ko, en=en, key=True)
    _check_team_size(look)


def _check_after(look: Look, path: Path, stage: Stage) -> None:
    if look.document.find((*path, "after")) is None:
        return
    here = look.blueprint.position(stage.id)
    for at, after in enumerate(stage.after):
        place = (*path, "after", at)
        if look.has_stage(place, after.stage) and look.blueprint.position(after.stage) >= here:
            ko = f"‘{after.stage}’은(는) 이 단계보다 앞에 있지 않습니다. 순서를 바꾸거나 앞 단계를 쓰세요."
            look.flaw(
                place, "BP301", ko=ko, en=f"{after.stage} is not an earlier stage: move it up, or name one before this."
            )


def _check_reach(look: Look, path: Path, stage: Stage) -> None:
    if not stage.after and stage.entry is None:
        ko = "시작 단계인데 들어올 길이 없습니다. entry에 open, invite, nominate, match 중 하나를 쓰세요."
        look.flaw(
            path, "BP303", ko=ko, en="Nobody can enter this start: write entry (open, invite, nominate or match)."
        )
    for at, after in enumerate(stage.after):
        if after.out and after.stage in look.blueprint.positions and not look.blueprint.stage(after.stage).gate:
            ko = f"‘{after.stage}’에는 gate가 없어 떨어지는 사람이 없습니다. gate를 쓰거나 :out을 지우세요."
            en = f"Nobody is refused at {after.stage}, which has no gate: give it one, or drop :out."
            look.flaw((*path, "after", at), "BP303", ko=ko, en=en)
    if look.document.find((*path, "join")) is not None and len(stage.after) < 2:
        ko, en = "join은 after가 둘 이상일 때만 씁니다. 지우세요.", "join needs two or more in after: remove it."
        look.flaw((*path, "join"), "BP303", ko=ko, en=en, key=True)
    passed, out = ({a.stage for a in stage.after if a.out is way} for way in (False, True))
    if passed & out and not stage.join_any:
        ko = "한 단계를 통과하면서 동시에 떨어질 수는 없습니다. join: any를 쓰세요."
        look.flaw((*path, "after"), "BP303", ko=ko, en="Nobody both passes a stage and is out of it: write join: any.")


# --- teams --------------------------------------------------------------------------------------------------


def _check_teams(look: Look, path: Path, stage: Stage) -> None:
    if not look.blueprint.subject.has_persons:
        for name in ("unit", "team"):
            if look.document.find((*path, name)) is not None:
                ko = f"주체가 {look.blueprint.subject}(이)면 사람이나 팀으로 나누지 않습니다. {name}을(를) 지우세요."
                en = f"The subject {look.blueprint.subject} has no persons or teams: remove {name}."
                look.flaw((*path, name), "BP304", ko=ko, en=en, key=True)
        return
    if stage.team and stage.team.min > stage.team.max:
        ko, en = "min이 max보다 큽니다. 바로잡으세요.", "min is over max: correct one of them."
        look.flaw((*path, "team", "min"), "BP304", ko=ko, en=en)
    if stage.team and stage.unit is Unit.PERSON:
        ko, en = (
            "팀을 만들면서 한 사람씩 할 수는 없습니다. 하나를 지우세요.",
            "team forms teams, unit: person has none: remove one.",
        )
        look.flaw((*path, "unit"), "BP304", ko=ko, en=en)
    if stage.unit is Unit.TEAM and not stage.team and not _has_teams(look, stage):
        ko = "아직 만들어진 팀이 없습니다. 이 단계나 앞 단계에 team: {min, max}를 쓰세요."
        look.flaw(
            (*path, "unit"), "BP304", ko=ko, en="No team is formed before this: write team: {min, max} here or before."
        )


def _has_teams(look: Look, stage: Stage) -> bool:
    before = look.blueprint.stages[: look.blueprint.position(stage.id)]
    return look.blueprint.subject is Subject.TEAM or any(earlier.team for earlier in before)


def _check_team_size(look: Look) -> None:
    """Where cases are teams, some stage says how large they are."""
    if look.blueprint.subject is Subject.TEAM and not any(stage.team for stage in look.blueprint.stages):
        ko, en = (
            "팀의 크기가 없습니다. 시작 단계에 team: {min, max}를 쓰세요.",
            "How large is a team? Write team: {min, max} at the start.",
        )
        look.flaw(("stages", 0), "BP304", ko=ko, en=en)


def _check_include(look: Look, path: Path, stage: Stage) -> None:
    for at, step in enumerate(stage.gate):
        for k, role in enumerate(step.include if isinstance(step, PanelStep) else ()):
            if role in look.blueprint.roles and role not in roles_held(look.blueprint, stage):
                ko = f"‘{role}’은(는) 이 참가 건에 딸린 역할이 아닙니다. with에 쓰거나 include에서 지우세요."
                en = f"Nobody is {role} of the case: write it under with, or drop it here."
                look.flaw((*path, "gate", at, "panel", "include", k), "BP307", ko=ko, en=en)


# --- options ------------------------------------------------------------------------------------------------


def _check_options(look: Look, path: Path, stage: Stage) -> None:
    if look.document.find((*path, "choose")) is not None:
        _check_choose(look, path, stage)
    for place, names in _options_named(path, stage):
        known = look.options(place, stage)
        for at, name in enumerate(names):
            look.check_option((*place, at), known or (), name)
    for place in _one_option_needed(path, stage):
        look.options(place, stage, one=True)
    for at, give in enumerate(stage.gives):
        if isinstance(give, CredentialGive) and give.recognised and isinstance(give.recognised.start, Mapping):
            place = (*path, "gives", at, "credential", "recognised", "from")
            _check_recognised(look, place, stage, tuple(give.recognised.start))


def _check_choose(look: Look, path: Path, stage: Stage) -> None:
    if stage.options is None:
        ko, en = (
            "이 단계에는 고를 선택 항목(options)이 없습니다. choose를 지우세요.",
            "This stage offers no options to choose: remove it.",
        )
        look.flaw((*path, "choose"), "BP305", ko=ko, en=en)
    elif isinstance(stage.options, tuple) and stage.choose > len(stage.options):
        ko = f"선택 항목은 {len(stage.options)}개뿐입니다. choose를 줄이세요."
        look.flaw((*path, "choose"), "BP305", ko=ko, en=f"There are only {len(stage.options)} options: lower choose.")


def _options_named(path: Path, stage: Stage) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every ``for``."""
    for at, step in enumerate(stage.gate):
        if step.options:
            yield (*path, "gate", at, "for"), step.options
    if isinstance(stage.do, LearnDo):
        for at, item in enumerate(stage.do.items):
            if item.options:
                yield (*path, "do", "items", at, "for"), item.options


def _one_option_needed(path: Path, stage: Stage) -> Iterator[Path]:
    for at, step in enumerate(stage.gate):
        if isinstance(step, RankStep) and step.per_option:
            yield (*path, "gate", at, "rank", "per")
    for at, give in enumerate(stage.gives):
        here = (*path, "gives", at)
        if isinstance(give, MoneyGive) and give.per == OPTION:
            yield (*here, "money", "per")
        if isinstance(give, CredentialGive) and give.level == OPTION:
            yield (*here, "credential", "level")
        if isinstance(give, PublishGive) and give.type == OPTION:
            yield (*here, "publish", "type")


def _check_recognised(look: Look, path: Path, stage: Stage, names: tuple[str, ...]) -> None:
    known = look.options(path, stage, one=True)
    for name in names:
        look.check_option((*path, name), known or (), name, key=True)
