"""`dure act FILE`: the rehearsal's cohort, live: a scratch database, the real engine, every step over the HTTP API."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from dure.blueprint.library import Library, load
from dure.blueprint.lint import lint_files
from dure.blueprint.model import Blueprint, Bound, Programme
from dure.cli.language import spoken
from dure.core.errors import Missing, Refused
from dure.core.text import Text

FINE, DIFFERS = 0, 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a blueprint, or a programme")
    parser.add_argument("--cases", type=int, help="how many cases (at most 200); else the file's own entries")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print one JSON document, in the rehearsal's shape")


def run(options: argparse.Namespace) -> int:
    source, bind = _read(options.file)
    from dure.act.scratch import scratch

    with scratch():
        from dure.act.play import play

        done = play(source, cases=options.cases, seed=options.seed, bind=bind)
    if options.json:
        print(json.dumps(done.live, ensure_ascii=False))
    else:
        _report(done.live, done.requests)
    for key, (rehearsed, live) in done.differences.items():
        print(f"{key}: rehearsed {rehearsed} ≠ live {live}", file=sys.stderr)
    return DIFFERS if done.differences else FINE


def _read(file: Path) -> tuple[str, Bound | None]:
    """The blueprint's text and, of a programme file, what it binds."""
    if not file.is_file():
        sentence = Text(ko=f"‘{file}’ 파일이 없습니다.", en=f"There is no file {file}.")
        raise Missing("act.file", sentence)
    flaws = lint_files([file])
    if flaws:
        lines = "\n".join(flaw.say(spoken()) for flaw in flaws)
        raise Refused("act.unsound", Text(ko=lines, en=lines))
    model = load(file)
    if isinstance(model, Blueprint):
        return file.read_text(encoding="utf-8-sig"), None
    if isinstance(model, Programme):
        source = Library.around([file]).source("blueprint", model.blueprint)
        return (source or b"").decode("utf-8-sig"), model.bind
    raise Refused(
        "act.sort", Text(ko="협약은 실행할 수 없습니다.", en="An agreement cannot be played: choose a blueprint.")
    )


def _report(live: dict[str, Any], requests: int) -> None:
    korean = spoken() == "ko"
    head = ("단계", "열림", "통과", "탈락", "사유") if korean else ("stage", "in", "passed", "out", "reasons")
    print(f"{head[0]:<24}{head[1]:>8}{head[2]:>8}{head[3]:>8}  {head[4]}")
    for stage in live["stages"]:
        reasons = ", ".join(f"{code} {count}" for code, count in stage["reasons"].items())
        print(f"{stage['id']:<24}{stage['in']:>8}{stage['passed']:>8}{stage['out']:>8}  {reasons}")
    for what in ("money", "credentials", "privileges", "published", "spawned", "roles", "provided"):
        for name, count in live[what].items():
            print(f"{what:<14}{name:<40}{count:>18,}")
    sentence = (
        f"HTTP 요청 {requests:,}건, {live['seconds']}초"
        if korean
        else f"{requests:,} HTTP requests, {live['seconds']} s"
    )
    print(sentence)
