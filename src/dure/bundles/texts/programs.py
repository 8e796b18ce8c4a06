"""Sentences about programs and what they leave behind."""

from dure.bundles.texts.sentences import STOPS, WARNS, Sentences
from dure.core.text import Text

PROGRAMS: Sentences = {
    "program.no-metadata": (
        STOPS,
        Text(
            ko="프로그램에 metadata 파일이 없어 무엇을 실행할지 알 수 없습니다.",
            en="The program has no metadata file: nothing says what to run.",
        ),
        Text(
            ko="‘command: python3 $program/score.py $input $output’이 든 metadata.yaml을 더하세요.",
            en="Add metadata.yaml with command: python3 $program/score.py $input $output.",
        ),
    ),
    "program.wrapped": (
        STOPS,
        Text(ko="metadata가 한 폴더 더 안에 있습니다.", en="The metadata is one folder too deep."),
        Text(ko="폴더째가 아니라 폴더 안의 파일들을 압축하세요.", en="Pack the files of the folder, not the folder."),
    ),
    "program.syntax": (
        STOPS,
        Text(ko="Python으로 읽을 수 없습니다: {why}", en="This cannot be read as Python: {why}"),
        Text(ko="구문을 고치세요.", en="Correct it."),
    ),
    "program.installs": (
        WARNS,
        Text(
            ko="실행하면서 패키지를 설치합니다: {line}",
            en="The program installs packages while it runs: {line}",
        ),
        Text(
            ko="여기서는 네트워크 없이 실행되어 설치가 실패합니다. 패키지가 든 환경을 고르고 이 줄을 지우세요.",
            en="It has no network here, so this fails: choose an environment with the packages and take the line out.",
        ),
    ),
    "program.python2": (
        STOPS,
        Text(ko="Python 2 프로그램입니다: {line}", en="This is Python 2: {line}"),
        Text(ko="Python 3으로 고치세요(2to3이 대부분 바꾸어 줍니다).", en="Make it Python 3; 2to3 does most of it."),
    ),
    "program.python2-name": (
        WARNS,
        Text(ko="‘{name}’은(는) Python 2에만 있습니다.", en="{name} is there in Python 2 only."),
        Text(ko="Python 3의 이름으로 바꾸세요.", en="Use the name that Python 3 has for it."),
    ),
    "program.old-numpy": (
        WARNS,
        Text(ko="‘{name}’은(는) NumPy 1.24부터 없습니다.", en="{name} is gone since NumPy 1.24."),
        Text(
            ko="내장 이름(float, int, bool 등)으로 바꾸거나 numpy<1.24인 실행 환경을 고르세요.",
            en="Use Python's own float, int or bool, or choose an environment with numpy<1.24.",
        ),
    ),
    "program.old-package": (
        WARNS,
        Text(ko="‘{name}’은(는) 새 버전에 없습니다.", en="{name} is gone from newer versions."),
        Text(
            ko="새 이름으로 바꾸거나 옛 버전이 든 실행 환경을 고르세요.",
            en="Use its new name, or choose an environment with the old version.",
        ),
    ),
    "command.interpreter": (
        WARNS,
        Text(
            ko="Python이 아닌 프로그램을 실행합니다: {program}",
            en="The command runs something other than Python: {program}",
        ),
        Text(ko="실행 환경에 그 프로그램이 있는지 확인하세요.", en="Make sure that the environment has it."),
    ),
    "command.file": (
        STOPS,
        Text(
            ko="명령이 실행할 파일이 프로그램에 없습니다: {file}",
            en="The command names a file that the program lacks: {file}",
        ),
        Text(ko="파일을 넣거나 command를 고치세요.", en="Add the file or correct the command."),
    ),
}

SCORES: Sentences = {
    "scores.missing": (
        STOPS,
        Text(ko="채점 프로그램이 점수 파일을 남기지 않았습니다.", en="The scoring program left no score file."),
        Text(
            ko="$output 폴더에 scores.json이나 scores.txt를 쓰도록 고치세요.",
            en="Let it write scores.json or scores.txt into $output.",
        ),
    ),
    "scores.too-large": (
        STOPS,
        Text(
            ko="채점 프로그램이 쓴 {name} 파일이 {size}바이트로 한도 {most}바이트를 넘어 읽지 않았습니다.",
            en="The scoring program wrote {name} with {size} bytes, more than the {most} that are read.",
        ),
        Text(
            ko="열 이름과 수만 쓰고, 자세한 결과는 $output 폴더의 detailed_results.html에 쓰도록 고치세요.",
            en="Let it write keys and numbers only, and the details into detailed_results.html in $output.",
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
    "result.too-large": (
        STOPS,
        Text(
            ko="evaluate()가 돌려준 값이 {size}바이트로 한도 {most}바이트를 넘어 읽지 않았습니다.",
            en="What evaluate() returned has {size} bytes, more than the {most} that are read.",
        ),
        Text(
            ko="분할마다 점수만 돌려주고 submission_metadata를 줄이세요.",
            en="Let it return the scores of each split and less submission_metadata.",
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
