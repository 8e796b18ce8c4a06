"""`dure submit ROUND PATH`: submit, wait for the verdict, and say it by the exit code as well.

0 scored (or received, with --no-wait), 1 refused by a rule or by its verdict, 2 the call was wrong, 3 the platform
failed or cannot be reached.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dure.cli.participating import (
    add_common,
    client_of,
    language_of,
    moment,
    print_json,
    print_verdict,
)
from dure.client import Client, Receipt, Submission
from dure.core.errors import Flawed, Refused, Unready
from dure.core.text import Text

SCORED, REFUSED, WRONG_CALL, PLATFORM, INTERRUPTED = 0, 1, 2, 3, 130
WRONG = {"client.token", "client.round", "client.file", "client.answer"}
VERDICTS = {"scored": SCORED, "refused": REFUSED, "failed": PLATFORM}
BAR = 30
LAST_LINES, LONGEST_LINE = 20, 200
MIB = 1 << 20
_RECEIVED = Text(
    ko="접수했습니다. 접수 시각 {at}, 제출 횟수 {attempts}, 접수 번호 {id}",
    en="Received at {at}, attempts {attempts}, id {id}",
)
_NO_ANSWER = Text(
    ko="‘{said}’을(를) 읽을 수 없습니다. --answer 이름=답 꼴로 쓰세요.",
    en="{said} cannot be read: write --answer NAME=WORDS.",
)
_NEXT = Text(ko="다음 제출은 {at}부터 할 수 있습니다.", en="There are new attempts from {at}.")
_WHOLE = Text(ko="전체 기록: `dure logs {id}`", en="All that it printed: `dure logs {id}`")
_LATER = Text(ko="나중에 `dure logs {id}`(으)로 결과를 확인하세요.", en="See the verdict later: `dure logs {id}`.")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("round", metavar="ROUND", help="its name or id, as `dure rounds` prints them")
    parser.add_argument("path", metavar="PATH", type=Path, help="a prediction file; or code: an archive or a folder")
    parser.add_argument("--command", dest="program", default="", help="what starts the code (default: python3 main.py)")
    parser.add_argument("--kind", choices=("file", "code"), help="default: code for archives and folders")
    parser.add_argument(
        "--answer",
        metavar="NAME=WORDS",
        action="append",
        default=[],
        help="the answer to what the round asks; repeat it",
    )
    parser.add_argument(
        "--public", action=argparse.BooleanOptionalAction, default=None,
        help="whether whoever sees the board sees it, where the round lets you say so",
    )  # fmt: skip
    parser.add_argument("--wait", action=argparse.BooleanOptionalAction, default=True, help="wait for the verdict")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    language = language_of(options)
    try:
        return _submit(client_of(options), options, language)
    except Refused as refusal:
        print(refusal.text[language], file=sys.stderr)
        if refusal.code == "challenges.quota":
            _say_when_next(client_of(options), options.round, language)
        if refusal.code in WRONG:
            return WRONG_CALL
        return PLATFORM if isinstance(refusal, Unready) or refusal.status >= 500 else REFUSED


def _submit(client: Client, options: argparse.Namespace, language: str) -> int:
    receipt = client.submit(
        options.round, options.path, kind=options.kind, command=options.program, answers=_answers(options.answer),
        public=options.public, progress=_progress(),
    )  # fmt: skip
    if not options.json:
        print(_received(receipt, language))
    found = _awaited(client, receipt, language) if options.wait else None
    if options.json:
        print_json({"receipt": receipt, "submission": found})
    elif found:
        print_verdict(found, language)
        if found.state == "refused":
            _print_end(found, language)
    return VERDICTS[found.state] if found else SCORED


def _print_end(found: Submission, language: str) -> None:
    """The end of what a program printed that was refused."""
    lines = found.log.splitlines()
    for line in lines[-LAST_LINES:]:
        print(line[:LONGEST_LINE], file=sys.stderr)
    if len(lines) > LAST_LINES:
        print(_WHOLE.format(id=found.id)[language], file=sys.stderr)


def _answers(said: Sequence[str]) -> dict[str, list[str]]:
    """By name; one that is said again has several. Raises Flawed("client.answer")."""
    answers: dict[str, list[str]] = {}
    for one in said:
        name, equals, words = one.partition("=")
        if not equals:
            raise Flawed("client.answer", _NO_ANSWER.format(said=one), errors=[one])
        answers.setdefault(name.strip(), []).append(words)
    return answers


def _awaited(client: Client, receipt: Receipt, language: str) -> Submission:
    try:
        return client.wait(receipt.id)
    except (KeyboardInterrupt, Unready) as stop:
        print(_LATER.format(id=receipt.id)[language], file=sys.stderr)
        raise SystemExit(PLATFORM if isinstance(stop, Unready) else INTERRUPTED) from None


def _received(receipt: Receipt, language: str) -> str:
    attempts = f"{receipt.used}" if receipt.of is None else f"{receipt.used}/{receipt.of}"
    return _RECEIVED.format(at=moment(receipt.received_at), attempts=attempts, id=receipt.id)[language]


def _say_when_next(client: Client, meant: str, language: str) -> None:
    one = client.round(meant)
    renews = one.month.renews_at if one.month.is_spent else one.today.renews_at
    if renews and not one.total.is_spent:
        print(_NEXT.format(at=moment(renews))[language], file=sys.stderr)


def _progress() -> "_Bar | None":
    return _Bar() if sys.stderr.isatty() else None


class _Bar:
    """How much of a large file has arrived, on one line of the terminal."""

    def __call__(self, arrived: int, size: int) -> None:
        done = BAR * arrived // size
        line = f"\r[{'#' * done}{'.' * (BAR - done)}] {arrived / MIB:.0f} / {size / MIB:.0f} MiB"
        print(line, end="\n" if arrived == size else "", file=sys.stderr, flush=True)
