"""What the commands of those who take part in rounds share: which platform, which language, how answers are shown."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dure.blueprint.flow import width
from dure.cli.language import spoken
from dure.client import Checked, Client, Submission
from dure.core.text import Text

SCORED = Text(ko="점수: {score}", en="Score: {score}")
SCORED_LAST = Text(ko="공개 점수: {public} · 최종 점수: {final}", en="Public score: {public} · final score: {final}")
WAITING = Text(ko="채점을 기다리고 있습니다.", en="Waiting to be judged.")
FAILED_HERE = Text(
    ko="플랫폼의 문제로 채점하지 못했습니다. 제출 횟수는 돌려받았습니다. 다시 제출하세요.",
    en="The platform failed to judge it. The attempt was given back: submit it again.",
)
_MORE = Text(ko="… 그 밖에 {n:,}곳", en="… and {n:,} more")
_ROW = Text(ko="{row}행", en="row {row}")
_COLUMN = Text(ko="‘{column}’ 열", en="column {column}")


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="the platform (default: that of the last login)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lang", choices=("ko", "en"), help="the language of the sentences; default by LANG")


def language_of(options: argparse.Namespace) -> str:
    return str(options.lang or spoken())


def client_of(options: argparse.Namespace) -> Client:
    """The platform that is meant, with its kept token. Raises Missing("client.token")."""
    return Client.stored(options.url and address(options.url), language=language_of(options))


def address(typed: str) -> str:
    """A platform's address as it is kept: with its scheme, without a slash at its end."""
    return (typed if "://" in typed else f"https://{typed}").rstrip("/")


def print_json(document: object) -> None:
    print(json.dumps(document, default=_plain, ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else asdict(value)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; a Korean letter takes two places."""
    widths = [max(map(width, cells)) for cells in zip(heads, *rows, strict=True)]
    for row in [heads, *rows]:
        cells = [cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())


def moment(when: datetime | None) -> str:
    """In the time zone of this machine."""
    return f"{when.astimezone():%Y-%m-%d %H:%M %Z}" if when else "–"


def print_flaws(checked: Checked, language: str) -> None:
    """What is wrong, with its place, a line each; then how many more there are, and what was only noticed."""
    if checked.cause:
        print(checked.cause[language], file=sys.stderr)
    for flaw in checked.flaws:
        place = [
            *([_ROW.format(row=flaw.row)[language]] if flaw.row is not None else []),
            *([_COLUMN.format(column=flaw.column)[language]] if flaw.column is not None else []),
        ]
        print(": ".join([*([", ".join(place)] if place else []), flaw.text[language]]), file=sys.stderr)
    if checked.flaws and checked.flaw_count > len(checked.flaws):
        print(_MORE.format(n=checked.flaw_count - len(checked.flaws))[language], file=sys.stderr)
    for note in checked.notes:
        print(note[language], file=sys.stderr)


def print_verdict(found: Submission, language: str) -> None:
    """How an attempt stands: its score, or why it has none."""
    match found.state:
        case "scored" if found.final_score is not None:
            print(SCORED_LAST.format(public=found.public_score, final=found.final_score)[language])
        case "scored":
            print(SCORED.format(score=found.public_score)[language])
        case "failed":
            print(FAILED_HERE[language], file=sys.stderr)
        case "received" | "scoring":
            print(WAITING[language])
    print_flaws(found.checked, language)
