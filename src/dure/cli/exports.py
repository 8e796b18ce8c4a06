"""`dure export round ID FILE`: a round as a Codabench bundle, which imports back."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import django

from dure.cli.language import spoken
from dure.cli.main import DONE
from dure.core.errors import Missing, Refused
from dure.core.text import Text

if TYPE_CHECKING:
    from dure.challenges.models import Task

WRITTEN = Text(ko="{file}에 썼습니다.", en="{file} was written.")
NO_ROUND = Text(
    ko="‘{id}’ 라운드나 과제가 없습니다. 라운드 화면의 주소에서 확인하세요.",
    en="There is no round or task {id}: see the address of its page.",
)
SEVERAL = Text(
    ko="이 라운드에는 과제가 여러 개입니다. 하나의 id를 적으세요: {ids}",
    en="This round has several tasks. Name one: {ids}",
)
TAKEN = Text(ko="‘{file}’이(가) 이미 있습니다. 다른 이름을 쓰세요.", en="{file} exists already: choose another name.")


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    round_ = what.add_parser("round", help="a round, or one task of it")
    round_.add_argument("id", help="the id of a round, or of a task where it has several")
    round_.add_argument("file", type=Path, help="a .zip to write, or a folder")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from dure.joints.importing import export_task

    if options.file.exists():
        raise Refused("export.taken", TAKEN.format(file=options.file))
    for loss in export_task(_task(options.id), options.file):
        print(f"{loss.state:<5} {loss.say(spoken())}")
    print(WRITTEN.format(file=options.file)[spoken()])
    return DONE


def _task(said: str) -> "Task":
    from django.db.models import Q

    from dure.challenges.models import Task

    try:
        wanted = UUID(said)
    except ValueError:
        raise Missing("export.round", NO_ROUND.format(id=said)) from None
    found = list(Task.objects.filter(Q(pk=wanted) | Q(round=wanted)).select_related("round")[:20])
    if not found:
        raise Missing("export.round", NO_ROUND.format(id=said))
    if len(found) > 1:
        raise Refused("export.several", SEVERAL.format(ids=", ".join(f"{one.pk} ({one})" for one in found)))
    return found[0]
