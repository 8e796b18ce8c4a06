"""How far code is held on this machine: every wall that was tried, and the level that follows."""

from collections.abc import Iterator

from dure.compute.advice import advice
from dure.compute.box import Level
from dure.compute.proof import Proof, asked_for, proof
from dure.core.findings import Finding, State
from dure.core.text import Text

_LEVELS = {
    Level.FULL: Text(
        ko="격리 수준 full: 참가자의 코드를 실행합니다.", en="Sandbox level full: participants' code is run."
    ),
    Level.LIMITED: Text(
        ko="격리 수준 limited: 운영자가 책임지는 코드만 실행합니다. 예측 파일은 그대로 채점합니다.",
        en="Sandbox level limited: only code that the operator answers for is run. Files of predictions are scored.",
    ),
    Level.NONE: Text(
        ko="격리 수준 none: 코드를 실행하지 않습니다. 예측 파일은 그대로 채점합니다.",
        en="Sandbox level none: no code is run. Files of predictions are scored.",
    ),
}


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
