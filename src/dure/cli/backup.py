"""`dure backup FILE`: everything of this installation in one file, while people go on working."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

from dure.cli.language import spoken
from dure.cli.main import DONE
from dure.core.text import Text

TAKEN = Text(
    ko="{file}: 행 {rows:,}개와 파일 {files:,}개를 담았습니다. 비밀 값도 들어 있으니 안전한 곳에 보관하세요.",
    en="{file}: {rows:,} rows and {files:,} files. It holds every secret: keep it where few can read it.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write the archive (a .zip)")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from dure.store.archive import back_up

    contents = back_up(options.file, tell=progress())
    rows = sum(contents.rows.values())
    print(TAKEN.format(file=options.file, rows=rows, files=contents.files)[spoken()])
    return DONE


def progress() -> Callable[[str], None]:
    """Shows what is being done on one line of a terminal; elsewhere says nothing."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda what: print(f"\r\033[K{what[-70:]}", end="\r", file=sys.stderr, flush=True)
