"""Names that must name something: parties, roles and what they can do, blueprints, credentials, budgets (BP2)."""

from collections.abc import Iterator

from dure.blueprint.lint.look import BLUEPRINT, PARTY, ROLE, Look
from dure.blueprint.model import (
    Ability,
    CredentialGive,
    DecideStep,
    LearnDo,
    MoneyGive,
    PanelStep,
    Path,
    PrivilegeGive,
    ProjectDo,
    RoleGive,
    SpawnGive,
    Stage,
    TestDo,
    WorkDo,
)
from dure.core.text import Text

ANY = "any"
CREDENTIAL, BUDGET = Text(ko="자격이", en="credential"), Text(ko="예산(돈의 종류)이", en="money")
_OWN = (Ability.SUPERVISE, Ability.MENTOR, Ability.WORK)


def check_names(look: Look) -> None:
    for path, name in _parties_named(look):
        if name not in look.blueprint.parties:
            look.unknown(path, "BP201", PARTY, name, tuple(look.blueprint.parties))
    for path, name, abilities in _roles_used(look):
        _check_role(look, path, name, abilities)
    _check_elsewhere(look)


def _parties_named(look: Look) -> Iterator[tuple[Path, str]]:
    for name, role in look.blueprint.roles.items():
        for at, party in enumerate(role.at):
            if party != ANY:
                yield ("roles", name, "at", at), party
    for path, stage in look.stages():
        if isinstance(stage.do, ProjectDo | WorkDo):
            yield from (((*path, "do", "at", at), party) for at, party in enumerate(stage.do.at))
        for at, provision in enumerate(stage.provides):
            yield (*path, "provides", at, "from"), provision.party
        yield from _parties_giving(path, stage)


def _parties_giving(path: Path, stage: Stage) -> Iterator[tuple[Path, str]]:
    for at, give in enumerate(stage.gives):
        here = (*path, "gives", at)
        if isinstance(give, MoneyGive) and give.party:
            yield (*here, "money", "from"), give.party
        if isinstance(give, PrivilegeGive):
            yield (*here, "privilege", "at"), give.at
        if isinstance(give, CredentialGive) and give.recognised:
            yield (*here, "credential", "recognised", "by"), give.recognised.by


def _roles_used(look: Look) -> Iterator[tuple[Path, str, tuple[Ability, ...]]]:
    """Every place that names a role, with the abilities of which it asks one; () asks none."""
    for path, stage in look.stages():
        yield from _roles_doing(look, path, stage)
        for at, step in enumerate(stage.gate):
            here = (*path, "gate", at)
            if isinstance(step, PanelStep):
                panel = (*here, "panel")
                yield from (((*panel, "role", k), name, (Ability.REVIEW,)) for k, name in enumerate(step.roles))
                yield from (((*panel, "include", k), name, ()) for k, name in enumerate(step.include))
            if isinstance(step, DecideStep):
                yield (*here, "decide", "role"), step.role, (Ability.DECIDE,)
        for at, give in enumerate(stage.gives):
            if isinstance(give, RoleGive):
                yield (*path, "gives", at, "role", "role"), give.role, ()


def _roles_doing(look: Look, path: Path, stage: Stage) -> Iterator[tuple[Path, str, tuple[Ability, ...]]]:
    do, parties = stage.do, look.blueprint.parties
    if isinstance(do, LearnDo):
        for at, item in enumerate(do.items):
            if item.by and item.by not in parties:
                yield (*path, "do", "items", at, "by"), item.by, (Ability.TEACH,)
            if item.adapter:
                yield (*path, "do", "items", at, "adapter"), item.adapter, (Ability.TEACH,)
    if isinstance(do, TestDo) and do.by not in parties:
        yield (*path, "do", "by"), do.by, (Ability.REVIEW,)
    if isinstance(do, ProjectDo | WorkDo):
        yield from (((*path, "do", "with", name), name, _OWN) for name in do.with_roles)


def _check_role(look: Look, path: Path, name: str, abilities: tuple[Ability, ...]) -> None:
    named_by_key = path[-1] == name and path[-2] == "with"
    if name not in look.blueprint.roles:
        look.unknown(path, "BP202", ROLE, name, tuple(look.blueprint.roles), key=named_by_key)
        return
    if abilities and not set(abilities) & set(look.blueprint.roles[name].can):
        look.flaw(
            path,
            "BP209",
            ko=f"역할 ‘{name}’은(는) 이 일을 할 수 없습니다. roles의 can에 {'·'.join(abilities)} 중 하나를 넣으세요.",
            en=f"The role {name} cannot do this: add {' or '.join(abilities)} to its can.",
            key=named_by_key,
        )


# --- what other blueprints say ------------------------------------------------------------------------------


def _check_elsewhere(look: Look) -> None:
    for path, name in _spawned(look):
        if not look.library.has("blueprint", name):
            look.unknown(path, "BP204", BLUEPRINT, name, look.library.names("blueprint"))
        elif look.blueprint.name in _leads_to(look, name):
            ko = f"‘{name}’에서 시작한 프로그램이 다시 이 블루프린트를 시작합니다. 순환을 없애세요."
            look.flaw(path, "BP302", ko=ko, en=f"{name} leads back to this blueprint: break the circle.")
    _check_given(look, "BP207", CREDENTIAL, list(_held(look)), CredentialGive)
    _check_given(look, "BP210", BUDGET, list(_budgets(look)), MoneyGive)


def _spawned(look: Look) -> Iterator[tuple[Path, str]]:
    for path, stage in look.stages():
        for at, give in enumerate(stage.gives):
            if isinstance(give, SpawnGive):
                yield (*path, "gives", at, "spawn", "blueprint"), give.blueprint


def _leads_to(look: Look, name: str) -> set[str]:
    """The blueprints that a programme of ``name`` may come to spawn, itself included."""
    seen, ahead = set[str](), [name]
    while ahead:
        current = ahead.pop()
        if current in seen:
            continue
        seen.add(current)
        if blueprint := look.library.blueprint(current):
            ahead += [g.blueprint for s in blueprint.stages for g in s.gives if isinstance(g, SpawnGive)]
    return seen


def _held(look: Look) -> Iterator[tuple[Path, str]]:
    for name, role in look.blueprint.roles.items():
        if role.holds:
            yield ("roles", name, "holds"), role.holds
    for path, stage in look.stages():
        for at, provision in enumerate(stage.provides):
            if provision.holds:
                yield (*path, "provides", at, "holds"), provision.holds


def _budgets(look: Look) -> Iterator[tuple[Path, str]]:
    for path, stage in look.stages():
        if isinstance(stage.do, ProjectDo) and stage.do.budget:
            yield (*path, "do", "budget"), stage.do.budget
        for at, give in enumerate(stage.gives):
            if isinstance(give, MoneyGive) and give.budget:
                yield (*path, "gives", at, "money", "budget"), give.budget


def _check_given(
    look: Look, code: str, what: Text, asked: list[tuple[Path, str]], sort: type[CredentialGive] | type[MoneyGive]
) -> None:
    """What is asked must be given by this blueprint or another; the others are read only when this one is silent."""
    given = {_name(g) for s in look.blueprint.stages for g in s.gives if isinstance(g, sort)}
    if all(name in given for _, name in asked):
        return
    given |= {_name(g) for b in look.library.blueprints() for s in b.stages for g in s.gives if isinstance(g, sort)}
    for path, name in asked:
        if name not in given:
            look.unknown(path, code, what, name, tuple(sorted(given)))


def _name(give: CredentialGive | MoneyGive) -> str:
    return give.name if isinstance(give, CredentialGive) else give.type
