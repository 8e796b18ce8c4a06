"""`dure COMMAND`: finds the command's module, runs it, and turns refusals into sentences and exit codes."""

import argparse
import sys
from importlib import import_module
from typing import Protocol

from dure.cli.language import spoken
from dure.core.errors import Refused
from dure.core.text import Text

COMMANDS = {
    "demo": Text(ko="데모를 실행하고 포털을 엽니다", en="run the demo, then the portal"),
    "serve": Text(ko="포털을 실행합니다", en="run the portal with its workers"),
    "token": Text(ko="API 토큰을 발급합니다", en="issue an API token"),
    "operator": Text(ko="플랫폼 운영자를 만듭니다", en="let somebody run the platform"),
    "lint": Text(ko="파일에 잘못이 없는지 확인합니다", en="check that files are sound"),
    "schema": Text(ko="블루프린트의 JSON 스키마를 출력합니다", en="print the JSON Schema of a blueprint"),
    "act": Text(ko="같은 참가자로 실제 엔진에서 실행합니다", en="the same cohort, live, over the HTTP API"),
    "bench": Text(ko="성능을 측정합니다", en="measure against what one would use instead"),
    "rehearse": Text(ko="가상의 참가자로 모의 운영합니다", en="the dry run, in memory, with a made-up cohort"),
    "env": Text(
        ko="프로그램의 실행 환경을 관리합니다", en="environments in which programs run: add, list, build, image"
    ),
    "keys": Text(ko="자격에 서명하는 키를 관리합니다", en="keys that sign credentials: new, list, rotate, retire"),
    "skills": Text(
        ko="역량과 직무의 분류 체계를 가져옵니다", en="bring in taxonomies of skills: import onet, esco, ncs, dure"
    ),
    "import": Text(ko="다른 플랫폼의 대회를 가져옵니다", en="take in a competition of another platform"),
    "export": Text(ko="라운드를 Codabench 번들로 내보냅니다", en="write a round as a Codabench bundle"),
    "worker": Text(ko="접수된 작업을 처리합니다", en="do the jobs that were accepted"),
    "backup": Text(ko="설치 전체를 파일 하나에 담습니다", en="everything of this installation in one file"),
    "restore": Text(ko="백업을 빈 설치에 복원합니다", en="bring a backup back into an empty installation"),
    "doctor": Text(ko="설치 상태를 점검하고 할 일을 알려 줍니다", en="check this installation and say what to do"),
    "login": Text(ko="플랫폼의 토큰을 이 컴퓨터에 저장합니다", en="keep a platform's token on this machine"),
    "enter": Text(ko="양식이 필요 없는 프로그램에 참가합니다", en="enter a programme that asks for no form"),
    "rounds": Text(ko="참가 중인 라운드를 보여 줍니다", en="the rounds that one takes part in"),
    "kit": Text(ko="라운드의 시작 키트를 내려받습니다", en="save a round's starter kit"),
    "check": Text(ko="예측 파일을 제출 전에 확인합니다", en="check a prediction file before it is submitted"),
    "submit": Text(ko="라운드에 제출하고 결과를 기다립니다", en="submit in a round and wait for the verdict"),
    "board": Text(ko="라운드의 순위표를 보여 줍니다", en="a round's board"),
    "logs": Text(ko="제출의 결과와 출력을 보여 줍니다", en="an attempt's verdict, and what its program printed"),
}
_FILES = {"import": "imports", "export": "exports"}  # import is a word of Python's own
DONE, FAILED, WRONG_CALL, REFUSED = 0, 1, 2, 3


class Command(Protocol):
    """What each module in this folder offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


def main(words: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 a check failed, 2 wrong call, 3 refused)."""
    given = sys.argv[1:] if words is None else words
    chosen = next((word for word in given if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(prog="dure", description="Programmes that grow AI talent, run from blueprints.")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=about.en, description=about.en)
        if name == chosen:
            module_of(name).arguments(command)
    options = parser.parse_args(given)
    return _run(options)


def module_of(name: str) -> Command:
    """What a command's name runs."""
    module: Command = import_module(f"dure.cli.{_FILES.get(name, name)}")
    return module


def _run(options: argparse.Namespace) -> int:
    try:
        return module_of(options.command).run(options)
    except Refused as refusal:
        if options.debug:
            raise
        print(refusal.text[spoken()], file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        return DONE
    except Exception as fault:  # a bug: one line for people, everything with --debug
        if options.debug:
            raise
        print(f"dure {options.command}: unexpected fault: {fault!r} (run again with --debug)", file=sys.stderr)
        return REFUSED
