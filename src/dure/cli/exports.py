"""`dure export round ROUND FILE`: a round as a Codabench bundle, which imports back."""

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
    from django.db.models import Q

    from dure.challenges.models import Task

NAMED, MOST_NAMED = ("programme__slug", "stage", "option"), 20
WRITTEN = Text(ko="{file}에 썼습니다.", en="{file} was written.")
NO_ROUND = Text(
    ko="‘{id}’ 라운드나 과제가 없습니다. `프로그램/단계/과제`처럼 쓰거나, 순위표 주소에 있는 id를 쓰세요.",
    en="There is no round or task {id}. Name it as PROGRAMME/STAGE/OPTION, or by the id in the address of its board.",
)
SEVERAL = Text(
    ko="여러 과제에 해당합니다. 하나를 고르세요: {ids}",
    en="That is more than one task. Name one of: {ids}",
)
TAKEN = Text(ko="‘{file}’이(가) 이미 있습니다. 다른 이름을 쓰세요.", en="{file} exists already: choose another name.")


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    round_ = what.add_parser("round", help="a round, or one task of it")
    round_.add_argument(
        "id", metavar="ROUND", help="PROGRAMME, PROGRAMME/STAGE or PROGRAMME/STAGE/OPTION; or the id of a round or task"
    )
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
    from dure.challenges.models import Task
    from dure.joints.naming import name_of

    rows = Task.objects.filter(_meant(said)).select_related("round", "round_task__programme").order_by("pk")
    found = list(rows[:MOST_NAMED])
    if not found:
        raise Missing("export.round", NO_ROUND.format(id=said))
    if len(found) > 1:
        raise Refused("export.several", SEVERAL.format(ids=", ".join(map(name_of, found))))
    return found[0]


def _meant(said: str) -> "Q":
    """By id, or by as much of its name as was said."""
    from django.db.models import Q

    try:
        wanted = UUID(said)
    except ValueError:
        return Q(**{f"round_task__{name}": part for name, part in zip(NAMED, said.split("/"), strict=False) if part})
    return Q(pk=wanted) | Q(round=wanted)
