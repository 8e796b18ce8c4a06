"""`dure skills import onet|esco|ncs|dure [FOLDER]`: an edition of a taxonomy brought in, or only looked at."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from dure.cli.language import spoken
from dure.cli.main import DONE, FAILED
from dure.core.errors import Flawed, Missing
from dure.core.text import Text

if TYPE_CHECKING:
    from dure.skills.importing.records import Read
    from dure.skills.operations.comparing import Report

WHAT = {
    "skills": Text(ko="역량", en="skills"),
    "roles": Text(ko="직무", en="job roles"),
    "links": Text(ko="직무별 필요 역량", en="asked for"),
}
SORTS = {
    "new": Text(ko="추가", en="new"), "renamed": Text(ko="이름 변경", en="renamed"),
    "changed": Text(ko="내용 변경", en="changed"), "retired": Text(ko="폐기", en="retired"),
    "same": Text(ko="그대로", en="same"),
}  # fmt: skip
DRY = Text(
    ko="아직 바뀐 것은 없습니다. --dry-run 없이 실행하세요.", en="Nothing was changed: run it without --dry-run."
)
KNOWN = Text(ko="이미 가져온 판입니다. 바뀐 것이 없습니다.", en="This edition was brought in before: nothing changed.")
BROUGHT = Text(ko="{taxonomy} {version} 판을 가져왔습니다.", en="Brought in {taxonomy}, edition {version}.")
FOLDER = Text(ko="파일이 있는 폴더와 --version을 적으세요.", en="Name the folder that holds the files, and --version.")


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    taken = what.add_parser("import", help="bring an edition of a taxonomy in")
    taken.add_argument("source", choices=("onet", "esco", "ncs", "dure"))
    taken.add_argument(
        "folder", nargs="?", type=Path, help="its CSV files; left out for dure: the set that comes with it"
    )
    taken.add_argument("--version", default="", help="how the source calls this edition: 29.0")
    taken.add_argument("--dry-run", action="store_true", help="tell what would change, change nothing")
    taken.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from dure.skills.operations import bring_in

    read, version = _read(options)
    try:
        report = bring_in(read, version=version, by=None, dry_run=options.dry_run)
    except Flawed as flawed:
        _print_flaws(flawed)
        return FAILED
    if options.json:
        print(json.dumps(_told(report), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return DONE


def _read(options: argparse.Namespace) -> "tuple[Read, str]":
    from dure.skills.importing.own import VERSION, starter_files
    from dure.skills.importing.records import files_in
    from dure.skills.importing.sources import source_called

    source = source_called(options.source)
    if options.source == "dure" and options.folder is None:
        return source.read(starter_files()), options.version or VERSION
    if options.folder is None or not options.version:
        raise Missing("taxonomy.folder", FOLDER)
    return source.read(files_in(options.folder)), options.version


def _told(report: "Report") -> dict[str, object]:
    counts = {name: part.counts for name, part in report.parts.items()}
    return {"taxonomy": report.taxonomy, "version": report.version, "known": report.known, "dry": report.dry, **counts}


def _print(report: "Report") -> None:
    language = spoken()
    for name, part in report.parts.items():
        counts = ", ".join(f"{SORTS[sort][language]} {count:,}" for sort, count in part.counts.items() if count)
        print(f"{WHAT[name][language]}: {counts or '–'}")
    said = KNOWN if report.known else DRY if report.dry else BROUGHT
    print(said.format(taxonomy=report.taxonomy, version=report.version)[language])


def _print_flaws(flawed: Flawed) -> None:
    language, errors = spoken(), flawed.facts.get("errors")
    for flaw in errors if isinstance(errors, list) else []:
        print(f"{flaw['file']}:{flaw['row']}: {flaw[language]}", file=sys.stderr)
    print(flawed.text[language], file=sys.stderr)
