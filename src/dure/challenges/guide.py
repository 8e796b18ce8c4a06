"""What a starter kit says of its task: its rules and first steps in both languages, and a notebook to begin with."""

from typing import Any

from dure.core.text import Text

RULES = Text(
    ko="""# {title}

| | |
|---|---|
| 제출 마감 | {deadline} |
| 제출물 | {kind} |
| 지표 | {metric} ({better}) |
| 하루 제출 횟수 | {daily} |
| 한 달 제출 횟수 | {monthly} |
| 전체 제출 횟수 | {total} |
| 파일 크기 | {mib} MiB까지 |
| 코드 실행 한도 | {wall}초, 메모리 {memory} GiB, 네트워크 없음 |

마감은 팀이나 참가자마다 다를 수 있습니다. `dure rounds`가 알려 주는 시각이 정확합니다.

""",
    en="""# {title}

| | |
|---|---|
| deadline | {deadline} |
| submit | {kind} |
| metric | {metric} ({better}) |
| attempts a day | {daily} |
| attempts a month | {monthly} |
| attempts in all | {total} |
| size of a file | up to {mib} MiB |
| limits of code | {wall} s, {memory} GiB of memory, no network |

A team or a person may have a deadline of their own: the one that `dure rounds` names holds.

""",
)
WITH_FORMAT = Text(
    ko="""## 들어 있는 것

* `data/`: 주최자가 준 데이터
* `sample_submission.csv`: 그대로 제출할 수 있는 예시. 첫 줄은 `{header}`, 모두 {rows}행
* `main.py`, `baseline.ipynb`: 올바른 제출 파일을 만드는 기준 프로그램
* `format.json`: 예측 파일의 형식

## 시작하기

    python3 main.py

`predictions.csv`가 생깁니다. `main.py`의 `guess`를 여러분의 모델로 바꾸세요.
코드를 받는 라운드라면 이 폴더를 그대로 제출해도 실행됩니다.

## 미리 확인하고 제출하기

    dure login {url}
    dure check {name} predictions.csv
    dure submit {name} predictions.csv

`dure check`는 채점 서버와 같은 검사기를 이 컴퓨터에서 실행합니다. 제출 횟수를 쓰지 않습니다.
채점할 수 없는 파일을 제출하면 제출 횟수가 차감됩니다.
""",
    en="""## What is in here

* `data/`: what the organiser gave
* `sample_submission.csv`: valid as it is; its first line is `{header}`, {rows} rows follow
* `main.py`, `baseline.ipynb`: a baseline that makes a valid file
* `format.json`: what a prediction file must be like

## Begin

    python3 main.py

makes `predictions.csv`. Put your model in the place of `guess` in `main.py`.
Where the round takes code, this folder runs there as it is.

## Check, then submit

    dure login {url}
    dure check {name} predictions.csv
    dure submit {name} predictions.csv

`dure check` runs the platform's own checker on this machine. It uses up no attempt;
a file that is handed in and cannot be scored does.
""",
)
WITH_PROGRAMS = Text(
    ko="""## 시작하기

`data/`에 주최자가 준 자료가 있습니다. 제출물의 형식은 그 안의 안내를 따르세요. 주최자의 프로그램이 검사하고 채점합니다.

    dure login {url}
    dure submit {name} FILE
""",
    en="""## Begin

`data/` has what the organiser gave, and says what to hand in: the organiser's programs check and score it.

    dure login {url}
    dure submit {name} FILE
""",
)


def notebook(name: str) -> dict[str, Any]:
    """A notebook (nbformat 4) that does what main.py does, step by step; ``name`` is the task's."""
    cells = [
        _words("# 기준 제출 · Baseline\n\n`main.py`의 함수로 `predictions.csv`를 만듭니다. · Makes `predictions.csv`."),
        _code(
            "import json\n\nfrom main import HERE, examples, guess, ids, write\n\n"
            'form = json.loads((HERE / "format.json").read_text(encoding="utf-8"))\nform'
        ),
        _words("알려진 값 · What is known from the data"),
        _code("known = examples(form)\n{column: len(values) for column, values in known.items()}"),
        _words("이 줄을 여러분의 모델로 바꾸세요. · Put your model in the place of this line."),
        _code(
            "values = [guess(form, known[column]) for column in form['columns']]\n"
            "predictions = {one: values for one in ids(form)}\n"
            "write(form, predictions)"
        ),
        _words("제출하기 전에 확인합니다. · Check it before you submit."),
        _code(f"!dure check {name} predictions.csv"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": text, "execution_count": None, "outputs": []}
