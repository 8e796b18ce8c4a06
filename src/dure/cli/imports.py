"""`dure import codabench|evalai FILE`: a competition of another platform, tried out and made into a programme."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from dure.cli.language import spoken
from dure.cli.main import DONE, FAILED
from dure.core.errors import Missing
from dure.core.text import Text

if TYPE_CHECKING:
    from dure.joints.importing import Imported
    from dure.people.models import Organisation, Person

STOPPED = Text(
    ko="가져오지 않았습니다. 위에서 ‘fail’로 표시된 문제를 고친 뒤 다시 실행하세요.",
    en="Nothing was imported. Mend what is marked fail above and run it again.",
)
TRIED = Text(
    ko="문제가 없습니다. --dry-run 없이 실행하면 가져옵니다.", en="Nothing stops it: run it without --dry-run."
)
MADE = Text(
    ko="‘{slug}’ 프로그램을 초안으로 만들었습니다. 확인한 뒤 공개하세요: {url}/programmes/{slug}/",
    en="The programme {slug} was made as a draft. Look at it, then publish it: {url}/programmes/{slug}/",
)
KNOWN = Text(
    ko="이미 가져온 대회입니다. 새로 만든 것은 없습니다: {url}/programmes/{slug}/",
    en="This competition was imported before. Nothing new was made: {url}/programmes/{slug}/",
)
COMMANDS = {  # by finding, what somebody at this machine can type
    "environment.none": "dure env list; dure env image IMAGE NAME; dure import … --environment NAME",
    "environment.unready": "dure env build NAME",
    "environment.module": "dure env add NAME --requirements FILE; dure import … --environment NAME",
    "trial.unready": "dure doctor --sandbox",
}
NOBODY = Text(
    ko="`--by 이메일`로 주최자를 적으세요. 가입한 사람이어야 합니다.",
    en="Say by `--by EMAIL` who organises it; they must be registered.",
)
NO_HOST = Text(ko="‘{short}’ 기관이 없습니다.", en="There is no organisation {short}.")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("platform", choices=("codabench", "evalai"), help="codabench takes CodaLab bundles as well")
    parser.add_argument("file", type=Path, help="a bundle: a zip or a folder")
    parser.add_argument("--dry-run", action="store_true", help="try it out, list every defect, make nothing")
    parser.add_argument("--by", metavar="EMAIL", default="", help="who organises it (default: the first operator)")
    parser.add_argument("--host", metavar="SHORT", default="", help="the organisation that hosts it")
    parser.add_argument("--case", choices=("person", "team"), default="person", help="who competes (default: person)")
    parser.add_argument(
        "--team-max", metavar="N", type=int, default=5, help="how many persons a team has at most (default: 5)"
    )
    parser.add_argument("--environment", metavar="NAME", help="run its programs there, whatever its image says")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from dure.compute.queries import environment_called
    from dure.joints.importing import import_bundle

    imported = import_bundle(
        options.file,
        by=_organiser(options.by),
        platform=options.platform,
        host=_host(options.host),
        case=options.case,
        team_most=options.team_max,
        environment=environment_called(options.environment) if options.environment else None,
        chosen=bool(options.environment),
        dry_run=options.dry_run,
    )
    if options.json:
        _print_json(imported)
    else:
        _print(imported)
    return FAILED if imported.trial.stops else DONE


def _organiser(email: str) -> "Person":
    from dure.people.models import Person

    active = Person.objects.filter(is_active=True)
    chosen = active.filter(email=email.strip().lower()) if email else active.filter(is_staff=True).order_by("pk")
    found = chosen.first()
    if found is None:
        raise Missing("import.nobody", NOBODY)
    return found


def _host(short: str) -> "Organisation | None":
    from dure.people.models import Organisation

    found = Organisation.objects.filter(short=short).first() if short else None
    if short and found is None:
        raise Missing("import.host", NO_HOST.format(short=short))
    return found


def _print(imported: "Imported") -> None:
    from django.conf import settings

    language = spoken()
    for finding in imported.findings:
        print(f"{finding.state:<5} {finding.say(language)}")
        if finding.code in COMMANDS:
            print(f"      {COMMANDS[finding.code]}")
    for (task, solution), values in imported.trial.values.items():
        print(f"ok    {task}: {solution}: {', '.join(f'{key} = {value}' for key, value in values.items())}")
    slug = imported.programme.slug if imported.programme else ""
    said = STOPPED if imported.trial.stops else MADE if imported.fresh else KNOWN if slug else TRIED
    stream = sys.stderr if imported.trial.stops else sys.stdout
    print(said.format(slug=slug, url=settings.BASE_URL)[language], file=stream)


def _print_json(imported: "Imported") -> None:
    tried = [
        {"task": task, "solution": solution, "values": {key: str(value) for key, value in values.items()}}
        for (task, solution), values in imported.trial.values.items()
    ]
    told = {
        "findings": [finding.as_dict() for finding in imported.findings],
        "tried": tried,
        "stops": imported.trial.stops,
        "programme": imported.programme.slug if imported.programme else None,
        "fresh": imported.fresh,
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))
