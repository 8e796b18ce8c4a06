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
            ko="`dure env image '{image}' 이름`으로 정하거나 `--environment 이름`을 붙이세요(목록: `dure env list`).",
            en="Name one by `dure env image '{image}' NAME`, or add `--environment NAME` (see `dure env list`).",
        ),
    ),
    "environment.unready": (
        State.FAIL,
        Text(ko="‘{name}’ 환경이 아직 준비되지 않았습니다.", en="The environment {name} is not ready."),
        Text(ko="`dure env build {name}`을 먼저 실행하세요.", en="Run `dure env build {name}` first."),
    ),
    "environment.module": (
        State.FAIL,
        Text(
            ko="‘{module}’ 모듈이 ‘{name}’ 환경에 없습니다.", en="The module {module} is not in the environment {name}."
        ),
        Text(
            ko="이 모듈이 든 환경을 `dure env add`로 추가하고 `--environment 이름`을 붙이세요.",
            en="Add an environment that has it by `dure env add`, and name it with `--environment NAME`.",
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
        Text(ko="`dure doctor --sandbox`의 안내를 따르세요.", en="Follow `dure doctor --sandbox`."),
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
