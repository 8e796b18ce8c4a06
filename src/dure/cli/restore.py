"""`dure restore FILE`: bring a backup back into an empty installation, all of it or nothing; `--check` only looks."""

import argparse
import os
from pathlib import Path

import django

from dure.cli.backup import progress
from dure.cli.language import spoken
from dure.cli.main import DONE
from dure.core.text import Text

SOUND = Text(
    ko="{file}: 온전합니다. {at}에 만든 백업으로 행 {rows:,}개와 파일 {files:,}개가 들어 있습니다.",
    en="{file}: sound. Taken at {at}, it holds {rows:,} rows and {files:,} files.",
)
BACK = Text(
    ko="{at}의 상태로 복원했습니다. 행 {rows:,}개, 파일 {files:,}개입니다. 모두 다시 로그인해야 합니다.",
    en="Restored to {at}: {rows:,} rows and {files:,} files. Everybody signs in again.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="an archive that `dure backup` wrote")
    parser.add_argument("--check", action="store_true", help="only read it and compare every part with its hash")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from django.core.management import call_command

    from dure.store.archive import check, restore

    if options.check:
        contents, said = check(options.file), SOUND
    else:
        check(options.file)
        call_command("migrate", verbosity=0)
        contents, said = restore(options.file, tell=progress()), BACK
    rows = sum(contents.rows.values())
    print(said.format(file=options.file, at=contents.taken_at, rows=rows, files=contents.files)[spoken()])
    return DONE
