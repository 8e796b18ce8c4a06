"""What is found when a bundle meets this installation: no environment for its image, a module that is not there, a
program that fails."""

from dure.bundles.findings import Defect, Place, shown
from dure.core.findings import State
from dure.core.text import Text

_FINDINGS: dict[str, tuple[State, Text, Text]] = {
    "environment.none": (
        State.FAIL,
        Text(
            ko="‘{image}’ 이미지를 대신할 실행 환경이 없습니다.", en="No environment here stands for the image {image}."
        ),
        Text(
            ko="대신할 실행 환경을 골라 다시 시험하세요. 맞는 환경이 없으면 플랫폼 운영자에게 추가를 요청하세요.",
            en="Choose an environment for it and try again. If none fits, ask the platform's operators to add one.",
        ),
    ),
    "environment.unready": (
        State.FAIL,
        Text(ko="‘{name}’ 환경이 아직 준비되지 않았습니다.", en="The environment {name} is not ready."),
        Text(
            ko="준비될 때까지 기다리거나 다른 환경을 고르세요. 계속되면 플랫폼 운영자에게 문의하세요.",
            en="Wait until it is built, or choose another. If it stays so, ask the platform's operators.",
        ),
    ),
    "environment.module": (
        State.FAIL,
        Text(
            ko="‘{module}’ 모듈이 ‘{name}’ 환경에 없습니다.", en="The module {module} is not in the environment {name}."
        ),
        Text(
            ko="이 모듈이 든 환경을 고르세요. 없으면 플랫폼 운영자에게 추가를 요청하세요.",
            en="Choose an environment that has it, or ask the platform's operators to add one.",
        ),
    ),
    "environment.brought": (
        State.WARN,
        Text(
            ko="‘{module}’ 모듈이 ‘{name}’ 환경에 없어, 제출물에 들어 있는 것으로 봅니다.",
            en="The module {module} is not in the environment {name}; it is taken for one that submissions bring.",
        ),
        Text(
            ko="제출물에 들어 있지 않다면 이 모듈이 든 환경을 고르세요.",
            en="If they do not bring it, choose an environment that has it.",
        ),
    ),
    "trial.none": (
        State.WARN,
        Text(
            ko="‘{task}’ 과제에는 시험해 볼 예시 제출물이 없어 채점 프로그램을 실행하지 않았습니다.",
            en="Task {task} comes with no solution, so its scoring program was not tried.",
        ),
        Text(
            ko="가져온 뒤 예시 제출물로 먼저 채점해 보세요.",
            en="Once it is imported, score a submission of your own first.",
        ),
    ),
    "trial.unready": (
        State.FAIL,
        Text(ko="여기서는 프로그램을 실행해 볼 수 없습니다: {why}", en="Programs cannot be tried here: {why}"),
        Text(
            ko="플랫폼 운영자에게 샌드박스 점검을 요청하세요.",
            en="Ask the platform's operators to look at the sandbox.",
        ),
    ),
    "trial.scorer": (
        State.FAIL,
        Text(
            ko="‘{solution}’을(를) 채점하다가 채점 프로그램이 실패했습니다: {last}",
            en="The scoring program failed on {solution}: {last}",
        ),
        Text(
            ko="프로그램이나 실행 환경을 고치고 다시 시도하세요.",
            en="Mend the program or its environment and try again.",
        ),
    ),
    "trial.solution": (
        State.FAIL,
        Text(
            ko="예시 제출물 ‘{solution}’을(를) 실행하지 못했습니다: {last}",
            en="The solution {solution} did not run: {last}",
        ),
        Text(
            ko="예시 제출물이나 인제스천 프로그램, 실행 환경을 고치세요.",
            en="Mend the solution, the ingestion program or the environment.",
        ),
    ),
    "trial.primary": (
        State.FAIL,
        Text(
            ko="채점 프로그램이 순위를 정하는 ‘{column}’을(를) 내지 않았습니다. 낸 것: {said}",
            en="The scoring program gave no {column}, which ranks. It gave {said}.",
        ),
        Text(
            ko="순위표의 열과 채점 프로그램이 쓰는 이름을 같게 하세요.",
            en="Let the scoring program and the board use the same name.",
        ),
    ),
    "trial.column": (
        State.WARN,
        Text(
            ko="채점 프로그램이 순위표의 ‘{column}’ 열을 내지 않았습니다.",
            en="The scoring program gave no {column}, a column of the board.",
        ),
        Text(ko="그 열은 비어 있게 됩니다.", en="The column will stay empty."),
    ),
}


def found(code: str, place: Place, **facts: object) -> Defect:
    """The finding of that code there."""
    state, text, remedy = _FINDINGS[code]
    filled = {name: fact if isinstance(fact, Text) else shown(fact) for name, fact in facts.items()}
    return Defect(str(place), state, text.format(**filled), remedy.format(**filled), code, place)
