"""The sentences of all findings: code → whether it stops an import, what is wrong, what to do."""

from collections.abc import Mapping

from dure.core.findings import State
from dure.core.text import Text

STOPS, WARNS = State.FAIL, State.WARN
Sentences = Mapping[str, tuple[State, Text, Text]]

_SCORES: Sentences = {
    "scores.missing": (
        STOPS,
        Text(ko="채점 프로그램이 점수 파일을 남기지 않았습니다.", en="The scoring program left no score file."),
        Text(
            ko="$output 폴더에 scores.json이나 scores.txt를 쓰도록 고치세요.",
            en="Let it write scores.json or scores.txt into $output.",
        ),
    ),
    "scores.unreadable": (
        STOPS,
        Text(ko="점수 파일을 읽을 수 없습니다: {why}", en="The score file cannot be read: {why}"),
        Text(
            ko='scores.json에는 {{"열 이름": 수}}를, scores.txt에는 한 줄에 하나씩 ‘열 이름: 수’를 쓰세요.',
            en='Write {{"key": number}} into scores.json, or one "key: number" a line into scores.txt.',
        ),
    ),
    "scores.none": (
        STOPS,
        Text(
            ko="점수 파일에 순위표의 열이 하나도 없습니다. 순위표의 열: {columns}. 파일의 열: {said}.",
            en="The score file has no column of the board. The board has {columns}; the file says {said}.",
        ),
        Text(
            ko="채점 프로그램이 쓰는 이름과 순위표의 key를 같게 하세요.",
            en="Let the scoring program write the keys that the board's columns have.",
        ),
    ),
    "scores.not-a-number": (
        STOPS,
        Text(ko="‘{key}’ 점수가 유한한 수가 아닙니다: {value}", en="The score {key} is no finite number: {value}"),
        Text(ko="채점 프로그램이 수를 쓰도록 고치세요.", en="Let the scoring program write a number."),
    ),
    "metadata.unreadable": (
        STOPS,
        Text(
            ko="프로그램의 metadata를 YAML로 읽을 수 없고 command 줄도 없습니다: {why}",
            en="The program's metadata cannot be read as YAML and has no line with a command: {why}",
        ),
        Text(
            ko="‘command: python3 $program/score.py $input $output’과 같은 줄이 있는 YAML로 고치세요.",
            en="Make it YAML with a line such as command: python3 $program/score.py $input $output.",
        ),
    ),
    "metadata.recovered": (
        WARNS,
        Text(
            ko="metadata를 YAML로 읽을 수 없습니다({why}). Codabench는 이런 프로그램을 알리지 않고 실행하지 않습니다.",
            en="The metadata cannot be read as YAML ({why}); Codabench silently does not run such a program.",
        ),
        Text(
            ko="command 줄만 읽어 씁니다. ‘: ’이 든 설명은 따옴표로 감싸세요.",
            en='Its command line alone is used. Put a description that holds ": " into quotes.',
        ),
    ),
    "metadata.no-command": (
        STOPS,
        Text(
            ko="metadata에 command가 없어 실행할 것이 없습니다.", en="The metadata has no command: nothing would run."
        ),
        Text(
            ko="‘command: python3 $program/score.py $input $output’과 같은 줄을 더하세요.",
            en="Add a line such as command: python3 $program/score.py $input $output.",
        ),
    ),
    "command.unreadable": (
        STOPS,
        Text(ko="명령의 따옴표가 맞지 않습니다: {command}", en="The quotes of the command do not match: {command}"),
        Text(ko="따옴표를 짝지어 고치세요.", en="Close every quote."),
    ),
    "result.unreadable": (
        STOPS,
        Text(
            ko="evaluate()가 돌려준 값의 모양이 맞지 않습니다: {why}",
            en="What evaluate() returned has the wrong shape: {why}",
        ),
        Text(
            ko='{{"result": [{{"분할의 codename": {{"점수 이름": 수}}}}]}}를 돌려주도록 고치세요.',
            en='Let it return {{"result": [{{"split codename": {{"label": number}}}}]}}.',
        ),
    ),
    "result.split": (
        STOPS,
        Text(
            ko="결과가 말하는 ‘{split}’ 분할은 이 단계에 붙어 있지 않습니다.",
            en="The result names the split {split}, which is not attached to this phase.",
        ),
        Text(
            ko="challenge_phase_splits에 더하거나, evaluate()가 이 단계의 분할({known})만 돌려주게 하세요.",
            en="Attach it in challenge_phase_splits, or let evaluate() return the splits of this phase only ({known}).",
        ),
    ),
    "result.label": (
        STOPS,
        Text(
            ko="‘{split}’ 분할의 결과에 순위표가 보여 줄 ‘{label}’ 점수가 없습니다.",
            en="The result of the split {split} lacks {label}, which the leaderboard shows.",
        ),
        Text(
            ko="evaluate()가 그 점수를 돌려주게 하거나 순위표의 labels에서 빼세요.",
            en="Let evaluate() return it, or take it out of the leaderboard's labels.",
        ),
    ),
}

FINDINGS: Sentences = {**_SCORES}
