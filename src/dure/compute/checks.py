"""What this machine can run: how far code is held, wall by wall, and which environments lie here."""

from collections.abc import Iterator

from dure.compute.advice import advice
from dure.compute.box import Level
from dure.compute.proof import Proof, asked_for, proof
from dure.compute.queries import ready_environments
from dure.core.findings import Finding, State
from dure.core.text import Text

_LEVELS = {
    Level.FULL: Text(
        ko="샌드박스 수준 full: 참가자의 코드를 실행합니다.", en="Sandbox level full: participants' code is run."
    ),
    Level.LIMITED: Text(
        ko="샌드박스 수준 limited: 운영자가 책임지는 코드만 실행합니다. 예측 파일은 그대로 채점합니다.",
        en="Sandbox level limited: only code that the operator answers for is run. Files of predictions are scored.",
    ),
    Level.NONE: Text(
        ko="샌드박스 수준 none: 코드를 실행하지 않습니다. 예측 파일은 그대로 채점합니다.",
        en="Sandbox level none: no code is run. Files of predictions are scored.",
    ),
}
_AWAY = Text(
    ko="‘{name}’ 환경의 파일이 이 컴퓨터에 없습니다. 이 환경을 쓰는 제출은 여기서 실행할 수 없습니다.",
    en="The environment {name} does not lie on this machine: nothing that needs it can run here.",
)
_BUILD = Text(
    ko="`dure env build {name}`을(를) 실행하세요. 잠금 파일대로 다시 만듭니다.",
    en="Run `dure env build {name}`: it is built again by its lock.",
)


def sandbox() -> Iterator[Finding]:
    yield from findings_of(proof())


def findings_of(found: Proof) -> Iterator[Finding]:
    """A line for each wall (``level.wall``), the level last (``sandbox``)."""
    for level, probes in found.probes.items():
        for probe in probes:
            state = State.OK if probe.held else State.WARN
            text = probe.text if probe.held else _broken(probe.text, probe.detail)
            yield Finding(f"{level.name.lower()}.{probe.wall}", state, text)
    missed = asked_for() not in ("auto", found.level.name.lower())
    state = State.FAIL if missed else State.OK if found.level is Level.FULL else State.WARN
    yield Finding("sandbox", state, _LEVELS[found.level], advice(found))


def _broken(text: Text, detail: str) -> Text:
    last = detail.strip().rpartition("\n")[2][:200]
    return Text(ko=f"확인되지 않음: {text.ko} ({last})", en=f"not shown: {text.en} ({last})")


def environments() -> Iterator[Finding]:
    """A line for each environment that was built; one that does not lie on this machine can run nothing here."""
    for row in ready_environments():
        if row.is_here:
            told = Text(ko="‘{name}’ 환경이 이 컴퓨터에 있습니다.", en="The environment {name} lies on this machine.")
            yield Finding(f"environment.{row.name}", State.OK, told.format(name=row.name))
        else:
            yield Finding(
                f"environment.{row.name}", State.FAIL, _AWAY.format(name=row.name), _BUILD.format(name=row.name)
            )
