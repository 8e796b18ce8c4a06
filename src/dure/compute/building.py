"""Build a locked environment: a venv filled from hashed wheels in a folder of its own, moved into place when whole."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, distributions
from pathlib import Path

from dure.compute.interpreter import ENVIRONMENT_FOLDER
from dure.store.disk import sync_folder

_SECONDS = 3_600
_KEPT_LOG = 20_000
_TOLD = "import sys; print(sys.base_prefix, '.'.join(map(str, sys.version_info[:3])), sep='\\n')"
_INSTALL = "install --no-input --disable-pip-version-check --no-compile --require-hashes --only-binary :all:"
# What differs between two builds of the same lock: the temporary folder's name, and bytecode.
_PASSING = {"RECORD", "__pycache__"}


class NotBuilt(Exception):  # noqa: N818 -- a finding, kept with the environment
    """A step failed; the message is what it printed."""


@dataclass(frozen=True)
class Built:
    """A whole environment at its place."""

    version: str
    prefix: str
    digest: str
    packages: dict[str, str]
    modules: list[str]


def build(requirements: str, *, python: str, place: Path) -> Built:
    """Fill ``place``, which is not there yet. Raises NotBuilt; what was begun is gone then."""
    draft = place.with_name(f".{place.name}-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        told = _filled(draft, requirements, _program(python))
        _settle(draft)
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_folder(place.parent)
    return told


def _program(python: str) -> str:
    """The interpreter that was asked for: the platform's own, a version's, or a program's name."""
    if not python:
        return str(Path(sys.executable).resolve())
    name = f"python{python}" if re.fullmatch(r"\d+(\.\d+)?", python) else python
    found = shutil.which(name)
    if found is None:
        raise NotBuilt(f"{name} is not installed on this machine")
    return str(Path(found).resolve())


def _filled(draft: Path, requirements: str, program: str) -> Built:
    lock = draft / "requirements.txt"
    lock.write_text(requirements, encoding="utf-8")
    _run([program, "-m", "venv", "--without-pip", str(draft)])
    inner = str(draft / "bin" / "python")
    prefix, version = _run([inner, "-c", _TOLD]).split()
    _run([sys.executable, "-m", "pip", "--python", inner, *_INSTALL.split(), "-r", str(lock)])
    site = next((draft / "lib").glob("python3*/site-packages"))
    compiled = f"-d {ENVIRONMENT_FOLDER}/{site.relative_to(draft)} --invalidation-mode unchecked-hash -q -f"
    _run([inner, "-m", "compileall", *compiled.split(), str(site)], ok=(0, 1))
    held = list(distributions(path=[str(site)]))
    packages = {one.metadata["Name"]: one.version for one in held}
    modules = sorted({name for one in held for name in modules_of(one)})
    return Built(version, prefix, _digest(site, version), packages, modules)


def _run(words: Sequence[str], *, ok: Sequence[int] = (0,)) -> str:
    """Run one step; ``compileall`` ends with 1 where a package carries code of another Python, which harms nobody."""
    try:
        ended = subprocess.run(  # noqa: S603 -- fixed words and the operator's own interpreter
            words, capture_output=True, text=True, timeout=_SECONDS, check=False, umask=0o022
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuilt(str(error)) from error
    if ended.returncode not in ok:
        raise NotBuilt((ended.stdout + ended.stderr)[-_KEPT_LOG:])
    return ended.stdout


def _settle(draft: Path) -> None:
    """Programs of packages name their interpreter by its place: from now on that in a box. Everybody may read all."""
    was = f"#!{draft}".encode()
    for script in (draft / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        if content.startswith(was):
            script.write_bytes(f"#!{ENVIRONMENT_FOLDER}".encode() + content.removeprefix(was))
    draft.chmod(0o755)


def modules_of(package: Distribution) -> Iterator[str]:
    """The names that one imports: the tops of a distribution's files."""
    for file in package.files or []:
        top = file.parts[0]
        if len(file.parts) > 1 and file.suffix in {".py", ".so"} and top.isidentifier() and top != "__pycache__":
            yield top
        elif len(file.parts) == 1 and file.suffix in {".py", ".so"}:
            yield file.name.split(".")[0]


def _digest(site: Path, version: str) -> str:
    """Of the Python's version and of every file that lasts, by path."""
    told = sha256(version.encode())
    for path in sorted(site.rglob("*")):
        inner = path.relative_to(site)
        if path.is_file() and not _PASSING.intersection(inner.parts):
            told.update(f"\0{inner}\0{sha256(path.read_bytes()).hexdigest()}".encode())
    return told.hexdigest()
