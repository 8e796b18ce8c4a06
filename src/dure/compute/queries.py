"""Environments as people read them, and which one stands for an image."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from platform import python_version

from django.db.models import QuerySet

from dure.compute.building import modules_of
from dure.compute.interpreter import wanted
from dure.compute.models import STANDARD, Environment, EnvironmentState, ImageRule
from dure.core.errors import Missing, Refused
from dure.core.text import Text


@dataclass(frozen=True)
class Offer:
    """An environment as one chooses it; ``row`` is None for the standard one. ``modules`` can be imported in it."""

    name: str
    state: str
    version: str
    packages: dict[str, str]
    modules: frozenset[str]
    row: Environment | None = None

    @property
    def is_ready(self) -> bool:
        return self.state == EnvironmentState.READY


def environments() -> list[Offer]:
    """The standard one first, then all that were added, by name."""
    return [offer(None), *(offer(row) for row in Environment.objects.order_by("name"))]


def ready_environments() -> QuerySet[Environment]:
    """Those that were built and may be chosen beside the standard one."""
    return Environment.objects.filter(state=EnvironmentState.READY).order_by("name")


def environment_called(name: str) -> Environment | None:
    """The environment of that name; None for the standard one. Raises Missing."""
    found = None if name == STANDARD else Environment.objects.filter(name=name).first()
    if found is None and name != STANDARD:
        sentence = Text(
            ko="‘{name}’ 환경이 없습니다. `dure env list`에서 고르거나 `dure env add`로 추가하세요.",
            en="There is no environment {name}: choose one of `dure env list`, or add it by `dure env add`.",
        )
        raise Missing("compute.environment", sentence.format(name=name), name=name)
    return found


def offer(environment: Environment | None) -> Offer:
    """An environment with its packages; None: the standard one."""
    if environment is None:
        return _standard()
    return Offer(
        environment.name, environment.state, environment.version, environment.packages,
        frozenset(environment.modules), environment,
    )  # fmt: skip


def rule_for(image: str) -> ImageRule | None:
    """The rule that an image falls under: the longest pattern that fits, since it says the most."""
    rules = ImageRule.objects.select_related("environment")
    fitting = [rule for rule in rules if fnmatchcase(image, rule.pattern)]
    return max(fitting, key=lambda rule: (len(rule.pattern), rule.pattern), default=None)


def digest_of(environment: Environment | None) -> str:
    """What vouches for an environment's contents; of the standard one, its versions."""
    if environment is not None:
        return environment.digest
    told = _standard()
    pins = [told.version, *(f"{name}=={version}" for name, version in sorted(told.packages.items()))]
    return sha256(" ".join(pins).encode()).hexdigest()


def check_ready(environment: Environment | None) -> None:
    """Raise Refused where an environment cannot be used yet."""
    if environment is not None and not environment.is_ready:
        sentence = Text(
            ko="‘{name}’ 환경이 아직 준비되지 않았습니다. `dure env build {name}`을(를) 먼저 실행하세요.",
            en="The environment {name} is not ready: run `dure env build {name}` first.",
        )
        raise Refused("compute.environment_unready", sentence.format(name=environment.name), state=environment.state)


@cache
def _standard() -> Offer:
    """What the platform's interpreter offers; it does not change while a process lives."""
    held = {}
    modules: set[str] = set()
    for name in wanted():
        try:
            known = distribution(name)
        except PackageNotFoundError:
            continue
        held[known.metadata["Name"]] = known.version
        modules.update(modules_of(known))
    return Offer(STANDARD, EnvironmentState.READY, python_version(), held, frozenset(modules))


def image_rules() -> Iterator[ImageRule]:
    """Every rule, by pattern."""
    yield from ImageRule.objects.select_related("environment").order_by("pattern")
