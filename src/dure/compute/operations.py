"""Every write of environments: named, built, given to images."""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.compute.building import NotBuilt, build
from dure.compute.models import ENVIRONMENT_MOVES, STANDARD, Environment, EnvironmentState, ImageRule
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.store.models import move

BUILD = "compute.build"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_PYTHON = re.compile(r"[\w./+-]*")
_PATTERN = re.compile(r"[\w./:@*?\[\]-]{1,200}")


@transaction.atomic
def add_environment(name: str, *, requirements: str, python: str = "") -> Environment:
    """A new environment, not built yet. ``requirements``: a lock, each package pinned and with its hashes.

    Raises Flawed for a lock or a name that cannot be, Refused where the name is taken.
    """
    if not _NAME.fullmatch(name):
        sentence = Text(
            ko="환경 이름은 영문 소문자, 숫자, 점, 밑줄, 하이픈으로 60자까지 쓰세요.",
            en="Name an environment with up to 60 lower-case letters, digits, dots, underscores and hyphens.",
        )
        raise Flawed("compute.environment_name", sentence, errors=[name])
    if not _PYTHON.fullmatch(python):
        sentence = Text(
            ko="파이썬은 3.11 같은 버전이나 프로그램 경로로 적으세요.",
            en="Name the Python by its version, such as 3.11, or by the path of its program.",
        )
        raise Flawed("compute.environment_python", sentence, errors=[python])
    _check_lock(requirements)
    try:
        with transaction.atomic():
            made = Environment.objects.create(name=name, requirements=requirements, python=python)
    except IntegrityError:
        sentence = Text(
            ko="‘{name}’ 환경이 이미 있습니다. 다른 이름으로 추가하세요(환경은 한 번 만들면 바뀌지 않습니다).",
            en="There is an environment {name} already. Choose another name: environments do not change once made.",
        )
        raise Refused("compute.environment_taken", sentence.format(name=name), name=name) from None
    record("environment.added", made, after={"name": name, "python": python})
    return made


@transaction.atomic
def ask_to_build(environment: Environment) -> None:
    """Have workers build it. Raises Refused where it is there already."""
    if environment.is_here:
        raise Refused("compute.environment_built", _BUILT.format(name=environment.name))
    record("environment.asked", environment)
    enqueue(BUILD, arguments={"environment": environment.pk}, key=f"{BUILD}:{environment.pk}", most_attempts=1)


def build_environment(environment: Environment) -> Environment:
    """Install what the lock names, for callers that hold no transaction; minutes, as a rule.

    It ends ready, or failed with what the installer said in ``log``; one that failed may be built again, and so may
    one whose builder was killed, or one that is not on this machine: then its contents must be the same as before.
    Raises Refused while another process of this machine builds it, or where it is there already.
    """
    with _alone(environment):
        environment.refresh_from_db()
        if environment.is_here:
            raise Refused("compute.environment_built", _BUILT.format(name=environment.name))
        before = environment.digest
        if environment.state == EnvironmentState.BUILDING:  # nobody holds it: its builder was killed
            move(environment, EnvironmentState.FAILED, by=ENVIRONMENT_MOVES)
        move(environment, EnvironmentState.BUILDING, by=ENVIRONMENT_MOVES, folder=environment.name, log="")
        try:
            built = build(environment.requirements, python=environment.python, place=environment.path)
        except (NotBuilt, OSError) as error:
            return _ended(environment, EnvironmentState.FAILED, log=str(error))
    if before and built.digest != before:
        shutil.rmtree(environment.path)
        return _ended(
            environment, EnvironmentState.FAILED, log=f"{built.digest} is not what was built before: {before}"
        )
    told = {name: getattr(built, name) for name in ("version", "prefix", "digest", "packages", "modules")}
    return _ended(environment, EnvironmentState.READY, built_at=clock.now(), **told)


@transaction.atomic
def use_for_images(pattern: str, environment: Environment | None) -> ImageRule:
    """Let images whose name fits ``pattern`` be run in ``environment`` (None: the standard one) from now on."""
    if not _PATTERN.fullmatch(pattern):
        sentence = Text(
            ko="이미지 이름은 codalab/codalab-legacy:*처럼 적으세요.",
            en="Write the image's name, such as codalab/codalab-legacy:*.",
        )
        raise Flawed("compute.image", sentence, errors=[pattern])
    before = ImageRule.objects.filter(pattern=pattern).select_related("environment").first()
    rule, _ = ImageRule.objects.update_or_create(pattern=pattern, defaults={"environment": environment})
    was = {"environment": str(before.environment or STANDARD)} if before else None
    record(
        "environment.image", rule, before=was, after={"pattern": pattern, "environment": str(environment or STANDARD)}
    )
    return rule


@transaction.atomic
def _ended(environment: Environment, state: EnvironmentState, **told: Any) -> Environment:
    move(environment, state, by=ENVIRONMENT_MOVES, **told)
    record("environment.built", environment, after={"state": state, "digest": environment.digest})
    return environment


@contextmanager
def _alone(environment: Environment) -> Iterator[None]:
    """The kernel lets go of the lock with its process, so a builder that was killed holds nobody up."""
    folder = Path(settings.HOME, "environments")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{environment.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = Text(
                ko="‘{name}’ 환경을 지금 만들고 있습니다. 끝난 뒤 다시 확인하세요.",
                en="The environment {name} is being built now. Look again when that has ended.",
            )
            raise Refused("compute.environment_busy", sentence.format(name=environment.name)) from None
        yield


_BUILT = Text(
    ko="‘{name}’ 환경은 이미 준비되어 있습니다. 패키지를 바꾸려면 새 이름으로 추가하세요.",
    en="The environment {name} is ready already. To change its packages, add one under another name.",
)


def _check_lock(requirements: str) -> None:
    """Every line that names a package must pin and hash it; pip would say so only after it began."""
    text = re.sub(r"\\\r?\n", " ", requirements)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    loose = [line for line in lines if "==" not in line or "--hash=sha" not in line]
    if loose or not lines:
        sentence = Text(
            ko="모든 줄에 ‘이름==버전 --hash=sha256:…’이 있어야 합니다. `pip-compile --generate-hashes`로 만드세요.",
            en="Each line needs name==version --hash=sha256:…: write the file with `pip-compile --generate-hashes`.",
        )
        raise Flawed("compute.environment_lock", sentence, errors=loose[:10])
