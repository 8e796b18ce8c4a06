"""`dure doctor`: is everything here that this installation needs, and if not, what to do. Exit 1 when a check fails."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from importlib import import_module

import django

from dure.cli.language import spoken
from dure.cli.main import DONE, FAILED
from dure.core.findings import Finding, State

# Name → where it is written: found by name, since rooms can be imported only once `run` has set Django up.
CHECKS = {
    "python": "dure.store.checks.python",
    "database": "dure.store.checks.database",
    "sandbox": "dure.compute.checks.sandbox",
    "environments": "dure.compute.checks.environments",
    "disk": "dure.store.checks.disk",
    "queue": "dure.jobs.checks.queue",
    "audit": "dure.audit.checks.log",
    "books": "dure.ledger.checks.books",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lang", choices=("ko", "en"), help="the language of the sentences; default by LANG")
    for name in CHECKS:
        parser.add_argument(f"--{name}", action="append_const", dest="only", const=name, help=f"check {name} only")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    findings = _found(options.only or CHECKS)
    if options.json:
        json.dump({"findings": [finding.as_dict() for finding in findings]}, sys.stdout, ensure_ascii=False)
        print()
    else:
        _print(findings, options.lang or spoken())
    return FAILED if any(finding.state is State.FAIL for finding in findings) else DONE


def _found(names: Iterable[str]) -> list[Finding]:
    found: list[Finding] = []
    for name in names:
        module, _, check = CHECKS[name].rpartition(".")
        found += getattr(import_module(module), check)()
    return found


def _print(findings: list[Finding], language: str) -> None:
    for finding in findings:
        print(f"{finding.state:<4}  {finding.name:<18}  {finding.text[language]}")
        if finding.remedy:
            print(f"{'':<26}→ {finding.remedy[language]}")
