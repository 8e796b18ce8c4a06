"""`dure demo`: NAVER AI RUSH 2020 run on real data, a current edition opened beside it, then the portal."""

import argparse
import logging
import os
import shutil
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import django

from dure.cli.language import spoken
from dure.cli.main import DONE
from dure.cli.serve import PORT, serve
from dure.core.errors import Refused
from dure.core.text import Text

if TYPE_CHECKING:
    from dure.demo.run import Told
    from dure.demo.summary import Summary

APPLICANTS = 120


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-serve", action="store_true", help="end with the summary")
    parser.add_argument("--comments", type=Path, metavar="FILE", help="comments as CSV: id, text, label (or .csv.gz)")
    parser.add_argument("--fresh", action="store_true", help="throw an earlier demo away and run it again")
    parser.add_argument("--applicants", type=int, default=APPLICANTS, help="how many people apply (default: 120)")
    parser.add_argument("--port", type=int, default=PORT)


def run(options: argparse.Namespace) -> int:
    began = perf_counter()
    _set_up(fresh=options.fresh)
    from dure.demo.run import run_demo, standing

    if standing().demo:
        _say(
            "데모가 이미 실행되어 있습니다. 처음부터 다시 하려면 `dure demo --fresh`를 실행하세요.",
            "The demo was run here already. `dure demo --fresh` throws it away and runs it again.",
        )
    else:
        told = run_demo(_Screen(), applicants=options.applicants, file=options.comments, language=spoken())
        _tell(told, perf_counter() - began)
    return DONE if options.no_serve else serve(options.port)


def _set_up(*, fresh: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    logging.basicConfig(level=logging.ERROR)
    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are part of the story
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if fresh:
        _throw_away()


def _throw_away() -> None:
    """Empty the database and the files, where they are a demo's and nothing else's."""
    from django.conf import settings
    from django.core.management import call_command

    from dure.demo.run import standing

    found = standing()
    if found.empty:
        return
    if not found.demo:
        sentence = Text(
            ko="데모의 데이터베이스가 아니므로 지우지 않았습니다. DURE_HOME을 빈 폴더로 지정하세요.",
            en="This is not the demo's database, so nothing was thrown away. Point DURE_HOME to an empty folder.",
        )
        raise Refused("demo.not-the-demo", sentence)
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


class _Screen:
    """Progress on a terminal replaces its line; elsewhere only what is done is printed."""

    def __init__(self) -> None:
        self.lively = sys.stdout.isatty()

    def going(self, what: Text, done: int, of: int) -> None:
        if self.lively:
            print(f"\r  … {what[spoken()]} {done}/{of}\033[K", end="", flush=True)

    def done(self, what: Text, seconds: float) -> None:
        before, after = ("\r", "\033[K") if self.lively else ("", "")
        print(f"{before}  ✓ {what[spoken()]}  {seconds:.1f} s{after}")


def _tell(told: "Told", seconds: float) -> None:
    language = spoken()
    _tell_outcome(told.summary)
    _head("데이터", "Data")
    for source in told.sources:
        print(f"  {source[language]}")
    if not told.runs_code:
        _say(
            "  이 컴퓨터에는 샌드박스가 없어 프로그램 대신 예측 파일만 제출했습니다(`dure doctor`).",
            "  There is no full sandbox here, so everybody handed in prediction files, no programs (`dure doctor`).",
        )
    _head("로그인", "Sign in")
    for account in told.accounts:
        print(f"  {account.part:<12} {account.email:<32} {account.password}")
    summary = told.summary
    _say(
        f"\n제출 {summary.submissions:,}건, HTTP 요청 {summary.requests:,}건, {seconds:.0f}초",
        f"\n{summary.submissions:,} submissions, {summary.requests:,} HTTP requests, {seconds:.0f} s",
    )


def _tell_outcome(summary: "Summary") -> None:
    _head("단계: 참가, 통과, 탈락", "Stages: came, passed, out")
    for step in summary.funnel:
        print(f"  {step.stage:<24}{step.came:>6}{step.passed:>6}{step.out:>6}")
    _head("최종 순위", "Heads of the final boards")
    for head in summary.heads:
        rows = " · ".join(f"{place} {name} {score:.4f}" for place, name, score in head.rows)
        print(f"  {head.option} ({head.title}): {rows}")
    _head("원장(원): 배정, 지급, 잔액", "Ledger in won: committed, paid, left")
    for account in summary.accounts:
        print(f"  {account.money:<12}{account.committed:>16,}{account.paid:>16,}{account.left:>16,}")
    _head("거절과 사유", "Refused, and why")
    for refusal in summary.refusals:
        print(f"  {refusal.who[spoken()]} [{refusal.code}]: {refusal.sentence}")
    for preview in summary.previews:
        print(f"  {preview}")
    _head("채용 담당자의 명단", "The recruiter's list")
    for right in summary.rights[:3]:
        print(f"  {right.person} → {right.until[:10]}")
    print(f"  … {len(summary.rights)}")


def _head(ko: str, en: str) -> None:
    _say(f"\n{ko}", f"\n{en}")


def _say(ko: str, en: str) -> None:
    print(Text(ko=ko, en=en)[spoken()])
